"""Roles are Django groups holding Django permissions: the four of the brief, kept by `migrate`, and a shop's own."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from tests.problems import refusal

VIEWER: set[str] = set()
OPERATOR = {"customers.view_personal_data", "orders.add_order", "orders.move_order"}
MANAGER = OPERATOR | {
    "customers.add_customer",
    "customers.change_customer",
    "customers.delete_customer",
    "products.add_product",
    "products.change_product",
    "products.delete_product",
    "products.change_stock",
    "orders.cancel_order",
    "authentication.manage_users",
}
# What the API asks of an Admin beyond a Manager; the admin site asks for more, and only to look.
ADMIN = MANAGER | {"authentication.manage_managers"}
API_PERMISSIONS = ADMIN


def held_by(role):
    pairs = Group.objects.get(name=role).permissions.values_list("content_type__app_label", "codename")
    return {f"{label}.{codename}" for label, codename in pairs}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "permissions"), [("Viewer", VIEWER), ("Operator", OPERATOR), ("Manager", MANAGER), ("Admin", ADMIN)]
)
def test_after_migrating_each_role_holds_exactly_its_column_of_the_table(role, permissions):
    assert held_by(role) & API_PERMISSIONS == permissions


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "permissions"), [("Viewer", VIEWER), ("Operator", OPERATOR), ("Manager", MANAGER)])
def test_only_an_admin_holds_anything_beyond_the_table(role, permissions):
    assert held_by(role) == permissions


@pytest.mark.django_db
def test_an_admin_may_look_at_orders_ledger_history_and_events_and_never_edit_them():
    beyond = held_by("Admin") - ADMIN

    touching = {name for name in beyond if not name.partition(".")[2].startswith("view_")}

    assert {name.partition(".")[0] for name in touching} <= {"auth", "authentication"}


@pytest.mark.django_db
def test_a_permission_taken_from_a_role_by_hand_is_back_after_migrating():
    Group.objects.get(name="Operator").permissions.clear()

    call_command("migrate", verbosity=0)

    assert held_by("Operator") == OPERATOR


@pytest.mark.django_db
def test_a_permission_given_to_a_role_by_hand_is_gone_after_migrating():
    Group.objects.get(name="Viewer").permissions.add(Permission.objects.get(codename="cancel_order"))

    call_command("migrate", verbosity=0)

    assert held_by("Viewer") == VIEWER


@pytest.mark.django_db
def test_a_role_that_was_deleted_is_back_after_migrating():
    Group.objects.get(name="Manager").delete()

    call_command("migrate", verbosity=0)

    assert held_by("Manager") == MANAGER


@pytest.mark.django_db
def test_migrating_leaves_a_shops_own_group_and_everybodys_roles_alone(a_user):
    group = Group.objects.create(name="Cashiers")
    group.permissions.add(Permission.objects.get(codename="add_order"))
    user = a_user("Operator", "Cashiers")

    call_command("migrate", verbosity=0)

    assert held_by("Cashiers") == {"orders.add_order"}
    assert sorted(user.groups.values_list("name", flat=True)) == ["Cashiers", "Operator"]


def test_a_shops_own_group_may_do_exactly_what_it_holds(api_as, a_user, a_customer, a_product):
    group = Group.objects.create(name="Cashiers")
    group.permissions.add(Permission.objects.get(codename="add_order"))
    cashier = api_as(a_user("Cashiers"))
    wanted = {"customer_id": a_customer().pk, "items": [{"product_id": a_product().pk, "quantity": 1}]}

    placed = cashier.post("/api/v1/orders", wanted, headers={"Idempotency-Key": "one"})

    assert placed.status_code == 201
    order = f"/api/v1/orders/{placed.json()['id']}"
    assert refusal(cashier.delete(order)) == (403, "permission_denied")
    assert refusal(cashier.patch(f"{order}/status", {"status": "CONFIRMADO"})) == (403, "permission_denied")
    assert cashier.get(order).json()["status"] == "PENDENTE"


def test_a_permission_held_without_any_group_counts_too(api_as, a_user):
    user = a_user()
    user.user_permissions.add(Permission.objects.get(codename="add_customer"))

    assert api_as(user).post("/api/v1/customers", {"name": "Ana"}).status_code == 201


def test_me_tells_the_roles_and_what_they_add_up_to(api_as, a_user):
    group = Group.objects.create(name="Cashiers")
    group.permissions.add(Permission.objects.get(codename="cancel_order"))

    answer = api_as(a_user("Operator", "Cashiers")).get("/api/v1/auth/me").json()

    assert answer["roles"] == ["Cashiers", "Operator"]
    assert set(answer["permissions"]) == OPERATOR | {"orders.cancel_order"}


def test_two_roles_never_take_from_each_other(api_as, a_user):
    assert api_as(a_user("Viewer", "Manager")).post("/api/v1/customers", {"name": "Ana"}).status_code == 201
