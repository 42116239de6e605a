"""What of gunicorn is our own: a thread that lingers for the next request, unless it is needed elsewhere."""

import io
import queue
import socket
from types import SimpleNamespace

import pytest
from gunicorn.workers.gthread import ThreadWorker

from config.serving import Quiet, Worker


@pytest.fixture
def line():
    """Two ends of a connection: the server's as gunicorn keeps it, and the client's."""
    here, there = socket.socketpair()
    with here, there:
        unread = SimpleNamespace(buf=io.BytesIO())
        yield SimpleNamespace(sock=here, is_http2=False, parser=SimpleNamespace(unreader=unread)), there


@pytest.fixture
def worker(monkeypatch):
    """A worker that reads a byte where gunicorn answers a request, and keeps the connection."""
    made = Worker.__new__(Worker)
    made.alive, made.tpool = True, SimpleNamespace(_work_queue=queue.SimpleQueue())
    monkeypatch.setattr(ThreadWorker, "handle", lambda self, conn: conn.sock.recv(1) != b"!")
    return made


def left(conn):
    conn.sock.setblocking(False)
    try:
        return conn.sock.recv(10)
    except BlockingIOError:
        return b""


def test_what_follows_on_the_same_connection_is_answered_by_the_same_thread(worker, line):
    conn, client = line
    client.sendall(b"abc")

    assert worker.handle(conn) is True
    assert left(conn) == b""


def test_a_connection_that_ends_is_not_waited_for(worker, line):
    conn, client = line
    client.sendall(b"a!c")

    assert worker.handle(conn) is False
    assert left(conn) == b"c"


@pytest.mark.parametrize("needed", ["somebody waits", "the worker stops", "read already"])
def test_a_thread_that_is_needed_elsewhere_does_not_linger(worker, line, needed):
    conn, client = line
    client.sendall(b"abc")
    if needed == "somebody waits":
        worker.tpool._work_queue.put("a request")
    elif needed == "the worker stops":
        worker.alive = False
    else:
        conn.parser.unreader.buf = io.BytesIO(b"GET /")

    assert worker.handle(conn) is True
    assert left(conn) == b"bc"


def test_gunicorn_puts_together_no_line_of_its_own_for_a_request():
    Quiet.access(Quiet.__new__(Quiet), None, None, {}, None)  # Its own would look at the request.
