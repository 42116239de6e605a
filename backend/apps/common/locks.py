"""Row locks that Django has no word for."""

from django.db import connection, models

# MySQL's FOR SHARE is unknown to MariaDB; the old words mean the same to both.
SHARE = {"mysql": " LOCK IN SHARE MODE", "postgresql": " FOR SHARE", "sqlite": ""}


def read_locked[Row: models.Model](rows: models.QuerySet[Row]) -> list[Row]:
    """These rows, kept from changing until the transaction ends, while others may read and so lock them too.

    SQLite needs no words for it: its transactions begin IMMEDIATE and are alone.
    """
    sql, params = rows.query.get_compiler(connection=connection).as_sql()
    return list(rows.model._default_manager.raw(sql + SHARE[connection.vendor], params))
