"""Orders and sales by the day, added up from the orders themselves or from a stretch of their history."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncHour

from apps.common.days import HOME
from apps.dashboard.period import Period
from apps.orders.lifecycle import Status
from apps.orders.models import Order, OrderItem, StatusChange

FIRST = datetime(1, 1, 2, tzinfo=UTC)


class Sums[Key](dict[Key, tuple[int, Decimal]]):
    """A number and an amount in BRL for each key."""

    def add(self, key: Key, number: int, amount: Decimal) -> None:
        had = self.get(key, (0, Decimal()))
        self[key] = had[0] + number, had[1] + amount

    def nonzero(self) -> "Sums[Key]":
        """Without those that have come to nothing."""
        return Sums({key: sums for key, sums in self.items() if sums[0] or sums[1]})


class Counted(NamedTuple):
    """Orders and their totals by day and status; pieces sold and their revenue by day and product."""

    orders: Sums[tuple[date, str]]
    sales: Sums[tuple[date, int]]

    def within(self, period: Period) -> "Counted":
        """Of the days of this period only."""
        first, last = period.first, period.last
        orders = {key: sums for key, sums in self.orders.items() if first <= key[0] <= last}
        sales = {key: sums for key, sums in self.sales.items() if first <= key[0] <= last}
        return Counted(Sums(orders), Sums(sales))


def placed_in(period: Period) -> Counted:
    """What the orders placed in this period come to, as they are now.

    Walks all of them: in a request only while the totals are far behind.
    """
    counted = Counted(Sums(), Sums())
    for hour, status, number, total in by_hour_and_status(period):
        counted.orders.add((_day(hour), status), number, total)
    for hour, product, quantity, revenue in by_hour_and_product(period):
        counted.sales.add((_day(hour), product), quantity, revenue)
    return counted


def by_hour_and_status(period: Period) -> QuerySet[Any, Any]:
    """Grouped by the hour of UTC, which each database computes alike: São Paulo's days are made of whole hours.

    MySQL knows a zone by its name only where somebody loaded its tables, and a fixed offset is wrong before 2019.
    """
    placed = Order.objects.filter(placed_at__gte=period.start, placed_at__lt=period.end).order_by()
    return placed.values_list(_hour("placed_at"), "status").annotate(Count("id"), Sum("total"))


def by_hour_and_product(period: Period) -> QuerySet[Any, Any]:
    """The lines of orders that are not cancelled, in the same way."""
    lines = OrderItem.objects.filter(order__placed_at__gte=period.start, order__placed_at__lt=period.end).order_by()
    held = lines.exclude(order__status=Status.CANCELADO)
    return held.values_list(_hour("order__placed_at"), "product_id").annotate(Sum("quantity"), Sum("subtotal"))


def stepped(after: int, until: int | None = None) -> Counted:
    """What the steps of the history with an id above `after` (and up to `until`) have changed.

    A first step brings an order in, each further one takes it from one status to another, and a cancellation takes
    its sales back: the day, the total and the lines of an order never change.
    """
    steps = StatusChange.objects.filter(pk__gt=after, **({} if until is None else {"pk__lte": until})).order_by()
    counted = Counted(Sums(), Sums())
    hour = _hour("order__placed_at")
    for at, source, target, number, total in steps.values_list(hour, "from_status", "to_status").annotate(
        Count("id"), Sum("order__total")
    ):
        if source is not None:
            counted.orders.add((_day(at), source), -number, -total)
        counted.orders.add((_day(at), target), number, total)
    selling = steps.filter(Q(from_status=None) | Q(to_status=Status.CANCELADO))
    for at, source, product, quantity, revenue in selling.values_list(
        hour, "from_status", "order__items__product_id"
    ).annotate(Sum("order__items__quantity"), Sum("order__items__subtotal")):
        sign = 1 if source is None else -1
        counted.sales.add((_day(at), product), sign * quantity, sign * revenue)
    return Counted(counted.orders.nonzero(), counted.sales.nonzero())


def _hour(column: str) -> TruncHour:
    return TruncHour(column, tzinfo=UTC)


def _day(hour: datetime) -> date:
    """The shop's day. An hour of UTC may begin before the shop's calendar does: it counts on the first day."""
    return max(hour, FIRST).astimezone(HOME).date()
