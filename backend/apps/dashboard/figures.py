"""What the dashboard shows, reckoned from the orders of a period; and remembered as long as that is right.

Orders count on the day of `placed_at`. Every order counts as one; a cancelled one brings no revenue, and its lines
sell nothing. Revenue is what customers owe, freight included; a product's revenue is that of its lines.

What bounds it is the period: its orders are found by `order_by_placing`, their lines by the order. No counter is kept
for it and no index made, so that placing an order pays nothing; instead figures that took long rest for a while.
"""

import time
from collections import Counter, defaultdict
from datetime import UTC, date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncHour

from apps.common import kept
from apps.common.filters import HOME
from apps.common.text import moment, money
from apps.dashboard.period import Period
from apps.events import outbox
from apps.orders.lifecycle import Status
from apps.orders.models import Order, OrderItem
from apps.products.filters import LOW_STOCK
from apps.products.models import Product
from apps.products.snapshots import snapshot

TOP, LOW = 10, 50
KEEP = 10  # seconds, while nothing happens
SLOW, REST = 0.5, 10  # From half a second on, it rests ten times as long as it took, whatever happens.


def dashboard(period: Period) -> dict[str, Any]:
    """The figures of the period: those just reckoned while nothing has happened since, else new ones.

    What was committed is seen at once. The exceptions last for seconds: a transaction that numbered its events before
    another and committed after it; and figures that were slow to reckon, which rest ten times as long as they took.
    """
    key = f"dashboard:{period.first}:{period.last}"
    latest = outbox.latest()
    seen = latest and [latest[0], moment(latest[1])]
    known = kept.recall(key)
    if known and (known["seen"] == seen or time.time() < known["rests_until"]):
        return known["figures"]
    started = time.monotonic()
    figures = reckon(period)
    took = time.monotonic() - started
    if seen:
        rest = took * REST if took >= SLOW else 0
        known = {"seen": seen, "rests_until": time.time() + rest, "figures": figures}
        kept.keep(key, known, seconds=max(KEEP, rest))
    return figures


def reckon(period: Period) -> dict[str, Any]:
    """The figures of the period, in four statements."""
    statuses: Counter[str] = Counter()
    orders: Counter[date] = Counter()
    revenue: defaultdict[date, Decimal] = defaultdict(Decimal)
    for hour, status, count, total in by_hour_and_status(period):
        day = hour.astimezone(HOME).date()
        statuses[status] += count
        orders[day] += count
        if status != Status.CANCELADO:
            revenue[day] += total
    return {
        "orders": {"total": statuses.total(), "by_status": {status.value: statuses[status] for status in Status}},
        "revenue": money(sum(revenue.values(), Decimal())),
        "per_day": [
            {"date": day.isoformat(), "orders": orders[day], "revenue": money(revenue[day])} for day in period.days()
        ],
        "top_products": _top_products(period),
        "low_stock": [
            snapshot(product)
            for product in Product.objects.present().filter(LOW_STOCK).order_by("available", "id")[:LOW]
        ],
    }


def _within(period: Period, order: str = "") -> Q:
    return Q(**{f"{order}placed_at__gte": period.start, f"{order}placed_at__lt": period.end})


def by_hour_and_status(period: Period) -> Any:
    """Grouped by the hour of UTC, which each database reckons alike: São Paulo's days are made of whole hours.

    MySQL knows a zone by its name only where somebody loaded its tables, and a fixed offset is wrong before 2019.
    """
    return (
        Order.objects.filter(_within(period))
        .values_list(TruncHour("placed_at", tzinfo=UTC), "status")
        .annotate(Count("id"), Sum("total"))
        .order_by()
    )


def sold(period: Period) -> Any:
    """What each product brought, the best first."""
    return (
        OrderItem.objects.filter(_within(period, "order__"), ~Q(order__status=Status.CANCELADO))
        .values("product_id")
        .annotate(sold=Sum("quantity"), revenue=Sum("subtotal"))
        .order_by("-revenue", "product_id")
    )


def _top_products(period: Period) -> list[dict[str, Any]]:
    """Those that brought most, deleted ones included, by their present name."""
    rows = list(sold(period)[:TOP])
    products = Product.objects.only("sku", "name").in_bulk([row["product_id"] for row in rows])
    return [
        {
            "product_id": product.pk,
            "sku": product.sku,
            "name": product.name,
            "quantity": row["sold"],
            "revenue": money(row["revenue"]),
        }
        for row in rows
        for product in (products[row["product_id"]],)
    ]
