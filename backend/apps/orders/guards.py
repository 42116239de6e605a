"""What orders have to say when a customer or a product is about to be deleted. Registered by `apps.OrdersConfig`."""

from apps.customers.errors import CustomerHasOpenOrders
from apps.customers.models import Customer
from apps.orders.lifecycle import OPEN
from apps.orders.models import Order, OrderItem
from apps.products.errors import ProductHasOpenOrders
from apps.products.models import Product

MAX_NAMED = 10


def keep_customer(customer: Customer) -> None:
    """Refuse to let a customer go who has open orders. The customer is locked: no new one can slip in."""
    orders = Order.objects.filter(customer=customer, status__in=OPEN).order_by("id")[:MAX_NAMED]
    if named := [order.number for order in orders]:
        raise CustomerHasOpenOrders(orders=named)


def keep_product(product: Product) -> None:
    """Refuse to let a product go that stands on open orders. The product is locked: no new one can slip in."""
    items = OrderItem.objects.filter(product=product, order__status__in=OPEN).select_related("order")
    if named := [item.order.number for item in items.order_by("id")[:MAX_NAMED]]:
        raise ProductHasOpenOrders(orders=named)
