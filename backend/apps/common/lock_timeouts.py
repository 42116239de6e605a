"""How long a transaction waits for a lock before it starts over.

Ten seconds by itself: whoever gives up sooner goes to the end of the queue. Two seconds, once, for those who may share
a transaction: they would all wait for a lock that only one of them needs (PostgreSQL looks for deadlocks after one).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection

AT_FIRST = 10  # seconds, with which a connection begins (`DATABASES`)
LONG, SHORT = AT_FIRST, 2
WORDS = {
    "mysql": "SET SESSION innodb_lock_wait_timeout = {seconds}",
    "postgresql": "SET lock_timeout = '{seconds}s'",
}

_short: ContextVar[bool] = ContextVar("short", default=False)


@contextmanager
def short() -> Iterator[None]:
    """Transactions within wait a short time, and are not run again for a lock that was not to be had: see `retry`."""
    before = _short.set(True)
    try:
        yield
    finally:
        _short.reset(before)


def is_short() -> bool:
    """Are we within `short()`?"""
    return _short.get()


def apply() -> None:
    """Tell the database how long the next transaction of this connection waits, unless it knows."""
    seconds, words = SHORT if is_short() else LONG, WORDS.get(connection.vendor)
    if words is None or getattr(connection.connection, "lock_timeout", AT_FIRST) == seconds:
        return
    with connection.cursor() as cursor:
        cursor.execute(words.format(seconds=seconds))
    connection.connection.lock_timeout = seconds
