"""A folder of Olist's files that a test fills, and a look at everything that an import may write."""

import csv
from io import StringIO
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command

from apps.orders.models import Order

BOUGHT, APPROVED, CARRIED, DELIVERED = "10/2/2017 10:56", "10/2/2017 11:07", "10/4/2017 19:55", "10/10/2017 21:25"
FILES = {
    "customers": ("customer_id", "customer_unique_id", "customer_city", "customer_state"),
    "products": ("product_id", "product_category_name"),
    "orders": ("order_id", "customer_id", "order_status", "order_purchase_timestamp", "order_approved_at",
               "order_delivered_carrier_date", "order_delivered_customer_date"),
    "order_items": ("order_id", "order_item_id", "product_id", "price", "freight_value"),
}  # fmt: skip


def key(name: str) -> str:
    """An Olist id that can be told apart: 32 characters."""
    return name.encode().hex().rjust(32, "0")


class Olist:
    """A folder of Olist's files: `sold` writes an order with its customer and products, `row` any row at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows: dict[str, list[tuple[str, ...]]] = {file: [columns] for file, columns in FILES.items()}

    def row(self, file: str, *cells: str) -> None:
        if cells not in self.rows[file]:
            self.rows[file].append(cells)

    def sold(
        self,
        order: str,
        *units: tuple[str, str, str],
        person: str = "ana",
        status: str = "delivered",
        times: tuple[str, str, str, str] = (BOUGHT, APPROVED, CARRIED, DELIVERED),
    ) -> None:
        """sold("o1", ("lamp", "10.00", "2.50")): one unit of a product, its price, its freight."""
        self.row("customers", key(f"c {order}"), key(person), "sao paulo", "SP")
        self.row("orders", key(order), key(f"c {order}"), status, *times)
        for position, (product, price, freight) in enumerate(units, start=1):
            self.row("products", key(product), "ferramentas_jardim")
            self.row("order_items", key(order), str(position), key(product), price, freight)

    def bring_in(self, *arguments: str) -> tuple[str, str]:
        """Run the command; what it said on both outputs."""
        for file, rows in self.rows.items():
            with (self.folder / f"olist_{file}_dataset.csv").open("w", newline="") as lines:
                csv.writer(lines).writerows(rows)
        out, err = StringIO(), StringIO()
        call_command("import_olist", str(self.folder), *arguments, stdout=out, stderr=err)
        return out.getvalue(), err.getvalue()


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table of ours."""
    models = [model for model in apps.get_models() if model.__module__.startswith("apps.")]
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in models}


def order(name: str) -> Order:
    return Order.objects.get(idempotency_key=key(name))
