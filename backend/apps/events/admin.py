"""The events in the admin: what happened, to be read."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from apps.common.administration.pages import Page, ReadOnlyPage
from apps.common.administration.tables import column, short
from apps.events.models import Event


@admin.register(Event)
class EventPage(ReadOnlyPage):
    list_display = ("key", "kind", "about", "number", "why", "when", "who")
    list_display_links = ("key", "kind")
    sortable_by = ("key",)
    ordering = ("-id",)
    search_help_text = _("What it is about or what caused it: order/12, product/7")
    fields = (("kind", "when"), ("about", "number"), ("why", "who"), "trace", "payload")
    key = column("pk", "ID", ordering="id")
    kind = column("type", _("event"))
    about = column("subject", _("about"))
    number = column("sequence", _("sequence"))
    why = column("cause", _("cause"))
    when = column("occurred_at", _("when"), short)
    who = column("actor", _("who"))
    trace = column("request_id", _("request"))

    def search(self, request: HttpRequest, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(Q(subject=text) | Q(cause=text))


class ToldByEvents(Page):
    """Rows whose history the events tell, whatever door the change came through."""

    has_history = True

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.found(request, object_id)
        if not request.user.has_perm("events.view_event"):
            return super().history_view(request, object_id, extra_context)
        return HttpResponseRedirect(events_of(row.reference))


def events_of(reference: str) -> str:
    """The address of the list of all events about a row, or caused by it."""
    return f"{reverse('admin:events_event_changelist')}?{urlencode({'q': reference})}"
