"""POST /products, GET and PATCH /products/:id: what is sold, and for how much."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.events.models import Event
from apps.products import services
from apps.products.models import Product
from tests.audits import audit, nothing_changed
from tests.problems import pointers, refusal

URL = "/api/v1/products"


def told(product):
    """The types of the events about this product, oldest first."""
    return list(Event.objects.filter(subject=product.reference).order_by("id").values_list("type", flat=True))


def test_a_product_is_answered_whole(manager):
    body = {
        "sku": "CAFE-500",
        "name": "Café torrado 500 g",
        "description": "Do sul de Minas",
        "price": "29.9",
        "on_hand": 120,
        "low_stock_threshold": 20,
        "is_active": False,
    }

    response = manager.post(URL, body)

    assert response.status_code == 201
    product = response.json()
    assert response["Location"] == f"{URL}/{product['id']}"
    assert product == body | {
        "id": product["id"],
        "price": "29.90",
        "reserved": 0,
        "available": 120,
        "created_at": product["created_at"],
        "updated_at": product["updated_at"],
    }
    read = manager.get(response["Location"])
    assert read.json() == product
    assert read["ETag"] == response["ETag"]


def test_only_sku_name_and_price_are_needed(manager):
    product = manager.post(URL, {"sku": "S", "name": "N", "price": 5}).json()

    assert (product["price"], product["description"], product["is_active"]) == ("5.00", "", True)
    assert (product["on_hand"], product["reserved"], product["available"]) == (0, 0, 0)
    assert product["low_stock_threshold"] is None
    assert not Product.objects.get().movements.exists()


@pytest.mark.parametrize("price", ["0.01", 0.01, "9999999999.99", 58.9, "58.90"])
def test_a_price_is_kept_to_the_cent(manager, price):
    response = manager.post(URL, {"sku": "S", "name": "N", "price": price})

    assert response.json()["price"] == f"{Decimal(str(price)):.2f}"
    assert manager.get(response["Location"]).json()["price"] == response.json()["price"]


def test_a_new_product_is_told_of_with_its_opening_stock(manager):
    response = manager.post(URL, {"sku": "S", "name": "N", "price": "5.00", "on_hand": 7})

    product = Product.objects.get()
    assert told(product) == ["product.created", "stock.adjusted"]
    created = Event.objects.get(type="product.created")
    assert (created.sequence, created.actor) == (1, manager.user.username)
    assert created.payload["product"]["sku"] == "S"
    assert response.json()["on_hand"] == 7
    audit()


@pytest.mark.parametrize("sku", ["CAFE-500", "cafe-500", "Cafe-500", "  cafe-500 "])
def test_a_sku_is_unique_whatever_its_case(manager, a_product, sku):
    a_product(sku="CAFE-500")

    with nothing_changed():
        response = manager.post(URL, {"sku": sku, "name": "N", "price": "5.00"})

    assert refusal(response) == (409, "already_exists")
    assert response.json()["field"] == "sku"
    assert "deleted" not in response.json()


@pytest.mark.parametrize("sku", ["-", "★###", "😀"])
def test_a_sku_of_punctuation_which_nobody_could_find_is_refused(manager, sku):
    answer = manager.post(URL, {"sku": sku, "name": "Lamp", "price": "1.00"})

    assert pointers(answer) == {"/sku": "invalid"}


@pytest.mark.parametrize(("sku", "other"), [("CAFE-500", "CAFÉ-500"), ("CAFE-500", "CAFE500")])
def test_skus_that_only_look_alike_are_two(manager, sku, other):
    first = manager.post(URL, {"sku": sku, "name": "N", "price": "5.00"})
    second = manager.post(URL, {"sku": other, "name": "N", "price": "5.00"})

    assert (first.status_code, second.status_code) == (201, 201)


def test_a_sku_that_a_deleted_product_has_can_be_had_by_restoring_it(manager, lamp):
    manager.delete(f"{URL}/{lamp.pk}")

    with nothing_changed():
        response = manager.post(URL, {"sku": "lamp-1", "name": "N", "price": "5.00"})

    assert refusal(response) == (409, "already_exists")
    assert (response.json()["field"], response.json()["deleted"]) == ("sku", True)


def test_the_database_has_the_last_word_on_a_sku(manager, lamp, monkeypatch):
    """A twin that was registered between the question and the insert."""
    monkeypatch.setattr(Product.objects, "filter", lambda **kwargs: Product.objects.none())

    with nothing_changed():
        response = manager.post(URL, {"sku": "lamp-1", "name": "N", "price": "5.00"})

    assert refusal(response) == (409, "already_exists")
    assert response.json()["field"] == "sku"


def test_an_edit_changes_what_it_names(manager, lamp):
    values = {"name": "Luminária", "description": "De chão", "price": "12.5", "low_stock_threshold": 3,
              "is_active": False}  # fmt: skip
    before = manager.get(f"{URL}/{lamp.pk}").json()

    response = manager.patch(f"{URL}/{lamp.pk}", values)

    after = response.json()
    assert after == before | values | {"price": "12.50", "updated_at": after["updated_at"]}
    assert after["updated_at"] > before["updated_at"]
    assert manager.get(f"{URL}/{lamp.pk}").json() == after


def test_an_edit_tells_what_changed(manager, lamp):
    manager.patch(f"{URL}/{lamp.pk}", {"price": "12.00", "name": "Luminária", "is_active": True})

    event = Event.objects.get(type="product.updated")
    assert event.payload["changed"] == ["name", "price"]
    assert (event.payload["product"]["name"], event.payload["product"]["price"]) == ("Luminária", "12.00")
    assert (event.sequence, event.actor) == (3, manager.user.username)


@pytest.mark.parametrize("body", [{}, {"name": "Lamp"}, {"price": "10", "is_active": True}, {"sku": "LAMP-1"}])
def test_an_edit_that_changes_nothing_writes_nothing(manager, lamp, body):
    before = manager.get(f"{URL}/{lamp.pk}")

    with nothing_changed():
        response = manager.patch(f"{URL}/{lamp.pk}", body)

    assert response.json() == before.json()
    assert response["ETag"] == before["ETag"]


def test_a_threshold_can_be_taken_away(manager, a_product):
    bulb = a_product(low_stock_threshold=5)

    assert manager.patch(f"{URL}/{bulb.pk}", {"low_stock_threshold": None}).json()["low_stock_threshold"] is None


@pytest.mark.parametrize("sku", ["LAMP-2", "lamp-1", "LAMP1"])
def test_a_sku_never_changes(manager, lamp, sku):
    with nothing_changed():
        response = manager.patch(f"{URL}/{lamp.pk}", {"sku": sku, "name": "Luminária"})

    assert pointers(response) == {"/sku": "immutable"}


@pytest.mark.parametrize("field", ["on_hand", "reserved", "available", "id", "created_at", "updated_at", "version",
                                   "deleted_at", "event_sequence"])  # fmt: skip
def test_an_edit_sets_no_counter_and_nothing_of_the_row_s_own(manager, lamp, field):
    with nothing_changed():
        response = manager.patch(f"{URL}/{lamp.pk}", {field: 5, "name": "Luminária"})

    assert pointers(response) == {f"/{field}": "unknown_field"}


def test_a_new_product_cannot_bring_reservations(manager):
    response = manager.post(URL, {"sku": "S", "name": "N", "price": "5.00", "reserved": 1, "available": 1})

    assert pointers(response) == {"/reserved": "unknown_field", "/available": "unknown_field"}
    assert not Product.objects.exists()


def test_a_rename_does_not_overwrite_what_orders_did_to_the_stock(place, lamp):
    """The row as somebody read it before the order, written back after it."""
    place((lamp, 4))

    services.change_product(actor=None, pk=lamp.pk, values={"name": "Luminária"})

    row = Product.objects.get(pk=lamp.pk)
    assert (row.name, row.on_hand, row.reserved, row.available) == ("Luminária", 10, 4, 6)
    audit()


def test_a_rename_names_no_counter_in_its_sql(lamp):
    with CaptureQueriesContext(connection) as captured:
        services.change_product(actor=None, pk=lamp.pk, values={"name": "Luminária"})

    [update] = [query["sql"] for query in captured if query["sql"].startswith("UPDATE")]
    assert "name_folded" in update
    assert "on_hand" not in update
    assert "reserved" not in update


def test_an_edit_with_an_older_tag_changes_nothing(manager, lamp, place):
    tag = manager.get(f"{URL}/{lamp.pk}")["ETag"]
    place((lamp, 1))  # What is available is shown too.

    with nothing_changed():
        responses = [
            manager.patch(f"{URL}/{lamp.pk}", {"name": "Luminária"}, headers={"If-Match": tag}),
            manager.patch(f"{URL}/{lamp.pk}/stock", {"delta": 1}, headers={"If-Match": tag}),
            manager.delete(f"{URL}/{lamp.pk}", headers={"If-Match": tag}),
            manager.post(f"{URL}/{lamp.pk}/restore", headers={"If-Match": tag}),
        ]

    assert {refusal(response) for response in responses} == {(412, "precondition_failed")}


def test_an_edit_with_the_current_tag_is_made(manager, lamp):
    tag = manager.get(f"{URL}/{lamp.pk}")["ETag"]

    response = manager.patch(f"{URL}/{lamp.pk}", {"name": "Luminária"}, headers={"If-Match": tag})
    assert response.status_code == 200

    response = manager.patch(f"{URL}/{lamp.pk}/stock", {"delta": 1}, headers={"If-Match": response["ETag"]})
    assert response["ETag"] == manager.get(f"{URL}/{lamp.pk}")["ETag"]


def test_where_tags_are_required_only_an_edit_needs_one(manager, lamp, settings):
    settings.REQUIRE_IF_MATCH = True

    with nothing_changed():
        response = manager.patch(f"{URL}/{lamp.pk}", {"nope": 1})

    assert refusal(response) == (428, "precondition_required")
    assert manager.patch(f"{URL}/{lamp.pk}/stock", {"delta": 1}).status_code == 200
    assert manager.delete(f"{URL}/{lamp.pk}").status_code == 204


def test_who_already_has_the_product_is_told_so_without_a_body(manager, lamp):
    tag = manager.get(f"{URL}/{lamp.pk}")["ETag"]

    response = manager.get(f"{URL}/{lamp.pk}", headers={"If-None-Match": tag})

    assert (response.status_code, response.content) == (304, b"")


@pytest.mark.parametrize("role", ["Operator", "Viewer"])
def test_who_does_not_keep_the_catalogue_only_reads_it(api_as, lamp, role):
    api = api_as(role)

    with nothing_changed():
        refusals = {
            refusal(api.post(URL, {"nope": 1})),
            refusal(api.patch(f"{URL}/{lamp.pk}", {"nope": 1})),
            refusal(api.patch(f"{URL}/{lamp.pk}/stock", {"nope": 1})),
            refusal(api.delete(f"{URL}/{lamp.pk}")),
            refusal(api.post(f"{URL}/{lamp.pk}/restore")),
            refusal(api.delete(f"{URL}/99999999")),
        }

    assert refusals == {(403, "permission_denied")}
    assert api.get(f"{URL}/{lamp.pk}").json()["sku"] == "LAMP-1"


@pytest.mark.parametrize("pk", ["0", "99999999", "9" * 50, "lamp"])
def test_a_product_that_is_not_there_is_not_found(manager, pk):
    for response in (
        manager.get(f"{URL}/{pk}"),
        manager.patch(f"{URL}/{pk}", {"nope": 1}),
        manager.delete(f"{URL}/{pk}"),
        manager.post(f"{URL}/{pk}/restore"),
        manager.patch(f"{URL}/{pk}/stock", {"nope": 1}),
        manager.get(f"{URL}/{pk}/stock-movements"),
    ):
        assert refusal(response) == (404, "not_found")


# "AÇÃO-7", as keyboards and as some file systems spell it.
COMPOSED, DECOMPOSED = "A\u00c7\u00c3O-7", "AC\u0327A\u0303O-7"


@pytest.mark.parametrize(("first", "second"), [(COMPOSED, DECOMPOSED), (DECOMPOSED, COMPOSED)])
def test_a_sku_is_the_same_in_whatever_form_its_accents_come(manager, first, second):
    made = manager.post("/api/v1/products", {"sku": first, "name": "Lamp", "price": "1.00"})

    assert (made.status_code, made.json()["sku"]) == (201, COMPOSED)
    assert refusal(manager.post("/api/v1/products", {"sku": second, "name": "Lamp", "price": "1.00"}))[0] == 409
    for form in (COMPOSED, DECOMPOSED):
        assert manager.get("/api/v1/products", {"sku": form}).json()["count"] == 1
        assert manager.get("/api/v1/products", {"search": form}).json()["count"] == 1
        assert manager.patch(f"/api/v1/products/{made.json()['id']}", {"sku": form, "name": "Rug"}).status_code == 200
