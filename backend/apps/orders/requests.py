"""What is asked for when an order is placed, and its fingerprint: bodies are compared by meaning, not by bytes."""

import hashlib
import json
from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from operator import itemgetter
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from apps.common.errors import FieldProblem
from apps.common.text import money

_compact = json.JSONEncoder(separators=(",", ":")).encode


class Item(NamedTuple):
    """So many of a product, optionally only at this price."""

    product_id: int
    quantity: int
    unit_price: Decimal | None = None


@dataclass(frozen=True)
class OrderRequest:
    """An order as a client asks for it. A product stands on one item only."""

    customer_id: int
    items: tuple[Item, ...]
    idempotency_key: str
    freight: Decimal = Decimal("0.00")
    notes: str = ""
    placed_at: datetime | None = None  # When it was placed elsewhere: known to an import only, no part of the body.

    @property
    def identity(self) -> tuple[int, str]:
        """What there is one order for: customer and key."""
        return self.customer_id, self.idempotency_key

    @cached_property
    def quantities(self) -> dict[int, int]:
        """How many of each product."""
        return {item.product_id: item.quantity for item in self.items}

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the canonical body: key order, defaults, "1" or "1.00" and the order of items do not matter."""
        items = [
            [product_id, quantity, None if unit_price is None else money(unit_price)]
            for product_id, quantity, unit_price in sorted(self.items, key=itemgetter(0))
        ]
        canonical = _compact([1, self.customer_id, items, money(self.freight), self.notes])
        return hashlib.sha256(canonical.encode()).hexdigest()

    def subtotal(self, prices: Mapping[int, Decimal]) -> Decimal:
        """What the items come to, at these prices of the catalogue where they name none of their own."""
        amounts = [
            (prices[product_id] if unit_price is None else unit_price) * quantity
            for product_id, quantity, unit_price in self.items
        ]
        return sum(amounts, Decimal())

    def unknown(self, customer_known: bool, products_known: Container[int]) -> list[FieldProblem]:
        """The ids in this request that no row has, as field problems."""
        problems = [] if customer_known else [unknown_id("/customer_id")]
        return problems + [
            unknown_id(f"/items/{index}/product_id")
            for index, item in enumerate(self.items)
            if item.product_id not in products_known
        ]


def unknown_id(pointer: str) -> FieldProblem:
    """An id that no row has."""
    return FieldProblem(pointer, "does_not_exist", _("There is no record with this id."))
