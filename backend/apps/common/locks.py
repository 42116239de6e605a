"""Row locks, always taken in key order: who shares rows with another then waits instead of deadlocking."""

from collections.abc import Iterable

from django.db import connection, models

from apps.common import statements

# MySQL's FOR SHARE is unknown to MariaDB; the old words mean the same to both. SQLite needs no words: its
# transactions begin IMMEDIATE and are alone.
EXCLUSIVE = {"mysql": " FOR UPDATE", "postgresql": " FOR UPDATE", "sqlite": ""}
SHARED = {"mysql": " LOCK IN SHARE MODE", "postgresql": " FOR SHARE", "sqlite": ""}


def locked[Row: models.Model](model: type[Row], keys: Iterable[int], without: tuple[str, ...] = ()) -> dict[int, Row]:
    """These rows by key, nobody else's until the transaction ends, and as they are now. Unknown keys are absent."""
    return _locked(model, keys, EXCLUSIVE, without)


def read_locked[Row: models.Model](model: type[Row], keys: Iterable[int]) -> dict[int, Row]:
    """These rows by key, kept from changing until the transaction ends, while others may read and so lock them too."""
    return _locked(model, keys, SHARED, ())


def _locked[Row: models.Model](
    model: type[Row], keys: Iterable[int], lock: dict[str, str], without: tuple[str, ...]
) -> dict[int, Row]:
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    words = statements.among("own.id", len(wanted))
    rows = statements.select(model, words, wanted, lock=lock[connection.vendor], without=without)
    return {row.pk: row for row in rows}
