"""Lists that stay cheap, however many rows there are."""

from collections.abc import Iterator
from typing import Any

from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from unfold.views import ChangeList

from apps.common.pagination import COUNT_CAP


class CappedPaginator(Paginator):
    """Counts no further than `COUNT_CAP`, as the API does: who looks for more than that searches or filters."""

    @cached_property
    def found(self) -> int:
        """How many rows there are, at most one more than the cap."""
        rows: Any = self.object_list
        return rows.order_by().values("pk")[: COUNT_CAP + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self.found, COUNT_CAP)


class AtLeast(int):
    """A count that was given up: "10000+"."""

    def __str__(self) -> str:
        return f"{int(self)}+"


class CappedChangeList(ChangeList):
    """Says so where the count was given up."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if self.paginator.found > COUNT_CAP:
            self.result_count = AtLeast(COUNT_CAP)


class DeletedFilter(SimpleListFilter):
    """The rows that are there, unless somebody asks for the deleted ones."""

    title = _("presence")
    parameter_name = "deleted"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, Any]]:
        return [("yes", _("Deleted")), ("all", _("All"))]

    def choices(self, changelist: Any) -> Iterator[Any]:
        present, *others = super().choices(changelist)
        yield {**present, "display": _("Present")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "all":
            return queryset
        return queryset.filter(deleted_at__isnull=self.value() != "yes")
