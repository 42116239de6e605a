"""Bodies that cannot be read, and fields that are wrong: all of them told at once."""

import json
import time
import tracemalloc

import pytest

from apps.common.inputs import UNKNOWN
from apps.customers.models import Customer
from apps.orders.serializers import OrderInput
from tests.problems import pointers

# ── Bodies that cannot be read ────────────────────────────────────────────────────────────────────────────────

UNREADABLE = {
    "half an object": b'{"name": "Ana"',
    "not UTF-8": b'{"name": "\xff"}',
    "UTF-16": '{"name": "Ana"}'.encode("utf-16"),
    "NaN": b'{"name": NaN}',
    "Infinity": b'{"name": -Infinity}',
    "a key twice": b'{"name": "Ana", "name": "Bia"}',
    "a second value": b'{"name": "Ana"} {}',
    "single quotes": b"{'name': 'Ana'}",
    "nested too deep": b'{"name":' + b"[" * 200_000,
    "a number of 5,000 digits": b'{"name": ' + b"9" * 5_000 + b"}",
    "an exponent of 19 digits": b'{"name": 1e1000000000000000000}',
    "a zero with such an exponent": b'{"name": 0e-1000000000000000000000}',
    "a form": b"name=Ana",
}


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
def test_malformed_json_is_refused_and_changes_nothing(manager, a_customer, method, body):
    customer = a_customer(name="Caio")
    path = "/api/v1/customers" if method == "POST" else f"/api/v1/customers/{customer.pk}"

    answer = manager.generic(method, path, body, content_type="application/json")

    assert pointers(answer) == {"": "parse_error"}
    assert list(Customer.objects.present().values_list("name", flat=True)) == ["Caio"]


@pytest.mark.parametrize("body", [b"[]", b"7", b'"Ana"', b"true", b"null", b'[{"name": "Ana"}]'])
def test_a_body_that_is_no_object_is_refused(manager, body):
    answer = manager.generic("POST", "/api/v1/customers", body, content_type="application/json")

    assert list(pointers(answer)) == [""]
    assert not Customer.objects.exists()


def test_a_body_of_one_megabyte_is_read(manager):
    body = b'{"name": "Ana", "notes": "' + b"x" * (1_000_000 - 28) + b'"}'
    assert len(body) == 1_000_000

    answer = manager.generic("POST", "/api/v1/customers", body, content_type="application/json")

    assert pointers(answer) == {"/notes": "unknown_field"}


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "APPLICATION/JSON", "application/json;"])
def test_json_is_json_whatever_stands_beside_it(manager, content_type):
    answer = manager.generic("POST", "/api/v1/customers", b'{"name": "Ana"}', content_type=content_type)

    assert answer.status_code == 201


# ── Field errors ──────────────────────────────────────────────────────────────────────────────────────────────


def test_all_bad_fields_are_told_at_once_with_their_pointers(manager):
    body = {
        "document": "111.111.111-11",
        "email": "no-address",
        "phone": "1",
        "address": {"state": "XX", "postal_code": "1", "planet": "Earth"},
        "is_active": "yes",
        "nope": 1,
    }

    answer = manager.post("/api/v1/customers", body)

    assert list(pointers(answer)) == sorted(pointers(answer), key=list(pointers(answer)).index)
    assert set(pointers(answer)) == {
        "/name",
        "/document",
        "/email",
        "/phone",
        "/address/state",
        "/address/postal_code",
        "/address/planet",
        "/is_active",
        "/nope",
    }
    assert pointers(answer)["/name"] == "required"
    assert pointers(answer)["/nope"] == pointers(answer)["/address/planet"] == "unknown_field"
    assert not Customer.objects.exists()


def test_a_pointer_escapes_what_rfc_6901_tells_it_to(manager):
    assert pointers(manager.post("/api/v1/customers", {"name": "Ana", "a/b~c": 1})) == {"/a~1b~0c": "unknown_field"}


@pytest.mark.parametrize("name", ["", "~", "a b", "ação", "\ud800", "\0", "x" * 10_000, "non_field_errors"], ids=ascii)
def test_an_unknown_field_is_told_whatever_its_name(manager, name):
    raw = json.dumps({"name": "Ana", name: 1})

    answer = manager.generic("POST", "/api/v1/customers", raw, content_type="application/json")

    assert list(pointers(answer).values()) == ["unknown_field"]
    assert list(pointers(answer)) == ["/" + name.replace("~", "~0")]


def test_what_is_wrong_with_the_whole_and_a_field_of_that_name_are_told_both(manager, a_product):
    answer = manager.patch(f"/api/v1/products/{a_product().pk}/stock", {"non_field_errors": 1})

    assert pointers(answer) == {"/non_field_errors": "unknown_field", "": "one_of"}


def test_a_wrong_query_parameter_is_named_like_a_field(manager):
    assert pointers(manager.get("/api/v1/customers?is_active=maybe&created_after=soon")) == {
        "/is_active": "invalid",
        "/created_after": "invalid",
    }


# ── Bodies of nothing but mistakes ────────────────────────────────────────────────────────────────────────────


def unknown_fields(count):
    return {f"{number:x}z": 0 for number in range(count)}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/v1/auth/jwt/login", unknown_fields(80_000)),
        ("/api/v1/customers", {"name": "Ana", "address": unknown_fields(80_000)}),
        ("/api/v1/orders", {"customer_id": 1, "items": [unknown_fields(400)] * 200}),
    ],
    ids=["fields", "fields of an object", "fields of the items of a list"],
)
def test_of_a_hostile_body_a_thousand_mistakes_are_told_and_no_more_are_made(manager, path, body):
    manager.post(path, {})
    text = json.dumps(body)

    tracemalloc.start()
    answer = manager.generic("POST", path, text, content_type="application/json")
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(pointers(answer)) == 1000
    assert answer.json()["errors_capped"] is True
    assert peak < 40_000_000  # bytes; three times as much if each mistake is made


@pytest.mark.parametrize(("count", "capped"), [(1000, None), (1001, True)])
def test_that_there_are_more_mistakes_is_told(manager, count, capped):
    answer = manager.post("/api/v1/customers", {"name": "Ana", **unknown_fields(count)})

    assert len(pointers(answer)) == 1000
    assert answer.json().get("errors_capped") == capped


def test_each_item_with_an_unknown_field_is_wrong_however_many_there_are():
    given = OrderInput(data={"customer_id": 1, "items": [unknown_fields(1000), *[{"more": 1}] * 5]})

    assert not given.is_valid()
    assert [given.errors["items"][index]["more"] for index in range(1, 6)] == [[UNKNOWN]] * 5


LONG = b"k" * 90_000


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b'{"name": "Ana", "name": "Bia"}', "The name “name” stands twice in one object."),
        (b'{"a": [{"x": 1, "y": 2, "x": 3}]}', "The name “x” stands twice in one object."),
        (b'{"%s": 1, "%s": 1}', "The name “%s” stands twice in one object."),
        (b'{"%b": 1, "%b": 1}' % (LONG, LONG), f"The name “{'k' * 50}” stands twice in one object."),
        ('{"name": "Conceição"}'.encode("latin-1"), "The body is not in UTF-8, as JSON is."),
        (b"{'name': 'Ana'}", "The body is not valid JSON."),
    ],
    ids=["doubled", "doubled within", "a format", "a long one", "Latin-1", "no JSON"],
)  # fmt: skip
def test_it_is_told_what_is_wrong_with_a_body(manager, body, told):
    answer = manager.generic(
        "POST", "/api/v1/customers", body, content_type="application/json", headers={"Accept-Language": "en"}
    )

    assert [error["detail"] for error in answer.json()["errors"]] == [told]


def test_a_doubled_name_among_a_hundred_thousand_is_found_at_once(manager):
    names = ",".join(f'"{number}":1' for number in range(90_000))
    began = time.process_time()

    answer = manager.generic("POST", "/api/v1/customers", f'{{{names},"89999":1}}', content_type="application/json")

    assert pointers(answer) == {"": "parse_error"}
    assert time.process_time() - began < 2
