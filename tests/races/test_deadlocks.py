"""A deadlock and a lock that is not let go of, provoked with raw SQL: the client notices neither, or is told 503."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from apps.common import lock_timeouts, retry
from apps.orders.models import Order
from tests.asking import order_body, post_order
from tests.audits import audit, nothing_changed
from tests.problems import refusal
from tests.races.threads import alone

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def contentions(monkeypatch):
    """What the database complained of, while somebody waited to start over."""
    told, contended = [], retry.contended

    def listening(error):
        if contended(error):
            told.append(getattr(error.__cause__, "sqlstate", None) or error.args[0])
        return contended(error)

    monkeypatch.setattr(retry, "contended", listening)
    return told


@pytest.fixture
def in_background():
    """in_background(call): goes on in another thread; its result when asked."""
    threads = ThreadPoolExecutor(1)
    yield lambda call: threads.submit(alone, call).result
    threads.shutdown()


@pytest.fixture
def impatient(monkeypatch):
    """Nobody waits for a lock longer than a second."""
    monkeypatch.setattr(lock_timeouts, "LONG", 1)
    monkeypatch.setattr(lock_timeouts, "SHORT", 1)


WAITING = {
    "mysql": """SELECT COUNT(*) FROM information_schema.innodb_trx JOIN information_schema.processlist
        ON processlist.id = trx_mysql_thread_id WHERE db = DATABASE() AND trx_state = 'LOCK WAIT'""",
    "postgresql": """SELECT COUNT(*) FROM pg_stat_clear_snapshot(), pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'""",
}


def until_somebody_waits():
    """Until another connection to this database waits for a lock."""
    deadline = time.monotonic() + 30
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute(WAITING[connection.vendor])
            if cursor.fetchone()[0]:
                return
            time.sleep(0.2)  # MySQL looks again only when nobody has asked for a tenth of a second.
    raise TimeoutError("nobody waits for a lock")


def hold(product):
    """Lock this product until the transaction ends, and weigh so much that another is chosen as a deadlock's victim."""
    with connection.cursor() as cursor:
        for number in range(30):
            cursor.execute("UPDATE products_product SET description = %s WHERE id = %s", [f"held {number}", product.pk])


def lock(row):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {row._meta.db_table} WHERE id = %s FOR UPDATE", [row.pk])


def test_a_deadlock_is_survived(manager, same, ana, a_product, contentions, in_background):
    """The order takes the first product and waits for the second; we hold the second and ask for the first."""
    first, second = a_product(), a_product()
    body = order_body(ana, (first, 1), (second, 1))

    with transaction.atomic():
        hold(second)
        placed = in_background(lambda: post_order(same(manager), body))
        until_somebody_waits()
        lock(first)

    assert placed().status_code == 201
    assert set(contentions) in ({1213}, {"40P01"})
    assert Order.objects.count() == 1
    audit()


def test_a_lock_that_is_let_go_of_in_the_end_is_waited_for(
    manager, same, ana, lamp, impatient, contentions, in_background
):
    with transaction.atomic():
        hold(lamp)
        placed = in_background(lambda: post_order(same(manager), order_body(ana, (lamp, 1))))
        deadline = time.monotonic() + 30
        while not contentions and time.monotonic() < deadline:
            time.sleep(0.05)  # Until the first attempt has run out of time.

    assert placed().status_code == 201
    assert set(contentions) in ({1205}, {"55P03"})
    audit()


def test_a_lock_that_is_never_let_go_of_ends_as_unavailable(
    manager, same, ana, lamp, monkeypatch, impatient, contentions, in_background
):
    monkeypatch.setattr(retry, "ATTEMPTS", 2)
    body = order_body(ana, (lamp, 1))

    with nothing_changed(), transaction.atomic():
        hold(lamp)
        answer = in_background(lambda: post_order(same(manager), body, key="web-1"))()
        transaction.set_rollback(True)

    assert refusal(answer) == (503, "temporarily_unavailable")
    assert int(answer["Retry-After"]) >= 1
    assert len(contentions) == 3  # Once briefly, as one who might have company, and twice with patience.
    assert post_order(manager, body, key="web-1").status_code == 201


def test_patience_ends_even_when_attempts_are_left(
    manager, same, ana, lamp, monkeypatch, impatient, contentions, in_background
):
    monkeypatch.setattr(retry, "PATIENCE", 0.5)

    with transaction.atomic():
        hold(lamp)
        answer = in_background(lambda: post_order(same(manager), order_body(ana, (lamp, 1))))()

    assert refusal(answer) == (503, "temporarily_unavailable")
    assert len(contentions) == 2  # Once briefly, once with patience.


def test_a_move_survives_a_deadlock_too(manager, same, place, lamp, contentions, in_background):
    """The cancellation holds its order and waits for the product; we hold the product and ask for the order."""
    order = place((lamp, 1))

    with transaction.atomic():
        hold(lamp)
        cancelled = in_background(lambda: same(manager).delete(f"/api/v1/orders/{order.pk}"))
        until_somebody_waits()
        lock(order)

    assert cancelled().status_code == 200
    assert set(contentions) in ({1213}, {"40P01"})
    audit()
