"""A group is granted while somebody deletes it or adds to it: what was asked of it is true of what is granted."""

import pytest
from django.contrib.admin.models import LogEntry

from apps.authentication import groups, services
from apps.authentication.models import User

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ADDS_ORDERS = frozenset({"orders.add_order"})


@pytest.fixture
def sales():
    return groups.save_group(actor=None, pk=None, name="Vendas", permissions=ADDS_ORDERS)


def register(client):
    account = {"username": "nina", "email": "nina@example.com", "password": "a-long-enough-pass-phrase"}
    return client.post("/api/v1/auth/register", {**account, "roles": ["Vendas"]})


def test_a_group_is_not_deleted_while_it_is_being_granted(meanwhile, api_as, a_user, sales):
    boss, manager = a_user("Admin"), api_as("Manager")
    other = meanwhile(services, "_save_or_refuse", lambda: groups.delete_group(actor=boss, pk=sales.pk))

    answer = register(manager)

    other()
    assert (answer.status_code, answer.json()["roles"]) == (201, ["Vendas"])
    told = LogEntry.objects.filter(object_repr="nina").order_by("pk").values_list("change_message", flat=True)
    assert ["added" in each for each in told] == [True, False]  # Given, and then taken away with the group.


def test_a_group_gains_nothing_while_it_is_being_granted(meanwhile, api_as, a_user, sales):
    boss, manager = a_user("Admin"), api_as("Manager")

    def add_to_it():
        more = ADDS_ORDERS | {"authentication.manage_users"}
        groups.save_group(actor=boss, pk=sales.pk, name="Vendas", permissions=more)
        return User.objects.filter(username="nina").exists()

    other = meanwhile(services, "_save_or_refuse", add_to_it)

    answer = register(manager)

    assert (answer.status_code, other()) == (201, True)  # Whoever adds to it sees who has it.
