"""What the kernel knows of the programs under test, and how figures are summed up."""

import os
import statistics
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from tests.fire.programs import family

TICK = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """Processor time that this process and all its descendants, those that have ended too, have used so far."""
    seconds = 0.0
    for member in family(pid):
        with suppress(OSError):  # It ended meanwhile: then its parent has inherited its time.
            fields = Path(f"/proc/{member}/stat").read_text().rpartition(")")[2].split()
            ended = sum(int(field) for field in fields[13:15])  # of children waited for, user and system
            seconds += ended / TICK + time.clock_gettime(_clock(member))
    return seconds


def _clock(pid: int) -> int:
    """The processor clock of another process, as `clock_getcpuclockid` makes it: it knows more than whole ticks."""
    return (~pid << 3) | 2


def pace() -> float:
    """Milliseconds of processor time that a fixed sum takes here and now: machines, and hours, differ in this."""
    return statistics.median(_sum() for _ in range(5)) * 1000


def _sum() -> float:
    began = time.process_time()
    sum(number * number for number in range(500_000))
    return time.process_time() - began


def resident_megabytes(pid: int) -> float:
    """What a process holds in memory."""
    return _megabytes(Path(f"/proc/{pid}/status"), "VmRSS:")


def proportional_megabytes(pid: int) -> float:
    """The same, where what several processes share is counted in parts."""
    return _megabytes(Path(f"/proc/{pid}/smaps_rollup"), "Pss:")


def _megabytes(said: Path, name: str) -> float:
    kilobytes = next(line.split()[1] for line in said.read_text().splitlines() if line.startswith(name))
    return int(kilobytes) / 1024


def percentile(sorted_values: Sequence[float], part: float) -> float:
    """The value below which this part of them lies; 0 of nothing."""
    if not sorted_values:
        return 0.0
    return sorted_values[min(len(sorted_values) - 1, int(part * len(sorted_values)))]


def median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None
