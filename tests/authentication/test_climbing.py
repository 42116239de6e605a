"""Every way to climb that must not work, and the last administrator, who stays."""

import pytest
from django.contrib.auth.models import Group, Permission

from apps.authentication.models import User
from tests.authentication.people import FORBIDDEN, REGISTER, a_newcomer, one, state_of
from tests.problems import refusal


def a_group(name, *codenames):
    group = Group.objects.create(name=name)
    group.permissions.set(Permission.objects.filter(codename__in=codenames))
    assert group.permissions.count() == len(codenames)
    return group


# ── Climbing ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("roles", [["Manager"], ["Admin"], ["Viewer", "Admin"], ["Admin", "Manager"]])
def test_a_manager_makes_no_manager_and_no_admin(manager, roles):
    assert refusal(manager.post(REGISTER, a_newcomer(roles=roles))) == FORBIDDEN
    assert User.objects.count() == 1


@pytest.mark.parametrize("roles", [["Manager"], ["Admin"], ["Operator", "Manager"]])
def test_a_manager_promotes_nobody_to_manager_or_admin(manager, a_user, roles):
    user = a_user("Operator")
    before = state_of(user)

    assert refusal(manager.patch(one(user), {"first_name": "Ana", "roles": roles})) == FORBIDDEN
    assert state_of(user) == before


@pytest.mark.parametrize("roles", [["Admin"], ["Manager", "Admin"]])
def test_a_manager_does_not_promote_themselves(manager, roles):
    before = state_of(manager.user)

    assert refusal(manager.patch(one(manager.user), {"roles": roles})) == FORBIDDEN
    assert state_of(manager.user) == before


def test_a_manager_grants_no_group_of_the_shop_that_may_do_more(manager, a_user):
    a_group("Auditors", "add_order", "manage_managers")
    user = a_user("Operator")
    before = state_of(user)

    assert refusal(manager.post(REGISTER, a_newcomer(roles=["Auditors"]))) == FORBIDDEN
    assert refusal(manager.patch(one(user), {"roles": ["Auditors"]})) == FORBIDDEN
    assert refusal(manager.patch(one(manager.user), {"roles": ["Manager", "Auditors"]})) == FORBIDDEN
    assert state_of(user) == before
    assert state_of(manager.user)[1] == ["Manager"]


def test_a_manager_grants_no_group_of_the_shop_that_manages_users(manager):
    a_group("Deputies", "manage_users")

    assert refusal(manager.post(REGISTER, a_newcomer(roles=["Deputies"]))) == FORBIDDEN
    assert User.objects.count() == 1


def test_a_manager_grants_a_group_of_the_shop_that_may_do_less(manager):
    a_group("Cashiers", "add_order")

    answer = manager.post(REGISTER, a_newcomer(roles=["Cashiers"]))

    assert (answer.status_code, answer.json()["roles"]) == (201, ["Cashiers"])


def test_whoever_manages_users_in_a_group_of_the_shop_grants_nothing_they_lack(a_user, api_as):
    a_group("Receptionists", "manage_users", "add_order")
    receptionist = a_user("Receptionists")

    assert refusal(api_as(receptionist).post(REGISTER, a_newcomer(roles=["Operator"]))) == FORBIDDEN
    assert api_as(receptionist).post(REGISTER, a_newcomer(roles=["Viewer"])).status_code == 201


CHANGES = [
    {"first_name": "Ana"},
    {"email": "mine@example.com"},
    {"is_active": False},
    {"is_active": True},
    {"roles": []},
]


@pytest.mark.parametrize("change", CHANGES, ids=str)
@pytest.mark.parametrize("who", ["Manager", "Admin", "superuser", "deactivated Admin", "deactivated superuser"])
def test_a_manager_touches_nobody_who_stands_above_or_beside(manager, a_user, who, change):
    user = a_user(*(["Manager"] if who == "Manager" else ["Admin"] if "Admin" in who else []))
    User.objects.filter(pk=user.pk).update(is_superuser="superuser" in who, is_active="deactivated" not in who)
    before = state_of(user)

    assert refusal(manager.patch(one(user), change)) == FORBIDDEN
    assert state_of(user) == before


def test_a_manager_does_not_touch_who_was_given_a_higher_permission_by_hand(manager, a_user):
    user = a_user("Operator")
    user.user_permissions.add(Permission.objects.get(codename="manage_users"))
    before = state_of(user)

    assert refusal(manager.patch(one(user), {"is_active": False})) == FORBIDDEN
    assert state_of(user) == before


def test_a_manager_does_not_touch_a_member_of_a_group_that_may_do_more(manager, a_user):
    a_group("Auditors", "view_event", "manage_managers")
    user = a_user("Auditors")
    before = state_of(user)

    assert refusal(manager.patch(one(user), {"roles": []})) == FORBIDDEN
    assert state_of(user) == before


def test_a_manager_changes_their_own_names_and_steps_down(manager):
    assert manager.patch(one(manager.user), {"first_name": "Ana"}).json()["first_name"] == "Ana"
    assert manager.patch(one(manager.user), {"roles": ["Operator"]}).json()["roles"] == ["Operator"]
    assert refusal(manager.get("/api/v1/users")) == FORBIDDEN


def test_an_admin_makes_managers_and_admins_and_edits_them(api_as):
    admin = api_as("Admin")
    made = admin.post(REGISTER, a_newcomer(roles=["Manager"])).json()

    answer = admin.patch(f"/api/v1/users/{made['id']}", {"first_name": "Ana", "roles": ["Admin"]})

    assert (answer.status_code, answer.json()["roles"]) == (200, ["Admin"])


def test_an_admin_who_is_no_superuser_touches_no_superuser(api_as, a_user):
    root = a_user(superuser=True)
    before = state_of(root)

    assert refusal(api_as("Admin").patch(one(root), {"is_active": False})) == FORBIDDEN
    assert state_of(root) == before


def test_a_superuser_without_any_role_may_do_all(api_as, a_user):
    root, user = api_as(a_user(superuser=True)), a_user("Admin")

    assert root.patch(one(user), {"roles": ["Viewer"]}).status_code == 200
    assert root.post(REGISTER, a_newcomer(roles=["Admin"])).status_code == 201


@pytest.mark.parametrize("role", ["Operator", "Viewer", ""])
def test_who_does_not_manage_users_does_not_even_change_themselves(api_as, role):
    client = api_as(role)
    before = state_of(client.user)

    assert refusal(client.patch(one(client.user), {"roles": ["Admin"]})) == FORBIDDEN
    assert state_of(client.user) == before


def test_a_role_above_is_told_before_the_mistakes_of_the_body(manager):
    assert refusal(manager.post(REGISTER, {"roles": ["Admin"], "nonsense": 1})) == FORBIDDEN


# ── The last administrator ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("change", [{"roles": ["Manager"]}, {"roles": []}, {"is_active": False}], ids=str)
def test_the_last_admin_stays(api_as, change):
    admin = api_as("Admin")
    before = state_of(admin.user)

    assert refusal(admin.patch(one(admin.user), {"first_name": "Ana", **change})) == (409, "last_admin")
    assert state_of(admin.user) == before
    assert admin.get("/api/v1/auth/me").status_code == 200


def test_the_last_superuser_stays_active(api_as, a_user):
    root = api_as(a_user(superuser=True))

    assert refusal(root.patch(one(root.user), {"is_active": False})) == (409, "last_admin")
    assert root.get("/api/v1/auth/me").status_code == 200


def test_a_deactivated_admin_does_not_count_as_another(api_as, a_user):
    admin, other = api_as("Admin"), a_user("Admin")
    User.objects.filter(pk=other.pk).update(is_active=False)

    assert refusal(admin.patch(one(admin.user), {"roles": []})) == (409, "last_admin")


@pytest.mark.parametrize("other", ["Admin", "superuser"])
def test_an_admin_may_go_while_another_administrator_stays(api_as, a_user, other):
    admin = api_as("Admin")
    a_user(*(["Admin"] if other == "Admin" else []), superuser=other == "superuser")

    assert admin.patch(one(admin.user), {"roles": []}).json()["roles"] == []


def test_a_superuser_may_leave_the_admin_role_and_remain_the_last(api_as, a_user):
    root = api_as(a_user("Admin", superuser=True))

    assert root.patch(one(root.user), {"roles": []}).status_code == 200
