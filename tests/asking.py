"""How tests ask for an order."""

import re
from itertools import count
from typing import Any

from rest_framework.test import APIClient

from apps.customers.models import Customer
from apps.products.models import Product

_keys = count(1)


def a_key() -> str:
    """An idempotency key that nobody has used."""
    return f"asked-{next(_keys)}"


def order_body(customer: Customer, *wanted: tuple[Product, int], **extra: Any) -> dict[str, Any]:
    """order_body(ana, (lamp, 2), freight="12.00"): what POST /orders takes."""
    items = [{"product_id": product.pk, "quantity": quantity} for product, quantity in wanted]
    return {"customer_id": customer.pk, "items": items} | extra


def post_order(api: APIClient, body: Any, key: str | None = None) -> Any:
    """POST /orders under this key, or a new one."""
    return api.post("/api/v1/orders", body, headers={"Idempotency-Key": key or a_key()})


def sent(captured: Any) -> list[str]:
    """The statements that were captured, one by one: several may have gone in one packet (`apps.common.packets`)."""
    return [
        statement
        for query in captured
        for statement in re.split(r"; (?=(?:SELECT|INSERT|UPDATE|\s+SELECT|COMMIT)\b)", query["sql"])
    ]
