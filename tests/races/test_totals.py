"""The dashboard's totals are made while everybody writes, by several at once, and leave nothing out."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, transaction

from apps.dashboard import settling, totals
from apps.dashboard.models import OrdersOfDay
from apps.orders import services as orders
from apps.orders.models import StatusChange
from tests.races.threads import alone

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
SELLING = 2.0  # seconds


@pytest.fixture
def sell(place, a_customer):
    """sell(customer, lamp): places orders until the time is over, and cancels every other one; how many there were."""

    def run(customer, product, until):
        sold = 0
        while time.monotonic() < until:
            order = place((product, 1), customer=customer)
            sold += 1
            if sold % 2:
                orders.change_status(actor=None, pk=order.pk, target="CANCELADO")
        return sold

    return run


def settle_all_along(until):
    """Rounds in a row, with as much slack as these writers need; how many stretches were counted."""
    settler, stretches = settling.Settler(slack=0.3), 0
    while time.monotonic() < until:
        stretches += len(list(settler.round()))
        time.sleep(0.01)
    return stretches


def test_nothing_is_left_out_or_counted_twice(at_once, sell, a_customer, a_product):
    shelf = [a_product(in_stock=10_000) for _ in range(2)]
    until = time.monotonic() + SELLING

    *sold, one, other = at_once(
        *[lambda product=product: sell(a_customer(), product, until) for product in shelf * 2],
        lambda: settle_all_along(until),
        lambda: settle_all_along(until),
    )

    assert min(sold) > 1
    assert one + other > 1
    assert totals.mark().counted > 0
    assert list(settling.differences()) == []
    list(settling.Settler(slack=0).round())
    assert list(settling.differences()) == []
    assert sum(OrdersOfDay.objects.values_list("orders", flat=True)) == sum(sold)


@pytest.mark.skipif(
    connection.vendor != "mysql", reason="only InnoDB lets a reader wait for a row that is not there yet"
)
def test_a_writer_who_commits_later_than_anybody_thought_is_waited_for(place, a_product):
    written, go_on = Event(), Event()

    def slowly():
        with transaction.atomic():
            place((a_product(), 1))
            written.set()
            assert go_on.wait(10)

    with ThreadPoolExecutor(2) as threads:
        slow = threads.submit(alone, slowly)
        assert written.wait(10)
        place((a_product(), 1))  # Its step has a higher id, and is seen.
        settled = threads.submit(alone, lambda: settling.settle(settling.latest()))
        time.sleep(0.3)
        waits = not settled.done()
        go_on.set()
        slow.result(10)
        settled.result(10)

    assert waits
    assert StatusChange.objects.count() == 2
    assert list(settling.differences()) == []
