"""JWT: short-lived access, refresh tokens that work once, and signing out."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.authentication.models import SignIn
from tests.authentication.signing import claims_of, signed
from tests.conftest import PASSWORD
from tests.problems import pointers, refusal

LOGIN, LOGOUT = "/api/v1/auth/jwt/login", "/api/v1/auth/jwt/logout"
NOT_VALID = (401, "token_not_valid")


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
    expired = signed({**claims_of(pair["access"]), "exp": int(time.time()) - 60})

    answer = anyone.post(LOGOUT, {"refresh": pair["refresh"]}, headers={"Authorization": f"Bearer {expired}"})

    assert answer.status_code == 204


def test_a_machine_whose_clock_is_ahead_signs_tokens_that_the_others_take(a_user, sign_in, me):
    claims = claims_of(sign_in(a_user())["access"])

    assert me(signed({**claims, "iat": int(time.time()) + 5})).status_code == 200
    assert refusal(me(signed({**claims, "iat": int(time.time()) + 60}))) == (401, "token_not_valid")


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
