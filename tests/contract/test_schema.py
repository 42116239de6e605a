"""The OpenAPI document says all there is to say: every operation, answer, refusal and header, and nothing besides."""

import io
import json
import re
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command
from drf_spectacular.drainage import reset_generator_stats
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator
from rest_framework import serializers

from apps.authentication.serializers import (
    MeOutput,
    SessionSignInOutput,
    TokenPairOutput,
    TokenSignInOutput,
    UserOutput,
)
from apps.customers.serializers import CustomerOutput
from apps.dashboard.serializers import DashboardOutput
from apps.orders.serializers import OrderDetailOutput, OrderEventOutput, OrderOutput
from apps.products.serializers import ProductOutput, StockMovementOutput
from tests.asking import order_body, post_order
from tests.conftest import PASSWORD
from tests.contract.routes import every_method

COMMITTED = Path(__file__).resolve().parents[2] / "docs" / "openapi.yaml"
PROBLEM = "application/problem+json"


def written(**how):
    """The document as `make schema` writes it."""
    reset_generator_stats()
    out = io.StringIO()
    call_command("spectacular", lang="en", stdout=out, **how)
    return out.getvalue().rstrip("\n") + "\n"


WRITTEN = written()
DOCUMENT = yaml.load(WRITTEN, Loader=yaml.CSafeLoader)
OPERATIONS = {
    f"{method.upper()} {path.removeprefix('/api/v1/')}": operation
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
}
LISTS = [
    name
    for name in OPERATIONS
    if re.fullmatch(r"GET (users|customers|products|orders|.*/(events|stock-movements))", name)
]
WRITES = [name for name in OPERATIONS if not name.startswith("GET ")]
PUBLIC = {"POST auth/jwt/login", "POST auth/jwt/refresh", "POST auth/jwt/logout", "POST auth/session/login"}
ONE_ROW = [name for name in OPERATIONS if "{id}" in name]
TAGGED = [name for name in ONE_ROW if not name.endswith(("events", "stock-movements")) and "users" not in name]


def resolved(part):
    """What a $ref stands for."""
    if "$ref" not in part:
        return part
    found = DOCUMENT
    for step in part["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return found


def answers_of(name):
    return {int(status): resolved(answer) for status, answer in OPERATIONS[name]["responses"].items()}


def codes_of(name, status):
    examples = answers_of(name)[status]["content"][PROBLEM]["examples"]
    return {example["value"]["code"] for example in examples.values()}


# ── The document ──────────────────────────────────────────────────────────────────────────────────────────────


def test_it_is_written_without_a_warning_and_is_valid():
    assert written(validate=True, fail_on_warn=True) == WRITTEN


def test_it_is_openapi_3_1():
    assert DOCUMENT["openapi"].startswith("3.1")


def test_the_committed_copy_is_what_the_code_writes():
    if not COMMITTED.exists():
        pytest.skip("docs/openapi.yaml has not been written")

    assert COMMITTED.read_text() == WRITTEN


IN_ENGLISH = {"Accept-Language": "en"}


@pytest.mark.parametrize("accept", ["*/*", "application/vnd.oai.openapi", "text/html,*/*;q=0.8", "application/yaml"])
def test_what_is_served_is_what_is_written(client, accept):
    answer = client.get("/api/schema", headers={"Accept": accept, **IN_ENGLISH})

    assert answer.status_code == 200
    assert yaml.load(answer.content, Loader=yaml.CSafeLoader) == DOCUMENT


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("/api/schema", "application/json"),
        ("/api/schema", "application/json;q=0.9"),
        ("/api/schema", "application/vnd.oai.openapi+json"),
        ("/api/schema?format=json", "*/*"),
    ],
)
def test_it_is_served_as_json_to_who_asks_for_json(client, path, accept):
    answer = client.get(path, headers={"Accept": accept, **IN_ENGLISH})

    assert answer.headers["Content-Type"].partition(";")[0].endswith("json")
    assert json.loads(answer.content) == DOCUMENT


@pytest.mark.parametrize(
    "query", ["", "?format=json", "?lang=pt-br", "?lang=nonsense", "?lang=..%2Fx%00", "?version=7", "?cursor=1"]
)
def test_whatever_is_asked_besides_a_document_is_written_once_per_process(client, monkeypatch, query):
    first = client.get(f"/api/schema{query}", headers=IN_ENGLISH)

    monkeypatch.setattr(SchemaGenerator, "get_schema", None)
    again = client.get(f"/api/schema{query}", headers=IN_ENGLISH)

    assert (again.status_code, again.content) == (200, first.content)
    assert again.headers["Content-Type"] == first.headers["Content-Type"]


def test_it_is_written_in_the_language_of_the_reader_or_in_the_one_asked_for(client):
    english, portuguese = (
        client.get("/api/schema", headers={"Accept-Language": language}).content for language in ("en", "pt-BR")
    )

    assert english != portuguese
    assert client.get("/api/schema?lang=en", headers={"Accept-Language": "pt-BR"}).content == english
    assert client.get("/api/schema?lang=pt-br", headers=IN_ENGLISH).content == portuguese


def test_a_form_of_the_document_that_there_is_not_is_answered_with_the_one_there_is(client):
    assert client.get("/api/schema?format=xml").status_code == 200


def test_every_operation_of_the_url_map_is_described_and_no_other():
    routed = {f"{method} {route.replace('<int:pk>', '{id}')}" for method, route, _view in every_method()}

    assert set(OPERATIONS) == routed


def test_every_operation_has_a_summary_a_tag_and_a_name_of_its_own():
    names = [operation["operationId"] for operation in OPERATIONS.values()]

    assert len(names) == len(set(names))
    assert all(operation["summary"] and operation["tags"] for operation in OPERATIONS.values())


# ── What each operation may answer ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_tells_that_it_may_be_limited_or_unavailable(name):
    assert {429, 503} <= set(answers_of(name))
    assert codes_of(name, 429) >= {"rate_limited"}


@pytest.mark.parametrize("name", sorted(set(OPERATIONS) - PUBLIC))
def test_every_operation_that_is_not_public_tells_of_401_and_403(name):
    assert {"not_authenticated", "token_not_valid"} <= codes_of(name, 401)
    assert "permission_denied" in codes_of(name, 403)


@pytest.mark.parametrize("name", sorted(set(WRITES) - PUBLIC))
def test_every_write_tells_that_a_session_has_to_prove_its_origin(name):
    assert "csrf_failed" in codes_of(name, 403)


@pytest.mark.parametrize("name", WRITES)
def test_every_write_tells_how_a_body_may_be_refused(name):
    assert {400, 413, 415} <= set(answers_of(name))


@pytest.mark.parametrize("name", LISTS)
def test_every_list_tells_of_bad_filters_and_of_pages_past_the_end(name):
    assert {200, 400, 404} <= set(answers_of(name))
    parameters = {parameter["name"] for parameter in OPERATIONS[name]["parameters"] if parameter["in"] == "query"}
    assert {"page", "page_size", "cursor", "ordering", "search"} <= parameters


@pytest.mark.parametrize("name", ONE_ROW)
def test_every_operation_on_one_row_tells_that_it_may_be_missing(name):
    assert codes_of(name, 404) == {"not_found"}


@pytest.mark.parametrize("name", [name for name in TAGGED if name in WRITES])
def test_every_write_to_one_row_takes_if_match_and_tells_of_412(name):
    assert codes_of(name, 412) == {"precondition_failed"}
    assert "If-Match" in {parameter["name"] for parameter in OPERATIONS[name]["parameters"]}


@pytest.mark.parametrize("name", ["PATCH customers/{id}", "PATCH products/{id}"])
def test_a_change_may_require_if_match(name):
    assert codes_of(name, 428) == {"precondition_required"}


@pytest.mark.parametrize("name", [name for name in TAGGED if name.startswith("GET ")])
def test_reading_one_row_answers_its_etag_and_304(name):
    assert "ETag" in answers_of(name)[200]["headers"]
    assert 304 in answers_of(name)
    assert "If-None-Match" in {parameter["name"] for parameter in OPERATIONS[name]["parameters"]}


REFUSALS = {
    ("POST auth/jwt/login", 401): {"authentication_failed"},
    ("POST auth/jwt/login", 429): {"rate_limited", "account_locked"},
    ("POST auth/session/login", 401): {"authentication_failed"},
    ("POST auth/session/login", 403): {"csrf_failed"},
    ("POST auth/session/login", 429): {"rate_limited", "account_locked"},
    ("POST auth/jwt/refresh", 401): {"token_not_valid"},
    ("POST auth/jwt/logout", 401): {"token_not_valid"},
    ("POST auth/register", 409): {"already_exists"},
    ("PATCH users/{id}", 409): {"already_exists", "last_admin"},
    ("POST customers", 409): {"already_exists"},
    ("PATCH customers/{id}", 409): {"already_exists"},
    ("DELETE customers/{id}", 409): {"customer_has_open_orders"},
    ("POST products", 409): {"already_exists"},
    ("DELETE products/{id}", 409): {"product_has_open_orders"},
    ("PATCH products/{id}/stock", 409): {"stock_below_reserved"},
    ("POST orders", 400): {"validation_error", "idempotency_key_required"},
    ("POST orders", 409): {"insufficient_stock", "customer_inactive", "product_inactive", "price_changed"},
    ("POST orders", 422): {"idempotency_key_reused"},
    ("POST orders/batch", 400): {"validation_error"},
    ("PATCH orders/{id}/status", 409): {"invalid_transition"},
    ("DELETE orders/{id}", 409): {"invalid_transition"},
    ("GET dashboard", 400): {"validation_error"},
}


@pytest.mark.parametrize(
    ("operation", "codes"),
    REFUSALS.items(),
    ids=lambda value: " ".join(map(str, value)) if isinstance(value, tuple) else "",
)
def test_each_refusal_is_named_where_it_may_happen(operation, codes):
    name, status = operation

    assert codes_of(name, status) - {"not_authenticated"} == codes


def test_no_operation_tells_of_a_conflict_that_it_cannot_have():
    told = {(name, status) for name in OPERATIONS for status in answers_of(name) if status in {409, 422}}

    assert told == {operation for operation in REFUSALS if operation[1] in {409, 422}}


# ── How it answers ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_answer_describes_its_headers(name):
    for status, answer in answers_of(name).items():
        headers = set(answer["headers"])
        assert {"X-Request-ID", "RateLimit-Policy", "RateLimit"} <= headers
        assert ("Retry-After" in headers) == (status in {429, 503})
        assert ("WWW-Authenticate" in headers) == (status == 401)
        assert ("Location" in headers) == (status == 201)
        assert ("Link" in headers) == (name in LISTS and status == 200)


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_refusal_is_a_problem_named_by_its_codes_with_an_example_of_each(name):
    for status, answer in answers_of(name).items():
        if status >= 400:
            assert list(answer["content"]) == [PROBLEM]
            examples = answer["content"][PROBLEM]["examples"]
            assert {example["value"]["status"] for example in examples.values()} == {status}
            assert codes_of(name, status) == set(answer["description"].split(", "))


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_body_has_an_example(name):
    bodies = [answer["content"] for status, answer in answers_of(name).items() if status < 300 and "content" in answer]
    if "requestBody" in OPERATIONS[name]:
        bodies.append(OPERATIONS[name]["requestBody"]["content"])

    for content in bodies:
        assert list(content) == ["application/json"]
        assert content["application/json"]["examples"]


def body_of(name):
    return OPERATIONS[name]["requestBody"]["content"]["application/json"]["schema"]


def test_cancelling_takes_a_reason_and_does_not_ask_for_one():
    assert set(resolved(body_of("DELETE orders/{id}"))["properties"]) == {"reason"}
    assert "required" not in OPERATIONS["DELETE orders/{id}"]["requestBody"]


def test_a_patch_that_is_not_partial_asks_for_what_the_server_asks_for():
    assert resolved(body_of("PATCH orders/{id}/status"))["required"] == ["status"]
    assert OPERATIONS["PATCH orders/{id}/status"]["requestBody"]["required"]
    assert "required" not in resolved(body_of("PATCH customers/{id}"))


def test_stock_is_counted_or_changed_but_not_both():
    assert resolved(body_of("PATCH products/{id}/stock"))["oneOf"] == [
        {"required": ["on_hand"]},
        {"required": ["delta"]},
    ]
    assert OPERATIONS["PATCH products/{id}/stock"]["requestBody"]["required"]


@pytest.mark.parametrize(
    ("name", "field", "most"), [("POST orders", "items", 200), ("POST orders/batch", "orders", 100)]
)
def test_lists_in_bodies_tell_how_long_they_may_be(name, field, most):
    described = resolved(body_of(name))["properties"][field]

    assert (described["minItems"], described["maxItems"]) == (1, most)


def test_an_order_of_a_batch_needs_its_key_inside_and_one_alone_does_not():
    alone = resolved(body_of("POST orders"))
    in_a_batch = resolved(resolved(body_of("POST orders/batch"))["properties"]["orders"]["items"])

    assert in_a_batch["properties"].keys() == alone["properties"].keys()
    assert set(in_a_batch["required"]) - set(alone["required"]) == {"idempotency_key"}


def test_text_of_a_body_that_may_not_be_blank_says_so_and_no_answer_does():
    fields = resolved(body_of("POST products"))["properties"]

    assert fields["sku"]["minLength"] == fields["name"]["minLength"] == 1
    assert "minLength" not in fields["description"]
    assert "minLength" not in DOCUMENT["components"]["schemas"]["ProductOutput"]["properties"]["name"]


def test_an_amount_is_described_with_the_bounds_of_its_field():
    [price_text, price] = resolved(body_of("POST products"))["properties"]["price"]["oneOf"]
    [freight_text, freight] = resolved(body_of("POST orders"))["properties"]["freight"]["oneOf"]

    assert (price["minimum"], price["maximum"]) == (0.01, 9999999999.99)
    assert (freight["minimum"], freight["maximum"]) == (0, 9999999999999.99)
    for text, some, none in ((price_text, "0.01", "0.00"), (price_text, "9" * 10, "9" * 11), (freight_text, "0", "-1")):
        assert re.search(text["pattern"], some)
        assert not re.search(text["pattern"], none)


def test_two_decimals_of_a_number_are_asked_for_in_words_since_validators_reckon_with_floats():
    [_text, price] = resolved(body_of("POST products"))["properties"]["price"]["oneOf"]

    assert "two decimals" in price["description"]
    assert all(Draft202012Validator(price).is_valid(amount) for amount in (19.9, 0.29, 0.01, 9999999999.99))


def described_by(part):
    """What a body is made of: its own schema, and those of the objects in it."""
    if isinstance(part, list):
        return [found for inner in part for found in described_by(inner)]
    if not isinstance(part, dict):
        return []
    part = resolved(part)
    return [part] * (part.get("type") == "object") + [found for inner in part.values() for found in described_by(inner)]


@pytest.mark.parametrize("name", [name for name in WRITES if "requestBody" in OPERATIONS[name]])
def test_no_object_of_a_body_has_fields_that_are_not_described(name):
    assert described_by(body_of(name))
    assert all(part.get("additionalProperties") is False for part in described_by(body_of(name)))


def test_an_answer_may_get_fields_that_are_not_described_yet():
    outputs = [schema for name, schema in DOCUMENT["components"]["schemas"].items() if name.endswith("Output")]

    assert not any(schema.get("additionalProperties") is False for schema in outputs)


# ── What may be asked for ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("asked", ["", "name", "-name", "name,-price", " -name , price ", "sku,name,price,available"])
def test_an_ordering_that_is_taken_is_described(manager, asked):
    assert re.search(ordering_of("GET products")["pattern"], asked)
    assert manager.get("/api/v1/products", {"ordering": asked}).status_code == 200


@pytest.mark.parametrize(
    "asked", ["nope", "--name", "- name", "name,", ",name", "name price", "name,nope", "placed_at"]
)
def test_an_ordering_that_is_refused_is_not_described(manager, asked):
    assert not re.search(ordering_of("GET products")["pattern"], asked)
    assert manager.get("/api/v1/products", {"ordering": asked}).status_code == 400


@pytest.mark.parametrize("name", [name for name in OPERATIONS if name.startswith("GET ")])
def test_every_parameter_of_a_query_says_what_it_does(name):
    asked = [parameter for parameter in OPERATIONS[name].get("parameters", ()) if parameter["in"] == "query"]

    assert [parameter["name"] for parameter in asked if not parameter.get("description")] == []


def test_filters_are_described_in_the_language_of_the_reader(client):
    english, portuguese = (
        client.get("/api/schema?format=json", headers={"Accept-Language": language}).json()["paths"]["/api/v1/products"]
        for language in ("en", "pt-BR")
    )

    for name in ("sku", "name", "is_active", "price_min", "price_max", "low_stock"):
        assert described_filter(english, name) != described_filter(portuguese, name)


def described_filter(operations, name):
    [text] = [found["description"] for found in operations["get"]["parameters"] if found["name"] == name]
    return text


def ordering_of(name):
    [schema] = [found["schema"] for found in OPERATIONS[name]["parameters"] if found["name"] == "ordering"]
    return schema


# ── The schema says what is really answered ───────────────────────────────────────────────────────────────────


def shape(value):
    """The names in a body, or in a serializer that describes one, all the way down."""
    if isinstance(value, serializers.ListSerializer):
        return [shape(value.child)]
    if isinstance(value, serializers.Serializer):
        return {name: shape(field) for name, field in value.fields.items()}
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [shape(value[0])]
    return None


def test_users_are_answered_as_described(manager, api_as, a_user):
    user, nobody = a_user("Operator"), api_as(None)
    body = {"username": user.username, "password": PASSWORD}

    signed_in = nobody.post("/api/v1/auth/jwt/login", body).json()
    session = nobody.post("/api/v1/auth/session/login", body).json()
    pair = nobody.post("/api/v1/auth/jwt/refresh", {"refresh": signed_in["refresh"]}).json()

    assert shape(signed_in) == shape(TokenSignInOutput())
    assert shape(session) == shape(SessionSignInOutput())
    assert shape(pair) == shape(TokenPairOutput())
    assert shape(manager.get("/api/v1/auth/me").json()) == shape(MeOutput())
    assert shape(manager.get(f"/api/v1/users/{user.pk}").json()) == shape(UserOutput())
    assert shape(manager.get("/api/v1/users").json()["results"]) == [shape(UserOutput())]


def test_customers_are_answered_as_described(manager, api_as, a_customer):
    customer = a_customer()

    for client in (manager, api_as("Viewer")):
        assert shape(client.get(f"/api/v1/customers/{customer.pk}").json()) == shape(CustomerOutput())
        assert shape(client.get("/api/v1/customers").json()["results"]) == [shape(CustomerOutput())]


def test_products_and_their_ledger_are_answered_as_described(manager, a_product):
    product = a_product()

    assert shape(manager.get(f"/api/v1/products/{product.pk}").json()) == shape(ProductOutput())
    ledger = manager.get(f"/api/v1/products/{product.pk}/stock-movements").json()
    assert shape(ledger["results"]) == [shape(StockMovementOutput())]


def test_orders_are_answered_as_described(manager, a_customer, a_product):
    placed = post_order(manager, order_body(a_customer(), (a_product(), 1))).json()

    assert shape(placed) == shape(OrderDetailOutput())
    assert shape(manager.get("/api/v1/orders").json()["results"]) == [shape(OrderOutput())]


def test_the_dashboard_is_answered_as_described(manager, a_product, place):
    place((a_product(in_stock=1, low_stock_threshold=1), 1))

    assert shape(manager.get("/api/v1/dashboard").json()) == shape(DashboardOutput())


def test_events_are_answered_as_described(manager, a_product, place):
    order = place((a_product(), 1))

    [described] = [shape(OrderEventOutput())]

    for event in manager.get(f"/api/v1/orders/{order.pk}/events").json()["results"]:
        assert set(event) == set(described)
