"""What a connection is asked, and what it is left to: fewer round trips, the same transactions."""

import pytest
from django.db import connection, transaction

from apps.common import databases


@pytest.fixture
def asked(monkeypatch):
    """How often the connection was asked whether it still stands."""
    if connection.vendor == "sqlite":
        pytest.skip("A file is where it is")
    times = []
    wrapper = type(connection._connections[connection._alias])
    stands = wrapper.is_usable
    monkeypatch.setattr(wrapper, "is_usable", lambda self: times.append(1) or stands(self))
    monkeypatch.setattr(connection._connections[connection._alias], "health_check_enabled", True)
    return times


def requests(count):
    for _ in range(count):
        connection.health_check_done = False  # As Django has it at the end of a request.
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
def test_nothing_is_committed_by_itself_within_a_transaction(a_customer):
    customer = a_customer(name="Ana")

    for _ in range(2):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            type(customer).objects.filter(pk=customer.pk).update(name="Bia")
            raise ZeroDivisionError

    assert type(customer).objects.get(pk=customer.pk).name == "Ana"
    assert connection.get_autocommit()
    with transaction.atomic():
        type(customer).objects.filter(pk=customer.pk).update(name="Clara")
    connection.close()
    assert type(customer).objects.get(pk=customer.pk).name == "Clara"
