"""Several statements in one round trip: the same answers, in the same order, and all or nothing."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.common import packets, statements
from apps.common.packets import Statement
from apps.customers.models import Customer

pytestmark = pytest.mark.django_db


def numbers(*values):
    return Statement(f"SELECT {', '.join(['%s'] * len(values))}", values)


def renamed(customer, name):
    return Statement("UPDATE customers_customer SET name = %s WHERE id = %s", [name, customer.pk])


def named(customer):
    return Statement("SELECT name FROM customers_customer WHERE id = %s", [customer.pk])


def test_each_statement_is_given_its_own_answer():
    answers = packets.ask(numbers(1), numbers(2, 3), numbers(-4))

    assert [list(answer.rows) for answer in answers] == [[(1,)], [(2, 3)], [(-4,)]]


@pytest.mark.parametrize("value", [0, -1, 2**63 - 1, -(2**63), "%s", "1; DROP TABLE orders_order", "'\"\\`", "ação 🛵"])
def test_a_value_arrives_as_it_was_sent(value, a_customer):
    customer = a_customer()
    text = value if isinstance(value, str) else "a number"

    _told, answer = packets.ask(renamed(customer, text), named(customer))
    [(number, again)] = packets.ask(numbers(value, text))[0].rows

    assert list(answer.rows) == [(text,)]
    assert (number, again) == (value, text)


def test_what_is_told_waits_for_what_is_asked_and_goes_before_it(a_customer):
    customer = a_customer(name="Ana")

    with transaction.atomic(), CaptureQueriesContext(connection) as captured, packets.held():
        packets.tell(renamed(customer, "Bia"))
        before = len(captured)
        [answer] = packets.ask(named(customer))
        packets.tell(renamed(customer, "Clara"))

    assert before == 0
    assert list(answer.rows) == [("Bia",)]
    assert Customer.objects.get(pk=customer.pk).name == "Clara"
    assert len(captured) == (3 if connection.vendor == "sqlite" else 2)


def test_what_waited_when_the_block_failed_was_never_sent(a_customer):
    customer = a_customer(name="Ana")

    with pytest.raises(ZeroDivisionError), transaction.atomic(), packets.held():  # noqa: PT012 - the whole of it fails
        packets.tell(renamed(customer, "Bia"))
        raise ZeroDivisionError

    assert Customer.objects.get(pk=customer.pk).name == "Ana"
    packets.tell(renamed(customer, "Clara"))
    assert Customer.objects.get(pk=customer.pk).name == "Clara"


def test_more_than_a_server_takes_at_once_does_not_wait(a_customer, monkeypatch):
    monkeypatch.setattr(packets, "MOST_HELD", 5)
    customer = a_customer()

    with transaction.atomic(), CaptureQueriesContext(connection) as captured, packets.held():
        for number in range(3):
            packets.tell(renamed(customer, str(number)))
        assert len(captured) > 0

    assert Customer.objects.get(pk=customer.pk).name == "2"


def test_a_statement_that_fails_in_the_middle_is_told_as_if_it_came_alone(a_customer):
    customer = a_customer(name="Ana")
    broken = Statement("UPDATE customers_customer SET name = NULL WHERE id = %s", [customer.pk])

    with pytest.raises(IntegrityError), transaction.atomic(), packets.held():  # noqa: PT012 - they go together
        packets.tell(renamed(customer, "Bia"))
        packets.tell(broken)
        packets.tell(renamed(customer, "Clara"))

    assert Customer.objects.get(pk=customer.pk).name == "Ana"
    assert list(packets.ask(named(customer))[0].rows) == [("Ana",)]


def test_a_value_too_many_or_too_few_is_a_mistake_and_not_a_guess():
    for values in ([], [1, 2]):
        with pytest.raises(Exception), transaction.atomic():  # noqa: B017, PT011 - the driver's own, or ours
            packets.ask(Statement("SELECT %s", values))


def test_an_instance_put_together_by_hand_equals_what_the_orm_makes(a_customer):
    customer = a_customer()

    [own] = statements.select(Customer, "own.id = %s", [customer.pk])
    orm = Customer.objects.get(pk=customer.pk)

    columns = [field.attname for field in Customer._meta.concrete_fields]
    assert {name: getattr(own, name) for name in columns} == {name: getattr(orm, name) for name in columns}
    assert (own, own._state.db, own._state.adding) == (orm, orm._state.db, orm._state.adding)
    assert own.created_at.tzinfo is UTC


def test_a_time_is_written_in_utc_and_to_the_microsecond():
    assert statements._without_zone(datetime(2026, 1, 31, 10, 0, 0, 5, tzinfo=UTC)) == "2026-01-31 10:00:00.000005"
