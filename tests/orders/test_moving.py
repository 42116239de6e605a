"""PATCH /orders/:id/status and DELETE /orders/:id: the life of an order."""

import pytest
from django.contrib.auth.models import Group, Permission

from apps.common.rows import select_many
from apps.events import outbox
from apps.orders import loading, services
from apps.orders.lifecycle import NEXT, OPEN, Status
from apps.orders.models import Order, StatusChange
from apps.products.models import StockMovement
from tests.audits import audit, nothing_changed
from tests.problems import pointers, refusal

LEGAL = [(source, target) for source, targets in NEXT.items() for target in targets]
ILLEGAL = [(s, t) for s in Status for t in Status if s != t and (s, t) not in LEGAL]


def move(api, order, status, **extra):
    return api.patch(f"/api/v1/orders/{order.pk}/status", {"status": status} | extra)


def cancel(api, order, *body):
    return api.delete(f"/api/v1/orders/{order.pk}", *body)


def as_shown(order):
    return order.status, order.version, len(order.loaded_history())


def ledger(order):
    """(kind, on_hand_delta, reserved_delta, on_hand_after, reserved_after) of each row the order brought about."""
    rows = StockMovement.objects.filter(reference=order.reference).order_by("pk")
    return list(rows.values_list("kind", "on_hand_delta", "reserved_delta", "on_hand_after", "reserved_after"))


def test_the_table_is_the_brief_s():
    assert {source.value: [target.value for target in targets] for source, targets in NEXT.items()} == {
        "PENDENTE": ["CONFIRMADO", "CANCELADO"],
        "CONFIRMADO": ["SEPARADO", "CANCELADO"],
        "SEPARADO": ["ENVIADO"],
        "ENVIADO": ["ENTREGUE"],
        "ENTREGUE": [],
        "CANCELADO": [],
    }
    assert OPEN == ("PENDENTE", "CONFIRMADO", "SEPARADO", "ENVIADO")


@pytest.mark.parametrize(("source", "target"), LEGAL)
def test_a_legal_move_is_made(manager, order_in, source, target):
    order = order_in(source)

    response = move(manager, order, target)

    assert response.status_code == 200
    assert response.json()["status"] == target
    assert response.json()["version"] == order.version + 1
    assert response.json() == manager.get(f"/api/v1/orders/{order.pk}").json()
    audit()


@pytest.mark.parametrize(("source", "target"), ILLEGAL)
def test_an_illegal_move_is_refused_naming_the_legal_ones(manager, order_in, source, target):
    order = order_in(source)

    with nothing_changed():
        response = move(manager, order, target)

    assert refusal(response) == (409, "invalid_transition")
    problem = response.json()
    assert (problem["from"], problem["to"], problem["allowed"]) == (source, target, list(NEXT[source]))


@pytest.mark.parametrize("status", Status)
def test_asking_for_the_status_it_has_changes_nothing(manager, order_in, status):
    order = order_in(status)
    before = manager.get(f"/api/v1/orders/{order.pk}")

    with nothing_changed():
        response = move(manager, order, status, note="once more")

    assert response.status_code == 200
    assert response.json() == before.json()
    assert response["ETag"] == before["ETag"]


def test_confirming_picking_and_delivering_leave_the_stock_alone(operator, order_in, lamp):
    order = order_in("PENDENTE", (lamp, 3))

    for status, counters in [
        ("CONFIRMADO", (10, 3)), ("SEPARADO", (10, 3)), ("ENVIADO", (7, 0)), ("ENTREGUE", (7, 0)),
    ]:  # fmt: skip
        assert move(operator, order, status).status_code == 200
        lamp.refresh_from_db()
        assert (lamp.on_hand, lamp.reserved) == counters


def test_shipping_takes_each_product_from_both_counters_in_one_row(operator, order_in, lamp, a_product):
    rug = a_product(in_stock=4)
    order = order_in("SEPARADO", (lamp, 3), (rug, 4))

    move(operator, order, "ENVIADO")

    assert ledger(order) == [
        ("RESERVATION", 0, 3, 10, 3),
        ("RESERVATION", 0, 4, 4, 4),
        ("SHIPMENT", -3, -3, 7, 0),
        ("SHIPMENT", -4, -4, 0, 0),
    ]


@pytest.mark.parametrize("status", ["PENDENTE", "CONFIRMADO"])
@pytest.mark.parametrize("how", ["DELETE", "PATCH"])
def test_cancelling_gives_the_stock_back(manager, order_in, lamp, status, how):
    order = order_in(status, (lamp, 3))

    response = cancel(manager, order) if how == "DELETE" else move(manager, order, "CANCELADO")

    assert response.status_code == 200
    assert response.json()["status"] == "CANCELADO"
    assert ledger(order) == [("RESERVATION", 0, 3, 10, 3), ("RELEASE", 0, -3, 10, 0)]
    lamp.refresh_from_db()
    assert (lamp.on_hand, lamp.reserved, lamp.available) == (10, 0, 10)


def test_cancelling_twice_gives_the_stock_back_once(manager, order_in, lamp):
    order = order_in("PENDENTE", (lamp, 3))
    first = cancel(manager, order, {"reason": "changed her mind"})

    with nothing_changed():
        second = cancel(manager, order, {"reason": "really"})

    assert second.status_code == 200
    assert second.json() == first.json()


@pytest.mark.parametrize("status", ["SEPARADO", "ENVIADO", "ENTREGUE"])
def test_what_is_picked_cannot_be_cancelled(manager, order_in, status):
    order = order_in(status)

    with nothing_changed():
        response = cancel(manager, order)

    assert refusal(response) == (409, "invalid_transition")


@pytest.mark.parametrize(
    ("body", "note"),
    [
        ((), ""),
        (({},), ""),
        (({"reason": None},), ""),
        (({"reason": "  "},), ""),
        (({"reason": "Cliente desistiu — não quer mais 🙁"},), "Cliente desistiu — não quer mais 🙁"),
        (({"reason": "r" * 500},), "r" * 500),
    ],
)
def test_the_reason_of_a_cancellation_is_its_note_in_the_history(manager, order_in, body, note):
    order = order_in("PENDENTE")

    history = cancel(manager, order, *body).json()["history"]

    assert [(step["from_status"], step["to_status"], step["note"]) for step in history] == [
        (None, "PENDENTE", ""),
        ("PENDENTE", "CANCELADO", note),
    ]


def test_the_history_tells_who_did_what_and_when_oldest_first(manager, operator, a_customer, lamp):
    placed = operator.post(
        "/api/v1/orders",
        {"customer_id": a_customer().pk, "items": [{"product_id": lamp.pk, "quantity": 1}], "idempotency_key": "k"},
    ).json()
    order = Order.objects.get(pk=placed["id"])
    move(operator, order, "CONFIRMADO", note="paid")
    move(manager, order, "SEPARADO", note=None)

    history = operator.get(f"/api/v1/orders/{order.pk}").json()["history"]

    assert [(step["from_status"], step["to_status"], step["actor"], step["note"]) for step in history] == [
        (None, "PENDENTE", operator.user.username, ""),
        ("PENDENTE", "CONFIRMADO", operator.user.username, "paid"),
        ("CONFIRMADO", "SEPARADO", manager.user.username, ""),
    ]
    moments = [step["created_at"] for step in history]
    assert moments == sorted(moments)
    assert moments[0] == placed["created_at"]


def test_a_move_changes_the_status_and_nothing_else_of_the_order(manager, order_in):
    order = order_in("PENDENTE")
    before = manager.get(f"/api/v1/orders/{order.pk}").json()

    after = move(manager, order, "CONFIRMADO").json()

    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"status", "allowed_transitions", "updated_at", "version", "history"}
    assert after["updated_at"] > before["updated_at"]


@pytest.mark.parametrize(
    ("role", "moves"),
    [
        ("Admin", ["CONFIRMADO", "CANCELADO"]),
        ("Manager", ["CONFIRMADO", "CANCELADO"]),
        ("Operator", ["CONFIRMADO"]),
        ("Viewer", []),
        ("", []),
    ],
)
def test_allowed_transitions_are_those_this_caller_may_make(api_as, order_in, role, moves):
    order, api = order_in("PENDENTE"), api_as(role)

    detail = api.get(f"/api/v1/orders/{order.pk}").json()
    [listed] = api.get("/api/v1/orders").json()["results"]

    assert detail["allowed_transitions"] == listed["allowed_transitions"] == moves
    for status in ("CANCELADO", "CONFIRMADO"):
        assert (move(api, order_in("PENDENTE"), status).status_code == 200) is (status in moves)


@pytest.mark.parametrize("status", ["SEPARADO", "ENVIADO", "ENTREGUE", "CANCELADO"])
def test_allowed_transitions_follow_the_table(manager, order_in, status):
    detail = manager.get(f"/api/v1/orders/{order_in(status).pk}").json()

    assert detail["allowed_transitions"] == list(NEXT[status])


def test_an_operator_cancels_in_neither_way(operator, order_in):
    order = order_in("PENDENTE")

    with nothing_changed():
        deleted, moved = cancel(operator, order), move(operator, order, "CANCELADO")

    assert refusal(deleted) == refusal(moved) == (403, "permission_denied")


def test_a_viewer_moves_nothing(viewer, order_in):
    order = order_in("PENDENTE")

    with nothing_changed():
        refusals = {refusal(move(viewer, order, status)) for status in [*Status, "NONSENSE", 7, None]}
        refusals.add(refusal(cancel(viewer, order)))

    assert refusals == {(403, "permission_denied")}


@pytest.mark.parametrize(("codename", "moved", "cancelled"), [("move_order", 200, 403), ("cancel_order", 403, 200)])
def test_a_shop_s_own_group_may_hold_one_permission_without_the_other(
    api_as, a_user, order_in, codename, moved, cancelled
):
    clerk, group = a_user(), Group.objects.create(name="Clerks")
    group.permissions.add(Permission.objects.get(codename=codename))
    clerk.groups.add(group)
    api = api_as(clerk)

    assert move(api, order_in("PENDENTE"), "CONFIRMADO").status_code == moved
    assert move(api, order_in("PENDENTE"), "CANCELADO").status_code == cancelled
    assert cancel(api, order_in("PENDENTE")).status_code == cancelled


def test_permission_is_judged_before_existence_and_existence_before_the_body(viewer, operator, manager):
    nowhere = Order(pk=2**62)

    assert refusal(move(viewer, nowhere, "CONFIRMADO")) == (403, "permission_denied")
    assert refusal(move(operator, nowhere, "CANCELADO")) == (403, "permission_denied")
    assert refusal(move(operator, nowhere, "NONSENSE")) == (404, "not_found")
    assert refusal(cancel(operator, nowhere)) == (403, "permission_denied")
    assert refusal(cancel(manager, nowhere, {"nonsense": 1})) == (404, "not_found")


@pytest.mark.parametrize("pk", ["0", "99999999", "9" * 19, "9" * 50, "-1", "one", "1.0"])
def test_an_order_that_is_not_there_is_not_found(manager, pk):
    for response in (
        manager.get(f"/api/v1/orders/{pk}"),
        manager.delete(f"/api/v1/orders/{pk}"),
        manager.patch(f"/api/v1/orders/{pk}/status", {"status": "CONFIRMADO"}),
        manager.get(f"/api/v1/orders/{pk}/events"),
    ):
        assert refusal(response) == (404, "not_found")


def test_every_mistake_of_a_move_is_told_at_once(manager, order_in):
    order = order_in("PENDENTE")

    with nothing_changed():
        response = move(manager, order, "confirmado", note="n" * 501, actor="me")

    assert pointers(response) == {"/status": "invalid_choice", "/note": "max_length", "/actor": "unknown_field"}


def test_a_move_needs_a_status(manager, order_in):
    order = order_in("PENDENTE")

    assert pointers(manager.patch(f"/api/v1/orders/{order.pk}/status", {})) == {"/status": "required"}
    assert pointers(move(manager, order, None)) == {"/status": "null"}


def test_a_cancellation_s_body_is_judged_before_the_table(manager, order_in):
    order = order_in("ENTREGUE")

    with nothing_changed():
        response = cancel(manager, order, {"reason": "r" * 501, "status": "CANCELADO"})

    assert pointers(response) == {"/reason": "max_length", "/status": "unknown_field"}


def test_an_order_is_moved_along_only_by_its_own_routes(manager, order_in):
    order = order_in("PENDENTE")

    for response in (
        manager.patch(f"/api/v1/orders/{order.pk}", {"status": "ENTREGUE"}),
        manager.put(f"/api/v1/orders/{order.pk}", {"status": "ENTREGUE"}),
        manager.post(f"/api/v1/orders/{order.pk}/status", {"status": "CONFIRMADO"}),
    ):
        assert refusal(response) == (405, "method_not_allowed")


def test_nothing_of_a_move_remains_when_its_events_cannot_be_written(manager, order_in, lamp, monkeypatch):
    order = order_in("SEPARADO", (lamp, 3))

    def full(*args, **kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(outbox, "publish_for", full)
    with nothing_changed():
        response = move(manager, order, "ENVIADO")

    assert response.status_code == 500
    assert StatusChange.objects.filter(order=order).count() == 3


def test_a_move_between_the_statements_of_a_look_is_not_half_shown(place, a_product, monkeypatch):
    """Each SELECT sees what was committed when it began: the order as it was stays without the step to come."""
    order = place((a_product(in_stock=5), 1))

    def slowly(first, *others):
        monkeypatch.undo()
        found = select_many(first)
        services.change_status(actor=None, pk=order.pk, target=Status.CONFIRMADO)
        return [*found, *select_many(*others)]

    monkeypatch.setattr(loading, "select_many", slowly)

    assert as_shown(loading.load_order(order.pk)) == ("PENDENTE", 1, 1)
    assert as_shown(loading.load_order(order.pk)) == ("CONFIRMADO", 2, 2)


def test_a_move_between_a_replay_and_its_details_is_not_half_shown(place, a_product):
    order = place((a_product(in_stock=5), 1))
    seen = Order.objects.get(pk=order.pk)
    services.change_status(actor=None, pk=order.pk, target=Status.CONFIRMADO)

    assert len(seen.loaded_history()) == 1
    loading.load_details([seen])
    assert len(seen.loaded_history()) == 1
