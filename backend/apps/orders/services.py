"""What can be done with orders. Each function is one transaction, told in the order a person would tell it.

Locks: the order row first, then products by id. A new order has no row to lock: its customer is read-locked (so
that nobody deletes or deactivates it meanwhile), then its products. Lock first, read after, decide last.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.authentication.models import User
from apps.common.columns import MoneyField
from apps.common.errors import DomainError, FieldProblem, Invalid, Missing
from apps.common.locks import read_locked
from apps.common.retry import transactional
from apps.customers.errors import CustomerInactive
from apps.customers.models import Customer
from apps.events import outbox
from apps.orders import lifecycle
from apps.orders.errors import IdempotencyKeyReused, PriceChanged
from apps.orders.lifecycle import Status
from apps.orders.models import LINES_PER_ORDER, Order, OrderItem, StatusChange
from apps.orders.requests import OrderRequest
from apps.orders.snapshots import snapshot
from apps.products import stock
from apps.products.errors import ProductInactive
from apps.products.models import Product

STOCK_ON_ENTRY = {Status.CANCELADO: stock.Kind.RELEASE, Status.ENVIADO: stock.Kind.SHIPMENT}
LARGEST_TOTAL = Decimal(10) ** (MoneyField.MAX_DIGITS - 2)


@dataclass(frozen=True, slots=True)
class Placed:
    """The order of a request; `replayed` when an earlier request with the same key made it."""

    order: Order
    replayed: bool = False


def place_order(
    *, actor: User | None, request: OrderRequest, placed_at: datetime | None = None, as_sold: bool = False
) -> Placed:
    """Reserve the stock, freeze the prices and record the order: once per (customer, key), whatever happens.

    `as_sold` is the importer's door, which no view opens: an item's own price stands, whatever the catalogue says.

    A refusal stands only if no twin won in the meantime; the unique constraint is the referee between twins that
    no lock made wait.
    Raises `Invalid` for unknown ids, `IdempotencyKeyReused`, `CustomerInactive`, `ProductInactive`,
    `PriceChanged` and `InsufficientStock`; none of them leaves a trace.
    """
    earlier = _replayed(request)
    if earlier is not None:
        return Placed(earlier, replayed=True)
    try:
        return Placed(_place(actor, request, placed_at, as_sold))
    except (DomainError, IntegrityError):
        earlier = _replayed(request)
        if earlier is None:
            raise
        return Placed(earlier, replayed=True)


def _replayed(request: OrderRequest) -> Order | None:
    """The order that this key already made. Raises when it was made from another body."""
    earlier = Order.objects.filter(customer_id=request.customer_id, idempotency_key=request.idempotency_key).first()
    if earlier is not None and earlier.fingerprint != request.fingerprint():
        known = Product.objects.filter(pk__in=request.quantities).values_list("pk", flat=True)
        if problems := request.unknown(customer_known=True, products_known=known):
            raise Invalid(problems)
        raise IdempotencyKeyReused(order_id=earlier.pk)
    return earlier


@transactional
def _place(actor: User | None, request: OrderRequest, placed_at: datetime | None, as_sold: bool) -> Order:
    found = read_locked(Customer.objects.filter(pk=request.customer_id))
    products = stock.lock_products(request.quantities)
    customer = _refuse(request, found[0] if found else None, products)
    if not as_sold:
        _refuse_changed_prices(request, products)
    stock.refuse_shortages(products, request.quantities)
    order, items = _record(request, customer, products, placed_at)
    first = StatusChange(order=order, to_status=order.status, actor=actor, created_at=placed_at or order.created_at)
    first.save()
    cause = _cause(order, actor, placed_at)
    facts = stock.move(stock.Kind.RESERVATION, products, request.quantities, cause)
    created = outbox.born(order, "order.created", {"order": snapshot(order, items)})
    outbox.publish([created, *facts], actor=actor, cause=order.reference, at=placed_at)
    order.remember(items=items, history=[first])
    return order


def _refuse(request: OrderRequest, customer: Customer | None, products: Mapping[int, Product]) -> Customer:
    """Whatever speaks against the customer and the products, judged on locked rows; the customer when nothing does."""
    problems = request.unknown(customer is not None, products)
    if customer is None or problems:
        raise Invalid(problems)
    if _subtotal(request, _prices(request, products)) + request.freight >= LARGEST_TOTAL:
        raise Invalid([FieldProblem("/items", "max_value", _("The total of the order is too large."))])
    if customer.deleted or not customer.is_active:
        raise CustomerInactive(customer_id=customer.pk)
    if gone := [product for product in products.values() if product.deleted or not product.is_active]:
        raise ProductInactive(products=[{"product_id": product.pk, "sku": product.sku} for product in gone])
    return customer


def _refuse_changed_prices(request: OrderRequest, products: Mapping[int, Product]) -> None:
    changes = [
        {
            "product_id": item.product_id,
            "sku": products[item.product_id].sku,
            "sent": str(item.unit_price),
            "current": str(products[item.product_id].price),
        }
        for item in request.items
        if item.unit_price is not None and item.unit_price != products[item.product_id].price
    ]
    if changes:
        raise PriceChanged(changes=changes)


def _record(
    request: OrderRequest, customer: Customer, products: Mapping[int, Product], placed_at: datetime | None
) -> tuple[Order, list[OrderItem]]:
    prices = _prices(request, products)
    subtotal = _subtotal(request, prices)
    now = timezone.now()
    order = Order.objects.create(
        customer=customer,
        subtotal=subtotal,
        freight=request.freight,
        total=subtotal + request.freight,
        notes=request.notes,
        idempotency_key=request.idempotency_key,
        fingerprint=request.fingerprint(),
        placed_at=placed_at or now,
        created_at=now,
        updated_at=now,
    )
    items = [
        OrderItem(
            pk=order.pk * LINES_PER_ORDER + position,
            order=order,
            product_id=item.product_id,
            sku=products[item.product_id].sku,
            name=products[item.product_id].name,
            quantity=item.quantity,
            unit_price=prices[item.product_id],
            subtotal=prices[item.product_id] * item.quantity,
        )
        for position, item in enumerate(request.items, start=1)
    ]
    return order, OrderItem.objects.bulk_create(items)


def _prices(request: OrderRequest, products: Mapping[int, Product]) -> dict[int, Decimal]:
    # A price on an item is found equal to the catalogue's before it is recorded, or stands in its place: see `as_sold`.
    return {
        item.product_id: products[item.product_id].price if item.unit_price is None else item.unit_price
        for item in request.items
    }


def _subtotal(request: OrderRequest, prices: Mapping[int, Decimal]) -> Decimal:
    return sum((prices[item.product_id] * item.quantity for item in request.items), Decimal())


@transactional
def change_status(
    *,
    actor: User | None,
    pk: int,
    target: str,
    note: str = "",
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Order:
    """Move an order to `target`, with what that does to stock. Asking for the status it has changes nothing.

    Raises `Missing`, `PreconditionFailed`, and `InvalidTransition` for a move that the lifecycle does not list.
    """
    order = Order.objects.select_for_update().filter(pk=pk).first()
    if order is None:
        raise Missing
    order.require_version(expected_version)
    source = order.status
    if source == target:
        return order
    lifecycle.require(source, target)

    order.status = target
    order.touch()
    items = list(order.items.all())
    cause = _cause(order, actor, at)
    stock_facts = _move_stock(Status(target), items, cause)
    payload = {"order": snapshot(order, items), "from": source, "to": target, "note": note}
    facts = [outbox.fact(order, "order.status_changed", payload)]
    if target == Status.CANCELADO:
        facts.append(outbox.fact(order, "order.cancelled", {**payload, "reason": note}))
    order.save_touched(["status"])
    StatusChange.objects.create(
        order=order, from_status=source, to_status=target, actor=actor, note=note, created_at=at or order.updated_at
    )
    outbox.publish([*facts, *stock_facts], actor=actor, cause=order.reference, at=at)
    order.remember(items=items)
    return order


def _move_stock(target: Status, items: list[OrderItem], cause: stock.Cause) -> list[outbox.Fact]:
    kind = STOCK_ON_ENTRY.get(target)
    if kind is None:
        return []
    quantities = {item.product_id: item.quantity for item in items}
    return stock.move(kind, stock.lock_products(quantities), quantities, cause)


def _cause(order: Order, actor: User | None, at: datetime | None) -> stock.Cause:
    return stock.Cause(order.reference, actor, order={"id": order.pk, "number": order.number}, at=at)
