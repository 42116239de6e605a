"""Whatever a shop does, and wherever the totals have got meanwhile: they are what the orders come to."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import islice

import pytest
from django.core.cache import caches
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.common.errors import DomainError
from apps.dashboard import settling, totals
from apps.dashboard.period import asked
from apps.orders import services as orders
from apps.orders.lifecycle import Status
from tests.dashboard.totalling import begin_at_the_latest, what_orders_come_to

pytestmark = pytest.mark.django_db
OPENED = datetime(2026, 10, 30, 1, tzinfo=UTC)
PERIODS = [
    asked({"from": first, "to": last})
    for first, last in (("2026-10-01", "2026-11-30"), ("2026-11-01", "2026-11-02"), ("2026-11-02", "2026-11-02"))
]

place = st.tuples(
    st.just("place"), st.integers(0, 100), st.dictionaries(st.integers(0, 5), st.integers(1, 3), min_size=1)
)
move = st.tuples(st.just("move"), st.integers(0, 30), st.sampled_from(list(Status)))
settle = st.tuples(st.just("settle"), st.integers(1, 9))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=st.lists(place | move | settle, min_size=5, max_size=20), stretch=st.integers(1, 4))
def test_totals_are_what_the_orders_come_to(place_at, a_product, a_user, monkeypatch, deeds, stretch):
    monkeypatch.setattr(settling, "STRETCH", stretch)
    caches["kept"].clear()  # What was rolled back below had the same ids.
    with transaction.atomic():
        shelf = [a_product(price=Decimal(price)) for price in ("0.01", "3.30", "3.30", "7.00", "19.90", "250.00")]
        manager, placed = a_user("Manager"), [place_at(OPENED.isoformat(), (shelf[0], 1))]
        begin_at_the_latest()
        settler = settling.Settler(slack=0)

        for number, deed in enumerate(deeds):
            match deed:
                case "place", hours, wanted:
                    lines = [(shelf[index], pieces) for index, pieces in wanted.items()]
                    placed.append(place_at((OPENED + timedelta(hours=hours)).isoformat(), *lines))
                case "move", index, target:
                    with suppress(DomainError):  # Not from there.
                        orders.change_status(actor=manager, pk=placed[index % len(placed)].pk, target=target)
                case "settle", stretches:
                    list(islice(settler.round(), stretches))
            period = PERIODS[number % len(PERIODS)]
            assert totals.totals(period, 2) == what_orders_come_to(period, 2)

        list(settling.Settler(slack=0).round())
        assert list(settling.differences()) == []
        transaction.set_rollback(True)
