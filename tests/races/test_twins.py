"""The same request many times at once: one creates, the others wait and replay."""

from collections import Counter
from functools import partial

import pytest

from apps.events import outbox
from apps.orders.models import Order
from apps.products import stock
from tests.asking import order_body, post_order
from tests.audits import audit, nothing_changed
from tests.problems import refusal

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def twins(at_once, manager, same):
    """twins(*bodies): the answers to these bodies, sent at once under one key."""

    def send(*bodies):
        return at_once(*[partial(post_order, same(manager), body, key="web-1") for body in bodies])

    return send


def one_created_and_the_others_replayed(answers):
    created = [answer for answer in answers if answer.status_code == 201]
    replayed = [answer for answer in answers if answer.status_code == 200]
    assert (len(created), len(replayed)) == (1, len(answers) - 1), Counter(answer.status_code for answer in answers)
    assert all(answer["Idempotency-Replayed"] == "true" for answer in replayed)
    assert {answer.json()["id"] for answer in answers} == {Order.objects.get().pk}
    assert {answer["ETag"] for answer in answers} == {created[0]["ETag"]}
    audit()


def test_twenty_twins_make_one_order(twins, ana, lamp):
    answers = twins(*[order_body(ana, (lamp, 2), freight="5.00")] * 20)

    one_created_and_the_others_replayed(answers)
    lamp.refresh_from_db()
    assert lamp.reserved == 2


def test_twins_do_not_compete_for_the_stock_that_suffices_for_one(twins, ana, lamp, a_product):
    rug = a_product(in_stock=1)

    answers = twins(*[order_body(ana, (lamp, 10), (rug, 1))] * 20)

    one_created_and_the_others_replayed(answers)


def test_twins_who_name_the_products_in_another_order_are_twins(twins, ana, a_product):
    shelf = [(a_product(), 1) for _ in range(4)]

    answers = twins(*[order_body(ana, *shelf), order_body(ana, *shelf[::-1])] * 8)

    one_created_and_the_others_replayed(answers)


def test_of_twenty_different_bodies_one_is_served_and_the_others_are_refused_and_nothing_else(twins, ana, a_product):
    lamp = a_product(in_stock=1000)

    answers = twins(*[order_body(ana, (lamp, quantity)) for quantity in range(1, 21)])

    assert Counter(answer.status_code for answer in answers) == {201: 1, 422: 19}
    assert {refusal(answer) for answer in answers if answer.status_code == 422} == {(422, "idempotency_key_reused")}
    [created] = [answer.json() for answer in answers if answer.status_code == 201]
    lamp.refresh_from_db()
    assert lamp.reserved == created["items"][0]["quantity"]
    audit()


def test_bodies_that_share_no_product_have_only_the_key_to_meet_at(twins, ana, a_product):
    answers = twins(*[order_body(ana, (a_product(), 1)) for _ in range(12)])

    assert Counter(answer.status_code for answer in answers) == {201: 1, 422: 11}
    audit()


def test_twins_among_strangers_replay_whichever_body_won(twins, ana, lamp):
    answers = twins(*[order_body(ana, (lamp, 1)), order_body(ana, (lamp, 2))] * 8)

    statuses = [[answer.status_code for answer in answers[start::2]] for start in (0, 1)]
    assert sorted(map(sorted, statuses)) == [[200] * 7 + [201], [422] * 8]
    audit()


def test_twins_refused_for_stock_are_all_refused_for_stock(twins, ana, lamp):
    with nothing_changed():
        answers = twins(*[order_body(ana, (lamp, 11))] * 20)

    assert {refusal(answer) for answer in answers} == {(409, "insufficient_stock")}


def test_two_customers_may_use_one_key_at_once(twins, ana, a_customer, lamp):
    bruno = a_customer(name="Bruno")

    answers = twins(*[order_body(ana, (lamp, 1)), order_body(bruno, (lamp, 1))] * 8)

    assert Counter(answer.status_code for answer in answers) == {201: 2, 200: 14}
    assert Order.objects.count() == 2
    audit()


def test_a_twin_that_arrives_while_the_first_holds_everything_waits_and_replays(meanwhile, manager, same, ana, lamp):
    body = order_body(ana, (lamp, 10))
    twin = meanwhile(stock, "move", lambda: post_order(same(manager), body, key="web-1"))

    first = post_order(manager, body, key="web-1")

    one_created_and_the_others_replayed([first, twin()])


def test_a_twin_with_other_products_meets_the_first_at_the_key(meanwhile, manager, same, ana, lamp, a_product):
    other = order_body(ana, (a_product(), 1))
    twin = meanwhile(stock, "move", lambda: post_order(same(manager), other, key="web-1"))

    first = post_order(manager, order_body(ana, (lamp, 1)), key="web-1")

    assert first.status_code == 201
    assert refusal(twin()) == (422, "idempotency_key_reused")
    audit()


def test_a_twin_takes_over_when_the_first_is_lost(meanwhile, manager, same, ana, lamp, monkeypatch):
    """The first crashes after writing its order, while the twin waits for it."""
    body = order_body(ana, (lamp, 10))
    twin = meanwhile(stock, "move", lambda: post_order(same(manager), body, key="web-1"))
    first_event = outbox.first_event

    def crash(*args):
        monkeypatch.setattr(outbox, "first_event", first_event)
        raise RuntimeError("the power went")

    monkeypatch.setattr(outbox, "first_event", crash)

    assert post_order(manager, body, key="web-1").status_code == 500
    assert twin().status_code == 201
    audit()
