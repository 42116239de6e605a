"""Many buyers, few pieces: what is sold was there, and who is refused is told so."""

from collections import Counter

import pytest

from apps.orders.models import Order
from apps.products import stock
from apps.products.models import Product
from tests.asking import a_key, order_body, post_order
from tests.audits import audit
from tests.problems import refusal

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def buys(api, customer, *wanted):
    """A call that places an order under a key of its own."""
    body, key = order_body(customer, *wanted), a_key()
    return lambda: post_order(api, body, key)


def test_forty_buyers_of_twenty_five_lamps_make_twenty_five_orders(at_once, manager, same, ana, a_product):
    lamp = a_product(in_stock=25)

    answers = at_once(*[buys(same(manager), ana, (lamp, 1)) for _ in range(40)])

    assert Counter(answer.status_code for answer in answers) == {201: 25, 409: 15}
    assert {refusal(answer)[1] for answer in answers if answer.status_code == 409} == {"insufficient_stock"}
    lamp.refresh_from_db()
    assert (lamp.on_hand, lamp.reserved, Order.objects.count()) == (25, 25, 25)
    audit()


def test_buyers_who_name_the_same_products_in_opposite_order_all_get_them(at_once, manager, same, ana, a_product):
    shelf = [(a_product(in_stock=100), 1) for _ in range(6)]

    answers = at_once(*[buys(same(manager), ana, *(shelf if number % 2 else shelf[::-1])) for number in range(20)])

    assert Counter(answer.status_code for answer in answers) == {201: 20}
    assert set(Product.objects.values_list("reserved", flat=True)) == {20}
    audit()


def test_a_basket_is_sold_whole_or_not_at_all(at_once, manager, same, ana, a_product):
    plenty, few = a_product(in_stock=100), a_product(in_stock=3)

    answers = at_once(*[buys(same(manager), ana, (plenty, 1), (few, 1)) for _ in range(10)])

    assert Counter(answer.status_code for answer in answers) == {201: 3, 409: 7}
    plenty.refresh_from_db()
    few.refresh_from_db()
    assert (plenty.reserved, few.reserved) == (3, 3)
    audit()


def test_the_second_buyer_of_the_last_lamp_waits_and_is_refused(meanwhile, manager, same, a_customer, a_product):
    lamp = a_product(in_stock=1)
    second = meanwhile(stock, "move", buys(same(manager), a_customer(), (lamp, 1)))

    first = buys(manager, a_customer(), (lamp, 1))()

    assert first.status_code == 201
    assert refusal(second()) == (409, "insufficient_stock")
    audit()
