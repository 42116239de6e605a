"""What of gunicorn is our own."""

import select
from typing import Any

from gunicorn.glogging import Logger
from gunicorn.workers.gthread import TConn, ThreadWorker

LINGER = 2  # milliseconds


class Worker(ThreadWorker):
    """A thread that has answered waits a moment for the next request on the same connection.

    Who has one question often has another (a proxy, an import). Handing the connection back to the main thread and
    getting it again costs more than a fifth of a whole request. A thread that is needed elsewhere does not wait.
    """

    def handle(self, conn: TConn) -> Any:
        goes_on = super().handle(conn)
        while goes_on is True and self._at_leisure() and _speaks(conn):
            goes_on = super().handle(conn)
        return goes_on

    def _at_leisure(self) -> bool:
        return self.alive and self.tpool._work_queue.empty()


def _speaks(conn: TConn) -> bool:
    """Does the client send something within the time? What it sent with its last request the main thread sees to."""
    if conn.is_http2 or conn.parser.unreader.buf.getvalue():
        return False
    poll = select.poll()
    poll.register(conn.sock, select.POLLIN)
    return bool(poll.poll(LINGER))


class Quiet(Logger):
    """Does not put together lines that nobody writes: the request's one line is ours (apps.common.requests)."""

    def access(self, *args: Any) -> None:
        """Nothing: this would show the query."""
