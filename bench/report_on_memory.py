"""What the workers held in memory from the first request to the last."""

from dataclasses import asdict
from typing import Any, ClassVar

from rich.console import Group

from bench.memory import MIX, Sample
from bench.papers import Paper, sheet, written

WARM = 0.10  # of the requests: by then caches and pools are filled
GOAL_MB, GOAL_DRIFT = 130, 3.0  # per cent, between then and the end
COLUMNS = ("worker", "at first", "warm", "at the end", "most", "drift", "shared in parts", "")


class MemoryReport(Paper):
    """A row for each worker."""

    kind: ClassVar[str] = "memory"

    def __init__(self, db: str, version: str, options: dict[str, Any], samples: list[Sample]) -> None:
        super().__init__(db, version, options)
        self.samples = samples

    def summary(self) -> list[dict[str, Any]]:
        first, last = self.samples[0], self.samples[-1]
        warm = next(sample for sample in self.samples if sample.requests >= WARM * last.requests)
        rows = []
        for worker in range(len(last.resident)):
            held = [sample.resident[worker] for sample in self.samples]
            drift = (last.resident[worker] / warm.resident[worker] - 1) * 100
            rows.append(
                {
                    "first_mb": first.resident[worker],
                    "warm_mb": warm.resident[worker],
                    "last_mb": last.resident[worker],
                    "most_mb": max(held),
                    "drift_percent": drift,
                    "proportional_mb": last.proportional[worker],
                    "over": max(held) > GOAL_MB or abs(drift) > GOAL_DRIFT,
                }
            )
        return rows

    def table(self) -> Group:
        return Group(self._title(), sheet("", COLUMNS, self._cells()))

    def markdown(self) -> str:
        return f"{self._title()}\n\n{written(COLUMNS, self._cells())}"

    def figures(self) -> dict[str, Any]:
        goals = {"most_mb": GOAL_MB, "drift_percent": GOAL_DRIFT, "warm_part": WARM}
        return {
            "goals": goals,
            "mix": MIX,
            "summary": self.summary(),
            "samples": [asdict(each) for each in self.samples],
        }

    def _cells(self) -> list[list[str]]:
        rows = []
        for number, row in enumerate(self.summary(), start=1):
            held = [f"{row[name]:.1f} MB" for name in ("first_mb", "warm_mb", "last_mb", "most_mb")]
            rest = [f"{row['drift_percent']:+.1f} %", f"{row['proportional_mb']:.1f} MB", "over" if row["over"] else ""]
            rows.append([str(number), *held, *rest])
        return rows

    def _title(self) -> str:
        last, clients = self.samples[-1], self.options["clients"]
        mix = ", ".join(f"{kind} {part}" for kind, part in MIX.items())
        return (
            f"{self.database()}, {clients} clients, {last.requests:,} requests in {last.seconds:.0f} s, mixed ({mix} of"
            f" 100); the goal is {GOAL_MB} MB at most, within {GOAL_DRIFT:g} % once warm. {self.machine()}"
        )
