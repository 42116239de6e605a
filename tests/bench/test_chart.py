"""The picture of the figures is drawn where it can be, and missed by nothing where it cannot."""

from dataclasses import asdict

import pytest

from bench import chart
from bench.works import WORKS

MACHINE = {"cores": 2, "processor": "", "python": "3.12", "pace_ms": [30.0, 31.0]}


def kept_figures():
    def row(name, kind, **more):
        cpu = {"application_cpu_ms": 2.0, "database_cpu_ms": None}
        return {"work": name, "name": name, "kind": kind, "per_second": 100.0, "of_the_floor": None} | cpu | more

    placed = row("create", "product", of_the_floor=0.4, goal=asdict(WORKS["create"].goal), reached=0.4)
    read = row("read", "product", goal=asdict(WORKS["read"].goal), reached=3.5)
    summary = [placed, row("create", "floor"), read, row("read", "bare")]
    options = {"clients": 8, "rounds": 1, "seconds": 1.0}
    return {"kind": "", "database": "SQLite 3.46", "machine": MACHINE, "options": options, "summary": summary}


def test_without_the_library_there_is_no_chart_and_no_failure(monkeypatch, tmp_path):
    monkeypatch.setattr(chart, "find_spec", lambda _name: None)

    drawn = chart.draw(kept_figures(), tmp_path / "chart.png")

    assert drawn == []
    assert "matplotlib is not installed" in str(chart.missing())


def test_a_chart_is_drawn_of_a_run_on_a_database_without_processor_time_of_its_own(tmp_path):
    pytest.importorskip("matplotlib")

    [drawn] = chart.draw(kept_figures(), tmp_path / "chart.png")

    assert drawn.read_bytes().startswith(b"\x89PNG")
