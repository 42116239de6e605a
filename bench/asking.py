"""One client, and nobody beside it, asks for the lists of the contract: what each costs, on the clock and in work."""

import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bench.clients import Line, request
from bench.lists import Case, Sizes
from bench.measures import percentile
from bench.stage import Stage

ASKED = 30  # times each, with other values where the case allows
WARM_UP = 2  # times before that: the plan is made, the pages are read
ENOUGH = 10.0  # seconds for one case: who takes longer has said so
TURNS, IN_A_TURN = 20, 3  # of the first page and of the deep one
GOAL_MS = 50.0  # that 95 of 100 requests take at most
GOAL_RATIO = 1.20  # the deep page to the first


@dataclass(slots=True)
class Took:
    """What some requests took: milliseconds of each on the clock, and of processor time for all of them."""

    ms: list[float] = field(default_factory=list)
    application_ms: float = 0.0
    database_ms: float = 0.0
    rows: int = 0

    def __add__(self, other: "Took") -> "Took":
        return Took(
            self.ms + other.ms,
            self.application_ms + other.application_ms,
            self.database_ms + other.database_ms,
            self.rows + other.rows,
        )

    def figures(self) -> dict[str, float]:
        """For one request."""
        asked, counted = len(self.ms), sorted(self.ms)
        return {
            "asked": asked,
            "rows": self.rows / asked,
            "p50_ms": percentile(counted, 0.5),
            "p95_ms": percentile(counted, 0.95),
            "slowest_ms": counted[-1],
            "application_cpu_ms": self.application_ms / asked,
            "database_cpu_ms": self.database_ms / asked,
        }


@dataclass(frozen=True, slots=True)
class Deep:
    """A page far down a list, and the cursor that leads there."""

    path: str
    ordered: str
    page: int
    cursor: str

    @property
    def name(self) -> str:
        return f"{self.path} {self.ordered}"


class Asker:
    """A client that knows how many rows there are to choose from."""

    def __init__(self, stage: Stage, sizes: Sizes) -> None:
        self.stage, self.sizes = stage, sizes
        self.line = Line(stage.application.port)
        self.dice = random.Random(1)  # The same values in every run.

    def cases(self, chosen: Iterator[Case]) -> Iterator[tuple[Case, Took]]:
        """Each case, one after the other."""
        for case in chosen:

            def path(case: Case = case) -> str:
                return case.url(self.dice, self.sizes)

            self._ask(path, WARM_UP)
            yield case, self._ask(path, ASKED)

    def depths(self, deep: list[Deep]) -> Iterator[tuple[Deep, Took, Took]]:
        """Each ordering's first page by cursor and its deep one, in turns: what slows one, slows the other."""
        for each in deep:
            start = f"{each.path}?ordering={each.ordered}&cursor="
            paths = (lambda: start), (lambda: start + each.cursor)  # noqa: B023 - called before the next turn
            first, far = Took(), Took()
            for path in paths:
                self._ask(path, WARM_UP)
            for _ in range(TURNS):
                first += self._ask(paths[0], IN_A_TURN)
                far += self._ask(paths[1], IN_A_TURN)
            yield each, first, far

    def _ask(self, path: Callable[[], str], times: int) -> Took:
        token, before, began = self.stage.token(), self.stage.meter(), time.monotonic()
        took = Took()
        for _ in range(times):
            raw = request("GET", path(), token)
            started = time.perf_counter()
            body = self.line.ask(raw, 200)
            took.ms.append((time.perf_counter() - started) * 1000)
            answer = json.loads(body)
            took.rows += len(answer["results"] if "results" in answer else answer["per_day"])
            if time.monotonic() - began > ENOUGH:
                break
        after = self.stage.meter()
        took.application_ms = (after.application - before.application) * 1000
        took.database_ms = ((after.database or 0) - (before.database or 0)) * 1000
        return took
