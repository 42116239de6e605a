"""Several statements in one round trip: the same answers, in the same order, and all or nothing."""

from contextlib import nullcontext, suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, IntegrityError, OperationalError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from apps.common import packets, statements
from apps.common.packets import Statement
from apps.common.rows import Rows, select, select_many
from apps.customers.models import Customer
from apps.products.models import Product

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, params=["waits", "ahead"] if connection.vendor == "mysql" else ["waits"])
def sent_ahead(request, monkeypatch):
    """With all that waits sent ahead, where a driver can do that, and with nothing."""
    monkeypatch.setattr(packets, "WORTH_SENDING", 0 if request.param == "ahead" else packets.MAX_HELD)


def numbers(*values):
    return Statement(f"SELECT {', '.join(['%s'] * len(values))}", values)


def renamed(customer, name):
    return Statement("UPDATE customers_customer SET name = %s WHERE id = %s", [name, customer.pk])


def named(customer):
    return Statement("SELECT name FROM customers_customer WHERE id = %s", [customer.pk])


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


@pytest.mark.skipif(connection.vendor != "mysql", reason="the other drivers send nothing ahead")
class TestSentAhead:
    """What the server is doing while its client goes on."""

    pytestmark = pytest.mark.django_db(transaction=True)

    @pytest.fixture(autouse=True)
    def sent_ahead(self, monkeypatch):
        monkeypatch.setattr(packets, "WORTH_SENDING", 0)

    @staticmethod
    def unread():
        wrapper: Any = connections[DEFAULT_DB_ALIAS]
        return wrapper.unread

    def test_it_is_done_before_what_is_said_next_and_gets_no_answer_of_that(self, a_customer):
        customer = a_customer(name="Ana")

        with transaction.atomic(), packets.held():
            packets.ask(numbers(1))
            packets.tell(renamed(customer, "Bia"))
            packets.tell(numbers(7))
            assert self.unread() == 1
            packets.tell(renamed(customer, "Clara"))
            [first, second] = packets.ask(named(customer), numbers(2))
            assert self.unread() == 0
            packets.tell(renamed(customer, "Dora"))

        assert (list(first.rows), list(second.rows)) == ([("Clara",)], [(2,)])
        connection.close()
        assert Customer.objects.get(pk=customer.pk).name == "Dora"

    def test_what_goes_past_all_this_finds_it_done(self, a_customer):
        customer = a_customer(name="Ana", city="Recife")

        with transaction.atomic(), packets.held():
            packets.ask(numbers(1))
            packets.tell(renamed(customer, "Bia"))
            packets.tell(renamed(customer, "Clara"))
            names = list(Customer.objects.values_list("name", flat=True))
            packets.tell(renamed(customer, "Dora"))
            assert self.unread() == 1
            with connection.cursor() as cursor:
                cursor.executemany("UPDATE customers_customer SET city = %s WHERE id = %s", [("Santos", customer.pk)])
            assert self.unread() == 0

        customer.refresh_from_db()
        assert (names, customer.name, customer.city) == (["Bia"], "Dora", "Santos")

    def test_nothing_goes_before_begin_has_gone(self, a_customer):
        customer = a_customer(name="Ana")

        with pytest.raises(ZeroDivisionError), transaction.atomic(), packets.held():  # noqa: PT012 - the whole of it
            packets.tell(renamed(customer, "Bia"))
            packets.tell(renamed(customer, "Clara"))
            assert self.unread() == 0
            raise ZeroDivisionError

        assert Customer.objects.get(pk=customer.pk).name == "Ana"

    @pytest.mark.parametrize("said_next", ["COMMIT", "a question", "by a cursor"])
    def test_its_failure_is_told_by_whatever_is_said_next_and_ends_the_transaction(self, a_customer, said_next):
        customer = a_customer(name="Ana")
        broken = Statement("UPDATE customers_customer SET name = NULL WHERE id = %s", [customer.pk])

        with pytest.raises(IntegrityError), transaction.atomic(), packets.held():  # noqa: PT012 - the whole of it fails
            packets.ask(renamed(customer, "Bia"))
            packets.tell(broken)
            packets.tell(renamed(customer, "Clara"))
            assert self.unread() == 1
            if said_next == "a question":
                packets.ask(numbers(1))
            elif said_next == "by a cursor":
                Customer.objects.filter(pk=customer.pk).update(name="Dora")

        assert list(packets.ask(named(customer), numbers(3))[1].rows) == [(3,)]
        assert Customer.objects.get(pk=customer.pk).name == "Ana"

    def test_it_ends_with_a_transaction_that_fails_meanwhile(self, a_customer):
        customer = a_customer(name="Ana")

        with pytest.raises(ZeroDivisionError), transaction.atomic(), packets.held():  # noqa: PT012 - the whole of it fails
            packets.ask(numbers(1))
            packets.tell(renamed(customer, "Bia"))
            packets.tell(renamed(customer, "Clara"))
            raise ZeroDivisionError

        assert [list(answer.rows) for answer in packets.ask(named(customer), numbers(3))] == [[("Ana",)], [(3,)]]

    def test_its_failure_does_not_stand_in_the_way_of_rolling_back(self, a_customer):
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

    def test_it_ends_with_a_part_of_a_transaction_that_goes_on(self, a_customer):
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

    def test_a_transaction_that_ends_all_the_same_waits_for_it(self, a_customer):
        customer = a_customer(name="Ana")

        with transaction.atomic(), suppress(ZeroDivisionError), packets.held():
            packets.ask(numbers(1))
            packets.tell(renamed(customer, "Bia"))
            packets.tell(renamed(customer, "Clara"))
            raise ZeroDivisionError

        assert self.unread() == 0
        assert [list(answer.rows) for answer in packets.ask(named(customer), numbers(3))] == [[("Bia",)], [(3,)]]

    def test_a_connection_that_is_lost_meanwhile_leaves_nothing(self, a_customer):
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
        assert self.unread() == 0
