"""One at a time, in this process: who would only wait for the other's locks in the database waits here instead.

There, whoever waits has locks already that others wait for, nobody is served in the order of coming, and what is done
meanwhile is taken from whoever has the turn. The database stays the referee: a turn is a courtesy, which nothing that
must be right relies on.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from django.db import connection

LONGEST_WAIT = 1.0  # seconds after which one goes without: whoever has the turn may be waiting for a lock of others


class Turns:
    """Turns that the threads of this process take at something."""

    def __init__(self) -> None:
        self._taken = Lock()

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """Wait for the turn, and have it within this block. Yields whether it was free.

        Inside a transaction, whose locks the others may need, nobody waits, and the turn counts as free.
        """
        if connection.in_atomic_block:
            yield True
            return
        free = self._taken.acquire(blocking=False)
        mine = free or self._taken.acquire(timeout=LONGEST_WAIT)
        try:
            yield free
        finally:
            if mine:
                self._taken.release()
