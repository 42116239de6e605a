"""Placing and moving as one would write it with the ORM alone: the reference that the services are compared with.

No locks and no twins in here: one caller, one order at a time, the plain words of Django.
"""

from django.utils import timezone

from apps.customers.models import Customer
from apps.events.models import Event
from apps.orders import lifecycle
from apps.orders.errors import PriceChanged
from apps.orders.models import Order, OrderItem, StatusChange
from apps.orders.snapshots import line_snapshot, snapshot
from apps.products.errors import InsufficientStock, ProductInactive
from apps.products.models import Product, StockMovement

STOCK = {"CANCELADO": ("RELEASE", 0, -1, "stock.released"), "ENVIADO": ("SHIPMENT", -1, -1, "stock.shipped")}


def place(actor, request):
    customer = Customer.objects.get(pk=request.customer_id)
    products = {product.pk: product for product in Product.objects.filter(pk__in=request.quantities)}
    if any(not product.is_active for product in products.values()):
        raise ProductInactive(products=[])
    if any(item.unit_price not in (None, products[item.product_id].price) for item in request.items):
        raise PriceChanged(changes=[])
    if any(products[pk].available < quantity for pk, quantity in request.quantities.items()):
        raise InsufficientStock(shortages=[])
    subtotal = sum(products[item.product_id].price * item.quantity for item in request.items)
    order = Order.objects.create(
        customer=customer,
        subtotal=subtotal,
        freight=request.freight,
        total=subtotal + request.freight,
        notes=request.notes,
        idempotency_key=request.idempotency_key,
        fingerprint=request.fingerprint,
        **dict.fromkeys(("placed_at", "created_at", "updated_at"), timezone.now()),
    )
    for position, item in enumerate(request.items, start=1):
        product = products[item.product_id]
        OrderItem.objects.create(
            pk=order.pk * 1000 + position,
            order=order,
            product=product,
            sku=product.sku,
            name=product.name,
            quantity=item.quantity,
            unit_price=product.price,
            subtotal=product.price * item.quantity,
        )
    StatusChange.objects.create(order=order, to_status="PENDENTE", actor=actor, created_at=timezone.now())
    _tell("order.created", order, 1, order, actor, {"order": shown(order)})
    _move_stock("RESERVATION", 0, 1, "stock.reserved", order, actor)
    return order


def shown(order):
    """The order as events and lists show it, its lines read by the ORM."""
    return snapshot(order, [line_snapshot(item) for item in order.items.all()])


def move(actor, order, target, note):
    order = Order.objects.get(pk=order.pk)
    source = order.status
    if source == target:
        return
    lifecycle.require(source, target)
    order.status, order.updated_at = target, timezone.now()
    order.version += 1
    order.event_sequence += 2 if target == "CANCELADO" else 1
    order.save()
    StatusChange.objects.create(
        order=order, from_status=source, to_status=target, actor=actor, note=note, created_at=order.updated_at
    )
    payload = {"order": shown(order), "from": source, "to": target, "note": note}
    first = order.event_sequence - (1 if target == "CANCELADO" else 0)
    _tell("order.status_changed", order, first, order, actor, payload)
    if target == "CANCELADO":
        _tell("order.cancelled", order, order.event_sequence, order, actor, {**payload, "reason": note})
    if target in STOCK:
        kind, on_hand, reserved, event = STOCK[target]
        _move_stock(kind, on_hand, reserved, event, order, actor)


def _move_stock(kind, on_hand, reserved, event, order, actor):
    for item in order.items.order_by("product_id"):
        product = Product.objects.get(pk=item.product_id)
        was_low, now = product.low_stock, timezone.now()
        product.on_hand += on_hand * item.quantity
        product.reserved += reserved * item.quantity
        falls_low = product.low_stock and not was_low
        product.version, product.updated_at = product.version + 1, now
        product.event_sequence += 2 if falls_low else 1
        product.save()
        StockMovement.objects.create(
            product=product,
            kind=kind,
            on_hand_delta=on_hand * item.quantity,
            reserved_delta=reserved * item.quantity,
            on_hand_after=product.on_hand,
            reserved_after=product.reserved,
            reference=order.reference,
            actor=actor,
            created_at=now,
        )
        payload = {
            "product": {"id": product.pk, "sku": product.sku, "name": product.name},
            "quantity": item.quantity,
            "on_hand_delta": on_hand * item.quantity,
            "reserved_delta": reserved * item.quantity,
            "on_hand": product.on_hand,
            "reserved": product.reserved,
            "available": product.on_hand - product.reserved,
            "order": {"id": order.pk, "number": order.number},
            "order_id": order.pk,
            "reason": "",
        }
        first = product.event_sequence - (1 if falls_low else 0)
        _tell(event, product, first, order, actor, payload)
        if falls_low:
            low = {**payload, "threshold": product.low_stock_threshold}
            _tell("stock.low", product, product.event_sequence, order, actor, low)


def _tell(type_, subject, sequence, cause, actor, payload):
    Event.objects.create(
        type=type_,
        subject=subject.reference,
        sequence=sequence,
        cause=cause.reference,
        actor=actor.username if actor else None,
        occurred_at=timezone.now(),
        payload=payload,
    )
