"""What Django raises when a database refuses."""

from django.db import OperationalError


class Refusal(Exception):
    """As psycopg's: it knows its SQLSTATE."""

    def __init__(self, sqlstate):
        super().__init__("refused")
        self.sqlstate = sqlstate


def error_of(vendor, code):
    """What Django raises when this database refuses with this code."""
    if vendor != "postgresql":
        return OperationalError(code, "refused") if vendor == "mysql" else OperationalError(code)
    error = OperationalError("refused")
    error.__cause__ = Refusal(code)
    return error
