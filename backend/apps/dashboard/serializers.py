"""The dashboard as it goes out (documented; made by `figures`)."""

from rest_framework import serializers

from apps.common.openapi import example
from apps.orders.lifecycle import Status
from apps.products.serializers import ProductOutput


class OrdersByStatusOutput(serializers.Serializer):
    """How many orders of the period have which status now."""

    def get_fields(self) -> dict[str, serializers.Field]:
        return {status.value: serializers.IntegerField() for status in Status}


class OrderFiguresOutput(serializers.Serializer):
    total = serializers.IntegerField(help_text="Cancelled ones included.")
    by_status = OrdersByStatusOutput()


class DayOutput(serializers.Serializer):
    """A day of São Paulo."""

    date = serializers.DateField()
    orders = serializers.IntegerField(help_text="Cancelled ones included.")
    revenue = serializers.DecimalField(max_digits=19, decimal_places=2)


class TopProductOutput(serializers.Serializer):
    product_id = serializers.IntegerField()
    sku = serializers.CharField()
    name = serializers.CharField()
    quantity = serializers.IntegerField()
    revenue = serializers.DecimalField(max_digits=19, decimal_places=2, help_text="Of its lines, without freight.")


@example(
    {
        "orders": {
            "total": 3,
            "by_status": {
                "PENDENTE": 1, "CONFIRMADO": 0, "SEPARADO": 0, "ENVIADO": 0, "ENTREGUE": 1, "CANCELADO": 1,
            },
        },
        "revenue": "147.80",
        "per_day": [
            {"date": "2026-11-22", "orders": 1, "revenue": "0.00"},
            {"date": "2026-11-23", "orders": 2, "revenue": "147.80"},
        ],
        "top_products": [
            {"product_id": 12, "sku": "CAFE-500", "name": "Café torrado 500 g", "quantity": 4, "revenue": "117.80"},
        ],
        "low_stock": [],
    }
)  # fmt: skip
class DashboardOutput(serializers.Serializer):
    """Orders count on the day they were placed. Cancelled orders bring no revenue; freight is part of it."""

    orders = OrderFiguresOutput()
    revenue = serializers.DecimalField(max_digits=19, decimal_places=2)
    per_day = DayOutput(many=True, help_text="Every day of the period, oldest first.")
    top_products = TopProductOutput(many=True, help_text="The ten that brought most, the best first.")
    low_stock = ProductOutput(many=True, help_text="The fifty with the least available of those that run low now.")
