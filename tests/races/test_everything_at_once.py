"""Whoever meets whom: nobody is answered with a 5xx, no two of them undo each other, and the books balance."""

from collections import Counter

import pytest
from django.contrib.admin.models import LogEntry

from apps.authentication import passwords, policy, tokens, trail
from apps.authentication.models import SignIn, User
from apps.common import locks
from apps.common.errors import Invalid
from apps.customers import services as customers
from apps.events.models import Event
from apps.orders import moving
from apps.orders import services as orders
from apps.orders.models import StatusChange
from apps.products import services as products
from apps.products import stock
from apps.products.models import Product, StockMovement
from tests.asking import a_key, order_body, post_order
from tests.audits import audit
from tests.conftest import PASSWORD
from tests.problems import refusal

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def call(manager, same):
    """call("PATCH", "products/7", {"name": "…"}): a request to be made later, in another thread."""

    def prepare(method, path, body=None, **headers):
        send = getattr(same(manager), method.lower())
        return lambda: send(f"/api/v1/{path}", body, headers=headers)

    return prepare


@pytest.fixture
def buy(call):
    """buy(ana, (lamp, 1)): an order to be placed later, under a key of its own."""
    return lambda customer, *wanted: call(
        "POST", "orders", order_body(customer, *wanted), **{"Idempotency-Key": a_key()}
    )


def test_all_that_can_happen_happens_at_once(at_once, call, buy, place, a_customer, a_product):
    ana, bruno = a_customer(name="Ana"), a_customer(name="Bruno")
    lamp, rug = a_product(in_stock=30), a_product(in_stock=30)
    open_orders = [place((lamp, 1), (rug, 2), customer=ana).pk for _ in range(4)]
    shipping = place((rug, 1), customer=ana).pk
    for status in ("CONFIRMADO", "SEPARADO"):
        orders.change_status(actor=None, pk=shipping, target=status)

    answers = at_once(
        *[buy(ana, (rug, 1), (lamp, 1)) for _ in range(4)],
        *[buy(bruno, (lamp, 2), (rug, 2)) for _ in range(4)],
        *[call("DELETE", f"orders/{pk}") for pk in open_orders],
        *[call("PATCH", f"orders/{pk}/status", {"status": "CONFIRMADO"}) for pk in open_orders],
        *[call("PATCH", f"orders/{pk}/status", {"status": "CANCELADO"}) for pk in open_orders[:2]],
        call("PATCH", f"orders/{shipping}/status", {"status": "ENVIADO"}),
        call("PATCH", f"orders/{shipping}/status", {"status": "ENVIADO"}),
        call("PATCH", f"products/{lamp.pk}", {"name": "Luminária"}),
        call("PATCH", f"products/{rug.pk}", {"price": "12.00"}),
        call("PATCH", f"products/{lamp.pk}/stock", {"on_hand": 28}),
        call("PATCH", f"products/{rug.pk}/stock", {"delta": 5}),
        call("DELETE", f"products/{rug.pk}"),
        call("PATCH", f"customers/{ana.pk}", {"name": "Ana Paula"}),
        call("PATCH", f"customers/{bruno.pk}", {"is_active": False}),
        call("DELETE", f"customers/{ana.pk}"),
        call("DELETE", f"customers/{bruno.pk}"),
        call("GET", "orders"),
        call("GET", f"orders/{open_orders[0]}"),
    )

    statuses = Counter(answer.status_code for answer in answers)
    assert set(statuses) <= {200, 201, 204, 404, 409}, statuses
    assert StatusChange.objects.filter(order_id=shipping, to_status="ENVIADO").count() == 1
    audit()


def test_two_cancellations_at_once_give_the_stock_back_once(at_once, call, place, lamp):
    order = place((lamp, 3))

    answers = at_once(*[call("DELETE", f"orders/{order.pk}", {"reason": str(number)}) for number in range(10)])

    assert {answer.status_code for answer in answers} == {200}
    assert StockMovement.objects.filter(kind="RELEASE").count() == 1
    assert StatusChange.objects.filter(order=order, to_status="CANCELADO").count() == 1
    lamp.refresh_from_db()
    assert (lamp.on_hand, lamp.reserved) == (10, 0)
    audit()


def test_a_second_cancellation_waits_for_the_first(meanwhile, manager, call, place, lamp):
    order = place((lamp, 3))
    second = meanwhile(moving, "decide", call("DELETE", f"orders/{order.pk}"))

    assert manager.delete(f"/api/v1/orders/{order.pk}").status_code == 200

    assert second().status_code == 200
    assert StockMovement.objects.filter(kind="RELEASE").count() == 1
    audit()


def test_of_confirming_picking_and_cancelling_at_once_a_legal_path_remains(at_once, call, place, lamp):
    order = place((lamp, 3))

    answers = at_once(
        *[
            call("PATCH", f"orders/{order.pk}/status", {"status": status})
            for status in ("CONFIRMADO", "SEPARADO", "CANCELADO", "ENVIADO", "ENTREGUE") * 3
        ]
    )

    assert {answer.status_code for answer in answers} <= {200, 409}
    audit()


def test_one_tag_lets_one_of_two_writers_through(at_once, manager, call, place, lamp):
    order = place((lamp, 1))
    tag = manager.get(f"/api/v1/orders/{order.pk}")["ETag"]

    answers = at_once(
        *[
            call("PATCH", f"orders/{order.pk}/status", {"status": status}, **{"If-Match": tag})
            for status in ("CONFIRMADO", "CANCELADO") * 4
        ]
    )

    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 7}
    audit()


def test_edits_under_one_tag_are_made_once(at_once, manager, call, lamp):
    tag = manager.get(f"/api/v1/products/{lamp.pk}")["ETag"]

    answers = at_once(
        *[call("PATCH", f"products/{lamp.pk}", {"name": f"Name {n}"}, **{"If-Match": tag}) for n in range(8)]
    )

    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 7}
    audit()


def test_counts_and_receipts_at_once_are_all_in_the_ledger(at_once, call, buy, ana, lamp):
    answers = at_once(
        *[call("PATCH", f"products/{lamp.pk}/stock", {"delta": 1}) for _ in range(10)],
        *[call("PATCH", f"products/{lamp.pk}/stock", {"delta": -1}) for _ in range(5)],
        *[buy(ana, (lamp, 1)) for _ in range(5)],
    )

    assert {answer.status_code for answer in answers} == {200, 201}
    lamp.refresh_from_db()
    assert (lamp.on_hand, lamp.reserved) == (15, 5)
    audit()


def test_a_rename_does_not_undo_an_order_that_was_placed_meanwhile(meanwhile, manager, buy, ana, lamp):
    second = meanwhile(products, "_save_and_tell", buy(ana, (lamp, 4)))

    assert manager.patch(f"/api/v1/products/{lamp.pk}", {"name": "Luminária"}).status_code == 200

    assert second().status_code == 201
    row = Product.objects.get(pk=lamp.pk)
    assert (row.name, row.on_hand, row.reserved) == ("Luminária", 10, 4)
    audit()


def test_a_count_below_what_is_being_sold_waits_and_is_refused(meanwhile, manager, call, ana, lamp):
    count = meanwhile(stock, "move", call("PATCH", f"products/{lamp.pk}/stock", {"on_hand": 5}))

    assert post_order(manager, order_body(ana, (lamp, 6))).status_code == 201

    assert refusal(count()) == (409, "stock_below_reserved")
    audit()


def test_a_second_receipt_waits_for_the_first(meanwhile, manager, call, lamp):
    second = meanwhile(stock, "move", call("PATCH", f"products/{lamp.pk}/stock", {"delta": 5}))

    first = manager.patch(f"/api/v1/products/{lamp.pk}/stock", {"delta": 3})

    assert (first.json()["on_hand"], second().json()["on_hand"]) == (13, 18)
    audit()


def test_without_the_row_lock_a_second_receipt_would_not_wait(meanwhile, manager, call, lamp, monkeypatch):
    """The race is real, and the test above would notice it. Even then the database keeps the books."""
    monkeypatch.setattr(locks, "EXCLUSIVE", dict.fromkeys(locks.EXCLUSIVE, ""))
    second = meanwhile(stock, "move", call("PATCH", f"products/{lamp.pk}/stock", {"delta": 5}))

    first = manager.patch(f"/api/v1/products/{lamp.pk}/stock", {"delta": 3})

    assert (second().status_code, second().json()["on_hand"]) == (200, 15)
    assert first.status_code == 500
    audit()


# Who is being deleted cannot order at the same time, and what is being deleted cannot be sold.


def test_a_customer_cannot_go_while_an_order_of_theirs_is_being_placed(meanwhile, manager, call, ana, lamp):
    deletion = meanwhile(stock, "move", call("DELETE", f"customers/{ana.pk}"))

    assert post_order(manager, order_body(ana, (lamp, 1))).status_code == 201

    assert refusal(deletion()) == (409, "customer_has_open_orders")


def test_a_customer_who_is_going_cannot_order(meanwhile, manager, buy, ana, lamp):
    order = meanwhile(customers, "_save_and_tell", buy(ana, (lamp, 1)))

    assert manager.delete(f"/api/v1/customers/{ana.pk}").status_code == 204

    assert refusal(order()) == (409, "customer_inactive")


def test_a_customer_cannot_be_deactivated_while_an_order_of_theirs_is_being_placed(meanwhile, manager, call, ana, lamp):
    deactivation = meanwhile(stock, "move", call("PATCH", f"customers/{ana.pk}", {"is_active": False}))

    placed = post_order(manager, order_body(ana, (lamp, 1)))

    assert (placed.status_code, deactivation().status_code) == (201, 200)
    told = Event.objects.filter(type__in=["order.created", "customer.updated"]).order_by("id")
    assert [event.type for event in told] == ["order.created", "customer.updated"]


def test_a_product_cannot_go_while_it_is_being_sold(meanwhile, manager, call, ana, lamp):
    deletion = meanwhile(stock, "move", call("DELETE", f"products/{lamp.pk}"))

    assert post_order(manager, order_body(ana, (lamp, 1))).status_code == 201

    assert refusal(deletion()) == (409, "product_has_open_orders")


def test_a_product_that_is_going_cannot_be_sold(meanwhile, manager, buy, ana, lamp):
    order = meanwhile(products, "_save_and_tell", buy(ana, (lamp, 1)))

    assert manager.delete(f"/api/v1/products/{lamp.pk}").status_code == 204

    assert refusal(order()) == (409, "product_inactive")


def test_deleting_and_ordering_at_once_never_both_succeed(at_once, call, buy, a_customer, a_product):
    for _round in range(3):
        ana, bruno, lamp, rug = a_customer(), a_customer(), a_product(), a_product()

        gone, ordered, unsold, sold = at_once(
            call("DELETE", f"customers/{ana.pk}"),
            buy(ana, (lamp, 1)),
            call("DELETE", f"products/{rug.pk}"),
            buy(bruno, (rug, 1)),
        )

        assert (gone.status_code, ordered.status_code) in {(204, 409), (409, 201)}
        assert (unsold.status_code, sold.status_code) in {(204, 409), (409, 201)}
    audit()


def test_one_sku_registered_by_many_at_once_is_one_product(at_once, call):
    body = {"sku": "CAFE-500", "name": "Café", "price": "29.45", "on_hand": 3}

    answers = at_once(*[call("POST", "products", body) for _ in range(10)])

    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 9}
    assert {refusal(answer) for answer in answers if answer.status_code == 409} == {(409, "already_exists")}
    audit()


def test_one_document_registered_by_many_at_once_is_one_customer(at_once, call):
    answers = at_once(*[call("POST", "customers", {"name": "Ana", "document": "52998224725"}) for _ in range(10)])

    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 9}
    assert {refusal(answer) for answer in answers if answer.status_code == 409} == {(409, "already_exists")}


# Sign-ins and administrators


def test_two_admins_who_dismiss_each_other_leave_one(meanwhile, api_as):
    maria, jose = api_as("Admin"), api_as("Admin")
    dismissal = {"roles": ["Viewer"]}
    other = meanwhile(policy, "refuse_losing_the_last", lambda: jose.patch(f"/api/v1/users/{maria.user.pk}", dismissal))

    assert maria.patch(f"/api/v1/users/{jose.user.pk}", dismissal).status_code == 200

    assert refusal(other()) in {(409, "last_admin"), (403, "permission_denied")}
    assert [user.pk for user in User.objects.filter(groups__name="Admin")] == [maria.user.pk]


@pytest.mark.parametrize("change", [{"roles": ["Viewer"]}, {"is_active": False}])
def test_however_many_admins_dismiss_each_other_one_remains(at_once, api_as, change):
    admins = [api_as("Admin") for _ in range(5)]

    answers = at_once(
        *[
            lambda one=one, other=other: one.patch(f"/api/v1/users/{other.user.pk}", change)
            for one in admins
            for other in admins
            if one is not other
        ]
    )

    assert {answer.status_code for answer in answers} <= {200, 401, 403, 409}
    assert User.objects.filter(groups__name="Admin", is_active=True).count() == 1


def test_of_two_new_passwords_in_place_of_the_same_one_only_the_first_is_taken(meanwhile, a_user):
    rita, first, second = a_user("Viewer"), "the-first-pass-phrase", "the-second-pass-phrase"
    other = meanwhile(
        trail, "password_replaced", lambda: passwords.change_password(user=rita, current=PASSWORD, new=second)
    )

    passwords.change_password(user=rita, current=PASSWORD, new=first)

    with pytest.raises(Invalid):
        other()
    assert User.objects.get(pk=rita.pk).check_password(first)
    assert LogEntry.objects.count() == 1


def test_a_refresh_token_used_twice_at_once_works_once_and_its_family_dies(at_once, api_as, a_user):
    pair, anybody = tokens.start(a_user("Operator")), [api_as(None) for _ in range(8)]

    answers = at_once(
        *[lambda api=api: api.post("/api/v1/auth/jwt/refresh", {"refresh": pair["refresh"]}) for api in anybody]
    )

    assert Counter(answer.status_code for answer in answers) == {200: 1, 401: 7}
    [following] = [answer.json() for answer in answers if answer.status_code == 200]
    again = anybody[0].post("/api/v1/auth/jwt/refresh", {"refresh": following["refresh"]})
    assert refusal(again) == (401, "token_not_valid")
    assert SignIn.objects.filter(revoked_at=None).count() == 0


def test_a_spent_token_waits_for_the_one_who_is_spending_it(meanwhile, api_as, a_user):
    pair = tokens.start(a_user("Operator"))
    refresh = {"refresh": pair["refresh"]}
    thief = meanwhile(tokens, "_pair", lambda: api_as(None).post("/api/v1/auth/jwt/refresh", refresh))

    assert api_as(None).post("/api/v1/auth/jwt/refresh", refresh).status_code == 200

    assert refusal(thief()) == (401, "token_not_valid")
