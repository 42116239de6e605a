"""Registering and managing people, and every way to climb that must not work."""

import json
from itertools import count

import pytest
from django.contrib.auth.models import Group, Permission

from apps.authentication.models import User
from tests.conftest import PASSWORD
from tests.problems import pointers, refusal

REGISTER = "/api/v1/auth/register"
FORBIDDEN = (403, "permission_denied")
_numbers = count(1)


def a_newcomer(**fields):
    number = next(_numbers)
    return {"username": f"newcomer{number}", "email": f"newcomer{number}@example.com", "password": PASSWORD} | fields


def a_group(name, *codenames):
    group = Group.objects.create(name=name)
    group.permissions.set(Permission.objects.filter(codename__in=codenames))
    assert group.permissions.count() == len(codenames)
    return group


def one(user):
    return f"/api/v1/users/{user.pk}"


def state_of(user):
    fields = ("username", "email", "first_name", "last_name", "is_active", "is_superuser", "is_staff", "password")
    row = User.objects.get(pk=user.pk)
    return {name: getattr(row, name) for name in fields}, sorted(row.groups.values_list("name", flat=True))


# ── Registering ───────────────────────────────────────────────────────────────────────────────────────────────


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


@pytest.mark.parametrize("name", ["a\0b", "\ud800"], ids=["NUL", "lone surrogate"])
def test_a_role_that_no_database_can_be_asked_for_is_a_wrong_field(manager, name):
    body = {"username": "ana", "email": "ana@example.com", "password": "a-long-enough-pass-phrase", "roles": [name]}

    response = manager.post("/api/v1/auth/register", json.dumps(body), content_type="application/json")

    assert list(pointers(response)) == ["/roles/0"]
    assert not User.objects.filter(username="ana").exists()
