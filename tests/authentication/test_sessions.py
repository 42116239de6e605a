"""Session cookies: who may use them, what proves it, and what ends them."""

import pytest
from django.contrib.sessions.models import Session
from rest_framework.test import APIClient

from apps.customers.models import Customer
from tests.conftest import PASSWORD
from tests.problems import pointers, refusal

LOGIN, LOGOUT, ME = "/api/v1/auth/session/login", "/api/v1/auth/session/logout", "/api/v1/auth/me"


@pytest.fixture
def browser(db) -> APIClient:
    """A browser that has not signed in, and is held to CSRF as real ones are."""
    browser = APIClient(enforce_csrf_checks=True, raise_request_exception=False)
    browser.default_format = "json"
    return browser


def test_signing_in_answers_the_user_and_a_csrf_token_with_the_cookies(browser, a_user):
    user = a_user("Operator")

    answer = browser.post(LOGIN, {"username": user.username, "password": PASSWORD})

    assert answer.status_code == 200
    assert sorted(answer.json()) == ["csrf_token", "user"]
    assert answer.json()["user"]["id"] == user.pk
    assert set(answer.cookies) == {"sessionid", "csrftoken"}


@pytest.mark.parametrize("name", ["Maria", "MARIA", "Maria@Example.com"])
def test_sessions_too_take_username_or_e_mail_in_any_case(browser, a_user, name):
    a_user("Operator", username="maria", email="maria@example.com")

    assert browser.post(LOGIN, {"username": name, "password": PASSWORD}).status_code == 200


def test_a_wrong_password_opens_no_session(browser, a_user):
    user = a_user("Operator")

    answer = browser.post(LOGIN, {"username": user.username, "password": "not-this-one"})

    assert refusal(answer) == (401, "authentication_failed")
    assert not Session.objects.exists()


def test_a_session_reads_without_a_csrf_token(session_of, a_user):
    user = a_user("Operator")

    answer = session_of(user, sending_csrf=False).get(ME)

    assert (answer.status_code, answer.json()["id"]) == (200, user.pk)


def test_a_session_writes_with_its_csrf_token(session_of, a_user):
    answer = session_of(a_user("Manager")).post("/api/v1/customers", {"name": "Ana"})

    assert answer.status_code == 201


def test_a_session_without_its_csrf_token_writes_nothing(session_of, a_user):
    answer = session_of(a_user("Manager"), sending_csrf=False).post("/api/v1/customers", {"name": "Ana"})

    assert refusal(answer) == (403, "csrf_failed")
    assert not Customer.objects.exists()


def test_a_made_up_csrf_token_writes_nothing(session_of, a_user):
    browser = session_of(a_user("Manager"), sending_csrf=False)

    answer = browser.post("/api/v1/customers", {"name": "Ana"}, headers={"X-CSRFToken": "x" * 64})

    assert refusal(answer) == (403, "csrf_failed")
    assert not Customer.objects.exists()


def test_a_page_of_another_origin_writes_nothing_even_with_the_token(session_of, a_user):
    browser = session_of(a_user("Manager"))

    answer = browser.post("/api/v1/customers", {"name": "Ana"}, headers={"Origin": "https://evil.example"})

    assert refusal(answer) == (403, "csrf_failed")
    assert not Customer.objects.exists()


UNREADABLE = {
    "no JSON": ("{", "application/json", 400, "validation_error"),
    "a name twice": ('{"name": "Ana", "name": "Bia"}', "application/json", 400, "validation_error"),
    "text": ("name=Ana", "text/plain", 415, "unsupported_media_type"),
    "a form": ("name=Ana", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
    "parts": ("--x--", "multipart/form-data; boundary=x", 415, "unsupported_media_type"),
    "too much": ('{"name": "%s"}' % ("x" * 1_100_000), "application/json", 413, "payload_too_large"),
}


@pytest.mark.parametrize(("body", "kind", "status", "code"), UNREADABLE.values(), ids=UNREADABLE)
def test_with_its_csrf_token_a_session_is_told_what_is_wrong_with_its_body(
    session_of, a_user, body, kind, status, code
):
    answer = session_of(a_user("Manager")).post("/api/v1/customers", body, content_type=kind)

    assert refusal(answer) == (status, code)


@pytest.mark.parametrize(("body", "kind", "_status", "_code"), UNREADABLE.values(), ids=UNREADABLE)
def test_without_one_nobody_looks_at_the_body(session_of, a_user, body, kind, _status, _code):
    answer = session_of(a_user("Manager"), sending_csrf=False).post("/api/v1/customers", body, content_type=kind)

    assert refusal(answer) == (403, "csrf_failed")


def test_a_token_in_a_form_is_none(session_of, a_user):
    browser = session_of(a_user("Manager"), sending_csrf=False)
    form = f"csrfmiddlewaretoken={browser.cookies['csrftoken'].value}"

    answer = browser.post("/api/v1/customers", form, content_type="application/x-www-form-urlencoded")

    assert refusal(answer) == (403, "csrf_failed")


@pytest.mark.parametrize("method", ["post", "patch", "delete"])
def test_every_unsafe_method_needs_the_csrf_token(session_of, a_user, method):
    browser = session_of(a_user("Admin"), sending_csrf=False)

    assert refusal(getattr(browser, method)("/api/v1/customers/1")) == (403, "csrf_failed")


def test_a_bearer_token_needs_no_csrf_token(browser, a_user, sign_in):
    access = sign_in(a_user("Manager"))["access"]

    answer = browser.post("/api/v1/customers", {"name": "Ana"}, headers={"Authorization": f"Bearer {access}"})

    assert answer.status_code == 201


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "https://testserver",
        "http://testserver:81",
        "http://testserver.evil",
        "http://[",  # No address that could be taken apart.
        "http://[x]",
        "",
    ],
)
def test_a_foreign_origin_is_refused_at_sign_in(browser, a_user, origin):
    user = a_user("Operator")

    answer = browser.post(LOGIN, {"username": user.username, "password": PASSWORD}, headers={"Origin": origin})

    assert refusal(answer) == (403, "csrf_failed")
    assert not Session.objects.exists()
    assert not answer.cookies


def test_the_own_origin_may_sign_in(browser, a_user):
    user = a_user("Operator")

    answer = browser.post(
        LOGIN, {"username": user.username, "password": PASSWORD}, headers={"Origin": "http://testserver"}
    )

    assert answer.status_code == 200


def test_the_origin_that_browsers_know_the_server_by_may_sign_in(browser, a_user, settings):
    settings.CSRF_TRUSTED_ORIGINS = ["https://desk.example"]
    user = a_user("Operator")

    answer = browser.post(
        LOGIN, {"username": user.username, "password": PASSWORD}, headers={"Origin": "https://desk.example"}
    )

    assert answer.status_code == 200


def test_an_old_session_does_not_stand_in_the_way_of_signing_in(session_of, a_user):
    browser, other = session_of(a_user("Operator"), sending_csrf=False), a_user("Viewer")

    answer = browser.post(LOGIN, {"username": other.username, "password": PASSWORD})

    assert (answer.status_code, browser.get(ME).json()["id"]) == (200, other.pk)


def test_signing_in_changes_the_key_of_a_planted_session(browser, a_user):
    user = a_user("Operator")
    planted = browser.session
    planted["planted"] = True
    planted.save()
    browser.cookies["sessionid"] = planted.session_key

    browser.post(LOGIN, {"username": user.username, "password": PASSWORD})

    assert browser.cookies["sessionid"].value != planted.session_key
    assert not Session.objects.filter(session_key=planted.session_key).exists()


def test_signing_in_as_somebody_else_leaves_nothing_of_the_first_session(session_of, a_user):
    browser, other = session_of(a_user("Operator"), sending_csrf=False), a_user("Viewer")
    first = browser.cookies["sessionid"].value

    browser.post(LOGIN, {"username": other.username, "password": PASSWORD})

    assert not Session.objects.filter(session_key=first).exists()


def test_signing_in_changes_the_csrf_token(session_of, a_user):
    user = a_user("Operator")
    browser = session_of(user, sending_csrf=False)
    before = browser.cookies["csrftoken"].value

    browser.post(LOGIN, {"username": user.username, "password": PASSWORD})

    assert browser.cookies["csrftoken"].value != before


def test_scripts_cannot_read_the_session_cookie_and_other_sites_cannot_send_it(browser, a_user, settings):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    user = a_user("Operator")

    cookies = browser.post(LOGIN, {"username": user.username, "password": PASSWORD}).cookies

    session, csrf = cookies["sessionid"], cookies["csrftoken"]
    assert (session["httponly"], session["samesite"], session["secure"]) == (True, "Lax", True)
    assert (csrf["samesite"], csrf["secure"]) == ("Lax", True)


def test_signing_out_ends_the_session(session_of, a_user):
    browser = session_of(a_user("Operator"))
    cookie = browser.cookies["sessionid"].value

    answer = browser.post(LOGOUT)

    assert (answer.status_code, answer.content) == (204, b"")
    browser.cookies["sessionid"] = cookie
    assert refusal(browser.get(ME)) == (401, "not_authenticated")


def test_signing_out_needs_the_csrf_token(session_of, a_user):
    browser = session_of(a_user("Operator"), sending_csrf=False)

    assert refusal(browser.post(LOGOUT)) == (403, "csrf_failed")
    assert browser.get(ME).status_code == 200


def test_signing_out_takes_no_fields(session_of, a_user):
    browser = session_of(a_user("Operator"))

    assert pointers(browser.post(LOGOUT, {"everywhere": True})) == {"/everywhere": "unknown_field"}
    assert browser.get(ME).status_code == 200


def test_who_is_not_signed_in_cannot_sign_out(browser):
    assert refusal(browser.post(LOGOUT)) == (401, "not_authenticated")


def test_a_made_up_session_cookie_is_nobody(browser):
    browser.cookies["sessionid"] = "x" * 32

    assert refusal(browser.get(ME)) == (401, "not_authenticated")


def test_deactivation_kills_sessions_at_the_next_request(session_of, api_as, a_user):
    user = a_user("Operator")
    browser = session_of(user)

    api_as("Manager").patch(f"/api/v1/users/{user.pk}", {"is_active": False})

    assert refusal(browser.get(ME)) == (401, "not_authenticated")


def test_reactivation_does_not_revive_the_sessions_of_before(session_of, api_as, a_user):
    user, manager = a_user("Operator"), api_as("Manager")
    browser = session_of(user)
    manager.patch(f"/api/v1/users/{user.pk}", {"is_active": False})

    manager.patch(f"/api/v1/users/{user.pk}", {"is_active": True})

    assert refusal(browser.get(ME)) == (401, "not_authenticated")


def test_changing_the_password_kills_all_sessions_of_that_person(session_of, a_user):
    user = a_user("Operator")
    here, there = session_of(user), session_of(user)

    answer = here.post(
        "/api/v1/auth/me/password", {"current_password": PASSWORD, "new_password": "quite-another-pass-phrase"}
    )

    assert answer.status_code == 204
    assert refusal(here.get(ME)) == (401, "not_authenticated")
    assert refusal(there.get(ME)) == (401, "not_authenticated")


def test_changing_the_password_by_token_kills_the_sessions_too(session_of, sign_in, anyone, a_user):
    user = a_user("Operator")
    browser, access = session_of(user), sign_in(user)["access"]

    anyone.post(
        "/api/v1/auth/me/password",
        {"current_password": PASSWORD, "new_password": "quite-another-pass-phrase"},
        headers={"Authorization": f"Bearer {access}"},
    )

    assert refusal(browser.get(ME)) == (401, "not_authenticated")
