"""Batches against batches, against single orders, and against what else wants the same rows."""

from functools import partial

import pytest

from apps.orders.models import Order
from tests.asking import order_body, post_order
from tests.audits import audit

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def post_batch(api, bodies):
    response = api.post("/api/v1/orders/batch", {"orders": bodies})
    assert response.status_code == 200, response.content
    return response.json()["results"]


def keyed(customer, key, *wanted):
    return order_body(customer, *wanted) | {"idempotency_key": key}


def test_the_same_batch_eight_times_at_once_makes_each_order_once(at_once, manager, same, ana, a_product):
    shelf = [a_product() for _ in range(3)]
    bodies = [keyed(ana, f"web-{n}", (shelf[n % 3], 1), (shelf[(n + 1) % 3], 1)) for n in range(12)]

    answers = at_once(*[partial(post_batch, same(manager), bodies[turn:] + bodies[:turn]) for turn in range(8)])

    assert Order.objects.count() == 12
    statuses = [result["status"] for answer in answers for result in answer]
    assert sorted(statuses) == [200] * (7 * 12) + [201] * 12
    audit()


def test_a_batch_and_its_orders_one_by_one_make_each_order_once(at_once, manager, same, ana, lamp):
    bodies = [keyed(ana, f"web-{n}", (lamp, 1)) for n in range(6)]
    singles = [partial(post_order, same(manager), body, key=f"web-{n}") for n, body in enumerate(bodies)]

    batch, *answers = at_once(partial(post_batch, same(manager), bodies), *singles)

    made = [result["status"] for result in batch] + [answer.status_code for answer in answers]
    assert sorted(made) == [200] * 6 + [201] * 6
    assert Order.objects.count() == 6
    audit()


def test_batches_in_opposite_orders_sell_what_there_is_and_no_more(at_once, manager, same, ana, a_customer, a_product):
    bruno = a_customer()
    first, second = a_product(in_stock=20), a_product(in_stock=20)
    forth = [keyed(ana, f"forth-{n}", (first, 1), (second, 1)) for n in range(15)]
    back = [keyed(bruno, f"back-{n}", (second, 1), (first, 1)) for n in range(15)]

    answers = at_once(*[partial(post_batch, same(manager), bodies) for bodies in (forth, back)])

    statuses = sorted(result["status"] for answer in answers for result in answer)
    assert statuses == [201] * 20 + [409] * 10
    audit()
