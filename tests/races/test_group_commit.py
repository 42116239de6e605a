"""Requests that share a transaction: each is answered, recorded and told of as if it had come alone."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import transaction

from apps.common import group_commit
from apps.events.models import Event
from apps.orders import services
from apps.orders.models import Order, StatusChange
from apps.products.models import Product
from tests.asking import order_body, post_order
from tests.audits import audit
from tests.races.threads import alone

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def apart(monkeypatch):
    """In these tests they do share."""
    monkeypatch.setattr(group_commit, "LONGEST_LEAD", 5.0)


@pytest.fixture
def shared(monkeypatch):
    """How many orders each transaction was asked for."""
    sizes, place = [], services._place

    def counting(wanted, as_sold):
        sizes.append(len(wanted))
        return place(wanted, as_sold)

    monkeypatch.setattr(services, "_place", counting)
    return sizes


def test_many_clients_share_few_transactions_and_sell_what_there_is(at_once, shared, manager, same, ana, a_product):
    lamp = a_product(in_stock=25)

    answers = at_once(*[partial(post_order, same(manager), order_body(ana, (lamp, 1))) for _ in range(40)])

    assert sorted(answer.status_code for answer in answers) == [201] * 25 + [409] * 15
    assert sum(shared) >= 40
    assert len(shared) < 30, shared
    audit()


def test_each_is_told_of_under_its_own_name_and_request(at_once, api_as, same, ana, a_product):
    lamp, people = a_product(in_stock=100), [api_as("Operator") for _ in range(12)]

    def ask(number):
        headers = {"Idempotency-Key": f"web-{number}", "X-Request-ID": f"request-{number}"}
        return same(people[number]).post("/api/v1/orders", order_body(ana, (lamp, number + 1)), headers=headers)

    answers = at_once(*[partial(ask, number) for number in range(12)])

    for number, answer in enumerate(answers):
        order = answer.json()
        username = people[number].user.username
        assert [step["actor"] for step in order["history"]] == [username]
        assert order["items"][0]["quantity"] == number + 1
        told = Event.objects.filter(cause=f"order/{order['id']}")
        assert {(event.actor, event.request_id) for event in told} == {(username, f"request-{number}")}
    audit()


def test_each_is_refused_in_its_own_language(at_once, manager, same, ana, lamp):
    def ask(number):
        body = order_body(ana, (lamp, 1)) | {"customer_id": 10**9 + number}
        language = "en" if number % 2 else "pt-BR"
        headers = {"Idempotency-Key": f"web-{number}", "Accept-Language": language}
        return same(manager).post("/api/v1/orders", body, headers=headers).json()["errors"][0]["detail"]

    details = at_once(*[partial(ask, number) for number in range(12)])

    assert details == ["Não há registro com este id.", "There is no record with this id."] * 6


def test_nobody_waits_for_a_lock_that_only_another_one_needs(manager, same, ana, a_product):
    """Somebody sits on one product: orders for another one go through meanwhile, also those that shared with it."""
    taken, free = a_product(), a_product()
    wanted = [taken, free] * 6
    with ThreadPoolExecutor(len(wanted)) as threads:
        with transaction.atomic():
            Product.objects.select_for_update().get(pk=taken.pk)
            calls = [partial(post_order, same(manager), order_body(ana, (product, 1))) for product in wanted]
            answers = [threads.submit(alone, call) for call in calls]

            assert {answer.result(timeout=9).status_code for answer in answers[1::2]} == {201}
            assert not any(answer.done() for answer in answers[::2])

        assert {answer.result(timeout=30).status_code for answer in answers[::2]} == {201}
    audit()


def test_moves_share_too_and_the_same_order_moves_once(at_once, manager, same, ana, place, a_product):
    lamp = a_product()
    orders = [place((lamp, 1), customer=ana) for _ in range(6)]

    def confirm(order):
        return same(manager).patch(f"/api/v1/orders/{order.pk}/status", {"status": "CONFIRMADO"})

    answers = at_once(*[partial(confirm, order) for order in orders * 3])

    assert {answer.status_code for answer in answers} == {200}
    assert StatusChange.objects.filter(to_status="CONFIRMADO").count() == 6
    assert set(Order.objects.values_list("status", flat=True)) == {"CONFIRMADO"}
    audit()
