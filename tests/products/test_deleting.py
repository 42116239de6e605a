"""DELETE /products/:id and restore: what is gone from the shelf stays in the books."""

import pytest

from apps.events.models import Event
from apps.orders import services as orders
from tests.asking import order_body, post_order
from tests.audits import nothing_changed
from tests.problems import pointers, refusal

URL = "/api/v1/products"


def test_a_deleted_product_is_found_nowhere(manager, lamp):
    assert manager.delete(f"{URL}/{lamp.pk}").status_code == 204

    assert manager.get(URL).json()["results"] == []
    for response in (
        manager.get(f"{URL}/{lamp.pk}"),
        manager.patch(f"{URL}/{lamp.pk}", {"name": "N"}),
        manager.delete(f"{URL}/{lamp.pk}"),
        manager.get(f"{URL}/{lamp.pk}/stock-movements"),
    ):
        assert refusal(response) == (404, "not_found")


def test_a_deletion_and_a_restoration_are_told(manager, lamp):
    manager.delete(f"{URL}/{lamp.pk}")
    manager.post(f"{URL}/{lamp.pk}/restore")

    events = Event.objects.filter(subject=lamp.reference, sequence__gt=2).order_by("id")
    assert [(event.type, event.sequence, event.actor) for event in events] == [
        ("product.deleted", 3, manager.user.username),
        ("product.restored", 4, manager.user.username),
    ]
    assert events[0].payload["product"]["sku"] == "LAMP-1"


@pytest.mark.parametrize(
    "path", [[], ["CONFIRMADO"], ["CONFIRMADO", "SEPARADO"], ["CONFIRMADO", "SEPARADO", "ENVIADO"]]
)
def test_a_product_on_an_open_order_stays(manager, place, lamp, a_product, path):
    order = place((a_product(), 1), (lamp, 1))
    for status in path:
        orders.change_status(actor=None, pk=order.pk, target=status)

    with nothing_changed():
        response = manager.delete(f"{URL}/{lamp.pk}")

    assert refusal(response) == (409, "product_has_open_orders")
    assert response.json()["orders"] == [order.number]


@pytest.mark.parametrize("path", [["CANCELADO"], ["CONFIRMADO", "SEPARADO", "ENVIADO", "ENTREGUE"]])
def test_a_product_on_closed_orders_may_go(manager, place, lamp, path):
    order = place((lamp, 1))
    for status in path:
        orders.change_status(actor=None, pk=order.pk, target=status)

    assert manager.delete(f"{URL}/{lamp.pk}").status_code == 204


def test_a_deleted_product_stays_readable_in_old_orders(manager, place, lamp):
    order = place((lamp, 1))
    orders.change_status(actor=None, pk=order.pk, target="CANCELADO")
    before = manager.get(f"/api/v1/orders/{order.pk}").json()

    manager.delete(f"{URL}/{lamp.pk}")

    assert manager.get(f"/api/v1/orders/{order.pk}").json() == before


def test_a_deleted_product_cannot_be_sold(manager, a_customer, lamp):
    manager.delete(f"{URL}/{lamp.pk}")
    body = order_body(a_customer(), (lamp, 1))

    with nothing_changed():
        response = post_order(manager, body)

    assert refusal(response) == (409, "product_inactive")


def test_restoring_brings_the_product_back_as_it_was(manager, lamp):
    before = manager.get(f"{URL}/{lamp.pk}").json()
    manager.delete(f"{URL}/{lamp.pk}")

    response = manager.post(f"{URL}/{lamp.pk}/restore")

    assert response.status_code == 200
    assert response.json() == before | {"updated_at": response.json()["updated_at"]}
    read = manager.get(f"{URL}/{lamp.pk}")
    assert (read.json(), read["ETag"]) == (response.json(), response["ETag"])


def test_deleting_leaves_is_active_alone(manager, lamp):
    manager.patch(f"{URL}/{lamp.pk}", {"is_active": False})
    manager.delete(f"{URL}/{lamp.pk}")

    assert manager.post(f"{URL}/{lamp.pk}/restore").json()["is_active"] is False


def test_restoring_a_live_product_changes_nothing(manager, lamp):
    before = manager.get(f"{URL}/{lamp.pk}")

    with nothing_changed():
        response = manager.post(f"{URL}/{lamp.pk}/restore")

    assert (response.status_code, response.json(), response["ETag"]) == (200, before.json(), before["ETag"])


def test_a_body_that_a_deletion_does_not_know_is_refused(manager, lamp):
    with nothing_changed():
        deleted = manager.delete(f"{URL}/{lamp.pk}", {"force": True})
        restored = manager.post(f"{URL}/{lamp.pk}/restore", {"force": True})

    assert pointers(deleted) == pointers(restored) == {"/force": "unknown_field"}
