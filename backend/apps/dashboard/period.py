"""The days that a dashboard is about: São Paulo's, both ends included."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ErrorDetail, ValidationError

from apps.common.days import HOME, as_day, beginning, end

MAX_DAYS = 92  # The longest quarter.
USUAL_DAYS = 30

PARAMETERS = [
    OpenApiParameter("from", date, description=f"The first day; {USUAL_DAYS - 1} days before `to` when left out."),
    OpenApiParameter("to", date, description=f"The last day; today when left out. At most {MAX_DAYS} days in all."),
]


@dataclass(frozen=True, slots=True)
class Period:
    first: date
    last: date

    @property
    def start(self) -> datetime:
        """The moment at which it begins."""
        return beginning(self.first)

    @property
    def end(self) -> datetime:
        """The moment at which it is over."""
        return end(self.last)

    def days(self) -> Iterator[date]:
        """Each day, the quiet ones too."""
        for number in range((self.last - self.first).days + 1):
            yield self.first + timedelta(days=number)


def asked(query: Mapping[str, str]) -> Period:
    """The period of a query (`?from=2026-11-01&to=2026-11-30`), or a validation problem naming every mistake."""
    problems: dict[str, list[ErrorDetail]] = {}
    given: dict[str, date | None] = {}
    for name in ("from", "to"):
        text = query.get(name, "")
        given[name] = as_day(text)
        if text and given[name] is None:
            problems[name] = [ErrorDetail(_("Use a date such as 2026-01-31."), "invalid")]
    if problems:
        raise ValidationError(problems)
    last = given["to"] or timezone.localdate(timezone=HOME)
    first = given["from"] or date.fromordinal(max(1, last.toordinal() - USUAL_DAYS + 1))
    if first > last:
        raise ValidationError({"from": [ErrorDetail(_("The first day is after the last."), "after_the_last")]})
    if (last - first).days >= MAX_DAYS:
        told = _("At most %(days)d days can be looked at together.") % {"days": MAX_DAYS}
        raise ValidationError({"from": [ErrorDetail(told, "too_long")]})
    return Period(first, last)
