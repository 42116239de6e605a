"""The figures of a period, exact to the last commit, from totals by day and what has happened since they were made.

`settling` brings the totals up to date beside the requests, as far as a bookmark in the history of the orders. What
lies beyond it is added up when somebody asks: a minute or two of steps. Should it be much more, as while the totals are
made for the first time, the period's orders are added up instead.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import batched
from typing import Any, NamedTuple

from django.db.models import QuerySet, Subquery, Sum

from apps.common import kept
from apps.dashboard.counting import Sums, placed_in, stepped
from apps.dashboard.models import Bookmark, OrdersOfDay, SalesOfDay
from apps.dashboard.period import Period
from apps.orders.models import StatusChange

TOO_FAR = 20_000  # steps behind the last one: then the orders of the period are added up
TRIES = 3  # to find the bookmark where it was
KEEP = 60  # seconds that the best of the settled days are kept
AT_ONCE = 500  # products in a statement


class Totals(NamedTuple):
    """Orders and their totals by day and status; pieces and revenue of the products that brought most, by product."""

    orders: Sums[tuple[date, str]]
    best: Sums[int]


class Mark(NamedTuple):
    """How far the history goes, and how far the totals: ids of steps. And which totals: see `Bookmark`."""

    latest: int
    counted: int
    edition: int

    @property
    def settled(self) -> tuple[int, int]:
        """What the totals hold, in two numbers: while these stay as they are, so do they."""
        return self.edition, self.counted


def mark() -> Mark:
    """Where both stand now."""
    counted, edition = (Subquery(Bookmark.objects.values(name)[:1]) for name in ("counted", "edition"))
    latest, *settled = StatusChange.objects.order_by("-pk").values_list("pk", counted, edition).first() or (0, 0, 0)
    return Mark(latest, *(number or 0 for number in settled))


def totals(period: Period, most: int) -> Totals:
    """The orders of the period and its `most` best products, the best first, as of the last commit."""
    for _ in range(TRIES):
        before = mark()
        if before.latest - before.counted > TOO_FAR:
            break
        found = _settled_and_since(period, before, most)
        if mark().settled == before.settled:  # Else a step may be in both, or in neither.
            return found
    placed = placed_in(period)
    return Totals(placed.orders, _best(_by_product(placed.sales), most))


def _settled_and_since(period: Period, at: Mark, most: int) -> Totals:
    orders, sales = stepped(at.counted).within(period)
    rows = OrdersOfDay.objects.filter(day__range=(period.first, period.last)).values_list(
        "day", "status", "orders", "total"
    )
    for day, status, number, total in rows:
        orders.add((day, status), number, total)
    return Totals(orders.nonzero(), _best_of_both(period, at, _by_product(sales), most))


def _best_of_both(period: Period, at: Mark, moved: Sums[int], most: int) -> Sums[int]:
    """Whoever did not move since stands among so many of the settled best; of whoever did, both parts are known."""
    sold = _settled_best(period, at, most + len(moved))
    for product, (quantity, revenue) in _settled(period, moved.keys() - sold.keys()).items():
        sold.add(product, quantity, revenue)
    for product, (quantity, revenue) in moved.items():
        sold.add(product, quantity, revenue)
    return _best(sold, most)


def _settled_best(period: Period, at: Mark, least: int) -> Sums[int]:
    """The best of the settled days, at least so many: kept, for they stay what they are while the bookmark does.

    Should it move while they are read, they are kept under a place to which it never returns.
    """
    key = f"dashboard:{period.first}:{period.last}:{at.edition}:{at.counted}"
    known = kept.recall(key)
    if not known or known["most"] < least:
        most = 2 * least
        rows = _by_revenue(period)[:most]
        known = {"most": most, "rows": [[product, quantity, str(revenue)] for product, quantity, revenue in rows]}
        kept.keep(key, known, seconds=KEEP)
    return Sums({product: (quantity, Decimal(revenue)) for product, quantity, revenue in known["rows"]})


def _settled(period: Period, products: Iterable[int]) -> Sums[int]:
    found: Sums[int] = Sums()
    for some in batched(sorted(products), AT_ONCE):
        for product, quantity, revenue in _by_product_of(period).filter(product_id__in=some):
            found.add(product, quantity, revenue)
    return found


def _by_product_of(period: Period) -> QuerySet[Any, Any]:
    days = SalesOfDay.objects.filter(day__range=(period.first, period.last)).order_by()
    return days.values_list("product_id").annotate(pieces=Sum("quantity"), brought=Sum("revenue"))


def _by_revenue(period: Period) -> QuerySet[Any, Any]:
    return _by_product_of(period).order_by("-brought", "product_id")


def _by_product(sales: dict[tuple[date, int], tuple[int, Decimal]]) -> Sums[int]:
    found: Sums[int] = Sums()
    for (_day, product), (quantity, revenue) in sales.items():
        found.add(product, quantity, revenue)
    return found


def _best(sold: Sums[int], most: int) -> Sums[int]:
    """The highest revenue first, the older product first among equals; one of which nothing is sold is not there."""
    ranked = sorted(sold.nonzero().items(), key=lambda row: (-row[1][1], row[0]))
    return Sums(dict(ranked[:most]))
