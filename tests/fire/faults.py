"""What can go wrong in mid-load. Each fault heals before it returns, and tells how long that took."""

import http.client
import shutil
import subprocess
import time
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from tests.fire.application import LIMIT, WORKERS

if TYPE_CHECKING:
    from tests.fire.stage import Stage

HANGING = 20.0  # seconds
CLOCK = "clock"  # the file that the application reads the time from


def kill_workers(stage: "Stage") -> None:
    """One worker at a time, then all at once; gunicorn brings them back."""
    for _time in range(3):
        stage.tell("kill -9 of a worker")
        stage.application.kill_workers(1)
        stage.rest(1.5)
    stage.tell("kill -9 of all workers")
    stage.application.kill_workers()
    stage.rest(1)
    stage.application.wait_until(lambda: len(stage.application.children()) >= WORKERS)
    stage.facts["back_after"] = round(stage.application.wait_until(stage.application.well), 1)


def stop_server(stage: "Stage") -> None:
    """What is in flight is finished, what is new is refused, and the restart serves at once."""
    stage.tell("SIGTERM")
    stage.facts["stopped_at"] = time.monotonic()
    stage.application.terminate()
    stage.rest(1)
    status, _body = stage.application.health()
    if status:
        stage.find(f"a new connection was served ({status}) a second after SIGTERM")
    stage.application.wait()
    stage.facts["ended_after"] = round(time.monotonic() - stage.facts["stopped_at"], 1)
    stage.rest(1)
    stage.tell("restart")
    stage.facts["back_after"] = round(stage.application.begin(), 1)


def kill_database(stage: "Stage") -> None:
    """Every connection is cut, three times; then the whole database crashes; then an administrator restarts it."""
    for _time in range(3):
        stage.tell("every connection is cut")
        stage.server.cut_connections()
        stage.rest(0.5)
    for way in (stage.server.program.kill, stage.server.program.stop):
        stage.tell(f"the database: {way.__name__}")
        way()
        _require_health(stage, 503, "unavailable")
        stage.rest(2)
        stage.tell("the database starts")
        stage.facts["back_after"] = round(stage.server.start(), 1)
        stage.rest(2)


def hang_database(stage: "Stage") -> None:
    stage.tell(f"the database hangs for {HANGING:.0f} s")
    stage.server.program.hang()
    try:
        stage.rest(HANGING)
    finally:
        stage.server.program.thaw()


def exhaust_connections(stage: "Stage") -> None:
    """All connections but those in use are taken; then the workers die, and the new ones find none at all."""
    stage.tell("taking every connection")
    with stage.server.exhausted():
        stage.rest(1)
        stage.application.kill_workers()
        with stage.server.exhausted() as taken:
            stage.facts["taken"] = taken
            _require_health(stage, 503, "unavailable")
            stage.rest(4)


def lose_redis(stage: "Stage") -> None:
    """Killed, returned, hung, returned: with it one count for all workers, without it one for each."""
    counted = _require_one_count(stage)
    for away, back in ((stage.redis.kill, stage.redis.begin), (stage.redis.hang, stage.redis.thaw)):
        stage.tell(f"Redis: {away.__name__}")
        away()
        stage.rest(1)
        _require_health(stage, 200, "degraded")
        _require_own_counts(stage, counted)
        stage.rest(2)
        back()
        stage.rest(6)  # Workers leave a Redis that failed alone for five seconds.
        counted = _require_one_count(stage)


def fill_disk(stage: "Stage") -> None:
    """A file beside the database takes what is left; then it is removed."""
    folder = Path(stage.database.settings()["DB_NAME"]).parent
    ballast = folder / "ballast"
    for _time in range(2):
        stage.tell("the disk is full")
        with suppress(OSError), ballast.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
        stage.facts["free"] = shutil.disk_usage(folder).free
        stage.rest(4)
        ballast.unlink()
        stage.rest(1.5)


def no_fake_clock() -> str | None:
    return None if shutil.which("cc") else "moving the clock of one program takes a C compiler (cc)"


def fake_clock(folder: Path) -> dict[str, str]:
    """What makes the application read its time of day through `clock.c`: its own clock moves, nobody else's does."""
    (folder / CLOCK).write_text("0")
    library, source = folder / "clock.so", Path(__file__).with_name("clock.c")
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", str(library), str(source)], check=True)
    return {"LD_PRELOAD": str(library), "FIRE_CLOCK": str(folder / CLOCK)}


def move_clock(stage: "Stage") -> None:
    """An hour ahead, then an hour behind, then right again."""
    for seconds in (3600, -3600, 0):
        stage.tell(f"the clock jumps to {seconds:+} s")
        (stage.folder / CLOCK).write_text(str(seconds))
        stage.rest(3)


def _require_health(stage: "Stage", status: int, word: str) -> None:
    deadline = time.monotonic() + 15
    answer = stage.application.health()
    while answer[0] != status or f'"{word}"' not in answer[1]:
        if time.monotonic() > deadline:
            stage.find(f"/health answers {answer}, not {status} and {word}")
            return
        time.sleep(0.1)
        answer = stage.application.health()


def _require_one_count(stage: "Stage") -> int:
    """Ask often enough to meet every worker: where they count together the count only rises. How far it has come."""
    counts = _counts(stage)
    if not _rises(counts):
        stage.find(f"limits are not counted together: {counts}")
    return counts[-1]


def _require_own_counts(stage: "Stage", together: int) -> None:
    """A worker that counts for itself has counted less than all did, or than the one that was asked before it."""
    counts = _counts(stage)
    if _rises(counts) and counts[0] > together:
        stage.find(f"limits are counted together: {together}, then {counts}")


def _counts(stage: "Stage") -> list[int]:
    return [LIMIT - _remaining(stage.application.port) for _time in range(4 * WORKERS)]


def _rises(counts: list[int]) -> bool:
    return all(later > earlier for earlier, later in pairwise(counts))


def _remaining(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/api/v1/auth/me")
        response = connection.getresponse()
        response.read()
        return int(response.headers["RateLimit"].split("r=")[1].split(";")[0])
    finally:
        connection.close()
