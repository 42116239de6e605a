"""Lists by page, with a count that stays cheap, and by cursor, whose page 10,000 costs what page 1 costs.

Where a filter leaves few rows, those are found first and then put in order; where it leaves many, the list is walked
in its order until the page is full. A database that chooses by itself now and then walks a million rows to find three.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.core import signing
from django.db.models import CharField, Count, IntegerField, Model, QuerySet, StringAgg, Subquery, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.utils.urls import remove_query_param, replace_query_param

from apps.common.answers import Answer
from apps.common.keys import Among, Beyond
from apps.common.rows import fetch

PAGE_SIZE, MAX_PAGE_SIZE = 20, 100
COUNT_CAP = 10_000
FEW = 3_000  # rows that are sooner sorted than looked for in order
OWN_PARAMETERS = {"page", "page_size", "cursor", "ordering"}
CURSOR_SALT = "cursor"


class Keys(NamedTuple):
    """How many rows there are, and their keys, in no order: as numbers, or as a database puts them together."""

    number: int
    keys: Sequence[int] | str


class CappedCount(Subquery):
    """How many rows there are, at most `COUNT_CAP + 1`: rides in the page's own statement, evaluated once."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) capped)"
    output_field = IntegerField()


class ListPagination(BasePagination):
    """`?page=` answers a count; `?cursor=` walks by key, each row once. Rows need a total order, made with `pk`."""

    def problems(self, request: Request) -> dict[str, Any]:
        """What is wrong with the number and the size of the page, by the name of the parameter."""
        found: dict[str, Any] = {}
        for name in ("page", "page_size"):
            try:
                _positive(request, name, 1)
            except ValidationError as error:
                by_parameter: Any = error.detail
                found |= by_parameter
        return found

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.request = request
        self.size = _positive(request, "page_size", PAGE_SIZE, most=MAX_PAGE_SIZE)
        self.next_link: str | None = None
        self.previous_link: str | None = None
        self.count: int | None = None
        by_cursor = "cursor" in request.query_params
        if not OWN_PARAMETERS.issuperset(request.query_params):
            most = FEW if by_cursor else COUNT_CAP
            self.count, keys = view.keys_of(queryset, most)
            if self.count <= min(FEW, most):
                queryset = queryset.filter(Among("pk", keys))
        if by_cursor:
            self.count = None
            return self._by_cursor(queryset, request.query_params["cursor"])
        return self._by_page(queryset)

    def get_paginated_response(self, data: Sequence[Any]) -> Any:
        body: dict[str, Any] = {}
        if self.count is not None:
            body["count"] = min(self.count, COUNT_CAP)
            if self.count > COUNT_CAP:
                body["count_capped"] = True
        body |= {"next": self.next_link, "previous": self.previous_link, "results": data}
        links = [(self.next_link, "next"), (self.previous_link, "prev")]
        header = ", ".join(f'<{url}>; rel="{relation}"' for url, relation in links if url)
        return Answer(body, headers={"Link": header} if header else None)

    def _by_page(self, queryset: QuerySet) -> list[Any]:
        number = _positive(self.request, "page", 1)
        start = (number - 1) * self.size
        if start > 2**62:
            raise NotFound
        if self.count is None:
            queryset = queryset.annotate(_count=CappedCount(queryset.order_by().values("pk")[: COUNT_CAP + 1]))
        rows = fetch(queryset[start : start + self.size + 1])
        if not rows and number > 1:
            raise NotFound
        if self.count is None:
            self.count = rows[0]._count if rows else 0
        url = self.request.build_absolute_uri()
        if len(rows) > self.size:
            self.next_link = replace_query_param(url, "page", number + 1)
        if number > 1:
            previous = remove_query_param(url, "page") if number == 2 else replace_query_param(url, "page", number - 1)
            self.previous_link = previous
        return rows[: self.size]

    def _by_cursor(self, queryset: QuerySet, text: str) -> list[Any]:
        ordering = [str(name) for name in queryset.query.order_by]
        start: dict[str, Any] = {"after": None, "back": False}
        cursor = _read_cursor(text, queryset.model, ordering) if text else start
        back = cursor["back"]
        walked = [_reversed(name) for name in ordering] if back else ordering
        if cursor["after"] is not None:
            queryset = queryset.filter(Beyond(walked, cursor["after"]))
        if back:
            queryset = queryset.order_by(*walked)
        rows = fetch(queryset[: self.size + 1])
        more = len(rows) > self.size
        rows = rows[: self.size]
        if back:
            rows.reverse()
        if rows and (more or back):
            self.next_link = self._cursor_link(ordering, rows[-1], back=False)
        if rows and ((more and back) or (not back and cursor["after"] is not None)):
            self.previous_link = self._cursor_link(ordering, rows[0], back=True)
        return rows

    def _cursor_link(self, ordering: list[str], row: Model, *, back: bool) -> str:
        values = [_as_text(getattr(row, name.lstrip("-"))) for name in ordering]
        cursor = signing.dumps({"order": ordering, "after": values, "back": back}, salt=_salt(type(row)))
        return replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:  # noqa: ARG002
        return [
            _parameter("page", {"type": "integer", "minimum": 1, "default": 1}, _("The page; past the end is 404.")),
            _parameter(
                "page_size",
                {"type": "integer", "minimum": 1, "default": PAGE_SIZE},
                _("Rows a page; more than 100 is cut to 100."),
            ),
            _parameter(
                "cursor",
                {"type": "string"},
                _("Walk by cursor instead of by page: start with an empty one, then follow “next”."),
            ),
        ]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        page = "https://erp.example/api/v1/orders?page="
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "count": {"type": "integer", "minimum": 0, "maximum": COUNT_CAP, "example": COUNT_CAP},
                "count_capped": {"type": "boolean", "const": True, "example": True},
                "next": {"type": ["string", "null"], "format": "uri", "example": f"{page}3"},
                "previous": {"type": ["string", "null"], "format": "uri", "example": f"{page}1"},
                "results": schema,
            },
        }


def counted(queryset: QuerySet, most: int) -> Keys:
    """How many rows there are, and their keys, in no order; one more than `most` when there are more.

    A part of a name is looked for in every row: so what finds the few is what counts the many, too. The keys come as
    one text: as rows, those of ten thousand would take 2 MB for as long as it takes to count them.
    """
    keys = StringAgg(Cast("pk", CharField()), Value(","))
    found = queryset.order_by().values("pk")[: most + 1].aggregate(count=Count("pk"), keys=keys)
    return Keys(found["count"], found["keys"] or "")


def _positive(request: Request, name: str, default: int, most: int | None = None) -> int:
    text = request.query_params.get(name)
    if text is None or text == "":
        return default
    if not (text.isascii() and text.isdecimal()) or len(text) > 4000 or int(text) < 1:
        raise ValidationError({name: [_("A whole number of at least 1 is expected.")]})
    return min(int(text), most) if most else int(text)


def _salt(model: type[Model]) -> str:
    """A cursor is one of this list only, even where another list is ordered by columns of the same names."""
    return f"{CURSOR_SALT}.{model._meta.label_lower}"


def _read_cursor(text: str, model: type[Model], ordering: list[str]) -> dict[str, Any]:
    try:
        cursor = signing.loads(text, salt=_salt(model))
    except signing.BadSignature:
        cursor = {}
    if cursor.get("order") != ordering:
        message = _("The cursor is not one of this list: start again with an empty one.")
        raise ValidationError({"cursor": [message]})
    return cursor


def _reversed(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _as_text(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _parameter(name: str, schema: dict[str, Any], description: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": str(description)}
