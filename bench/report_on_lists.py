"""What the lists cost, and which of them cost more than they may."""

from typing import Any, ClassVar

from rich.console import Group

from bench.asking import ASKED, GOAL_MS, GOAL_RATIO, Deep, Took
from bench.lists import FILTERS, Case, Sizes
from bench.papers import Paper, sheet, written

SHOWN = 8  # of the slowest that keep within the goal
COSTS = ("p50 ms", "p95 ms", "slowest", "CPU ms: app", "database")
COLUMNS = ("list", "filter", "ordering", "walk", "rows", *COSTS, "")
SIDE = ("CPU: app", "database")
DEPTHS = ("list", "ordering", "page", "page 1: p50 ms", *SIDE, "that page: p50 ms", *SIDE, "ratio", "of CPU", "")
SUMMARY = ("list", "cases", f"over {GOAL_MS:.0f} ms", "slowest p95, ms", "which")


class ListsReport(Paper):
    """Each case that was asked for, and each ordering's deep page."""

    kind: ClassVar[str] = "lists"

    def __init__(self, db: str, version: str, options: dict[str, Any], sizes: Sizes) -> None:
        super().__init__(db, version, options)
        self.sizes = sizes
        self.cases: list[dict[str, Any]] = []
        self.depths: list[dict[str, Any]] = []

    def add(self, case: Case, took: Took) -> str:
        """Keep it; a line for whoever waits."""
        about = {"list": case.path, "filter": case.filtered, "ordering": case.ordered, "walk": case.walk}
        row: dict[str, Any] = about | took.figures()
        row["over"] = row["p95_ms"] > GOAL_MS
        self.cases.append(row)
        return f"{case.name:<52} p95 {row['p95_ms']:8.1f} ms {_mark(row)}"

    def add_depth(self, deep: Deep, first: Took, far: Took) -> str:
        """Keep it; a line for whoever waits."""
        row: dict[str, Any] = {"list": deep.path, "ordering": deep.ordered, "page": deep.page}
        row |= {"first": first.figures(), "deep": far.figures()}
        row["ratio"] = row["deep"]["p50_ms"] / row["first"]["p50_ms"]
        row["cpu_ratio"] = _cpu(row["deep"]) / _cpu(row["first"])
        row["over"] = row["ratio"] > GOAL_RATIO
        self.depths.append(row)
        return f"{deep.name:<40} page {deep.page:>6,}: {row['ratio']:.2f} times page 1 {_mark(row)}"

    def table(self) -> Group:
        slow = [row for row in self.cases if row["over"]]
        rest = sorted((row for row in self.cases if not row["over"]), key=lambda row: -row["p95_ms"])
        shown = [*slow, *rest[:SHOWN]]
        return Group(
            self._title(),
            sheet("", SUMMARY, self._summary()),
            "",
            sheet(f"Over {GOAL_MS:.0f} ms, and the slowest of the others", COLUMNS, map(_cells, shown), 4),
            "",
            sheet(_depth_title(), DEPTHS, map(_depth_cells, self.depths), 2),
        )

    def markdown(self) -> str:
        return "\n".join(
            [
                f"{self._title()}\n",
                written(SUMMARY, self._summary()),
                written(COLUMNS, map(_cells, self.cases), 4),
                f"{_depth_title()}\n",
                written(DEPTHS, map(_depth_cells, self.depths), 2),
            ]
        )

    def figures(self) -> dict[str, Any]:
        goals = {"p95_ms": GOAL_MS, "deep_page_ratio": GOAL_RATIO}
        return {"goals": goals, "cases": self.cases, "depths": self.depths}

    def _summary(self) -> list[list[str]]:
        rows = []
        for path in FILTERS:
            of_it = [row for row in self.cases if row["list"] == path]
            slowest = max(of_it, key=lambda row: row["p95_ms"])
            over, which = sum(row["over"] for row in of_it), f"{slowest['filter']} {slowest['ordering']}".strip()
            rows.append([f"GET {path}", str(len(of_it)), str(over), f"{slowest['p95_ms']:.1f}", which])
        return rows

    def _title(self) -> str:
        sizes = self.sizes
        return (
            f"{self.database()}, one client, {sizes.orders:,} orders, {sizes.customers:,} customers,"
            f" {sizes.products:,} products, each case asked {ASKED} times. {self.machine()}"
        )


def _depth_title() -> str:
    return f"A page far down by cursor and the first one; the goal is {GOAL_RATIO:.2f} times its p50"


def _cpu(figures: dict[str, float]) -> float:
    return figures["application_cpu_ms"] + figures["database_cpu_ms"]


def _mark(row: dict[str, Any]) -> str:
    return "over" if row["over"] else ""


def _cells(row: dict[str, Any]) -> list[str]:
    times = [f"{row[name]:,.1f}" for name in ("p50_ms", "p95_ms", "slowest_ms")]
    work = [f"{row[name]:.2f}" for name in ("application_cpu_ms", "database_cpu_ms")]
    about = [f"GET {row['list']}", row["filter"], row["ordering"] or "–", row["walk"]]
    return [*about, f"{row['rows']:.1f}", *times, *work, _mark(row)]


def _depth_cells(row: dict[str, Any]) -> list[str]:
    names = ("p50_ms", "application_cpu_ms", "database_cpu_ms")
    sides = [f"{row[side][name]:.{1 if name == 'p50_ms' else 2}f}" for side in ("first", "deep") for name in names]
    ratios = [f"{row['ratio']:.2f}", f"{row['cpu_ratio']:.2f}"]
    return [f"GET {row['list']}", row["ordering"], f"{row['page']:,}", *sides, *ratios, _mark(row)]
