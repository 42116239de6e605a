"""`manage.py import_olist FOLDER`: orders in Olist's CSV format, brought in through the services of everybody."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from apps.common.commands import DeskCommand
from apps.orders.importing.intake import ImportSummary, OlistImport
from apps.orders.importing.sheets import Unreadable

QUIET_SECONDS = 10  # Between two lines about the progress, where there is no terminal to draw on.


class Command(DeskCommand):
    help = (
        "Bring in customers, products and orders from a folder of CSV files in Olist's format. What is here already "
        "stays as it is, so a second run changes nothing and a killed run is continued by the next. A bad row is told "
        "with file, line and reason, and the rest goes on: that alone is no failure. The exit code is 1 when a file "
        "is missing or is not what it should be, or when none of its orders can be used; 3 when the database went away."
    )
    again = "What is in is in; run it again to go on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="the folder with the olist_*_dataset.csv files")
        parser.add_argument("--dry-run", action="store_true", help="check everything, write nothing")

    def handle(self, *, path: Path, dry_run: bool, **options: Any) -> None:
        started = time.monotonic()
        try:
            with Display(self) as display:
                summary = OlistImport(path, display).run(dry_run=dry_run)
        except Unreadable as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt as error:
            raise CommandError(f"Stopped. {self.again}", returncode=130) from error
        self.stdout.write("\n".join(_lines(summary, dry_run, time.monotonic() - started)))
        if (summary.bad_rows or summary.refused) and not summary.orders_new + summary.orders_here:
            raise CommandError("Not one order could be used.")


class Display:
    """Tells how it goes: a bar on a terminal, elsewhere a line now and then."""

    def __init__(self, command: DeskCommand) -> None:
        self.command = command
        console = Console(stderr=True)
        columns = (TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self.bar = Progress(*columns, console=console) if console.is_terminal else None

    def __enter__(self) -> "Display":
        if self.bar:
            self.bar.start()
        return self

    def __exit__(self, *error: object) -> None:
        if self.bar:
            self.bar.stop()

    def report(self, file: str, line: int, reason: str) -> None:
        text = f"{file}:{line}: {reason}"
        if self.bar:
            self.bar.console.print(text, markup=False, highlight=False, soft_wrap=True)
        else:
            self.command.stderr.write(text)

    def begin(self, stage: str, total: int) -> None:
        self.stage, self.total, self.done, self.told_at = stage, total, 0, time.monotonic()
        if self.bar and total:
            self.task = self.bar.add_task(stage, total=total)

    def advance(self, number: int) -> None:
        self.done += number
        if self.bar:
            self.bar.advance(self.task, number)
        elif time.monotonic() - self.told_at >= QUIET_SECONDS:
            self.told_at = time.monotonic()
            self.command.stderr.write(f"{self.stage}: {self.done} of {self.total}")


def _lines(summary: ImportSummary, dry_run: bool, seconds: float) -> list[str]:
    verb = "to bring in" if dry_run else "brought in"
    speed = f", {summary.orders_new / seconds:.0f} orders/s" if summary.orders_new and not dry_run else ""
    return [
        f"customers  {summary.customers_new:>7} {verb}, {summary.customers_here} here already",
        f"products   {summary.products_new:>7} {verb}, {summary.products_here} here already, "
        f"{summary.restocked} restocked, {summary.products_unsold} never sold",
        f"orders     {summary.orders_new:>7} {verb}, {summary.orders_here} here already, "
        f"{summary.without_item} without items, {summary.refused} left out for other reasons",
        f"lines      {summary.lines:>7} {verb}, goods {summary.goods:,.2f}, freight {summary.freight:,.2f}",
        f"bad rows   {summary.bad_rows:>7}",
        f"{'checked, nothing written' if dry_run else 'done'} in {seconds:.1f} s{speed}",
    ]
