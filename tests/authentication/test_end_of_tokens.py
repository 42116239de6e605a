"""What ends all tokens of a person: deactivation, another password."""

from apps.authentication.models import SignIn
from tests.conftest import PASSWORD
from tests.problems import pointers, refusal

LOGIN, LOGOUT = "/api/v1/auth/jwt/login", "/api/v1/auth/jwt/logout"
NOT_VALID = (401, "token_not_valid")
ANOTHER_PASSWORD = "quite-another-pass-phrase"


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


def test_all_that_is_wrong_with_a_password_change_is_told_at_once(anyone, a_user, sign_in):
    access = sign_in(a_user())["access"]

    def told(**body):
        return pointers(anyone.post("/api/v1/auth/me/password", body, headers={"Authorization": f"Bearer {access}"}))

    assert told(current_password="not-this-one", nope=1) == {
        "/current_password": "wrong_password", "/new_password": "required", "/nope": "unknown_field",
    }  # fmt: skip
    assert told(current_password=PASSWORD, new_password="12345", nope=1).keys() == {"/new_password", "/nope"}


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
