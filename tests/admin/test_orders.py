"""Orders at the desk: read, and moved by buttons that post."""

from typing import Any

import pytest

from apps.events.models import Event
from apps.orders import services
from apps.orders.admin import COLOURS, VERBS
from apps.orders.lifecycle import NEXT, Status
from apps.orders.models import Order, OrderItem, StatusChange
from apps.products.models import Product
from tests.admin.conftest import Desk, messages

READ = ("orders.view_order", "orders.view_orderitem", "orders.view_statuschange")
MOVE, CANCEL = "orders.move_order", "orders.cancel_order"


def page(order: Order) -> str:
    return f"orders/order/{order.pk}/change/"


def test_each_status_has_its_button_and_its_colour():
    assert VERBS.keys() == {target for targets in NEXT.values() for target in targets}
    assert COLOURS.keys() == set(Status)


def push(desk: Desk, order: Order, target: str, **extra: Any) -> Any:
    """Press the button of this status, as it stands on the page of the order."""
    return desk.press(f"orders/order/{order.pk}/status/", **({"status": target, "version": order.version} | extra))


def buttons(desk: Desk, order: Order) -> set[str]:
    """The statuses that the page of the order has a button for."""
    html = desk.open(page(order)).content.decode()
    return {status for status in Status.values if f'name="status" value="{status}"' in html}


def carried_to(order: Order, status: str) -> Order:
    """The order, moved along to this status."""
    path = ["CONFIRMADO", "SEPARADO", "ENVIADO", "ENTREGUE"]
    steps = [] if status == "PENDENTE" else ["CANCELADO"] if status == "CANCELADO" else path[: path.index(status) + 1]
    for step in steps:
        services.change_status(actor=None, pk=order.pk, target=step)
    return Order.objects.get(pk=order.pk)


@pytest.fixture
def order(place, a_product):
    """Two lamps for somebody."""
    return place((a_product(in_stock=5, sku="LAMP-1", name="Lamp"), 2))


@pytest.mark.parametrize("status", Status.values)
def test_the_page_has_a_button_for_each_legal_move(status, admin, order):
    moved = carried_to(order, status)

    assert buttons(admin, moved) == set(NEXT[Status(status)])


@pytest.mark.parametrize(("permissions", "shown"), [((), set()), ((MOVE,), {"CONFIRMADO"}), ((CANCEL,), {"CANCELADO"})])
def test_a_button_is_shown_to_who_may_press_it(permissions, shown, staff_with, order):
    assert buttons(staff_with(*READ, *permissions), order) == shown


@pytest.mark.parametrize(("permission", "target"), [(MOVE, "CANCELADO"), (CANCEL, "CONFIRMADO")])
def test_a_button_that_is_not_shown_does_not_work_either(permission, target, staff_with, order):
    refused = push(staff_with(*READ, permission), order, target, note="I insist")

    assert refused.status_code == 403
    assert Order.objects.get(pk=order.pk).status == "PENDENTE"
    assert StatusChange.objects.count() == 1


def test_moving_writes_history_and_events_in_the_name_of_who_pressed(admin, order):
    response = push(admin, order, "CONFIRMADO")

    moved = Order.objects.get(pk=order.pk)
    step = StatusChange.objects.get(to_status="CONFIRMADO")
    assert (moved.status, moved.version) == ("CONFIRMADO", 2)
    assert (step.from_status, step.actor) == ("PENDENTE", admin.user)
    assert Event.objects.get(type="order.status_changed").actor == admin.user.username
    assert len(messages(response)) == 1


def test_cancelling_gives_the_stock_back_and_keeps_the_reason(admin, order):
    push(admin, order, "CANCELADO", note="Changed her mind")

    assert Order.objects.get(pk=order.pk).status == "CANCELADO"
    assert StatusChange.objects.get(to_status="CANCELADO").note == "Changed her mind"
    assert Product.objects.get(sku="LAMP-1").reserved == 0


@pytest.mark.parametrize("note", ["", "   ", "x" * 501])
def test_who_cancels_says_why_in_a_few_words(note, admin, order):
    response = push(admin, order, "CANCELADO", note=note)

    assert messages(response)
    assert Order.objects.get(pk=order.pk).status == "PENDENTE"


def test_nobody_moves_an_order_that_was_moved_meanwhile(admin, order):
    carried_to(order, "CONFIRMADO")

    response = push(admin, order, "CANCELADO", note="Too late")

    assert len(messages(response)) == 1
    assert Order.objects.get(pk=order.pk).status == "CONFIRMADO"


@pytest.mark.parametrize("target", ["ENTREGUE", "NOPE", "", "\0"])
def test_a_move_that_does_not_exist_is_told_and_changes_nothing(target, admin, order):
    response = push(admin, order, target)

    assert response.status_code == 200
    assert messages(response)
    assert Order.objects.get(pk=order.pk).version == 1


def test_opening_the_address_of_a_button_moves_nothing_and_leads_to_the_order(admin, order):
    """As after a sign-in in between: Django goes on from where the session had ended."""
    response = admin.open(f"orders/order/{order.pk}/status/", status="CONFIRMADO", version=1)

    assert (response.status_code, response.headers["Location"]) == (302, f"/admin/{page(order)}")
    assert Order.objects.get(pk=order.pk).status == "PENDENTE"


def test_the_page_shows_lines_money_history_and_events(admin, order):
    html = admin.client.get(f"/admin/{page(order)}", headers={"Accept-Language": "pt-BR"}).content.decode()

    for text in (order.number, order.customer.name, "LAMP-1", "Lamp", "20,00", "Pendente", "stock.reserved"):
        assert text in html


def test_lines_history_and_events_are_shown_to_who_may_see_them(staff_with, order):
    html = staff_with("orders.view_order").open(page(order)).content.decode()

    assert order.number in html
    assert "LAMP-1" not in html
    assert "stock.reserved" not in html


def test_orders_are_neither_added_nor_edited_nor_deleted_here(a_user, at_desk, order):
    desk = at_desk(a_user("Admin", superuser=True))
    url = f"/admin/orders/order/{order.pk}"

    answers = [
        desk.client.get("/admin/orders/order/add/"),
        desk.client.post("/admin/orders/order/add/", {"customer": order.customer_id, "total": "1.00"}),
        desk.client.post(f"{url}/change/", {"total": "1.00", "status": "ENTREGUE"}),
        desk.client.get(f"{url}/delete/"),
        desk.client.post(f"{url}/delete/", {"post": "yes"}),
        desk.client.post("/admin/orders/order/", {"action": "delete_selected", "_selected_action": order.pk}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403, 403, 403, 200]
    kept = Order.objects.get(pk=order.pk)
    assert (kept.status, kept.total, kept.version) == ("PENDENTE", order.total, 1)
    assert OrderItem.objects.count() == 1


def test_events_are_read_and_never_written(a_user, at_desk, order):
    desk = at_desk(a_user("Admin", superuser=True))
    event = Event.objects.earliest("id")
    url = f"/admin/events/event/{event.pk}"

    answers = [
        desk.client.post("/admin/events/event/add/", {"type": "order.created"}),
        desk.client.post(f"{url}/change/", {"type": "order.cancelled"}),
        desk.client.post(f"{url}/delete/", {"post": "yes"}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert Event.objects.earliest("id").type == event.type
    assert desk.open(f"events/event/{event.pk}/change/").status_code == 200


def test_an_order_is_found_by_its_number(admin, order, place, a_product):
    place((a_product(), 1))

    found = admin.open("orders/order/", q=order.number.lower()).context["cl"].result_list

    assert list(found) == [order]
