"""How long a transaction waits for a lock before it starts over.

Ten seconds by itself: whoever gives up sooner goes to the end of the queue. Two seconds for those who share a
transaction, as they would all wait for a lock that only one of them needs (PostgreSQL looks for deadlocks after one).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection

AT_FIRST = 10  # seconds, with which a connection begins (`DATABASES`)
LONG, BRIEF = AT_FIRST, 2
WORDS = {
    "mysql": "SET SESSION innodb_lock_wait_timeout = {seconds}",
    "postgresql": "SET lock_timeout = '{seconds}s'",
}

_brief: ContextVar[bool] = ContextVar("brief", default=False)


@contextmanager
def brief() -> Iterator[None]:
    """Transactions within wait briefly, and are not run again for a lock that was not to be had: see `retry`."""
    before = _brief.set(True)
    try:
        yield
    finally:
        _brief.reset(before)


def is_brief() -> bool:
    """Are we within `brief()`?"""
    return _brief.get()


def agree() -> None:
    """Tell the database how long the next transaction of this connection waits, unless it knows."""
    seconds, words = BRIEF if is_brief() else LONG, WORDS.get(connection.vendor)
    if words is None or getattr(connection.connection, "patience", AT_FIRST) == seconds:
        return
    with connection.cursor() as cursor:
        cursor.execute(words.format(seconds=seconds))
    connection.connection.patience = seconds
