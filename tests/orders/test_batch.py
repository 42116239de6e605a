"""POST /orders/batch: each order as if it came alone."""

from itertools import count

import pytest
from django.db import OperationalError, connection

from apps.common import turns
from apps.common.errors import Unavailable
from apps.orders import services
from apps.orders.models import Order
from apps.orders.requests import Item, OrderRequest
from tests.asking import a_key, order_body, post_order
from tests.audits import audit, nothing_changed
from tests.common.database_errors import error_of
from tests.problems import pointers, refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(a_customer):
    return a_customer()


@pytest.fixture
def lamp(a_product):
    return a_product(in_stock=10)


@pytest.fixture
def batch(operator):
    """batch(body, body…): the results."""

    def post(*bodies):
        response = operator.post("/api/v1/orders/batch", {"orders": list(bodies)})
        assert response.status_code == 200, response.content
        audit()
        return response.json()["results"]

    return post


def keyed(customer, *wanted, key=None, **extra):
    return order_body(customer, *wanted, **extra) | {"idempotency_key": key or a_key()}


def gist(results):
    return [result["problem"]["code"] if "problem" in result else result["status"] for result in results]


def test_each_order_is_answered_as_if_it_came_alone(batch, operator, ana, lamp):
    first, second = batch(keyed(ana, (lamp, 1), key="web-1"), keyed(ana, (lamp, 2), notes="Bom dia"))

    assert (first["status"], first["replayed"]) == (201, False)
    assert first["order"] == operator.get(f"/api/v1/orders/{first['order']['id']}").json()
    assert second["order"]["notes"] == "Bom dia"
    lamp.refresh_from_db()
    assert lamp.reserved == 3


def test_a_bad_or_short_one_does_not_fail_the_others(batch, ana, lamp, a_customer):
    gone = a_customer(is_active=False)

    results = batch(
        keyed(ana, (lamp, 8)),
        keyed(ana, (lamp, 3)),  # Two are left.
        keyed(gone, (lamp, 1)),
        {"customer_id": "seven"},
        None,
        keyed(ana, (lamp, 2)),
        order_body(ana, (lamp, 1)),
    )

    assert gist(results) == [
        201, "insufficient_stock", "customer_inactive", "validation_error", "validation_error", 201,
        "idempotency_key_required",
    ]  # fmt: skip
    assert results[1]["problem"]["shortages"] == [
        {"product_id": lamp.pk, "sku": lamp.sku, "requested": 3, "available": 2}
    ]
    assert Order.objects.count() == 2


def test_a_problem_is_the_one_that_a_single_order_would_get(batch, operator, ana, lamp):
    body = keyed(ana, (lamp, 11))

    (result,) = batch(body)
    alone = operator.post("/api/v1/orders", body).json()

    differs = {"instance", "request_id"}
    assert {**result["problem"], **{name: alone[name] for name in differs}} == alone
    assert result["status"] == alone["status"]


def test_what_is_there_already_is_replayed(batch, operator, ana, lamp):
    body = keyed(ana, (lamp, 1), key="web-1")
    pk = operator.post("/api/v1/orders", body).json()["id"]

    with nothing_changed():
        again, reused = batch(body, keyed(ana, (lamp, 2), key="web-1"))

    assert (again["status"], again["replayed"], again["order"]["id"]) == (200, True, pk)
    assert (reused["status"], reused["problem"]["order_id"]) == (422, pk)
    assert post_order(operator, body, key="web-1").status_code == 200


def test_twins_inside_a_call_are_placed_once(batch, ana, lamp):
    body = keyed(ana, (lamp, 4), key="web-1")

    results = batch(body, body, keyed(ana, (lamp, 1), key="web-1"), body)

    assert gist(results) == [201, 200, "idempotency_key_reused", 200]
    assert len({result["order"]["id"] for result in results if "order" in result}) == 1
    lamp.refresh_from_db()
    assert lamp.reserved == 4


def test_a_key_that_is_tried_again_has_its_turn_before_those_that_follow(batch, ana, a_product):
    lamp = a_product(in_stock=5)

    results = batch(
        keyed(ana, (lamp, 3), key="a"),
        keyed(ana, (lamp, 100), key="again"),
        keyed(ana, (lamp, 1), key="again"),
        keyed(ana, (lamp, 1), key="b"),
        keyed(ana, (lamp, 1), key="c"),
    )

    assert [result["status"] for result in results] == [201, 409, 201, 201, 409]
    audit()


@pytest.fixture
def transactions(monkeypatch):
    """How many orders each transaction has been asked for."""
    sizes, place = [], services._place

    def counting(wanted, as_sold):
        sizes.append(len(wanted))
        return place(wanted, as_sold)

    monkeypatch.setattr(services, "_place", counting)
    return sizes


def test_many_lines_go_in_several_transactions_with_the_same_answers(batch, ana, a_product, transactions, monkeypatch):
    monkeypatch.setattr(services, "MOST_LINES", 5)
    products = [a_product(in_stock=4) for _ in range(3)]

    results = batch(*[keyed(ana, *[(product, 1) for product in products], key=f"k{n}") for n in range(5)])

    assert [result["status"] for result in results] == [201] * 4 + [409]
    assert transactions == [1] * 5
    audit()


@pytest.mark.django_db(transaction=True)
def test_while_another_call_has_its_turn_transactions_are_small_with_the_same_answers(
    batch, ana, lamp, transactions, monkeypatch
):
    monkeypatch.setattr(services, "FEW_LINES", 2)
    bodies = [keyed(ana, (lamp, 3), key=f"k{n}") for n in range(5)]

    with services._turns.turn():
        monkeypatch.setattr(turns, "LONGEST_WAIT", 0.01)
        assert gist(batch(*bodies)) == [201, 201, 201, "insufficient_stock", "insufficient_stock"]
    assert transactions == [2, 2, 1]

    assert gist(batch(*bodies)) == [200, 200, 200, "insufficient_stock", "insufficient_stock"]
    assert transactions == [2, 2, 1, 2]
    audit()


@pytest.fixture
def unavailable_from(monkeypatch):
    """unavailable_from(n): from the nth transaction on, somebody else holds what orders need; 0: nobody does."""
    place = services._place

    def begin(nth):
        calls = count(1)

        def contended(wanted, as_sold):
            if 0 < nth <= next(calls):
                raise Unavailable
            return place(wanted, as_sold)

        monkeypatch.setattr(services, "_place", contended)

    monkeypatch.setattr(services, "MOST_LINES", 1)
    return begin


def test_what_an_earlier_transaction_of_the_call_has_placed_is_told_when_a_later_one_cannot(
    batch, ana, lamp, unavailable_from
):
    bodies = [keyed(ana, (lamp, 1), key=f"k{n}") for n in range(3)]

    unavailable_from(2)
    assert gist(batch(*bodies)) == [201, "temporarily_unavailable", "temporarily_unavailable"]

    unavailable_from(0)
    assert gist(batch(*bodies)) == [200, 201, 201]
    audit()


def test_a_call_of_which_nothing_came_is_refused_as_a_whole(operator, ana, lamp, unavailable_from):
    unavailable_from(1)

    answer = operator.post("/api/v1/orders/batch", {"orders": [keyed(ana, (lamp, 1), key="k")]})

    assert refusal(answer) == (503, "temporarily_unavailable")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", ["_place", "_replays"])
def test_it_is_told_too_when_the_database_goes_away_meanwhile(batch, ana, lamp, monkeypatch, step):
    """Before a later transaction of the call, or when it looks for those that twins have placed."""
    bodies = [keyed(ana, (lamp, 1), key="k0"), keyed(ana, (lamp, 99), key="k1"), keyed(ana, (lamp, 1), key="k2")]
    monkeypatch.setattr(services, "MOST_LINES", 2)
    work, calls, vendor = getattr(services, step), count(1), connection.vendor
    away = error_of(vendor, {"mysql": 2006, "postgresql": "57P01", "sqlite": "disk I/O error"}[vendor])

    def gone(*args):
        if next(calls) > 1:
            raise away
        return work(*args)

    monkeypatch.setattr(services, step, gone)
    results = batch(*bodies)
    monkeypatch.undo()

    refused = "insufficient_stock" if step == "_place" else "temporarily_unavailable"
    assert gist(results) == [201, refused, "temporarily_unavailable"]
    assert gist(batch(*bodies)) == [200, "insufficient_stock", 201]


def test_within_a_transaction_of_the_caller_s_it_starts_over_as_a_whole(ana, lamp, monkeypatch):
    """The importer's: a deadlock has undone what had been placed before it, too."""
    requests = [OrderRequest(ana.pk, (Item(lamp.pk, 1),), key) for key in ("k0", "k1")]
    monkeypatch.setattr(services, "MOST_LINES", 1)
    place, calls, vendor = services._place, count(1), connection.vendor
    deadlock = error_of(vendor, {"mysql": 1213, "postgresql": "40P01", "sqlite": "database is locked"}[vendor])

    def deadlocked(*args):
        if next(calls) == 2:
            raise deadlock
        return place(*args)

    monkeypatch.setattr(services, "_place", deadlocked)

    with pytest.raises(OperationalError):
        services.place_orders(actor=None, requests=requests)


def test_of_a_commit_that_nobody_answered_it_is_told_though_nobody_can_look(ana, lamp, monkeypatch):
    request = OrderRequest(ana.pk, (Item(lamp.pk, 1),), "k0")
    vendor, looks, look = connection.vendor, count(1), services._replays
    away = error_of(vendor, {"mysql": 2006, "postgresql": "57P01", "sqlite": "disk I/O error"}[vendor])

    def gone(requests):
        if next(looks) > 1:
            raise away
        return look(requests)

    def unanswered(*_args):
        raise Unavailable(rolled_back=False)

    monkeypatch.setattr(services, "_replays", gone)
    monkeypatch.setattr(services, "_place", unanswered)

    with pytest.raises(Unavailable) as told:
        services.place_order(actor=None, request=request)
    assert not told.value.rolled_back


def test_a_twin_of_one_that_was_refused_is_judged_anew(batch, ana, lamp):
    results = batch(keyed(ana, (lamp, 11), key="web-1"), keyed(ana, (lamp, 1), key="web-1"))

    assert gist(results) == ["insufficient_stock", 201]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, {"/orders": "required"}),
        ({"orders": []}, {"/orders": "empty"}),
        ({"orders": {}}, {"/orders": "not_a_list"}),
        ({"orders": [{}] * 101}, {"/orders": "max_length"}),
        ({"orders": [{}], "all": True}, {"/all": "unknown_field"}),
        ([], {"": "invalid"}),
    ],
)
def test_the_envelope_is_checked_as_a_whole(operator, body, expected):
    with nothing_changed():
        response = operator.post("/api/v1/orders/batch", body)

    assert refusal(response) == (400, "validation_error")
    assert pointers(response) == expected


def test_a_key_that_has_no_utf8_is_told_all_the_same(operator):
    response = operator.generic(
        "POST", "/api/v1/orders/batch", rb'{"orders": [{"\ud800": 1}]}', content_type="application/json"
    )

    assert response.status_code == 200
    errors = response.json()["results"][0]["problem"]["errors"]
    assert "/\ud800" in {error["pointer"] for error in errors}


def test_a_hundred_orders_with_shared_products(batch, ana, a_product):
    shelf = [a_product(in_stock=60) for _ in range(4)]

    results = batch(*[keyed(ana, (shelf[n % 4], 1), (shelf[(n + 1) % 4], 1)) for n in range(100)])

    assert gist(results) == [201] * 100
    assert len({result["order"]["number"] for result in results}) == 100
