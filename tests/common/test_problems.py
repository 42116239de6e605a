"""RFC 9457, everywhere: whatever goes wrong is told in one form, with a code that never changes."""

import json
import re
from urllib.parse import quote

import pytest
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import OperationalError, connection

from apps.common.errors import DomainError, Kind
from apps.common.problems import PLAIN, STATUS
from apps.customers import services as customers
from apps.customers.models import Customer
from tests.problems import pointers, refusal

# The table of the contract.
CONTRACT = {
    "validation_error": 400,
    "idempotency_key_required": 400,
    "not_authenticated": 401,
    "authentication_failed": 401,
    "token_not_valid": 401,
    "permission_denied": 403,
    "csrf_failed": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "payload_too_large": 413,
    "unsupported_media_type": 415,
    "insufficient_stock": 409,
    "invalid_transition": 409,
    "customer_inactive": 409,
    "product_inactive": 409,
    "price_changed": 409,
    "already_exists": 409,
    "customer_has_open_orders": 409,
    "product_has_open_orders": 409,
    "stock_below_reserved": 409,
    "last_admin": 409,
    "precondition_failed": 412,
    "precondition_required": 428,
    "idempotency_key_reused": 422,
    "rate_limited": 429,
    "account_locked": 429,
    "temporarily_unavailable": 503,
}
# What only the admin site can run into.
BESIDE_THE_API = {"group_has_members"}


def every_error(root=DomainError):
    for error in root.__subclasses__():
        yield error
        yield from every_error(error)


ERRORS = sorted({error for error in every_error() if error.__module__.startswith("apps.")}, key=lambda e: e.__name__)


# ── The errors themselves ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_every_error_has_a_code_a_kind_and_a_title(error):
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", error.code)
    assert isinstance(error.kind, Kind)
    assert str(error.title).strip()


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_every_error_becomes_the_status_of_the_contract(error):
    if error.code not in BESIDE_THE_API:
        assert STATUS[error.kind] == CONTRACT[error.code]


def test_every_kind_has_a_status():
    assert set(STATUS) == set(Kind)


def test_every_code_of_the_contract_can_be_told():
    told = {error.code for error in ERRORS} | {code for code, _title, _detail in PLAIN.values()}

    assert set(CONTRACT) <= told


def test_no_two_errors_share_a_code():
    codes = [error.code for error in ERRORS]

    assert sorted(codes) == sorted(set(codes))


def test_what_has_no_error_of_its_own_has_the_status_of_the_contract_too():
    beyond = {"internal_error", "request_timeout", "uri_too_long", "headers_too_large"}
    told = {code: status for status, (code, *_texts) in PLAIN.items()}

    assert beyond <= told.keys()
    assert {code: status for code, status in told.items() if code not in beyond}.items() <= CONTRACT.items()


# ── Every answer of 400 and more ──────────────────────────────────────────────────────────────────────────────


def asks(method, path, data=None, content_type="application/json", role="Manager", **headers):
    def ask(api_as):
        return api_as(role).generic(method, path, data or "", content_type=content_type, headers=headers)

    return ask


EVERY_WAY_TO_BE_REFUSED = {
    "an unrouted URL": (asks("GET", "/nope"), 404, "not_found"),
    "an unrouted URL of the API": (asks("GET", "/api/v1/nope"), 404, "not_found"),
    "a trailing slash": (asks("GET", "/api/v1/customers/"), 404, "not_found"),
    "a static file that is not there": (asks("GET", "/static/nope.js"), 404, "not_found"),
    "a row that is not there": (asks("GET", "/api/v1/customers/999999"), 404, "not_found"),
    "an id beyond the largest": (asks("GET", f"/api/v1/customers/{2**63}"), 404, "not_found"),
    "an id of a thousand digits": (asks("GET", f"/api/v1/customers/{'9' * 1000}"), 404, "not_found"),
    "an id that is no number": (asks("GET", "/api/v1/customers/abc"), 404, "not_found"),
    "a path with NUL": (asks("GET", "/api/v1/customers/%00"), 404, "not_found"),
    "nobody": (asks("GET", "/api/v1/customers", role=None), 401, "not_authenticated"),
    "a bad token": (
        asks("GET", "/api/v1/customers", role=None, Authorization="Bearer x"), 401, "token_not_valid",
    ),
    "a role without the permission": (asks("POST", "/api/v1/customers", "{}", role="Viewer"), 403, "permission_denied"),
    "a method that is not allowed": (asks("PUT", "/api/v1/customers", "{}"), 405, "method_not_allowed"),
    "a method nobody knows": (asks("FROBNICATE", "/api/v1/customers"), 405, "method_not_allowed"),
    "a write to the health check": (asks("POST", "/health", "{}"), 405, "method_not_allowed"),
    "a body that is too large": (
        asks("POST", "/api/v1/customers", json.dumps({"name": "x" * 1_000_000})), 413, "payload_too_large",
    ),
    "a form": (
        asks("POST", "/api/v1/customers", "name=Ana", "application/x-www-form-urlencoded"),
        415,
        "unsupported_media_type",
    ),
    "XML": (asks("POST", "/api/v1/customers", "<name/>", "application/xml"), 415, "unsupported_media_type"),
    "a wrong field": (asks("POST", "/api/v1/customers", '{"name": 7}'), 400, "validation_error"),
    "a wrong filter": (asks("GET", "/api/v1/customers?is_active=maybe"), 400, "validation_error"),
    "another host": (asks("GET", "/api/v1/customers", Host="evil.example"), 400, "validation_error"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("ask", "status", "code"), EVERY_WAY_TO_BE_REFUSED.values(), ids=EVERY_WAY_TO_BE_REFUSED.keys()
)
def test_whatever_is_refused_is_refused_with_a_problem(api_as, db, ask, status, code):
    answer = ask(api_as)

    assert refusal(answer) == (status, code)
    problem = answer.json()
    assert {"type", "title", "status", "detail", "instance", "code", "request_id"} <= set(problem)
    assert problem["status"] == status
    assert problem["type"].endswith(code)
    assert problem["instance"] == quote(answer.wsgi_request.path)
    assert problem["request_id"] == answer.headers["X-Request-ID"]
    assert problem["title"]
    assert problem["detail"]


def test_a_head_request_is_refused_as_the_get_would_be(manager):
    answer = manager.head("/api/v1/customers/999999")

    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")


def test_what_is_not_allowed_is_told_with_what_is(manager):
    assert manager.put("/api/v1/customers", {}).headers["Allow"] == "GET, POST, HEAD, OPTIONS"
    assert manager.post("/health").headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", ["/docs", "/docs?script=1", "/redoc", "/api/schema", "/health"])
@pytest.mark.parametrize("accept", ["*/*", "text/html", "application/json"])
def test_a_page_is_read_and_nothing_else(client, db, path, accept):
    answer = client.options(path, headers={"Accept": accept})

    assert refusal(answer) == (405, "method_not_allowed")
    assert answer.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "*/*", "application/json;version=9", "nonsense"])
def test_a_client_that_prefers_another_form_gets_this_one(manager, accept):
    answer = manager.get("/api/v1/customers/999999", headers={"Accept": accept})

    assert refusal(answer) == (404, "not_found")


def test_a_client_cannot_ask_for_another_form_in_the_query(manager):
    assert manager.get("/api/v1/customers?format=api").headers["Content-Type"] == "application/json"


# ── Crashes ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def crash(monkeypatch):
    """crash(error): registering a customer raises this."""

    def make(error):
        def register_customer(**_values):
            raise error

        monkeypatch.setattr(customers, "register_customer", register_customer)

    return make


def test_a_crash_is_a_problem_that_tells_nothing_of_the_inside(manager, crash):
    crash(RuntimeError("the secret of the house"))

    answer = manager.post("/api/v1/customers", {"name": "Ana"})

    assert refusal(answer) == (500, "internal_error")
    assert answer.json()["request_id"] == answer.headers["X-Request-ID"]
    assert "secret of the house" not in answer.content.decode()
    assert "Traceback" not in answer.content.decode()


def test_a_crash_is_the_same_problem_with_debug_on(manager, crash, settings):
    settings.DEBUG = True
    crash(RuntimeError("the secret of the house"))

    answer = manager.post("/api/v1/customers", {"name": "Ana"})

    assert refusal(answer) == (500, "internal_error")
    assert "secret of the house" not in answer.content.decode()


def test_a_crash_outside_the_views_is_a_problem_too(manager, monkeypatch):
    def process_request(self, request):
        raise RuntimeError("the session engine is gone")

    monkeypatch.setattr(SessionMiddleware, "process_request", process_request)

    assert refusal(manager.get("/api/v1/auth/me")) == (500, "internal_error")


DATABASE_AWAY = {
    "sqlite": "unable to open database file",
    "mysql": (2006, "Server has gone away"),
    "postgresql": "the connection is closed",
}


def test_a_database_that_is_away_is_unavailable_and_tells_when_to_come_back(manager, crash):
    reason = DATABASE_AWAY[connection.vendor]
    crash(OperationalError(*reason) if isinstance(reason, tuple) else OperationalError(reason))

    answer = manager.post("/api/v1/customers", {"name": "Ana"})

    assert refusal(answer) == (503, "temporarily_unavailable")
    assert int(answer.headers["Retry-After"]) >= 1


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


@pytest.mark.parametrize("name", ["", "~", "a b", "ação", "\ud800", "\0", "x" * 10_000], ids=ascii)
def test_an_unknown_field_is_told_whatever_its_name(manager, name):
    raw = json.dumps({"name": "Ana", name: 1})

    answer = manager.generic("POST", "/api/v1/customers", raw, content_type="application/json")

    assert list(pointers(answer).values()) == ["unknown_field"]


def test_a_wrong_query_parameter_is_named_like_a_field(manager):
    assert pointers(manager.get("/api/v1/customers?is_active=maybe&created_after=soon")) == {
        "/is_active": "invalid",
        "/created_after": "invalid",
    }


# ── Texts ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("language", ["en", "pt-BR", "en-US,en;q=0.9", "es", "*", "", "x" * 500])
def test_the_code_is_the_same_in_every_language(manager, language):
    answer = manager.get("/api/v1/customers/999999", headers={"Accept-Language": language})

    assert refusal(answer) == (404, "not_found")


@pytest.mark.parametrize("language", ["en", "en-US,en;q=0.9", "en-GB"])
def test_who_reads_english_is_answered_in_english(manager, language):
    answer = manager.get("/api/v1/customers/999999", headers={"Accept-Language": language})

    assert answer.json()["title"] == "Not found."
    assert answer.headers["Content-Language"] == "en"


@pytest.mark.parametrize("headers", [{}, {"Accept-Language": "pt-BR"}, {"Accept-Language": "es"}], ids=str)
def test_everybody_else_is_answered_in_portuguese(manager, headers):
    answer = manager.get("/api/v1/customers/999999", headers=headers)

    assert answer.json()["title"] == "Não encontrado."
    assert answer.headers["Content-Language"] == "pt-br"


def test_field_errors_follow_the_language_too(manager):
    def told(language):
        answer = manager.post("/api/v1/customers", {}, headers={"Accept-Language": language})
        return answer.json()["errors"][0]["detail"]

    assert told("en") == "This field is required."
    assert told("pt-BR") == "Este campo é obrigatório."


# ── 401 ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("method", "path", "body", "headers"),
    [
        ("GET", "/api/v1/auth/me", None, {}),
        ("GET", "/api/v1/auth/me", None, {"Authorization": "Bearer x"}),
        ("POST", "/api/v1/auth/jwt/login", {"username": "nobody", "password": "x"}, {}),
        ("POST", "/api/v1/auth/session/login", {"username": "nobody", "password": "x"}, {}),
        ("POST", "/api/v1/auth/jwt/refresh", {"refresh": "x"}, {}),
        ("POST", "/api/v1/auth/jwt/logout", {"refresh": "x"}, {}),
    ],
)
def test_every_401_tells_how_to_sign_in(api_as, db, method, path, body, headers):
    raw = json.dumps(body) if body else ""

    answer = api_as(None).generic(method, path, raw, content_type="application/json", headers=headers)

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer ")


# ── Which refusal answers first: 401, 403, 404, 412/428, 400, 409 ─────────────────────────────────────────────


def test_who_is_not_signed_in_is_told_that_before_anything_else(api_as, db):
    nobody = api_as(None)

    assert refusal(nobody.get("/api/v1/customers/999999")) == (401, "not_authenticated")
    assert refusal(nobody.put("/api/v1/customers", {})) == (401, "not_authenticated")
    raw = nobody.generic("POST", "/api/v1/customers", b"{", content_type="application/json")
    assert refusal(raw) == (401, "not_authenticated")


def test_who_may_not_is_told_that_before_what_is_missing_or_wrong(api_as):
    viewer = api_as("Viewer")

    assert refusal(viewer.patch("/api/v1/customers/999999", {})) == (403, "permission_denied")
    for path in ("/api/v1/customers", "/api/v1/orders", "/api/v1/products"):
        raw = viewer.generic("POST", path, b"{", content_type="application/json")
        assert refusal(raw) == (403, "permission_denied")


def test_what_is_missing_is_told_before_what_is_stale_or_wrong(manager):
    answer = manager.patch("/api/v1/customers/999999", {"name": 7}, headers={"If-Match": '"1-0"'})

    assert refusal(answer) == (404, "not_found")


def test_what_is_stale_is_told_before_what_is_wrong(manager, a_customer):
    answer = manager.patch(f"/api/v1/customers/{a_customer().pk}", {"name": 7}, headers={"If-Match": '"1-0"'})

    assert refusal(answer) == (412, "precondition_failed")


def test_a_missing_if_match_is_told_before_what_is_wrong(manager, a_customer, settings):
    settings.REQUIRE_IF_MATCH = True

    answer = manager.patch(f"/api/v1/customers/{a_customer().pk}", {"name": 7})

    assert refusal(answer) == (428, "precondition_required")


def test_what_is_wrong_is_told_before_what_is_taken(manager, a_customer):
    a_customer(document="52998224725")

    answer = manager.post("/api/v1/customers", {"name": "Ana", "document": "529.982.247-25", "phone": "1"})

    assert list(pointers(answer)) == ["/phone"]


def test_what_is_stale_is_told_before_what_stands_in_the_way(manager, a_customer, a_product, place):
    customer = a_customer()
    place((a_product(), 1), customer=customer)

    answer = manager.delete(f"/api/v1/customers/{customer.pk}", headers={"If-Match": '"1-0"'})

    assert refusal(answer) == (412, "precondition_failed")
