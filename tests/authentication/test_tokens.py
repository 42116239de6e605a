"""JWT: short-lived access, refresh tokens that work once, and what ends them."""

import time
from datetime import timedelta

import jwt
import pytest
from django.conf import settings
from django.utils import timezone

from apps.authentication.models import SignIn
from tests.conftest import PASSWORD
from tests.problems import pointers, refusal

LOGIN, LOGOUT = "/api/v1/auth/jwt/login", "/api/v1/auth/jwt/logout"
NOT_VALID = (401, "token_not_valid")
ANOTHER_PASSWORD = "quite-another-pass-phrase"


def claims_of(token):
    return jwt.decode(token, settings.SECRET_KEY, algorithms=["HS256"])


def signed(claims, key=None, algorithm="HS256"):
    return jwt.encode(claims, settings.SECRET_KEY if key is None else key, algorithm=algorithm)


@pytest.mark.parametrize("name", ["Maria", "maria", "MARIA", "maria@example.com", "Maria@Example.COM"])
def test_one_signs_in_by_username_or_e_mail_in_any_case(anyone, a_user, name):
    user = a_user("Operator", username="Maria", email="maria@example.com")

    answer = anyone.post(LOGIN, {"username": name, "password": PASSWORD})

    assert answer.status_code == 200
    assert sorted(answer.json()) == ["access", "refresh", "user"]
    assert answer.json()["user"]["id"] == user.pk


def test_the_access_token_opens_the_api_to_its_owner(a_user, sign_in, me):
    user = a_user("Operator", first_name="Ana", last_name="Lima")

    answer = me(sign_in(user)["access"])

    assert answer.status_code == 200
    assert answer.json() == sign_in(user)["user"]
    assert {name: answer.json()[name] for name in ("id", "username", "email", "first_name", "last_name")} == {
        "id": user.pk,
        "username": user.username,
        "email": user.email,
        "first_name": "Ana",
        "last_name": "Lima",
    }
    assert answer.json()["roles"] == ["Operator"]
    assert answer.json()["permissions"] == ["customers.view_personal_data", "orders.add_order", "orders.move_order"]
    assert answer.json()["is_superuser"] is False


def test_no_answer_tells_a_password_even_hashed(a_user, sign_in, anyone):
    user = a_user("Operator")

    answer = anyone.post(LOGIN, {"username": user.username, "password": PASSWORD})

    assert PASSWORD not in answer.content.decode()
    assert user.password not in answer.content.decode()


def test_a_wrong_password_is_refused_and_starts_nothing(anyone, a_user):
    user = a_user("Operator")

    answer = anyone.post(LOGIN, {"username": user.username, "password": "not-this-one"})

    assert refusal(answer) == (401, "authentication_failed")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert not SignIn.objects.exists()


def test_an_unknown_account_and_a_wrong_password_are_told_apart_by_nothing(anyone, a_user):
    user = a_user("Operator")

    wrong = anyone.post(LOGIN, {"username": user.username, "password": "not-this-one"}).json()
    unknown = anyone.post(LOGIN, {"username": "nobody", "password": "not-this-one"}).json()

    assert {**wrong, "request_id": None} == {**unknown, "request_id": None}


def test_a_dead_token_in_the_header_does_not_stand_in_the_way_of_signing_in(anyone, a_user):
    credentials = {"username": a_user().username, "password": PASSWORD}

    answer = anyone.post(LOGIN, credentials, headers={"Authorization": "Bearer dead"})

    assert answer.status_code == 200


def test_spaces_at_the_ends_belong_to_the_password(anyone, a_user):
    user = a_user(password="  " + PASSWORD)

    assert anyone.post(LOGIN, {"username": user.username, "password": PASSWORD}).status_code == 401
    assert anyone.post(LOGIN, {"username": user.username, "password": "  " + PASSWORD}).status_code == 200


def test_signing_in_without_credentials_names_both_missing_fields(anyone):
    assert pointers(anyone.post(LOGIN, {})) == {"/username": "required", "/password": "required"}


def test_access_lives_fifteen_minutes(a_user, sign_in):
    claims = claims_of(sign_in(a_user())["access"])

    assert claims["exp"] - claims["iat"] == 15 * 60


def test_refreshing_answers_a_new_pair_that_works(a_user, sign_in, refresh, me):
    first = sign_in(a_user())

    answer = refresh(first["refresh"])

    assert answer.status_code == 200
    assert sorted(answer.json()) == ["access", "refresh"]
    assert answer.json()["refresh"] != first["refresh"]
    assert me(answer.json()["access"]).status_code == 200
    assert refresh(answer.json()["refresh"]).status_code == 200


def test_an_access_token_outlives_the_refresh_that_followed_it(a_user, sign_in, refresh, me):
    first = sign_in(a_user())

    refresh(first["refresh"])

    assert me(first["access"]).status_code == 200


def test_a_spent_refresh_token_is_refused(a_user, sign_in, refresh):
    spent = sign_in(a_user())["refresh"]
    refresh(spent)

    assert refusal(refresh(spent)) == NOT_VALID


def test_reuse_kills_the_descendants_of_a_spent_token(a_user, sign_in, refresh):
    spent = sign_in(a_user())["refresh"]
    child = refresh(spent).json()["refresh"]
    grandchild = refresh(child).json()["refresh"]

    refresh(spent)

    assert refusal(refresh(grandchild)) == NOT_VALID


def test_reuse_kills_the_access_tokens_of_the_whole_family(a_user, sign_in, refresh, me):
    first = sign_in(a_user())
    second = refresh(first["refresh"]).json()

    refresh(first["refresh"])

    assert refusal(me(first["access"])) == NOT_VALID
    assert refusal(me(second["access"])) == NOT_VALID


def test_reuse_leaves_another_sign_in_of_the_same_person_alone(a_user, sign_in, refresh, me):
    user = a_user()
    stolen, other = sign_in(user), sign_in(user)
    refresh(stolen["refresh"])

    refresh(stolen["refresh"])

    assert me(other["access"]).status_code == 200
    assert refresh(other["refresh"]).status_code == 200


def test_signing_out_ends_refresh_and_access(anyone, a_user, sign_in, refresh, me):
    pair = sign_in(a_user())

    answer = anyone.post(LOGOUT, {"refresh": pair["refresh"]})

    assert (answer.status_code, answer.content) == (204, b"")
    assert refusal(refresh(pair["refresh"])) == NOT_VALID
    assert refusal(me(pair["access"])) == NOT_VALID


def test_signing_out_leaves_another_sign_in_alone(anyone, a_user, sign_in, me):
    user = a_user()
    here, there = sign_in(user), sign_in(user)

    anyone.post(LOGOUT, {"refresh": here["refresh"]})

    assert me(there["access"]).status_code == 200


def test_signing_out_works_after_the_access_token_expired(anyone, a_user, sign_in):
    pair = sign_in(a_user())
    expired = signed({**claims_of(pair["access"]), "exp": int(time.time()) - 1})

    answer = anyone.post(LOGOUT, {"refresh": pair["refresh"]}, headers={"Authorization": f"Bearer {expired}"})

    assert answer.status_code == 204


def test_signing_out_twice_is_refused_the_second_time(anyone, a_user, sign_in):
    pair = sign_in(a_user())
    anyone.post(LOGOUT, {"refresh": pair["refresh"]})

    assert refusal(anyone.post(LOGOUT, {"refresh": pair["refresh"]})) == NOT_VALID


def test_signing_out_with_a_spent_token_kills_its_descendants(anyone, a_user, sign_in, refresh, me):
    spent = sign_in(a_user())["refresh"]
    child = refresh(spent).json()

    assert refusal(anyone.post(LOGOUT, {"refresh": spent})) == NOT_VALID

    assert refusal(me(child["access"])) == NOT_VALID
    assert refusal(refresh(child["refresh"])) == NOT_VALID


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_case_of_the_scheme_means_nothing(anyone, a_user, sign_in, scheme):
    access = sign_in(a_user())["access"]

    assert anyone.get("/api/v1/auth/me", headers={"Authorization": f"{scheme} {access}"}).status_code == 200


def test_an_expired_access_token_is_refused(a_user, sign_in, me):
    claims = claims_of(sign_in(a_user())["access"])

    assert refusal(me(signed({**claims, "exp": int(time.time()) - 1}))) == NOT_VALID


def test_a_token_that_was_good_a_moment_ago_is_refused_once_it_expires(a_user, sign_in, me):
    until = int(time.time()) + 2
    token = signed({**claims_of(sign_in(a_user())["access"]), "exp": until})

    before = me(token).status_code
    time.sleep(until - time.time() + 0.05)

    assert before == 200
    assert refusal(me(token)) == NOT_VALID


def test_an_expired_refresh_token_is_refused(a_user, sign_in, refresh):
    claims = claims_of(sign_in(a_user())["refresh"])

    assert refusal(refresh(signed({**claims, "exp": int(time.time()) - 1}))) == NOT_VALID


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


def test_signing_in_forgets_the_sign_ins_of_that_person_that_have_expired(a_user, sign_in, me):
    user, other = a_user(), a_user()
    for person in (user, other):
        sign_in(person)
    SignIn.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    live = sign_in(user)["access"]

    sign_in(user)

    assert SignIn.objects.filter(user=user).count() == 2
    assert SignIn.objects.filter(user=other).count() == 1
    assert me(live).status_code == 200


def test_deactivation_kills_tokens_at_the_next_request(api_as, a_user, sign_in, refresh, me):
    user = a_user("Operator")
    pair = sign_in(user)

    changed = api_as("Manager").patch(f"/api/v1/users/{user.pk}", {"is_active": False})

    assert changed.status_code == 200
    assert refusal(me(pair["access"])) == NOT_VALID
    assert refusal(refresh(pair["refresh"])) == NOT_VALID


def test_reactivation_does_not_revive_the_tokens_of_before(api_as, a_user, sign_in, refresh, me):
    user, manager = a_user("Operator"), api_as("Manager")
    pair = sign_in(user)
    manager.patch(f"/api/v1/users/{user.pk}", {"is_active": False})

    manager.patch(f"/api/v1/users/{user.pk}", {"is_active": True})

    assert refusal(me(pair["access"])) == NOT_VALID
    assert refusal(refresh(pair["refresh"])) == NOT_VALID
    assert me(sign_in(user)["access"]).status_code == 200


def test_a_deactivated_person_cannot_sign_in_and_is_not_told_why(api_as, anyone, a_user):
    user = a_user("Operator")
    api_as("Manager").patch(f"/api/v1/users/{user.pk}", {"is_active": False})

    answer = anyone.post(LOGIN, {"username": user.username, "password": PASSWORD})

    assert refusal(answer) == (401, "authentication_failed")
    assert not SignIn.objects.filter(user=user).exists()


def change_password(client, access, current, new):
    body = {"current_password": current, "new_password": new}
    return client.post("/api/v1/auth/me/password", body, headers={"Authorization": f"Bearer {access}"})


def test_changing_the_password_kills_all_tokens_of_that_person(anyone, a_user, sign_in, refresh, me):
    user = a_user()
    here, there = sign_in(user), sign_in(user)

    answer = change_password(anyone, here["access"], PASSWORD, ANOTHER_PASSWORD)

    assert (answer.status_code, answer.content) == (204, b"")
    for pair in (here, there):
        assert refusal(me(pair["access"])) == NOT_VALID
        assert refusal(refresh(pair["refresh"])) == NOT_VALID


def test_after_a_change_only_the_new_password_signs_in(anyone, a_user, sign_in):
    user = a_user()
    change_password(anyone, sign_in(user)["access"], PASSWORD, ANOTHER_PASSWORD)

    assert anyone.post(LOGIN, {"username": user.username, "password": PASSWORD}).status_code == 401
    assert anyone.post(LOGIN, {"username": user.username, "password": ANOTHER_PASSWORD}).status_code == 200


def test_a_password_change_leaves_other_people_alone(anyone, a_user, sign_in, me):
    user, other = a_user(), sign_in(a_user())

    change_password(anyone, sign_in(user)["access"], PASSWORD, ANOTHER_PASSWORD)

    assert me(other["access"]).status_code == 200


def test_a_wrong_current_password_changes_nothing(anyone, a_user, sign_in, me):
    pair = sign_in(a_user())

    answer = change_password(anyone, pair["access"], "not-this-one", ANOTHER_PASSWORD)

    assert pointers(answer) == {"/current_password": "wrong_password"}
    assert me(pair["access"]).status_code == 200


def test_a_weak_new_password_is_named_and_changes_nothing(anyone, a_user, sign_in, me):
    user = a_user()
    pair = sign_in(user)

    answer = change_password(anyone, pair["access"], PASSWORD, "123")

    assert {problem["pointer"] for problem in answer.json()["errors"]} == {"/new_password"}
    assert {problem["code"] for problem in answer.json()["errors"]} == {
        "password_too_short",
        "password_too_common",
        "password_entirely_numeric",
    }
    assert me(pair["access"]).status_code == 200
    assert sign_in(user)


def test_a_wrong_current_and_a_weak_new_password_are_told_at_once(anyone, a_user, sign_in):
    answer = change_password(anyone, sign_in(a_user())["access"], "not-this-one", "short")

    assert {"/current_password", "/new_password"} == set(pointers(answer))
