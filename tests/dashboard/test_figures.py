"""What was ordered and sold in a period, by the days of São Paulo."""

import re
from decimal import Decimal

import pytest
from django.db import connection

from apps.dashboard import counting
from apps.dashboard.period import asked
from apps.orders import services as orders
from apps.products import services as products

pytestmark = pytest.mark.django_db
NONE = dict.fromkeys(("PENDENTE", "CONFIRMADO", "SEPARADO", "ENVIADO", "ENTREGUE", "CANCELADO"), 0)


def test_a_period_without_orders_shows_each_of_its_days(ask):
    shown = ask("2026-02-27", "2026-03-02")

    quiet = {"orders": 0, "revenue": "0.00"}
    assert shown == {
        "orders": {"total": 0, "by_status": NONE},
        "revenue": "0.00",
        "per_day": [{"date": f"2026-{day}", **quiet} for day in ("02-27", "02-28", "03-01", "03-02")],
        "top_products": [],
        "low_stock": [],
    }


def test_orders_and_revenue_add_up(ask, place_at, a_product):
    lamp, rug = a_product(price=Decimal("19.90")), a_product(price=Decimal("0.01"))

    place_at("2026-11-01T12:00Z", (lamp, 2), (rug, 3), freight=Decimal("10.20"))
    place_at("2026-11-01T13:00Z", (rug, 1))
    place_at("2026-11-02T13:00Z", (lamp, 1))

    shown = ask("2026-11-01", "2026-11-02")
    assert shown["orders"] == {"total": 3, "by_status": NONE | {"PENDENTE": 3}}
    assert shown["revenue"] == "69.94"
    assert shown["per_day"] == [
        {"date": "2026-11-01", "orders": 2, "revenue": "50.04"},
        {"date": "2026-11-02", "orders": 1, "revenue": "19.90"},
    ]


def test_a_cancelled_order_is_counted_and_brings_no_revenue(ask, place_at, a_product, a_user):
    lamp = a_product()
    place_at("2026-11-01T12:00Z", (lamp, 1))
    order = place_at("2026-11-01T12:00Z", (lamp, 5))

    orders.change_status(actor=a_user("Manager"), pk=order.pk, target="CANCELADO")

    shown = ask("2026-11-01", "2026-11-01")
    assert shown["orders"] == {"total": 2, "by_status": NONE | {"PENDENTE": 1, "CANCELADO": 1}}
    assert (shown["revenue"], shown["per_day"][0]["revenue"]) == ("10.00", "10.00")
    assert [(top["quantity"], top["revenue"]) for top in shown["top_products"]] == [(1, "10.00")]


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-02T02:59:59Z", "2026-11-01"),
        ("2026-11-02T03:00:00Z", "2026-11-02"),
        # In the summer of 2018 the clocks were an hour ahead: from the 4th of November…
        ("2018-11-04T02:59:59Z", "2018-11-03"),
        ("2018-11-04T03:00:00Z", "2018-11-04"),
        ("2018-11-05T02:00:00Z", "2018-11-05"),
        # …and the 17th of February had 25 hours.
        ("2018-02-17T02:00:00Z", "2018-02-17"),
        ("2018-02-18T02:59:59Z", "2018-02-17"),
        ("2018-02-18T03:00:00Z", "2018-02-18"),
    ],
)
def test_a_day_is_a_day_of_sao_paulo(ask, place_at, a_product, moment, day):
    place_at(moment, (a_product(), 1))

    shown = ask(f"{day[:8]}01", f"{day[:8]}28")

    assert [row["date"] for row in shown["per_day"] if row["orders"]] == [day]


def test_both_ends_are_whole_days_and_nothing_beyond_them_counts(ask, place_at, a_product):
    lamp = a_product()
    for moment in (
        "2026-11-01T02:59:59.999999Z",
        "2026-11-01T03:00Z",
        "2026-11-04T02:59:59.999999Z",
        "2026-11-04T03:00Z",
    ):
        place_at(moment, (lamp, 1))

    shown = ask("2026-11-01", "2026-11-03")

    assert [row["orders"] for row in shown["per_day"]] == [1, 0, 1]
    assert shown["orders"]["total"] == shown["top_products"][0]["quantity"] == 2


def test_an_order_of_the_calendars_first_hour_keeps_the_dashboard_from_nobody(ask, place_at, a_product):
    place_at("0001-01-01T03:06:28Z", (a_product(), 1))
    place_at("2026-11-01T12:00Z", (a_product(), 1))

    assert ask("2026-11-01", "2026-11-01")["orders"]["total"] == 1
    assert ask("0001-01-01", "0001-01-01")["orders"]["total"] == 1


def test_the_ten_products_that_brought_most_come_first(ask, place_at, a_product):
    shelf = [a_product(price=Decimal(price)) for price in range(1, 13)]
    place_at("2026-11-01T12:00Z", *[(product, 1) for product in shelf])
    place_at("2026-11-01T12:00Z", (shelf[0], 20), freight=Decimal("999.00"))

    top = ask("2026-11-01", "2026-11-01")["top_products"]

    assert [row["revenue"] for row in top] == ["21.00", *[f"{price}.00" for price in range(12, 3, -1)]]
    first = shelf[0]
    assert top[0] == {
        "product_id": first.pk, "sku": first.sku, "name": first.name, "quantity": 21, "revenue": "21.00",
    }  # fmt: skip


def test_a_product_that_was_deleted_since_is_still_named(ask, place_at, a_product, a_user):
    lamp, manager = a_product(name="Lamp"), a_user("Manager")
    order = place_at("2026-11-01T12:00Z", (lamp, 1))
    for status in ("CONFIRMADO", "SEPARADO", "ENVIADO", "ENTREGUE"):
        orders.change_status(actor=manager, pk=order.pk, target=status)

    products.delete_product(actor=manager, pk=lamp.pk)

    assert [row["name"] for row in ask("2026-11-01", "2026-11-01")["top_products"]] == ["Lamp"]


def test_low_stock_is_what_the_product_list_calls_low_the_least_first(ask, manager, a_product, a_user):
    for in_stock, threshold in ((5, 5), (6, 5), (0, 0), (0, None), (2, 3)):
        a_product(in_stock=in_stock, low_stock_threshold=threshold)
    gone = a_product(in_stock=0, low_stock_threshold=1)
    products.delete_product(actor=a_user("Manager"), pk=gone.pk)

    low = ask("2026-11-01", "2026-11-01")["low_stock"]

    assert [row["available"] for row in low] == [0, 2, 5]
    assert low == manager.get("/api/v1/products?low_stock=true&ordering=available").json()["results"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="servers choose by statistics, and these tables are empty")
def test_far_behind_orders_are_found_by_the_period_and_lines_by_the_order():
    period = asked({"from": "2026-11-01", "to": "2026-11-30"})

    by_hour = counting.by_hour_and_status(period).explain()
    lines = counting.by_hour_and_product(period).explain()

    found = "SEARCH orders_order USING INDEX order_by_placing (placed_at>? AND placed_at<?)"
    assert found in by_hour
    assert found in lines
    assert re.search(r"SEARCH orders_orderitem USING INDEX \w+ \(order_id=\?\)", lines)
