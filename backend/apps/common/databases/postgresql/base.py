"""PostgreSQL."""

from django.db.backends.postgresql import base

from apps.common.databases import FewerTrips


class DatabaseWrapper(FewerTrips, base.DatabaseWrapper):
    pass
