"""Deleting hides, restoring brings back, and a customer with open orders stays."""

import pytest

from apps.customers.models import Customer
from apps.events.models import Event
from apps.orders import services as orders
from apps.orders.models import Order
from tests.asking import order_body, post_order
from tests.audits import nothing_changed
from tests.problems import pointers, refusal

PATH = "/api/v1/customers"


def at(customer):
    return f"{PATH}/{customer.pk}"


def test_a_deleted_customer_is_gone_from_lists_and_detail(manager, a_customer):
    customer, other = a_customer(), a_customer()

    answer = manager.delete(at(customer))

    assert (answer.status_code, answer.content) == (204, b"")
    assert refusal(manager.get(at(customer))) == (404, "not_found")
    assert [row["id"] for row in manager.get(PATH).json()["results"]] == [other.pk]
    assert [row["id"] for row in manager.get(f"{PATH}?cursor=").json()["results"]] == [other.pk]


def test_deleting_keeps_the_row_and_leaves_its_activity_alone(manager, a_customer):
    customer = a_customer()

    manager.delete(at(customer))

    row = Customer.objects.get(pk=customer.pk)
    assert (row.deleted, row.is_active) == (True, True)


@pytest.mark.parametrize("method", ["get", "patch", "delete"])
def test_a_deleted_customer_is_not_found_by_any_method(manager, a_customer, method):
    customer = a_customer()
    manager.delete(at(customer))

    with nothing_changed():
        assert refusal(getattr(manager, method)(at(customer))) == (404, "not_found")


def test_a_deleted_customer_cannot_order(manager, a_customer, a_product):
    customer, product = a_customer(), a_product()
    manager.delete(at(customer))

    with nothing_changed():
        assert refusal(post_order(manager, order_body(customer, (product, 1)))) == (409, "customer_inactive")


def test_a_deleted_customer_stays_readable_on_their_old_orders(manager, a_customer, a_product, place, a_user):
    customer = a_customer(name="Ana")
    order = place((a_product(), 1), customer=customer)
    orders.change_status(actor=a_user("Admin"), pk=order.pk, target="CANCELADO")

    manager.delete(at(customer))

    assert manager.get(f"/api/v1/orders/{order.pk}").json()["customer"] == {"id": customer.pk, "name": "Ana"}
    assert manager.get(f"/api/v1/orders?customer_id={customer.pk}").json()["count"] == 1


PATHS_TO = {
    "PENDENTE": [],
    "CONFIRMADO": ["CONFIRMADO"],
    "SEPARADO": ["CONFIRMADO", "SEPARADO"],
    "ENVIADO": ["CONFIRMADO", "SEPARADO", "ENVIADO"],
    "ENTREGUE": ["CONFIRMADO", "SEPARADO", "ENVIADO", "ENTREGUE"],
    "CANCELADO": ["CANCELADO"],
}


@pytest.fixture
def with_an_order(a_customer, a_product, place, a_user):
    """with_an_order("ENVIADO"): a customer with one order in this status."""

    def make(status):
        customer = a_customer()
        order = place((a_product(), 1), customer=customer)
        for step in PATHS_TO[status]:
            orders.change_status(actor=None, pk=order.pk, target=step)
        return customer

    return make


@pytest.mark.parametrize("status", ["PENDENTE", "CONFIRMADO", "SEPARADO", "ENVIADO"])
def test_a_customer_with_an_open_order_stays(manager, with_an_order, status):
    customer = with_an_order(status)

    with nothing_changed():
        answer = manager.delete(at(customer))

    assert refusal(answer) == (409, "customer_has_open_orders")
    assert answer.json()["orders"] == [Order.objects.get().number]


@pytest.mark.parametrize("status", ["ENTREGUE", "CANCELADO"])
def test_a_customer_with_closed_orders_only_may_go(manager, with_an_order, status):
    assert manager.delete(at(with_an_order(status))).status_code == 204


def test_an_open_order_of_somebody_else_is_no_hindrance(manager, with_an_order, a_customer):
    with_an_order("PENDENTE")

    assert manager.delete(at(a_customer())).status_code == 204


@pytest.mark.parametrize("body", [{"reason": "gone"}, {"force": True}], ids=str)
def test_deleting_takes_no_fields(manager, a_customer, body):
    customer = a_customer()

    with nothing_changed():
        assert list(pointers(manager.delete(at(customer), body)).values()) == ["unknown_field"]


def test_deleting_takes_an_empty_object(manager, a_customer):
    assert manager.delete(at(a_customer()), {}).status_code == 204


def test_restoring_brings_the_customer_back_as_they_were(manager, a_customer):
    customer = a_customer(name="Ana", document="52998224725")
    before = manager.get(at(customer)).json()
    manager.delete(at(customer))

    answer = manager.post(f"{at(customer)}/restore")

    assert answer.status_code == 200
    assert answer.json() == {**before, "updated_at": answer.json()["updated_at"]}
    assert manager.get(at(customer)).json() == answer.json()
    assert manager.get(PATH).json()["count"] == 1


def test_restoring_a_customer_who_is_there_changes_nothing(manager, a_customer):
    customer = a_customer()
    before = manager.get(at(customer))

    with nothing_changed():
        answer = manager.post(f"{at(customer)}/restore")

    assert (answer.status_code, answer.json()) == (200, before.json())
    assert answer.headers["ETag"] == before.headers["ETag"]


def test_nobody_unknown_is_restored(manager):
    assert refusal(manager.post(f"{PATH}/999999/restore")) == (404, "not_found")


def test_a_restored_customer_may_order_again(manager, a_customer, a_product):
    customer = a_customer()
    manager.delete(at(customer))
    manager.post(f"{at(customer)}/restore")

    assert post_order(manager, order_body(customer, (a_product(), 1))).status_code == 201


def test_going_and_coming_back_are_told(manager, a_customer):
    customer = a_customer()

    manager.delete(at(customer))
    manager.post(f"{at(customer)}/restore")

    told = Event.objects.order_by("pk").values_list("type", "sequence", "actor")
    who = manager.user.username
    assert list(told) == [("customer.created", 1, None), ("customer.deleted", 2, who), ("customer.restored", 3, who)]
