"""PATCH merges: what is absent stays, null clears, and what changes nothing leaves no trace."""

import pytest

from apps.customers.models import Customer
from apps.events.models import Event
from tests.problems import pointers, refusal

FULL = {
    "name": "Ana Lima",
    "document": "52998224725",
    "email": "ana@example.com",
    "phone": "+5511987654321",
    "street": "Avenida Paulista",
    "number": "1578",
    "city": "São Paulo",
    "state": "SP",
    "postal_code": "01310200",
}


def at(customer):
    return f"/api/v1/customers/{customer.pk}"


@pytest.fixture
def ana(a_customer):
    return a_customer(**FULL)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"name": "Bia"}, {"name": "Bia"}),
        ({"document": "11.222.333/0001-81"}, {"document": "11222333000181", "document_type": "CNPJ"}),
        ({"email": "NEW@example.com"}, {"email": "new@example.com"}),
        ({"phone": "(21) 2345-6789"}, {"phone": "+552123456789"}),
        ({"is_active": False}, {"is_active": False}),
        ({"document": None}, {"document": None, "document_type": None}),
        ({"email": None}, {"email": None}),
        ({"phone": ""}, {"phone": None}),
    ],
    ids=str,
)
def test_what_is_named_changes_and_the_rest_stays(manager, ana, given, kept):
    before = manager.get(at(ana)).json()

    answer = manager.patch(at(ana), given)

    assert answer.status_code == 200
    assert answer.json() == {**before, **kept, "updated_at": answer.json()["updated_at"]}
    assert answer.json()["updated_at"] > before["updated_at"]
    assert manager.get(at(ana)).json() == answer.json()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"city": "Natal"}, {"city": "Natal"}),
        ({"city": "Natal", "state": "RN"}, {"city": "Natal", "state": "RN"}),
        ({"number": None}, {"number": None}),
        ({"complement": "Fundos", "street": ""}, {"complement": "Fundos", "street": None}),
        ({}, {}),
    ],
    ids=str,
)
def test_a_part_of_the_address_changes_and_the_rest_of_it_stays(manager, ana, given, kept):
    before = manager.get(at(ana)).json()["address"]

    answer = manager.patch(at(ana), {"address": given})

    assert answer.json()["address"] == {**before, **kept}


def test_null_clears_the_whole_address(manager, ana):
    answer = manager.patch(at(ana), {"address": None})

    assert set(answer.json()["address"].values()) == {None}
    assert answer.json()["document"] == FULL["document"]


@pytest.mark.parametrize("given", [{"name": None}, {"name": ""}, {"is_active": None}], ids=str)
def test_what_is_required_cannot_be_cleared(manager, ana, given):
    before = manager.get(at(ana)).json()

    assert list(pointers(manager.patch(at(ana), given))) == [f"/{name}" for name in given]
    assert manager.get(at(ana)).json() == before


@pytest.mark.parametrize(
    "given", [{}, {"name": "Ana Lima"}, {"document": "529.982.247-25"}, {"phone": "(11) 98765-4321"}], ids=str
)
def test_a_change_of_nothing_leaves_no_trace(manager, ana, given):
    before = manager.get(at(ana))

    answer = manager.patch(at(ana), given)

    assert (answer.status_code, answer.json()) == (200, before.json())
    assert answer.headers["ETag"] == before.headers["ETag"]
    assert Event.objects.count() == 1


def test_a_wrong_field_keeps_the_right_ones_from_changing(manager, ana):
    before = manager.get(at(ana)).json()

    answer = manager.patch(at(ana), {"name": "Bia", "phone": "1", "address": {"state": "XX"}, "nope": 1})

    assert set(pointers(answer)) == {"/phone", "/address/state", "/nope"}
    assert manager.get(at(ana)).json() == before


def test_a_document_of_somebody_else_changes_nothing(manager, ana, a_customer):
    other = a_customer(document="11222333000181")
    before = manager.get(at(other)).json()

    answer = manager.patch(at(other), {"name": "Bia", "document": FULL["document"]})

    assert refusal(answer) == (409, "already_exists")
    assert answer.json()["field"] == "document"
    assert manager.get(at(other)).json() == before


def test_the_own_document_is_not_taken(manager, ana):
    assert manager.patch(at(ana), {"name": "Bia", "document": "529.982.247-25"}).status_code == 200


def test_a_new_name_and_city_are_found_at_once(manager, ana):
    manager.patch(at(ana), {"name": "Íris", "address": {"city": "Goiânia"}})

    assert manager.get("/api/v1/customers?name=iris&city=goiania").json()["count"] == 1
    assert manager.get("/api/v1/customers?name=ana").json()["count"] == 0


def test_a_change_writes_the_columns_that_change_and_no_other(manager, ana, django_capture_on_commit_callbacks):
    Customer.objects.filter(pk=ana.pk).update(email="meanwhile@example.com")

    manager.patch(at(ana), {"name": "Bia"})

    assert Customer.objects.get(pk=ana.pk).email == "meanwhile@example.com"
