"""Bodies that no honest client sends, on every write of orders and products: refused as problems, never a crash."""

import json

import pytest

from apps.customers.models import Customer
from tests.asking import order_body, post_order
from tests.audits import nothing_changed
from tests.problems import pointers, refusal

WRITES = {
    "place": "POST",
    "move": "PATCH",
    "cancel": "DELETE",
    "register": "POST",
    "edit": "PATCH",
    "remove": "DELETE",
    "restore": "POST",
    "stock": "PATCH",
}
DEEP = 10_000
NOT_AN_INTEGER = [b"true", b"false", b'"1"', b"1.0", b"1.5", b"1e0", b"1E+2", b"1e400", b"-1e400", b"[]", b"{}", b"[1]",
                  b'""', b'"one"']  # fmt: skip
NOT_MONEY = {
    b"true": "invalid",
    b"[]": "invalid",
    b"{}": "invalid",
    b'"."': "invalid",
    b'""': "invalid",
    b'"  "': "invalid",
    b'"1."': "invalid",
    b'".5"': "invalid",
    b'" 1.00"': "invalid",
    '"١"'.encode(): "invalid",
    b'"ten"': "invalid",
    b'"1e2"': "invalid",
    b'"1E2"': "invalid",
    b'"+1"': "invalid",
    b'"--1"': "invalid",
    b'"1,00"': "invalid",
    b'"1_0"': "invalid",
    b'"0x10"': "invalid",
    b'"NaN"': "invalid",
    b'"sNaN"': "invalid",
    b'"Infinity"': "invalid",
    b'"R$ 1.00"': "invalid",
    rb'"1.00\u0000"': "invalid",
    rb'"\ud800"': "invalid",
    b'"10.001"': "max_decimal_places",
    b"10.001": "max_decimal_places",
    b"1e-3": "max_decimal_places",
    b"-1": "min_value",
    b'"-1.00"': "min_value",
    b"-0.01": "min_value",
}


def not_text(most):
    """What some database could not keep as a text of so many characters, and what is wrong with it."""
    return {
        b"7": "invalid",
        b"true": "invalid",
        b"[]": "invalid",
        rb'"a\u0000b"': "null_characters_not_allowed",
        rb'"\ud800"': "surrogate_characters_not_allowed",
        b'"' + b"n" * (most + 1) + b'"': "max_length",
    }


def as_object(members):
    """A JSON object of members that are JSON already."""
    return b"{" + b", ".join(b'"%s": %s' % (name.encode(), value) for name, value in members.items()) + b"}"


@pytest.fixture
def send(manager, order_in, lamp):
    """send("place", b"..."): these bytes, as JSON unless told otherwise. None of what is sent here changes anything."""
    order = order_in("PENDENTE", (lamp, 1))
    urls = {
        "place": "/api/v1/orders",
        "move": f"/api/v1/orders/{order.pk}/status",
        "cancel": f"/api/v1/orders/{order.pk}",
        "register": "/api/v1/products",
        "edit": f"/api/v1/products/{lamp.pk}",
        "remove": f"/api/v1/products/{lamp.pk}",
        "restore": f"/api/v1/products/{lamp.pk}/restore",
        "stock": f"/api/v1/products/{lamp.pk}/stock",
    }

    def send_raw(write, raw, content_type="application/json"):
        return manager.generic(WRITES[write], urls[write], raw, content_type=content_type)

    with nothing_changed():
        yield send_raw


@pytest.fixture
def place_with(lamp, send):
    """place_with(quantity=b"1.0"): what is wrong with an order for one lamp when these raw values stand in it."""
    customer = Customer.objects.get()

    def place(**raw):
        item = {"product_id": b"%d" % lamp.pk, "quantity": b"1"}
        body = {"customer_id": b"%d" % customer.pk, "items": b"", "idempotency_key": b'"k"'}
        for name, value in raw.items():
            (item if name in ("product_id", "quantity", "unit_price") else body)[name] = value
        body["items"] = body["items"] or b"[" + as_object(item) + b"]"
        return pointers(send("place", as_object(body)))

    return place


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"{", id="cut off"),
        pytest.param(b'{"a": 1,}', id="comma too many"),
        pytest.param(b"{'a': 1}", id="single quotes"),
        pytest.param(b'{"a": NaN}', id="NaN"),
        pytest.param(b'{"a": Infinity}', id="Infinity"),
        pytest.param(b'{"a": -Infinity}', id="-Infinity"),
        pytest.param(b'{"a": 01}', id="leading zero"),
        pytest.param(b'{"a": 1} {"b": 2}', id="two documents"),
        pytest.param(b'{"a": 1, "a": 1}', id="doubled key"),
        pytest.param(b'{"a": {"b": 1, "b": 2}}', id="doubled key within"),
        pytest.param(b'{"a": ' + b"9" * 5_000 + b"}", id="number of 5,000 digits"),
        pytest.param(b'{"a": "\xff\xfe"}', id="not UTF-8"),
        pytest.param('{"a": "ação"}'.encode("latin-1"), id="Latin-1"),
        pytest.param('{"a": 1}'.encode("utf-16"), id="UTF-16"),
        pytest.param(b'\xef\xbb\xbf{"a": 1}', id="byte order mark"),
        pytest.param(b'{"a": "\x00"}', id="bare NUL"),
        pytest.param(b'{"a": "\x1f"}', id="bare control character"),
        pytest.param(b"\x00", id="NUL"),
        pytest.param(b"a=1&b=2", id="a form"),
        pytest.param(b"[" * DEEP + b"]" * DEEP, id="10,000 lists deep"),
        pytest.param(b'{"a":' * DEEP + b"1" + b"}" * DEEP, id="10,000 objects deep"),
        pytest.param(b"[" * DEEP, id="10,000 lists opened"),
    ],
)
def test_what_is_not_json_is_refused(send, raw):
    assert {write: pointers(send(write, raw)) for write in WRITES} == {write: {"": "parse_error"} for write in WRITES}


@pytest.mark.parametrize("raw", [b"[]", b"[1]", b'"text"', b"1", b"1.5", b"true", b"false", b"0", b"[[[[]]]]", b'""'])
def test_a_body_is_an_object(send, raw):
    assert {write: pointers(send(write, raw))[""] for write in WRITES} == dict.fromkeys(WRITES, "invalid")


def test_null_is_no_body(send):
    assert {write: pointers(send(write, b"null"))[""] for write in WRITES} == dict.fromkeys(WRITES, "null")


def test_that_null_is_no_body_is_told_in_the_callers_language(manager):
    told = {
        language: manager.generic("POST", "/api/v1/orders", b"null", content_type="application/json",
                                  headers={"Accept-Language": language}).json()["errors"][0]
        for language in ("pt-BR", "en")
    }  # fmt: skip

    assert "nulo" in told["pt-BR"]["detail"]
    assert told["en"]["detail"] == "This field may not be null."


def test_a_body_of_two_megabytes_is_too_large(send):
    raw = b'{"notes": "' + b"x" * 2_000_000 + b'"}'

    answers = {write: refusal(send(write, raw)) for write in WRITES}

    assert answers == dict.fromkeys(WRITES, (413, "payload_too_large"))


@pytest.mark.parametrize(
    "content_type",
    ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "text/json", "nonsense"],
)
def test_only_json_is_understood(send, content_type):
    answers = {write: refusal(send(write, b'{"a": 1}', content_type)) for write in WRITES}

    assert answers == dict.fromkeys(WRITES, (415, "unsupported_media_type"))


@pytest.mark.parametrize(
    "name", [b"nope", b"", b"id", b"__proto__", b"a/b~c", rb"\u0000", rb"\ud800", rb"\ud83d\ude00", b"n" * 500]
)
def test_an_unknown_field_is_refused_by_its_name(send, name):
    pointer = "/" + json.loads(b'"' + name + b'"').replace("~", "~0").replace("/", "~1")
    raw = b'{"' + name + b'": 1}'

    assert {write: pointers(send(write, raw))[pointer] for write in WRITES} == dict.fromkeys(WRITES, "unknown_field")


def test_a_hundred_unknown_fields_are_all_named(send):
    fields = [f"/field{number}" for number in range(100)]
    raw = json.dumps({field[1:]: 1 for field in fields}).encode()

    for write in WRITES:
        problems = pointers(send(write, raw))
        assert [problems[field] for field in fields] == ["unknown_field"] * 100


@pytest.mark.parametrize("field", ["status", "total", "subtotal", "number", "placed_at", "id", "version", "history"])
def test_what_an_order_says_of_itself_cannot_be_sent(place_with, field):
    assert place_with(**{field: b'"1"'}) == {f"/{field}": "unknown_field"}


def test_what_a_line_says_of_itself_cannot_be_sent(place_with, lamp):
    item = b'{"product_id": %d, "quantity": 0, "sku": "S", "name": "N", "subtotal": "1", "id": 1}' % lamp.pk

    assert place_with(items=b"[" + item + b"]") == {
        "/items/0/quantity": "min_value",
        "/items/0/sku": "unknown_field",
        "/items/0/name": "unknown_field",
        "/items/0/subtotal": "unknown_field",
        "/items/0/id": "unknown_field",
    }


def test_a_quantity_is_a_json_integer(place_with):
    answers = {raw: place_with(quantity=raw) for raw in NOT_AN_INTEGER}

    assert answers == {raw: {"/items/0/quantity": "invalid"} for raw in NOT_AN_INTEGER}


def test_a_product_s_id_is_a_json_integer(place_with):
    answers = {raw: place_with(product_id=raw) for raw in NOT_AN_INTEGER}

    assert answers == {raw: {"/items/0/product_id": "invalid"} for raw in NOT_AN_INTEGER}


def test_a_customer_s_id_is_a_json_integer(place_with):
    answers = {raw: place_with(customer_id=raw) for raw in NOT_AN_INTEGER}

    assert answers == {raw: {"/customer_id": "invalid"} for raw in NOT_AN_INTEGER}


def test_a_quantity_has_its_bounds(place_with):
    bounds = {
        b"0": "min_value",
        b"-1": "min_value",
        b"-0": "min_value",
        b"1000001": "max_value",
        b"9223372036854775808": "max_value",
        b"9" * 400: "max_value",
        b"9" * 4_000: "max_value",
        b"-" + b"9" * 400: "min_value",
        b"null": "null",
    }

    assert {raw: place_with(quantity=raw)["/items/0/quantity"] for raw in bounds} == bounds


def test_an_id_has_its_bounds(place_with):
    bounds = {
        b"0": "min_value",
        b"-1": "min_value",
        b"9223372036854775807": "does_not_exist",
        b"9223372036854775808": "max_value",
        b"9" * 400: "max_value",
        b"null": "null",
    }

    assert {raw: place_with(product_id=raw)["/items/0/product_id"] for raw in bounds} == bounds
    assert {raw: place_with(customer_id=raw)["/customer_id"] for raw in bounds} == bounds


def test_a_freight_is_money(place_with):
    table = NOT_MONEY | {b"null": "null", b'""': "invalid"}

    assert {raw: place_with(freight=raw)["/freight"] for raw in table} == table


def test_a_price_is_money(place_with):
    table = NOT_MONEY | {b"0": "min_value", b'"0.00"': "min_value"}

    assert {raw: place_with(unit_price=raw)["/items/0/unit_price"] for raw in table} == table


@pytest.mark.parametrize("raw", [b"1e400", b"-1e400", b"1e999999999", b"9" * 400, b'"' + b"9" * 400 + b'"', b"1" * 16])
def test_no_amount_is_beyond_all_columns(place_with, raw):
    assert set(place_with(freight=raw)) == {"/freight"}
    assert set(place_with(unit_price=raw)) == {"/items/0/unit_price"}


def test_items_are_a_list_of_objects(place_with):
    table = {
        b"null": {"/items": "null"},
        b"{}": {"/items": "not_a_list"},
        b'"lamp"': {"/items": "not_a_list"},
        b"7": {"/items": "not_a_list"},
        b"[]": {"/items": "empty"},
        b"[null]": {"/items/0": "null"},
        b"[[]]": {"/items/0": "invalid"},
        b"[1, true]": {"/items/0": "invalid", "/items/1": "invalid"},
        b"[{}]": {"/items/0/product_id": "required", "/items/0/quantity": "required"},
    }

    assert {raw: place_with(items=raw) for raw in table} == table


def test_201_items_are_one_too_many(place_with):
    items = [{"product_id": 10**9 + number, "quantity": 1} for number in range(201)]

    assert place_with(items=json.dumps(items).encode())["/items"] == "max_length"


def test_notes_are_text_that_every_database_can_keep(place_with):
    table = not_text(2_000)

    assert {raw: place_with(notes=raw)["/notes"] for raw in table} == table


@pytest.mark.parametrize(("write", "field"), [("move", "note"), ("cancel", "reason")])
def test_a_note_is_text_that_every_database_can_keep(send, write, field):
    body = {"status": b'"CONFIRMADO"'} if write == "move" else {}
    table = not_text(500)

    assert {raw: pointers(send(write, as_object(body | {field: raw})))[f"/{field}"] for raw in table} == table


def test_a_status_is_one_of_six_words(send):
    words = [b"7", b"true", b"[]", b"{}", b'""', b'"confirmado"', b'"PENDENTE "', rb'"\ud800"', rb'"\u0000"',
             b"[" * 400 + b"]" * 400]  # fmt: skip

    answers = {raw: pointers(send("move", as_object({"status": raw}))) for raw in words}

    assert answers == {raw: {"/status": "invalid_choice"} for raw in words}


@pytest.mark.parametrize("field", ["on_hand", "delta"])
def test_stock_is_counted_in_json_integers(send, field):
    answers = {raw: pointers(send("stock", as_object({field: raw}))) for raw in NOT_AN_INTEGER}

    assert answers == {raw: {f"/{field}": "invalid"} for raw in NOT_AN_INTEGER}


@pytest.mark.parametrize(
    ("body", "problems"),
    [
        ({}, {"": "one_of"}),
        ({"reason": b'"why"'}, {"": "one_of"}),
        ({"on_hand": b"1", "delta": b"1"}, {"": "one_of"}),
        ({"on_hand": b"null"}, {"/on_hand": "null"}),
        ({"on_hand": b"-1"}, {"/on_hand": "min_value"}),
        ({"on_hand": b"1000000001"}, {"/on_hand": "max_value"}),
        ({"delta": b"1000000001"}, {"/delta": "max_value"}),
        ({"delta": b"-1000000001"}, {"/delta": "min_value"}),
        ({"delta": b"9" * 400}, {"/delta": "max_value"}),
        ({"delta": b"1", "reason": b"7"}, {"/reason": "invalid"}),
        ({"delta": b"1", "reason": b'"' + b"r" * 201 + b'"'}, {"/reason": "max_length"}),
        ({"delta": b"1", "reserved": b"0"}, {"/reserved": "unknown_field"}),
        ({"delta": b'"1"', "kind": b'"OPENING"'}, {"/delta": "invalid", "/kind": "unknown_field"}),
    ],
)
def test_a_change_of_stock_is_one_number_within_bounds(send, body, problems):
    assert pointers(send("stock", as_object(body))) == problems


def test_a_product_needs_sku_name_and_price(send):
    assert pointers(send("register", b"{}")) == {"/sku": "required", "/name": "required", "/price": "required"}


def test_every_mistake_of_a_product_is_told_at_once(send):
    body = {
        "sku": b"7",
        "name": b'""',
        "description": b"null",
        "price": b"0",
        "on_hand": b'"5"',
        "low_stock_threshold": b"-1",
        "is_active": b'"yes"',
        "reserved": b"1",
        "available": b"1",
    }

    assert pointers(send("register", as_object(body))) == {
        "/sku": "invalid",
        "/name": "blank",
        "/description": "null",
        "/price": "min_value",
        "/on_hand": "invalid",
        "/low_stock_threshold": "min_value",
        "/is_active": "invalid",
        "/reserved": "unknown_field",
        "/available": "unknown_field",
    }


@pytest.mark.parametrize(("write", "body"), [("register", {"sku": b'"S"', "name": b'"N"'}), ("edit", {})])
def test_the_price_of_a_product_is_money(send, write, body):
    table = NOT_MONEY | {b"null": "null", b'""': "invalid", b"0.00": "min_value", b'"-0"': "min_value"}

    assert {raw: pointers(send(write, as_object(body | {"price": raw})))["/price"] for raw in table} == table


@pytest.mark.parametrize(
    ("field", "raw", "code"),
    [
        ("sku", b'"' + b"s" * 65 + b'"', "max_length"),
        ("sku", rb'"a\u0000"', "null_characters_not_allowed"),
        ("sku", rb'"\ud800"', "surrogate_characters_not_allowed"),
        ("sku", b'"  "', "blank"),
        ("name", b'"' + b"n" * 201 + b'"', "max_length"),
        ("name", rb'"\u0000"', "null_characters_not_allowed"),
        ("description", b'"' + b"d" * 5_001 + b'"', "max_length"),
        ("on_hand", b"1000000001", "max_value"),
        ("on_hand", b"-1", "min_value"),
        ("low_stock_threshold", b"1000000001", "max_value"),
        ("is_active", b"1", "invalid"),
        ("is_active", b"null", "null"),
    ],
)
def test_the_texts_and_numbers_of_a_product_have_bounds(send, field, raw, code):
    body = {"sku": b'"S"', "name": b'"N"', "price": b"1", field: raw}

    assert pointers(send("register", as_object(body))) == {f"/{field}": code}


@pytest.mark.parametrize("text", ["ação 🙁 \u202e﷽", "a\u200bb", "'; DROP TABLE orders; --", "{{7*7}}", "<script>"])
def test_odd_text_is_kept_as_it_is(manager, a_customer, lamp, text):
    response = post_order(manager, order_body(a_customer(), (lamp, 1), notes=text))

    assert manager.get(response["Location"]).json()["notes"] == text
