"""What a connection is asked, and what it is left to: fewer round trips, the same transactions."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections, transaction

from apps.common import databases


def own() -> Any:
    """The connection itself, not what stands for that of each thread."""
    return connections[DEFAULT_DB_ALIAS]


@pytest.fixture
def asked(monkeypatch):
    """How often the connection was asked whether it still stands."""
    if connection.vendor == "sqlite":
        pytest.skip("A file is where it is")
    times: list[int] = []
    wrapper = type(own())
    stands = wrapper.is_usable

    def ask(self):
        times.append(1)
        return stands(self)

    monkeypatch.setattr(wrapper, "is_usable", ask)
    monkeypatch.setattr(own(), "health_check_enabled", True)
    return times


def requests(count):
    for _ in range(count):
        own().health_check_done = False  # As Django has it at the end of a request.
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")


@pytest.mark.django_db
def test_a_busy_connection_is_not_asked_with_every_request(asked):
    requests(20)

    assert len(asked) <= 1


@pytest.mark.django_db
def test_one_that_rested_is_asked(asked, monkeypatch):
    requests(1)
    monkeypatch.setattr(databases, "BELIEVED", 0.0)
    before = len(asked)

    requests(3)

    assert len(asked) == before + 3


@pytest.mark.django_db(transaction=True)
def test_one_that_was_believed_is_not_asked_in_the_middle_of_a_transaction(asked, monkeypatch):
    requests(1)
    before = len(asked)
    own().health_check_done = False

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        monkeypatch.setattr(databases, "BELIEVED", 0.0)  # The transaction outlasts the second.

    assert len(asked) == before
    assert connection.get_autocommit()


@pytest.mark.django_db(transaction=True)
def test_a_connection_lost_after_begin_is_told_of_as_any_other(monkeypatch):
    """The first statement goes with BEGIN: that was answered, and then the server went away."""
    if connection.vendor != "mysql":
        pytest.skip("Elsewhere BEGIN goes alone")
    from MySQLdb import OperationalError as Lost
    from MySQLdb.cursors import Cursor

    def lose(_self):
        raise Lost(2013, "Lost connection to server during query")

    with pytest.raises(OperationalError, match="2013"), transaction.atomic():  # noqa: PT012 - whichever it is
        monkeypatch.setattr(Cursor, "nextset", lose)
        monkeypatch.setattr(Cursor, "close", lose)
        Group.objects.first()
    monkeypatch.undo()
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_committed_by_itself_within_a_transaction(a_customer):
    customer = a_customer(name="Ana")

    for _ in range(2):
        with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012 - the whole of it fails
            type(customer).objects.filter(pk=customer.pk).update(name="Bia")
            raise ZeroDivisionError

    assert type(customer).objects.get(pk=customer.pk).name == "Ana"
    assert connection.get_autocommit()
    with transaction.atomic():
        type(customer).objects.filter(pk=customer.pk).update(name="Clara")
    connection.close()
    assert type(customer).objects.get(pk=customer.pk).name == "Clara"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's driver takes it for an internal error")
@pytest.mark.django_db(transaction=True)
def test_a_server_that_is_only_read_is_left_for_another(api_as, a_customer):
    manager, customer = api_as("Manager"), a_customer(name="Ana")
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")  # Of this connection: as if a standby answered it.

    answer = manager.patch(f"/api/v1/customers/{customer.pk}", {"name": "Bia"})

    assert (answer.status_code, answer.json()["name"]) == (200, "Bia")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's driver takes it for an internal error")
@pytest.mark.django_db(transaction=True)
def test_where_there_is_no_other_it_is_told_as_a_trouble_of_ours_that_passes(api_as, a_customer, monkeypatch):
    manager, customer = api_as("Manager"), a_customer(name="Ana")
    monkeypatch.setattr("apps.common.retry.RECONNECTIONS", 0)
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")

    answer = manager.patch(f"/api/v1/customers/{customer.pk}", {"name": "Bia"})
    connection.close()

    assert (answer.status_code, answer.json()["code"]) == (503, "temporarily_unavailable")
    assert type(customer).objects.get(pk=customer.pk).name == "Ana"


@pytest.mark.django_db
def test_required_tls_is_there_or_nothing_is_said():
    """Whether the server of this run has it or not: MariaDB up to 11.3 has none unless it is given a certificate."""
    if connection.vendor != "mysql":
        pytest.skip("PostgreSQL's client keeps to it by itself")
    other = own().copy()
    other.settings_dict["OPTIONS"] = other.settings_dict["OPTIONS"] | {"ssl_mode": "REQUIRED"}

    try:
        with other.cursor() as cursor:
            cursor.execute("SHOW SESSION STATUS LIKE 'Ssl_cipher'")
            ((_name, outcome),) = cursor.fetchall()
    except OperationalError as error:
        outcome = error.args[0]
    other.close()

    assert outcome == 2026 or str(outcome).isupper()  # Refused, or the name of a cipher: "" is neither.
