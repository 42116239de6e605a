"""Programs that the harness starts: each in a session of its own, so that only the harness ends it. Linux only."""

import os
import pwd
import signal
import socket
import subprocess
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

PATIENCE = 60.0  # seconds that a program may take to start
GRACE = 45.0  # seconds that a program may take to end: more than gunicorn's graceful_timeout


class NotReady(Exception):
    """A program ended, or did not answer in time; the message holds the end of its log."""


class Program:
    """One command that can be started, killed, hung, thawed, stopped and started again."""

    stopping = signal.SIGTERM  # what asks it to end, and end soon

    def __init__(
        self, command: Sequence[str], log: Path, *, env: Mapping[str, str] | None = None, user: str | None = None
    ) -> None:
        self.command, self.log, self.env, self.user = list(command), log, env, user
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None, "not started"
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.env,
                user=self.user,
                group=pwd.getpwnam(self.user).pw_gid if self.user else None,
                extra_groups=[] if self.user else None,
                start_new_session=True,
            )

    def children(self) -> list[int]:
        """The direct children: gunicorn's workers."""
        return _children()[self.pid]

    def kill(self) -> None:
        """SIGKILL, to the program and all its descendants at once."""
        self._signal_all(signal.SIGKILL)
        self._reap()

    def hang(self) -> None:
        """SIGSTOP: alive, holding its connections, answering nobody."""
        self._signal_all(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal_all(signal.SIGCONT)

    def terminate(self) -> None:
        """Ask the program, and it alone, to end; `stop` waits as well."""
        if self.alive:
            os.kill(self.pid, self.stopping)

    def wait(self) -> None:
        """Until it has ended by itself; it is killed when it takes longer than `GRACE`."""
        with suppress(subprocess.TimeoutExpired):
            assert self._process is not None, "not started"
            self._process.wait(GRACE)
        self.kill()

    def stop(self) -> None:
        if self.alive:
            self.thaw()
            self.terminate()
            self.wait()

    def wait_until(self, ready: Callable[[], bool], patience: float = PATIENCE) -> float:
        """Seconds that passed until it was ready. Raises `NotReady`."""
        started = time.monotonic()
        while not ready():
            if not self.alive or time.monotonic() - started > patience:
                tail = self.log.read_text(errors="replace").splitlines()[-15:]
                raise NotReady(" ".join([self.command[0], "does not answer:\n", "\n".join(tail)]))
            time.sleep(0.05)
        return time.monotonic() - started

    def _signal_all(self, number: signal.Signals) -> None:
        if self.alive:  # Else its number may be somebody else's by now.
            for pid in family(self.pid):
                with suppress(ProcessLookupError):
                    os.kill(pid, number)

    def _reap(self) -> None:
        if self._process is not None:
            self._process.wait(GRACE)


def family(pid: int) -> list[int]:
    """This process and all its descendants, whatever sessions they made for themselves."""
    children = _children()

    def walk(parent: int) -> Iterator[int]:
        yield parent
        for child in children[parent]:
            yield from walk(child)

    return list(walk(pid))


def _children() -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            _state, parent, *_rest = stat.read_text().rpartition(")")[2].split()
            found[int(parent)].append(int(stat.parent.name))
    return found


def end_on_signals() -> None:
    """Let Ctrl-C and SIGTERM end the harness by way of its clean-up, also where a shell had them ignored."""

    def interrupt(_number: int, _frame: object) -> NoReturn:
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupt)


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
