"""What happens to a customer is told once, in order, by whom, and never with document, e-mail or phone."""

import json

import pytest
from django.db import transaction

from apps.customers import services
from apps.customers.models import Customer
from apps.events.models import Event

PERSONAL = {"document": "52998224725", "email": "ana@example.com", "phone": "+5511987654321"}


def told():
    return list(Event.objects.order_by("pk"))


def test_a_life_is_told_without_gaps(manager):
    made = manager.post("/api/v1/customers", {"name": "Ana"}).json()
    path = f"/api/v1/customers/{made['id']}"
    manager.patch(path, {"name": "Bia"})
    manager.delete(path)
    manager.post(f"{path}/restore")

    assert [(event.type, event.subject, event.sequence, event.actor) for event in told()] == [
        ("customer.created", f"customer/{made['id']}", 1, manager.user.username),
        ("customer.updated", f"customer/{made['id']}", 2, manager.user.username),
        ("customer.deleted", f"customer/{made['id']}", 3, manager.user.username),
        ("customer.restored", f"customer/{made['id']}", 4, manager.user.username),
    ]


def test_an_event_can_be_acted_on_without_calling_back(manager):
    made = manager.post("/api/v1/customers", {"name": "Ana", "address": {"city": "Natal", "state": "RN"}, **PERSONAL})

    [event] = told()
    assert event.payload == {
        "customer": {
            "id": made.json()["id"],
            "name": "Ana",
            "document_type": "CPF",
            "city": "Natal",
            "state": "RN",
            "is_active": True,
            "deleted": False,
            "version": 1,
        }
    }


def test_a_change_names_what_changed_and_shows_what_is_now(manager, a_customer):
    customer = a_customer(name="Ana", city="Natal")

    manager.patch(f"/api/v1/customers/{customer.pk}", {"name": "Bia", "address": {"city": "Recife"}, "is_active": True})

    payload = told()[-1].payload
    assert payload["changed"] == ["city", "name"]
    assert (payload["customer"]["name"], payload["customer"]["city"], payload["customer"]["version"]) == (
        "Bia",
        "Recife",
        2,
    )


def test_no_event_tells_personal_data(manager):
    made = manager.post("/api/v1/customers", {"name": "Ana", **PERSONAL}).json()
    path = f"/api/v1/customers/{made['id']}"
    manager.patch(path, {"document": "11222333000181", "email": "new@example.com", "phone": "+5521987654321"})
    manager.patch(path, dict.fromkeys(PERSONAL))
    manager.patch(path, PERSONAL)
    manager.delete(path)
    manager.post(f"{path}/restore")

    payloads = json.dumps([event.payload for event in told()])

    assert len(told()) == 6
    for secret in [*PERSONAL.values(), "11222333000181", "new@example.com", "+5521987654321", "987654321"]:
        assert secret not in payloads


@pytest.mark.django_db
def test_a_customer_that_was_rolled_back_was_never_told_of():
    def fail_late():
        with transaction.atomic():
            services.register_customer(actor=None, values={"name": "Ana"})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_late()

    assert not Customer.objects.exists()
    assert not Event.objects.exists()


def test_numbers_are_counted_per_customer(a_customer):
    first, second = a_customer(), a_customer()
    services.change_customer(actor=None, pk=second.pk, values={"name": "Bia"})
    services.change_customer(actor=None, pk=first.pk, values={"name": "Ana"})

    numbers = Event.objects.order_by("pk").values_list("subject", "sequence")
    assert list(numbers) == [
        (f"customer/{first.pk}", 1),
        (f"customer/{second.pk}", 1),
        (f"customer/{second.pk}", 2),
        (f"customer/{first.pk}", 2),
    ]
