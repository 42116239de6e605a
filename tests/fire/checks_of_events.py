"""Each fact is told once, in a row of its own; and nothing is told of a transaction that failed."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.fire.evidence import Evidence, grouped

TOLD_AS = {"RESERVATION": "stock.reserved", "RELEASE": "stock.released", "SHIPMENT": "stock.shipped"}
NOTHING_WAS_CHANGED = "Nothing was changed"


def every_step_is_told_once(evidence: Evidence) -> Iterator[str]:
    """One order.created per order, one order.status_changed per step, one order.cancelled per cancellation."""
    due: Counter[tuple[str, ...]] = Counter()
    for row in evidence.history:
        subject, source, target = f"order/{row['order_id']}", row["from_status"], row["to_status"]
        due["order.created" if source is None else "order.status_changed", subject, source or "", target] += 1
        due["order.cancelled", subject, source, target] += target == "CANCELADO"
    found = Counter(_told(event) for event in evidence.events if event["subject"].startswith("order/"))
    yield from _difference(found, +due)


def every_row_of_the_ledger_is_told_once(evidence: Evidence) -> Iterator[str]:
    """The stock events are the ledger in other words."""
    due = Counter(
        (TOLD_AS.get(row["kind"], "stock.adjusted"), row["reference"], row["product_id"], row["on_hand_delta"],
         row["reserved_delta"], row["on_hand_after"], row["reserved_after"])
        for row in evidence.ledger
    )  # fmt: skip
    found: Counter[tuple[Any, ...]] = Counter()
    for event in evidence.events:
        told = event["payload"]
        if event["type"].startswith("stock.") and event["type"] != "stock.low":
            counters = (told["on_hand_delta"], told["reserved_delta"], told["on_hand"], told["reserved"])
            found[event["type"], event["cause"], told["product"]["id"], *counters] += 1
    yield from _difference(found, due)


def every_event_has_its_request(evidence: Evidence) -> Iterator[str]:
    """It was told by a request that was let through, or whose answer never came: never by one that was refused."""
    if not evidence.expectations.distinct_ids:
        return
    attempts = {attempt.request_id: attempt for attempt in evidence.attempts}
    for event in evidence.events:
        attempt = attempts.get(event["request_id"])
        if attempt is None:
            yield f"event {event['id']} {event['type']} of {event['request_id']}: no such request"
        elif attempt.replayed and evidence.expectations.unavailable and event["cause"] == f"order/{attempt.told['id']}":
            continue  # Its COMMIT was lost on the way back; the look at the key found that it had been kept.
        elif attempt.refused or attempt.replayed or attempt.ask.method == "GET":
            yield f"event {event['id']} {event['type']} of {event['request_id']}, answered {attempt.status}"
        elif attempt.status == 503 and NOTHING_WAS_CHANGED in attempt.detail:
            yield f"event {event['id']} {event['type']} of {event['request_id']}: 503 said that nothing was changed"


def every_write_is_told_once(evidence: Evidence) -> Iterator[str]:
    """An order that was told to be new has the event of that very request; so has every edit."""
    if not evidence.expectations.distinct_ids:
        return
    told = grouped(evidence.events, lambda event: event["request_id"])
    for attempt in evidence.attempts:
        types = Counter(event["type"] for event in told.get(attempt.request_id, []))
        if attempt.status == 201 and attempt.ask.key and types["order.created"] != 1:
            yield f"{attempt.request_id}: {types['order.created']} times order.created"
    for operation in evidence.done("edit"):
        events = [event for attempt in operation.attempts for event in told.get(attempt.request_id, [])]
        alone = len(operation.attempts) == 1
        if not events or (alone and len(events) > 1):
            yield f"{operation.first.request_id}: edited, and told {len(events)} times"


def _told(event: dict[str, Any]) -> tuple[str, ...]:
    payload = event["payload"]
    source, target = payload.get("from", ""), payload.get("to", payload["order"]["status"])
    return event["type"], event["subject"], source, target


def _difference(found: Counter[Any], due: Counter[Any]) -> Iterator[str]:
    for row, number in (found - due).items():
        yield f"{number} too many: {row}"
    for row, number in (due - found).items():
        yield f"{number} missing: {row}"
