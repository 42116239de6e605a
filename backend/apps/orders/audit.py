"""Whether the books balance. Each check is one question to the database, which answers with the rows that are wrong.

A check that compares is a single statement and so sees a single moment: it may run beside live traffic. It reads
tables, trusts no service, and holds at most `MOST` wrong rows in memory.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
    Window,
)
from django.db.models.functions import Abs, Coalesce, Lag

from apps.customers.models import Customer
from apps.events import numbering
from apps.events.outbox import Subject
from apps.orders.lifecycle import HOLDING_STOCK, NEXT, Status
from apps.orders.models import Order, OrderItem, StatusChange
from apps.products.models import Product, StockMovement

MOST = 1000  # wrong rows that a check fetches
HALF_A_CENT = Decimal("0.005")  # SQLite computes in binary fractions.
GONE = (Status.ENVIADO, Status.ENTREGUE)  # Their goods have left the house.

type Problems = Iterator["Problem"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that cannot be: where, and what."""

    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class Check:
    """A promise, the number of rows it is about, and the search for those that break it."""

    promise: str
    count: Callable[[], int]
    search: Callable[[], Problems]


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of a check. `MOST` problems mean that many or more."""

    promise: str
    looked_at: int
    problems: list[Problem]


def findings() -> Iterator[Finding]:
    """Every check, one after the other."""
    for check in CHECKS:
        yield Finding(check.promise, check.count(), list(check.search()))


def problems() -> list[Problem]:
    """All that is wrong; empty when the books balance."""
    return [problem for finding in findings() for problem in finding.problems]


def counters_not_matching_ledger() -> Problems:
    """Products whose counters are not the sum of their movements."""
    sums = Product.objects.values("pk", "on_hand", "reserved").annotate(
        on_hand_sum=Coalesce(Sum("movements__on_hand_delta"), 0),
        reserved_sum=Coalesce(Sum("movements__reserved_delta"), 0),
    )
    for row in _first(sums.exclude(on_hand=F("on_hand_sum"), reserved=F("reserved_sum"))):
        said = f"{row['on_hand_sum']} and {row['reserved_sum']}"
        yield _product(row, f"on hand {row['on_hand']}, reserved {row['reserved']}, but the ledger adds up to {said}")


def broken_ledger_rows() -> Problems:
    """Movements after which the counters were not what they were before, plus the change."""
    running = StockMovement.objects.annotate(
        on_hand_sum=Window(Sum("on_hand_delta"), partition_by="product_id", order_by="id"),
        reserved_sum=Window(Sum("reserved_delta"), partition_by="product_id", order_by="id"),
    ).exclude(on_hand_after=F("on_hand_sum"), reserved_after=F("reserved_sum"))
    columns = ("pk", "product_id", "on_hand_after", "reserved_after", "on_hand_sum", "reserved_sum")
    for row in _first(running.values(*columns)):
        after, said = (row["on_hand_after"], row["reserved_after"]), (row["on_hand_sum"], row["reserved_sum"])
        yield Problem(f"product/{row['product_id']}", f"movement {row['pk']} says {after} after it, the rows {said}")


def last_movements_not_matching() -> Problems:
    """Products whose last movement left other counters than they have."""
    last = StockMovement.objects.filter(product=OuterRef("pk")).order_by("-id")
    rows = Product.objects.annotate(
        on_hand_last=Coalesce(Subquery(last.values("on_hand_after")[:1]), 0),
        reserved_last=Coalesce(Subquery(last.values("reserved_after")[:1]), 0),
    ).exclude(on_hand=F("on_hand_last"), reserved=F("reserved_last"))
    for row in _first(rows.values("pk", "on_hand", "reserved", "on_hand_last", "reserved_last")):
        said = f"{row['on_hand_last']} and {row['reserved_last']}"
        yield _product(row, f"on hand {row['on_hand']}, reserved {row['reserved']}, but its last movement left {said}")


def reserved_not_matching_orders() -> Problems:
    """Products that reserve more or less than their orders hold."""
    rows = Product.objects.annotate(held=_quantity_in(HOLDING_STOCK)).exclude(reserved=F("held"))
    for row in _first(rows.values("pk", "reserved", "held")):
        yield _product(row, f"reserved {row['reserved']}, but its orders hold {row['held']}")


def shipments_not_matching_orders() -> Problems:
    """Products of which more or less was shipped than stands on shipped orders."""
    shipped = StockMovement.objects.filter(product=OuterRef("pk"), kind=StockMovement.Kind.SHIPMENT)
    total = shipped.order_by().values("product").annotate(number=Sum("on_hand_delta")).values("number")
    rows = Product.objects.annotate(gone=_quantity_in(GONE), shipped=0 - Coalesce(Subquery(total), 0))
    for row in _first(rows.exclude(shipped=F("gone")).values("pk", "shipped", "gone")):
        yield _product(row, f"{row['shipped']} shipped, but its shipped orders name {row['gone']}")


def misnumbered_events() -> Problems:
    """Rows whose events have a gap or do not match, and events about no row."""
    for model in SUBJECTS:
        for row in _first(numbering.misnumbered(model).values("pk", "event_sequence", "told", "last")):
            detail = (
                f"its events should be 1 to {row['event_sequence']}: there are {row['told']}, the last {row['last']}"
            )
            yield Problem(f"{model._meta.model_name}/{row['pk']}", detail)
        for row in _first(numbering.orphaned(model).values("pk", "subject", "type")):
            yield Problem(row["subject"], f"event {row['pk']} ({row['type']}) tells of a row that does not exist")


def wrong_totals() -> Problems:
    """Orders whose lines and freight do not add up to what they say."""
    orders = Order.objects.values("pk", "subtotal", "freight", "total").annotate(lines=Sum("items__subtotal"))
    off = orders.annotate(off=Abs(F("subtotal") - F("lines")), total_off=Abs(F("total") - F("subtotal") - F("freight")))
    wrong = Q(lines=None) | Q(off__gte=HALF_A_CENT) | Q(total_off__gte=HALF_A_CENT)
    for row in _first(off.filter(wrong)):
        said = f"{row['subtotal']:.2f} + {row['freight']:.2f} = {row['total']:.2f}"
        lines = "it has no line" if row["lines"] is None else f"its lines add up to {row['lines']:.2f}"
        yield _order(row, f"{said}, but {lines}")


def illegal_steps() -> Problems:
    """Steps that the lifecycle does not know, or that do not begin where the one before ended."""
    moves = [Q(from_status=source, to_status=target) for source, targets in NEXT.items() for target in targets]
    legal = Q(from_status=None, to_status=Status.PENDENTE)
    for move in moves:
        legal |= move
    previous = Coalesce(Window(Lag("to_status"), partition_by="order_id", order_by="id"), Value(""))
    steps = StatusChange.objects.annotate(
        before=previous,
        source=Coalesce("from_status", Value("")),
        known=Case(When(legal, then=True), default=False, output_field=BooleanField()),
    ).values("pk", "order_id", "from_status", "to_status", "before")
    for row in _first(steps.filter(known=False)):
        yield _step(row, "is no legal move")
    for row in _first(steps.exclude(source=F("before"))):
        yield _step(row, f"comes after {row['before'] or 'nothing'}")


def wrong_statuses() -> Problems:
    """Orders that are not where their history ends."""
    steps = StatusChange.objects.filter(order=OuterRef("pk")).order_by("-id").values("to_status")
    orders = Order.objects.annotate(end=Coalesce(Subquery(steps[:1]), Value("")))
    for row in _first(orders.exclude(status=F("end")).values("pk", "status", "end")):
        yield _order(row, f"is {row['status']}, but its history ends with {row['end'] or 'nothing'}")


SUBJECTS: tuple[type[Subject], ...] = (Customer, Product, Order)
CHECKS = (
    Check("counters equal the sum of their ledger", Product.objects.count, counters_not_matching_ledger),
    Check("each movement continues the one before", StockMovement.objects.count, broken_ledger_rows),
    Check("the last movement left the counters as they are", Product.objects.count, last_movements_not_matching),
    Check("reserved is what open orders hold", Product.objects.count, reserved_not_matching_orders),
    Check("shipped is what shipped orders name", Product.objects.count, shipments_not_matching_orders),
    Check("events are numbered without gaps", numbering.count, misnumbered_events),
    Check("totals add up", Order.objects.count, wrong_totals),
    Check("histories are legal paths", StatusChange.objects.count, illegal_steps),
    Check("orders stand where their history ends", Order.objects.count, wrong_statuses),
)


def _first(rows: QuerySet[Any, Any]) -> list[Any]:
    return list(rows.order_by("pk")[:MOST])


def _quantity_in(statuses: tuple[Status, ...]) -> Coalesce:
    """How many of a product stand on orders in these statuses."""
    lines = OrderItem.objects.filter(product=OuterRef("pk"), order__status__in=statuses).order_by()
    return Coalesce(Subquery(lines.values("product").annotate(number=Sum("quantity")).values("number")), 0)


def _product(row: dict[str, Any], detail: str) -> Problem:
    return Problem(f"product/{row['pk']}", detail)


def _order(row: dict[str, Any], detail: str) -> Problem:
    return Problem(f"order/{row['pk']}", detail)


def _step(row: dict[str, Any], detail: str) -> Problem:
    return Problem(f"order/{row['order_id']}", f"step {row['pk']}, {row['from_status']} → {row['to_status']}, {detail}")
