"""Orders as they come in (checked) and as they go out (documented; made by `snapshots`)."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.common.inputs import Id, Input, ListInput, Money, OptionalString, StrictInteger, StrictString, is_plain_text
from apps.common.openapi import ProblemOutput, example
from apps.orders.lifecycle import Status
from apps.orders.models import MAX_ITEMS, MAX_NOTE, MAX_NOTES, MAX_ORDERS, MAX_QUANTITY
from apps.products.serializers import HIGHEST_PRICE

ORDER: dict[str, Any] = {
    "id": 45,
    "number": "PED-00000045",
    "customer": {"id": 7, "name": "Padaria Pão de Mel Ltda."},
    "status": "PENDENTE",
    "items": [
        {
            "id": 45001,
            "product_id": 12,
            "sku": "CAFE-500",
            "name": "Café torrado 500 g",
            "quantity": 2,
            "unit_price": "29.45",
            "subtotal": "58.90",
        }
    ],
    "subtotal": "58.90",
    "freight": "9.90",
    "total": "68.80",
    "notes": "",
    "allowed_transitions": ["CONFIRMADO", "CANCELADO"],
    "placed_at": "2026-11-23T12:00:00.000000Z",
    "created_at": "2026-11-23T12:00:00.000000Z",
    "updated_at": "2026-11-23T12:00:00.000000Z",
    "version": 1,
}
CREATION = {
    "from_status": None,
    "to_status": "PENDENTE",
    "actor": "operator",
    "note": "",
    "created_at": "2026-11-23T12:00:00.000000Z",
}


class ItemInput(Input):
    product_id = Id()
    quantity = StrictInteger(min_value=1, max_value=MAX_QUANTITY)
    unit_price = Money(
        required=False,
        allow_null=True,
        min_value=Decimal("0.01"),
        max_value=HIGHEST_PRICE,
        help_text="The price the customer was told: the order is refused when the catalogue's is another.",
    )


class Items(ListInput):
    """The items of an order. A product stands on one of them, and is named where it stands again."""

    def to_internal_value(self, data: Any) -> list[Any]:
        self.seen: set[int] = set()
        return super().to_internal_value(data)

    def run_child_validation(self, data: Any) -> Any:
        product = data.get("product_id") if isinstance(data, dict) else None
        twice = self._stands_already(product)
        try:
            item = super().run_child_validation(data)
        except serializers.ValidationError as error:
            detail: Any = error.detail
            raise serializers.ValidationError({**twice, **detail} if twice else detail) from error
        if twice:
            raise serializers.ValidationError(twice)
        return item

    def _stands_already(self, product: Any) -> dict[str, Any]:
        """That this product stands on an item before, whatever else is wrong with either; nothing if it does not."""
        if type(product) is not int:
            return {}
        if product not in self.seen:
            self.seen.add(product)
            return {}
        message = _("This product already stands on another item: add the quantities up.")
        return {"product_id": [serializers.ErrorDetail(str(message), "duplicate")]}


@example(
    {
        "customer_id": 7,
        "items": [{"product_id": 12, "quantity": 2}],
        "freight": "9.90",
        "idempotency_key": "web-2026-11-23-0001",
    }
)
class OrderInput(Input):
    """An order to be placed. Names and prices are the catalogue's, frozen on the order."""

    customer_id = Id()
    items = Items(child=ItemInput(), allow_empty=False, max_length=MAX_ITEMS)
    freight = Money(required=False, min_value=Decimal(0))
    notes = OptionalString(max_length=MAX_NOTES)
    idempotency_key = StrictString(
        required=False,
        allow_null=True,
        max_length=255,
        trim_whitespace=False,
        help_text="Here or in the Idempotency-Key header.",
    )


class Untouched(serializers.Field):
    """Whatever was sent, to be looked at later."""

    def to_internal_value(self, data: Any) -> Any:
        return data


class BatchInput(Input):
    """The envelope alone: what is wrong with one of its orders is that order's own affair."""

    orders = ListInput(child=Untouched(allow_null=True), allow_empty=False, max_length=MAX_ORDERS)


class BatchOrderInput(OrderInput):
    """An order of a batch: as the body of POST /orders, but with its key inside, for a header could name one only."""

    idempotency_key = StrictString(max_length=255, trim_whitespace=False)


@example({"orders": [
    {"customer_id": 7, "items": [{"product_id": 12, "quantity": 2}], "idempotency_key": "web-2026-11-23-0001"},
    {"customer_id": 8, "items": [{"product_id": 12, "quantity": 1}], "idempotency_key": "web-2026-11-23-0002"},
]})  # fmt: skip
class OrderBatchInput(Input):
    """1 to 100 orders, each with its own key, and placed or refused as if it came alone."""

    orders = ListInput(child=BatchOrderInput(), allow_empty=False, max_length=MAX_ORDERS)


@example({"status": "CONFIRMADO", "note": "Pago por Pix"})
class StatusInput(Input):
    status = serializers.ChoiceField(choices=Status.choices)
    note = OptionalString(max_length=MAX_NOTE)

    @classmethod
    def plain(cls, body: Any) -> dict[str, Any] | None:
        if isinstance(body, dict) and body.get("status") in Status.values:
            told = _plain_note({name: value for name, value in body.items() if name != "status"}, "note")
            return None if told is None else {"status": body["status"], **told}
        return None


@example({"reason": "Cliente desistiu"})
class CancelInput(Input):
    reason = OptionalString(max_length=MAX_NOTE)

    @classmethod
    def plain(cls, body: Any) -> dict[str, Any] | None:
        return _plain_note(body, "reason")


def _plain_note(body: Any, name: str) -> dict[str, Any] | None:
    """What is told of a move, if anything is and nothing can be wrong with it."""
    if body == {}:
        return {}
    if not isinstance(body, dict) or body.keys() != {name} or not is_plain_text(body[name], MAX_NOTE):
        return None
    return {name: body[name].strip() or None}


class OrderCustomerOutput(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class OrderItemOutput(serializers.Serializer):
    id = serializers.IntegerField()
    product_id = serializers.IntegerField()
    sku = serializers.CharField()
    name = serializers.CharField()
    quantity = serializers.IntegerField()
    unit_price = serializers.DecimalField(max_digits=15, decimal_places=2)
    subtotal = serializers.DecimalField(max_digits=15, decimal_places=2)


class StatusChangeOutput(serializers.Serializer):
    from_status = serializers.ChoiceField(choices=Status.choices, allow_null=True)
    to_status = serializers.ChoiceField(choices=Status.choices)
    actor = serializers.CharField(allow_null=True, help_text="The username.")
    note = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()


@example(ORDER)
class OrderOutput(serializers.Serializer):
    """An order as it stands in lists."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    customer = OrderCustomerOutput()
    status = serializers.ChoiceField(choices=Status.choices)
    items = OrderItemOutput(many=True)
    subtotal = serializers.DecimalField(max_digits=15, decimal_places=2)
    freight = serializers.DecimalField(max_digits=15, decimal_places=2)
    total = serializers.DecimalField(max_digits=15, decimal_places=2)
    notes = serializers.CharField(allow_blank=True)
    allowed_transitions = serializers.ListField(
        child=serializers.ChoiceField(choices=Status.choices), help_text="The moves that this caller may make."
    )
    placed_at = serializers.DateTimeField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    version = serializers.IntegerField()


@example({**ORDER, "history": [CREATION]})
class OrderDetailOutput(OrderOutput):
    """An order with its history, oldest first."""

    history = StatusChangeOutput(many=True)


class BatchResultOutput(serializers.Serializer):
    """What became of one order: `status` is what POST /orders would have answered, with its body as one of two."""

    status = serializers.IntegerField(help_text="201, or 200 for a replay, or that of the problem.")
    replayed = serializers.BooleanField(help_text="This key made the order before.")
    order = OrderDetailOutput(required=False)
    problem = ProblemOutput(required=False)


@example({"results": [{"status": 201, "replayed": False, "order": {**ORDER, "history": [CREATION]}}]})
class OrderBatchOutput(serializers.Serializer):
    """One result per order, in their order."""

    results = BatchResultOutput(many=True)


@example(
    {
        "id": 90,
        "type": "order.created",
        "subject": "order/45",
        "sequence": 1,
        "occurred_at": "2026-11-23T12:00:00.000000Z",
        "actor": "operator",
        "request_id": "5b0d8a0f2c7e4c0fb0c4b3a1d9e8f701",
        "payload": {"order": {"id": 45, "number": "PED-00000045"}},
    }
)
class OrderEventOutput(serializers.Serializer):
    """A domain event."""

    id = serializers.IntegerField()
    type = serializers.CharField()
    subject = serializers.CharField(help_text="order/12, product/7")
    sequence = serializers.IntegerField(help_text="1, 2, 3… per subject, without gaps.")
    occurred_at = serializers.DateTimeField()
    actor = serializers.CharField(allow_null=True)
    request_id = serializers.CharField(allow_null=True)
    payload = serializers.DictField()
