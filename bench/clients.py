"""Clients that cost little: forked processes, one keep-alive socket each, requests made of bytes."""

import gc
import multiprocessing
import random
import signal
import socket
import threading
import time
import traceback
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

FORKING = multiprocessing.get_context("fork")
PATIENCE = 120.0  # seconds that a client may take to warm up


class Unexpected(Exception):
    """An answer that the benchmark does not know what to do with."""


@dataclass(slots=True)
class Did:
    """What one client did: the seconds of each call, of all of them, and of its own processor time."""

    latencies: "array[float]" = field(default_factory=lambda: array("d"))
    seconds: float = 0.0
    cpu: float = 0.0
    again: int = 0  # transactions that the database asked to be run again


type Call = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Job:
    """The calls of one client: some to warm up with, then those that count, then how often it had to do one again."""

    warm_up: Iterator[Call]
    calls: Iterator[Call]
    again: Callable[[], int] = lambda: 0


type Working = Callable[[], bool]


def side_by_side(
    count: int,
    seconds: float,
    take: Callable[[int], Job],
    start: Call = lambda: None,
    watch: Callable[[Working], object] = lambda _working: None,
) -> list[Did]:
    """Fork so many clients; each makes its calls, one after the other, for so many seconds or until it has no more.

    `take(number)` runs in the client. `start` runs here when all are warm, before they set off; then `watch`, which
    is told how to see that all are still at work. Raises `Unexpected`.
    """
    barrier = FORKING.Barrier(count + 1)  # Passed twice: when all are warm, and when all set off.
    pipes, processes = [], []
    for number in range(count):
        here, there = FORKING.Pipe(duplex=False)
        process = FORKING.Process(target=_work, args=(number, seconds, take, barrier, there), daemon=True)
        process.start()
        there.close()
        pipes.append(here)
        processes.append(process)
    try:
        try:
            barrier.wait(PATIENCE)
            start()
            barrier.wait(PATIENCE)
            watch(lambda: not any(pipe.poll() for pipe in pipes))
        except threading.BrokenBarrierError:
            pass  # Somebody failed, and says below why.
        said = [pipe.recv() for pipe in pipes]
    finally:
        for process in processes:
            process.join(10)
            process.kill()
    if failures := [words for words in said if isinstance(words, str) and "BrokenBarrier" not in words]:
        raise Unexpected(failures[0])
    return said


def _work(number: int, seconds: float, take: Callable[[int], Job], barrier: Any, pipe: Any) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # The benchmark decides when to stop.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    random.seed()
    gc.freeze()
    gc.disable()
    try:
        pipe.send(_run(take(number), seconds, barrier))
    except BaseException:  # noqa: BLE001 - the parent raises it
        barrier.abort()
        pipe.send(traceback.format_exc())


def _run(job: Job, seconds: float, barrier: Any) -> Did:
    for call in job.warm_up:
        call()
    barrier.wait(PATIENCE)
    barrier.wait(PATIENCE)
    did, clock = Did(), time.perf_counter
    before, began = time.process_time(), clock()
    ends = began + seconds
    for call in job.calls:
        started = clock()
        call()
        ended = clock()
        did.latencies.append(ended - started)
        if ended >= ends:
            break
    did.seconds, did.cpu, did.again = clock() - began, time.process_time() - before, job.again()
    return did


class Line:
    """A keep-alive connection to the application."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes, expected: int) -> bytes:
        """Send it, and return the body of the answer. Raises `Unexpected` for another status."""
        self._socket.sendall(request)
        answer = self._socket.recv(65536)
        while (end := answer.find(b"\r\n\r\n")) < 0:
            answer += self._more()
        head = answer[:end].lower()
        at = head.find(b"content-length:")
        length = int(head[at + 15 : head.find(b"\r", at) if b"\r" in head[at:] else end]) if at >= 0 else 0
        parts, missing = [answer[end + 4 :]], length - (len(answer) - end - 4)
        while missing > 0:
            part = self._more()
            parts.append(part)
            missing -= len(part)
        body = b"".join(parts)
        if int(answer[9:12]) != expected:
            raise Unexpected(f"{request[:200]!r} was answered with {answer[9:12]!r}: {body[:500]!r}")
        return body

    def _more(self) -> bytes:
        part = self._socket.recv(262144)
        if not part:
            raise Unexpected("The application hung up.")
        return part


def request(method: str, path: str, token: str = "", body: bytes = b"", key: str = "") -> bytes:
    """The bytes of a request to the API."""
    lines = [f"{method} /api/v1{path} HTTP/1.1", "Host: 127.0.0.1", "Accept: application/json"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if key:
        lines.append(f"Idempotency-Key: {key}")
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "\r\n"]).encode() + body
