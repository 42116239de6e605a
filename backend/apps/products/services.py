"""What can be done with the catalogue. Counters are none of its business: see `stock`."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import IntegrityError, models
from django.utils import timezone

from apps.authentication.models import User
from apps.common import statements
from apps.common.constraints import broken_by
from apps.common.errors import AlreadyExists, Missing
from apps.common.retry import transactional
from apps.events import outbox
from apps.products import stock
from apps.products.models import Product, caseless
from apps.products.snapshots import snapshot

EDITABLE = ("name", "description", "price", "low_stock_threshold", "is_active")
DERIVED = {"name": "name_folded"}

# Who may object to a product's going. Orders register here: arrows point down, so we cannot ask them by name.
deletion_guards: list[Callable[[Product], None]] = []


def register_product(*, actor: User | None, values: dict[str, Any], on_hand: int = 0) -> Product:
    """Create a product from its SKU and `EDITABLE` values, with its opening stock. Raises `AlreadyExists`."""
    (product,) = register_products(actor=actor, wanted=[(values, on_hand)])
    return product


@transactional
def register_products(*, actor: User | None, wanted: Sequence[tuple[dict[str, Any], int]]) -> list[Product]:
    """Create these products, each from its values and with its opening stock, or none of them.

    Raises `AlreadyExists` for a SKU that is taken, whatever its case.
    """
    products = [Product(**values) for values, _on_hand in wanted]
    twin = Product.objects.filter(sku_folded__in=[caseless(product.sku) for product in products]).first()
    if twin is not None:
        raise AlreadyExists(field="sku", **twin.to_restore())
    try:
        statements.add(products)
    except IntegrityError as error:
        if "sku" in broken_by(error):
            raise AlreadyExists(field="sku") from error
        raise
    facts = [
        outbox.first_event(product, "product.created", {"product": snapshot(product)}, at=product.created_at)
        for product in products
    ]
    outbox.publish(facts, actor=actor)
    stock.open_stock({product: on_hand for product, (_values, on_hand) in zip(products, wanted, strict=True)}, actor)
    return products


@transactional
def change_product(
    *, actor: User | None, pk: int, values: dict[str, Any], expected_version: int | None = None
) -> Product:
    """Change some `EDITABLE` values; changing nothing writes nothing, and counters are never written.

    Raises `Missing`, and `PreconditionFailed` when `expected_version` is not the current one.
    """
    product = lock_product(pk)
    product.require_version(expected_version)
    changed = [name for name, value in values.items() if getattr(product, name) != value]
    for name in changed:
        setattr(product, name, values[name])
    if changed:
        _save_and_tell(product, "product.updated", changed, actor, changed=sorted(changed))
    return product


@transactional
def delete_product(*, actor: User | None, pk: int, expected_version: int | None = None) -> None:
    """Hide a product from the lists and from new orders.

    Raises `Missing`, `PreconditionFailed`, and what the `deletion_guards` raise.
    """
    product = lock_product(pk)
    product.require_version(expected_version)
    for guard in deletion_guards:
        guard(product)
    product.deleted_at = timezone.now()
    _save_and_tell(product, "product.deleted", ["deleted_at"], actor)


@transactional
def restore_product(*, actor: User | None, pk: int, expected_version: int | None = None) -> Product:
    """Bring a deleted product back; a live one is left as it is. Raises `Missing` and `PreconditionFailed`."""
    product = lock_product(pk, Product.objects.all())
    product.require_version(expected_version)
    if product.deleted:
        product.deleted_at = None
        _save_and_tell(product, "product.restored", ["deleted_at"], actor)
    return product


def lock_product(pk: int, rows: models.QuerySet[Product] | None = None) -> Product:
    """The product, locked until the transaction ends; among the present ones unless told otherwise."""
    rows = Product.objects.present() if rows is None else rows
    product = rows.select_for_update().filter(pk=pk).first()
    if product is None:
        raise Missing
    return product


def _save_and_tell(product: Product, event: str, columns: list[str], actor: User | None, **extra: Any) -> None:
    product.touch()
    fact = outbox.fact(product, event, {"product": snapshot(product), **extra})
    derived = [DERIVED[name] for name in columns if name in DERIVED]
    product.save_touched([*columns, *derived])
    outbox.publish([fact], actor=actor)
