"""Orders in the admin: read here, moved from status to status by the same service as in the API."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from apps.common.administration.forms import InputForm
from apps.common.administration.pages import ReadOnlyPage, actor
from apps.common.administration.tables import column, money, short, table
from apps.common.errors import Invalid
from apps.customers.models import Customer
from apps.events import outbox
from apps.events.admin import ToldByEvents, events_of
from apps.orders import lifecycle, services
from apps.orders.lifecycle import Status
from apps.orders.models import MAX_NOTE, Order
from apps.orders.serializers import StatusInput
from apps.orders.views import OrderCollection

MAX_EVENTS = 50  # on the page of an order; all of them stand in the list of events

VERBS = {
    Status.CONFIRMADO: _("Confirm"),
    Status.SEPARADO: _("Mark as picked"),
    Status.ENVIADO: _("Mark as shipped"),
    Status.ENTREGUE: _("Mark as delivered"),
    Status.CANCELADO: _("Cancel the order"),
}
COLOURS = {
    Status.PENDENTE: "warning",
    Status.CONFIRMADO: "info",
    Status.SEPARADO: "info",
    Status.ENVIADO: "primary",
    Status.ENTREGUE: "success",
    Status.CANCELADO: "danger",
}


class MoveForm(InputForm):
    """What a status button posts: where to, from which version of the order, and why when it is cancelled."""

    input_class = StatusInput

    status = forms.ChoiceField(choices=Status.choices, widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(max_length=MAX_NOTE, required=False)

    def body(self) -> dict[str, Any]:
        return {name: value for name, value in super().body().items() if name != "version"}


class CancelForm(MoveForm):
    """A person who cancels says why."""

    note = forms.CharField(label=_("Reason"), max_length=MAX_NOTE, widget=UnfoldAdminTextInputWidget)


def _link_to(customer: Customer) -> str:
    url = reverse("admin:customers_customer_change", args=(customer.pk,))
    return format_html('<a class="text-link" href="{}">{}</a>', url, customer)


@admin.register(Order)
class OrderPage(ToldByEvents, ReadOnlyPage):
    list_display = ("called", "buyer", "standing", "sum", "placed")
    list_filter = ("status", "placed_at")
    sortable_by = ("called", "sum", "placed")
    ordering = ("-created_at", "-id")
    search_help_text = _("The whole number, or a part of the customer's name")
    fieldsets = (
        (None, {"fields": (("called", "status"), ("buyer_page", "placed"), "notes")}),
        (_("Money"), {"fields": (("goods", "carriage", "sum"),)}),
        (_("Where it came from"), {"fields": (("key", "since", "changed"),)}),
    )
    change_form_outer_before_template = "administration/moves.html"
    change_form_outer_after_template = "administration/tables.html"
    called = column("number", _("number"), ordering="id")
    buyer = column("customer", _("customer"))
    buyer_page = column("customer", _("customer"), _link_to)
    goods = column("subtotal", _("subtotal"), money)
    carriage = column("freight", _("freight"), money)
    sum = column("total", _("total"), money, ordering="total")
    placed = column("placed_at", _("placed at"), short, ordering="placed_at")
    key = column("idempotency_key", _("idempotency key"))
    since = column("created_at", _("since"), short)
    changed = column("updated_at", _("last change"), short)

    def search(self, request: HttpRequest, rows: QuerySet, text: str) -> QuerySet:
        return OrderCollection(request=request).search(rows, text)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("customer")

    def get_urls(self) -> list[URLPattern]:
        return [self.button("status", self.status_view), *super().get_urls()]

    def status_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Move the order that was on the page; whoever may not move it there gets a 403, whatever it costs them."""
        order = self.found(request, object_id)
        target = request.POST.get("status", "")
        if target in Status.values and not request.user.has_perm(lifecycle.permission_to_enter(target)):
            raise PermissionDenied
        form = (CancelForm if target == Status.CANCELADO else MoveForm)(request.POST)
        return self.attempt(request, order, partial(self._move, request, order, form))

    def _move(self, request: HttpRequest, order: Order, form: MoveForm) -> Any:
        """What there is to say of it when it is done."""
        if not form.is_valid():
            raise Invalid(form.problems())
        services.change_status(
            actor=actor(request),
            pk=order.pk,
            target=form.values["status"],
            note=form.values.get("note") or "",
            expected_version=form.cleaned_data["version"],
        )
        return _("The status is changed.")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        order = self.get_object(request, object_id)
        shown = {} if order is None else {"moves": self._moves(request, order), "tables": _tables(request, order)}
        return super().change_view(request, object_id, form_url, {**shown, **(extra_context or {})})

    def _moves(self, request: HttpRequest, order: Order) -> dict[str, Any]:
        """The buttons that this person may press on this order."""
        targets = [Status(target) for target in lifecycle.allowed_from(order.status, request.user.has_perm)]
        return {
            "url": reverse(self.named("status"), args=(order.pk,)),
            "forward": [
                {"text": VERBS[target], "form": MoveForm(initial={"status": target, "version": order.version})}
                for target in targets
                if target != Status.CANCELADO
            ],
            "cancel": {
                "text": VERBS[Status.CANCELADO],
                "form": CancelForm(initial={"status": Status.CANCELADO, "version": order.version}),
            }
            if Status.CANCELADO in targets
            else None,
        }

    @display(description=_("status"), label=COLOURS)
    def standing(self, order: Order) -> tuple[str, str]:
        return order.status, order.get_status_display()


def _tables(request: HttpRequest, order: Order) -> list[dict[str, Any]]:
    """What belongs to an order, as far as this person may see it."""
    parts = {"orders.view_orderitem": _items, "orders.view_statuschange": _history, "events.view_event": _events}
    return [part(order) for permission, part in parts.items() if request.user.has_perm(permission)]


def _items(order: Order) -> dict[str, Any]:
    headers = [_("SKU"), _("name"), _("quantity"), _("unit price"), _("subtotal")]
    rows = (
        [item.sku, item.name, item.quantity, money(item.unit_price), money(item.subtotal)]
        for item in order.loaded_items()
    )
    return table(_("items"), headers, rows)


def _history(order: Order) -> dict[str, Any]:
    headers = [_("when"), _("from"), _("to"), _("who"), _("note")]
    rows = (
        [
            short(step.created_at), step.get_from_status_display() or "", step.get_to_status_display(),
            step.actor or "", step.note,
        ]
        for step in order.loaded_history()
    )  # fmt: skip
    return table(_("history"), headers, rows)


def _events(order: Order) -> dict[str, Any]:
    """Oldest first, as many as fit a page."""
    headers = [_("when"), _("event"), _("about"), _("who")]
    events = outbox.caused_by(order.reference).defer("payload")[:MAX_EVENTS]
    rows = ([short(event.occurred_at), event.type, event.subject, event.actor or ""] for event in events)
    return table(_("events"), headers, rows, events_of(order.reference))
