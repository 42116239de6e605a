"""Products as they come in (checked) and as they go out (documented; made by `snapshots`)."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.common.inputs import Input, Money, StrictBoolean, StrictInteger, StrictString
from apps.common.openapi import example
from apps.common.text import bare, composed
from apps.products.models import StockMovement

MAX_STOCK = 1_000_000_000
HIGHEST_PRICE = Decimal("9999999999.99")


class Sku(StrictString):
    """The code of a product, in one Unicode form: what looks the same is the same."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 64, **kwargs})

    def to_internal_value(self, data: Any) -> str:
        return composed(super().to_internal_value(data))


@example({"price": "31.90", "low_stock_threshold": 20})
class ProductChange(Input):
    """What can be edited. `sku` never changes: the same one again is accepted, another is refused."""

    sku = Sku(required=False)
    name = StrictString(max_length=200)
    description = StrictString(max_length=5000, required=False, allow_blank=True)
    price = Money(min_value=Decimal("0.01"), max_value=HIGHEST_PRICE)
    low_stock_threshold = StrictInteger(min_value=0, max_value=MAX_STOCK, required=False, allow_null=True)
    is_active = StrictBoolean(required=False)

    def validate_sku(self, value: str) -> str:
        if value != composed(self.context["sku"]):
            raise serializers.ValidationError(_("The SKU of a product never changes."), "immutable")
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs.pop("sku", None)
        return attrs


@example({"sku": "CAFE-500", "name": "Café torrado 500 g", "price": "29.45", "on_hand": 120, "low_stock_threshold": 20})
class ProductInput(Input):
    sku = Sku()
    name = StrictString(max_length=200)
    description = StrictString(max_length=5000, required=False, allow_blank=True)
    price = Money(min_value=Decimal("0.01"), max_value=HIGHEST_PRICE)
    on_hand = StrictInteger(min_value=0, max_value=MAX_STOCK, required=False, help_text="The opening stock.")
    low_stock_threshold = StrictInteger(min_value=0, max_value=MAX_STOCK, required=False, allow_null=True)
    is_active = StrictBoolean(required=False)

    def validate_sku(self, value: str) -> str:
        if not bare(value):  # Punctuation is ignored when one looks for a SKU: nobody would find it.
            raise serializers.ValidationError(_("A SKU has at least one letter or digit."))
        return value


@example({"delta": 48, "reason": "Nota fiscal 1234"})
class StockInput(Input):
    """Exactly one of `on_hand` (a count) and `delta` (a receipt, or a loss when negative)."""

    one_of = ("on_hand", "delta")
    not_one = _("Give either on_hand (a count) or delta (a change).")

    on_hand = StrictInteger(min_value=0, max_value=MAX_STOCK, required=False)
    delta = StrictInteger(min_value=-MAX_STOCK, max_value=MAX_STOCK, required=False)
    reason = StrictString(max_length=200, required=False, allow_blank=True)


@example(
    {
        "id": 12,
        "sku": "CAFE-500",
        "name": "Café torrado 500 g",
        "description": "",
        "price": "29.45",
        "on_hand": 120,
        "reserved": 2,
        "available": 118,
        "low_stock_threshold": 20,
        "is_active": True,
        "created_at": "2026-11-23T12:00:00.000000Z",
        "updated_at": "2026-11-23T12:00:00.000000Z",
    }
)
class ProductOutput(serializers.Serializer):
    id = serializers.IntegerField()
    sku = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    price = serializers.DecimalField(max_digits=15, decimal_places=2)
    on_hand = serializers.IntegerField(help_text="What lies in the warehouse.")
    reserved = serializers.IntegerField(help_text="What open orders hold of it.")
    available = serializers.IntegerField(help_text="What is left to sell: on_hand − reserved.")
    low_stock_threshold = serializers.IntegerField(allow_null=True)
    is_active = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


@example(
    {
        "id": 31,
        "kind": "RESERVATION",
        "on_hand_delta": 0,
        "reserved_delta": 2,
        "on_hand_after": 120,
        "reserved_after": 2,
        "reference": "order/45",
        "reason": "",
        "actor": "operator",
        "created_at": "2026-11-23T12:00:00.000000Z",
    }
)
class StockMovementOutput(serializers.Serializer):
    """A row of the append-only ledger."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=StockMovement.Kind.choices)
    on_hand_delta = serializers.IntegerField()
    reserved_delta = serializers.IntegerField()
    on_hand_after = serializers.IntegerField()
    reserved_after = serializers.IntegerField()
    reference = serializers.CharField(help_text="What brought it about: order/12, or product/7 by hand.")
    reason = serializers.CharField(allow_blank=True)
    actor = serializers.CharField(allow_null=True, help_text="The username.")
    created_at = serializers.DateTimeField()
