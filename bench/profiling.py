"""Where the processor time of a request goes: the application in this process, called without a socket.

Run in the application's environment by `make bench PROFILE=1 WORK=create`.
"""

import cProfile
import io
import itertools
import os
import pstats
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from bench.clients import Unexpected
from bench.shop import Shop
from bench.works import WORKS, Till

CALLS, SHOWN = 400, 45


class InProcess:
    """In the place of a connection: hands the bytes of a request to the application itself."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application

    def ask(self, request: bytes, expected: int) -> bytes:
        head, _, body = request.partition(b"\r\n\r\n")
        first, *headers = head.decode().split("\r\n")
        method, path, _version = first.split()
        path, _, query = path.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SCRIPT_NAME": "",
            "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1",
            "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr, "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False,
        }  # fmt: skip
        for header in headers:
            name, _, value = header.partition(": ")
            name = name.upper().replace("-", "_")
            environ[name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{name}"] = value
        statuses: list[str] = []
        response = self.application(environ, lambda status, _headers, *_rest: statuses.append(status))
        answer = b"".join(response)
        response.close()  # type: ignore[attr-defined] # As the server does: it closes what the request has opened.
        if int(statuses[0][:3]) != expected:
            raise Unexpected(f"{first} was answered with {statuses[0]}: {answer[:500]!r}")
        return answer


def main() -> None:
    from django.core.wsgi import get_wsgi_application

    line: Any = InProcess(get_wsgi_application())
    shop, token, lines = Shop.read(os.environ["BENCH_SHOP"]), os.environ["BENCH_TOKEN"], int(os.environ["BENCH_LINES"])
    orders = [int(pk) for pk in os.environ["BENCH_ORDERS"].split(",")]
    names = sys.argv[1:]
    for position, name in enumerate(names):
        work, own = WORKS[name], orders[position :: len(names)]  # What one has moved, another cannot cancel.
        till = Till(f"profile-{name}", line, token, shop, work.lines or lines, own)
        calls = work.calls(till)
        for call in work.warm_up(till) if work.warm_up else itertools.islice(calls, 20):
            call()
        began = time.process_time()
        for call in itertools.islice(calls, CALLS):
            call()
        each = (time.process_time() - began) / CALLS * 1000
        profile = cProfile.Profile()
        profile.enable()
        for call in itertools.islice(calls, CALLS):
            call()
        profile.disable()
        said = io.StringIO()
        statistics = pstats.Stats(profile, stream=said).strip_dirs()
        statistics.sort_stats("tottime").print_stats(SHOWN)
        statistics.sort_stats("cumulative").print_stats(SHOWN)
        sys.stdout.write(f"== {name}: {each:.3f} ms of processor time a call (unprofiled; {CALLS} calls)\n")
        sys.stdout.write(said.getvalue())


if __name__ == "__main__":
    main()
