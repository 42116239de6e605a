"""What the answers themselves must be, whatever the database holds."""

from collections.abc import Iterator

from tests.fire.evidence import Evidence, grouped
from tests.fire.journal import Attempt

REFUSALS = {
    "buy": {"insufficient_stock"},
    "twin": {"idempotency_key_reused"},
    "move": {"invalid_transition"},
    "cancel": {"invalid_transition"},
    "count": {"precondition_failed", "stock_below_reserved"},
}


def no_crash(evidence: Evidence) -> Iterator[str]:
    """Not one 500, nor any other 5xx than 503."""
    for attempt in evidence.attempts:
        if attempt.open and attempt.status not in (None, 503):
            yield _tell(attempt)


def unavailable_says_when_to_return(evidence: Evidence) -> Iterator[str]:
    """Every 503 is our own problem with Retry-After; and there is none where nothing was hurt."""
    for attempt in evidence.attempts:
        if attempt.status != 503:
            continue
        if not (attempt.retry_after or "").isdecimal() or attempt.problem != "temporarily_unavailable":
            yield f"without Retry-After: {_tell(attempt)}"
        if not evidence.expectations.unavailable:
            yield f"though nothing was hurt: {_tell(attempt)}"


def refusals_are_expected(evidence: Evidence) -> Iterator[str]:
    """A refusal is a problem with a code that this operation may meet: no twin sees a 409, nobody a 429."""
    for attempt in evidence.attempts:
        expired = attempt.problem == "token_not_valid" and evidence.expectations.expiry
        if attempt.refused and not expired and attempt.problem not in REFUSALS.get(attempt.ask.kind, ()):
            yield _tell(attempt)


def everything_is_settled(evidence: Evidence) -> Iterator[str]:
    """Whoever asked again with the same key got an answer in the end."""
    for name, operation in evidence.operations.items():
        if not any(attempt.settled for attempt in operation.attempts):
            yield f"{name} ({operation.first.ask.kind}) never was: {_tell(operation.attempts[-1])}"


def everybody_is_answered(evidence: Evidence) -> Iterator[str]:
    """A client with patience gets an answer, unless the fault cut the line."""
    for attempt in evidence.attempts:
        if attempt.status is None and not evidence.expectations.unanswered and attempt.ask.kind != "twin":
            yield _tell(attempt)


def request_ids_come_back(evidence: Evidence) -> Iterator[str]:
    """Each answer carries the id of its request."""
    for attempt in evidence.attempts:
        if attempt.status is not None and attempt.echoed != attempt.request_id:
            yield f"{attempt.request_id} came back as {attempt.echoed}"


def nobody_reads_the_past(evidence: Evidence) -> Iterator[str]:
    """An order is shown no older than any answer about it that had been given before it was asked for."""
    shown = [attempt for attempt in evidence.attempts if attempt.acknowledged and "version" in attempt.told]
    for order, attempts in grouped(shown, lambda attempt: attempt.told["id"]).items():
        answered = sorted(attempts, key=lambda attempt: attempt.sent + attempt.took)
        known, newest = 0, 0
        for attempt in sorted(attempts, key=lambda attempt: attempt.sent):
            while known < len(answered) and answered[known].sent + answered[known].took < attempt.sent:
                newest = max(newest, answered[known].told["version"])
                known += 1
            if attempt.told["version"] < newest:
                yield f"order {order} was at version {newest}, then {_tell(attempt)}: {attempt.told['version']}"


def one_order_per_key(evidence: Evidence) -> Iterator[str]:
    """All twins that were let through were told of the same order, and only one that it was new."""
    for (customer, key), attempts in evidence.by_key.items():
        told = {attempt.told["id"] for attempt in attempts if attempt.acknowledged}
        new = [attempt for attempt in attempts if attempt.status == 201]
        if len(told) > 1 or len(new) > 1:
            yield f"customer {customer}, key {key}: orders {sorted(told)}, {len(new)} times 201"
        if any(attempt.status == 200 and not attempt.replayed for attempt in attempts):
            yield f"customer {customer}, key {key}: 200 without Idempotency-Replayed"


def _tell(attempt: Attempt) -> str:
    ask = attempt.ask
    answer = f"{attempt.status} {attempt.problem}" if attempt.status else f"no answer ({attempt.error})"
    return f"{ask.method} {ask.path} [{ask.kind} {attempt.request_id}]: {answer} {attempt.detail}".strip()
