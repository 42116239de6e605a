"""The shop's calendar: which day a text names, and when a day begins and ends where the shop is."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.dateparse import parse_date

HOME = ZoneInfo(settings.TIME_ZONE)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def as_day(text: str) -> date | None:
    """The day that "2026-01-31" names; None when it is no such text. (ISO 8601 knows other forms: "20260131".)"""
    try:
        return parse_date(text) if DAY.fullmatch(text) else None
    except ValueError:
        return None


def beginning(day: date) -> datetime:
    """Its first moment."""
    return datetime.combine(day, time.min, HOME)


def end(day: date) -> datetime:
    """The moment at which it is over. After the last day of the calendar there is none: then its last one."""
    return datetime.max.replace(tzinfo=UTC) if day == date.max else beginning(day + timedelta(days=1))
