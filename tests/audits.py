"""Whether the books balance: asked after refusals, races and random histories alike. Reads rows, trusts no service."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

from django.db.models import Sum

from apps.customers.models import Customer
from apps.events.models import Event
from apps.orders.lifecycle import HOLDING_STOCK, NEXT, Status
from apps.orders.models import Order, OrderItem, StatusChange
from apps.products.models import Product, StockMovement


@contextmanager
def nothing_changed() -> Iterator[None]:
    """What is done in here leaves no trace: no row inserted, no row altered."""
    before = _traces()
    yield
    assert _traces() == before


def audit() -> None:
    """Every promise that holds whatever happened, and in whatever order."""
    counters_equal_their_ledger()
    reserved_is_what_open_orders_hold()
    events_are_numbered_without_gaps()
    histories_are_legal_paths()
    totals_add_up()


def counters_equal_their_ledger() -> None:
    """Row by row: each says what the counters were after it, and the last says what they are."""
    running: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for row in StockMovement.objects.order_by("pk"):
        on_hand, reserved = running[row.product_id]
        running[row.product_id] = (on_hand + row.on_hand_delta, reserved + row.reserved_delta)
        assert (row.on_hand_after, row.reserved_after) == running[row.product_id], row
    for product in Product.objects.all():
        assert (product.on_hand, product.reserved) == running[product.pk], product
        assert 0 <= product.reserved <= product.on_hand, product


def reserved_is_what_open_orders_hold() -> None:
    lines = OrderItem.objects.filter(order__status__in=HOLDING_STOCK)
    held = dict(lines.order_by().values_list("product_id").annotate(Sum("quantity")))
    assert {pk: reserved for pk, reserved in Product.objects.values_list("pk", "reserved") if reserved} == held


def events_are_numbered_without_gaps() -> None:
    numbers: dict[str, list[int]] = defaultdict(list)
    for subject, sequence in Event.objects.order_by("pk").values_list("subject", "sequence"):
        numbers[subject].append(sequence)
    for subject, sequences in numbers.items():
        assert sequences == list(range(1, len(sequences) + 1)), (subject, sequences)
    for row in [*Order.objects.all(), *Product.objects.all()]:
        assert row.event_sequence == len(numbers[row.reference]), row


def histories_are_legal_paths() -> None:
    steps: dict[int, list[tuple[str | None, str]]] = defaultdict(list)
    for change in StatusChange.objects.order_by("pk"):
        steps[change.order_id].append((change.from_status, change.to_status))
    for order in Order.objects.all():
        path = steps.pop(order.pk)
        assert path[0] == (None, Status.PENDENTE)
        for (_before, here), (source, target) in pairwise(path):
            assert source == here, path
            assert target in NEXT[Status(source)], path
        assert path[-1][1] == order.status
    assert not steps


def totals_add_up() -> None:
    sums = dict(OrderItem.objects.order_by().values_list("order_id").annotate(Sum("subtotal")))
    for order in Order.objects.all():
        assert order.subtotal == sums[order.pk]
        assert order.total == order.subtotal + order.freight


def _traces() -> dict[str, Any]:
    return {
        "orders": list(Order.objects.order_by("pk").values()),
        "items": list(OrderItem.objects.order_by("pk").values()),
        "history": list(StatusChange.objects.order_by("pk").values()),
        "products": list(Product.objects.order_by("pk").values()),
        "ledger": list(StockMovement.objects.order_by("pk").values()),
        "customers": list(Customer.objects.order_by("pk").values()),
        "events": list(Event.objects.order_by("pk").values()),
    }
