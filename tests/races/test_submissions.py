"""Two clicks that arrive at the same moment, at two server processes: the database lets one of them through."""

import pytest
from django.test import Client

from apps.common.models import Submission
from apps.customers.models import Customer
from apps.products.models import Product, StockMovement

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
CLICKS = 4


@pytest.fixture
def click(a_user):
    user = a_user("Admin")
    browsers = [Client() for _click in range(CLICKS)]
    for browser in browsers:
        browser.force_login(user, backend="apps.authentication.backends.AccountBackend")

    def make(path, **typed):
        return [
            lambda browser=browser: browser.post(f"/admin/{path}", {"once": "one-page", **typed}).status_code
            for browser in browsers
        ]

    return make


def test_stock_is_received_once(click, at_once, a_product):
    lamp = a_product(in_stock=5)

    answers = at_once(*click(f"products/product/{lamp.pk}/stock/", kind=StockMovement.Kind.RECEIPT, quantity=2))

    assert answers == [302] * CLICKS
    assert Product.objects.get().on_hand == 7
    assert Submission.objects.count() == 1


def test_a_customer_is_registered_once(click, at_once):
    answers = at_once(*click("customers/customer/add/", name="Maria Aparecida"))

    assert answers == [302] * CLICKS
    assert Customer.objects.count() == 1
