"""Puts our site in the place of Django's, so that `admin.register` means it everywhere."""

from django.contrib.admin.apps import AdminConfig


class AdministrationConfig(AdminConfig):
    default_site = "apps.common.administration.site.OrderDeskSite"
