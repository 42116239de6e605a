"""Rows that leave the lists but stay readable in what refers to them."""

from typing import Self

from django.db import models


class SoftDeletableQuerySet[Row: models.Model](models.QuerySet[Row]):
    def present(self) -> Self:
        """The rows that have not been deleted."""
        return self.filter(deleted_at__isnull=True)


class SoftDeletable(models.Model):
    """A row that is deleted by a date. `objects` shows all rows: hiding them is said out loud, by `present()`."""

    deleted_at = models.DateTimeField(null=True, blank=True, editable=False, db_index=True)

    class Meta:
        abstract = True

    @property
    def deleted(self) -> bool:
        return self.deleted_at is not None
