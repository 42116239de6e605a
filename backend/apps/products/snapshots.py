"""What the world sees of a product and of its ledger."""

from typing import Any

from apps.common.text import moment, money
from apps.products.models import Product, StockMovement


def snapshot(product: Product) -> dict[str, Any]:
    """The product as the API answers it and events tell of it."""
    return {
        "id": product.pk,
        "sku": product.sku,
        "name": product.name,
        "description": product.description,
        "price": money(product.price),
        "on_hand": product.on_hand,
        "reserved": product.reserved,
        "available": product.on_hand - product.reserved,
        "low_stock_threshold": product.low_stock_threshold,
        "is_active": product.is_active,
        "created_at": moment(product.created_at),
        "updated_at": moment(product.updated_at),
    }


def counters(product: Product) -> dict[str, int]:
    """The two counters, and what is left to sell."""
    return {
        "on_hand": product.on_hand,
        "reserved": product.reserved,
        "available": product.on_hand - product.reserved,
    }


def movement_snapshot(movement: StockMovement) -> dict[str, Any]:
    """A row of the ledger as the API answers it."""
    return {
        "id": movement.pk,
        "kind": movement.kind,
        "on_hand_delta": movement.on_hand_delta,
        "reserved_delta": movement.reserved_delta,
        "on_hand_after": movement.on_hand_after,
        "reserved_after": movement.reserved_after,
        "reference": movement.reference,
        "reason": movement.reason,
        "actor": movement.actor.username if movement.actor else None,
        "created_at": moment(movement.created_at),
    }
