"""`manage.py check_ledger`: proves that the books balance, and fails when they do not."""

from typing import Any

from django.core.management.base import CommandError

from apps.common.commands import DeskCommand
from apps.orders import audit

MAX_SHOWN = 20


class Command(DeskCommand):
    help = (
        "Check that counters equal their ledger, that reserved stock is what open orders hold, that events are "
        "numbered without gaps, that totals add up and that every history is a legal path. Reads only; may run "
        "beside live traffic. The exit code is 1 when anything is wrong, 3 when there is no database."
    )

    def handle(self, **options: Any) -> None:
        found: list[audit.Problem] = []
        for finding in audit.findings():
            number = len(finding.problems)
            more = " or more" if number >= audit.MOST else ""
            result = f"{number}{more} wrong" if number else "ok"
            self.stdout.write(f"{finding.promise:<48} {finding.looked_at:>10} rows   {result}")
            found += finding.problems
        for problem in found[:MAX_SHOWN]:
            self.stdout.write(f"  {problem.subject}: {problem.detail}")
        if len(found) > MAX_SHOWN:
            self.stdout.write(f"  … and {len(found) - MAX_SHOWN} more")
        if found:
            raise CommandError("The books do not balance.")
