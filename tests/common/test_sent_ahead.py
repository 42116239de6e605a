"""What is sent ahead: what MySQL's server is doing while its client goes on."""

from contextlib import suppress
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, IntegrityError, OperationalError, connection, connections, transaction

from apps.common import packets
from apps.common.packets import Statement
from apps.customers.models import Customer
from tests.common.telling import named, numbers, renamed

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "mysql", reason="the other drivers send nothing ahead"),
]


@pytest.fixture(autouse=True)
def sent_ahead(monkeypatch):
    monkeypatch.setattr(packets, "WORTH_SENDING", 0)


def unread():
    wrapper: Any = connections[DEFAULT_DB_ALIAS]
    return wrapper.unread


def test_it_is_done_before_what_is_said_next_and_gets_no_answer_of_that(a_customer):
    customer = a_customer(name="Ana")

    with transaction.atomic(), packets.held():
        packets.ask(numbers(1))
        packets.tell(renamed(customer, "Bia"))
        packets.tell(numbers(7))
        assert unread() == 1
        packets.tell(renamed(customer, "Clara"))
        [first, second] = packets.ask(named(customer), numbers(2))
        assert unread() == 0
        packets.tell(renamed(customer, "Dora"))

    assert (list(first.rows), list(second.rows)) == ([("Clara",)], [(2,)])
    connection.close()
    assert Customer.objects.get(pk=customer.pk).name == "Dora"


def test_what_goes_past_all_this_finds_it_done(a_customer):
    customer = a_customer(name="Ana", city="Recife")

    with transaction.atomic(), packets.held():
        packets.ask(numbers(1))
        packets.tell(renamed(customer, "Bia"))
        packets.tell(renamed(customer, "Clara"))
        names = list(Customer.objects.values_list("name", flat=True))
        packets.tell(renamed(customer, "Dora"))
        assert unread() == 1
        with connection.cursor() as cursor:
            cursor.executemany("UPDATE customers_customer SET city = %s WHERE id = %s", [("Santos", customer.pk)])
        assert unread() == 0

    customer.refresh_from_db()
    assert (names, customer.name, customer.city) == (["Bia"], "Dora", "Santos")


def test_nothing_goes_before_begin_has_gone(a_customer):
    customer = a_customer(name="Ana")

    with pytest.raises(ZeroDivisionError), transaction.atomic(), packets.held():  # noqa: PT012 - the whole of it
        packets.tell(renamed(customer, "Bia"))
        packets.tell(renamed(customer, "Clara"))
        assert unread() == 0
        raise ZeroDivisionError

    assert Customer.objects.get(pk=customer.pk).name == "Ana"


@pytest.mark.parametrize("said_next", ["COMMIT", "a question", "by a cursor"])
def test_its_failure_is_told_by_whatever_is_said_next_and_ends_the_transaction(a_customer, said_next):
    customer = a_customer(name="Ana")
    broken = Statement("UPDATE customers_customer SET name = NULL WHERE id = %s", [customer.pk])

    with pytest.raises(IntegrityError), transaction.atomic(), packets.held():  # noqa: PT012 - the whole of it fails
        packets.ask(renamed(customer, "Bia"))
        packets.tell(broken)
        packets.tell(renamed(customer, "Clara"))
        assert unread() == 1
        if said_next == "a question":
            packets.ask(numbers(1))
        elif said_next == "by a cursor":
            Customer.objects.filter(pk=customer.pk).update(name="Dora")

    assert list(packets.ask(named(customer), numbers(3))[1].rows) == [(3,)]
    assert Customer.objects.get(pk=customer.pk).name == "Ana"


def test_it_ends_with_a_transaction_that_fails_meanwhile(a_customer):
    customer = a_customer(name="Ana")

    with pytest.raises(ZeroDivisionError), transaction.atomic(), packets.held():  # noqa: PT012 - the whole of it fails
        packets.ask(numbers(1))
        packets.tell(renamed(customer, "Bia"))
        packets.tell(renamed(customer, "Clara"))
        raise ZeroDivisionError

    assert [list(answer.rows) for answer in packets.ask(named(customer), numbers(3))] == [[("Ana",)], [(3,)]]


def test_its_failure_does_not_stand_in_the_way_of_rolling_back(a_customer):
    customer, wrapper = a_customer(name="Ana"), connections[DEFAULT_DB_ALIAS]
    broken = Statement("UPDATE customers_customer SET name = NULL WHERE id = %s", [customer.pk])

    with pytest.raises(ZeroDivisionError), transaction.atomic(), packets.held():  # noqa: PT012 - the whole of it fails
        packets.ask(renamed(customer, "Bia"))
        before = wrapper.connection
        packets.tell(broken)
        packets.tell(renamed(customer, "Clara"))
        raise ZeroDivisionError

    assert Customer.objects.get(pk=customer.pk).name == "Ana"
    assert wrapper.connection is before


def test_it_ends_with_a_part_of_a_transaction_that_goes_on(a_customer):
    customer = a_customer(name="Ana", city="Recife")

    with transaction.atomic():
        packets.ask(numbers(1))
        with suppress(ZeroDivisionError), transaction.atomic(), packets.held():
            packets.tell(renamed(customer, "Bia"))
            packets.tell(renamed(customer, "Clara"))
            raise ZeroDivisionError
        Customer.objects.filter(pk=customer.pk).update(city="Santos")

    customer.refresh_from_db()
    assert (customer.name, customer.city) == ("Ana", "Santos")


def test_a_transaction_that_ends_all_the_same_waits_for_it(a_customer):
    customer = a_customer(name="Ana")

    with transaction.atomic(), suppress(ZeroDivisionError), packets.held():
        packets.ask(numbers(1))
        packets.tell(renamed(customer, "Bia"))
        packets.tell(renamed(customer, "Clara"))
        raise ZeroDivisionError

    assert unread() == 0
    assert [list(answer.rows) for answer in packets.ask(named(customer), numbers(3))] == [[("Bia",)], [(3,)]]


def test_a_connection_that_is_lost_meanwhile_leaves_nothing(a_customer):
    customer = a_customer(name="Ana")
    wrapper: Any = connections[DEFAULT_DB_ALIAS]
    other = wrapper.copy()

    with pytest.raises(OperationalError), transaction.atomic(), packets.held():  # noqa: PT012 - the whole of it fails
        packets.ask(numbers(1))
        packets.tell(renamed(customer, "Bia"))
        packets.tell(renamed(customer, "Clara"))
        with other.cursor() as cursor:
            cursor.execute(f"KILL {wrapper.connection.thread_id()}")
    other.close()
    connection.close()

    assert Customer.objects.get(pk=customer.pk).name == "Ana"
    assert unread() == 0
