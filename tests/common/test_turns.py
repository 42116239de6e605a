"""Who would only wait for the other's locks waits for a turn; but never for long, and never with locks of one's own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import monotonic

import pytest
from django.db import connection, transaction

from apps.common import turns
from apps.common.turns import Turns


@pytest.fixture
def taken(monkeypatch):
    """taken(turns): somebody has the turn, until the event that it gives is set; then the future tells."""
    monkeypatch.setattr(turns, "LONGEST_WAIT", 10.0)
    let_go = Event()
    with ThreadPoolExecutor(1) as threads:

        def take(of):
            has_it = Event()

            def hold():
                with of.turn():
                    has_it.set()
                    assert let_go.wait(timeout=10)

            held = threads.submit(hold)
            assert has_it.wait(timeout=10)
            return let_go, held

        yield take
        let_go.set()


def came_to(of):
    with of.turn() as free:
        return free


def test_who_comes_alone_goes_at_once():
    queue = Turns()

    assert came_to(queue)
    assert came_to(queue)


def test_who_comes_meanwhile_waits_and_is_told_so(taken):
    queue = Turns()
    let_go, held = taken(queue)

    with ThreadPoolExecutor(1) as threads:
        second = threads.submit(came_to, queue)
        assert not second.done()
        let_go.set()
        assert second.result(timeout=10) is False
    assert held.result(timeout=10) is None


def test_nobody_waits_long_and_who_went_without_takes_the_turn_from_nobody(taken, monkeypatch):
    queue = Turns()
    taken(queue)
    monkeypatch.setattr(turns, "LONGEST_WAIT", 0.05)

    began = monotonic()
    assert came_to(queue) is False
    assert came_to(queue) is False
    assert 0.1 <= monotonic() - began < 5


def test_who_fails_gives_the_turn_back():
    queue = Turns()

    with pytest.raises(ZeroDivisionError), queue.turn():
        raise ZeroDivisionError

    assert came_to(queue)


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_with_locks_that_the_others_may_need(taken):
    queue = Turns()
    taken(queue)

    with transaction.atomic():
        assert connection.in_atomic_block
        began = monotonic()
        assert came_to(queue)
        assert monotonic() - began < 5
