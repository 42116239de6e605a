"""Guessing passwords ends after five failures, through whichever door, and nothing in the request buys a sixth."""

from datetime import timedelta
from unittest.mock import Mock

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from apps.authentication.models import FailedSignIns, SignIn, User
from tests.conftest import PASSWORD
from tests.problems import refusal

TOKENS, SESSION, ADMIN = "/api/v1/auth/jwt/login", "/api/v1/auth/session/login", "/admin/login/"
DOORS = {"tokens": TOKENS, "session": SESSION}
FAILED, LOCKED = (401, "authentication_failed"), (429, "account_locked")


@pytest.fixture
def attempt(anyone):
    """attempt("maria"): a sign-in with a wrong password, unless told otherwise."""

    def make(name, password="not-this-one", door=TOKENS, address="203.0.113.1", **headers):
        body = {"username": name, "password": password}
        return anyone.post(door, body, REMOTE_ADDR=address, headers=headers)

    return make


@pytest.fixture
def admin_attempt(client):
    """admin_attempt("maria"): the same at the admin's sign-in."""

    def make(name, password="not-this-one"):
        return client.post(ADMIN, {"username": name, "password": password}, REMOTE_ADDR="203.0.113.1")

    return make


def time_passes(**delta):
    FailedSignIns.objects.update(last_at=F("last_at") - timedelta(**delta))


@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
@pytest.mark.parametrize("known", [True, False], ids=["a known account", "an unknown account"])
def test_five_failures_are_failures_and_the_sixth_is_locked(attempt, a_user, door, known):
    name = a_user().username if known else "nobody"

    answers = [refusal(attempt(name, door=door)) for _ in range(7)]

    assert answers == [FAILED] * 5 + [LOCKED] * 2


def test_a_locked_answer_tells_when_to_come_back(attempt, a_user):
    user = a_user()
    for _ in range(5):
        attempt(user.username)

    wait = int(attempt(user.username).headers["Retry-After"])

    assert 14 * 60 < wait <= 15 * 60


def test_the_lock_does_not_tell_whether_the_account_exists(attempt, a_user):
    user = a_user()
    for _ in range(5):
        attempt(user.username)
        attempt("nobody")

    known, unknown = attempt(user.username).json(), attempt("nobody").json()

    assert {**known, "request_id": None} == {**unknown, "request_id": None}


@pytest.mark.parametrize(
    ("failing", "then"),
    [
        ("operator", "operator@example.com"),
        ("operator@example.com", "operator"),
        ("operátor@example.com", "operator@example.com"),
        ("ÓPERATOR", "operator"),
        ("operator", "OPERATOR@EXAMPLE.COM"),
    ],
)
def test_no_way_of_writing_a_name_tells_whether_the_account_exists(attempt, a_user, failing, then):
    def answers():
        return [refusal(attempt(name, PASSWORD)) for name in [*[failing] * 5, *[then] * 7, *[failing] * 2]]

    unknown = answers()
    FailedSignIns.objects.all().delete()
    user = a_user(username="operator", email="operator@example.com", password="another-pass-phrase")
    known = answers()

    assert known == unknown
    assert refusal(attempt(user.username, "another-pass-phrase"))[0] in {401, 429}
    assert not SignIn.objects.exists()


def test_a_lock_that_is_not_told_ends_as_the_others_do(attempt, a_user):
    user = a_user()
    for _ in range(5):
        attempt(user.username)
    assert refusal(attempt(user.email, PASSWORD)) == FAILED

    time_passes(minutes=15, seconds=1)

    assert attempt(user.email, PASSWORD).status_code == 200


def test_a_success_starts_the_count_anew_for_every_way_of_writing_the_name(attempt, a_user):
    user = a_user()
    for name in [user.username] * 2 + [user.email] * 2:
        attempt(name)

    attempt(user.email, PASSWORD)

    assert not FailedSignIns.objects.exists()


def test_each_answer_takes_as_many_hashes_and_statements_known_or_not(attempt, a_user, monkeypatch):
    a_user(username="maria")
    a_user(username="rita")
    User.objects.filter(username="rita").update(is_active=False)
    hashed = Mock(side_effect=MD5PasswordHasher().encode)
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda _self, *args: hashed(*args))

    def cost(name):
        hashed.reset_mock()
        with CaptureQueriesContext(connection) as asked:
            attempt(name)
        return hashed.call_count, len(asked)

    costs = {name: [cost(name) for _ in range(7)] for name in ("nobody", "nobody@example.com", "maria", "rita")}

    assert all(each == costs["nobody"] for each in costs.values()), costs
    assert [hashes for hashes, _statements in costs["nobody"]] == [1] * 5 + [0] * 2


@pytest.mark.parametrize(("failing", "locked"), [(TOKENS, SESSION), (SESSION, TOKENS)])
def test_one_door_locks_the_other(attempt, a_user, failing, locked):
    user = a_user()
    for _ in range(5):
        attempt(user.username, door=failing)

    assert refusal(attempt(user.username, PASSWORD, door=locked)) == LOCKED


def test_failures_at_both_doors_count_together(attempt, a_user):
    user = a_user()
    for door in (TOKENS, SESSION, TOKENS, SESSION, TOKENS):
        attempt(user.username, door=door)

    assert refusal(attempt(user.username, PASSWORD)) == LOCKED


def test_the_doors_of_the_api_lock_the_admin(attempt, admin_attempt, a_user):
    user = a_user("Admin")
    for _ in range(5):
        attempt(user.username)

    answer = admin_attempt(user.username, PASSWORD)

    assert refusal(answer) == LOCKED
    assert 14 * 60 < int(answer.headers["Retry-After"]) <= 15 * 60
    assert "sessionid" not in answer.cookies


def test_the_admin_locks_itself_and_the_doors_of_the_api(attempt, admin_attempt, a_user):
    user = a_user("Admin")
    for _ in range(5):
        admin_attempt(user.username)

    assert refusal(admin_attempt(user.username, PASSWORD)) == LOCKED
    assert refusal(attempt(user.username, PASSWORD)) == LOCKED


def test_an_administrator_gets_into_the_admin_while_not_locked(admin_attempt, a_user):
    user = a_user("Admin")
    for _ in range(4):
        admin_attempt(user.username)

    assert admin_attempt(user.username, PASSWORD).status_code == 302


def test_username_and_e_mail_in_any_case_count_together(attempt, a_user):
    a_user(username="maria", email="maria@example.com")
    for name in ("maria", "MARIA", "maria@example.com", "Maria@Example.COM", " Maria "):
        attempt(name)

    assert refusal(attempt("maria", PASSWORD)) == FAILED
    assert refusal(attempt("maria@example.com", PASSWORD)) == FAILED
    assert not SignIn.objects.exists()


def test_the_right_password_does_not_open_a_locked_account(attempt, a_user):
    user = a_user()
    for _ in range(5):
        attempt(user.username)

    assert refusal(attempt(user.username, PASSWORD)) == LOCKED
    assert not SignIn.objects.exists()


def test_another_address_is_not_locked_out(attempt, a_user):
    user = a_user()
    for _ in range(6):
        attempt(user.username)

    assert attempt(user.username, PASSWORD, address="203.0.113.2").status_code == 200


def test_an_ipv6_subscriber_who_varies_the_address_is_locked_out_as_one(attempt, a_user):
    user = a_user()
    for number in range(5):
        attempt(user.username, address=f"2001:db8:1:2::{number}")

    locked = attempt(user.username, PASSWORD, address="2001:db8:1:2:ffff::9")
    assert refusal(locked) == LOCKED
    assert 14 * 60 < int(locked.headers["Retry-After"]) <= 15 * 60
    assert attempt(user.username, PASSWORD, address="2001:db8:1:3::1").status_code == 200


def test_another_account_is_not_locked_out(attempt, a_user):
    user, other = a_user(), a_user()
    for _ in range(6):
        attempt(user.username)

    assert attempt(other.username, PASSWORD).status_code == 200


def test_a_success_starts_the_count_anew(attempt, a_user):
    user = a_user()
    for _ in range(4):
        attempt(user.username)

    attempt(user.username, PASSWORD)

    assert [refusal(attempt(user.username)) for _ in range(6)] == [FAILED] * 5 + [LOCKED]


def test_a_success_of_somebody_else_does_not_start_the_count_anew(attempt, a_user):
    user, other = a_user(), a_user()
    for _ in range(4):
        attempt(user.username)

    attempt(other.username, PASSWORD)

    assert [refusal(attempt(user.username)) for _ in range(2)] == [FAILED, LOCKED]


def test_the_lock_ends_after_fifteen_minutes(attempt, a_user):
    user = a_user()
    for _ in range(5):
        attempt(user.username)

    time_passes(minutes=15, seconds=1)

    assert attempt(user.username, PASSWORD).status_code == 200


def test_trying_during_the_lock_does_not_make_it_longer(attempt, a_user):
    user = a_user()
    for _ in range(5):
        attempt(user.username)
    time_passes(minutes=14, seconds=30)

    attempt(user.username)

    assert int(attempt(user.username).headers["Retry-After"]) <= 30


def test_the_shop_decides_after_how_many_failures(attempt, a_user, settings):
    settings.LOGIN_LOCK_AFTER = 2
    user = a_user()

    assert [refusal(attempt(user.username)) for _ in range(3)] == [FAILED] * 2 + [LOCKED]


def test_the_lock_holds_with_the_address_limit_turned_off(attempt, a_user, settings):
    settings.RATE_LIMIT_ENABLED = False
    user = a_user()

    assert [refusal(attempt(user.username)) for _ in range(6)] == [FAILED] * 5 + [LOCKED]


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Client-IP", "User-Agent"])
def test_a_forged_header_buys_no_sixth_attempt(attempt, a_user, header):
    user = a_user()
    for number in range(5):
        attempt(user.username, **{header: f"198.51.100.{number}"})

    assert refusal(attempt(user.username, PASSWORD, **{header: "198.51.100.9"})) == LOCKED


def test_behind_a_trusted_proxy_clients_are_locked_one_by_one(attempt, a_user, settings):
    settings.TRUSTED_PROXIES = 1
    user = a_user()
    for _ in range(6):
        attempt(user.username, **{"X-Forwarded-For": "198.51.100.1"})

    assert refusal(attempt(user.username, PASSWORD, **{"X-Forwarded-For": "198.51.100.1"})) == LOCKED
    assert attempt(user.username, PASSWORD, **{"X-Forwarded-For": "198.51.100.2"}).status_code == 200


def test_what_a_client_writes_before_the_trusted_proxy_buys_nothing(attempt, a_user, settings):
    settings.TRUSTED_PROXIES = 1
    user = a_user()
    for number in range(5):
        attempt(user.username, **{"X-Forwarded-For": f"192.0.2.{number}, 198.51.100.1"})

    assert refusal(attempt(user.username, PASSWORD, **{"X-Forwarded-For": "192.0.2.9, 198.51.100.1"})) == LOCKED


def test_behind_two_trusted_proxies_the_last_but_one_address_counts(attempt, a_user, settings):
    settings.TRUSTED_PROXIES = 2
    user = a_user()
    for number in range(5):
        attempt(user.username, **{"X-Forwarded-For": f"192.0.2.{number}, 198.51.100.1, 10.0.0.1"})

    locked = attempt(user.username, PASSWORD, **{"X-Forwarded-For": "198.51.100.1, 10.0.0.1"})
    free = attempt(user.username, PASSWORD, **{"X-Forwarded-For": "198.51.100.2, 10.0.0.1"})

    assert refusal(locked) == LOCKED
    assert free.status_code == 200


@pytest.mark.parametrize("claim", ["not-an-address", "", "<script>", "1" * 300])
def test_an_address_that_is_none_falls_back_to_the_connection(attempt, a_user, settings, claim):
    settings.TRUSTED_PROXIES = 1
    user = a_user()
    for _ in range(5):
        attempt(user.username, **{"X-Forwarded-For": claim})

    assert refusal(attempt(user.username, PASSWORD)) == LOCKED


def test_a_refusal_for_other_reasons_is_no_failed_sign_in(anyone, attempt, a_user):
    user = a_user()
    for _ in range(6):
        anyone.post(TOKENS, {"username": user.username}, REMOTE_ADDR="203.0.113.1")

    assert attempt(user.username, PASSWORD).status_code == 200


def test_attempts_keep_neither_the_password_nor_the_body(attempt, admin_attempt, a_user):
    attempt("maria", "typed-in-the-api")
    admin_attempt("rita", "typed-in-the-admin")

    kept = str(list(FailedSignIns.objects.values()))

    assert kept.count("whom") == 4
    assert not any(word in kept for word in ("typed-in", "maria", "rita"))
