"""What the dashboard shows of a period.

Orders count on the day of `placed_at`. Every order counts as one; a cancelled one brings no revenue, and its lines
sell nothing. Revenue is what customers owe, freight included; a product's revenue is that of its lines.
"""

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from apps.common.text import money
from apps.dashboard.counting import Sums
from apps.dashboard.period import Period
from apps.dashboard.totals import totals
from apps.orders.lifecycle import Status
from apps.products.filters import LOW_STOCK
from apps.products.models import Product
from apps.products.snapshots import snapshot

TOP, LOW = 10, 50


def dashboard(period: Period) -> dict[str, Any]:
    """The figures of the period, as of the last commit."""
    found = totals(period, TOP)
    statuses: Counter[str] = Counter()
    orders: Counter[date] = Counter()
    revenue: defaultdict[date, Decimal] = defaultdict(Decimal)
    for (day, status), (number, total) in found.orders.items():
        statuses[status] += number
        orders[day] += number
        if status != Status.CANCELADO:
            revenue[day] += total
    return {
        "orders": {"total": statuses.total(), "by_status": {status.value: statuses[status] for status in Status}},
        "revenue": money(sum(revenue.values(), Decimal())),
        "per_day": [
            {"date": day.isoformat(), "orders": orders[day], "revenue": money(revenue[day])} for day in period.days()
        ],
        "top_products": _named(found.best),
        "low_stock": [
            snapshot(product)
            for product in Product.objects.present().filter(LOW_STOCK).order_by("available", "id")[:LOW]
        ],
    }


def _named(best: Sums[int]) -> list[dict[str, Any]]:
    """By their present name, deleted ones included."""
    products = Product.objects.only("sku", "name").in_bulk(list(best))
    return [
        {
            "product_id": key,
            "sku": products[key].sku,
            "name": products[key].name,
            "quantity": quantity,
            "revenue": money(revenue),
        }
        for key, (quantity, revenue) in best.items()
    ]
