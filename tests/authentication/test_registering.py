"""Registering people."""

import json

import pytest
from django.db import transaction

from apps.authentication import services
from apps.authentication.models import User
from apps.common.errors import AlreadyExists
from tests.authentication.people import REGISTER, a_newcomer, one
from tests.conftest import PASSWORD
from tests.problems import pointers, refusal


def test_a_manager_registers_an_operator_who_can_then_sign_in(manager, anyone):
    body = a_newcomer(username="Rita", email="Rita@Example.com", first_name="Rita", last_name="Lee", roles=["Operator"])

    answer = manager.post(REGISTER, body)

    assert answer.status_code == 201
    user = User.objects.get(username="Rita")
    assert answer.headers["Location"] == one(user)
    assert answer.json() == {
        "id": user.pk,
        "username": "Rita",
        "email": "rita@example.com",
        "first_name": "Rita",
        "last_name": "Lee",
        "roles": ["Operator"],
        "is_active": True,
        "is_superuser": False,
        "date_joined": answer.json()["date_joined"],
    }
    signed_in = anyone.post("/api/v1/auth/jwt/login", {"username": "rita", "password": PASSWORD})
    assert signed_in.status_code == 200


def test_who_is_registered_without_a_role_has_none(manager):
    answer = manager.post(REGISTER, a_newcomer())

    assert (answer.status_code, answer.json()["roles"]) == (201, [])


def test_several_roles_are_given_at_once(api_as):
    answer = api_as("Admin").post(REGISTER, a_newcomer(roles=["Viewer", "Operator", "Viewer"]))

    assert answer.json()["roles"] == ["Operator", "Viewer"]


def test_every_mistake_of_a_registration_is_told_at_once(manager):
    body = {"email": "no-address", "password": "short", "first_name": 7, "is_staff": True, "roles": ["Nobody"]}

    answer = manager.post(REGISTER, body)

    assert pointers(answer) == {
        "/username": "required",
        "/email": "invalid",
        "/password": "password_too_short",
        "/first_name": "invalid",
        "/is_staff": "unknown_field",
        "/roles/0": "does_not_exist",
    }
    assert User.objects.count() == 1


@pytest.mark.parametrize("roles", ["Viewer", {"0": "Viewer"}, [["Viewer"]], [7], [None], ["Viewer"] * 51, None])
def test_roles_are_a_list_of_names(manager, roles):
    answer = manager.post(REGISTER, a_newcomer(roles=roles))

    assert {pointer.partition("/roles")[1] for pointer in pointers(answer)} == {"/roles"}
    assert User.objects.count() == 1


@pytest.mark.parametrize("body", [[], "text", 7, [{}]], ids=str)
def test_a_registration_is_an_object(manager, body):
    assert list(pointers(manager.post(REGISTER, body))) == [""]
    assert User.objects.count() == 1


def test_a_weak_password_and_an_unknown_role_are_told_at_once(manager):
    answer = manager.post(REGISTER, a_newcomer(password="short", roles=["Nobody"]))

    assert pointers(answer) == {"/password": "password_too_short", "/roles/0": "does_not_exist"}
    assert User.objects.count() == 1


def test_an_unknown_role_is_named_where_it_stands(manager):
    answer = manager.post(REGISTER, a_newcomer(roles=["Viewer", "Viewer", "Nobody"]))

    assert pointers(answer) == {"/roles/2": "does_not_exist"}
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "password_too_short"),
        ("password123", "password_too_common"),
        ("90217346518", "password_entirely_numeric"),
        ("mariadasilva", "password_too_similar"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(manager, password, code):
    answer = manager.post(REGISTER, a_newcomer(username="mariadasilva", password=password))

    assert pointers(answer) == {"/password": code}
    assert User.objects.count() == 1


@pytest.mark.parametrize("name", ["", "with space", "somebody@example.com", "a" * 151, "nul\0", 7, None])
def test_a_username_is_letters_digits_and_a_few_signs(manager, name):
    assert list(pointers(manager.post(REGISTER, a_newcomer(username=name)))) == ["/username"]
    assert User.objects.count() == 1


@pytest.mark.parametrize("username", ["maria", "MARIA", "Mária"])
def test_a_username_is_taken_whatever_its_case_and_accents(manager, a_user, username):
    a_user(username="Maria")

    answer = manager.post(REGISTER, a_newcomer(username=username))

    assert refusal(answer) == (409, "already_exists")
    assert answer.json()["field"] == "username"
    assert User.objects.count() == 2


def test_an_e_mail_is_taken_whatever_its_case(manager, a_user):
    a_user(email="maria@example.com")

    answer = manager.post(REGISTER, a_newcomer(email="Maria@EXAMPLE.com"))

    assert refusal(answer) == (409, "already_exists")
    assert answer.json()["field"] == "email"
    assert User.objects.count() == 2


def test_a_mistake_is_told_before_a_name_that_is_taken(manager, a_user):
    user = a_user()

    answer = manager.post(REGISTER, a_newcomer(username=user.username, password="short"))

    assert pointers(answer) == {"/password": "password_too_short"}


@pytest.mark.parametrize("name", ["is_superuser", "is_staff", "is_active", "permissions", "user_permissions", "id"])
def test_a_registration_cannot_set_what_is_not_its_own(manager, name):
    answer = manager.post(REGISTER, a_newcomer(**{name: True}))

    assert pointers(answer) == {f"/{name}": "unknown_field"}
    assert User.objects.count() == 1


@pytest.mark.parametrize("name", ["admin", "Ádmin", "viewer"])
def test_a_role_is_named_exactly_whatever_the_database_compares(manager, name):
    answer = manager.post(REGISTER, a_newcomer(roles=[name]))

    assert list(pointers(answer)) == ["/roles/0"]


def test_a_list_of_roles_that_is_too_long_is_not_looked_up(manager, a_user):
    roles = [f"role {number}" for number in range(60_000)]
    user = a_user("Viewer")

    for answer in (manager.post(REGISTER, a_newcomer(roles=roles)), manager.patch(one(user), {"roles": roles})):
        assert pointers(answer) == {"/roles": "max_length"}


@pytest.mark.parametrize("name", ["a\0b", "\ud800"], ids=["NUL", "lone surrogate"])
def test_a_role_that_no_database_can_be_asked_for_is_a_wrong_field(manager, name):
    body = {"username": "ana", "email": "ana@example.com", "password": "a-long-enough-pass-phrase", "roles": [name]}

    response = manager.post("/api/v1/auth/register", json.dumps(body), content_type="application/json")

    assert list(pointers(response)) == ["/roles/0"]
    assert not User.objects.filter(username="ana").exists()


def test_an_email_taken_in_that_instant_is_told_as_the_email(a_user, monkeypatch):
    """Whatever stands in it: a database quotes the value beside the name of the constraint."""
    a_user(email="username@example.com")
    monkeypatch.setattr(services, "_refuse_taken", lambda user: None)  # The twin commits after we looked.

    with pytest.raises(AlreadyExists) as refused, transaction.atomic():
        a_user(email="username@example.com")

    assert refused.value.facts == {"field": "email"}
