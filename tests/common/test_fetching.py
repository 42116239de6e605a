"""What is fetched for a list is what Django would have made of it, column by column."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.db.models import Value
from django.test.utils import CaptureQueriesContext

from apps.authentication.models import User
from apps.common.rows import Rows, fetch, select_many
from apps.customers.models import Customer
from apps.events.models import Event
from apps.orders.models import Line, Order, OrderItem
from apps.products.models import Product, StockMovement


@pytest.fixture
def shop(a_user, a_customer, a_product, place):
    """Rows of every kind, some with empty columns and some with letters that need care."""
    buyer = a_customer(name="Zoé 100% 'Ltda.'", email="zoe@example.com", city="São Paulo", state="SP")
    lamp, rug = a_product(), a_product(in_stock=3, low_stock_threshold=3)
    place((lamp, 2), (rug, 1), customer=buyer, actor=a_user("Manager"))
    place((lamp, 1), actor=a_user("Viewer"))


def contents(rows):
    return [
        ({name: value for name, value in vars(row).items() if name != "_state"}, row._state.adding, row._state.db)
        for row in rows
    ]


@pytest.mark.parametrize("model", [Customer, Product, StockMovement, Order, OrderItem, Event, User, Group])
def test_every_column_is_what_django_makes_of_it(shop, model):
    rows = model.objects.order_by("-pk").annotate(_count=Value(7))[:3]

    found = fetch(rows.all())

    assert len(found) >= 2
    assert contents(found) == contents(rows)
    assert [(type(row), row._count) for row in found] == [(model, 7)] * len(found)


def test_a_tuple_of_a_row_holds_what_django_makes_of_its_columns(shop):
    (lines,) = select_many(Rows(OrderItem, "own.id > %s", [0], kind=Line))

    assert len(lines) == 3
    assert [line._asdict() for line in lines] == list(OrderItem.objects.order_by("pk").values())
    assert {type(value) for line in lines for value in (line.unit_price, line.subtotal)} == {Decimal}


def test_a_tuple_of_other_columns_is_refused(shop):
    with pytest.raises(TypeError, match="Line"):
        select_many(Rows(Order, "own.id > %s", [0], kind=Line))


@pytest.mark.parametrize("name", ["Zoé 100% 'Ltda.'", "Zoé%", "%s", "a\\"])
def test_what_is_asked_for_is_taken_literally(a_customer, name):
    wanted, _other = a_customer(name=name), a_customer(name="Zoé 100")

    assert fetch(Customer.objects.filter(name=name)) == [wanted]


@pytest.mark.django_db
def test_what_can_have_no_row_is_not_asked_for():
    with CaptureQueriesContext(connection) as captured:
        assert fetch(Customer.objects.filter(pk__in=[])) == []

    assert not captured.captured_queries


@pytest.mark.parametrize(
    "rows",
    [
        StockMovement.objects.select_related("actor"),
        User.objects.prefetch_related("groups"),
        Product.objects.only("sku"),
        Product.objects.defer("name"),
    ],
    ids=["beside", "after", "only", "less"],
)
def test_what_asks_for_more_or_for_less_is_left_to_django(shop, rows):
    def shapes(found):
        return [(sorted(vars(row)), sorted(row._state.fields_cache)) for row in found]

    assert shapes(fetch(rows.order_by("pk"))) == shapes(rows.order_by("pk"))
