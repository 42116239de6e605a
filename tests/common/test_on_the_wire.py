"""What only a real server shows: bodies in chunks, and what never becomes a request of the application's."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.common.conftest import a_free_port

START = 30  # seconds
REFRESH = "POST /api/v1/auth/jwt/refresh HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
CHUNKED = f"{REFRESH}Transfer-Encoding: chunked\r\n\r\n"


class Answer:
    """A status, headers by their names in small letters, and a body."""

    def __init__(self, raw: bytes) -> None:
        head, _, self.body = raw.partition(b"\r\n\r\n")
        status, *lines = head.decode().split("\r\n")
        self.status = int(status.split()[1])
        self.headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}

    @property
    def problem(self) -> dict[str, Any]:
        assert self.headers["content-type"] == "application/problem+json"
        found: dict[str, Any] = json.loads(self.body)
        assert found["request_id"] == self.headers["x-request-id"]
        return found


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("server") / "log"


@pytest.fixture(scope="module")
def port(log: Path) -> Iterator[int]:
    """Of a server as `make run` starts it; its database is empty, and nothing here asks it."""
    with served(log, "config/gunicorn.py") as port:
        yield port


HURRIED = """
from config import serving
from config.gunicorn import *
serving.SILENCE, serving.PATIENCE = 0.4, 1.2
"""


@pytest.fixture(scope="module")
def hurried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Of a server with two threads that waits for the rest of a request for a moment only."""
    folder = tmp_path_factory.mktemp("hurried")
    (folder / "hurried.py").write_text(HURRIED)
    with served(folder / "log", str(folder / "hurried.py"), WEB_THREADS="2", TRUSTED_PROXIES="1") as port:
        yield port


@contextmanager
def served(log: Path, config: str, **more: str) -> Iterator[int]:
    """A server for the time of the block."""
    port = a_free_port()
    environment = os.environ | {
        "DB_ENGINE": "sqlite", "DB_NAME": str(log.with_name("empty.sqlite3")), "SECRET_KEY": settings.SECRET_KEY,
        "DEBUG": "false", "ALLOWED_HOSTS": "127.0.0.1", "REDIS_URL": "", "PORT": str(port), "WEB_CONCURRENCY": "1",
        "TOTALS_EVERY": "0", "NAMES_EVERY": "0", "LOG_LEVEL": "INFO",
        "PYTHONPATH": str(settings.BACKEND), **more,
    }  # fmt: skip
    command = [sys.executable, "-m", "gunicorn", "-c", config, "config.wsgi:application"]
    with log.open("wb") as written:
        process = subprocess.Popen(command, cwd=settings.BACKEND, env=environment, stdout=written, stderr=written)
    try:
        deadline = time.monotonic() + START
        while time.monotonic() < deadline:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def send(port: int, request: str | bytes) -> Answer:
    """What the server says until it ends the connection, or has answered what was asked."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(request if isinstance(request, bytes) else request.encode())
        with suppress(OSError):
            line.shutdown(socket.SHUT_WR)
        said = b""
        with suppress(ConnectionResetError):
            while part := line.recv(65536):
                said += part
        return Answer(said)


def in_chunks(*parts: str) -> str:
    return CHUNKED + "".join(f"{len(part):x}\r\n{part}\r\n" for part in (*parts, ""))


def test_a_body_in_chunks_is_read(port):
    answer = send(port, in_chunks('{"refresh": "no', ' token"}'))

    assert (answer.status, answer.problem["code"]) == (401, "token_not_valid")


def test_what_is_wrong_with_a_body_in_chunks_is_told(port):
    answer = send(port, in_chunks('{"refresh": '))

    assert (answer.status, answer.problem["errors"][0]["code"]) == (400, "parse_error")


def test_a_body_in_chunks_may_not_be_larger_than_another(port):
    answer = send(port, in_chunks('{"refresh": "', *["x" * 100_000] * 10, '"}'))

    assert (answer.status, answer.problem["code"]) == (413, "payload_too_large")


def test_no_chunks_are_no_body(port):
    answer = send(port, in_chunks())

    assert (answer.status, answer.problem["errors"][0]["pointer"]) == (400, "/refresh")


@pytest.mark.parametrize(
    ("request_text", "status", "code"),
    [
        (f"GET /api/v1/{'x' * 9000} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 414, "uri_too_long"),
        (f"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Much: {'x' * 20_000}\r\n\r\n", 431, "headers_too_large"),
        (f"{REFRESH}Content-Length: -5\r\n\r\n", 400, "validation_error"),
        (f"{REFRESH}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "validation_error"),
        (f"{CHUNKED}no size\r\n{{}}\r\n0\r\n\r\n", 400, "validation_error"),
        ("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nNot a name: x\r\n\r\n", 400, "validation_error"),
        ("get / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 400, "validation_error"),
        (f"{REFRESH}Transfer-Encoding: unheard-of\r\n\r\n", 501, "not_implemented"),
    ],
)  # fmt: skip
def test_what_never_becomes_a_request_is_refused_with_a_problem(port, request_text, status, code):
    answer = send(port, request_text)

    assert (answer.status, answer.problem["code"], answer.problem["status"]) == (status, code, status)
    assert int(answer.headers["content-length"]) == len(answer.body)


@pytest.mark.parametrize("path", ["/health", "/", "/orders", "/customers/5"])
def test_a_page_that_changes_nothing_says_that_it_takes_no_post(port, path):
    answer = send(port, f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    assert (answer.status, answer.problem["code"], answer.headers["allow"]) == (405, "method_not_allowed", "GET, HEAD")


def test_a_link_may_repeat_long_filters(port):
    answer = send(port, f"GET /api/v1/customers?name={'%F0%9F%98%80' * 500} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")

    assert (answer.status, answer.problem["code"]) == (401, "not_authenticated")


def test_the_log_says_what_was_refused_and_not_what_stood_in_it(port, log):
    send(port, "get /api/v1/customers?email=ana@example.com HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")

    told = log.read_text()
    assert "refused before it was a request: InvalidRequest" in told
    assert "customers?" not in told


HALVES = {
    "a body that says its length": f"{REFRESH}Content-Length: 400\r\n\r\n{{",
    "a body in chunks": f"{CHUNKED}5\r\n{{",
    "a head": "GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n",
}


@pytest.mark.parametrize("half", HALVES.values(), ids=HALVES)
def test_half_a_request_is_not_waited_for_and_others_are_answered(hurried, half):
    with ExitStack() as open_lines:
        lines = [open_lines.enter_context(socket.create_connection(("127.0.0.1", hurried))) for _ in range(4)]
        for line in lines:
            line.settimeout(10)
            line.sendall(half.encode())

        assert send(hurried, "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n").status == 200
        refused = Answer(lines[0].recv(65536))

    assert (refused.status, refused.problem["code"]) == (408, "request_timeout")


def test_one_that_drips_is_not_waited_for_either(hurried):
    answered = threading.Event()

    def drip(line):
        with suppress(ConnectionError):
            while not answered.wait(0.2):
                line.sendall(b" ")

    with socket.create_connection(("127.0.0.1", hurried), timeout=10) as line, ThreadPoolExecutor(1) as threads:
        line.sendall(HALVES["a body that says its length"].encode())
        threads.submit(drip, line)
        said = line.recv(65536)
        answered.set()

    assert Answer(said).status == 408


def test_each_request_of_a_connection_has_its_own_time(hurried):
    with socket.create_connection(("127.0.0.1", hurried), timeout=10) as line:
        for _ in range(4):
            line.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert line.recv(1_000_000).startswith(b"HTTP/1.1 200")
            time.sleep(0.5)


@pytest.mark.parametrize("script", ["/x", "/api"])
def test_a_header_does_not_lead_past_the_limit(hurried, script):
    """gunicorn would take SCRIPT_NAME from whoever comes from this machine, as a proxy does."""
    request = f"POST {script}/api/v1/auth/jwt/login HTTP/1.1\r\nHost: 127.0.0.1\r\nSCRIPT_NAME: {script}\r\n"
    answer = send(hurried, f"{request}Content-Length: 0\r\nConnection: close\r\n\r\n")

    assert answer.status == 404


def test_a_header_that_fits_no_path_is_no_crash(hurried):
    assert (
        send(hurried, "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nSCRIPT_NAME: /x\r\nConnection: close\r\n\r\n").status == 200
    )


def test_who_does_not_hang_up_keeps_nobody_waiting(hurried):
    """gunicorn would wait in its main thread, two seconds for each of them."""
    with ExitStack() as open_lines:
        for _ in range(8):
            line = open_lines.enter_context(socket.create_connection(("127.0.0.1", hurried), timeout=10))
            line.sendall(b"get / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        began = time.monotonic()

        assert send(hurried, "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n").status == 200
        assert time.monotonic() - began < 4  # Two threads, and four farewells for each: 1.2 s.


FORM = "Host: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"


@pytest.mark.parametrize(
    "request_text",
    [
        f'{REFRESH}Content-Length: 70\r\n\r\n{{"refresh": "x"}}',
        f'{REFRESH}Content-Length: 2000000\r\n\r\n{{"refresh": "x"}}',
        f"POST /admin/login/ HTTP/1.1\r\n{FORM}Content-Length: 70\r\n\r\nusername=ana&password=x",
    ],
)
def test_half_a_body_is_no_body(port, log, request_text):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(request_text.encode())
        line.shutdown(socket.SHUT_WR)

        assert line.recv(65536) == b""
    assert "crash" not in log.read_text()


@pytest.mark.parametrize(("path", "form"), [("/api/v1/auth/jwt/refresh", REFRESH), ("/admin/login/", FORM)])
def test_a_body_that_is_too_large_is_refused_wherever_it_goes(port, path, form):
    head = f"POST {path} HTTP/1.1\r\n{form.partition(chr(10))[2] if form is REFRESH else form}"
    answer = send(port, f"{head}Content-Length: 1000001\r\nConnection: close\r\n\r\n".encode() + b"x" * 1_000_001)

    assert (answer.status, answer.problem["code"]) == (413, "payload_too_large")


LONG_BODIES = {
    "with its length": (b"Content-Length: 1500000\r\n", b"x" * 1_500_000),
    "in chunks": (b"Transfer-Encoding: chunked\r\n", b"16e360\r\n" + b"x" * 1_500_000 + b"\r\n0\r\n\r\n"),
}


@pytest.mark.parametrize("path", ["/api/v1/auth/jwt/refresh", "/api/v1/customers", "/api/v1/nope"])
@pytest.mark.parametrize(("length", "body"), LONG_BODIES.values(), ids=LONG_BODIES)
def test_a_connection_whose_body_is_not_read_to_its_end_is_not_said_to_be_kept(port, path, length, body):
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n".encode()

    answer = send(port, head + length + b"\r\n" + body)

    assert answer.status in {401, 404, 413}
    assert answer.headers["connection"] == "close"


def test_one_that_is_read_is_kept(port):
    answer = send(port, f'{REFRESH}Content-Length: 16\r\n\r\n{{"refresh": "x"}}')

    assert (answer.status, answer.headers["connection"]) == (401, "keep-alive")


def test_after_the_answer_nothing_more_is_said(port):
    chunks = f"{10**6 + 1:x}\r\n".encode() + b"x" * (10**6 + 1) + b"\r\nno size\r\n"
    head = b"POST /health HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(head + chunks)
        said = b""
        with suppress(ConnectionResetError):
            while part := line.recv(65536):
                said += part

    assert said.count(b"HTTP/1.1 ") == 1
