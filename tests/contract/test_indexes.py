"""Each ordering and each filter of the contract is answered by an index: the database is asked for its plan.

With few rows a database prefers to read them all, so there are some thousands here, and PostgreSQL is told that
reading a whole table, or sorting, is dear: what it then still does, it cannot avoid.
"""

import itertools
import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.customers import names
from apps.customers.models import Customer, NameTail, NameWord
from apps.customers.views import CustomerCollection
from apps.orders.models import LINES_PER_ORDER, Order, OrderItem
from apps.orders.views import OrderCollection
from apps.products.models import Product
from apps.products.views import ProductCollection

pytestmark = pytest.mark.django_db(transaction=True)  # ANALYZE ends a transaction of MySQL's.

ROWS = 3_000
LISTS: dict[str, Any] = {"customers": CustomerCollection, "products": ProductCollection, "orders": OrderCollection}
WALKS = [
    f"{name}?ordering={sign}{ordering}"
    for name, view in LISTS.items()
    for ordering in view.orderings
    for sign in ("", "-")
]
FILTERS = [
    "customers?name=mer+7",
    "customers?document=00000000007",
    "customers?email=c7@example.com",
    "customers?city=inas+499",
    "customers?state=AP",
    "customers?is_active=false",
    "customers?created_after=2026-01-01T00:49:00Z",
    "customers?created_before=2026-01-01T00:01:00Z",
    "customers?search=mer+7",
    "customers?search=00000000007",
    "products?sku=SKU-0007",
    "products?name=duct+7",
    "products?is_active=false",
    "products?price_min=2990",
    "products?price_max=9",
    "products?low_stock=true",
    "products?search=0007",
    "orders?status=SEPARADO",
    "orders?status=SEPARADO&status=PENDENTE",
    "orders?customer_id=7",
    "orders?product_id=7",
    "orders?number=PED-00000007",
    "orders?placed_after=2026-01-01T00:49:00Z",
    "orders?placed_before=2026-01-01T00:01:00Z",
    "orders?total_min=2990",
    "orders?total_max=9",
    "orders?search=mer+77",
    "orders?search=PED-00000007",
]


@pytest.fixture
def shop(db):
    """Some thousands of customers, products and orders, known to the optimiser."""
    start = timezone.now().replace(year=2026, month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    moments = [start + timedelta(seconds=n) for n in range(ROWS + 1)]
    numbers = range(1, ROWS + 1)
    Customer.objects.bulk_create(
        Customer(
            pk=n, name=f"Customer {n}", document=f"{n:011}", email=f"c{n}@example.com", city=f"Campinas {n % 500}",
            state="AP" if n % 50 == 0 else "SP", is_active=n % 50 != 0, created_at=moments[n],
        )
        for n in numbers
    )  # fmt: skip
    Product.objects.bulk_create(
        Product(
            pk=n, sku=f"SKU-{n:04}", name=f"Product {n}", price=n, on_hand=n, is_active=n % 50 != 0,
            low_stock_threshold=ROWS if n % 50 == 0 else 0, created_at=moments[n],
        )
        for n in numbers
    )  # fmt: skip
    Order.objects.bulk_create(
        Order(
            pk=n, customer_id=n, status="SEPARADO" if n % 50 == 0 else "ENTREGUE", subtotal=n, freight=0, total=n,
            idempotency_key="1", fingerprint="1", placed_at=moments[n], created_at=moments[n],
        )
        for n in numbers
    )  # fmt: skip
    OrderItem.objects.bulk_create(
        OrderItem(
            pk=n * LINES_PER_ORDER + 1, order_id=n, product_id=n, quantity=1, unit_price=Decimal(n), subtotal=Decimal(n)
        )
        for n in numbers
    )
    sum(names.list_names())
    with connection.cursor() as cursor:
        for model in (Customer, NameTail, NameWord, Product, Order, OrderItem):
            word = "ANALYZE TABLE" if connection.vendor == "mysql" else "ANALYZE"
            cursor.execute(f"{word} {model._meta.db_table}")
        if connection.vendor == "postgresql":
            cursor.execute("SET enable_seqscan = off")
    yield
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("RESET enable_seqscan; RESET enable_sort")


def test_no_list_is_sorted_to_be_walked_in_any_order(manager, shop):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET enable_sort = off")
    plans = {}
    for url in WALKS:
        first = manager.get(f"/api/v1/{url}&cursor=")
        statement = last_statement(manager, first.json()["next"], LISTS[url.partition("?")[0]].queryset.model)
        plans[url] = [step for step in plan(statement) if step.sorts or step.reads_all]

    assert {url: steps for url, steps in plans.items() if steps} == {}


@pytest.mark.parametrize("walk", ["page=1", "cursor="])
def test_no_filter_reads_a_whole_table(manager, shop, walk):
    plans = {}
    for url in FILTERS:
        with CaptureQueriesContext(connection) as captured:
            answer = manager.get(f"/api/v1/{url}&{walk}")
        assert answer.json()["results"], url
        statements = [query["sql"] for query in captured if about_lists(query["sql"])]
        plans[url] = [step for sql in statements for step in plan(sql) if step.reads_all]

    assert {url: steps for url, steps in plans.items() if steps} == {}


@pytest.mark.parametrize("model", [each for each in apps.get_models() if each.__module__.startswith("apps.")])
def test_no_index_is_the_beginning_of_another(model):
    """Every order would pay for it, and nobody would read it."""
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, model._meta.db_table)
    indexes = {
        name: each["columns"]
        for name, each in constraints.items()
        if (each["index"] or each["unique"]) and not name.endswith("_like")  # PostgreSQL's, in another order.
    }
    beginnings = {
        (name, longer)
        for (name, columns), (longer, more) in itertools.permutations(indexes.items(), 2)
        if columns and columns == more[: len(columns)] and not constraints[name]["unique"]
    }

    assert not beginnings


def test_a_plan_that_reads_and_sorts_everything_is_seen_as_such(shop):
    # Nothing is indexed by notes: neither of the tests above would be worth anything if this one failed.
    steps = plan("SELECT id FROM orders_order WHERE notes <> 'x' ORDER BY notes")

    assert any(step.reads_all for step in steps)
    assert any(step.sorts for step in steps)


class Step:
    """One line of a plan."""

    def __init__(self, text: str, *, reads_all: bool, sorts: bool) -> None:
        self.text, self.reads_all, self.sorts = text, reads_all, sorts

    def __repr__(self) -> str:
        return self.text


def plan(sql: str) -> list[Step]:
    """How the database goes about it."""
    words = {"sqlite": "EXPLAIN QUERY PLAN", "mysql": "EXPLAIN FORMAT=TRADITIONAL"}.get(connection.vendor, "EXPLAIN")
    with connection.cursor() as cursor:
        cursor.execute(f"{words} {sql}")
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return list({"mysql": _mysql, "postgresql": _postgresql, "sqlite": _sqlite}[connection.vendor](rows))


def _mysql(rows: list[dict[str, Any]]) -> Iterator[Step]:
    for row in rows:
        extra = row["Extra"] or ""
        own = not str(row["table"]).startswith("<")  # What is kept of an inner question is no table of ours.
        yield Step(str(row), reads_all=own and row["type"] == "ALL", sorts="filesort" in extra or "temporary" in extra)


def _postgresql(rows: list[dict[str, Any]]) -> Iterator[Step]:
    lines = [row["QUERY PLAN"] for row in rows]
    for number, line in enumerate(lines):
        details = "".join(itertools.takewhile(lambda line: "->" not in line, lines[number + 1 :]))
        # Every row of the table in the order of an index, each looked at. Of an index that holds all it needs: well.
        through = "Index Scan" in line and "Index Cond" not in details and "Filter" in details
        yield Step(line + details, reads_all="Seq Scan on" in line or through, sorts="Sort  (" in line)


def _sqlite(rows: list[dict[str, Any]]) -> Iterator[Step]:
    for row in rows:
        text = row["detail"]
        reads_all = bool(re.match(r"SCAN (?!.*USING (COVERING )?INDEX)(?!capped|\(?subquery|CONSTANT)", text))
        yield Step(text, reads_all=reads_all, sorts="TEMP B-TREE" in text)


def about_lists(sql: str) -> bool:
    return any(
        f"FROM {connection.ops.quote_name(view.queryset.model._meta.db_table)}" in sql for view in LISTS.values()
    )


def last_statement(api: Any, url: str, model: Any) -> str:
    """How this page asks for the rows of the list."""
    with CaptureQueriesContext(connection) as captured:
        api.get(url)
    table = connection.ops.quote_name(model._meta.db_table)
    return [query["sql"] for query in captured if f"FROM {table} " in query["sql"]][-1]
