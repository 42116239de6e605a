"""What every report has in common: a table to look at, JSON to keep, Markdown for the docs."""

import json
import os
import platform
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, ClassVar

from rich.console import RenderableType
from rich.table import Table

from bench import chart
from bench.measures import pace

PRODUCTS = {"mariadb": "MariaDB", "mysql": "MySQL", "postgresql": "PostgreSQL", "sqlite": "SQLite"}


class Paper:
    """The figures of one run, on one database."""

    kind: ClassVar[str] = ""  # what its files are called after the database's name

    def __init__(self, db: str, version: str, options: dict[str, Any]) -> None:
        self.db, self.version, self.options = db, version, options
        self.paces = [pace()]

    def table(self) -> RenderableType:
        """For whoever waits."""
        raise NotImplementedError

    def markdown(self) -> str:
        """For docs/PERFORMANCE.md."""
        raise NotImplementedError

    def figures(self) -> dict[str, Any]:
        """All that was measured."""
        raise NotImplementedError

    def end(self) -> "Paper":
        """All has been measured: how fast is the machine now?"""
        self.paces.append(pace())
        return self

    def keep(self, folder: Path) -> list[Path]:
        """Write the figures; the files that they are in."""
        folder.mkdir(parents=True, exist_ok=True)
        name = "-".join(filter(None, (self.db, self.kind)))
        about = {"kind": self.kind, "db": self.db, "version": self.version, "database": self.database()}
        kept = about | {"options": self.options, "machine": machine() | {"pace_ms": self.paces}} | self.figures()
        paths = [folder / f"{name}.json", folder / f"{name}.md"]
        paths[0].write_text(json.dumps(kept, indent=1) + "\n")
        paths[1].write_text(self.markdown())
        return [*paths, *chart.draw(kept, folder / f"{name}.png")]

    def database(self) -> str:
        """Its name and version, without what its packager adds."""
        return f"{PRODUCTS[self.db]} {self.version.split()[0].partition('-')[0]}"

    def machine(self) -> str:
        """In words, with how fast it was before and after."""
        first, last = (f"{each:.0f}" for each in (self.paces[0], self.paces[-1]))
        return (
            f"{os.cpu_count()} cores ({processor() or 'unknown'}); a fixed sum took {first} ms before, {last} ms after."
        )


def machine() -> dict[str, Any]:
    return {"cores": os.cpu_count(), "processor": processor(), "python": platform.python_version()}


def processor() -> str:
    """What the processor calls itself, "" where the kernel does not say."""
    said = Path("/proc/cpuinfo")
    lines = said.read_text().splitlines() if said.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def sheet(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], words: int = 1) -> Table:
    """A table for the console: so many columns of words, then numbers."""
    shown = Table(*columns, title=title or None, show_edge=False)
    for row in rows:
        shown.add_row(*row)
    for column in shown.columns[words:]:
        column.justify, column.no_wrap = "right", True
    return shown


def written(columns: Sequence[str], rows: Iterable[Sequence[str]], words: int = 1) -> str:
    """The same table in Markdown."""
    rule = ["---"] * words + ["--:"] * (len(columns) - words)
    return "\n".join(f"| {' | '.join(line)} |" for line in (columns, rule, *rows)) + "\n"
