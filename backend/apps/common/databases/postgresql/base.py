"""PostgreSQL."""

from django.db.backends.postgresql import base

from apps.common.databases import SeldomAsked


class DatabaseWrapper(SeldomAsked, base.DatabaseWrapper):
    pass
