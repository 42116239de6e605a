"""Which days may be asked for, and how a wrong question is answered."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from apps.common.days import HOME
from tests.problems import refusal

pytestmark = pytest.mark.django_db
URL = "/api/v1/dashboard"


def days(answer):
    return [row["date"] for row in answer.json()["per_day"]]


def test_without_a_question_it_is_the_last_thirty_days(manager):
    shown = days(manager.get(URL))

    today = timezone.localdate(timezone=HOME)
    assert (len(shown), shown[-1]) == (30, today.isoformat())


def test_from_and_to_may_each_stand_alone(manager):
    yesterday = timezone.localdate(timezone=HOME) - timedelta(days=1)

    since = days(manager.get(URL, {"from": yesterday.isoformat()}))
    until = days(manager.get(URL, {"to": "2026-01-31"}))

    assert since[0] == yesterday.isoformat()
    assert len(since) == 2
    assert (until[0], until[-1]) == ("2026-01-02", "2026-01-31")


def test_a_quarter_is_the_most(manager):
    assert len(days(manager.get(URL, {"from": "2026-07-01", "to": "2026-09-30"}))) == 92

    answer = manager.get(URL, {"from": "2026-06-30", "to": "2026-09-30"}, headers={"Accept-Language": "en"})

    assert refusal(answer) == (400, "validation_error")
    assert answer.json()["errors"] == [
        {"pointer": "/from", "code": "too_long", "detail": "At most 92 days can be looked at together."}
    ]


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ({"from": "yesterday"}, [("/from", "invalid")]),
        ({"from": "2026-02-30", "to": "2026-13-01"}, [("/from", "invalid"), ("/to", "invalid")]),
        ({"from": "2026-01-01T00:00:00Z", "to": "2026-01-02"}, [("/from", "invalid")]),
        ({"to": "20260131"}, [("/to", "invalid")]),
        ({"from": "2026-W05-1"}, [("/from", "invalid")]),
        ({"from": "2026-01-02", "to": "2026-01-01"}, [("/from", "after_the_last")]),
        ({"from": "\x00"}, [("/from", "invalid")]),
    ],
)
def test_every_mistake_of_a_period_is_named(manager, query, wrong):
    answer = manager.get(URL, query)

    assert refusal(answer) == (400, "validation_error")
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == wrong


@pytest.mark.parametrize("last", [date.min, date(1, 1, 5), date(2, 1, 1), date(9999, 12, 30), date.max])
def test_the_ends_of_time_are_answered(manager, last):
    assert days(manager.get(URL, {"to": last.isoformat()}))[-1] == last.isoformat()


def test_mistakes_are_told_in_portuguese(manager):
    [error] = manager.get(URL, {"from": "ontem"}).json()["errors"]

    assert error["detail"] == "Use uma data como 2026-01-31."
