"""What the dashboard's totals have to be: added up in Python, order by order."""

from datetime import date

from apps.common.days import HOME
from apps.dashboard import settling
from apps.dashboard.counting import Sums
from apps.dashboard.models import Bookmark
from apps.dashboard.totals import Totals
from apps.orders.models import Order


def begin_at_the_latest():
    """As in an empty history: ids do not begin again with each test."""
    Bookmark.objects.create(counted=settling.latest() - 1)


def what_orders_come_to(period, most):
    """The totals of the period, from each order and each of its lines."""
    orders: Sums[tuple[date, str]] = Sums()
    sold: Sums[int] = Sums()
    for order in Order.objects.prefetch_related("items"):
        day = order.placed_at.astimezone(HOME).date()
        if not period.first <= day <= period.last:
            continue
        orders.add((day, order.status), 1, order.total)
        if order.status != "CANCELADO":
            for item in order.items.all():
                sold.add(item.product_id, item.quantity, item.subtotal)
    best = sorted(sold.items(), key=lambda row: (-row[1][1], row[0]))[:most]
    return Totals(orders, Sums(dict(best)))
