"""Row locks, always taken in key order: who shares rows with another then waits instead of deadlocking."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.db import connection, models

from apps.common.rows import Rows, among, key_of, select_many

# MySQL's FOR SHARE is unknown to MariaDB; the old words mean the same to both. SQLite needs no words: its
# transactions begin IMMEDIATE and are alone.
EXCLUSIVE = {"mysql": " FOR UPDATE", "postgresql": " FOR UPDATE", "sqlite": ""}
SHARED = {"mysql": " LOCK IN SHARE MODE", "postgresql": " FOR SHARE", "sqlite": ""}


def locked[Row: models.Model](model: type[Row], keys: Iterable[int]) -> dict[int, Row]:
    """These rows by key, nobody else's until the transaction ends, and as they are now. Unknown keys are absent."""
    return lock_each(exclusive(model, keys))[0]


def exclusive[Row: models.Model](model: type[Row], keys: Iterable[int], only: tuple[str, ...] = ()) -> Rows[Row]:
    """Rows to be locked for this transaction alone; of them `only` these columns, if any are named."""
    return _rows(model, keys, EXCLUSIVE, only)


def shared[Row: models.Model](model: type[Row], keys: Iterable[int], only: tuple[str, ...] = ()) -> Rows[Row]:
    """Rows to be kept from changing until the transaction ends, while others may read and so lock them too."""
    return _rows(model, keys, SHARED, only)


def lock_each(*wanted: Rows[Any]) -> list[dict[int, Any]]:
    """Lock these sets of rows, one after the other, in one round trip: each by key, as its rows are now."""
    found = iter(select_many(*[rows for rows in wanted if rows.values]))
    return [{key_of(row): row for row in next(found)} if rows.values else {} for rows in wanted]


def _rows[Row: models.Model](
    model: type[Row], keys: Iterable[int], lock: dict[str, str], only: tuple[str, ...]
) -> Rows[Row]:
    wanted = sorted(set(keys))
    return Rows(model, among("own.id", len(wanted)), wanted, only, lock=lock[_vendor()])


@cache
def _vendor() -> str:
    return connection.vendor
