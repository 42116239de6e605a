"""Rows that can tell whether they changed since somebody read them."""

from collections.abc import Iterable

from django.db import models
from django.utils import timezone

from apps.common.errors import PreconditionFailed


class Versioned(models.Model):
    """A row with a version that each change of what it shows raises by one."""

    version = models.PositiveBigIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True

    def require_version(self, expected: int | None) -> None:
        """Refuse when the caller read another version. Ask this only of a locked row."""
        if expected is not None and expected != self.version:
            raise PreconditionFailed

    def touch(self) -> None:
        """Raise the version, in memory: `save_touched` writes it with what changed."""
        self.version += 1
        self.updated_at = timezone.now()

    def save_touched(self, columns: Iterable[str]) -> None:
        """Write these columns with the new version: a full-row save would overwrite other people's work."""
        self.save(update_fields=[*columns, "version", "updated_at"])
