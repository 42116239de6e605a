"""What becomes of moves once their orders are locked: judged by the lifecycle, then taken and written together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from apps.common import statements
from apps.common.errors import DomainError, Missing
from apps.events import outbox
from apps.orders import lifecycle
from apps.orders.lifecycle import Status
from apps.orders.models import STEP, Line, Order, StatusChange, step_values
from apps.orders.snapshots import cause, lines, snapshot
from apps.products import stock

STOCK_ON_ENTRY = {Status.CANCELADO: stock.Kind.RELEASE, Status.ENVIADO: stock.Kind.SHIPMENT}


class Move(NamedTuple):
    """That an order shall enter a status; only in this version, if one is named, and `at` that time (None: now)."""

    pk: int
    target: str
    note: str = ""
    expected_version: int | None = None
    at: datetime | None = None
    author: outbox.Author = outbox.NOBODY


@dataclass(slots=True)
class Step:
    """A move that may be made, with its locked order and that order's lines."""

    move: Move
    order: Order
    source: str
    target: Status
    items: list[Line]


def decide(move: Move, order: Order | None) -> Step | Order | DomainError:
    """The step to take, the order as it is when it has that status already, or the refusal."""
    try:
        if order is None:
            raise Missing
        order.require_version(move.expected_version)
        if order.status == move.target:
            return order
        lifecycle.require(order.status, move.target)
    except DomainError as refusal:
        return refusal
    return Step(move, order, order.status, Status(move.target), order.loaded_items())


def movement(step: Step) -> stock.Movement | None:
    """What the step does to the stock."""
    kind = STOCK_ON_ENTRY.get(step.target)
    if kind is None:
        return None
    quantities = {item.product_id: item.quantity for item in step.items}
    return stock.Movement.of_order(kind, quantities, cause(step.order, step.move.author.user, step.move.at))


def enter(step: Step) -> list[outbox.Fact]:
    """Take the step, in memory; what there is to tell of it."""
    order, move = step.order, step.move
    order.status = step.target.value
    order.touch()
    payload = {
        "order": snapshot(order, lines(order)), "from": step.source, "to": step.target.value, "note": move.note,
    }  # fmt: skip
    facts = [outbox.fact(order, "order.status_changed", payload, at=move.at)]
    if step.target == Status.CANCELADO:
        facts.append(outbox.fact(order, "order.cancelled", {**payload, "reason": move.note}, at=move.at))
    return facts


def record(steps: Sequence[Step]) -> None:
    """Write the orders and their history: one statement each."""
    statements.update([step.order for step in steps], ("status", "version", "updated_at", "event_sequence"))
    changes = [_change(step) for step in steps]
    statements.insert(StatusChange, STEP, [step_values(change) for change in changes])
    for step, change in zip(steps, changes, strict=True):
        step.order.keep_details(items=step.items, history=[*step.order.loaded_history(), change])


def _change(step: Step) -> StatusChange:
    order, move = step.order, step.move
    at = move.at or order.updated_at
    return StatusChange.of(order.pk, step.source, step.target.value, move.author.user, move.note, at)
