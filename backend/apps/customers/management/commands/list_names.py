"""`manage.py list_names`: lists the names by which customers are found, or all of them again."""

import time
from argparse import ArgumentParser
from typing import Any

from apps.common.commands import DeskCommand
from apps.customers import names

QUIET_SECONDS = 5  # between two lines about the progress


class Command(DeskCommand):
    help = (
        "List the names of customers in the tables by which a part of a name is found. The servers do so by themselves "
        "(NAMES_EVERY); this is for doing it at once, and for doing it again. May run beside live traffic."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="list all names again, not only those that changed")

    def handle(self, *, rebuild: bool, **options: Any) -> None:
        if rebuild:
            names.forget()
        done, every = 0, names.waiting().count()
        told_at = time.monotonic()
        for number in names.list_names():
            done += number
            if time.monotonic() - told_at >= QUIET_SECONDS:
                told_at = time.monotonic()
                self.stdout.write(f"{done} of {every} names")
        self.stdout.write(f"The names are listed ({done} were not).")
