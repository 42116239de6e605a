from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AuthenticationConfig(AppConfig):
    name = "apps.authentication"
    verbose_name = _("Users and roles")

    def ready(self) -> None:
        from apps.authentication import openapi  # noqa: F401 - registers how the API is signed in to
        from apps.authentication.roles import keep_roles

        post_migrate.connect(keep_roles, sender=self)
