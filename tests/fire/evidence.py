"""What the audit looks at: the clients' journal on one side, the rows of the database on the other."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tests.fire.journal import Attempt


@dataclass(frozen=True)
class Expectations:
    """What a scenario lets happen, and what it wants to have happened."""

    unavailable: bool = False  # may there be a 503? Without a fault there may not
    unanswered: bool = False  # may a request stay without an answer, from clients that have patience?
    expiry: bool = False  # may a token have expired?
    distinct_ids: bool = True  # can an event be traced to the one request that made it?
    deadlocks: bool = True  # may transactions have to be run again?
    sold_out: bool = False  # is the hot product gone to the last unit?
    cut: bool = False  # may the fault itself have cut requests off?


@dataclass(frozen=True)
class Operation:
    """All the attempts at one intention, twins included."""

    attempts: tuple[Attempt, ...]

    @property
    def first(self) -> Attempt:
        return self.attempts[0]

    @property
    def acknowledged(self) -> list[Attempt]:
        return [attempt for attempt in self.attempts if attempt.acknowledged]

    @property
    def possibly_done(self) -> bool:
        """Was it acknowledged, or is there an attempt that may have been done without our knowing?"""
        return any(attempt.acknowledged or attempt.open for attempt in self.attempts)


@dataclass
class Evidence:
    """Rows are mappings by column name, as the database has them: no service and no model method stands between."""

    attempts: list[Attempt]
    expectations: Expectations
    orders: dict[int, dict[str, Any]] = field(default_factory=dict)
    items: list[dict[str, Any]] = field(default_factory=list)
    history: list[dict[str, Any]] = field(default_factory=list)
    ledger: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    products: dict[int, dict[str, Any]] = field(default_factory=dict)

    @cached_property
    def operations(self) -> dict[str, Operation]:
        found = grouped(self.attempts, lambda attempt: attempt.ask.operation)
        return {name: Operation(tuple(attempts)) for name, attempts in found.items()}

    @cached_property
    def by_key(self) -> dict[tuple[int, str], list[Attempt]]:
        """The attempts to place an order, by customer and key."""
        placing = [attempt for attempt in self.attempts if attempt.ask.key]
        return grouped(placing, lambda attempt: (attempt.ask.body["customer_id"], attempt.ask.key))

    @cached_property
    def items_by_order(self) -> dict[int, list[dict[str, Any]]]:
        return grouped(self.items, lambda item: item["order_id"])

    @cached_property
    def history_by_order(self) -> dict[int, list[dict[str, Any]]]:
        return grouped(self.history, lambda row: row["order_id"])

    def done(self, kind: str) -> list[Operation]:
        """The operations of this kind that were acknowledged."""
        return [op for op in self.operations.values() if op.first.ask.kind == kind and op.acknowledged]


def grouped(rows: Iterable[Any], key: Any) -> dict[Any, list[Any]]:
    """The rows by what `key` says of each, in their order."""
    found: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return dict(found)


def collect(attempts: list[Attempt], expectations: Expectations) -> Evidence:
    """Read the whole database."""
    from apps.events.models import Event
    from apps.orders.models import Order, OrderItem, StatusChange
    from apps.products.models import Product, StockMovement

    def rows(model: Any, *extra: str) -> list[dict[str, Any]]:
        columns = [column.attname for column in model._meta.concrete_fields]
        return list(model.objects.order_by("pk").values(*columns, *extra))

    return Evidence(
        attempts,
        expectations,
        orders={row["id"]: row for row in rows(Order)},
        items=rows(OrderItem),
        history=rows(StatusChange, "actor__username"),
        ledger=rows(StockMovement, "actor__username"),
        events=rows(Event),
        products={row["id"]: row for row in rows(Product)},
    )
