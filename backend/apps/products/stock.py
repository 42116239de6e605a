"""The only module that writes a counter. Each change is a row of the ledger and a fact for the outbox.

Locks are taken in primary-key order, so that two orders sharing products wait for each other instead of
deadlocking. Under the lock the counters are read, then decided upon, then written: in that order.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, Case, F, Value, When
from django.utils import timezone

from apps.authentication.models import User
from apps.common.errors import Missing
from apps.common.retry import transactional
from apps.events import outbox
from apps.products.errors import InsufficientStock, StockBelowReserved
from apps.products.models import Product, StockMovement
from apps.products.snapshots import counters

Kind = StockMovement.Kind

# What one unit of an order does to (on_hand, reserved), and the event that tells of it.
EFFECT: dict[Kind, tuple[int, int]] = {
    Kind.RESERVATION: (0, +1),
    Kind.RELEASE: (0, -1),
    Kind.SHIPMENT: (-1, -1),
}
EVENT = {
    Kind.RESERVATION: "stock.reserved",
    Kind.RELEASE: "stock.released",
    Kind.SHIPMENT: "stock.shipped",
}


@dataclass(frozen=True, slots=True)
class Cause:
    """On whose account stock moves: the order's reference and facts, the person, and when (if not now)."""

    reference: str
    actor: User | None
    order: Mapping[str, Any] | None = None
    reason: str = ""
    at: datetime | None = None


def lock_products(pks: Iterable[int]) -> dict[int, Product]:
    """These products, deleted ones too, locked in key order until the transaction ends. Unknown ids are absent."""
    locked = Product.objects.select_for_update().filter(pk__in=set(pks)).order_by("pk")
    return {product.pk: product for product in locked}


def refuse_shortages(products: Mapping[int, Product], quantities: Mapping[int, int]) -> None:
    """Raise `InsufficientStock` naming *every* locked product of which there is less than wanted."""
    shortages = [
        {
            "product_id": pk,
            "sku": products[pk].sku,
            "requested": quantity,
            "available": products[pk].on_hand - products[pk].reserved,
        }
        for pk, quantity in sorted(quantities.items())
        if quantity > products[pk].on_hand - products[pk].reserved
    ]
    if shortages:
        raise InsufficientStock(shortages=shortages)


def move(kind: Kind, products: Mapping[int, Product], quantities: Mapping[int, int], cause: Cause) -> list[outbox.Fact]:
    """Apply one movement of an order to locked products and return the facts, which the caller publishes.

    Writes the counters and the ledger in one statement each, however many products there are.
    """
    on_hand, reserved = EFFECT[kind]
    deltas = {pk: (on_hand * quantity, reserved * quantity) for pk, quantity in quantities.items()}
    return _apply(kind, EVENT[kind], products, deltas, cause)


@transactional
def adjust_stock(
    *,
    actor: User | None,
    pk: int,
    on_hand: int | None = None,
    delta: int | None = None,
    reason: str = "",
    expected_version: int | None = None,
) -> Product:
    """Set `on_hand` after a count, or change it by `delta` for a receipt or a loss: exactly one of the two.

    A change of nothing leaves no trace. Raises `Missing`, `PreconditionFailed`, and `StockBelowReserved` when
    less would remain than open orders hold.
    """
    product = lock_products([pk]).get(pk)
    if product is None or product.deleted:
        raise Missing
    product.require_version(expected_version)
    difference = on_hand - product.on_hand if on_hand is not None else (delta or 0)
    kind = Kind.COUNT if on_hand is not None else (Kind.RECEIPT if difference > 0 else Kind.LOSS)
    return _change_on_hand(product, kind, difference, Cause(product.reference, actor, reason=reason))


def open_stock(product: Product, quantity: int, actor: User | None) -> Product:
    """Give a product that was created in this transaction its first stock."""
    return _change_on_hand(product, Kind.OPENING, quantity, Cause(product.reference, actor))


def _change_on_hand(product: Product, kind: Kind, difference: int, cause: Cause) -> Product:
    if difference == 0:
        return product
    if product.on_hand + difference < product.reserved:
        raise StockBelowReserved(product_id=product.pk, **counters(product))
    facts = _apply(kind, "stock.adjusted", {product.pk: product}, {product.pk: (difference, 0)}, cause)
    outbox.publish(facts, actor=cause.actor, cause=cause.reference, at=cause.at)
    return product


def _apply(
    kind: Kind, event: str, products: Mapping[int, Product], deltas: Mapping[int, tuple[int, int]], cause: Cause
) -> list[outbox.Fact]:
    facts, rows, now = [], [], timezone.now()
    for pk, (on_hand, reserved) in sorted(deltas.items()):
        product = products[pk]
        was_low = product.low_stock
        product.on_hand += on_hand
        product.reserved += reserved
        product.version += 1
        product.updated_at = now
        payload = _payload(product, on_hand, reserved, cause)
        facts.append(outbox.fact(product, event, payload))
        if product.low_stock and not was_low:
            facts.append(outbox.fact(product, "stock.low", {**payload, "threshold": product.low_stock_threshold}))
        rows.append(_ledger_row(kind, product, on_hand, reserved, cause))
    _write_counters([products[pk] for pk in sorted(deltas)], now)
    StockMovement.objects.bulk_create(rows)
    return facts


def _write_counters(products: list[Product], now: datetime) -> None:
    """One UPDATE for all. The rows are locked, so what was computed in memory is what stands in them."""

    def by_product(column: str) -> Case:
        number = BigIntegerField()
        whens = [When(pk=product.pk, then=Value(getattr(product, column), number)) for product in products]
        return Case(*whens, default=F(column), output_field=number)

    Product.objects.filter(pk__in=[product.pk for product in products]).update(
        on_hand=by_product("on_hand"),
        reserved=by_product("reserved"),
        event_sequence=by_product("event_sequence"),
        version=F("version") + 1,
        updated_at=now,
    )


def _payload(product: Product, on_hand: int, reserved: int, cause: Cause) -> dict[str, Any]:
    return {
        "product": {"id": product.pk, "sku": product.sku, "name": product.name},
        "quantity": abs(on_hand or reserved),
        "on_hand_delta": on_hand,
        "reserved_delta": reserved,
        **counters(product),
        "order": cause.order,
        "order_id": cause.order["id"] if cause.order else None,
        "reason": cause.reason,
    }


def _ledger_row(kind: Kind, product: Product, on_hand: int, reserved: int, cause: Cause) -> StockMovement:
    return StockMovement(
        product=product,
        kind=kind,
        on_hand_delta=on_hand,
        reserved_delta=reserved,
        on_hand_after=product.on_hand,
        reserved_after=product.reserved,
        reference=cause.reference,
        reason=cause.reason,
        actor=cause.actor,
        created_at=cause.at or timezone.now(),
    )
