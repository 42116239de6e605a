"""Two clicks that arrive at the same moment, at two server processes: the database lets one of them through."""

import pytest
from django.test import Client

from apps.common.models import Submission
from apps.customers.models import Customer
from apps.products.models import Product, StockMovement
from tests.admin.conftest import Desk

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


@pytest.fixture
def at_page(a_user):
    """at_page(customer): what its page would post if nobody typed anything."""
    return lambda customer: Desk(a_user("Admin")).read(f"customers/customer/{customer.pk}/change/")


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


def test_a_change_and_a_deletion_are_made_once_and_nobody_is_told_of_somebody_else(click, at_once, a_customer, at_page):
    """A form that was looked at before it is claimed would be compared with what its twin has just made of the row."""
    customer = a_customer(name="Maria")
    changed = click(f"customers/customer/{customer.pk}/change/", **at_page(customer) | {"name": "Maria Aparecida"})
    deleted = click(f"customers/customer/{customer.pk}/delete/", post="yes")

    assert at_once(*changed) == [302] * CLICKS
    assert at_once(*deleted) == [302] * CLICKS
    now = Customer.objects.get()
    assert (now.name, now.version) == ("Maria Aparecida", customer.version + 2)
