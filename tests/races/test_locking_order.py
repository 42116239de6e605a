"""In which order locks are taken, read from the SQL.

A plan may happen to take the rows in this order anyway, and then no deadlock would tell that nobody asked for it.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.asking import order_body, post_order, sent

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked(manager, ana, a_product):
    """The SQL of an order for five products, named in the opposite order of their keys, and of its cancellation."""
    shelf = [(a_product(), 1) for _ in range(5)]

    with CaptureQueriesContext(connection) as captured:
        order = post_order(manager, order_body(ana, *shelf[::-1])).json()
        manager.delete(f"/api/v1/orders/{order['id']}")

    return [statement.replace("`", '"') for statement in sent(captured)]


def test_products_are_locked_in_the_order_of_their_keys(asked):
    products = [sql for sql in asked if 'FROM "products_product"' in sql]

    assert len(products) == 2
    for sql in products:
        assert sql.removesuffix(" FOR UPDATE").endswith(" ORDER BY own.id")
        assert sql.endswith(" FOR UPDATE") is connection.features.has_select_for_update


def test_the_customer_or_the_order_is_locked_before_the_products(asked):
    if not connection.features.has_select_for_update:
        pytest.skip("SQLite locks the whole file: there is no order to take locks in")

    locking = [sql for sql in asked if sql.endswith((" FOR UPDATE", " FOR SHARE", " LOCK IN SHARE MODE"))]
    locked = [(sql.split(' FROM "')[1].split('"')[0], sql.endswith(" FOR UPDATE")) for sql in locking]

    assert locked == [
        ("customers_customer", False),
        ("products_product", True),
        ("orders_order", True),
        ("products_product", True),
    ]
