"""What of gunicorn is our own."""

import ctypes
import gc
import os
import select
import socket
import struct
import time
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from gunicorn.glogging import Logger
from gunicorn.http import errors, parser, wsgi
from gunicorn.http.unreader import SocketUnreader
from gunicorn.util import close_graceful
from gunicorn.workers.gthread import TConn, ThreadWorker
from structlog.contextvars import bound_contextvars

ACCEPT_DELAY, MANY = 0.0002, 8  # seconds for each connection that a worker has, and for how many of them at most
LINGER = 2  # milliseconds
SILENCE, PATIENCE = 10, 20  # seconds without a byte, and for a whole request, however slowly it drips; then 408
FAREWELL = 0.3  # seconds that a client has to close a connection that has ended
IDEMPOTENCY_KEY = "IDEMPOTENCY-KEY"  # as gunicorn writes the names of headers
# When Python looks for garbage: after so many new objects, each so-many-th time at those that stayed, too. Sooner, it
# would look in the middle of each request; later, what waits takes memory that is kept for good.
LOOKS = (1_000, 5, 5)


class TooLarge(errors.ParseException):
    """A body says that it is longer than any may be."""


class TooSlow(errors.ParseException):
    """The rest of a request has not come. The thread that waits for it is wanted elsewhere."""


# What no application hears of, the more special first. What is not named here is our own fault.
REFUSED: dict[type[Exception], int] = {
    errors.InvalidResponseHeader: 500,
    errors.InvalidResponseHeaderName: 500,
    errors.ConfigurationProblem: 500,
    errors.ForbiddenProxyRequest: 403,
    errors.LimitRequestLine: 414,
    TooSlow: 408,
    TooLarge: 413,
    errors.ExpectationFailed: 417,
    errors.LimitRequestHeaders: 431,
    errors.UnsupportedTransferCoding: 501,
    errors.ParseException: 400,
}


class Reader(SocketUnreader):
    """Reads requests from a connection, and does not wait for the rest of one for ever.

    gunicorn would: as many connections as there are threads, each with half a request, would stop the service.
    """

    def __init__(self, sock: Any, max_chunk: int = 8192) -> None:
        super().__init__(sock, max_chunk)
        self.until = 0.0  # when the request that is being read has to be there; 0: it has not begun
        # By the system, because it costs nothing when the bytes are there. (Its clock begins anew with each of them.)
        seconds, rest = divmod(SILENCE, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", int(seconds), int(rest * 1_000_000)))

    def chunk(self, size_hint: int | None = None) -> bytes:
        now = time.monotonic()
        self.until = self.until or now + PATIENCE
        if now > self.until:
            raise TooSlow
        try:
            return super().chunk(size_hint)
        except BlockingIOError as error:
            raise TooSlow from error


class Worker(ThreadWorker):
    """Stays on one core. A thread that has answered waits a moment for the next request on the same connection.

    Who has one question often has another (a proxy, an import). Handing the connection back to the main thread and
    getting it again costs more than a fifth of a whole request. A thread that is needed elsewhere does not wait.
    """

    core: int | None = None  # See `choose_core`.

    def init_process(self) -> None:
        if self.core is not None:
            with suppress(OSError):  # Where that is not allowed it goes without.
                os.sched_setaffinity(0, {self.core})
        wsgi.Response, parser.SocketUnreader = Response, Reader  # There is no setting for them.
        super().init_process()

    def load_wsgi(self) -> None:
        super().load_wsgi()
        gc.collect()
        gc.freeze()  # What is there now stays: nobody need look for garbage in it.
        gc.set_threshold(*LOOKS)

    def accept(self, listener: Any) -> None:
        """Take a new connection; who has many of them already leaves it a moment to the others."""
        time.sleep(max(0, min(self.nr_conns, MANY)) * ACCEPT_DELAY)
        super().accept(listener)

    def set_accept_enabled(self, enabled: bool) -> None:
        """When the server is told to stop, who came before that is let in: the kernel would cut what still waits."""
        super().set_accept_enabled(enabled)
        if enabled or self.alive:
            return
        for listener in self.sockets:
            before = -1
            while before != self.nr_conns < self.worker_connections:
                before = self.nr_conns
                super().accept(listener)  # Without delay; counts whom it lets in.

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Answer what is no request, or more of one than is read, as whatever else is refused: as a problem."""
        if not settings.configured:  # The application is none of Django's: that of the benchmark.
            super().handle_error(req, client, addr, exc)
            return
        status = next((status for kind, status in REFUSED.items() if isinstance(exc, kind)), 500)
        if status == 500:
            self.log.exception("crash outside of a request")
        else:
            self.log.warning("refused before it was a request: %s", type(exc).__name__)
        with suppress(OSError):
            client.sendall(_problem(getattr(req, "path", ""), status))

    def handle_request(self, req: Any, conn: TConn) -> Any:
        """gunicorn's own; but two idempotency keys stay two, which is none: it would join them to another key."""
        keys = [value for name, value in req.headers if name == IDEMPOTENCY_KEY]
        if len(keys) > 1:
            others = [header for header in req.headers if header[0] != IDEMPOTENCY_KEY]
            req.headers = [*others, (IDEMPOTENCY_KEY, ", ".join(keys))]  # As RFC 9110, 5.3; a key has no space.
        return super().handle_request(req, conn)

    def handle(self, conn: TConn) -> Any:
        goes_on = self._handle_one(conn)
        while goes_on is True and self._may_linger() and _has_next_request(conn):
            goes_on = self._handle_one(conn)
        if goes_on is False:
            # Here, and not in the main thread, as gunicorn would: nobody else is answered while that one waits.
            close_graceful(conn.sock, timeout=FAREWELL)
            conn.close = _closed_already
        return goes_on

    def _keepalive_after(self, conn: TConn, keepalive: bool) -> bool:
        """What is wrong with the rest of a body nobody is told any more: there has been an answer."""
        try:
            return bool(super()._keepalive_after(conn, keepalive))
        except (errors.ParseException, OSError):
            return False

    def _handle_one(self, conn: TConn) -> Any:
        goes_on = super().handle(conn)
        if goes_on is True:
            conn.parser.unreader.until = 0.0  # The next request has its own time.
        return goes_on

    def _may_linger(self) -> bool:
        return self.alive and self.tpool._work_queue.empty()


def _closed_already(graceful: bool = False) -> None:
    """For `TConn.close`, which would find no socket any more."""


def _problem(path: str, status: int) -> bytes:
    """The whole answer, in the language of the house: which one the client speaks nobody has read."""
    from apps.common.problems import plain_problem  # Not before the application has been loaded.
    from apps.common.requests import new_request_id

    request, request_id = HttpRequest(), new_request_id()
    request.path = path
    with bound_contextvars(request_id=request_id), translation.override(settings.LANGUAGE_CODE):
        answer = plain_problem(request, status)
    answer["X-Request-ID"] = request_id
    answer["Content-Length"] = str(len(answer.content))
    answer["Connection"] = "close"
    line = f"HTTP/1.1 {status} {answer.reason_phrase}\r\n".encode()
    return line + answer.serialize_headers() + b"\r\n\r\n" + answer.content


def share_one_heap() -> None:
    """Let all threads of this process and its workers take memory from one heap, and give large blocks back at once.

    The C library would give each thread a heap of its own, so that they need not wait for each other. Ours wait for
    Python's lock anyway, and each heap would grow to what its thread once needed (mallopt(3)).
    """
    arena_max, mmap_threshold = -8, -3
    with suppress(AttributeError):  # Another C library: it has other ways.
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(arena_max, 1)
        mallopt(mmap_threshold, 128 * 1024)


def choose_core(arbiter: Any, worker: Worker) -> None:
    """gunicorn's `pre_fork`: give the worker to the core with the fewest of them, if each core has its workers.

    Threads of one process that run on two cores hand Python's lock to each other with every call of the system; on
    one core they take turns. Where there are fewer workers than cores the system moves them as it likes: cores would
    rest, or several servers on one machine meet on the same.
    """
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    if cores and arbiter.num_workers % len(cores) == 0:
        others = [other.core for other in arbiter.WORKERS.values()]
        worker.core = min(cores, key=others.count)


def _has_next_request(conn: TConn) -> bool:
    """Does the client send something within the time? What it sent with its last request the main thread sees to."""
    if conn.is_http2 or conn.parser.unreader.buf.getvalue():
        return False
    poll = select.poll()
    poll.register(conn.sock, select.POLLIN)
    return bool(poll.poll(LINGER))


class Response(wsgi.Response):
    """Sends the head and the beginning of the body at once, so that the client is woken once."""

    sock: Any

    def write(self, arg: bytes) -> None:
        if self.headers_sent:
            super().write(arg)
            return
        sock, gathered = self.sock, _Gathered()
        self.sock = gathered
        try:
            super().write(arg)
            sock.sendall(b"".join(gathered))
        finally:
            self.sock = sock


def close_after(start_response: Any) -> None:
    """Let this answer be the last of its connection, and say so (RFC 9112, 9.6)."""
    response = getattr(start_response, "__self__", None)
    if isinstance(response, Response):
        response.force_close()


class _Gathered(list[bytes]):
    """Stands for a socket, and keeps what it is given."""

    sendall = list.append


class NoAccessLog(Logger):
    """Does not put together lines that nobody writes: the request's one line is ours (apps.common.requests)."""

    def access(self, *args: Any) -> None:
        """Nothing: this would show the query."""
