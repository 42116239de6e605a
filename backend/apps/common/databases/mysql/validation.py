"""What `migrate` and `check --database default` look at before anything is made."""

from typing import Any

from django.core import checks
from django.db.backends.mysql import validation

ALPHABETS = "utf8mb4"


class DatabaseValidation(validation.DatabaseValidation):
    """Django's; and a database that could not store every name is refused before it has tables."""

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        return [*super().check(**kwargs), *self._alphabets()]

    def _alphabets(self) -> list[checks.CheckMessage]:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT @@character_set_database, DATABASE()")
            kept, name = cursor.fetchone()
        if kept == ALPHABETS:
            return []
        mend = f"ALTER DATABASE `{name}` CHARACTER SET {ALPHABETS} COLLATE {ALPHABETS}_unicode_520_ci"
        return [
            checks.Error(
                f"The database makes tables that keep text as {kept}, which cannot hold every name.",
                hint=f"{mend}; then convert each table that it has.",
                id="order_desk.E001",
            )
        ]
