"""RFC 9457, everywhere: whatever goes wrong is told in one form, in the language of who asked."""

import json
from urllib.parse import quote

import pytest
from django.test import Client

from tests.problems import refusal

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


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("POST", "/static/administration/desk.css", {}, 405),
        ("GET", "/static/administration/desk.css", {"Range": "bytes=9000000-"}, 416),
        ("GET", "/api/v1/auth/me", {"Host": "elsewhere.example"}, 400),
    ],
)
def test_what_the_outer_layers_refuse_is_a_problem_too(db, settings, method, path, headers, status):
    settings.SECURE_SSL_REDIRECT = status == 400

    for language, title in (("en", "in English"), ("pt-BR", "")):
        answer = Client().generic(method, path, headers={**headers, "Accept-Language": language})

        assert refusal(answer)[0] == status
        assert answer.headers["X-Request-ID"] == answer.json()["request_id"]
        assert status == 416 or ("The" in answer.json()["title"] or "This" in answer.json()["title"]) is bool(title)


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


NOT_ENGLISH = [
    {},
    {"Accept-Language": "pt-BR"},
    {"Accept-Language": "es"},
    {"Accept-Language": "en;q=0"},
    {"Accept-Language": "pt-BR", "Cookie": "django_language=en"},
]


@pytest.mark.parametrize("headers", NOT_ENGLISH, ids=str)
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


@pytest.mark.parametrize(
    ("path", "body", "english", "portuguese"),
    [
        ("customers", {"name": None}, "This field may not be null.", "Este campo não pode ser nulo."),
        ("customers", {"name": ""}, "This field may not be blank.", "Este campo não pode ficar em branco."),
        ("customers", [], "Send a JSON object here.", "Envie aqui um objeto JSON."),
        ("orders", {"items": [], "customer_id": 1}, "This list may not be empty.", "Esta lista não pode ficar vazia."),
        ("orders", {"items": {}, "customer_id": 1}, "Send a JSON list here.", "Envie aqui uma lista JSON."),
        ("orders", {"items": [1.5], "customer_id": 1}, "Send a JSON object here.", "Envie aqui um objeto JSON."),
        ("orders/batch", {"orders": 1}, "Send a JSON list here.", "Envie aqui uma lista JSON."),
    ],
)
def test_what_is_wrong_is_said_right_and_without_names_of_python(manager, path, body, english, portuguese):
    headers = {"Idempotency-Key": "k"} if path == "orders" else {}

    def told(language):
        answer = manager.post(f"/api/v1/{path}", body, headers={**headers, "Accept-Language": language})
        return [error["detail"] for error in answer.json()["errors"]]

    assert english in told("en")
    assert portuguese in told("pt-BR")


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
