"""What happens is seen at once; what is kept is the best products of settled days, and never makes a figure wrong."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.dashboard import settling
from apps.dashboard.models import SalesOfDay
from apps.products import stock

pytestmark = pytest.mark.django_db
DAYS = ("2026-11-01", "2026-11-02")


@pytest.fixture
def placed(place_at, a_product):
    lamp = a_product()
    place_at("2026-11-01T12:00Z", (lamp, 1))
    list(settling.Settler(slack=0).round())
    return lamp


def asked_of_sales(ask):
    """How often the settled sales were looked through."""
    with CaptureQueriesContext(connection) as captured:
        ask(*DAYS)
    return sum("dashboard_salesofday" in query["sql"] for query in captured)


def test_the_best_are_looked_for_once_while_the_totals_stay_as_they_are(ask, placed, place_at):
    assert [asked_of_sales(ask), asked_of_sales(ask)] == [1, 0]

    place_at("2026-11-02T12:00Z", (placed, 1))
    assert asked_of_sales(ask) == 0

    list(settling.Settler(slack=0).round())
    assert [asked_of_sales(ask), asked_of_sales(ask)] == [1, 0]


def test_what_was_kept_of_other_totals_is_not_taken_for_these(ask, placed):
    SalesOfDay.objects.update(quantity=50)
    assert ask(*DAYS)["top_products"][0]["quantity"] == 50

    settling.forget()
    list(settling.Settler(slack=0).round())

    assert ask(*DAYS)["top_products"][0]["quantity"] == 1


def test_each_period_is_kept_by_itself(ask, placed):
    assert ask("2026-11-01", "2026-11-01") != ask("2026-11-02", "2026-11-02")


def test_whatever_happens_is_seen_at_once(ask, placed, place_at, a_user):
    assert ask(*DAYS)["orders"]["total"] == 1

    place_at("2026-11-02T12:00Z", (placed, 1))
    shown = ask(*DAYS)
    assert (shown["orders"]["total"], shown["top_products"][0]["quantity"]) == (2, 2)

    stock.adjust_stock(actor=a_user("Manager"), pk=placed.pk, on_hand=2)
    placed.refresh_from_db()
    placed.low_stock_threshold = 9
    placed.save()
    stock.adjust_stock(actor=a_user("Manager"), pk=placed.pk, on_hand=3)
    assert [row["available"] for row in ask(*DAYS)["low_stock"]] == [1]


def test_with_a_redis_that_is_away_it_is_right_every_time(ask, placed, place_at, settings):
    settings.CACHES = settings.CACHES | {
        "kept": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",  # Nobody listens there.
            "OPTIONS": {"serializer": "apps.common.kept.JSONSerializer", "retry": None},
        }
    }

    assert ask(*DAYS)["orders"]["total"] == 1
    place_at("2026-11-02T12:00Z", (placed, 1))
    assert ask(*DAYS)["orders"]["total"] == 2
