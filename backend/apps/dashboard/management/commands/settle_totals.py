"""`manage.py settle_totals`: brings the dashboard's totals by day up to date, makes them again, or checks them."""

import time
from argparse import ArgumentParser
from itertools import islice
from typing import Any

from django.core.management.base import CommandError

from apps.common.commands import DeskCommand
from apps.dashboard import settling

MAX_SHOWN = 20
QUIET_SECONDS = 5  # between two lines about the progress


class Command(DeskCommand):
    help = (
        "Add up the history of the orders into the totals by day that the dashboard reads. The servers do so by "
        "themselves (TOTALS_EVERY); this is for doing it at once, and for making the totals again. May run beside live "
        "traffic, but for --check."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="throw the totals away first")
        parser.add_argument(
            "--wait",
            type=float,
            default=settling.SLACK,
            metavar="SECONDS",
            help="how long a write under way may take; 0 only while nobody writes (default: %(default)s)",
        )
        parser.add_argument(
            "--check",
            action="store_true",
            help="change nothing: compare the totals with the orders, while nobody writes; 1 when they differ",
        )

    def handle(self, *, rebuild: bool, wait: float, check: bool, **options: Any) -> None:
        if check:
            self.check_totals()
            return
        settler = settling.Settler(slack=wait)
        if rebuild:
            settling.forget()
        if wait:
            self.stdout.write(f"Letting writes under way finish ({wait:g} s)…")
            time.sleep(wait)
        told_at = time.monotonic()
        for counted in settler.round():
            if time.monotonic() - told_at >= QUIET_SECONDS:
                told_at = time.monotonic()
                self.stdout.write(f"{counted} of {settler.seen} steps")
        self.stdout.write("The totals are up to date.")

    def check_totals(self) -> None:
        found = list(islice(settling.differences(), MAX_SHOWN + 1))
        for difference in found[:MAX_SHOWN]:
            self.stdout.write(f"  {difference}")
        if found:
            more = " or more" if len(found) > MAX_SHOWN else ""
            raise CommandError(f"{min(len(found), MAX_SHOWN)}{more} totals differ: run settle_totals --rebuild.")
        self.stdout.write("The totals are what the orders come to.")
