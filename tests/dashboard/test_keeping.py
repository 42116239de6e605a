"""Figures are reckoned once while nothing happens, and never wrong because something keeps them."""

import pytest

from apps.dashboard import figures
from apps.products import stock

pytestmark = pytest.mark.django_db
DAYS = ("2026-11-01", "2026-11-02")


@pytest.fixture
def reckonings(monkeypatch):
    """The periods that were really reckoned."""
    made, reckon = [], figures.reckon

    def reckon_once_more(period):
        made.append(period)
        return reckon(period)

    monkeypatch.setattr(figures, "reckon", reckon_once_more)
    return made


@pytest.fixture
def placed(place_at, a_product):
    lamp = a_product()
    place_at("2026-11-01T12:00Z", (lamp, 1))
    return lamp


def test_it_is_reckoned_once_while_nothing_happens(ask, placed, reckonings):
    first, second = ask(*DAYS), ask(*DAYS)

    assert first == second
    assert len(reckonings) == 1


def test_each_period_is_kept_by_itself(ask, placed, reckonings):
    assert ask("2026-11-01", "2026-11-01") != ask("2026-11-02", "2026-11-02")
    assert len(reckonings) == 2


def test_whatever_happens_is_seen_at_once(ask, placed, place_at, a_user):
    assert ask(*DAYS)["orders"]["total"] == 1

    place_at("2026-11-02T12:00Z", (placed, 1))
    assert ask(*DAYS)["orders"]["total"] == 2

    stock.adjust_stock(actor=a_user("Manager"), pk=placed.pk, on_hand=2)
    placed.refresh_from_db()
    placed.low_stock_threshold = 9
    placed.save()
    stock.adjust_stock(actor=a_user("Manager"), pk=placed.pk, on_hand=3)
    assert [row["available"] for row in ask(*DAYS)["low_stock"]] == [1]


class Clock:
    """Stands still unless told; each reckoning takes as long as it was told."""

    def __init__(self, taking):
        self.now, self.taking, self.looks = 1000.0, taking, 0

    def time(self):
        return self.now

    def monotonic(self):
        self.looks += 1
        return self.looks * self.taking


def test_figures_that_were_slow_rest_for_a_while_whatever_happens(ask, placed, place_at, reckonings, monkeypatch):
    clock = Clock(taking=figures.SLOW)
    monkeypatch.setattr(figures, "time", clock)
    ask(*DAYS)
    place_at("2026-11-02T12:00Z", (placed, 1))

    clock.now += figures.SLOW * figures.REST - 0.1
    while_they_rest = ask(*DAYS)["orders"]["total"]
    clock.now += 0.2
    later = ask(*DAYS)["orders"]["total"]

    assert (while_they_rest, later, len(reckonings)) == (1, 2, 2)


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


def test_before_anything_happened_nothing_is_kept(ask, reckonings):
    ask(*DAYS)
    ask(*DAYS)

    assert len(reckonings) == 2
