"""The shapes of a view: one that acts, one of a single row, one that lists."""

from collections.abc import Callable
from functools import cache, cached_property
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.settings import api_settings

from apps.common.answers import PRIVATE, Answer
from apps.common.errors import Missing
from apps.common.etags import expected_version, tagged
from apps.common.inputs import BIGGEST_ID, Input
from apps.common.pagination import Keys, counted

_chosen: Any = api_settings
_parsers = [parser() for parser in _chosen.DEFAULT_PARSER_CLASSES]
_permissions = [permission() for permission in _chosen.DEFAULT_PERMISSION_CLASSES]
_negotiator = _chosen.DEFAULT_CONTENT_NEGOTIATION_CLASS()


class View(GenericAPIView):
    """A resource. `permissions` maps each of its methods to a permission; an unnamed one is closed."""

    permissions: ClassVar[dict[str, str]] = {}
    _unreadable: Exception | None = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Django's own, less `self.head = self.get`: see `dispatch`."""
        self.request: Any = request
        self.args, self.kwargs = args, kwargs

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """DRF's own, less what is not chosen here: renderers, formats, versions, throttles.

        Nothing here refers to itself: what a request held is given back when it ends, and not when Python next looks
        for such circles, which is eighty requests later.
        """
        self.request = asked = Request(request, _parsers, self.get_authenticators(), _negotiator)
        asked.parser_context = {}  # In which it stands itself.
        try:
            self.perform_authentication(asked)
            self.check_permissions(asked)
            response = self._handler(str(request.method).lower())(asked, *args, **kwargs)
        except Exception as error:  # noqa: BLE001 - what is not expected is raised again in there
            response = self.handle_exception(error)
            for name, value in PRIVATE.items():
                response.setdefault(name, value)
            error.__traceback__ = None  # It holds all that the frames of the request did, this error included.
        response["Allow"] = _allowed(type(self))
        return response

    def _handler(self, method: str) -> Callable[..., HttpResponse]:
        if method not in self.http_method_names:
            return self.http_method_not_allowed
        return getattr(self, _answered_by(method), self.http_method_not_allowed)

    def get_authenticators(self) -> list[Any]:
        """Those of the view, made once: they have no state."""
        return _made(tuple(self.authentication_classes))

    def get_permissions(self) -> list[Any]:
        """The project's own, made once."""
        return _permissions

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Which methods there are stands in the Allow header; the rest stands in the schema."""
        return Answer(status=204)

    @property
    def body(self) -> Any:
        """The body as sent. DRF tells of an unreadable one only the first time it is asked; this tells every time."""
        if self._unreadable is not None:
            raise self._unreadable
        try:
            return self.request.data
        except Exception as error:
            self._unreadable = error
            raise

    @property
    def actor(self) -> Any:
        """The signed-in user: a view that is not public is not reached without one."""
        return self.request.user

    @cached_property
    def may(self) -> Callable[[str], bool]:
        """May the caller do this? Asked once for each permission, however many rows depend on it."""
        return cache(self.request.user.has_perm)

    def checked(self, kind: type[Input], *, partial: bool = False, **context: Any) -> dict[str, Any]:
        """The body as this input class understands it, or a validation problem naming every mistake.

        `context` is what it must know besides.
        """
        plain = None if partial else kind.plain(self.body)
        if plain is not None:
            return plain
        given = kind(data=self.body, partial=partial, context=context)
        given.is_valid(raise_exception=True)
        return given.validated_data

    def peek(self, name: str) -> Any:
        """A field of a body that has not been checked yet, None where there is none to be had."""
        try:
            body = self.body
        except Exception:  # noqa: BLE001 - whatever is wrong with the body is told when it is checked
            return None
        return body.get(name) if isinstance(body, dict) else None

    def peek_names(self, name: str, most: int) -> set[str]:
        """The strings of a list in a body that has not been checked yet; of those, what a database can be asked for.

        Of a list with more than `most` none: it will be refused.
        """
        listed = self.peek(name)
        if not isinstance(listed, list) or len(listed) > most:
            return set()
        return {item for item in listed if isinstance(item, str) and item.isprintable()}  # No NUL, no lone surrogate.

    def find(self, rows: QuerySet, pk: int) -> Any:
        """The row, or 404."""
        row = rows.filter(pk=pk).first() if pk <= BIGGEST_ID else None
        if row is None:
            raise Missing
        return row


class RowView(View):
    """A view of one row among `rows`: shown with its ETag, written only if `If-Match` still names what is shown."""

    rows: ClassVar[QuerySet]

    def show(self, row: Any) -> dict[str, Any]:
        """What this caller may see of the row: the tag is a digest of just that."""
        raise NotImplementedError

    def expected(self, row: Any, *, required: bool = False) -> int | None:
        """The version that this write insists on: for the service, which compares it under the lock."""
        return expected_version(self.request, row.version, self.show(row), required=required)

    def answer(self, row: Any) -> Answer:
        """The row with its tag."""
        return tagged(self.request, row.version, self.show(row))


@cache
def _made(kinds: tuple[type, ...]) -> list[Any]:
    return [kind() for kind in kinds]


@cache
def _allowed(view: type[View]) -> str:
    return ", ".join(name for name in view.http_method_names if hasattr(view, _answered_by(name))).upper()


def _answered_by(method: str) -> str:
    return "get" if method == "head" else method


class ListView(View):
    """A list: filtered, searched, ordered and paginated; `show` turns a row into what the caller may see."""

    orderings: ClassVar[dict[str, str]] = {}
    default_ordering: ClassVar[str] = "-created_at"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Answer:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        answer: Answer = self.get_paginated_response([self.show(row) for row in page or ()])  # type: ignore[assignment]
        return answer

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """DRF's own, but what is wrong with any of the parameters is told at once."""
        paginator: Any = self.paginator
        problems: dict[str, Any] = paginator.problems(self.request)
        for backend in self.filter_backends:
            try:
                queryset = backend().filter_queryset(self.request, queryset, self)
            except ValidationError as error:
                by_parameter: Any = error.detail
                problems |= by_parameter
        if problems:
            raise ValidationError(problems)
        return queryset

    def show(self, row: Any) -> dict[str, Any]:
        raise NotImplementedError

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        """Free text."""
        return rows

    def keys_of(self, rows: QuerySet, most: int) -> Keys:
        """How many rows the filters leave, and their keys; of more than `most`, some. The paginator asks this.

        A view that finds them sooner than by its list's own question says so here.
        """
        return counted(rows, most)
