"""Rows that are written once and never changed: the stock ledger, the history of an order, the events."""

from typing import Any, ClassVar, NoReturn

from django.db import models


class AppendOnlyQuerySet(models.QuerySet[Any]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError(f"{self.model.__name__} rows are never changed: append another one.")

    def bulk_create(self, *args: Any, update_conflicts: bool = False, **kwargs: Any) -> list[Any]:
        if update_conflicts:
            raise TypeError(f"{self.model.__name__} rows are never changed: append another one.")
        return super().bulk_create(*args, **kwargs)

    def delete(self) -> NoReturn:
        raise TypeError(f"{self.model.__name__} rows are never deleted: append another one.")


class AppendOnlyManager(models.Manager):
    def get_queryset(self) -> AppendOnlyQuerySet:
        return AppendOnlyQuerySet(self.model, using=self._db)


class AppendOnly(models.Model):
    """A row that can be inserted and read, nothing else."""

    objects: ClassVar[AppendOnlyManager] = AppendOnlyManager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} rows are never changed: append another one.")
        kwargs["force_insert"] = True  # With a key that is there already, Django would overwrite that row.
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(f"{type(self).__name__} rows are never deleted: append another one.")
