"""Filters that refuse what they cannot understand, and ordering and search that use indexed, folded columns."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.contrib.django_filters import DjangoFilterExtension
from drf_spectacular.utils import extend_schema_field
from rest_framework.exceptions import ValidationError
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request

from apps.common.columns import MoneyField
from apps.common.days import HOME, as_day, beginning, end
from apps.common.inputs import BIGGEST_ID
from apps.common.text import fold

MOMENT = {
    "oneOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}],
    "examples": ["2026-01-31"],
}
TIME_OF_DAY = re.compile(r"[T ][0-9]")
MAX_TEXT = 200  # characters of a filter or a search
MAX_DIGITS = len(str(BIGGEST_ID))
MAX_ORDERINGS = 4  # columns of an ordering, besides the unique one at its end


class PlainText(forms.CharField):
    """Text of a bounded length, without NUL (which PostgreSQL cannot store)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": MAX_TEXT, **kwargs})


@extend_schema_field({"type": "string", "maxLength": MAX_TEXT})
class TextFilter(django_filters.Filter):
    """Compares after `derive` brought the text to the stored form."""

    field_class = PlainText

    def __init__(self, *args: Any, derive: Any = fold, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.derive = derive

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        if not value:
            return qs
        derived = self.derive(value)
        return super().filter(qs, derived) if derived else qs.none()


class FlagField(forms.Field):
    """true or false."""

    def to_python(self, value: Any) -> bool | None:
        if value in (None, ""):
            return None
        known = {"true": True, "false": False, "1": True, "0": False}
        if str(value).lower() not in known:
            raise forms.ValidationError(_("Use true or false."), code="invalid")
        return known[str(value).lower()]


@extend_schema_field({"type": "boolean"})
class FlagFilter(django_filters.Filter):
    field_class = FlagField


class IdField(forms.Field):
    def to_python(self, value: Any) -> int | None:
        if value in (None, ""):
            return None
        text = str(value)
        digits = text.lstrip("0") if text.isascii() and text.isdecimal() else ""
        if not 1 <= len(digits) <= MAX_DIGITS or int(digits) > BIGGEST_ID:
            raise forms.ValidationError(_("A whole number of at least 1 is expected."), code="invalid")
        return int(digits)


@extend_schema_field({"type": "integer", "minimum": 1, "maximum": BIGGEST_ID})
class IdFilter(django_filters.Filter):
    field_class = IdField


class MoneyBoundField(forms.Field):
    def to_python(self, value: Any) -> Decimal | None:
        if value in (None, ""):
            return None
        if not re.fullmatch(rf"\d{{1,{MoneyField.MAX_DIGITS - 2}}}(\.\d{{1,2}})?", str(value), re.ASCII):
            raise forms.ValidationError(_("Use an amount such as 58.90."), code="invalid")
        try:
            return Decimal(str(value))
        except InvalidOperation as error:
            raise forms.ValidationError(_("Use an amount such as 58.90."), code="invalid") from error


@extend_schema_field({"type": "string", "pattern": r"^\d{1,13}(\.\d{1,2})?$", "examples": ["58.90"]})
class MoneyFilter(django_filters.Filter):
    field_class = MoneyBoundField


class MomentField(forms.Field):
    """A date (the whole day in São Paulo) or an ISO 8601 time (São Paulo's when it names no zone)."""

    def to_python(self, value: Any) -> date | datetime | None:
        if value in (None, ""):
            return None
        text = str(value)
        try:
            moment = _parse_moment(text)
        except (ValueError, OverflowError):
            moment = None
        if moment is None:
            raise forms.ValidationError(_("Use a date (2026-01-31) or a time (2026-01-31T10:00:00Z)."), code="invalid")
        return moment


def _parse_moment(text: str) -> date | datetime | None:
    if not TIME_OF_DAY.search(text):
        return as_day(text)
    moment = parse_datetime(text.replace(" ", "+") if "T" in text else text)  # "+" arrives as a space when not escaped.
    if moment is None:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=HOME)
    return moment.astimezone(UTC)


@extend_schema_field(MOMENT)
class AfterFilter(django_filters.Filter):
    """From this moment on; a date means from the start of the day."""

    field_class = MomentField

    def filter(self, qs: QuerySet, value: date | datetime | None) -> QuerySet:
        if value is None:
            return qs
        start = value if isinstance(value, datetime) else beginning(value)
        return qs.filter(**{f"{self.field_name}__gte": start})


@extend_schema_field(MOMENT)
class BeforeFilter(django_filters.Filter):
    """Up to this moment, itself included; a date means to the end of the day."""

    field_class = MomentField

    def filter(self, qs: QuerySet, value: date | datetime | None) -> QuerySet:
        if value is None:
            return qs
        if isinstance(value, datetime):
            return qs.filter(**{f"{self.field_name}__lte": value})
        return qs.filter(**{f"{self.field_name}__lt": end(value)})


class ListFilter(DjangoFilterBackend):
    """The filters of the list; where none is asked for, not even their form is made."""

    def filter_queryset(self, request: Request, queryset: QuerySet, view: Any) -> QuerySet:
        known = self.get_filterset_class(view, queryset)
        if known is None or known.base_filters.keys().isdisjoint(request.query_params):
            return queryset
        filtered: QuerySet = super().filter_queryset(request, queryset, view)
        return filtered

    def get_filterset_kwargs(self, request: Request, queryset: QuerySet, view: Any) -> dict[str, Any]:
        """Without the request: form and filters refer to each other, and would hold it (see `View.dispatch`)."""
        return super().get_filterset_kwargs(request, queryset, view) | {"request": None}


class FilterSchema(DjangoFilterExtension):
    """The filters with their help texts, which the library leaves out where a filter describes its own values."""

    target_class = "apps.common.filters.ListFilter"
    priority = 1

    def resolve_filter_field(
        self, auto_schema: Any, model: Any, filterset_class: Any, field_name: str, filter_field: Any
    ) -> list[dict[str, Any]]:
        found = super().resolve_filter_field(auto_schema, model, filterset_class, field_name, filter_field)
        text = str(filter_field.extra.get("help_text", ""))
        return [parameter | {"description": parameter.get("description", text)} for parameter in found]


class ListOrdering(BaseFilterBackend):
    """`?ordering=name` or `-name`: public names mapped to columns by the view, ended by a unique one."""

    def filter_queryset(self, request: Request, queryset: QuerySet, view: Any) -> QuerySet:
        asked = request.query_params.get("ordering") or view.default_ordering
        columns = []
        for name in asked.split(","):
            column = view.orderings.get(name.strip().removeprefix("-"))
            if column is None:
                choices = ", ".join(view.orderings)
                raise ValidationError({"ordering": [_("Order by one of: %(choices)s.") % {"choices": choices}]})
            columns.append(f"-{column}" if name.strip().startswith("-") else column)
        columns = list(dict.fromkeys(columns))[:MAX_ORDERINGS]
        if not any(_unique(queryset, column) for column in columns):
            columns.append("-id" if columns[0].startswith("-") else "id")
        return queryset.order_by(*columns)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        choices = [sign + name for name in view.orderings for sign in ("", "-")]
        one = rf"\s*-?({'|'.join(view.orderings)})\s*"
        pattern = f"^({one}(,{one})*)?$"
        schema = {"type": "string", "pattern": pattern, "default": view.default_ordering, "examples": choices[:2]}
        text = f"One of {', '.join(view.orderings)}, or several with commas between; - for descending."
        return [{"name": "ordering", "in": "query", "required": False, "schema": schema, "description": text}]


def _unique(rows: QuerySet, column: str) -> bool:
    """Does no other row have the same value? Then nothing that follows in an ordering matters."""
    field = rows.model._meta.get_field(column.lstrip("-"))
    return field.unique and not field.null


class ListSearch(BaseFilterBackend):
    """`?search=`: what it looks at is the view's `search()`."""

    def filter_queryset(self, request: Request, queryset: QuerySet, view: Any) -> QuerySet:
        text = request.query_params.get("search", "").strip()
        if not text:
            return queryset
        if len(text) > MAX_TEXT or "\0" in text:
            raise ValidationError({"search": [_("Search for at most 200 characters of plain text.")]})
        return view.search(queryset, text) if fold(text) else queryset.none()  # Accents alone are in no name.

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        text = view.search.__doc__ or "Free text."
        schema = {"type": "string", "maxLength": MAX_TEXT}
        return [{"name": "search", "in": "query", "required": False, "schema": schema, "description": text}]
