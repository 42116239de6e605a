"""The figures as a picture. From figures that were kept: `python -m bench.chart build/bench/mariadb.json chart.png`.

matplotlib draws it (requirements/bench.txt); without it everything else is as it is, and there is no picture.
"""

import json
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

APPLICATION, DATABASE, GOAL, INK, QUIET = "#2f6f9f", "#e3943d", "#b3261e", "#22303a", "#5d6b75"
PALE_APPLICATION, PALE_DATABASE = "#a9c4d6", "#f2cfa3"
WORKERS = ("#2f6f9f", "#e3943d", "#3c8d5f", "#6a4c93")
BAR, BENEATH = 0.42, 0.22  # how thick a bar is, and the one beneath it that it is compared with
GOAL_TICK = 0.34  # half of its length
_TITLE: dict[str, Any] = {"loc": "left", "fontsize": 12, "color": INK}
_BESIDE: dict[str, Any] = {
    "xytext": (7, 0), "textcoords": "offset points", "va": "center", "fontsize": 10, "color": INK,
    "bbox": {"facecolor": "white", "edgecolor": "none", "pad": 1},
}  # fmt: skip


def missing() -> str | None:
    """Why no chart can be drawn; None when it can."""
    return None if find_spec("matplotlib") else "The chart is left out: matplotlib is not installed."


def draw(kept: dict[str, Any], path: Path) -> list[Path]:
    """Draw what there is a chart of; the files that were written."""
    drawn = {"": _rounds, "memory": _memory}.get(kept["kind"])
    if drawn is None or missing():
        return []
    drawn(kept).savefig(path, dpi=110, facecolor="white")
    return [path]


def _rounds(kept: dict[str, Any]) -> Any:
    """Beside the floor on the left; processor time on the right."""
    rows = [row for row in kept["summary"] if row["kind"] == "product"]
    given = kept["options"]
    how = f"{given['clients']} clients, medians of {given['rounds']} rounds of {given['seconds']:g} s"
    figure = _figure(kept, how, height=2.2 + 0.62 * len(rows))
    left, right = figure.subplots(1, 2, sharey=True)
    _rates(left, rows)
    _processor_time(right, rows, kept["summary"])
    left.set_yticks(range(len(rows)), [row["work"] for row in rows], color=INK, fontsize=10.5)
    left.set_ylim(len(rows) - 0.4, -0.6)  # The first on top.
    for axes in (left, right):
        axes.tick_params(axis="y", length=0)
        axes.spines[["top", "right"]].set_visible(False)
    figure.legend(loc="outside lower center", ncols=6, frameon=False, fontsize=9.5)
    return figure


def _rates(axes: Any, rows: list[dict[str, Any]]) -> None:
    furthest = [1.0]
    for at, row in enumerate(rows):
        ratio = row["of_the_floor"]
        if ratio is None:
            axes.annotate(
                f"{row['per_second']:,.0f}/s: nothing to place, see its goal on the right", (0, at), **_BESIDE
            )
            continue
        axes.barh(at, ratio, color=APPLICATION, height=BAR)
        goal = ratio * row["goal"]["times"] / row["reached"]  # Whatever it is told in: here, in parts of the floor.
        _goal(axes, goal, at)
        furthest.append(max(goal, ratio))
        axes.annotate(f"{ratio:.2f}   {row['per_second']:,.0f}/s", (furthest[-1], at), **_BESIDE)
    axes.axvline(1, color=QUIET, linewidth=1, linestyle=":", zorder=0)
    axes.set_xlim(0, 1.3 * max(furthest))
    axes.set_xlabel("times as many orders a second as the bare driver places")
    axes.set_title("Rate, beside the bare driver", **_TITLE)


def _processor_time(axes: Any, rows: list[dict[str, Any]], summary: list[dict[str, Any]]) -> None:
    beside = {row["name"]: row for row in summary if row["kind"] != "product"}
    longest = 0.0
    for at, row in enumerate(rows):
        ends = _stacked(axes, row, at, BAR, (APPLICATION, DATABASE))
        axes.annotate(f"{ends:.2f} ms", (ends, at), **_BESIDE)
        longest = max(longest, ends)
        if other := beside.get(row["name"]):
            _stacked(axes, other, at + (BAR + BENEATH) / 2, BENEATH, (PALE_APPLICATION, PALE_DATABASE))
            if row["goal"]["of"] == "bare":
                _goal(axes, row["goal"]["times"] * other["application_cpu_ms"], at)
    axes.set_xlim(0, 1.2 * longest)
    axes.set_xlabel("milliseconds of processor time for one order, or for one answer")
    axes.set_title("Processor time", **_TITLE)
    named = (("application", APPLICATION), ("database", DATABASE))
    for name, colour in (*named, ("bare driver or bare WSGI", PALE_APPLICATION), ("its database", PALE_DATABASE)):
        axes.barh(0, 0, color=colour, label=name)
    axes.plot([], [], color=GOAL, linewidth=2.5, label="goal (on the right: of the application)")


def _stacked(axes: Any, row: dict[str, Any], at: float, height: float, colours: tuple[str, str]) -> float:
    """The application's part and the database's, one after the other; where they end."""
    application, database = row["application_cpu_ms"], row["database_cpu_ms"] or 0.0
    axes.barh(at, application, color=colours[0], height=height)
    axes.barh(at, database, left=application, color=colours[1], height=height)
    return float(application + database)


def _memory(kept: dict[str, Any]) -> Any:
    """What each worker held, from the first request to the last."""
    samples, goals = kept["samples"], kept["goals"]
    figure = _figure(kept, f"{kept['options']['clients']} clients, mixed requests", height=5)
    axes = figure.subplots()
    served = [sample["requests"] for sample in samples]
    for worker, row in enumerate(kept["summary"]):
        colour = WORKERS[worker % len(WORKERS)]
        words = f"worker {worker + 1}: {row['drift_percent']:+.1f} % once warm"
        axes.plot(served, [sample["resident"][worker] for sample in samples], color=colour, linewidth=1.8, label=words)
        around = [row["warm_mb"] * (1 + sign * goals["drift_percent"] / 100) for sign in (-1, 1)]
        axes.fill_between([goals["warm_part"] * served[-1], served[-1]], *around, color=colour, alpha=0.12, linewidth=0)
    axes.axhline(goals["most_mb"], color=GOAL, linewidth=2, label=f"goal: {goals['most_mb']} MB at most")
    axes.fill_between([], [], color=QUIET, alpha=0.2, label=f"goal: within {goals['drift_percent']:g} % once warm")
    axes.set_ylim(0, 1.15 * max(goals["most_mb"], *(row["most_mb"] for row in kept["summary"])))
    axes.set_xlim(0, served[-1])
    axes.xaxis.set_major_formatter(lambda value, _at: f"{value:,.0f}")
    axes.set_xlabel("requests served")
    axes.set_ylabel("megabytes resident")
    axes.set_title("Memory of each worker", **_TITLE)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="lower right", frameon=False, fontsize=9)
    return figure


def _figure(kept: dict[str, Any], how: str, height: float) -> Any:
    """An empty one that says what was measured, and where."""
    figure = import_module("matplotlib.figure").Figure(figsize=(13, height), layout="constrained")
    machine = kept["machine"]
    where = f"{machine['cores']} cores ({machine['processor'] or 'processor unknown'}), Python {machine['python']}"
    where += f", a fixed sum in {machine['pace_ms'][-1]:.0f} ms"
    figure.suptitle(f"Order Desk on {kept['database']}\n{where}; {how}", fontsize=13, color=INK)
    return figure


def _goal(axes: Any, value: float, at: float) -> None:
    axes.plot([value, value], [at - GOAL_TICK, at + GOAL_TICK], color=GOAL, linewidth=2.5, solid_capstyle="butt")


def main() -> None:
    source, target = map(Path, sys.argv[1:])
    if words := missing():
        sys.exit(words)
    draw(json.loads(source.read_text()), target)


if __name__ == "__main__":
    main()
