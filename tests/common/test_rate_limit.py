"""The limit by address: told in headers, and whom it counts."""

import re
import time

import pytest
from django.http import HttpResponse

from apps.common.addresses import client_address, network
from apps.common.limits import Limit
from apps.common.throttling import RateLimitMiddleware
from tests.problems import refusal

LIMITED = (429, "rate_limited")
ANYWHERE = "/api/v1/auth/me"  # 401 without credentials: as good as any other answer.


def sign_in(client, path="/api/v1/auth/jwt/login", **extra):
    return client.post(path, {"username": "nobody", "password": "x"}, **extra)


# ── What is told ──────────────────────────────────────────────────────────────────────────────────────────────


def test_every_answer_tells_the_limit_and_what_remains_of_it(desk):
    client = desk("3/minute")

    told = [client.get(ANYWHERE).headers for _ in range(3)]

    assert {headers["RateLimit-Policy"] for headers in told} == {'"default";q=3;w=60'}
    assert [headers["RateLimit"] for headers in told] == [f'"default";r={left};t=60' for left in (2, 1, 0)]


def test_an_answer_that_is_not_found_tells_the_limit_too(desk):
    assert desk("3/minute").get("/api/v1/nope").headers["RateLimit"] == '"default";r=2;t=60'


def test_one_request_too_many_is_refused_with_a_problem_and_the_time_to_wait(desk):
    client = desk("3/minute")
    for _ in range(3):
        client.get(ANYWHERE)

    answer = client.get(ANYWHERE)

    assert refusal(answer) == LIMITED
    assert answer.headers["RateLimit-Policy"] == '"default";q=3;w=60'
    assert re.fullmatch(r'"default";r=0;t=(60|59|58)', answer.headers["RateLimit"])
    assert answer.headers["Retry-After"] == answer.headers["RateLimit"].rpartition("=")[2]
    assert (answer.json()["limit"], answer.json()["window"]) == (3, 60)


def test_the_limit_answers_before_anything_else_is_looked_at(desk):
    client = desk("1/minute")
    client.get(ANYWHERE)

    assert refusal(client.get("/api/v1/nope")) == LIMITED
    assert refusal(client.put("/api/v1/customers", {})) == LIMITED
    assert refusal(client.post("/api/v1/customers", {}, headers={"Authorization": "Bearer x"})) == LIMITED


def test_what_is_refused_still_carries_the_request_id(desk):
    client = desk("1/minute")
    client.get(ANYWHERE)

    answer = client.get(ANYWHERE, headers={"X-Request-ID": "mine"})

    assert answer.headers["X-Request-ID"] == answer.json()["request_id"] == "mine"


def test_when_the_window_ends_the_count_starts_anew(desk):
    client = desk("2/second")
    assert [client.get(ANYWHERE).status_code for _ in range(3)] == [401, 401, 429]

    time.sleep(1.05)

    assert client.get(ANYWHERE).headers["RateLimit"] == '"default";r=1;t=1'


# ── Whom it counts, and what not ──────────────────────────────────────────────────────────────────────────────


def test_signing_in_has_a_stricter_limit_of_its_own(desk):
    client = desk("10/minute", login="2/minute")

    told = [sign_in(client) for _ in range(3)]

    assert [answer.status_code for answer in told] == [401, 401, 429]
    assert {answer.headers["RateLimit-Policy"] for answer in told} == {'"login";q=2;w=60'}
    assert refusal(told[2]) == LIMITED
    assert client.get(ANYWHERE).headers["RateLimit"] == '"default";r=9;t=60'


def test_every_door_counts_on_the_limit_of_signing_in(desk, client):
    api = desk("10/minute", login="5/minute")
    sign_in(api)
    sign_in(api, "/api/v1/auth/session/login")
    api.post("/api/v1/auth/me/password", {"current_password": "x", "new_password": "y"})
    api.post("/admin/login/", {"username": "nobody", "password": "x"}, format="multipart")
    api.post("/admin/password_change/", {"old_password": "x"}, format="multipart")

    assert refusal(sign_in(api)) == LIMITED
    assert refusal(sign_in(api, "/api/v1/auth/session/login")) == LIMITED
    assert refusal(sign_in(api, "/api/v1/auth/me/password")) == LIMITED
    assert refusal(api.post("/admin/login/", {"username": "nobody"}, format="multipart")) == LIMITED
    assert refusal(api.post("/admin/password_change/", {}, format="multipart")) == LIMITED


@pytest.mark.parametrize("path", ["/health", "/docs", "/redoc", "/api/schema", "/static/nope.js", "/nope"])
def test_health_docs_schema_and_static_files_are_exempt(desk, path):
    client = desk("1/minute")
    client.get(ANYWHERE)

    answers = [client.get(path) for _ in range(2)]

    assert {answer.status_code for answer in answers} <= {200, 404}
    assert not any("RateLimit" in answer.headers for answer in answers)


def test_turned_off_nothing_is_limited_and_nothing_told(desk, settings):
    client = desk("1/minute", login="1/minute")
    settings.RATE_LIMIT_ENABLED = False

    answers = [client.get(ANYWHERE) for _ in range(5)] + [sign_in(client) for _ in range(3)]

    assert {answer.status_code for answer in answers} == {401}
    assert not any({"RateLimit", "RateLimit-Policy"} & set(answer.headers) for answer in answers)


def test_addresses_are_counted_one_by_one(desk):
    client = desk("1/minute")
    client.get(ANYWHERE, REMOTE_ADDR="203.0.113.1")

    assert refusal(client.get(ANYWHERE, REMOTE_ADDR="203.0.113.1")) == LIMITED
    assert client.get(ANYWHERE, REMOTE_ADDR="203.0.113.2").status_code == 401


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "True-Client-IP"])
def test_a_forged_address_buys_nothing(desk, header):
    client = desk("1/minute")
    client.get(ANYWHERE, headers={header: "198.51.100.1"})

    assert refusal(client.get(ANYWHERE, headers={header: "198.51.100.2"})) == LIMITED


def test_behind_a_trusted_proxy_its_clients_are_counted_one_by_one(desk, settings):
    settings.TRUSTED_PROXIES = 1
    client = desk("1/minute")
    client.get(ANYWHERE, headers={"X-Forwarded-For": "198.51.100.1"})

    forged = client.get(ANYWHERE, headers={"X-Forwarded-For": "192.0.2.7, 198.51.100.1"})
    another = client.get(ANYWHERE, headers={"X-Forwarded-For": "198.51.100.2"})

    assert refusal(forged) == LIMITED
    assert another.status_code == 401


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, "198.51.100.1", "203.0.113.1"),
        (1, "", "203.0.113.1"),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "192.0.2.7, 198.51.100.1", "198.51.100.1"),
        (1, "2001:db8::7", "2001:db8::7"),
        (1, "garbage", "203.0.113.1"),
        (2, "198.51.100.1", "203.0.113.1"),
        (2, "198.51.100.1,10.0.0.1", "198.51.100.1"),
        (2, "192.0.2.7, 198.51.100.1, 10.0.0.1", "198.51.100.1"),
    ],
)
def test_the_address_is_read_behind_exactly_the_trusted_proxies(rf, settings, proxies, header, address):
    settings.TRUSTED_PROXIES = proxies
    extra = {"headers": {"X-Forwarded-For": header}} if header else {}

    assert client_address(rf.get("/", REMOTE_ADDR="203.0.113.1", **extra)) == address


def test_what_one_subscriber_varies_at_will_counts_as_one():
    assert network("2001:db8:1:2::1") == network("2001:db8:1:2:ffff::9") == "2001:db8:1:2::"
    assert network("2001:db8:1:3::1") != network("2001:db8:1:2::1")
    assert network("::ffff:203.0.113.1") == network("203.0.113.1") == "203.0.113.1"
    assert network("") == "unknown"


# ── How it is written ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "quota", "window"),
    [("600/minute", 600, 60), ("30/second", 30, 1), ("5000/hour", 5000, 3600), ("1/day", 1, 86400)],
)
def test_a_limit_is_written_as_requests_per_period(text, quota, window):
    assert Limit.parse("default", text) == Limit("default", quota, window)


@pytest.mark.parametrize("text", ["", "600", "600/", "/minute", "0/minute", "-1/minute", "x/minute", "6/fortnight"])
def test_a_limit_that_cannot_be_read_stops_the_start(settings, text):
    settings.RATE_LIMIT_DEFAULT = text

    with pytest.raises(ValueError, match="600/minute"):
        RateLimitMiddleware(lambda request: HttpResponse())
