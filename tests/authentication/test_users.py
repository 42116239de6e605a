"""Reading and changing people."""

import pytest

from apps.authentication import policy
from apps.authentication.models import User
from tests.authentication.people import FORBIDDEN, one, state_of
from tests.problems import pointers, refusal

# ── Reading ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_list_shows_everybody_by_username(manager, a_user):
    a_user("Viewer", username="zoe"), a_user(username="Ana")

    answer = manager.get("/api/v1/users").json()

    assert (answer["count"], answer["next"], answer["previous"]) == (3, None, None)
    assert [user["username"] for user in answer["results"]] == ["Ana", manager.user.username, "zoe"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("username=ANA", ["ana"]),
        ("email=Bia@Example.com", ["bia"]),
        ("role=Viewer", ["bia"]),
        ("role=VIEWER", ["bia"]),
        ("role=view", []),
        ("role=%25", []),
        ("is_active=false", ["caio"]),
        ("search=lim", ["ana"]),
        ("ordering=-username&role=Operator", ["caio", "ana"]),
        ("ordering=date_joined&role=Operator", ["ana", "caio"]),
    ],
)
def test_people_are_found_by(manager, a_user, query, found):
    a_user("Operator", username="ana", last_name="Lima")
    a_user("Viewer", username="bia", email="bia@example.com")
    caio = a_user("Operator", username="caio")
    User.objects.filter(pk=caio.pk).update(is_active=False)

    answer = manager.get(f"/api/v1/users?{query}")

    assert [user["username"] for user in answer.json()["results"]] == found


def test_the_list_costs_the_same_however_many_people_there_are(manager, a_user, django_assert_max_num_queries):
    for _ in range(5):
        a_user("Viewer", "Operator")

    with django_assert_max_num_queries(4):
        assert manager.get("/api/v1/users").json()["count"] == 6


def test_one_person_reads_as_in_the_list(manager, a_user):
    user = a_user("Viewer")

    assert manager.get(one(user)).json() in manager.get("/api/v1/users").json()["results"]


def test_somebody_unknown_is_not_found(manager):
    assert refusal(manager.get("/api/v1/users/999999")) == (404, "not_found")
    assert refusal(manager.patch("/api/v1/users/999999", {"first_name": "Ana"})) == (404, "not_found")


# ── Changing ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_manager_changes_an_operator(manager, a_user):
    user = a_user("Operator")
    change = {"email": "New@Example.com", "first_name": "Ana", "last_name": "Lima", "roles": ["Viewer"]}

    answer = manager.patch(one(user), change)

    assert answer.status_code == 200
    assert {name: answer.json()[name] for name in change} == {**change, "email": "new@example.com"}
    assert manager.get(one(user)).json() == answer.json()


def test_what_a_change_does_not_name_stays(manager, a_user):
    user = a_user("Operator", first_name="Ana", last_name="Lima")
    before = manager.get(one(user)).json()

    manager.patch(one(user), {"first_name": "Bia"})

    assert manager.get(one(user)).json() == {**before, "first_name": "Bia"}


def test_roles_are_replaced_by_those_named(manager, a_user):
    user = a_user("Operator", "Viewer")

    assert manager.patch(one(user), {"roles": ["Viewer"]}).json()["roles"] == ["Viewer"]
    assert manager.patch(one(user), {"roles": []}).json()["roles"] == []


def test_new_roles_count_at_the_next_request(manager, api_as, a_user, a_customer):
    user = a_user("Viewer")
    client = api_as(user)
    assert refusal(client.post("/api/v1/orders", {})) == FORBIDDEN

    manager.patch(one(user), {"roles": ["Operator"]})

    assert client.post("/api/v1/orders", {}).status_code == 400


@pytest.mark.parametrize("name", ["username", "password", "is_superuser", "is_staff", "user_permissions", "id"])
def test_a_change_cannot_set_what_is_not_its_own(api_as, a_user, name):
    user = a_user("Operator")
    before = state_of(user)

    assert pointers(api_as("Admin").patch(one(user), {name: True})) == {f"/{name}": "unknown_field"}
    assert state_of(user) == before


def test_a_change_to_an_unknown_role_changes_nothing(manager, a_user):
    user = a_user("Operator")
    before = state_of(user)

    answer = manager.patch(one(user), {"first_name": "Ana", "roles": ["Nobody"]})

    assert pointers(answer) == {"/roles/0": "does_not_exist"}
    assert state_of(user) == before


def test_every_mistake_of_a_change_is_told_at_once(manager, a_user):
    user = a_user("Operator")
    before = state_of(user)

    answer = manager.patch(one(user), {"email": "no-address", "is_active": "no", "roles": ["Viewer", "Nobody"]})

    assert pointers(answer) == {"/email": "invalid", "/is_active": "invalid", "/roles/1": "does_not_exist"}
    assert state_of(user) == before


def test_an_e_mail_that_is_taken_changes_nothing(manager, a_user):
    user, _other = a_user("Operator"), a_user(email="taken@example.com")
    before = state_of(user)

    answer = manager.patch(one(user), {"first_name": "Ana", "email": "Taken@Example.com"})

    assert refusal(answer) == (409, "already_exists")
    assert answer.json()["field"] == "email"
    assert state_of(user) == before


def test_ones_own_e_mail_is_not_taken(manager, a_user):
    user = a_user("Operator", email="ana@example.com")

    assert manager.patch(one(user), {"email": "ANA@example.com"}).status_code == 200


def test_an_unknown_role_is_told_before_an_e_mail_that_is_taken(manager, a_user):
    user, _other = a_user("Operator"), a_user(email="taken@example.com")

    answer = manager.patch(one(user), {"email": "taken@example.com", "roles": ["Nobody"]})

    assert pointers(answer) == {"/roles/0": "does_not_exist"}


def test_the_admin_site_is_open_to_those_in_the_admin_role_only(api_as, a_user):
    user, admin = a_user("Operator"), api_as("Admin")

    admin.patch(one(user), {"roles": ["Admin"]})
    assert User.objects.get(pk=user.pk).is_staff

    admin.patch(one(user), {"roles": ["Operator"]})
    assert not User.objects.get(pk=user.pk).is_staff


# ── Nobody's change is undone by who has not seen it ──────────────────────────────────────────────────────────


def test_an_account_has_a_tag_that_changes_with_it(api_as, a_user):
    admin, user = api_as("Admin"), a_user("Viewer")

    first = admin.get(one(user)).headers["ETag"]
    changed = admin.patch(one(user), {"roles": ["Operator"]})

    assert changed.headers["ETag"] == admin.get(one(user)).headers["ETag"] != first
    assert admin.get(one(user), headers={"If-None-Match": changed.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("meanwhile", [{"roles": []}, {"last_name": "Lima"}, {"is_active": False}])
def test_a_change_of_what_has_changed_since_it_was_read_is_refused(api_as, a_user, meanwhile):
    admin, user = api_as("Admin"), a_user("Viewer")
    seen = admin.get(one(user)).headers["ETag"]
    admin.patch(one(user), meanwhile)
    before = state_of(user)

    answer = admin.patch(one(user), {"roles": ["Viewer", "Operator"]}, headers={"If-Match": seen})

    assert refusal(answer) == (412, "precondition_failed")
    assert state_of(user) == before


def test_a_change_of_what_was_seen_goes_through(api_as, a_user):
    admin, user = api_as("Admin"), a_user("Viewer")

    for wanted in (admin.get(one(user)).headers["ETag"], "*"):
        answer = admin.patch(one(user), {"roles": ["Operator"]}, headers={"If-Match": wanted})
        assert (answer.status_code, answer.json()["roles"]) == (200, ["Operator"])


def test_it_is_compared_once_more_under_the_lock(api_as, a_user, monkeypatch):
    """Somebody's grant is committed between our look at the tag and our lock."""
    admin, user = api_as("Admin"), a_user("Viewer")
    seen, lock_user = admin.get(one(user)).headers["ETag"], policy.lock_user

    def late(pk):
        monkeypatch.setattr(policy, "lock_user", lock_user)
        user.groups.clear()
        return lock_user(pk)

    monkeypatch.setattr(policy, "lock_user", late)
    answer = admin.patch(one(user), {"first_name": "Ana"}, headers={"If-Match": seen})

    assert refusal(answer) == (412, "precondition_failed")
