"""Products at the desk, and the small form that moves their stock."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils.html import strip_tags

from apps.events.models import Event
from apps.products import services, stock
from apps.products.models import Product, StockMovement
from tests.admin.conftest import Desk, errors, messages

NEW = "products/product/add/"


def page(product: Product) -> str:
    return f"products/product/{product.pk}/change/"


def move(desk: Desk, product: Product, **typed: Any) -> Any:
    """Fill in the stock form as it stands on the product's page."""
    return desk.press(f"products/product/{product.pk}/stock/", **({"seen": product.on_hand} | typed))


def test_registering_opens_the_ledger_and_tells_of_it(admin):
    admin.save(NEW, sku="LAMP-1", name="Lamp", price="58.90", opening="7", low_stock_threshold="2")

    lamp = Product.objects.get(sku="LAMP-1")
    assert (lamp.price, lamp.on_hand, lamp.low_stock_threshold, lamp.is_active) == (Decimal("58.90"), 7, 2, True)
    assert StockMovement.objects.get().kind == StockMovement.Kind.OPENING
    told = Event.objects.filter(subject=lamp.reference).values_list("type", "actor")
    assert list(told) == [("product.created", admin.user.username), ("stock.adjusted", admin.user.username)]


def test_without_opening_stock_there_is_none(admin):
    admin.save(NEW, sku="LAMP-1", name="Lamp", price="58.90")

    assert Product.objects.get().on_hand == 0
    assert not StockMovement.objects.exists()


def test_what_the_api_would_refuse_is_told_beside_its_field(admin):
    refused = admin.save(NEW, sku=" ", name="Lamp", price="0", low_stock_threshold="-1")

    assert sorted(errors(refused)) == ["low_stock_threshold", "price", "sku"]
    assert not Product.objects.exists()


def test_a_taken_sku_is_told_beside_its_field(admin, a_product):
    a_product(sku="LAMP-1")

    refused = admin.save(NEW, sku="lamp-1", name="Lamp", price="1.00")

    assert list(errors(refused)) == ["sku"]
    assert Product.objects.count() == 1


def test_a_change_leaves_sku_and_counters_alone(admin, a_product):
    lamp = a_product(in_stock=5, sku="LAMP-1")

    admin.save(page(lamp), name="Desk lamp", price="12.50", sku="OTHER", on_hand="99", reserved="3")

    now = Product.objects.get(pk=lamp.pk)
    assert (now.name, now.price, now.sku, now.on_hand, now.reserved) == (
        "Desk lamp",
        Decimal("12.50"),
        "LAMP-1",
        5,
        0,
    )
    assert Event.objects.get(type="product.updated").payload["changed"] == ["name", "price"]


def test_nobody_overwrites_what_they_have_not_seen(admin, a_product):
    lamp = a_product(price=Decimal("10.00"))
    seen = admin.read(page(lamp))
    services.change_product(actor=None, pk=lamp.pk, values={"price": Decimal("20.00")})

    refused = admin.save(page(lamp), seen, name="Desk lamp")

    assert list(errors(refused)) == ["__all__"]
    now = Product.objects.get(pk=lamp.pk)
    assert (now.name, now.price) == (lamp.name, Decimal("20.00"))


def test_orders_that_come_in_meanwhile_do_not_disturb_who_describes_a_product(admin, a_product, place):
    lamp = a_product(in_stock=5)
    seen = admin.read(page(lamp))
    place((lamp, 2))

    admin.save(page(lamp), seen, name="Desk lamp")

    now = Product.objects.get(pk=lamp.pk)
    assert (now.name, now.reserved) == ("Desk lamp", 2)


@pytest.mark.parametrize(
    ("kind", "quantity", "left", "delta"), [("COUNT", 12, 12, 7), ("RECEIPT", 3, 8, 3), ("LOSS", 4, 1, -4)]
)
def test_the_stock_form_writes_the_ledger_and_tells_of_it(kind, quantity, left, delta, admin, a_product):
    lamp = a_product(in_stock=5)

    move(admin, lamp, kind=kind, quantity=quantity, reason="Shelf 3")

    row = StockMovement.objects.latest("id")
    assert Product.objects.get(pk=lamp.pk).on_hand == left
    assert (row.kind, row.on_hand_delta, row.reason, row.actor) == (kind, delta, "Shelf 3", admin.user)
    assert Event.objects.latest("id").payload["on_hand_delta"] == delta


def test_a_count_is_only_of_the_stock_that_was_counted(admin, a_product):
    lamp = a_product(in_stock=5)
    stock.adjust_stock(actor=None, pk=lamp.pk, delta=3)

    refused = move(admin, lamp, kind="COUNT", quantity=5)

    assert len(messages(refused)) == 1
    assert Product.objects.get(pk=lamp.pk).on_hand == 8


def test_a_receipt_adds_up_whatever_happened_meanwhile(admin, a_product):
    lamp = a_product(in_stock=5)
    stock.adjust_stock(actor=None, pk=lamp.pk, delta=3)

    move(admin, lamp, kind="RECEIPT", quantity=2)

    assert Product.objects.get(pk=lamp.pk).on_hand == 10


def test_what_open_orders_hold_cannot_be_written_off(admin, a_product, place):
    lamp = a_product(in_stock=5)
    place((lamp, 4))

    refused = move(admin, lamp, kind="LOSS", quantity=2)

    assert "4" in messages(refused)[0]
    assert Product.objects.get(pk=lamp.pk).on_hand == 5


@pytest.mark.parametrize(
    "typed", [{}, {"kind": "COUNT"}, {"kind": "GIFT", "quantity": 1}, {"kind": "LOSS", "quantity": "9" * 30}]
)
def test_a_stock_form_filled_in_wrongly_says_so_and_moves_nothing(typed, admin, a_product):
    lamp = a_product(in_stock=5)

    refused = move(admin, lamp, **typed)

    assert refused.status_code == 200
    assert messages(refused)
    assert Product.objects.get(pk=lamp.pk).on_hand == 5


def test_moving_stock_takes_its_permission(staff_with, a_product):
    lamp = a_product(in_stock=5)
    desk = staff_with("products.view_product", "products.change_product")

    refused = desk.client.post(f"/admin/products/product/{lamp.pk}/stock/", {"kind": "LOSS", "quantity": 1})

    assert refused.status_code == 403
    assert b"stock-form" not in desk.open(page(lamp)).content
    assert Product.objects.get(pk=lamp.pk).on_hand == 5


def test_opening_the_address_of_the_stock_form_moves_nothing(admin, a_product):
    lamp = a_product(in_stock=5)

    response = admin.open(f"products/product/{lamp.pk}/stock/", kind="LOSS", quantity=1)

    assert (response.status_code, response.headers["Location"]) == (302, f"/admin/products/product/{lamp.pk}/change/")
    assert Product.objects.get(pk=lamp.pk).on_hand == 5


def test_a_deleted_product_comes_back(admin, a_product):
    lamp = a_product()

    admin.press(f"products/product/{lamp.pk}/delete/", post="yes")
    gone = Product.objects.get(pk=lamp.pk).deleted
    admin.press(f"products/product/{lamp.pk}/restore/")

    assert gone
    assert not Product.objects.get(pk=lamp.pk).deleted


def test_a_product_on_open_orders_stays_and_the_page_names_them(admin, place, a_product):
    lamp = a_product()
    order = place((lamp, 1))

    refused = admin.press(f"products/product/{lamp.pk}/delete/", post="yes")

    assert order.number in messages(refused)[0]
    assert not Product.objects.get(pk=lamp.pk).deleted


def test_the_ledger_is_read_and_never_written(admin, a_product):
    lamp = a_product(in_stock=5)
    row = StockMovement.objects.get()
    url = f"/admin/products/stockmovement/{row.pk}"

    answers = [
        admin.client.get("/admin/products/stockmovement/add/"),
        admin.client.post("/admin/products/stockmovement/add/", {"product": lamp.pk}),
        admin.client.post(f"{url}/change/", {"on_hand_delta": 9}),
        admin.client.post(f"{url}/delete/", {"post": "yes"}),
        admin.client.post("/admin/products/stockmovement/", {"action": "delete_selected", "_selected_action": row.pk}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403, 403, 200]
    assert StockMovement.objects.get().on_hand_delta == 5
    assert admin.open(f"products/stockmovement/{row.pk}/change/").status_code == 200


def test_the_list_says_nought_where_nothing_is_available(admin, a_product):
    a_product(in_stock=0, sku="LAMP-1")

    listed = admin.open("products/product/").content.decode()

    cell = listed.split("field-left", 1)[1].split("</td>", 1)[0]
    assert strip_tags(f"<td {cell}").strip() == "0"


@pytest.mark.parametrize(
    ("language", "typed", "price"),
    [
        ("pt-BR", "42,90", "42.90"),
        ("pt-BR", "42.90", "42.90"),
        ("pt-BR", "R$ 42,90", "42.90"),
        ("pt-BR", "R$\N{NO-BREAK SPACE}1.234,56", "1234.56"),
        ("pt-BR", "1.234", "1234.00"),
        ("pt-BR", "1.23,45", None),
        ("pt-BR", "1.2345", None),
        ("pt-BR", "1,234.56", None),
        ("pt-BR", "5,899", None),
        ("en", "42.90", "42.90"),
        ("en", "1,234.56", "1234.56"),
        ("en", "42,90", None),
        ("en", "1.234,56", None),
    ],
)
def test_a_price_is_typed_as_it_is_written_in_the_language_of_the_page(language, typed, price, admin, a_product):
    """The comma is never passed over, which would make 4290 of it: what is not understood is told."""
    lamp = a_product(price="58.90")
    admin.client.defaults["HTTP_ACCEPT_LANGUAGE"] = language

    saved = admin.save(page(lamp), price=typed)

    lamp.refresh_from_db()
    assert lamp.price == Decimal(price or "58.90")
    assert price or list(errors(saved)) == ["price"]


def test_amounts_are_shown_as_they_are_written_here(admin, a_product):
    lamp = a_product(price="5120.00")

    form, listed = admin.open(page(lamp)).content.decode(), admin.open("products/product/").content.decode()

    assert '<input type="text" name="price" value="5120,00"' in form
    assert "R$\N{NO-BREAK SPACE}5.120,00" in listed


@pytest.mark.parametrize("typed", [{"kind": "receipt", "quantity": 0}, {"kind": "count", "quantity": 5}])
def test_what_changes_nothing_says_so(typed, admin, a_product):
    lamp = a_product(in_stock=5)
    kinds = {"receipt": StockMovement.Kind.RECEIPT, "count": StockMovement.Kind.COUNT}

    answer = move(admin, lamp, kind=kinds[typed["kind"]], quantity=typed["quantity"])

    assert messages(answer) == ["O estoque continua como estava."]
    assert StockMovement.objects.count() == 1
