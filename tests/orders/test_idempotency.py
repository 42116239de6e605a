"""One order per customer and key, however often it is asked for."""

from decimal import Decimal
from typing import Any

import pytest

from apps.customers import services as customers
from apps.orders import placing
from apps.orders import services as orders
from apps.products import services as products
from apps.products import stock
from tests.asking import a_key, order_body, post_order
from tests.audits import audit, nothing_changed
from tests.problems import pointers, refusal


@pytest.fixture
def ana(a_customer):
    return a_customer(name="Ana")


def replayed(response: Any) -> int:
    """The id of the order that an earlier request made."""
    assert response.status_code == 200, response.content
    assert response["Idempotency-Replayed"] == "true"
    assert "Location" not in response
    pk: int = response.json()["id"]
    return pk


def test_the_same_request_again_is_answered_with_the_same_order_and_changes_nothing(operator, ana, lamp):
    body = order_body(ana, (lamp, 2), freight="5.00", notes="Ring twice")
    first = post_order(operator, body, key="web-1")

    with nothing_changed():
        again = post_order(operator, body, key="web-1")

    assert replayed(again) == first.json()["id"]
    assert again.json() == first.json()
    assert again["ETag"] == first["ETag"]
    assert "Idempotency-Replayed" not in first


def test_a_replay_shows_the_order_as_it_now_is(operator, manager, ana, lamp):
    body = order_body(ana, (lamp, 2))
    pk = post_order(operator, body, key="web-1").json()["id"]
    manager.delete(f"/api/v1/orders/{pk}", {"reason": "changed her mind"})

    again = post_order(operator, body, key="web-1")

    assert replayed(again) == pk
    assert again.json() == operator.get(f"/api/v1/orders/{pk}").json()
    assert again.json()["status"] == "CANCELADO"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda body: dict(reversed(body.items())), id="keys in another order"),
        pytest.param(lambda body: body | {"freight": "0.00"}, id="freight as its default"),
        pytest.param(lambda body: body | {"freight": "0"}, id="freight without places"),
        pytest.param(lambda body: body | {"freight": 0}, id="freight as a number"),
        pytest.param(lambda body: body | {"freight": "-0.00"}, id="freight as minus nothing"),
        pytest.param(lambda body: body | {"notes": ""}, id="notes as their default"),
        pytest.param(lambda body: body | {"notes": None}, id="notes as null"),
        pytest.param(lambda body: body | {"notes": "  "}, id="notes of spaces"),
        pytest.param(lambda body: body | {"items": body["items"][::-1]}, id="items in another order"),
        pytest.param(
            lambda body: body | {"items": [item | {"unit_price": None} for item in body["items"]]}, id="price as null"
        ),
        pytest.param(lambda body: body | {"idempotency_key": "web-1"}, id="key in both places"),
    ],
)
def test_bodies_are_compared_by_meaning(operator, ana, lamp, a_product, change):
    body = order_body(ana, (lamp, 2), (a_product(), 1))
    pk = post_order(operator, body, key="web-1").json()["id"]

    with nothing_changed():
        again = post_order(operator, change(body), key="web-1")

    assert replayed(again) == pk


@pytest.mark.parametrize("price", ["10.0", "10", 10, "10.00"])
def test_a_price_is_the_same_however_it_is_written(operator, ana, lamp, price):
    body = order_body(ana, (lamp, 1))
    body["items"][0]["unit_price"] = "10.00"
    pk = post_order(operator, body, key="web-1").json()["id"]

    body["items"][0]["unit_price"] = price

    assert replayed(post_order(operator, body, key="web-1")) == pk


@pytest.mark.parametrize("header", ["web-1", '"web-1"', " web-1 "])
def test_where_the_key_travels_and_whether_it_is_quoted_does_not_matter(operator, ana, lamp, header):
    body = order_body(ana, (lamp, 1))
    pk = operator.post("/api/v1/orders", body | {"idempotency_key": "web-1"}).json()["id"]

    assert replayed(post_order(operator, body, key=header)) == pk


@pytest.mark.parametrize(("key", "header"), [('a"b', r'"a\"b"'), (r"a\b", r'"a\\b"'), (r"a\b", r"a\b")])
def test_a_quoted_key_escapes_quotes_and_backslashes_as_rfc_8941_has_it(operator, ana, lamp, key, header):
    body = order_body(ana, (lamp, 1))
    pk = operator.post("/api/v1/orders", body | {"idempotency_key": key}).json()["id"]

    assert replayed(post_order(operator, body, key=header)) == pk


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda body: body["items"][0].update(quantity=2), id="quantity"),
        pytest.param(lambda body: body["items"].pop(), id="an item less"),
        pytest.param(lambda body: body["items"][0].update(unit_price="10.00"), id="unit_price"),
        pytest.param(lambda body: body.update(freight="0.01"), id="freight"),
        pytest.param(lambda body: body.update(notes="Ring twice"), id="notes"),
    ],
)
def test_the_same_key_with_another_body_is_refused_and_nothing_else(operator, ana, lamp, a_product, change):
    body = order_body(ana, (lamp, 1), (a_product(), 1))
    post_order(operator, body, key="web-1")
    change(body)

    with nothing_changed():
        response = post_order(operator, body, key="web-1")

    assert refusal(response) == (422, "idempotency_key_reused")


def test_another_body_is_refused_even_when_it_could_not_be_served(operator, ana, lamp):
    post_order(operator, order_body(ana, (lamp, 1)), key="web-1")

    with nothing_changed():
        response = post_order(operator, order_body(ana, (lamp, 99)), key="web-1")

    assert refusal(response) == (422, "idempotency_key_reused")


def test_a_total_that_no_order_can_have_is_told_before_the_key_is_judged(operator, ana, lamp, a_product):
    dear = a_product(price="9999999999.99")
    post_order(operator, order_body(ana, (lamp, 1)), key="web-1")

    with nothing_changed():
        response = post_order(operator, order_body(ana, (dear, 1_000_000)), key="web-1")

    assert refusal(response) == (400, "validation_error")
    assert pointers(response) == {"/items": "max_value"}


def test_an_unknown_id_is_told_before_the_key_is_judged(operator, ana, lamp):
    body = order_body(ana, (lamp, 1))
    post_order(operator, body, key="web-1")
    body["items"].append({"product_id": 2**62, "quantity": 1})

    assert pointers(post_order(operator, body, key="web-1")) == {"/items/1/product_id": "does_not_exist"}


def test_another_customer_with_the_same_key_gets_an_order_of_their_own(operator, ana, a_customer, lamp):
    bruno = a_customer(name="Bruno")

    first = post_order(operator, order_body(ana, (lamp, 1)), key="web-1")
    second = post_order(operator, order_body(bruno, (lamp, 1)), key="web-1")

    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json()["customer"] == {"id": bruno.pk, "name": "Bruno"}
    assert second.json()["id"] != first.json()["id"]


@pytest.mark.parametrize(("one", "other"), [("web-a", "WEB-A"), ("web-1", "web-1.")])
def test_keys_differ_in_every_letter(operator, ana, lamp, one, other):
    body = order_body(ana, (lamp, 1))

    first, second = post_order(operator, body, key=one), post_order(operator, body, key=other)

    assert (first.status_code, second.status_code) == (201, 201)
    assert replayed(post_order(operator, body, key=other)) == second.json()["id"]


@pytest.mark.parametrize("key", ["k" * 255, "!", "~", "a/b?c=d&e", "'; DROP TABLE orders; --".replace(" ", "_"), '"'])
def test_any_255_visible_ascii_characters_are_a_key(operator, ana, lamp, key):
    body = order_body(ana, (lamp, 1))
    pk = post_order(operator, body, key=key).json()["id"]

    assert replayed(operator.post("/api/v1/orders", body | {"idempotency_key": key})) == pk


@pytest.mark.parametrize("key", ["", " ", "k" * 256, "a b", "ação", "tab\there", "nul\0", "🔑", "a\nb"])
def test_anything_else_is_not_a_key(operator, ana, lamp, key):
    with nothing_changed():
        response = operator.post("/api/v1/orders", order_body(ana, (lamp, 1)) | {"idempotency_key": key})

    assert set(pointers(response)) == {"/idempotency_key"}


@pytest.mark.parametrize("key", ["", '""', "k" * 256, "a b", '"a b"', "a\xe7\xe3o"])
def test_anything_else_is_not_a_key_in_the_header_either(operator, ana, lamp, key):
    with nothing_changed():
        response = operator.post("/api/v1/orders", order_body(ana, (lamp, 1)), headers={"Idempotency-Key": key})

    assert pointers(response) == {"/idempotency_key": "invalid"}


@pytest.mark.parametrize("key", [7, True, ["k"], {"k": 1}])
def test_a_key_is_a_string(operator, ana, lamp, key):
    with nothing_changed():
        response = operator.post("/api/v1/orders", order_body(ana, (lamp, 1)) | {"idempotency_key": key})

    assert set(pointers(response)) == {"/idempotency_key"}


def test_an_order_without_a_key_is_refused(operator, ana, lamp):
    with nothing_changed():
        response = operator.post("/api/v1/orders", order_body(ana, (lamp, 1)))

    assert refusal(response) == (400, "idempotency_key_required")


def test_a_key_of_null_is_none(operator, ana, lamp):
    body = order_body(ana, (lamp, 1)) | {"idempotency_key": None}

    assert refusal(operator.post("/api/v1/orders", body)) == (400, "idempotency_key_required")
    assert post_order(operator, body, key="web-1").status_code == 201


@pytest.mark.parametrize(
    ("key", "sent", "code"), [("web-1", "web-2", "mismatch"), ("a b", None, "invalid"), (None, None, "required")]
)
def test_what_is_wrong_with_a_key_does_not_hide_unknown_ids(operator, key, sent, code):
    body = {"customer_id": 10**9, "items": [{"product_id": 10**9, "quantity": 1}], "idempotency_key": sent}
    headers = {"Idempotency-Key": key} if key else {}

    assert pointers(operator.post("/api/v1/orders", body, headers=headers)) == {
        "/idempotency_key": code,
        "/customer_id": "does_not_exist",
        "/items/0/product_id": "does_not_exist",
    }


def test_a_missing_key_stands_among_the_other_mistakes(operator, ana):
    response = operator.post("/api/v1/orders", {"customer_id": ana.pk})

    assert pointers(response) == {"/items": "required", "/idempotency_key": "required"}


def test_header_and_body_must_agree(operator, ana, lamp):
    with nothing_changed():
        response = post_order(operator, order_body(ana, (lamp, 1)) | {"idempotency_key": "web-1"}, key="web-2")

    assert pointers(response) == {"/idempotency_key": "mismatch"}


@pytest.mark.parametrize(
    "happening",
    [
        pytest.param(lambda ana, lamp: stock.adjust_stock(actor=None, pk=lamp.pk, on_hand=6), id="sold out"),
        pytest.param(
            lambda ana, lamp: products.change_product(actor=None, pk=lamp.pk, values={"price": Decimal("99.00")}),
            id="another price",
        ),
        pytest.param(
            lambda ana, lamp: products.change_product(actor=None, pk=lamp.pk, values={"is_active": False}),
            id="product inactive",
        ),
        pytest.param(
            lambda ana, lamp: customers.change_customer(actor=None, pk=ana.pk, values={"is_active": False}),
            id="customer inactive",
        ),
    ],
)
def test_the_key_is_looked_up_before_stock_price_or_activity_is_judged(operator, ana, lamp, happening):
    body = order_body(ana, (lamp, 6))
    body["items"][0]["unit_price"] = "10.00"
    pk = post_order(operator, body, key="web-1").json()["id"]
    happening(ana, lamp)

    with nothing_changed():
        again = post_order(operator, body, key="web-1")

    assert replayed(again) == pk


def test_a_key_is_kept_even_when_customer_and_product_are_gone(operator, ana, lamp):
    body = order_body(ana, (lamp, 1))
    pk = post_order(operator, body, key="web-1").json()["id"]
    orders.change_status(actor=None, pk=pk, target="CANCELADO")
    customers.delete_customer(actor=None, pk=ana.pk)
    products.delete_product(actor=None, pk=lamp.pk)

    assert replayed(post_order(operator, body, key="web-1")) == pk
    assert refusal(post_order(operator, body, key="web-2")) == (409, "customer_inactive")


def test_after_a_refusal_for_stock_the_same_key_may_be_tried_again(operator, ana, lamp):
    body = order_body(ana, (lamp, 11))

    with nothing_changed():
        assert refusal(post_order(operator, body, key="web-1")) == (409, "insufficient_stock")
    stock.adjust_stock(actor=None, pk=lamp.pk, delta=1)

    assert post_order(operator, body, key="web-1").status_code == 201
    audit()


def test_after_a_refusal_the_same_key_may_come_with_another_body(operator, ana, lamp):
    assert refusal(post_order(operator, order_body(ana, (lamp, 11)), key="web-1")) == (409, "insufficient_stock")
    assert set(pointers(post_order(operator, order_body(ana, (lamp, 0)), key="web-1"))) == {"/items/0/quantity"}

    assert post_order(operator, order_body(ana, (lamp, 10)), key="web-1").status_code == 201


def test_a_replay_is_checked_for_permission_like_any_request(operator, viewer, api_as, ana, lamp):
    body = order_body(ana, (lamp, 1))
    post_order(operator, body, key="web-1")

    assert refusal(post_order(viewer, body, key="web-1")) == (403, "permission_denied")
    assert refusal(post_order(api_as(None), body, key="web-1")) == (401, "not_authenticated")


def test_a_replay_shows_a_colleague_their_own_moves(operator, manager, ana, lamp):
    body = order_body(ana, (lamp, 1))
    assert post_order(operator, body, key="web-1").json()["allowed_transitions"] == ["CONFIRMADO"]

    again = post_order(manager, body, key="web-1")

    assert again.json()["allowed_transitions"] == ["CONFIRMADO", "CANCELADO"]


# What twins in flight do to each other, played in slow motion: the second looks its key up before the first has
# committed. Real twins stand in tests/races.


@pytest.fixture
def slow(monkeypatch):
    """The next request looks its key up too early, and finds nothing."""

    def miss_once() -> None:
        look_up = orders._replays

        def too_early(_requests: Any) -> dict[int, Any]:
            monkeypatch.setattr(orders, "_replays", look_up)
            return {}

        monkeypatch.setattr(orders, "_replays", too_early)

    return miss_once


def test_the_unique_constraint_turns_a_late_twin_into_a_replay(operator, ana, lamp, slow):
    body = order_body(ana, (lamp, 1))
    pk = post_order(operator, body, key="web-1").json()["id"]
    slow()

    with nothing_changed():
        again = post_order(operator, body, key="web-1")

    assert replayed(again) == pk


def test_the_unique_constraint_refuses_a_late_twin_with_another_body(operator, ana, lamp, slow):
    post_order(operator, order_body(ana, (lamp, 1)), key="web-1")
    slow()

    with nothing_changed():
        response = post_order(operator, order_body(ana, (lamp, 2)), key="web-1")

    assert refusal(response) == (422, "idempotency_key_reused")


def test_a_late_twin_is_not_told_that_its_own_order_took_the_stock(operator, ana, lamp, slow):
    body = order_body(ana, (lamp, 10))
    pk = post_order(operator, body, key="web-1").json()["id"]
    slow()

    with nothing_changed():
        again = post_order(operator, body, key="web-1")

    assert replayed(again) == pk


def test_another_breach_of_the_database_s_rules_is_not_taken_for_a_twin(operator, ana, lamp, monkeypatch):
    worthless = {name: Decimal(0) for name in ("subtotal", "total")}
    monkeypatch.setattr(
        placing,
        "order_values",
        lambda order: tuple(worthless.get(name, getattr(order, name)) for name in placing.ORDER),
    )

    with nothing_changed():
        response = post_order(operator, order_body(ana, (lamp, 1)), key=a_key())

    assert response.status_code == 500
