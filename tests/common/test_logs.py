"""JSON, one object a line, and never what a person would not want to read there."""

import io
import json
import logging
import os
import re
import subprocess
import sys
import time

import pytest
import structlog
from django.contrib.sessions.middleware import SessionMiddleware

from apps.customers import services as customers
from tests.conftest import PASSWORD

DOCUMENTS = ["52998224725", "529.982.247-25", "11222333000181", "11.222.333/0001-81", "12ABC34501DE35"]
PERSONAL = [*DOCUMENTS, "ana.lima@example.com", "+5511987654321"]


@pytest.fixture
def lines():
    """lines(): what has been logged so far, as it is written to the console, parsed."""
    console = logging.getHandlerByName("console")
    assert console is not None
    written = logging.StreamHandler(io.StringIO())
    written.setFormatter(console.formatter)
    logging.getLogger().addHandler(written)
    yield lambda: [json.loads(line) for line in written.stream.getvalue().split("\n") if line]
    logging.getLogger().removeHandler(written)


def test_a_request_is_one_line_with_route_and_status_and_whose_it_was(manager, lines):
    manager.get("/api/v1/customers?name=Ana", headers={"X-Request-ID": "mine"})

    [line] = lines()
    assert line | {"milliseconds": 0, "timestamp": ""} == {
        "event": "request",
        "method": "GET",
        "path": "/api/v1/customers",
        "status": 200,
        "milliseconds": 0,
        "user_id": manager.user.pk,
        "request_id": "mine",
        "logger": "request",
        "level": "info",
        "timestamp": "",
    }


def test_a_session_is_told_by_its_user_too(client, a_user, lines):
    user = a_user("Viewer")
    client.force_login(user)

    client.get("/api/v1/auth/me")

    assert lines()[-1]["user_id"] == user.pk


def test_health_checks_and_static_files_are_not_worth_a_line(client, db, lines):
    client.get("/health")
    client.get("/static/nope.js")

    assert lines() == []


def test_times_are_in_utc(client, lines):
    client.get("/nope")

    assert lines()[0]["timestamp"].endswith("Z")


def test_a_day_at_the_desk_leaves_no_personal_data_and_no_secret_in_the_logs(api_as, a_user, lines):
    user, nobody = a_user("Manager", username="rita", email="rita@example.com"), api_as(None)
    login = nobody.post("/api/v1/auth/jwt/login", {"username": "rita@example.com", "password": PASSWORD}).json()
    nobody.post("/api/v1/auth/jwt/login", {"username": "rita@example.com", "password": "a-wrong-password"})
    nobody.post("/api/v1/auth/session/login", {"username": "rita", "password": PASSWORD})
    nobody.get("/api/v1/auth/me", headers={"Authorization": "Bearer eyJhbGciOi.eyJzdWIi.c2lnbmF0dXJl"})
    second = nobody.post("/api/v1/auth/jwt/refresh", {"refresh": login["refresh"]}).json()
    manager = api_as(user)
    person = {"name": "Ana", "document": DOCUMENTS[1], "email": PERSONAL[-2], "phone": "(11) 98765-4321"}
    customer = manager.post("/api/v1/customers", person).json()
    manager.post("/api/v1/customers", person)
    manager.patch(f"/api/v1/customers/{customer['id']}", {"document": DOCUMENTS[3]})
    for query in ("document=529.982.247-25", "email=ana.lima@example.com", "search=529.982.247-25"):
        manager.get(f"/api/v1/customers?{query}")
    manager.get("/api/v1/customers/529.982.247-25")
    manager.get("/api/v1/customers/ana.lima@example.com")
    manager.post("/api/v1/auth/me/password", {"current_password": PASSWORD, "new_password": "another-pass-phrase"})

    written = json.dumps(lines(), ensure_ascii=False)

    secrets = [PASSWORD, "a-wrong-password", "another-pass-phrase", *login.values(), *second.values(), "eyJ"]
    for secret in [*PERSONAL, "rita@example.com", *(secret for secret in secrets if isinstance(secret, str))]:
        assert secret not in written
    assert len(lines()) == 15  # One for each request, and one for the sign-in that failed.


def test_an_exception_with_personal_data_in_its_message_is_logged_without_it(manager, monkeypatch, lines):
    def register_customer(**values):
        raise RuntimeError(f"broken by {' '.join(PERSONAL)} with {PASSWORD!r}")

    monkeypatch.setattr(customers, "register_customer", register_customer)

    manager.post("/api/v1/customers", {"name": "Ana", "document": DOCUMENTS[0]})

    crash, request = lines()
    assert (crash["event"], request["status"]) == ("crash", 500)
    assert "RuntimeError: broken by [redacted]" in crash["exception"]
    assert crash["request_id"] == request["request_id"]
    for secret in PERSONAL:
        assert secret not in json.dumps(crash)


def test_a_crash_outside_the_views_is_logged_with_its_traceback(client, monkeypatch, lines):
    def process_request(self, request):
        raise RuntimeError("the session engine is gone")

    monkeypatch.setattr(SessionMiddleware, "process_request", process_request)

    client.raise_request_exception = False
    client.get("/api/v1/auth/me", headers={"X-Request-ID": "mine"})

    told = [line for line in lines() if "the session engine is gone" in line.get("exception", "")]
    assert [line["request_id"] for line in told] == ["mine"]


def test_a_refusal_is_no_error_and_not_logged_twice(client, lines):
    client.get("/nope")

    assert [line["level"] for line in lines()] == ["info"]


@pytest.mark.parametrize(
    "name", ["password", "new_password", "token", "authorization", "cookie", "document", "email", "phone", "body"]
)
def test_a_value_under_a_telling_name_is_blacked_out(lines, name):
    structlog.get_logger("test").warning("noted", **{name: "whatever it is"})

    assert lines()[0][name] == "[redacted]"


@pytest.mark.parametrize(
    "sentence",
    [
        "the customer 529.982.247-25 called",
        "the customer 52998224725 called",
        "the company 11.222.333/0001-81 called",
        "the company 12ABC34501DE35 called",
        "the company 12.ABC.345/01DE-35 called",
        "ana.lima+erp@sub.example.com called",
        "+5511987654321 called",
        "+55 11 98765-4321 called",
        "+55 (11) 98765-4321 called",
        "+1 (212) 555-0100 called",
        "55 11 3256-0141 called",
        "(11) 98765-4321 called",
        "(011) 98765-4321 called",
        "11 98765 4321 called",
        "11 9 8765-4321 called",
        "(11)32560141 called",
        "1132560141 called",
        "customers/1132560141 called",
        "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl called",
    ],
)
def test_what_a_sentence_lets_slip_is_blacked_out(lines, sentence):
    logging.getLogger("somebody.else").warning("%s", sentence)

    [line] = lines()
    assert re.fullmatch(r"(the customer |the company |Bearer |customers/)?\[redacted\] called", line["event"])


@pytest.mark.parametrize("run", ["-", "a.", "1-", "(11 ", "+1 ", "55 ", "a@", "eyJ", "eyJ.", "-eyJ"])
def test_looking_through_a_long_text_does_not_take_long(lines, run):
    started = time.perf_counter()

    logging.getLogger("somebody.else").warning("%s", run * 25_000)

    assert time.perf_counter() - started < 1  # On an idle machine some hundredths.


@pytest.mark.parametrize(
    "sentence",
    [
        "order/1132 moved at 2026-11-26T06:37:18.123456Z, 2026-11-26 11:32:56, 2026-11-26 03:00:00+00:00",
        "/api/v1/orders/123456789, page 2 of 10000, 1500 of 200000 names, 17.25 ms, 0.1132560141",
        "PED-00011325 for 10.00, 1113256.01, 98765.4321, 3.000.000",
        "5f1c3ae2-1132-4601-8132-113256014155, 550e8400e29b41d4a716446655440000",
        "1764142638 and 1764142638123 seconds and milliseconds",
        "127.0.0.1:3306, 10.11.0.4, line 3256 of 9876, error 1213 (40001), 2025-2026",
    ],
)
def test_ids_times_and_amounts_are_left_as_they_are(lines, sentence):
    logging.getLogger("somebody.else").warning("%s", sentence)

    assert lines()[0]["event"] == sentence


def test_numbers_are_left_as_they_are(lines):
    structlog.get_logger("test").info("noted", user_id=1132560141, of=[52998224725, 1.5], more={"at": 5511987654321})

    assert (
        lines()[0].items() >= {"user_id": 1132560141, "of": [52998224725, 1.5], "more": {"at": 5511987654321}}.items()
    )


class Held:
    def __repr__(self):
        return f"<held: {PERSONAL[-2]}>"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (("by 529.982.247-25", 7), ["by [redacted]", 7]),
        ([["ana.lima@example.com"]], [["[redacted]"]]),
        ({"error": {"of": "+55 11 98765-4321"}}, {"error": {"of": "[redacted]"}}),
        ({"password": "hush", "n": 1}, {"password": "[redacted]", "n": 1}),
        ({"ana.lima@example.com": 3}, {"[redacted]": 3}),
        ({"ana.lima@example.com"}, ["[redacted]"]),
        (b"ana.lima@example.com", "b'[redacted]'"),
        (Held(), "<held: [redacted]>"),
        ([Held()], ["<held: [redacted]>"]),
    ],
)
def test_what_a_value_holds_is_blacked_out_at_any_depth(lines, value, written):
    structlog.get_logger("test").warning("noted", value=value)

    assert lines()[0]["value"] == written


def test_the_lines_of_other_libraries_are_json_too(lines):
    logging.getLogger("somebody.else").error("something %s", "odd")

    [line] = lines()
    assert (line["event"], line["level"], line["logger"]) == ("something odd", "error", "somebody.else")


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ('/api/v1/nope%0a{"event": "request", "status": 200, "user_id": 1}', {}),
        ("/api/v1/nope%0d%0aforged", {}),
        ("/api/v1/nope%00%1b[2Jforged", {}),
        ("/api/v1/nope%e2%80%a8forged%c2%85", {}),
        ("/api/v1/nope", {"X-Request-ID": 'x"}\n{"event": "forged"}'}),
        ("/api/v1/nope", {"Authorization": 'Bearer x\n{"event": "forged"}'}),
        ("/api/v1/nope", {"User-Agent": "x\n{}", "Origin": "x\n{}", "Accept-Language": "x\n{}"}),
    ],
)
def test_nobody_writes_a_line_of_their_own_into_the_log(client, lines, path, headers):
    """What a client sends stands inside one value of one line, whatever it holds."""
    client.get(path, headers=headers)

    [line] = [line for line in lines() if line["logger"] == "request"]
    assert (line["event"], line["status"]) == ("request", 404)
    assert "user_id" not in line or line["user_id"] is None
    assert len(lines()) <= 2  # `lines` has parsed each as one JSON object


@pytest.mark.django_db
def test_a_name_that_signs_in_writes_no_line_of_its_own(client, lines):
    name = 'maria\n{"event": "request", "status": 200}\r\n\x1b[31m'

    client.post("/api/v1/auth/jwt/login", {"username": name, "password": "x"}, content_type="application/json")

    assert {line["event"] for line in lines() if "status" in line} == {"request"}
    assert [line["status"] for line in lines() if "status" in line] == [401]


def test_with_debug_on_a_line_is_written_once_and_as_json():
    tell = (
        "import django, logging; django.setup(); logging.getLogger('django.security.DisallowedHost').error('no host')"
    )
    surroundings = os.environ | {"DEBUG": "true", "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": "backend"}

    told = subprocess.run([sys.executable, "-c", tell], env=surroundings, capture_output=True, text=True, check=True)

    assert [json.loads(line)["event"] for line in told.stderr.splitlines()] == ["no host"]
