"""Short rounds in turn: the product, then the floor, then the next work, and all of it again.

Whatever else this machine is doing then slows both alike, and the ratio of two neighbours stands.
"""

import itertools
import json
import random
import secrets
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

from bench.clients import Call, Did, Job, Line, Unexpected, request, side_by_side
from bench.floor import open_floor
from bench.stage import Meter, Stage
from bench.works import WORKS, Till, Work, placing, some
from tests.fire.application import Application

WARM_UP = 4  # calls of each client: every thread of the server has its connection then
MAX_A_SECOND = 2_000  # calls: that many requests (and orders, for work that uses them up) are made beforehand
READABLE = 5_000  # orders that there are to read, at least
TOGETHER = 50  # orders in a transaction when they are only made to be used up


@dataclass(frozen=True, slots=True)
class Round:
    """One short run, of the product or of what it is compared with."""

    work: str
    kind: str  # product, floor or bare
    calls: int
    orders_per_second: float
    latencies: list[float]  # seconds of each call, sorted
    least: int  # calls of the client that had fewest
    most: int
    again: int
    client_cpu: float  # milliseconds per order, as the three that follow
    application_cpu: float
    database_cpu: float | None
    redis_cpu: float
    statements: float | None  # per order


class Rounds:
    """Measures works on a stage, for so many clients, so long at a time."""

    def __init__(self, stage: Stage, clients: int, seconds: float, lines: int) -> None:
        self.stage, self.clients, self.seconds, self.lines = stage, clients, seconds, lines
        self._readable: list[int] = []

    def missing(self, work: Work) -> bool:
        """Does the application not know the route that this work needs?"""
        method, path = work.probe
        try:
            if path:
                Line(self.stage.application.port).ask(request(method, path, self.stage.token(), b"{}"), 404)
        except Unexpected:
            return False
        return bool(path)

    def product(self, name: str) -> Round:
        """One round of the application."""
        return self._served(name, "product", self.stage.application)

    def beside(self, name: str) -> Round:
        """One round of what this work is compared with."""
        kind = WORKS[name].beside
        return self._floor(name) if kind == "floor" else self._served(name, kind, self.stage.bare)

    def _served(self, name: str, kind: str, server: Application) -> Round:
        work, token, round_ = WORKS[name], self.stage.token(), secrets.token_hex(4)
        orders = self._orders(work)

        def take(number: int) -> Job:
            line = Line(server.port)
            mine = orders[number :: self.clients] if work.uses_up else orders
            till = Till(f"{round_}-{number}", line, token, self.stage.shop, work.lines or self.lines, mine)
            calls = work.calls(till)
            warm_up = work.warm_up(till) if work.warm_up else iter(list(itertools.islice(calls, WARM_UP)))
            return Job(warm_up, self._made_before(calls, work))

        return self._measure(name, kind, take, server)

    def _floor(self, name: str) -> Round:
        """The driver alone, in as many processes."""
        work = WORKS[name]

        def take(_number: int) -> Job:
            floor = open_floor(self.stage.settings, self.stage.shop)
            calls = placing(floor, work.lines or self.lines, hot=work.hot)
            warm_up = iter(list(itertools.islice(calls, WARM_UP)))
            return Job(warm_up, self._made_before(calls, work), lambda: floor.again)

        return self._measure(name, "floor", take, self.stage.application)

    def _made_before(self, calls: Iterator[Call], work: Work) -> Iterator[Call]:
        """The same calls, of which as many as may be made in the time are put into words before the clock starts."""
        most = MAX_A_SECOND * self.seconds / (self.clients * work.per_call)
        return itertools.chain(list(itertools.islice(calls, int(most) + 1)), calls)

    def profile(self, names: list[str]) -> str:
        """Where the processor time of these works goes, in one process without a server."""
        shop, lines, orders = (
            json.dumps(asdict(self.stage.shop)),
            str(self.lines),
            ",".join(map(str, self._stock_up(1_000 * len(names)))),
        )
        return self.stage.application.run(
            "-m", "bench.profiling", *names,
            BENCH_SHOP=shop, BENCH_TOKEN=self.stage.token(), BENCH_LINES=lines, BENCH_ORDERS=orders,
        )  # fmt: skip

    def _measure(self, name: str, kind: str, take: Callable[[int], Job], server: Application) -> Round:
        before: list[Meter] = []
        did = side_by_side(self.clients, self.seconds, take, lambda: before.append(self.stage.meter(server)))
        return _round(name, kind, did, before[0], self.stage.meter(server))

    def _orders(self, work: Work) -> list[int]:
        if work.uses_up:
            return self._stock_up(int(work.uses_up * MAX_A_SECOND * self.seconds))
        if not self._readable:
            self._readable = self._stock_up(READABLE)
        return self._readable

    def _stock_up(self, count: int) -> list[int]:
        """Orders made by the driver, many in a transaction, not measured; in no order of theirs."""
        floor = open_floor(self.stage.settings, self.stage.shop)
        shop = self.stage.shop
        made: list[int] = []
        while len(made) < count:
            wanted = [dict(sorted(some(shop, self.lines, hot=False).items())) for _ in range(TOGETHER)]
            made += floor.place_many([(random.choice(shop.customers), each, secrets.token_hex(12)) for each in wanted])
        floor.connection.close()
        random.shuffle(made)
        return made


def _round(name: str, kind: str, did: list[Did], before: Meter, after: Meter) -> Round:
    counts = [len(each.latencies) for each in did]
    orders = sum(counts) * (1 if kind == "floor" else WORKS[name].per_call)
    per_order = 1000 / max(1, orders)
    return Round(
        work=name,
        kind=kind,
        calls=sum(counts),
        orders_per_second=sum(orders / sum(counts) * len(each.latencies) / each.seconds for each in did),
        latencies=sorted(latency for each in did for latency in each.latencies),
        least=min(counts),
        most=max(counts),
        again=sum(each.again for each in did),
        client_cpu=sum(each.cpu for each in did) * per_order,
        application_cpu=(after.application - before.application) * per_order,
        database_cpu=_between(before.database, after.database, per_order),
        redis_cpu=(after.redis - before.redis) * per_order,
        statements=_between(before.statements, after.statements, per_order / 1000),
    )


def _between(before: float | None, after: float | None, part: float) -> float | None:
    """This part of what was used meanwhile, where that is known."""
    return None if before is None or after is None else (after - before) * part
