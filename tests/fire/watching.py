"""What whoever waits sees: a line that moves while a scenario runs, and a table at the end."""

import time
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from tests.fire.clients import Crowd

COLUMNS = {
    "seconds": "s",
    "requests": "sent",
    "acknowledged": "done",
    "refused": "refused",
    "unavailable": "503",
    "unanswered": "silent",
    "lost": "lost",
    "doubled": "doubled",
    "oversold": "oversold",
}


class Watch:
    """The progress of a run, redrawn by itself on a terminal; elsewhere one line for each scenario."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.title = self.doing = ""
        self.crowd: Crowd | None = None
        self._since = time.monotonic()
        self._spinner = Spinner("dots")

    def live(self) -> Live:
        return Live(get_renderable=self._line, console=self.console, refresh_per_second=8, transient=True)

    def begin(self, title: str) -> None:
        self.title, self.doing, self.crowd, self._since = title, "", None, time.monotonic()

    def _line(self) -> Spinner:
        tally = self.crowd.tally if self.crowd else {}
        counts = " · ".join(f"{number} {name}" for name, number in tally.items() if number)
        parts = (self.title, f"{time.monotonic() - self._since:.0f} s", self.doing, counts)
        self._spinner.update(text=Text(" · ".join(part for part in parts if part), overflow="ellipsis", no_wrap=True))
        return self._spinner

    def tell(self, report: dict[str, Any]) -> None:
        """The outcome of one scenario."""
        figures, findings = report["figures"], report["findings"]
        counts = " · ".join(f"{figures.get(name, '')} {title}" for name, title in COLUMNS.items())
        verdict = "[bold red]FAILED[/]" if findings else "[green]ok[/]"
        self.console.print(f"{verdict} {self.title} · {counts}", soft_wrap=True, highlight=False)
        for sentence in findings:
            self.console.print(Text(f"   {sentence}", style="red"), soft_wrap=True)

    def skip(self, reason: str) -> None:
        self.console.print(f"[yellow]skipped[/] {self.title}: {reason}", soft_wrap=True, highlight=False)


def table(reports: list[dict[str, Any]]) -> Table:
    """All scenarios, a line each."""
    drawn = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for name in ("database", "scenario"):
        drawn.add_column(name)
    for title in (*COLUMNS.values(), "findings"):
        drawn.add_column(title, justify="right")
    for report in reports:
        figures = report["figures"]
        cells = [str(figures.get(name, "")) for name in ("database", "scenario", *COLUMNS)]
        style = "red" if report["findings"] else None
        drawn.add_row(*cells, str(len(report["findings"])), style=style)
    return drawn
