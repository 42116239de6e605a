"""What the world sees of an order: one function feeds the API and the events, so that they cannot disagree."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from apps.authentication.models import User
from apps.common.text import moment, money
from apps.orders import lifecycle
from apps.orders.models import Line, Order, OrderItem, StatusChange
from apps.products import stock


def snapshot(order: Order, items: list[dict[str, Any]]) -> dict[str, Any]:
    """The whole order, as events carry it: with these lines."""
    return {
        "id": order.id,
        "number": order.number,
        "customer": {"id": order.customer_id, "name": order.customer.name},
        "status": str(order.status),
        "items": items,
        "subtotal": money(order.subtotal),
        "freight": money(order.freight),
        "total": money(order.total),
        "notes": order.notes,
        "placed_at": moment(order.placed_at),
        "created_at": moment(order.created_at),
        "updated_at": moment(order.updated_at),
        "version": order.version,
    }


def cause(order: Order, actor: User | None, at: datetime | None) -> stock.Cause:
    """How the ledger and the events of stock name the order that moved it."""
    return stock.Cause(order.reference, actor, order={"id": order.id, "number": order.number}, at=at)


def lines(order: Order) -> list[dict[str, Any]]:
    """Its lines. They never change: for the event and for the answer they are put into words once."""
    shown: list[dict[str, Any]] | None = order.__dict__.get("_lines")
    if shown is None:
        shown = order.__dict__["_lines"] = [line_snapshot(line) for line in order.loaded_items()]
    return shown


def line_snapshot(line: Line | OrderItem) -> dict[str, Any]:
    """A line, as events and answers show it."""
    return {
        "id": line.id,
        "product_id": line.product_id,
        "sku": line.sku,
        "name": line.name,
        "quantity": line.quantity,
        "unit_price": money(line.unit_price),
        "subtotal": money(line.subtotal),
    }


def answer(order: Order, may: Callable[[str], bool]) -> dict[str, Any]:
    """The order as the API answers it to a caller who `may` do this and that."""
    return {**snapshot(order, lines(order)), "allowed_transitions": lifecycle.allowed_from(order.status, may)}


def event_snapshot(event: Any) -> dict[str, Any]:
    """A domain event as the API answers it."""
    return {
        "id": event.pk,
        "type": event.type,
        "subject": event.subject,
        "sequence": event.sequence,
        "occurred_at": moment(event.occurred_at),
        "actor": event.actor,
        "request_id": event.request_id,
        "payload": event.payload,
    }


def history_snapshot(history: Iterable[StatusChange]) -> list[dict[str, Any]]:
    """The steps of an order, oldest first."""
    return [
        {
            "from_status": change.from_status,
            "to_status": change.to_status,
            "actor": change.actor.username if change.actor else None,
            "note": change.note,
            "created_at": moment(change.created_at),
        }
        for change in history
    ]
