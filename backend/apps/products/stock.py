"""The only module that writes a counter. Each change is a row of the ledger and a fact for the outbox.

Locks are taken in primary-key order, so that two orders sharing products wait for each other instead of
deadlocking. Under the lock the counters are read, then decided upon, then written: in that order.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter, sub
from typing import Any, NamedTuple

from django.utils import timezone

from apps.authentication.models import User
from apps.common import statements
from apps.common.errors import Missing
from apps.common.locks import exclusive, lock_each, locked
from apps.common.retry import transactional
from apps.common.rows import Rows
from apps.events import outbox
from apps.products.errors import InsufficientStock, StockBelowReserved
from apps.products.models import Product, StockMovement
from apps.products.snapshots import counters

Kind = StockMovement.Kind

# What one unit of an order does to (on_hand, reserved).
EFFECT: dict[Kind, tuple[int, int]] = {
    Kind.RESERVATION: (0, +1),
    Kind.RELEASE: (0, -1),
    Kind.SHIPMENT: (-1, -1),
}
# The event that tells of a movement; of the others "stock.adjusted" does.
EVENT = {
    Kind.RESERVATION: "stock.reserved",
    Kind.RELEASE: "stock.released",
    Kind.SHIPMENT: "stock.shipped",
}
COUNTERS = ("on_hand", "reserved", "event_sequence", "version")
# What an order asks of a product.
ASKED = ("sku", "name", "price", "low_stock_threshold", "is_active", "deleted_at", *COUNTERS)
_counted = attrgetter(*COUNTERS)
LEDGER = (
    "product_id", "kind", "on_hand_delta", "reserved_delta", "on_hand_after", "reserved_after",
    "reference", "reason", "actor_id", "created_at",
)  # fmt: skip


class Cause(NamedTuple):
    """On whose account stock moves: the order's reference and facts, the person, and when (if not now)."""

    reference: str
    actor: User | None
    order: Mapping[str, Any] | None = None
    reason: str = ""
    at: datetime | None = None


class Movement(NamedTuple):
    """What changes: (on_hand, reserved) by product id, why, and on whose account."""

    kind: Kind
    deltas: Mapping[int, tuple[int, int]]
    cause: Cause

    @classmethod
    def of_order(cls, kind: Kind, quantities: Mapping[int, int], cause: Cause) -> "Movement":
        """What a reservation, a release or a shipment of so many units of each product does."""
        on_hand, reserved = EFFECT[kind]
        return cls(kind, {pk: (on_hand * count, reserved * count) for pk, count in quantities.items()}, cause)


def to_lock(pks: Iterable[int]) -> Rows[Product]:
    """These products, deleted ones too, to be locked in key order until the transaction ends; not those unknown."""
    return exclusive(Product, pks, only=ASKED)


def lock_products(pks: Iterable[int]) -> dict[int, Product]:
    """These products by key, deleted ones too, locked in key order until the transaction ends."""
    return lock_each(to_lock(pks))[0]


def refuse_shortages(
    products: Mapping[int, Product], quantities: Mapping[int, int], promised: Mapping[int, int]
) -> None:
    """Raise `InsufficientStock` naming *every* locked product of which there is less than wanted.

    `promised` is what this transaction has given away already and not yet written.
    """
    short = [
        (pk, quantity, available)
        for pk, quantity in quantities.items()
        if quantity > (available := products[pk].on_hand - products[pk].reserved - promised.get(pk, 0))
    ]
    if short:
        raise InsufficientStock(
            shortages=[
                {"product_id": pk, "sku": products[pk].sku, "requested": quantity, "available": available}
                for pk, quantity, available in sorted(short)
            ]
        )


def move(products: Mapping[int, Product], movements: Sequence[Movement]) -> list[list[outbox.Fact]]:
    """Apply movements, one after the other, to locked products; the facts of each, for the caller to publish.

    Writes the counters and the ledger in one statement each (of some hundred rows: see `statements`), however many
    products and movements there are.
    """
    now = timezone.now()
    told: list[list[outbox.Fact]] = []
    ledger: list[tuple[Any, ...]] = []
    moved = [products[pk] for pk in sorted({pk for movement in movements for pk in movement.deltas})]
    before = [_counted(product) for product in moved]
    for movement in movements:
        facts, rows = _apply(products, movement, now)
        told.append(facts)
        ledger += rows
    changes = [tuple(map(sub, _counted(product), was)) for product, was in zip(moved, before, strict=True)]
    statements.increase(moved, dict(zip(COUNTERS, zip(*changes, strict=True), strict=False)), updated_at=now)
    statements.insert(StockMovement, LEDGER, ledger)
    return told


@transactional
def adjust_stock(
    *,
    actor: User | None,
    pk: int,
    on_hand: int | None = None,
    delta: int | None = None,
    reason: str = "",
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Product:
    """Set `on_hand` after a count, or change it by `delta` for a receipt or a loss: exactly one of the two. `at`: now.

    A change of nothing leaves no trace. Raises `Missing`, `PreconditionFailed`, and `StockBelowReserved` when
    less would remain than open orders hold.
    """
    if (on_hand is None) == (delta is None):
        raise ValueError("Stock is adjusted to what was counted, or by a difference: exactly one of the two.")
    product = locked(Product, [pk]).get(pk)
    if product is None or product.deleted:
        raise Missing
    product.require_version(expected_version)
    difference = on_hand - product.on_hand if on_hand is not None else (delta or 0)
    kind = Kind.COUNT if on_hand is not None else (Kind.RECEIPT if difference > 0 else Kind.LOSS)
    return _change_on_hand(product, kind, difference, Cause(product.reference, actor, reason=reason, at=at))


def open_stock(quantities: Mapping[Product, int], actor: User | None) -> None:
    """Give products that were created in this transaction their first stock; nothing to those that get none."""
    stocked = {product: quantity for product, quantity in quantities.items() if quantity}
    told = move({product.pk: product for product in stocked}, [
        Movement(Kind.OPENING, {product.pk: (quantity, 0)}, Cause(product.reference, actor, at=product.created_at))
        for product, quantity in stocked.items()
    ])  # fmt: skip
    if told:
        outbox.publish([fact for facts in told for fact in facts], actor=actor)


def _change_on_hand(product: Product, kind: Kind, difference: int, cause: Cause) -> Product:
    if difference == 0:
        return product
    if product.on_hand + difference < product.reserved:
        raise StockBelowReserved(product_id=product.pk, **counters(product))
    (facts,) = move({product.pk: product}, [Movement(kind, {product.pk: (difference, 0)}, cause)])
    outbox.publish(facts, actor=cause.actor)
    return product


def _apply(
    products: Mapping[int, Product], movement: Movement, now: datetime
) -> tuple[list[outbox.Fact], list[tuple[Any, ...]]]:
    """Change the counters, in memory; what there is to tell of it, and the rows of the ledger."""
    kind, cause, event = movement.kind.value, movement.cause, EVENT.get(movement.kind, "stock.adjusted")
    why = (cause.reference, cause.reason, cause.actor.pk if cause.actor else None, cause.at or now)
    facts: list[outbox.Fact] = []
    ledger: list[tuple[Any, ...]] = []
    for pk, delta in sorted(movement.deltas.items()):
        product = products[pk]
        was_low = product.low_stock
        product.on_hand += delta[0]
        product.reserved += delta[1]
        product.version += 1
        product.updated_at = now
        payload = _payload(product, delta, cause)
        facts.append(outbox.fact(product, event, payload, cause=cause.reference, at=cause.at))
        if product.low_stock and not was_low:
            low = {**payload, "threshold": product.low_stock_threshold}
            facts.append(outbox.fact(product, "stock.low", low, cause=cause.reference, at=cause.at))
        ledger.append((pk, kind, *delta, product.on_hand, product.reserved, *why))
    return facts, ledger


def _payload(product: Product, delta: tuple[int, int], cause: Cause) -> dict[str, Any]:
    on_hand, reserved = delta
    return {
        "product": {"id": product.id, "sku": product.sku, "name": product.name},
        "quantity": abs(on_hand or reserved),
        "on_hand_delta": on_hand,
        "reserved_delta": reserved,
        **counters(product),
        "order": cause.order,
        "order_id": cause.order["id"] if cause.order else None,
        "reason": cause.reason,
    }
