"""Does a worker grow? Mixed requests, so many, and what each worker holds in memory meanwhile."""

import json
import random
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from bench.clients import FORKING, Call, Job, Line, Unexpected, Working, side_by_side
from bench.lists import Sizes, cases
from bench.measures import proportional_megabytes, resident_megabytes
from bench.stage import Stage
from bench.works import STEPS, Till, order

MIX = {"create": 25, "replay": 15, "status": 20, "list": 15, "read": 25}  # of a hundred requests
REMEMBERED = 200  # orders that a client comes back to
SAMPLES = 100  # of a run
LISTS = list(cases(every_ordering=False))


@dataclass(frozen=True, slots=True)
class Sample:
    """What the workers held after so many requests: megabytes, resident and by parts of what they share."""

    requests: int
    seconds: float
    resident: list[float]
    proportional: list[float]


@dataclass(slots=True)
class Known:
    """An order that was placed, and how far it has come."""

    pk: int
    body: dict[str, Any]
    key: str
    steps: deque[str] = field(default_factory=lambda: deque(STEPS))


class Customer:
    """One client: places orders and comes back to them, by lot."""

    def __init__(self, stage: Stage, till: Till) -> None:
        self.stage, self.till = stage, till
        self.sizes = Sizes(len(till.shop.products), len(till.shop.customers), len(till.shop.products))
        self.known: deque[Known] = deque(maxlen=REMEMBERED)
        self.dice = random.Random()

    def calls(self, going_on: Callable[[], bool]) -> Iterator[Call]:
        """One request after the other, as long as they are wanted."""
        kinds, weights = list(MIX), list(MIX.values())
        while going_on():
            kind = self.dice.choices(kinds, weights)[0] if self.known else "create"
            yield getattr(self, f"_{kind}")
            self.till = replace(self.till, token=self.stage.token())

    def _create(self) -> None:
        body, key = order(self.till, self.till.lines), secrets.token_hex(12)
        made = self._ask("POST", "/orders", body, key, 201)
        self.known.append(Known(json.loads(made)["id"], body, key))

    def _replay(self) -> None:
        known = self.dice.choice(self.known)
        self._ask("POST", "/orders", known.body, known.key)

    def _status(self) -> None:
        known = self.dice.choice(self.known)
        if known.steps:
            self._ask("PATCH", f"/orders/{known.pk}/status", {"status": known.steps.popleft()})
        else:
            self._create()

    def _list(self) -> None:
        self._ask("GET", self.dice.choice(LISTS).url(self.dice, self.sizes))

    def _read(self) -> None:
        self._ask("GET", f"/orders/{self.dice.choice(self.known).pk}")

    def _ask(self, method: str, path: str, body: Any = None, key: str = "", status: int = 200) -> bytes:
        return self.till.ask(method, path, body, key, status)()


class Watch:
    """Looks at the workers again and again, while clients have so many requests served."""

    def __init__(self, stage: Stage, clients: int, lines: int, requests: int, tell: Callable[[str], object]) -> None:
        self.stage, self.clients, self.lines, self.requests, self.tell = stage, clients, lines, requests, tell
        self.workers = sorted(stage.application.children())
        self.samples: list[Sample] = []
        # A number for each client, which alone writes it.
        self.served: Any = FORKING.RawArray("l", clients)
        self.began = 0.0

    def run(self) -> list[Sample]:
        """From the first request to the last. Raises `Unexpected` when a worker was replaced meanwhile."""
        side_by_side(self.clients, float("inf"), self._take, self._sample, self._look)
        self._sample()
        return self.samples

    def _take(self, number: int) -> Job:
        line = Line(self.stage.application.port)
        till = Till(f"m{number}", line, self.stage.token(), self.stage.shop, self.lines, [])
        return Job(iter(()), self._counted(number, Customer(self.stage, till)))

    def _counted(self, number: int, customer: Customer) -> Iterator[Call]:
        for call in customer.calls(lambda: sum(self.served) < self.requests):
            yield call
            self.served[number] += 1

    def _look(self, working: Working) -> None:
        each = max(1, self.requests // SAMPLES)
        due = each
        while working():
            time.sleep(0.1)
            if sum(self.served) >= due:
                self._sample()
                due = (sum(self.served) // each + 1) * each

    def _sample(self) -> None:
        if sorted(self.stage.application.children()) != self.workers:
            raise Unexpected("A worker ended, and another took its place.")
        now = time.monotonic()
        self.began = self.began or now
        resident = [resident_megabytes(pid) for pid in self.workers]
        proportional = [proportional_megabytes(pid) for pid in self.workers]
        sample = Sample(sum(self.served), now - self.began, resident, proportional)
        self.samples.append(sample)
        if len(self.samples) % 10 == 1:
            megabytes = ", ".join(f"{each:.1f}" for each in resident)
            self.tell(f"{sample.requests:>9,} requests {sample.seconds:7.0f} s   {megabytes} MB")
