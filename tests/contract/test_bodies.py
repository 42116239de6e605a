"""Document and server agree about bodies: what the one allows, the other reads, and what it refuses, the other does.

The server knows more than a document can say (check digits, unknown ids): of that nothing is asked here.
"""

from types import SimpleNamespace
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from apps.authentication import tokens
from tests.asking import a_key
from tests.conftest import PASSWORD
from tests.contract.test_access import url_about
from tests.contract.test_schema import DOCUMENT, OPERATIONS

WITH_BODY = {name for name, operation in OPERATIONS.items() if "requestBody" in operation}
ITEM = {"product_id": "the product", "quantity": 2, "unit_price": "10.00"}
ORDER = {
    "customer_id": "the customer",
    "items": [ITEM],
    "freight": "9.90",
    "notes": "Portaria",
    "idempotency_key": "a-key",
}
ADDRESS = {
    "street": "Rua Augusta", "number": "1500", "complement": None, "district": "", "city": "São Paulo", "state": "SP",
    "postal_code": "01304-001",
}  # fmt: skip
CUSTOMER = {
    "name": "Ana", "document": "529.982.247-25", "email": "ana@example.com", "phone": "(11) 98765-4321",
    "address": ADDRESS, "is_active": True,
}  # fmt: skip
CHANGE = {"name": "Lamp", "description": "", "price": "31.90", "low_stock_threshold": None, "is_active": True}
PRODUCT = {**CHANGE, "sku": "LAMP-1", "on_hand": 5, "low_stock_threshold": 2}
PERSON = {"email": "new@example.com", "first_name": "New", "last_name": "", "roles": ["Viewer"]}
GOOD: dict[str, list[Any]] = {
    "POST auth/jwt/login": [{"username": "maria", "password": PASSWORD}],
    "POST auth/session/login": [{"username": "maria", "password": PASSWORD}],
    "POST auth/jwt/refresh": [{"refresh": "the token"}],
    "POST auth/jwt/logout": [{"refresh": "the token"}],
    "POST auth/me/password": [{"current_password": PASSWORD, "new_password": "another-long-pass-phrase"}],
    "POST auth/register": [{**PERSON, "username": "new", "password": "another-long-pass-phrase"}],
    "PATCH users/{id}": [{**PERSON, "is_active": False}, {}],
    "POST customers": [CUSTOMER, {"name": "Ana"}, {"name": "Ana", "address": None, "email": "", "phone": None}],
    "PATCH customers/{id}": [CUSTOMER, {}, {"address": {"city": "Santos"}}],
    "POST products": [PRODUCT, {"sku": "LAMP-1", "name": "Lamp", "price": 31.9}],
    "PATCH products/{id}": [CHANGE, {}],
    "PATCH products/{id}/stock": [{"on_hand": 7, "reason": ""}, {"delta": -3, "reason": "Broken"}],
    "POST orders": [
        ORDER,
        {"customer_id": "the customer", "items": [{"product_id": "the product", "quantity": 1, "unit_price": None}]},
    ],
    "POST orders/batch": [{"orders": [ORDER]}],
    "PATCH orders/{id}/status": [{"status": "CONFIRMADO", "note": "Pago"}, {"status": "CONFIRMADO", "note": None}],
    "DELETE orders/{id}": [{"reason": "Desistiu"}, {"reason": None}, {}],
}
TAKEN = [(name, body) for name, bodies in GOOD.items() for body in bodies]
MOST = {"items": 200, "orders": 100, "roles": 50}


@pytest.fixture
def agreed(caller, rows, a_user):
    """agreed("POST orders", body): would the document have it? The server has just said the same."""
    maria = a_user("Manager", username="maria")
    client = caller("superuser")
    there_is = {"the customer": rows["customers"], "the product": rows["products"]}

    def ask(name, body):
        method, path = name.split(" ")
        if path == "auth/me/password":
            client.force_authenticate(maria)
        sent = filled_in(body, there_is | {"the token": tokens.start(maria)["refresh"]})
        headers = {} if method != "POST" or sent.get("idempotency_key") is not None else {"Idempotency-Key": a_key()}
        url = url_about(path.replace("{id}", "<int:pk>"), rows)
        answer = getattr(client, method.lower())(url, sent, headers=headers)
        allowed = allows(name, sent)
        assert allowed == read(answer), (name, sent, answer.status_code, answer.content)
        return SimpleNamespace(allowed=allowed, status=answer.status_code)

    return ask


def filled_in(body, there_is):
    """The body, with the rows and the token that there are."""
    if isinstance(body, list):
        return [filled_in(inner, there_is) for inner in body]
    if isinstance(body, dict):
        return {name: filled_in(inner, there_is) for name, inner in body.items()}
    return there_is.get(body, body) if isinstance(body, str) else body


def allows(name, body):
    schema = OPERATIONS[name]["requestBody"]["content"]["application/json"]["schema"]
    return Draft202012Validator({**schema, "components": DOCUMENT["components"]}).is_valid(body)


def read(answer):
    """Did the server understand it? An order of a batch is refused by itself."""
    if answer.status_code == 200 and "results" in answer.json():
        return all(result["status"] != 400 for result in answer.json()["results"])
    return answer.status_code != 400


def altered(body, change):
    """The body with one of its values, at any depth, put through `change`, which yields what may stand instead."""
    yield from change(body)
    parts = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for place, inner in parts:
        for other in altered(inner, change):
            yield {**body, place: other} if isinstance(body, dict) else [*body[:place], other, *body[place + 1 :]]


def with_an_unknown_field(value):
    if isinstance(value, dict):
        yield {**value, "nope": 1}


def with_one_field_less(value):
    if isinstance(value, dict):
        yield from ({name: value[name] for name in value if name != gone} for gone in value)


def with_something_else(value):
    if not isinstance(value, dict | list):
        yield from ("", None, True, {}, [], [1], -1.5)


def test_every_body_that_is_described_is_asked_about():
    assert set(GOOD) == WITH_BODY


@pytest.mark.parametrize(("name", "body"), TAKEN)
def test_a_good_body_is_allowed_and_taken(agreed, name, body):
    outcome = agreed(name, body)

    assert outcome.allowed
    assert outcome.status < 300


@pytest.mark.parametrize(("name", "body"), TAKEN)
def test_an_unknown_field_is_refused_by_both(agreed, name, body):
    assert not any(agreed(name, other).allowed for other in altered(body, with_an_unknown_field))


@pytest.mark.parametrize(("name", "body"), TAKEN)
def test_a_field_may_be_left_out_of_both_or_of_neither(agreed, name, body):
    for other in altered(body, with_one_field_less):
        agreed(name, other)


@pytest.mark.parametrize(("name", "body"), TAKEN)
def test_blank_text_null_and_other_types_are_refused_by_both_or_by_neither(agreed, name, body):
    for other in altered(body, with_something_else):
        agreed(name, other)


@pytest.mark.parametrize(("name", "lists"), [(name, body) for name, body in TAKEN if MOST.keys() & body.keys()])
def test_lists_are_as_long_for_both(agreed, name, lists):
    [(field, most)] = [(field, most) for field, most in MOST.items() if field in lists]

    assert agreed(name, {**lists, field: []}).allowed == (field == "roles")
    assert not agreed(name, {**lists, field: lists[field] * (most + 1)}).allowed


def test_stock_is_counted_or_changed_but_not_both(agreed):
    for body in ({"on_hand": 7, "delta": 1}, {"reason": "Broken"}, {}):
        assert not agreed("PATCH products/{id}/stock", body).allowed


PRICES = (
    "31.90", "31.9", "31", 31, 31.9, 19.9, 0.29, "0.01", 0.01, "007.50", "9999999999.99", 9999999999.99,
)  # fmt: skip
NO_PRICES = (
    "0", "0.00", 0, -1, "-1.00", "-0.01", "1.234", "1e5", "1,50", "31.", ".5", " 1", "10000000000", 10_000_000_000,
    10**20, "9" * 30,
)  # fmt: skip


@pytest.mark.parametrize("amount", PRICES)
def test_a_price_is_a_text_or_a_number_from_a_cent_on(agreed, amount):
    assert agreed("PATCH products/{id}", {"price": amount}).allowed
    assert agreed("POST orders", {**ORDER, "items": [{**ITEM, "unit_price": amount}]}).allowed


@pytest.mark.parametrize("amount", NO_PRICES)
def test_what_is_no_price_is_none_for_either(agreed, amount):
    assert not agreed("PATCH products/{id}", {"price": amount}).allowed
    assert not agreed("POST orders", {**ORDER, "items": [{**ITEM, "unit_price": amount}]}).allowed


def test_freight_may_be_nothing_but_not_less(agreed):
    for amount in ("0", "0.00", 0, 19.9, "9.90", "0000000000000001"):
        assert agreed("POST orders", {**ORDER, "freight": amount}).allowed
    for amount in ("-0.01", -0.01, "10000000000000", 10**13):
        assert not agreed("POST orders", {**ORDER, "freight": amount}).allowed
