"""The trail: who changed whose access, told once and in the same transaction, and never with a value in it."""

import json

import pytest
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import F
from django.utils.translation import override
from structlog.testing import capture_logs

from apps.authentication import groups, passwords, services
from apps.authentication.first_admin import create_first_administrator
from apps.authentication.models import User
from apps.common.errors import DomainError
from tests.conftest import PASSWORD

NEW_PASSWORD = "quite-another-pass-phrase"


def trail():
    """(who, did, about which, what) of each entry, oldest first."""
    rows = LogEntry.objects.order_by("pk").annotate(kind=F("content_type__model"))
    with override("en"):
        return [(row.user_id, row.action_flag, f"{row.kind}/{row.object_id}", row.get_change_message()) for row in rows]


@pytest.fixture
def chief(a_user):
    return a_user("Admin")


def test_who_is_registered_through_the_api_is_told_with_their_roles(api_as):
    manager = api_as("Manager")
    body = {"username": "rita", "email": "rita@example.com", "password": PASSWORD, "roles": ["Viewer", "Operator"]}

    rita = manager.post("/api/v1/auth/register", body).json()

    what = "Added. Added role “Operator”. Added role “Viewer”."
    assert trail() == [(manager.user.pk, ADDITION, f"user/{rita['id']}", what)]


def test_who_made_somebody_admin_through_the_api_is_told(api_as, a_user):
    admin, rita = api_as("Admin"), a_user("Operator")

    admin.patch(f"/api/v1/users/{rita.pk}", {"roles": ["Admin"]})

    what = "Changed staff status. Added role “Admin”. Deleted role “Operator”."
    assert trail() == [(admin.user.pk, CHANGE, f"user/{rita.pk}", what)]


def test_fields_are_named_and_their_values_never(api_as, a_user):
    admin, rita = api_as("Admin"), a_user(first_name="Rita")

    values = {"first_name": "Margarida", "last_name": "Lima", "email": "margarida@example.com", "is_active": False}
    admin.patch(f"/api/v1/users/{rita.pk}", values)

    ((who, did, about, what),) = trail()
    assert (who, did, about) == (admin.user.pk, CHANGE, f"user/{rita.pk}")
    assert what == "Changed first name, last name, e-mail and active."
    kept = json.dumps(list(LogEntry.objects.values("change_message", "object_repr")))
    assert not any(value in kept for value in ("Margarida", "Lima", "margarida@example.com", "Rita"))


def test_it_is_told_in_the_readers_language(chief, a_user):
    services.change_user(actor=chief, pk=a_user().pk, values={"first_name": "Ana", "roles": ["Viewer"]})

    with override("pt-br"):
        assert LogEntry.objects.get().get_change_message() == "Alterado primeiro nome. Adicionado perfil “Viewer”."


def test_ones_own_password_is_told_without_it(api_as):
    client = api_as("Viewer")

    body = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}
    assert client.post("/api/v1/auth/me/password", body).status_code == 204

    assert trail() == [(client.user.pk, CHANGE, f"user/{client.user.pk}", "Changed password.")]


def test_a_password_given_to_somebody_else_is_told(chief, a_user):
    rita = a_user()

    passwords.set_password(actor=chief, pk=rita.pk, new=NEW_PASSWORD)

    assert trail() == [(chief.pk, CHANGE, f"user/{rita.pk}", "Changed password.")]


@pytest.mark.parametrize(
    "values",
    [{}, {"first_name": "Rita"}, {"email": "RITA@example.com"}, {"is_active": True}, {"roles": ["Viewer", "Operator"]}],
    ids=str,
)
def test_a_change_of_nothing_is_not_told(values, chief, a_user):
    rita = a_user("Operator", "Viewer", first_name="Rita", email="rita@example.com")

    services.change_user(actor=chief, pk=rita.pk, values=values)

    assert trail() == []


def test_what_is_refused_leaves_no_entry(chief, a_user):
    rita, taken = a_user("Operator"), a_user()
    attempts = [
        lambda: services.change_user(actor=chief, pk=chief.pk, values={"first_name": "Ana", "roles": []}),
        lambda: services.change_user(actor=chief, pk=rita.pk, values={"roles": ["Viewer"], "email": taken.email}),
        lambda: services.change_user(actor=rita, pk=chief.pk, values={"roles": []}),
        lambda: passwords.set_password(actor=chief, pk=rita.pk, new="12345678"),
        lambda: passwords.change_password(user=rita, current="wrong", new=NEW_PASSWORD),
        lambda: groups.save_group(actor=chief, pk=None, name="viewer", permissions=frozenset()),
    ]

    for attempt in attempts:
        with pytest.raises(DomainError):
            attempt()

    assert trail() == []


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_neither_an_entry_nor_a_line(chief, a_user):
    rita = a_user("Operator")

    with capture_logs() as lines, transaction.atomic():
        services.change_user(actor=chief, pk=rita.pk, values={"roles": ["Admin"]})
        transaction.set_rollback(True)

    assert services.role_names(rita) == ["Operator"]
    assert (trail(), lines) == ([], [])


@pytest.mark.django_db(transaction=True)
def test_each_change_is_a_line_in_the_log_too_without_personal_data(chief, a_user):
    rita = a_user("Operator", username="rita")

    with capture_logs() as lines:
        services.change_user(actor=chief, pk=rita.pk, values={"email": "margarida@example.com", "roles": ["Viewer"]})

    assert lines == [
        {
            "event": "access_changed",
            "log_level": "info",
            "action": "changed",
            "actor_id": chief.pk,
            "subject": f"user/{rita.pk}",
            "fields": ["email"],
            "gained": ["Viewer"],
            "lost": ["Operator"],
        }
    ]


@pytest.mark.django_db(transaction=True)
def test_what_the_system_does_by_itself_is_told_in_the_log_alone():
    with capture_logs() as lines:
        admin = create_first_administrator(username="admin", email="admin@example.com", password=PASSWORD)

    assert (trail(), admin) == ([], User.objects.get())
    assert {(line["actor_id"], line["subject"]) for line in lines} == {(None, f"user/{User.objects.get().pk}")}
    assert [(line["action"], line["fields"], line["gained"]) for line in lines] == [
        ("created", [], ["Admin"]),
        ("changed", ["is_superuser"], []),
    ]


def test_a_group_is_told_of_from_its_first_to_its_last_day(chief, a_user):
    group = groups.save_group(actor=chief, pk=None, name="Packers", permissions=frozenset({"orders.move_order"}))
    member = a_user("Packers")
    for name, permission in (("Packers", "orders.move_order"), ("Packing", "orders.add_order")):
        groups.save_group(actor=chief, pk=group.pk, name=name, permissions=frozenset({permission}))
    groups.delete_group(actor=chief, pk=group.pk)

    about = f"group/{group.pk}"
    changed = "Changed name. Added permission “orders.add_order”. Deleted permission “orders.move_order”."
    assert trail() == [
        (chief.pk, ADDITION, about, "Added. Added permission “orders.move_order”."),
        (chief.pk, CHANGE, about, changed),
        (chief.pk, DELETION, about, "Deleted permission “orders.add_order”."),
        (chief.pk, CHANGE, f"user/{member.pk}", "Deleted role “Packing”."),
    ]
    assert not Group.objects.filter(name="Packing").exists()
    assert User.objects.filter(pk=member.pk).exists()


def test_the_end_of_an_empty_group_is_told_too(chief):
    group = groups.save_group(actor=None, pk=None, name="Packers", permissions=frozenset())

    groups.delete_group(actor=chief, pk=group.pk)

    assert trail() == [(chief.pk, DELETION, f"group/{group.pk}", "")]
