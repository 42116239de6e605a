"""`import_olist`: what is wrong in the files is told and left out, and looking writes nothing."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from apps.common.errors import AlreadyExists
from apps.customers import services as customers
from apps.customers.models import Customer
from apps.orders.importing import intake
from apps.orders.models import Order, OrderItem
from apps.products import services as catalogue
from apps.products import stock
from apps.products.models import Product, StockMovement
from tests.olist import BOUGHT, Olist, everything, key, order

pytestmark = pytest.mark.django_db


@pytest.fixture
def olist(tmp_path: Path) -> Olist:
    return Olist(tmp_path)


@pytest.mark.parametrize(
    ("file", "cells", "reason"),
    [
        ("customers", (key("c"), "ana", "sao paulo", "SP"), "customer_unique_id is no Olist id: “ana”"),
        ("customers", (key("c"), key("p"), "sao paulo", "XX"), "customer_state is no Brazilian state: “XX”"),
        ("customers", (key("c"), key("p"), "sao paulo"), "it has 3 cells instead of 4"),
        ("products", ("", "artes"), "product_id is no Olist id: “”"),
        ("products", (key("x"), "ar\x00tes"), "it has characters that are not text"),
        ("orders", (key("x"), key("c good"), "lost", BOUGHT, "", "", ""), "order_status is unknown: “lost”"),
        ("orders", (key("x"), key("c good"), "created", "", "", "", ""), "order_purchase_timestamp is empty"),
        ("orders", (key("x"), key("c good"), "created", "2/30/2018 1:00", "", "", ""),
         "order_purchase_timestamp is no time: “2/30/2018 1:00”"),
        ("orders", (key("x"), key("c good"), "created", "1/1/0001 0:00", "", "", ""),
         "order_purchase_timestamp is before 1990 or after tomorrow: “1/1/0001 0:00”"),
        ("orders", (key("x"), key("c good"), "created", "12/31/9999 23:00", "", "", ""),
         "order_purchase_timestamp is before 1990 or after tomorrow: “12/31/9999 23:00”"),
        ("orders", (key("x"), key("c good"), "delivered", BOUGHT, "", "", "12/31/9999 23:00"),
         "order_delivered_customer_date is before 1990 or after tomorrow: “12/31/9999 23:00”"),
        ("order_items", (key("x"), "0", key("lamp"), "1", "1"), "order_item_id is no position: “0”"),
        ("order_items", (key("x"), "1", key("lamp"), "1e3", "1"), "price is no amount: “1e3”"),
        ("order_items", (key("x"), "1", key("lamp"), "0.00", "1"), "price is 0"),
        ("order_items", (key("x"), "1", key("lamp"), "1", "-1"), "freight_value is no amount: “-1”"),
        ("order_items", (key("x"), "1", key("lamp"), "1", "1"), "its order has no row in olist_orders_dataset.csv"),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_and_the_rest_goes_on(olist: Olist, file: str, cells: tuple[str, ...], reason: str) -> None:
    olist.row(file, *cells)
    olist.sold("good", ("lamp", "10.00", "2.50"))

    said, bad = olist.bring_in()

    assert bad == f"olist_{file}_dataset.csv:2: {reason}\n"
    assert "bad rows         1" in said
    assert order("good").status == "ENTREGUE"


def test_lines_are_counted_as_an_editor_counts_them(olist: Olist) -> None:
    olist.row("customers", key("c1"), key("ana"), "sao\npaulo", "SP")
    olist.row("customers", key("c2"), key("ana"), "sao paulo", "??")
    olist.sold("good", ("lamp", "10.00", "2.50"))

    _said, bad = olist.bring_in()

    assert [line.split(": ")[0] for line in bad.splitlines()] == [
        "olist_customers_dataset.csv:2", "olist_customers_dataset.csv:4",
    ]  # fmt: skip


def test_a_repeated_row_counts_once(olist: Olist) -> None:
    olist.sold("o1", ("lamp", "10.00", "2.50"))
    olist.rows["order_items"].append(olist.rows["order_items"][1])

    _said, bad = olist.bring_in()

    assert bad == "olist_order_items_dataset.csv:3: it repeats an earlier row\n"
    assert OrderItem.objects.get().quantity == 1


def test_an_order_with_a_bad_item_is_left_out_whole(olist: Olist) -> None:
    olist.sold("o1", ("lamp", "10.00", "2.50"), ("rug", "ten", "2.50"))
    olist.sold("o2", ("lamp", "10.00", "2.50"))

    said, bad = olist.bring_in()

    assert bad.splitlines()[-1] == (
        "olist_orders_dataset.csv:2: order left out: its row at olist_order_items_dataset.csv:3 is bad"
    )
    assert "1 left out for other reasons" in said
    assert Order.objects.get() == order("o2")
    assert StockMovement.objects.get(kind="OPENING").on_hand_delta == 1, "nothing is stocked for the one left out"


def test_orders_without_item_customer_or_product_are_told_apart(olist: Olist) -> None:
    olist.sold("none")
    olist.row("orders", key("whose"), key("nobody"), "created", BOUGHT, "", "", "")
    olist.sold("what")
    olist.row("order_items", key("what"), "1", key("unknown"), "1.00", "1.00")
    olist.sold("good", ("lamp", "10.00", "2.50"))

    said, bad = olist.bring_in()

    left_out = "olist_orders_dataset.csv:{}: order left out: {}"
    assert bad.splitlines() == [
        left_out.format(2, "it has no item"),
        left_out.format(3, "its customer has no good row in olist_customers_dataset.csv"),
        left_out.format(4, "one of its products has no good row in olist_products_dataset.csv"),
    ]
    assert "1 brought in, 0 here already, 1 without items, 2 left out for other reasons" in said


def test_one_product_at_two_prices_in_one_order_is_not_averaged(olist: Olist) -> None:
    olist.sold("o1", ("lamp", "10.00", "2.50"), ("lamp", "11.00", "2.50"))
    olist.sold("good", ("lamp", "10.00", "2.50"))

    _said, bad = olist.bring_in()

    reason = "it holds one product at two prices, which one line cannot say"
    assert bad == f"olist_orders_dataset.csv:2: order left out: {reason}\n"


@pytest.mark.parametrize("change", ["delete", "deactivate"])
def test_a_customer_who_left_gets_no_new_orders(olist: Olist, change: str) -> None:
    olist.sold("o1", ("lamp", "10.00", "2.50"))
    olist.bring_in()
    customer = Customer.objects.get()
    if change == "delete":
        customers.delete_customer(actor=None, pk=customer.pk)
    else:
        customers.change_customer(actor=None, pk=customer.pk, values={"is_active": False})
    olist.sold("o2", ("lamp", "10.00", "2.50"))

    _said, bad = olist.bring_in()

    reason = "its customer has been deleted or deactivated here"
    assert bad == f"olist_orders_dataset.csv:3: order left out: {reason}\n"
    assert Order.objects.get() == order("o1")
    assert Product.objects.get().on_hand == 0


def test_an_order_that_the_service_refuses_is_reported_and_the_rest_goes_on(
    olist: Olist, monkeypatch: pytest.MonkeyPatch
) -> None:
    olist.sold("o1", ("lamp", "10.00", "2.50"))
    olist.sold("o2", ("rug", "10.00", "2.50"), times=("1/5/2018 9:00", "", "", ""))
    stock_products = intake._stock_products
    monkeypatch.setattr(intake, "_stock_products", lambda batch: emptied(stock_products(batch), "lamp"))

    said, bad = olist.bring_in()

    assert bad.startswith("olist_orders_dataset.csv:2: order left out: insufficient_stock {'shortages': [{")
    assert "1 brought in, 0 here already, 0 without items, 1 left out for other reasons" in said
    assert Order.objects.get() == order("o2")


def emptied(stocked: list[Any], name: str) -> list[Any]:
    """Somebody buys all of it between our stocking and our ordering."""
    for product, pk, _restocked in stocked:
        if product.product_id == key(name):
            stock.adjust_stock(actor=None, pk=pk, on_hand=0)
    return stocked


def test_a_batch_that_met_another_import_is_tried_again(olist: Olist, monkeypatch: pytest.MonkeyPatch) -> None:
    olist.sold("o1", ("lamp", "10.00", "2.50"), ("rug", "10.00", "2.50"))
    register, calls = catalogue.register_product, iter(range(2))

    def taken_once(**values: Any) -> Product:
        if next(calls, None) == 1:
            raise AlreadyExists(field="sku")
        return register(**values)

    monkeypatch.setattr(catalogue, "register_product", taken_once)

    olist.bring_in()

    assert (Product.objects.count(), Order.objects.count()) == (2, 1)


def test_a_missing_file_or_column_fails_before_anything_is_written(olist: Olist) -> None:
    olist.sold("o1", ("lamp", "10.00", "2.50"))
    olist.rows["order_items"] = [row[:-1] for row in olist.rows["order_items"]]

    with pytest.raises(CommandError, match=r"olist_order_items_dataset\.csv has no column freight_value") as failure:
        olist.bring_in()

    assert failure.value.returncode == 1
    assert not Customer.objects.exists()
    with pytest.raises(CommandError, match=r"olist_customers_dataset\.csv cannot be read: No such file"):
        call_command("import_olist", str(olist.folder / "nowhere"))


def test_files_without_one_usable_order_fail(olist: Olist) -> None:
    olist.row("orders", key("o1"), key("c"), "lost", BOUGHT, "", "", "")

    with pytest.raises(CommandError, match="Not one order could be used"):
        olist.bring_in()


# --- only looking ------------------------------------------------------------------------------------------------


def test_a_dry_run_checks_all_and_writes_nothing(olist: Olist) -> None:
    olist.row("products", "?", "artes")
    olist.sold("o1", ("lamp", "10.00", "2.50"))
    before = everything()

    with CaptureQueriesContext(connection) as asked:
        said, bad = olist.bring_in("--dry-run")

    assert everything() == before
    assert [query["sql"] for query in asked if not query["sql"].startswith("SELECT")] == []
    assert bad == "olist_products_dataset.csv:2: product_id is no Olist id: “?”\n"
    assert "orders           1 to bring in" in said
    assert "goods 10.00, freight 2.50" in said


# --- the door of the importer ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["as_sold", "placed_at"])
def test_http_cannot_name_what_only_the_importer_may(
    manager: APIClient, a_customer: Callable[..., Customer], a_product: Callable[..., Product], name: str
) -> None:
    body = {"customer_id": a_customer().pk, "items": [{"product_id": a_product().pk, "quantity": 1}], name: True}

    answer = manager.post("/api/v1/orders", body, headers={"Idempotency-Key": "k"})

    assert answer.status_code == 400
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [(f"/{name}", "unknown_field")]


def test_http_cannot_set_a_price(
    manager: APIClient, a_customer: Callable[..., Customer], a_product: Callable[..., Product]
) -> None:
    lamp = a_product(price=Decimal("10.00"))
    body = {"customer_id": a_customer().pk, "items": [{"product_id": lamp.pk, "quantity": 1, "unit_price": "0.01"}]}

    answer = manager.post("/api/v1/orders", body, headers={"Idempotency-Key": "k"})

    assert (answer.status_code, answer.json()["code"]) == (409, "price_changed")
    assert not Order.objects.exists()
