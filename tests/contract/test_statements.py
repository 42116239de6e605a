"""How many SQL statements a request takes, sign-in by token, BEGIN and COMMIT included: not one more by accident.
And in how many round trips they go where a driver takes several at once.

A list takes as many for a hundred rows as for one; filtered, one more finds out whether few rows are left. A number in
here may shrink; one that grows needs a reason.
"""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.common import lock_timeouts
from apps.orders import services as orders
from apps.orders.requests import Item, OrderRequest
from apps.orders.services import Placed
from apps.products import stock
from apps.products.models import Product
from tests.asking import order_body, post_order, sent

pytestmark = pytest.mark.django_db(transaction=True)  # Else BEGIN and COMMIT would be savepoints of the test's own.


@pytest.fixture
def manager(api_as):
    return api_as("Manager")


@pytest.fixture
def statements():
    """statements(200, lambda: …): how many it took, when the answer was as expected."""

    def count(status: int, call: Callable) -> int:
        with CaptureQueriesContext(connection) as captured:
            response = call()
        assert response.status_code == status, response.content
        return len(sent(captured))

    return count


@pytest.fixture
def shelf(a_product):
    """shelf(3): so many products."""

    def make(count: int) -> list[Product]:
        return [a_product() for _ in range(count)]

    return make


def known_to_place() -> None:
    """What a connection is told once, and not for each order: how long orders wait for a lock."""
    with lock_timeouts.short():
        lock_timeouts.apply()


@pytest.mark.parametrize("lines", [1, 3, 50])
def test_placing_takes_13_however_many_lines(manager, statements, a_customer, shelf, lines):
    body = order_body(a_customer(), *[(product, 1) for product in shelf(lines)])
    known_to_place()

    assert statements(201, lambda: post_order(manager, body)) == 13


def test_what_placing_takes(manager, a_customer, shelf):
    body = order_body(a_customer(), *[(product, 1) for product in shelf(3)])
    known_to_place()

    with CaptureQueriesContext(connection) as captured:
        post_order(manager, body)

    assert [_gist(statement) for statement in sent(captured)] == [
        "SELECT authentication_signin",
        "SELECT auth_group_permissions",
        "SELECT orders_order",
        "BEGIN",
        "SELECT customers_customer",
        "SELECT products_product",
        "INSERT orders_order",
        "INSERT orders_orderitem",
        "INSERT orders_statuschange",
        "UPDATE products_product",
        "INSERT products_stockmovement",
        "INSERT events_event",
        "COMMIT",
    ]


def test_placing_takes_5_round_trips_where_several_statements_go_at_once(manager, a_customer, shelf):
    """Who signs in; is it known; BEGIN and the locks; the order, whose key the rest needs; the rest and COMMIT."""
    if connection.vendor == "sqlite":
        pytest.skip("Its driver takes one statement at a time: and there is nowhere to go")
    body = order_body(a_customer(), *[(product, 1) for product in shelf(3)])
    known_to_place()

    with CaptureQueriesContext(connection) as captured:
        post_order(manager, body)

    # PostgreSQL's driver says BEGIN by itself.
    begun = [1, 2] if connection.vendor == "postgresql" else [3]
    assert [len(sent([query])) for query in captured] == [2, 1, *begun, 1, 6]


@pytest.mark.parametrize("lines", [1, 50])
def test_a_refusal_for_stock_takes_8(manager, statements, a_customer, shelf, lines):
    body = order_body(a_customer(), *[(product, 1000) for product in shelf(lines)])
    known_to_place()

    assert statements(409, lambda: post_order(manager, body)) == 8


@pytest.mark.parametrize("lines", [1, 50])
def test_a_replay_takes_5(manager, statements, a_customer, shelf, lines):
    body = order_body(a_customer(), *[(product, 1) for product in shelf(lines)])
    post_order(manager, body, key="web-1")

    assert statements(200, lambda: post_order(manager, body, key="web-1")) == 5


@pytest.mark.parametrize("known", [1, 20])
def test_replays_that_are_asked_for_together_read_what_they_show_together(a_customer, shelf, known):
    buyer, shelf = a_customer(), shelf(2)
    wanted = [
        OrderRequest(buyer.pk, tuple(Item(product.pk, 1) for product in shelf), f"web-{number}")
        for number in range(known)
    ]
    orders.place_orders(actor=None, requests=wanted)

    with CaptureQueriesContext(connection) as captured:
        again = orders.place_orders(actor=None, requests=wanted)
        shown = [(len(each.order.loaded_items()), len(each.order.loaded_history()), each.replayed)
                 for each in again if isinstance(each, Placed)]  # fmt: skip

    assert shown == [(2, 1, True)] * known
    assert len(sent(captured)) == 3  # keys, lines, history


@pytest.mark.parametrize("lines", [1, 50])
def test_moving_takes_11_and_touching_stock_three_more(manager, statements, place, shelf, lines):
    order = place(*[(product, 1) for product in shelf(lines)])
    url = f"/api/v1/orders/{order.pk}/status"

    taken = [
        statements(200, lambda status=status: manager.patch(url, {"status": status}))
        for status in ("CONFIRMADO", "SEPARADO", "ENVIADO", "ENTREGUE")
    ]

    assert taken == [11, 11, 14, 11]


@pytest.mark.parametrize("lines", [1, 50])
def test_cancelling_takes_14(manager, statements, place, shelf, lines):
    order = place(*[(product, 1) for product in shelf(lines)])

    assert statements(200, lambda: manager.delete(f"/api/v1/orders/{order.pk}")) == 14


def test_asking_for_the_status_it_has_takes_8(manager, statements, place, shelf):
    order = place((shelf(1)[0], 1))

    taken = statements(200, lambda: manager.patch(f"/api/v1/orders/{order.pk}/status", {"status": "PENDENTE"}))

    assert taken == 8


def test_details_take_a_fixed_number(manager, statements, a_customer, a_user, place, shelf):
    customer, products, user = a_customer(), shelf(50), a_user("Operator")
    order = place(*[(product, 1) for product in products], customer=customer)
    for status in ("CONFIRMADO", "SEPARADO"):
        orders.change_status(actor=user, pk=order.pk, target=status)

    taken = {
        url: statements(200, lambda url=url: manager.get(f"/api/v1/{url}"))
        for url in (f"orders/{order.pk}", f"customers/{customer.pk}", f"products/{products[0].pk}",
                    f"users/{user.pk}", "auth/me")
    }  # fmt: skip

    assert list(taken.values()) == [5, 3, 3, 4, 3], taken


def test_writes_to_products_and_customers_take_a_fixed_number(manager, statements, a_customer, shelf):
    customer, [product] = a_customer(), shelf(1)
    url, who = f"/api/v1/products/{product.pk}", f"/api/v1/customers/{customer.pk}"

    assert statements(200, lambda: manager.patch(f"{url}/stock", {"delta": 1})) == 9
    assert statements(200, lambda: manager.patch(url, {"name": "Another name"})) == 8
    assert statements(204, lambda: manager.delete(url)) == 9
    assert statements(200, lambda: manager.post(f"{url}/restore")) == 8
    assert statements(200, lambda: manager.patch(who, {"name": "Another name"})) == 8
    assert statements(204, lambda: manager.delete(who)) == 9
    assert statements(200, lambda: manager.post(f"{who}/restore")) == 8


@pytest.fixture
def lists(a_customer, a_user, a_product, place):
    """lists(100): every list by its URL, with so many rows in each, and the statements it takes."""

    def fill(rows: int) -> dict[str, int]:
        lamp, user = a_product(in_stock=1000), a_user("Operator")
        for number in range(rows):
            place((lamp, 1), (a_product(), 1), customer=a_customer())
            a_user("Viewer", "Operator")
            stock.adjust_stock(actor=user, pk=lamp.pk, delta=1, reason=str(number))
        big = place(*[(product, 1) for product in Product.objects.all()[:rows]], actor=user)
        return {
            "orders": 5,
            "orders?status=PENDENTE&total_min=1&search=customer": 8,
            f"orders?product_id={big.items.all()[0].product_id}&customer_id={big.customer_id}": 6,
            f"orders/{big.pk}/events": 4,
            "customers": 3,
            "customers?search=customer&is_active=true": 5 if connection.vendor == "postgresql" else 8,
            "products": 3,
            "products?search=product&low_stock=false&price_min=1": 4,
            f"products/{lamp.pk}/stock-movements": 4,
            "users": 4,
        }

    return fill


@pytest.mark.parametrize("rows", [1, 100])
def test_a_list_takes_at_most_8_whatever_the_size_of_the_page(manager, statements, lists, rows):
    expected = lists(rows)

    for walk in ("page=1", "cursor="):
        taken = {}
        for url in expected:
            query = f"/api/v1/{url}{'&' if '?' in url else '?'}page_size=100&{walk}"
            taken[url] = statements(200, lambda query=query: manager.get(query))
        assert taken == expected

    assert max(expected.values()) <= 8


@pytest.mark.parametrize("orders_placed", [1, 40])
def test_the_dashboard_takes_so_many_whatever_there_is(manager, statements, lists, orders_placed):
    lists(orders_placed)

    taken = [statements(200, lambda: manager.get("/api/v1/dashboard")) for _ in range(2)]

    assert taken == [11, 10]


def _gist(sql: str) -> str:
    """The verb and the table: "INSERT orders_order"."""
    words = sql.replace('"', "").replace("`", "").split()
    verb = words[0]
    if verb in ("BEGIN", "COMMIT"):
        return verb
    if verb == "UPDATE":
        return f"UPDATE {words[1]}"
    return f"{verb} {words[words.index('INTO' if verb == 'INSERT' else 'FROM') + 1]}"
