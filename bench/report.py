"""What the rounds of a run come to, beside the floor."""

import statistics
from dataclasses import asdict
from typing import Any

from rich.table import Table

from bench.measures import median, percentile
from bench.papers import Paper, sheet, written
from bench.rounds import Round
from bench.works import WORKS

COLUMNS = (
    "work", "per second", "(range)", "of the floor", "p50 ms", "p95 ms", "p99 ms",
    "CPU ms: app", "database", "redis", "statements", "fair", "goal", "reached",
)  # fmt: skip


class Report(Paper):
    """The rounds of a run, and what they come to."""

    def __init__(self, db: str, version: str, options: dict[str, Any]) -> None:
        super().__init__(db, version, options)
        self.rounds: list[Round] = []
        self.memory: list[float] = []
        self.audit = ""

    def add(self, round_: Round) -> None:
        self.rounds.append(round_)

    def line(self, number: int, name: str) -> str:
        """The last round of this work, in a line, for whoever waits."""
        product, beside = self._of(name)[-1], self._of(name, WORKS[name].beside)[-1:]
        against = "".join(f"   {each.kind} {each.orders_per_second:7.0f}/s" for each in beside)
        return (
            f"round {number}  {name:<9}{product.orders_per_second:7.0f}/s"
            f"   {product.application_cpu:.2f} + {product.database_cpu or 0:.2f} ms{against}"
        )

    def summary(self) -> list[dict[str, Any]]:
        """A row for each work, and one for each floor."""
        names = dict.fromkeys(round_.work for round_ in self.rounds)
        kinds = ("product", "floor", "bare")
        return [self._row(name, kind) for name in names for kind in kinds if self._of(name, kind)]

    def table(self) -> Table:
        shown = sheet(f"{self.database()}, {self._conditions()}", COLUMNS, map(_cells, self.summary()))
        checks = len(self.audit.splitlines())
        books = f"The books balance ({checks} checks of check_ledger)."
        shown.caption = f"{self.machine()} {self._memory()} {books}"
        return shown

    def markdown(self) -> str:
        table = written(COLUMNS, map(_cells, self.summary()))
        return f"{self.database()}, {self._conditions()}. {self.machine()} {self._memory()}\n\n{table}"

    def figures(self) -> dict[str, Any]:
        rounds = [{k: v for k, v in asdict(round_).items() if k != "latencies"} for round_ in self.rounds]
        return {"summary": self.summary(), "memory_mb": self.memory, "audit": self.audit, "rounds": rounds}

    def _of(self, name: str, kind: str = "product") -> list[Round]:
        return [round_ for round_ in self.rounds if round_.work == name and round_.kind == kind]

    def _row(self, name: str, kind: str) -> dict[str, Any]:
        rounds, lines = self._of(name, kind), self.options["lines"]
        rates = [round_.orders_per_second for round_ in rounds]
        latencies = sorted(latency for round_ in rounds for latency in round_.latencies)
        return {
            "work": WORKS[name].title.format(lines=lines) if kind == "product" else f"  {kind}",
            "name": name,
            "kind": kind,
            "per_second": statistics.median(rates),
            "slowest": min(rates),
            "fastest": max(rates),
            "of_the_floor": self._ratio(name, rounds) if kind == "product" else None,
            **{f"p{part}_ms": percentile(latencies, part / 100) * 1000 for part in (50, 95, 99)},
            "application_cpu_ms": median(r.client_cpu if kind == "floor" else r.application_cpu for r in rounds),
            "database_cpu_ms": median(r.database_cpu for r in rounds),
            "redis_cpu_ms": median(r.redis_cpu for r in rounds),
            "client_cpu_ms": median(r.client_cpu for r in rounds),
            "statements": median(r.statements for r in rounds),
            **(self._goal(name, rounds) if kind == "product" else {"goal": None, "reached": None, "met": None}),
            "fairness": min(r.least / max(1, r.most) for r in rounds),
            "again": sum(r.again for r in rounds),
        }

    def _ratio(self, name: str, rounds: list[Round]) -> float | None:
        """How its rate compares with the floor's: the median of the ratios of neighbours. Reading has no floor."""
        if WORKS[name].beside == "bare":
            return None
        return _times(rounds, self._of(name, "floor") or self._of("create", "floor"))

    def _goal(self, name: str, rounds: list[Round]) -> dict[str, Any]:
        """What this work is to reach, what it has reached, and whether that is enough."""
        goal = WORKS[name].goal
        beside = {"floor": self._ratio, "bare": self._cpu_ratio, "create": self._of_creation}[goal.of]
        reached = beside(name, rounds) or 0.0
        return {"goal": asdict(goal), "reached": reached, "met": goal.met(reached)}

    def _of_creation(self, _name: str, rounds: list[Round]) -> float | None:
        return _times(rounds, self._of("create"))

    def _cpu_ratio(self, name: str, rounds: list[Round]) -> float | None:
        """How many times the processor time of the bare application it takes."""
        pairs = zip(rounds, self._of(name, "bare"), strict=False)
        return median(product.application_cpu / bare.application_cpu for product, bare in pairs)

    def _conditions(self) -> str:
        given = self.options
        return f"{given['clients']} clients, {given['rounds']} rounds of {given['seconds']:g} s"

    def _memory(self) -> str:
        return "Workers: " + ", ".join(f"{megabytes:.0f} MB" for megabytes in self.memory) + "."


def _times(rounds: list[Round], beside: list[Round]) -> float | None:
    """How many times the rate of its neighbours: the median."""
    pairs = zip(rounds, beside, strict=False)
    return median(one.orders_per_second / other.orders_per_second for one, other in pairs)


def _goal_cells(row: dict[str, Any]) -> list[str]:
    goal = row["goal"]
    if goal is None:
        return ["–", "–"]
    sign, of = ("≤", "bare's CPU") if goal["of"] == "bare" else ("≥", goal["of"])
    return [f"{sign} {goal['times']:g} × {of}", f"{row['reached']:.2f}{'' if row['met'] else ', no'}"]


def _cells(row: dict[str, Any]) -> list[str]:
    def number(name: str, form: str) -> str:
        return "–" if row[name] is None else format(row[name], form)

    return [
        row["work"],
        number("per_second", ",.0f"),
        f"{row['slowest']:,.0f}–{row['fastest']:,.0f}",
        number("of_the_floor", ".2f"),
        *(number(f"p{part}_ms", ".1f") for part in (50, 95, 99)),
        *(number(f"{program}_cpu_ms", ".2f") for program in ("application", "database", "redis")),
        number("statements", ".1f"),
        number("fairness", ".2f"),
        *_goal_cells(row),
    ]
