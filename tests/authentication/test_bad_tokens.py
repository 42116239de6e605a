"""Tokens that open nothing: expired, of the wrong kind, forged."""

import time

import jwt
import pytest
from rest_framework_simplejwt.settings import api_settings

from tests.authentication.signing import claims_of, signed
from tests.problems import refusal

LOGIN, LOGOUT = "/api/v1/auth/jwt/login", "/api/v1/auth/jwt/logout"
NOT_VALID = (401, "token_not_valid")
LEEWAY = api_settings.LEEWAY  # seconds that clocks may disagree


def expired_by(seconds):
    """An expiry so long ago that even the slowest clock has come to it."""
    return int(time.time()) - LEEWAY - seconds


def test_an_expired_access_token_is_refused(a_user, sign_in, me):
    claims = claims_of(sign_in(a_user())["access"])

    assert refusal(me(signed({**claims, "exp": expired_by(1)}))) == NOT_VALID


def test_a_token_that_was_good_a_moment_ago_is_refused_once_it_expires(a_user, sign_in, me):
    until = int(time.time()) + 2
    token = signed({**claims_of(sign_in(a_user())["access"]), "exp": until - LEEWAY})

    before = me(token).status_code
    time.sleep(until - time.time() + 0.05)

    assert before == 200
    assert refusal(me(token)) == NOT_VALID


def test_an_expired_refresh_token_is_refused(a_user, sign_in, refresh):
    claims = claims_of(sign_in(a_user())["refresh"])

    assert refusal(refresh(signed({**claims, "exp": expired_by(1)}))) == NOT_VALID


def test_a_refresh_token_does_not_open_the_api(a_user, sign_in, me):
    assert refusal(me(sign_in(a_user())["refresh"])) == NOT_VALID


def test_an_access_token_cannot_be_refreshed(a_user, sign_in, refresh):
    assert refusal(refresh(sign_in(a_user())["access"])) == NOT_VALID


def test_an_access_token_cannot_sign_out(anyone, a_user, sign_in, me):
    access = sign_in(a_user())["access"]

    assert refusal(anyone.post(LOGOUT, {"refresh": access})) == NOT_VALID
    assert me(access).status_code == 200


FORGERIES = {
    "alg none": lambda claims: jwt.encode(claims, "", algorithm="none"),
    "another key": lambda claims: signed(claims, key="somebody-else's-key-of-thirty-two-characters"),
    "an empty key": lambda claims: signed(claims, key="\0" * 32),
    "another algorithm": lambda claims: signed(claims, algorithm="HS512"),
    "no signature": lambda claims: signed(claims).rpartition(".")[0] + ".",
    "no sign-in": lambda claims: signed({name: claims[name] for name in claims if name != "sid"}),
    "no seal": lambda claims: signed({name: claims[name] for name in claims if name != "seal"}),
    "no expiry": lambda claims: signed({name: claims[name] for name in claims if name != "exp"}),
    "an expiry beyond the calendar": lambda claims: signed({**claims, "exp": 10**18}),
    "an expiry beyond all numbers": lambda claims: signed({**claims, "exp": 10**30}),
    "an unknown sign-in": lambda claims: signed({**claims, "sid": claims["sid"] + 999}),
    "a sign-in that is no number": lambda claims: signed({**claims, "sid": "x"}),
    "a sign-in that is a list": lambda claims: signed({**claims, "sid": [1]}),
    "a sign-in beyond the largest": lambda claims: signed({**claims, "sid": 2**80}),
    "a seal that is no text": lambda claims: signed({**claims, "seal": 7}),
    "a seal that is not ASCII": lambda claims: signed({**claims, "seal": "ç" * 32}),
    "another seal": lambda claims: signed({**claims, "seal": "0" * 32}),
    "garbage": lambda claims: "garbage",
    "garbage in three parts": lambda claims: "a.b.c",
    "half a token": lambda claims: signed(claims)[:40],
}


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
def test_a_forged_access_token_is_refused(a_user, sign_in, me, forgery):
    claims = claims_of(sign_in(a_user())["access"])

    answer = me(forgery(claims))

    assert refusal(answer) == NOT_VALID
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
def test_a_forged_refresh_token_is_refused(a_user, sign_in, refresh, forgery):
    claims = claims_of(sign_in(a_user())["refresh"])

    assert refusal(refresh(forgery(claims))) == NOT_VALID


@pytest.mark.parametrize("forgery", sorted(FORGERIES.keys() - {"another seal", "a seal that is not ASCII"}))
def test_a_forged_refresh_token_signs_nobody_out(anyone, a_user, sign_in, me, forgery):
    """The seal ties a token to the password: with an old one, too, one may leave."""
    pair = sign_in(a_user())

    assert refusal(anyone.post(LOGOUT, {"refresh": FORGERIES[forgery](claims_of(pair["refresh"]))})) == NOT_VALID
    assert me(pair["access"]).status_code == 200


def test_a_token_of_one_person_signed_for_another_sign_in_is_refused(a_user, sign_in, me):
    mine, theirs = claims_of(sign_in(a_user())["access"]), claims_of(sign_in(a_user("Admin"))["access"])

    assert refusal(me(signed({**mine, "sid": theirs["sid"]}))) == NOT_VALID


@pytest.mark.parametrize("header", ["", "Bearer", "Basic bWFyaWE6eA==", "Token abc"])
def test_without_a_bearer_token_nobody_is_signed_in(anyone, header):
    answer = anyone.get("/api/v1/auth/me", headers={"Authorization": header})

    assert answer.status_code == 401
    assert answer.json()["code"] in {"not_authenticated", "token_not_valid"}
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_without_credentials_the_code_is_not_authenticated(anyone):
    assert refusal(anyone.get("/api/v1/auth/me")) == (401, "not_authenticated")
