"""POST /orders: all or nothing."""

from decimal import Decimal

import pytest

from apps.customers import services as customers
from apps.products import services as products
from apps.products.models import Product, StockMovement
from tests.asking import order_body, post_order
from tests.audits import audit, nothing_changed
from tests.problems import pointers, refusal

NOBODY = 2**62


def test_a_new_order_is_answered_whole(operator, a_customer, lamp, a_product):
    ana, rug = a_customer(name="Ana"), a_product(sku="RUG-1", name="Rug", price=Decimal("58.90"))

    response = post_order(operator, order_body(ana, (rug, 2), (lamp, 1), freight="12.5", notes="Ring twice"))

    assert response.status_code == 201
    order = response.json()
    pk = order["id"]
    assert response["Location"] == f"/api/v1/orders/{pk}"
    moment = order["placed_at"]
    assert moment.endswith("Z")
    assert order == {
        "id": pk,
        "number": f"PED-{pk:08d}",
        "customer": {"id": ana.pk, "name": "Ana"},
        "status": "PENDENTE",
        "items": [
            {
                "id": order["items"][0]["id"],
                "product_id": rug.pk,
                "sku": "RUG-1",
                "name": "Rug",
                "quantity": 2,
                "unit_price": "58.90",
                "subtotal": "117.80",
            },
            {
                "id": order["items"][1]["id"],
                "product_id": lamp.pk,
                "sku": "LAMP-1",
                "name": "Lamp",
                "quantity": 1,
                "unit_price": "10.00",
                "subtotal": "10.00",
            },
        ],
        "subtotal": "127.80",
        "freight": "12.50",
        "total": "140.30",
        "notes": "Ring twice",
        "allowed_transitions": ["CONFIRMADO"],
        "placed_at": moment,
        "created_at": moment,
        "updated_at": moment,
        "version": 1,
        "history": [
            {
                "from_status": None,
                "to_status": "PENDENTE",
                "actor": operator.user.username,
                "note": "",
                "created_at": moment,
            }
        ],
    }


def test_the_location_shows_what_was_answered(operator, a_customer, lamp):
    placed = post_order(operator, order_body(a_customer(), (lamp, 1), freight="0.30"))

    read = operator.get(placed["Location"])

    assert read.json() == placed.json()
    assert read["ETag"] == placed["ETag"]


def test_placing_reserves_the_stock_and_says_so_in_the_ledger(operator, a_customer, lamp):
    order = post_order(operator, order_body(a_customer(), (lamp, 4))).json()

    lamp.refresh_from_db()
    assert (lamp.on_hand, lamp.reserved, lamp.available) == (10, 4, 6)
    row = StockMovement.objects.get(reference=f"order/{order['id']}")
    assert (row.product_id, row.kind, row.actor_id) == (lamp.pk, "RESERVATION", operator.user.pk)
    assert (row.on_hand_delta, row.reserved_delta, row.on_hand_after, row.reserved_after) == (0, 4, 10, 4)
    audit()


def test_the_last_piece_can_be_ordered(operator, a_customer, lamp):
    response = post_order(operator, order_body(a_customer(), (lamp, 10)))

    assert response.status_code == 201
    lamp.refresh_from_db()
    assert (lamp.on_hand, lamp.reserved, lamp.available) == (10, 10, 0)


def test_price_sku_and_name_stay_as_they_were_sold(operator, manager, a_customer, lamp):
    placed = post_order(operator, order_body(a_customer(), (lamp, 2)))

    manager.patch(f"/api/v1/products/{lamp.pk}", {"name": "Floor lamp", "price": "99.00"})

    order = operator.get(placed["Location"]).json()
    assert order["items"] == placed.json()["items"]
    assert order["total"] == "20.00"


def test_an_order_for_more_than_the_stock_names_every_shortage_and_leaves_no_trace(
    operator, a_customer, lamp, a_product
):
    rug, vase = a_product(in_stock=1, sku="RUG-1"), a_product(in_stock=0, sku="VASE-1")
    body = order_body(a_customer(), (vase, 1), (lamp, 2), (rug, 3))

    with nothing_changed():
        response = post_order(operator, body)

    assert refusal(response) == (409, "insufficient_stock")
    assert response.json()["shortages"] == [
        {"product_id": rug.pk, "sku": "RUG-1", "requested": 3, "available": 1},
        {"product_id": vase.pk, "sku": "VASE-1", "requested": 1, "available": 0},
    ]


def test_what_another_order_holds_is_not_for_sale(operator, a_customer, lamp, place):
    place((lamp, 7))

    response = post_order(operator, order_body(a_customer(), (lamp, 4)))

    assert refusal(response) == (409, "insufficient_stock")
    assert response.json()["shortages"] == [{"product_id": lamp.pk, "sku": "LAMP-1", "requested": 4, "available": 3}]


@pytest.mark.parametrize("how", ["inactive", "deleted"])
def test_a_customer_who_may_not_order_is_refused(operator, a_customer, lamp, how):
    ana = a_customer()
    if how == "inactive":
        customers.change_customer(actor=None, pk=ana.pk, values={"is_active": False})
    else:
        customers.delete_customer(actor=None, pk=ana.pk)
    body = order_body(ana, (lamp, 1))

    with nothing_changed():
        response = post_order(operator, body)

    assert refusal(response) == (409, "customer_inactive")


@pytest.mark.parametrize("how", ["inactive", "deleted"])
def test_a_product_that_is_not_for_sale_is_refused_by_name(operator, a_customer, lamp, a_product, how):
    rug = a_product(sku="RUG-1")
    if how == "inactive":
        products.change_product(actor=None, pk=rug.pk, values={"is_active": False})
    else:
        products.delete_product(actor=None, pk=rug.pk)
    body = order_body(a_customer(), (lamp, 1), (rug, 1))

    with nothing_changed():
        response = post_order(operator, body)

    assert refusal(response) == (409, "product_inactive")
    assert response.json()["products"] == [{"product_id": rug.pk, "sku": "RUG-1"}]


def test_a_restored_product_is_for_sale_again(operator, a_customer, lamp):
    products.delete_product(actor=None, pk=lamp.pk)
    products.restore_product(actor=None, pk=lamp.pk)

    assert post_order(operator, order_body(a_customer(), (lamp, 1))).status_code == 201


@pytest.mark.parametrize("price", ["10.00", "10", "10.0", 10])
def test_a_line_may_insist_on_the_price_it_was_offered(operator, a_customer, lamp, price):
    body = order_body(a_customer(), (lamp, 1))
    body["items"][0]["unit_price"] = price

    assert post_order(operator, body).status_code == 201


def test_a_price_that_has_changed_is_told_and_leaves_no_trace(operator, a_customer, lamp, a_product):
    rug, vase = a_product(sku="RUG-1", price=Decimal("58.90")), a_product()
    body = order_body(a_customer(), (lamp, 1), (rug, 1), (vase, 1))
    body["items"][0]["unit_price"] = "10.00"
    body["items"][1]["unit_price"] = "49.90"

    with nothing_changed():
        response = post_order(operator, body)

    assert refusal(response) == (409, "price_changed")
    assert response.json()["changes"] == [{"product_id": rug.pk, "sku": "RUG-1", "sent": "49.90", "current": "58.90"}]


def test_unknown_ids_are_told_together_and_leave_no_trace(operator, lamp):
    items = [{"product_id": product_id, "quantity": 1} for product_id in (NOBODY, lamp.pk, NOBODY + 1)]

    with nothing_changed():
        response = post_order(operator, {"customer_id": NOBODY, "items": items})

    assert pointers(response) == {
        "/customer_id": "does_not_exist",
        "/items/0/product_id": "does_not_exist",
        "/items/2/product_id": "does_not_exist",
    }


def test_every_mistake_of_a_body_is_told_at_once(operator, lamp):
    items = [
        {"product_id": lamp.pk, "quantity": 0},
        {"product_id": NOBODY, "quantity": "1", "colour": "red"},
        {"quantity": 1, "unit_price": "0.00"},
        {"product_id": lamp.pk, "quantity": 1_000_001, "unit_price": "10.001"},
    ]
    body = {"customer_id": NOBODY, "items": items, "freight": "-1.00", "notes": 7, "status": "ENTREGUE", "total": "1"}

    with nothing_changed():
        response = post_order(operator, body, key="k" * 256)

    assert pointers(response) == {
        "/customer_id": "does_not_exist",
        "/items/0/quantity": "min_value",
        "/items/1/product_id": "does_not_exist",
        "/items/1/quantity": "invalid",
        "/items/1/colour": "unknown_field",
        "/items/2/product_id": "required",
        "/items/2/unit_price": "min_value",
        "/items/3/product_id": "duplicate",
        "/items/3/quantity": "max_value",
        "/items/3/unit_price": "max_decimal_places",
        "/freight": "min_value",
        "/notes": "invalid",
        "/status": "unknown_field",
        "/total": "unknown_field",
        "/idempotency_key": "invalid",
    }


def test_a_product_stands_on_one_item_only(operator, a_customer, lamp):
    body = order_body(a_customer(), (lamp, 6), (lamp, 6))

    with nothing_changed():
        response = post_order(operator, body)

    assert pointers(response) == {"/items/1/product_id": "duplicate"}


def test_a_product_that_stands_twice_is_told_with_what_is_wrong_elsewhere(operator, a_customer, lamp, a_product):
    body = order_body(a_customer(), (a_product(), 0), (lamp, 6), (lamp, 6))

    assert pointers(post_order(operator, body)) == {
        "/items/0/quantity": "min_value",
        "/items/2/product_id": "duplicate",
    }


def test_two_hundred_items_are_an_order_in_the_sequence_they_were_sent(operator, a_customer, a_product):
    wanted = [(a_product(), 1 + number % 3) for number in range(200)]
    wanted.reverse()

    order = post_order(operator, order_body(a_customer(), *wanted)).json()

    assert [(item["product_id"], item["quantity"]) for item in order["items"]] == [
        (product.pk, quantity) for product, quantity in wanted
    ]
    assert operator.get(f"/api/v1/orders/{order['id']}").json()["items"] == order["items"]
    audit()


def test_a_total_that_no_column_could_hold_is_a_mistake_of_the_body_even_when_stock_is_short(
    operator, a_customer, a_product
):
    yacht = a_product(in_stock=1, price=Decimal("9999999999.99"))
    body = order_body(a_customer(), (yacht, 1_000_000))

    with nothing_changed():
        response = post_order(operator, body)

    assert pointers(response) == {"/items": "max_value"}


def test_the_largest_amounts_are_kept_to_the_cent(operator, a_customer, a_product):
    yacht = a_product(in_stock=1_000_000, price=Decimal("9999999.99"))

    order = post_order(operator, order_body(a_customer(), (yacht, 1_000_000), freight="9999.99")).json()

    assert (order["subtotal"], order["total"]) == ("9999999990000.00", "9999999999999.99")
    assert operator.get(f"/api/v1/orders/{order['id']}").json()["total"] == "9999999999999.99"


def test_tenths_add_up(operator, a_customer, a_product):
    gum = a_product(price=Decimal("0.10"))

    order = post_order(operator, order_body(a_customer(), (gum, 3), freight="0.20")).json()

    assert (order["subtotal"], order["freight"], order["total"]) == ("0.30", "0.20", "0.50")


def test_unknown_ids_are_told_before_anything_else_is_judged(operator, a_customer, lamp):
    ana = a_customer(is_active=False)
    body = order_body(ana, (lamp, 99))
    body["items"].append({"product_id": NOBODY, "quantity": 1})

    assert pointers(post_order(operator, body)) == {"/items/1/product_id": "does_not_exist"}


def test_a_viewer_may_not_order(viewer, a_customer, lamp):
    ana = a_customer()

    assert refusal(post_order(viewer, order_body(ana, (lamp, 1)))) == (403, "permission_denied")
    assert refusal(post_order(viewer, {"nonsense": 1})) == (403, "permission_denied")


def test_numbers_are_the_key_and_cost_no_counter(place, a_product):
    lamp = a_product()
    first, second = place((lamp, 1)), place((lamp, 1))

    assert (first.number, second.number) == (f"PED-{first.pk:08d}", f"PED-{second.pk:08d}")
    assert second.pk > first.pk


def test_an_order_does_not_overwrite_what_others_wrote_on_the_product(place, lamp):
    products.change_product(actor=None, pk=lamp.pk, values={"name": "Floor lamp", "price": Decimal("12.00")})

    place((lamp, 1))

    product = Product.objects.get(pk=lamp.pk)
    assert (product.name, product.name_folded, product.price, product.reserved) == (
        "Floor lamp", "floor lamp", Decimal("12.00"), 1,
    )  # fmt: skip
