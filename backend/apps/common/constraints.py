"""Which constraint a row has broken, in the words of each database."""

from django.db import IntegrityError


def broken_by(error: IntegrityError) -> str:
    """What the database says of the constraint: never the value, which may hold the name of another one.

    MySQL quotes the value before it names the key, PostgreSQL in a line of its own, SQLite nowhere.
    """
    return str(error).partition("\n")[0].rpartition(" for key ")[2]
