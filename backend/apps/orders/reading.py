"""From the body of a request to the order that it asks for."""

import re
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.common.errors import FieldProblem, Invalid
from apps.common.inputs import BIGGEST_ID, is_plain_text
from apps.common.problems import field_problems
from apps.customers.models import Customer
from apps.orders.errors import IdempotencyKeyRequired
from apps.orders.models import MAX_ITEMS, MAX_NOTES, MAX_QUANTITY
from apps.orders.requests import Item, OrderRequest, unknown_id
from apps.orders.serializers import OrderInput
from apps.products.models import Product
from apps.products.serializers import HIGHEST_PRICE

VISIBLE_ASCII = re.compile(r"[\x21-\x7e]{1,255}")
AMOUNT = re.compile(r"\d{1,10}(\.\d{1,2})?", re.ASCII)
FIELDS = frozenset({"customer_id", "items", "freight", "notes", "idempotency_key"})
ITEM_FIELDS = frozenset({"product_id", "quantity", "unit_price"})


def order_request(body: Any, header: str | None) -> OrderRequest:
    """The request that a body and an `Idempotency-Key` header make.

    Raises `Invalid` naming every mistake at once, unknown ids among them, and `IdempotencyKeyRequired` when the
    missing key is the only one.
    """
    sent = body.get("idempotency_key") if isinstance(body, dict) else None
    key, key_problem = _key(sent, header)
    plain = _plain(body, key) if key_problem is None else None
    if plain is not None:
        return plain
    given = OrderInput(data=body)
    problems = [] if given.is_valid() else list(field_problems(given.errors))
    if key_problem and not any(problem.pointer == key_problem.pointer for problem in problems):
        problems.append(key_problem)
    if problems:
        problems += _unknown_ids(body)
        if key_problem and problems == [key_problem] and key_problem.code == "required":
            raise IdempotencyKeyRequired
        raise Invalid(problems)
    value = given.validated_data
    return OrderRequest(
        customer_id=value["customer_id"],
        items=tuple(Item(**item) for item in value["items"]),
        idempotency_key=key,
        freight=abs(value.get("freight", Decimal("0.00"))),  # "-0.00" is not below nothing, and means the same.
        notes=value.get("notes") or "",
    )


def _key(sent: Any, header: str | None) -> tuple[str, FieldProblem | None]:
    """The key, from header (bare, or quoted as RFC 8941 strings are) or body; both must agree."""
    pointer = "/idempotency_key"
    bare = header.strip() if header is not None else None
    if bare is not None and len(bare) >= 2 and bare[0] == bare[-1] == '"':
        bare = re.sub(r'\\(["\\])', r"\1", bare[1:-1])
    if bare is None and sent is None:
        return "", FieldProblem(pointer, "required", IdempotencyKeyRequired.detail)
    if bare is not None and sent is not None and bare != sent:
        return "", FieldProblem(pointer, "mismatch", _("The key in the header and the one in the body disagree."))
    key = bare if bare is not None else sent
    if not isinstance(key, str) or not VISIBLE_ASCII.fullmatch(key):
        return "", FieldProblem(pointer, "invalid", _("A key has 1 to 255 visible ASCII characters."))
    return key, None


def _unknown_ids(body: Any) -> list[FieldProblem]:
    """The unknown ids of a body that is refused anyway, so that the client sees all its mistakes at once."""
    if not isinstance(body, dict):
        return []
    listed = body.get("items")
    items = listed if isinstance(listed, list) else []
    asked = {
        f"/items/{index}/product_id": item["product_id"]
        for index, item in enumerate(items[:MAX_ITEMS])
        if isinstance(item, dict) and _is_id(item.get("product_id"))
    }
    known = set(Product.objects.filter(pk__in=set(asked.values())).values_list("pk", flat=True)) if asked else set()
    problems = [unknown_id(pointer) for pointer, pk in asked.items() if pk not in known]
    customer: Any = body.get("customer_id")
    if _is_id(customer) and not Customer.objects.filter(pk=customer).exists():
        problems.insert(0, unknown_id("/customer_id"))
    return problems


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= BIGGEST_ID


# --- what nearly everybody sends ------------------------------------------------------------------------------------


class _Unusual(Exception):
    """Not plainly right: the input class shall look at it, and find the words if it is wrong."""


def _plain(body: Any, key: str) -> OrderRequest | None:
    """The request of a body that is plainly right: what `OrderInput` makes of it, in a tenth of the time."""
    try:
        if not isinstance(body, dict) or not body.keys() <= FIELDS or body.get("idempotency_key", key) is None:
            return None
        items = body.get("items")
        if not _is_id(body.get("customer_id")) or not isinstance(items, list) or not 1 <= len(items) <= MAX_ITEMS:
            return None
        wanted = tuple(map(_item, items))
        if len({item.product_id for item in wanted}) < len(wanted):
            return None
        freight, notes = body.get("freight", "0.00"), body.get("notes")
        notes = "" if notes is None else notes
        if not is_plain_text(notes, MAX_NOTES):
            return None
        return OrderRequest(body["customer_id"], wanted, key, _amount(freight), notes.strip())
    except _Unusual:
        return None


def _item(body: Any) -> Item:
    if not isinstance(body, dict) or not body.keys() <= ITEM_FIELDS:
        raise _Unusual
    product_id, quantity, price = body.get("product_id"), body.get("quantity"), body.get("unit_price")
    if type(product_id) is not int or not 1 <= product_id <= BIGGEST_ID:
        raise _Unusual
    if type(quantity) is not int or not 1 <= quantity <= MAX_QUANTITY:
        raise _Unusual
    unit_price = None if price is None else _amount(price)
    if unit_price is not None and not 0 < unit_price <= HIGHEST_PRICE:
        raise _Unusual
    return Item(product_id, quantity, unit_price)


def _amount(text: Any) -> Decimal:
    if not isinstance(text, str) or not AMOUNT.fullmatch(text):
        raise _Unusual
    return Decimal(text).quantize(Decimal("0.01"))
