"""Orders placed at a moment of one's choice."""

from datetime import datetime
from decimal import Decimal
from itertools import count

import pytest

from apps.orders import services as orders
from apps.orders.requests import Item, OrderRequest

_keys = count(1)


@pytest.fixture
def place_at(a_customer):
    """place_at("2026-11-01T12:00Z", (lamp, 2), freight=Decimal("10.00"))."""

    def make(moment, *wanted, freight=Decimal(0)):
        request = OrderRequest(
            customer_id=a_customer().pk,
            items=tuple(Item(product.pk, quantity) for product, quantity in wanted),
            idempotency_key=f"at-{next(_keys)}",
            freight=freight,
            placed_at=datetime.fromisoformat(moment),
        )
        return orders.place_order(actor=None, request=request).order

    return make


@pytest.fixture
def ask(manager):
    """ask("2026-11-01", "2026-11-30"): the figures of these days."""

    def get(first, last):
        answer = manager.get("/api/v1/dashboard", {"from": first, "to": last})
        assert answer.status_code == 200, answer.content
        return answer.json()

    return get
