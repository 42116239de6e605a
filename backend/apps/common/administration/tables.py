"""Columns of lists, and small tables on a page of what belongs to its row."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _


def column(
    name: str, title: Any, show: Callable[[Any], Any] = lambda value: value, *, ordering: str | None = None
) -> Any:
    """A column of a list, or a line of a page, under a title of ours."""

    @admin.display(description=title, ordering=ordering)
    def shown(_page: Any, row: Any) -> Any:
        value = getattr(row, name)
        return value if value is None else show(value)

    return shown


def table(title: Any, headers: Sequence[Any], rows: Iterable[Sequence[Any]], url: str | None = None) -> dict[str, Any]:
    """What `administration/tables.html` shows; `url` leads to the rest of the rows."""
    return {
        "title": capfirst(title),
        "content": {"headers": headers, "rows": list(rows)},
        "url": url,
        "more": _("All of them"),
    }


def short(at: datetime) -> str:
    """A moment in the shop's time: 31/01/2026 10:00."""
    return date_format(localtime(at), "SHORT_DATETIME_FORMAT")


def money(amount: Decimal) -> str:
    """An amount in reais, as it is written in the language of the page: R$ 1.234,50."""
    return f"R$\N{NO-BREAK SPACE}{number_format(amount, 2, force_grouping=True)}"


def signed(number: int) -> str:
    """With its sign: +3."""
    return f"{number:+d}"
