"""What the pages of all apps share. Reads come from rows; every write is a call of a service."""

from collections.abc import Callable
from datetime import MAXYEAR, MINYEAR
from functools import partial
from http import HTTPStatus
from typing import Any, ClassVar, NoReturn

from django.contrib import messages
from django.contrib.admin import ShowFacets
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import DateTimeField, Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_lazy as said_by_django
from unfold.admin import ModelAdmin
from unfold.views import ChangeList
from unfold.widgets import UnfoldAdminTextInputWidget

from apps.common.administration import submissions
from apps.common.administration.forms import AmountField, RowForm, explained
from apps.common.administration.lists import CappedChangeList, CappedPaginator, DeletedFilter
from apps.common.administration.submissions import AlreadyDone
from apps.common.columns import MoneyField
from apps.common.errors import DomainError, Text, Unavailable
from apps.common.filters import MAX_TEXT
from apps.common.retry import persist

BOUNDS = ("__gte", "__lt")


def actor(request: HttpRequest) -> Any:
    """The signed-in user: no page of the admin is reached without one."""
    return request.user


def perhaps_done(error: DomainError) -> bool:
    """Can nobody tell? Then no page leads on to a new form: only the very same, sent again, is not done twice."""
    return isinstance(error, Unavailable) and not error.rolled_back


class Page(ModelAdmin):
    """A list and a page for each row. Bounded counts, no bulk actions, and no filter but those on the page."""

    list_per_page, list_max_show_all = 50, 0
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    paginator = CappedPaginator
    actions = None
    search_fields = ("pk",)  # Makes Django show the box; what is looked at, `search` says.
    has_history = True

    def search(self, request: HttpRequest, rows: QuerySet, text: str) -> QuerySet:
        """The rows that free text finds: as the API finds them."""
        raise NotImplementedError

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        text = search_term.strip()[:MAX_TEXT]
        return (self.search(request, queryset, text) if text else queryset), False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return CappedChangeList

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Django would let the address filter by any column, and so answer questions about what is masked.

        Only what the links of the page say is admitted: other words of Django's fail on what somebody types there.
        What it refuses by itself stays refused: from a filter's column on to other tables, and back.
        """
        on_page = any(lookup in _linked(self.model, each) for each in self.get_list_filter(request))
        readable = not lookup.endswith(BOUNDS) or _is_moment(value)
        return on_page and readable and super().lookup_allowed(lookup, value, request)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        context["show_history"] = self.has_history
        return super().render_change_form(request, context, *args, **kwargs)

    def found(self, request: HttpRequest, object_id: str) -> Any:
        """The row that a button was pressed on. Raises what becomes a 404, or a 403 for who may not see it."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        return row

    def attempt(self, request: HttpRequest, row: Model, work: Callable[[], Any]) -> HttpResponse:
        """Do this once for what was sent, and go back to the page of the row with what it says, or with why not."""
        try:
            success = submissions.once(request, work)
        except AlreadyDone as error:
            self.complain(request, error, messages.INFO)
        except DomainError as error:
            if perhaps_done(error):
                raise
            self.complain(request, error)
        else:
            self.message_user(request, success, messages.SUCCESS)
        return self.back(row)

    def complain(self, request: HttpRequest, error: DomainError, level: int = messages.ERROR) -> None:
        for _pointer, text in explained(error):
            self.message_user(request, text, level)

    def back(self, row: Model) -> HttpResponse:
        return HttpResponseRedirect(reverse(self.named("change"), args=(row.pk,)))

    def named(self, page: str) -> str:
        """The name of one of this model's addresses."""
        return f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_{page}"

    def button(self, name: str, view: Callable[..., HttpResponse]) -> URLPattern:
        """The address that a button on a row's page posts to. Who comes there otherwise is led to the page.

        After a sign-in, for one: Django goes on from where the session had ended, with a GET.
        """

        def pressed(request: HttpRequest, object_id: str) -> HttpResponse:
            if request.method == "POST":
                return view(request, object_id)
            return HttpResponseRedirect(reverse(self.named("change"), args=(object_id,)))

        name_of_url = self.named(name).removeprefix(f"{self.admin_site.name}:")
        return path(f"<path:object_id>/{name}/", self.admin_site.admin_view(pressed), name=name_of_url)


def _linked(model: type[Model], list_filter: Any) -> set[str]:
    """What the links of a filter say: its own parameter, or its column and one of these words."""
    if not isinstance(list_filter, str):
        return {list_filter.parameter_name}
    words: tuple[str, ...] = ("", "__exact")
    field = model._meta.get_field(list_filter)
    if field.is_relation:
        words = ("__id__exact",)
    elif isinstance(field, DateTimeField):
        words = BOUNDS
    return {f"{list_filter}{word}" for word in (*words, "__isnull")}


def _is_moment(text: str) -> bool:
    """A time with its zone, as the links have it, and one that is in the calendar in every zone."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return False
    return moment is not None and is_aware(moment) and MINYEAR < moment.year < MAXYEAR


class ReadOnlyPage(Page):
    """Rows that are looked at here and written elsewhere."""

    has_history = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ServicePage(Page):
    """Rows that are edited through services: `register`, `change` and `remove` call them."""

    # As it is written here, 42,90: a browser in another language would take the comma of a number for nothing.
    formfield_overrides: ClassVar = {
        MoneyField: {
            "form_class": AmountField,
            "localize": True,
            "widget": UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal"}),
        },
    }
    form: ClassVar[type[RowForm]]
    add_form: ClassVar[type[RowForm]]
    change_form_before_template = "administration/seen.html"
    delete_confirmation_template = "administration/delete.html"
    what_deleting_does: ClassVar[Text] = ""

    def register(self, request: HttpRequest, form: RowForm) -> Model:
        raise NotImplementedError

    def change(self, request: HttpRequest, form: RowForm) -> Model:
        raise NotImplementedError

    def remove(self, request: HttpRequest, row: Any) -> None:
        raise NotImplementedError

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[RowForm]:
        kwargs.setdefault("form", self.form if obj is not None else self.add_form)
        form = super().get_form(request, obj, change=change, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        return form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """As Django does it: again when the database is contended, and once more to show why a service refused."""
        show = partial(super().changeform_view, request, object_id, form_url, extra_context)
        try:
            return self._once(request, show)
        except AlreadyDone as error:
            return self._done_before(request, error, object_id)
        except DomainError as error:
            if perhaps_done(error):
                raise
            request.refusal = error  # type: ignore[attr-defined]
            return show()

    def _once(self, request: HttpRequest, show: Callable[[], HttpResponse]) -> HttpResponse:
        """Show the page, or do what it asks for, and lead away from it. A form is claimed before it is looked at: it
        would be compared with a row that this very form has changed.
        """
        if request.method != "POST":
            return persist(show)
        return submissions.once(request, show, done=lambda response: response.status_code == HTTPStatus.FOUND)

    def _done_before(self, request: HttpRequest, error: AlreadyDone, object_id: str | None) -> HttpResponse:
        self.complain(request, error, messages.INFO)
        page = ("changelist", ()) if object_id is None else ("change", (object_id,))
        return HttpResponseRedirect(reverse(self.named(page[0]), args=page[1]))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        saved = self.change(request, form) if change else self.register(request, form)
        obj.pk = saved.pk
        obj.refresh_from_db()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The service has written it all."""

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        words = {
            "what_it_does": self.what_deleting_does,
            "yes": said_by_django("Yes, I’m sure"),
            "no": said_by_django("No, take me back"),
            "back_url": reverse(self.named("change"), args=(object_id,)),
            **(extra_context or {}),
        }
        try:
            return self._once(request, partial(super().delete_view, request, object_id, words))
        except AlreadyDone as error:
            return self._done_before(request, error, None)
        except DomainError as error:
            if perhaps_done(error):
                raise
            self.complain(request, error)
            return self.back(self.found(request, object_id))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.remove(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> NoReturn:
        raise PermissionDenied

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[str], dict[Any, int], set[str], list[str]]:
        """The rows alone: what refers to them stays, and whether they may go the service says."""
        return [str(row) for row in objs], {self.opts.verbose_name_plural: len(objs)}, set(), []


class RestorablePage(ServicePage):
    """Rows that leave the list when they are deleted, stay readable, and can be brought back."""

    change_form_outer_before_template = "administration/deleted.html"
    what_deleting_does = _("It leaves the lists. Old orders go on showing it, and it can be restored.")

    def restore(self, request: HttpRequest, row: Any) -> Any:
        raise NotImplementedError

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [DeletedFilter, *super().get_list_filter(request)]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj is not None and obj.deleted)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj is not None and obj.deleted)

    def has_restore_permission(self, request: HttpRequest) -> bool:
        """Who may delete may take it back."""
        return super().has_delete_permission(request)

    def get_urls(self) -> list[URLPattern]:
        return [self.button("restore", self.restore_view), *super().get_urls()]

    def restore_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.found(request, object_id)
        if not self.has_restore_permission(request):
            raise PermissionDenied
        return self.attempt(request, row, partial(self._restore, request, row))

    def _restore(self, request: HttpRequest, row: Any) -> Any:
        self.restore(request, row)
        return _("Restored.")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        words = {
            "deleted_words": {"banner": _("Deleted, but not forgotten: old orders show it."), "restore": _("Restore")},
            "restore_url": reverse(self.named("restore"), args=(object_id,))
            if self.has_restore_permission(request)
            else None,
        }
        return super().change_view(request, object_id, form_url, {**words, **(extra_context or {})})
