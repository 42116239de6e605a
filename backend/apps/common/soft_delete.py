"""Rows that leave the lists but stay readable in what refers to them."""

from typing import Any, ClassVar

from django.db import models


class SoftDeletableManager(models.Manager):
    """All rows. Leaving the deleted ones out is said out loud, by `present()`."""

    def present(self) -> models.QuerySet[Any]:
        """The rows that have not been deleted."""
        return self.filter(deleted_at__isnull=True)


class SoftDeletable(models.Model):
    """A row that is deleted by a date."""

    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[SoftDeletableManager] = SoftDeletableManager()

    class Meta:
        abstract = True

    @property
    def deleted(self) -> bool:
        return self.deleted_at is not None

    def to_restore(self) -> dict[str, Any]:
        """What a refusal in favour of this row says of it: which one it is, if a restore would bring it back."""
        return {"deleted": True, "id": self.pk} if self.deleted else {}
