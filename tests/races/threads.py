"""A thread of one's own, with a connection of its own."""

from collections.abc import Callable
from typing import Any

from django.db import connection


def alone[R](call: Callable[[], R], ready: Callable[[], Any] = lambda: None) -> R:
    """Make this call on a connection that is opened before and closed after it."""
    try:
        connection.ensure_connection()
        ready()
        return call()
    finally:
        connection.close()
