"""Brings the totals by day up to date, beside the requests and in the way of none of them."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Max, Min

from apps.common import statements
from apps.common.days import HOME
from apps.common.retry import transactional
from apps.dashboard.counting import Counted, Sums, placed_in, stepped
from apps.dashboard.models import Bookmark, OrdersOfDay, SalesOfDay
from apps.dashboard.period import Period
from apps.orders.models import Order, StatusChange

# Seconds after which a step that was seen has none with a lower id still to come: a step is written with the COMMIT
# of its transaction, and no server is waited for that long.
SLACK = 60.0
STRETCH = 5_000  # steps in a transaction


class Settler:
    """Remembers how far the history went, and counts up to there when that is long enough ago.

    By its own clock: those of several machines need not agree.
    """

    def __init__(self, slack: float = SLACK) -> None:
        self.slack = slack
        self.look()

    def look(self) -> None:
        """Remember how far the history goes now."""
        self.seen, self.at = latest(), time.monotonic()

    def round(self) -> Iterator[int]:
        """Count what is old enough, a stretch at a time; tells after each how far the totals go."""
        if time.monotonic() - self.at < self.slack:
            return
        if latest() < self.seen:  # A replica took over that had not heard of the last steps: their ids come again.
            self.look()
            return
        while (counted := settle(self.seen)) is not None:
            yield counted
        self.look()


def latest() -> int:
    """The id of the last step of the history."""
    return StatusChange.objects.aggregate(last=Max("pk"))["last"] or 0


@transactional
def settle(seen: int) -> int | None:
    """Count the next stretch of the history up to `seen`; the caller knows that nothing below is still to come.

    Returns how far the totals go now; None when that was far enough already. Any number may do so at once: the
    bookmark's row lets one of them in.
    """
    Bookmark.objects.get_or_create(pk=Bookmark.ONLY)
    mark = Bookmark.objects.select_for_update().get(pk=Bookmark.ONLY)
    if mark.counted >= seen:
        return None
    until = min(mark.counted + STRETCH, seen)
    _let_finish(mark.counted, until)
    _add(stepped(mark.counted, until))
    mark.counted = until
    mark.save(update_fields=["counted"])
    return until


def _let_finish(after: int, until: int) -> None:
    """Wait for whoever has written a step here and still commits: InnoDB makes a locking read do so.

    Beyond the slack there is hardly anybody; but a backup may hold up every COMMIT for as long as it likes.
    """
    if connection.vendor == "mysql":
        list(StatusChange.objects.select_for_update().filter(pk__gt=after, pk__lte=until).values_list("pk"))


def _add(counted: Counted) -> None:
    orders = [(*key, *sums) for key, sums in sorted(counted.orders.items())]
    sales = [(*key, *sums) for key, sums in sorted(counted.sales.items())]
    statements.add_to_sums(OrdersOfDay, ("day", "status"), ("orders", "total"), orders)
    statements.add_to_sums(SalesOfDay, ("day", "product_id"), ("quantity", "revenue"), sales)


@transactional
def forget() -> None:
    """Throw the totals away, to be made again: until then the dashboard adds up the orders themselves."""
    Bookmark.objects.get_or_create(pk=Bookmark.ONLY)
    mark = Bookmark.objects.select_for_update().get(pk=Bookmark.ONLY)
    OrdersOfDay.objects.all().delete()
    SalesOfDay.objects.all().delete()
    mark.counted, mark.edition = 0, mark.edition + 1
    mark.save(update_fields=["counted", "edition"])


def differences() -> Iterator[str]:
    """What of the totals is not what the orders come to, month by month. Nobody may write meanwhile.

    Walks every order: for a command, not for a request.
    """
    since = stepped(Bookmark.objects.values_list("counted", flat=True).first() or 0)
    for month in _months():
        days = month.first, month.last
        rows = OrdersOfDay.objects.filter(day__range=days).values_list("day", "status", "orders", "total")
        sold = SalesOfDay.objects.filter(day__range=days).values_list("day", "product_id", "quantity", "revenue")
        orders, sales = since.within(month)
        both: tuple[tuple[Sums[Any], Any], ...] = ((orders, rows), (sales, sold))
        for kept, found in both:
            for day, key, number, amount in found.iterator():
                kept.add((day, key), number, amount)
        truth = placed_in(month)
        yield from _unequal(orders, truth.orders)
        yield from _unequal(sales, truth.sales)


def _unequal(kept: Sums, truth: Sums) -> Iterator[str]:
    for key in sorted(kept.keys() | truth.keys(), key=str):
        has, should = kept.get(key, (0, 0)), truth.get(key, (0, 0))
        if has != should:
            yield f"{key[0]} {key[1]}: {has[0]} and {has[1]:.2f}, not {should[0]} and {should[1]:.2f}"


def _months() -> Iterator[Period]:
    """The months in which there is anything, kept or placed."""
    placed = Order.objects.aggregate(first=Min("placed_at"), last=Max("placed_at"))
    kept = OrdersOfDay.objects.aggregate(first=Min("day"), last=Max("day"))
    ends = [end.astimezone(HOME).date() for end in placed.values() if end] + [end for end in kept.values() if end]
    if not ends:
        return
    first = min(ends).replace(day=1)
    while first <= max(ends):
        following = (first + timedelta(days=32)).replace(day=1)
        yield Period(first, following - timedelta(days=1))
        first = following
