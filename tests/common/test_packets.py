"""Several statements in one round trip: the same answers, in the same order, and all or nothing."""

from contextlib import nullcontext, suppress
from decimal import Decimal
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from apps.common import packets
from apps.common.packets import Statement
from apps.customers.models import Customer
from tests.common.telling import named, numbers, renamed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, params=["waits", "ahead"] if connection.vendor == "mysql" else ["waits"])
def sent_ahead(request, monkeypatch):
    """With all that waits sent ahead, where a driver can do that, and with nothing."""
    monkeypatch.setattr(packets, "WORTH_SENDING", 0 if request.param == "ahead" else packets.MAX_HELD)


def test_each_statement_is_given_its_own_answer():
    answers = packets.ask(numbers(1), numbers(2, 3), numbers(-4))

    assert [list(answer.rows) for answer in answers] == [[(1,)], [(2, 3)], [(-4,)]]


def test_one_block_does_not_begin_within_another_and_nothing_of_either_is_kept(a_customer):
    customer = a_customer(name="Ana")

    with pytest.raises(RuntimeError), transaction.atomic(), packets.held():  # noqa: PT012 - the whole of it fails
        packets.tell(renamed(customer, "Bia"))
        with packets.held():
            packets.tell(renamed(customer, "Clara"))

    assert Customer.objects.get().name == "Ana"


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


@pytest.mark.django_db(transaction=True)
def test_what_waits_at_the_end_of_a_transaction_goes_with_the_commit(a_customer):
    customer = a_customer(name="Ana")

    with CaptureQueriesContext(connection) as captured, transaction.atomic(), packets.held():
        packets.tell(renamed(customer, "Bia"))

    assert [query["sql"].count("UPDATE") + query["sql"].count("COMMIT") for query in captured][-1:] == (
        [1] if connection.vendor == "sqlite" else [2]
    )
    connection.close()
    assert Customer.objects.get(pk=customer.pk).name == "Bia"


@pytest.mark.django_db(transaction=True)
def test_a_transaction_whose_last_packet_fails_leaves_nothing_and_nothing_for_the_next_one(a_customer):
    customer = a_customer(name="Ana")
    broken = Statement("UPDATE customers_customer SET name = NULL WHERE id = %s", [customer.pk])

    with pytest.raises(IntegrityError), transaction.atomic(), packets.held():  # noqa: PT012 - they go together
        packets.tell(renamed(customer, "Bia"))
        packets.tell(broken)
    with transaction.atomic():
        assert Customer.objects.get(pk=customer.pk).name == "Ana"

    connection.close()
    assert Customer.objects.get(pk=customer.pk).name == "Ana"


@pytest.mark.django_db(transaction=True)
def test_what_waits_within_the_transaction_of_somebody_else_does_not_wait_for_its_end(a_customer):
    customer = a_customer(name="Ana")

    with transaction.atomic():
        with transaction.atomic(), packets.held():
            packets.tell(renamed(customer, "Bia"))
        assert Customer.objects.get(pk=customer.pk).name == "Bia"
        transaction.set_rollback(True)

    assert Customer.objects.get(pk=customer.pk).name == "Ana"


@pytest.mark.django_db(transaction=True)
def test_what_waits_when_the_transaction_is_rolled_back_is_forgotten(a_customer):
    customer = a_customer(name="Ana")

    with transaction.atomic():
        with packets.held():
            packets.tell(renamed(customer, "Bia"))
        transaction.set_rollback(True)
    with transaction.atomic():
        Customer.objects.filter(pk=customer.pk).update(city="Santos")

    assert Customer.objects.get(pk=customer.pk).name == "Ana"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("begun", [True, False])
def test_what_cannot_be_written_leaves_no_transaction_open(a_customer, begun):
    """Django rolls back after a failed COMMIT only for errors of the database."""
    customer = a_customer(name="Ana")

    with pytest.raises(Exception), transaction.atomic(), packets.held():  # noqa: B017, PT011, PT012 - the driver's, or ours
        if begun:
            packets.ask(renamed(customer, "Bia"))
        packets.tell(Statement("SELECT %s", [1, 2]))
    with transaction.atomic():
        Customer.objects.filter(pk=customer.pk).update(city="Santos")

    connection.close()
    assert Customer.objects.get(pk=customer.pk).name == "Ana"


@pytest.mark.django_db(transaction=True)
def test_what_waits_is_forgotten_with_its_connection(a_customer):
    if connection.vendor == "sqlite":
        pytest.skip("Nothing waits, and what is in memory is not closed")
    customer = a_customer(name="Ana")

    with suppress(Exception), transaction.atomic():
        with packets.held():
            packets.tell(renamed(customer, "Bia"))
        connection.close()
    with transaction.atomic():
        Customer.objects.filter(pk=customer.pk).update(city="Santos")

    assert Customer.objects.get(pk=customer.pk).name == "Ana"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("looked_on", [True, False])
def test_the_same_is_done_whether_or_not_somebody_looks_on(a_customer, looked_on):
    """Without anybody who logs statements, MySQL's driver is asked without a cursor."""
    customer = a_customer(name="Ana")
    of_nobody = Statement("UPDATE products_product SET on_hand = NULL WHERE id = %s", [0])
    odd = ["100 %", "'", "\\", "ação 🛵", None, 7, True, Decimal("1.50")]
    marks = ", ".join(["%s"] * len(odd))

    with CaptureQueriesContext(connection) if looked_on else nullcontext(), transaction.atomic(), packets.held():
        packets.tell(renamed(customer, "50 %% ação"))
        packets.tell(of_nobody)
        [first, second] = packets.ask(named(customer), Statement(f"SELECT {marks}, '100 %%'", odd))

    assert list(first.rows) == [("50 %% ação",)]
    assert list(second.rows[0][:-2]) == [*odd[:-1]]
    assert Decimal(second.rows[0][-2]) == Decimal("1.50")
    assert second.rows[0][-1] == "100 %"


def test_a_value_that_cannot_be_read_leaves_nothing_unread(monkeypatch):
    if connection.vendor != "mysql":
        pytest.skip("The others read all before they look at it")
    packets.ask(numbers(1))
    from MySQLdb.constants import FIELD_TYPE

    monkeypatch.setitem(connection.connection.converter, FIELD_TYPE.DATETIME, int)

    with pytest.raises(ValueError, match="invalid literal"):
        packets.ask(Statement("SELECT NOW(6)", ()), numbers(1))

    assert list(packets.ask(numbers(2))[0].rows) == [(2,)]


def test_more_than_a_server_takes_at_once_does_not_wait(a_customer, monkeypatch):
    monkeypatch.setattr(packets, "MAX_HELD", 5)
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


@pytest.mark.skipif(connection.vendor != "mysql", reason="of a cluster of MariaDB's")
def test_in_a_cluster_statements_go_one_by_one(monkeypatch):
    sent = []
    wrapper: Any = connections[DEFAULT_DB_ALIAS]
    ask = wrapper._ask

    def noticed(words, count, results):
        sent.append((words, count))
        ask(words, count, results)

    monkeypatch.setattr(wrapper, "_ask", noticed)
    monkeypatch.setattr(wrapper, "one_by_one", True)
    monkeypatch.setattr(wrapper, "to_begin", True)

    answers = packets.ask(Statement("SELECT %s", (1,)), Statement("SELECT %s", ("two",)))

    assert [answer.rows[0][0] for answer in answers] == [1, "two"]
    assert sent == [(b"BEGIN", 1), (b"SELECT 1", 1), (b"SELECT 'two'", 1)]
