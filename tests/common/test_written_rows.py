"""Rows written, and made into instances, by statements of our own: as the ORM would."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.common import packets, statements
from apps.common.rows import Rows, select, select_many
from apps.customers.models import Customer
from apps.products.models import Product

pytestmark = pytest.mark.django_db


def test_what_is_added_to_rows_names_no_column_in_which_none_changes(a_product):
    lamp, rug = a_product(in_stock=5), a_product(in_stock=7)
    before = lamp.updated_at

    with transaction.atomic(), CaptureQueriesContext(connection) as captured:
        by = {"on_hand": [0, 0], "version": [1, 1], "reserved": [2, 3]}
        statements.increase([lamp, rug], by, updated_at=before + timedelta(days=1))

    [words] = [query["sql"] for query in captured if "UPDATE" in query["sql"]]
    assert "on_hand" not in words
    assert words.count("CASE") == 1
    changed = Product.objects.in_bulk([lamp.pk, rug.pk])
    assert [(row.on_hand, row.reserved, row.version - was.version) for row, was in
            ((changed[lamp.pk], lamp), (changed[rug.pk], rug))] == [(5, 2, 1), (7, 3, 1)]  # fmt: skip
    assert changed[rug.pk].updated_at == before + timedelta(days=1)


@pytest.mark.parametrize(
    "added", [[1, 1, 1, 1, 1], [1, 1, 4, 1, 1], [3, 1, 3, 1, 2], [1, 2, 3, 4, 5], [0, 0, 7, 0, -1]]
)
def test_each_row_gets_its_own_and_those_with_the_usual_amount_are_not_named(a_product, added):
    rows = [a_product(in_stock=10) for _amount in added]

    with transaction.atomic(), CaptureQueriesContext(connection) as captured:
        statements.increase(rows, {"on_hand": added})

    [words] = [query["sql"] for query in captured if "UPDATE" in query["sql"]]
    changed = Product.objects.in_bulk([row.pk for row in rows])
    assert [changed[row.pk].on_hand - 10 for row in rows] == added
    assert words.count("WHEN") == len(set(added)) - 1


def test_a_column_that_was_not_asked_for_is_read_when_somebody_asks(a_customer):
    customer = a_customer(city="Santos")

    [row] = packets.ask(rows := Rows(Customer, "own.id = %s", [customer.pk], only=("name",)).statement)[0].rows
    [read] = select_many(Rows(Customer, "own.id = %s", [customer.pk], only=("name",)))[0]

    assert len(row) == 2, rows
    assert (read.pk, read.name, read.city) == (customer.pk, customer.name, "Santos")


def test_an_instance_put_together_by_hand_equals_what_the_orm_makes(a_customer):
    customer = a_customer()

    [own] = select(Customer, "own.id = %s", [customer.pk])
    orm = Customer.objects.get(pk=customer.pk)

    columns = [field.attname for field in Customer._meta.concrete_fields]
    assert {name: getattr(own, name) for name in columns} == {name: getattr(orm, name) for name in columns}
    assert (own, own._state.db, own._state.adding) == (orm, orm._state.db, orm._state.adding)
    assert own.created_at.tzinfo is UTC


def test_a_time_is_written_in_utc_and_to_the_microsecond():
    assert statements._without_zone(datetime(2026, 1, 31, 10, 0, 0, 5, tzinfo=UTC)) == "2026-01-31 10:00:00.000005"
