"""What of gunicorn is our own: where workers run, what threads wait for, and how an answer is sent."""

import io
import os
import queue
import socket
from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.workers.gthread import ThreadWorker

from config.serving import NoAccessLog, Response, Worker, choose_core


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

    client.shutdown(socket.SHUT_WR)

    assert worker.handle(conn) is False
    assert conn.sock.fileno() == -1
    conn.close(graceful=True)  # As gunicorn's main thread does.


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


@pytest.mark.parametrize(("sent", "reaches"), [(["k1"], ["k1"]), (["k1", "k1"], ["k1, k1"]), (["a,b"], ["a,b"])])
def test_two_idempotency_keys_do_not_become_one(worker, monkeypatch, sent, reaches):
    monkeypatch.setattr(ThreadWorker, "handle_request", lambda _self, req, _conn: req.headers)
    headers = [("HOST", "x"), *[("IDEMPOTENCY-KEY", key) for key in sent], ("ACCEPT", "*/*")]

    seen = worker.handle_request(SimpleNamespace(headers=headers), None)

    assert [value for name, value in seen if name == "IDEMPOTENCY-KEY"] == reaches
    assert {name for name, _value in seen} == {"HOST", "IDEMPOTENCY-KEY", "ACCEPT"}


@pytest.mark.parametrize(("connections", "wait"), [(0, 0), (3, 0.0006), (500, 0.0016)])
def test_who_has_many_connections_leaves_a_new_one_to_the_others(worker, monkeypatch, connections, wait):
    waited: list[float] = []
    taken: list[Any] = []
    monkeypatch.setattr("config.serving.time.sleep", waited.append)
    monkeypatch.setattr(ThreadWorker, "accept", lambda _self, listener: taken.append(listener))
    worker.nr_conns = connections

    worker.accept("a listener")

    assert waited == [pytest.approx(wait)]
    assert taken == ["a listener"]


class Sent(list[bytes]):
    """Stands for a socket: what it was given, call by call."""

    sendall = list.append


@pytest.fixture
def answer():
    """answer("200 OK", [("X", "y")], b"body"): the calls by which gunicorn sends it."""

    def send(status, headers, *parts, method="GET"):
        request = SimpleNamespace(method=method, version=(1, 1), should_close=lambda: False)
        sock = Sent()
        response = Response(request, sock, SimpleNamespace(protocol="http", is_ssl=False))
        response.start_response(status, headers)
        for part in parts:
            response.write(part)
        response.close()
        return list(sock)

    return send


def test_head_and_body_are_sent_at_once(answer):
    [sent] = answer("200 OK", [("Content-Length", "4")], b"body")

    head, _, body = sent.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert body == b"body"


def test_of_a_body_in_parts_the_first_goes_with_the_head(answer):
    first, second, last = answer("200 OK", [], b"one", b"three")

    assert first.endswith(b"\r\n\r\n3\r\none\r\n")
    assert (second, last) == (b"5\r\nthree\r\n", b"0\r\n\r\n")


@pytest.mark.parametrize(("status", "method"), [("204 No Content", "DELETE"), ("304 Not Modified", "GET")])
def test_an_answer_without_a_body_is_its_head(answer, status, method):
    [sent] = answer(status, [], b"", method=method)

    assert sent.endswith(b"\r\n\r\n")
    assert b"Content-Length" not in sent


@pytest.fixture
def cores(monkeypatch):
    """cores(4): so many are here."""

    def here(count):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: set(range(count)), raising=False)

    return here


def hired(workers, others=()):
    """The core that is chosen for one more of so many workers, beside those on these cores."""
    colleagues = dict(enumerate(SimpleNamespace(core=core) for core in others))
    worker = Worker.__new__(Worker)
    choose_core(SimpleNamespace(num_workers=workers, WORKERS=colleagues), worker)
    return worker.core


def test_each_core_is_given_as_many_workers_as_the_others(cores):
    cores(2)

    assert [hired(4), hired(4, [0]), hired(4, [0, 1]), hired(4, [0, 1, 0])] == [0, 1, 0, 1]


def test_who_takes_the_place_of_a_worker_takes_its_core(cores):
    cores(2)

    assert [hired(2, [1]), hired(2, [0])] == [0, 1]


def test_where_a_core_would_rest_nobody_is_bound_to_one(cores):
    cores(4)

    assert [hired(2), hired(6), hired(8)] == [None, None, 0]


def test_where_a_system_knows_no_cores_nobody_is_bound_to_one(monkeypatch):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)

    assert hired(2) is None


def test_gunicorn_puts_together_no_line_of_its_own_for_a_request():
    NoAccessLog.access(NoAccessLog.__new__(NoAccessLog), None, None, {}, None)  # Its own would look at the request.


@pytest.mark.parametrize(("told_to_stop", "room", "let_in"), [(True, 10, 3), (True, 2, 2), (False, 10, 0)])
def test_who_came_before_the_server_was_told_to_stop_is_let_in(worker, monkeypatch, told_to_stop, room, let_in):
    """Of a connection that nobody has taken yet the kernel would drop all that was sent on it."""
    taken: list[Any] = []
    monkeypatch.setattr(worker, "enqueue_req", taken.append)
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setblocking(False)
    worker.poller = SimpleNamespace(register=lambda *args: None, unregister=lambda *args: None)
    worker.cfg, worker.sockets, worker.nr_conns, worker.worker_connections = Config(), [listener], 0, room
    worker._accepting, worker.alive = True, not told_to_stop
    with listener:
        clients = [socket.create_connection(listener.getsockname()) for _client in range(3)]
        worker.set_accept_enabled(False)

    assert len(taken) == worker.nr_conns == let_in
    for each in [*clients, *(conn.sock for conn in taken)]:
        each.close()
