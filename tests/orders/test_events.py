"""What an order tells the world, in the transaction that it tells of."""

import json

import pytest

from apps.events import outbox
from apps.events.models import Event
from apps.products import stock
from tests.asking import order_body, post_order
from tests.audits import audit
from tests.problems import refusal


@pytest.fixture
def rug(a_product):
    return a_product(in_stock=5, sku="RUG-1", name="Rug")


@pytest.fixture
def placed(operator, a_customer, lamp, rug):
    """An order of two rugs and three lamps, as the API answered it."""
    body = order_body(a_customer(name="Ana"), (rug, 2), (lamp, 3), freight="9.90")
    response = operator.post(
        "/api/v1/orders", body, headers={"Idempotency-Key": "web-1", "X-Request-ID": "a-trace-of-mine"}
    )
    return response.json()


def events_of(api, order, query=""):
    response = api.get(f"/api/v1/orders/{order['id']}/events{query}")
    assert response.status_code == 200
    return response.json()["results"]


def without_callers_view(order):
    """What an event knows of an order: all but what depends on who looks, and the history."""
    return {name: order[name] for name in order if name not in ("allowed_transitions", "history")}


def test_placing_tells_of_the_order_and_of_each_reservation(operator, placed, lamp, rug):
    events = events_of(operator, placed)

    assert [(event["type"], event["subject"], event["sequence"]) for event in events] == [
        ("order.created", f"order/{placed['id']}", 1),
        ("stock.reserved", f"product/{lamp.pk}", 3),
        ("stock.reserved", f"product/{rug.pk}", 3),
    ]
    assert {event["actor"] for event in events} == {operator.user.username}
    assert {event["request_id"] for event in events} == {"a-trace-of-mine"}
    assert all(event["occurred_at"].endswith("Z") for event in events)


def test_an_order_event_carries_the_whole_order(operator, placed):
    created = events_of(operator, placed)[0]

    assert created["payload"] == {"order": without_callers_view(placed)}


def test_a_stock_event_can_be_acted_on_without_calling_back(operator, placed, lamp):
    reserved = events_of(operator, placed)[1]

    order = {"id": placed["id"], "number": placed["number"]}
    assert reserved["payload"] == {
        "product": {"id": lamp.pk, "sku": "LAMP-1", "name": "Lamp"},
        "quantity": 3,
        "on_hand_delta": 0,
        "reserved_delta": 3,
        "on_hand": 10,
        "reserved": 3,
        "available": 7,
        "order": order,
        "order_id": placed["id"],
        "reason": "",
    }


def test_every_move_tells_of_itself_and_of_what_it_did_to_stock(operator, placed, lamp, rug):
    for status in ("CONFIRMADO", "SEPARADO", "ENVIADO", "ENTREGUE"):
        operator.patch(f"/api/v1/orders/{placed['id']}/status", {"status": status, "note": f"now {status}"})

    events = events_of(operator, placed)[3:]
    order = f"order/{placed['id']}"
    assert [(event["type"], event["subject"], event["sequence"]) for event in events] == [
        ("order.status_changed", order, 2),
        ("order.status_changed", order, 3),
        ("order.status_changed", order, 4),
        ("stock.shipped", f"product/{lamp.pk}", 4),
        ("stock.shipped", f"product/{rug.pk}", 4),
        ("order.status_changed", order, 5),
    ]
    payload = events[2]["payload"]
    assert (payload["from"], payload["to"], payload["note"]) == ("SEPARADO", "ENVIADO", "now ENVIADO")
    assert (payload["order"]["status"], payload["order"]["version"]) == ("ENVIADO", 4)
    shipped = events[3]["payload"]
    assert (shipped["quantity"], shipped["on_hand_delta"], shipped["reserved_delta"]) == (3, -3, -3)
    assert (shipped["on_hand"], shipped["reserved"], shipped["available"]) == (7, 0, 7)


def test_the_order_in_an_event_is_the_one_the_move_answered(operator, placed):
    answer = operator.patch(f"/api/v1/orders/{placed['id']}/status", {"status": "CONFIRMADO"}).json()

    changed = events_of(operator, placed)[-1]

    assert changed["payload"]["order"] == without_callers_view(answer)


def test_a_cancellation_tells_both_that_it_moved_and_that_it_is_off(manager, placed, lamp, rug):
    manager.delete(f"/api/v1/orders/{placed['id']}", {"reason": "changed her mind"})

    events = events_of(manager, placed)[3:]
    assert [(event["type"], event["subject"], event["sequence"]) for event in events] == [
        ("order.status_changed", f"order/{placed['id']}", 2),
        ("order.cancelled", f"order/{placed['id']}", 3),
        ("stock.released", f"product/{lamp.pk}", 4),
        ("stock.released", f"product/{rug.pk}", 4),
    ]
    cancelled = events[1]["payload"]
    assert (cancelled["from"], cancelled["to"], cancelled["reason"]) == ("PENDENTE", "CANCELADO", "changed her mind")
    assert cancelled["order"]["status"] == "CANCELADO"
    assert {event["actor"] for event in events} == {manager.user.username}


def test_stock_that_runs_low_because_of_an_order_is_among_its_events(operator, a_customer, a_product):
    bulb = a_product(in_stock=5, low_stock_threshold=2)

    order = post_order(operator, order_body(a_customer(), (bulb, 3))).json()

    low = events_of(operator, order)[-1]
    assert (low["type"], low["subject"], low["sequence"]) == ("stock.low", f"product/{bulb.pk}", 4)
    assert (low["payload"]["available"], low["payload"]["threshold"]) == (2, 2)
    assert low["payload"]["order_id"] == order["id"]


def test_other_people_s_business_is_not_among_an_order_s_events(operator, placed, place, lamp):
    place((lamp, 1))
    stock.adjust_stock(actor=None, pk=lamp.pk, delta=5)

    assert [event["sequence"] for event in events_of(operator, placed)] == [1, 3, 3]


def test_sequences_have_no_gaps_whoever_takes_them(manager, placed, place, lamp, rug):
    place((lamp, 1), (rug, 1))
    stock.adjust_stock(actor=None, pk=lamp.pk, delta=5)
    manager.patch(f"/api/v1/products/{lamp.pk}", {"name": "Floor lamp"})
    manager.delete(f"/api/v1/orders/{placed['id']}")

    numbers = Event.objects.filter(subject=f"product/{lamp.pk}").order_by("id").values_list("sequence", flat=True)
    assert list(numbers) == [1, 2, 3, 4, 5, 6, 7]
    audit()


def test_a_refusal_takes_no_number(manager, placed, place, lamp):
    manager.patch(f"/api/v1/orders/{placed['id']}/status", {"status": "ENTREGUE"})
    manager.patch(f"/api/v1/orders/{placed['id']}/status", {"status": "CONFIRMADO"})

    numbers = Event.objects.filter(subject=f"order/{placed['id']}").order_by("id").values_list("sequence", flat=True)
    assert list(numbers) == [1, 2]


def test_personal_data_never_stands_in_a_payload(manager, a_customer, lamp):
    ana = a_customer(
        name="Ana", document="52998224725", email="ana.souza@example.com", phone="+5511987654321", city="São Paulo"
    )
    order = post_order(manager, order_body(ana, (lamp, 1))).json()
    manager.patch(f"/api/v1/customers/{ana.pk}", {"document": "11144477735", "phone": "(11) 91234-5678"})
    manager.delete(f"/api/v1/orders/{order['id']}")
    manager.delete(f"/api/v1/customers/{ana.pk}")
    manager.post(f"/api/v1/customers/{ana.pk}/restore")

    told = json.dumps([*Event.objects.values_list("payload", flat=True)])
    assert Event.objects.filter(subject=ana.reference).count() == 4
    for secret in ("52998224725", "11144477735", "ana.souza", "987654321", "912345678"):
        assert secret not in told


def test_events_of_a_command_have_neither_actor_nor_request(viewer, place, lamp):
    order = place((lamp, 1))

    [created, _reserved] = events_of(viewer, {"id": order.pk})

    assert (created["actor"], created["request_id"]) == (None, None)


def test_events_can_be_walked_ordered_and_searched_like_any_list(operator, placed, lamp):
    body = operator.get(f"/api/v1/orders/{placed['id']}/events?page_size=2").json()
    assert (body["count"], len(body["results"])) == (3, 2)

    newest = events_of(operator, placed, "?ordering=-id")
    assert [event["subject"] for event in newest][-1] == f"order/{placed['id']}"
    assert [event["type"] for event in events_of(operator, placed, "?search=order.created")] == ["order.created"]
    assert len(events_of(operator, placed, f"?search=product/{lamp.pk}")) == 1
    walked = operator.get(f"/api/v1/orders/{placed['id']}/events?cursor=&page_size=2").json()
    rest = operator.get(walked["next"]).json()
    assert [event["id"] for event in walked["results"] + rest["results"]] == [
        event["id"] for event in events_of(operator, placed)
    ]


def test_events_of_no_order_are_not_found(operator):
    assert refusal(operator.get("/api/v1/orders/99999999/events")) == (404, "not_found")


@pytest.mark.django_db(transaction=True)
def test_a_fact_is_not_published_outside_the_transaction_it_tells_of(place, a_product):
    order = place((a_product(), 1))
    count = Event.objects.count()

    with pytest.raises(RuntimeError, match="inside the transaction"):
        outbox.publish([outbox.fact(order, "order.status_changed", {})], actor=None)

    assert Event.objects.count() == count
