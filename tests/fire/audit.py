"""Compares the database with the journal, in a process of its own: `python -m tests.fire.audit JOURNAL EXPECTATIONS`.

Prints the figures and every finding as JSON.
"""

import json
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import django

from tests.fire import checks_of_answers, checks_of_books, checks_of_events, journal
from tests.fire.evidence import Evidence, Expectations, collect

type Check = Callable[[Evidence], Iterator[str]]

MAX_FINDINGS = 5  # of one check: the first ones say it
CHECKS: tuple[Check, ...] = (
    checks_of_answers.no_crash,
    checks_of_answers.unavailable_says_when_to_return,
    checks_of_answers.refusals_are_expected,
    checks_of_answers.everything_is_settled,
    checks_of_answers.everybody_is_answered,
    checks_of_answers.request_ids_come_back,
    checks_of_answers.nobody_reads_the_past,
    checks_of_answers.one_order_per_key,
    checks_of_books.no_order_is_lost,
    checks_of_books.no_order_is_doubled,
    checks_of_books.no_order_comes_from_nowhere,
    checks_of_books.every_move_is_in_the_history,
    checks_of_books.every_step_was_asked_for,
    checks_of_books.every_count_is_in_the_ledger,
    checks_of_books.orders_move_stock_once,
    checks_of_books.sold_available_and_reserved_add_up,
    checks_of_books.what_is_sold_out_is_sold_out,
    checks_of_events.every_step_is_told_once,
    checks_of_events.every_row_of_the_ledger_is_told_once,
    checks_of_events.every_event_has_its_request,
    checks_of_events.every_write_is_told_once,
)


def main() -> None:
    django.setup()
    folder, expectations = sys.argv[1:]
    evidence = collect(journal.read(Path(folder)), Expectations(**json.loads(expectations)))
    findings = {check.__name__: list(check(evidence)) for check in CHECKS} | _balance()
    report = {"figures": figures(evidence, findings), "findings": list(_sentences(findings))}
    sys.stdout.write(json.dumps(report))


def figures(evidence: Evidence, findings: dict[str, list[str]]) -> dict[str, Any]:
    """What stands in the table."""
    attempts = evidence.attempts
    lost = ("no_order_is_lost", "every_move_is_in_the_history", "every_count_is_in_the_ledger")
    doubled = ("no_order_is_doubled", "one_order_per_key", "orders_move_stock_once")
    return {
        "requests": len(attempts),
        "acknowledged": sum(attempt.acknowledged for attempt in attempts),
        "refused": sum(attempt.refused for attempt in attempts),
        "unavailable": sum(attempt.status == 503 for attempt in attempts),
        "unanswered": sum(attempt.status is None for attempt in attempts),
        "done_unanswered": _done_without_an_answer(evidence),
        "orders": len(evidence.orders),
        "events": len(evidence.events),
        "lost": sum(len(findings[name]) for name in lost),
        "doubled": sum(len(findings[name]) for name in doubled),
        "oversold": len(findings["sold_available_and_reserved_add_up"]),
    }


def _done_without_an_answer(evidence: Evidence) -> int:
    """How many requests were done though their client was not told so: each was safe to send again."""
    done = {event["request_id"] for event in evidence.events}
    return sum(attempt.open and attempt.request_id in done for attempt in evidence.attempts)


def _balance() -> dict[str, list[str]]:
    """What holds whatever happened: the application's own audit, as `manage.py check_ledger` makes it."""
    from apps.orders.audit import findings

    return {
        finding.promise: [f"{problem.subject}: {problem.detail}" for problem in finding.problems]
        for finding in findings()
    }


def _sentences(findings: dict[str, list[str]]) -> Iterator[str]:
    for name, found in findings.items():
        title = name.replace("_", " ")
        for sentence in islice(found, MAX_FINDINGS):
            yield f"{title}: {sentence}"
        if len(found) > MAX_FINDINGS:
            yield f"{title}: and {len(found) - MAX_FINDINGS} more"


if __name__ == "__main__":
    main()
