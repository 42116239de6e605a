"""Customers in the admin, through the same services and the same checks as the API."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminEmailInputWidget, UnfoldAdminTextInputWidget

from apps.common.administration.forms import RowForm
from apps.common.administration.pages import RestorablePage, actor
from apps.common.administration.tables import column, short
from apps.customers import services
from apps.customers.identity import masked_document, masked_email, masked_phone
from apps.customers.models import ADDRESS_FIELDS, Customer
from apps.customers.serializers import CustomerInput
from apps.customers.views import PERSONAL_DATA, CustomerCollection
from apps.events.admin import ToldByEvents

PERSONAL = ("document", "email", "phone")
ADDRESS_LINES = (("street", "number"), ("complement", "district"), ("city", "state"), "postal_code")
MASKED = ("masked_document", "masked_email", "masked_phone")


class CustomerForm(RowForm):
    """Wider than the columns where people type punctuation that is not stored."""

    input_class = CustomerInput

    document = forms.CharField(
        label=_("CPF or CNPJ"), max_length=20, required=False, widget=UnfoldAdminTextInputWidget,
        help_text=_("With or without punctuation."),
    )  # fmt: skip
    email = forms.CharField(
        label=capfirst(_("e-mail")), max_length=254, required=False, widget=UnfoldAdminEmailInputWidget
    )
    phone = forms.CharField(
        label=capfirst(_("phone")), max_length=32, required=False, widget=UnfoldAdminTextInputWidget,
        help_text=_("With the area code."),
    )  # fmt: skip
    postal_code = forms.CharField(
        label=capfirst(_("postal code")), max_length=10, required=False, widget=UnfoldAdminTextInputWidget
    )

    class Meta:
        model = Customer
        fields = ("name", "is_active", *ADDRESS_FIELDS)

    def body(self) -> dict[str, Any]:
        typed = super().body()
        address = {name: typed.pop(name) for name in ADDRESS_FIELDS if name in typed}
        return {**typed, "address": address}


class CustomerFormWithoutPersonalData(CustomerForm):
    """For who may change a customer but not see who it is."""

    document = email = phone = None  # type: ignore[assignment]


@admin.register(Customer)
class CustomerPage(ToldByEvents, RestorablePage):
    add_form = form = CustomerForm
    list_filter = ("is_active", "state")
    sortable_by = ("called", "since")
    ordering = ("-created_at", "-id")
    search_help_text = _("Name or city; or the whole document or e-mail")

    called = column("name", _("name"), ordering="name_folded")
    since = column("created_at", _("since"), short, ordering="created_at")
    masked_document = column("document", _("CPF or CNPJ"), masked_document)
    masked_email = column("email", _("e-mail"), masked_email)
    masked_phone = column("phone", _("phone"), masked_phone)

    def search(self, request: HttpRequest, rows: QuerySet, text: str) -> QuerySet:
        return CustomerCollection(request=request).search(rows, text)

    def register(self, request: HttpRequest, form: RowForm) -> Customer:
        return services.register_customer(actor=actor(request), values=form.values)

    def change(self, request: HttpRequest, form: RowForm) -> Customer:
        seen = form.instance
        return services.change_customer(
            actor=actor(request), pk=seen.pk, values=form.values, expected_version=seen.version
        )

    def remove(self, request: HttpRequest, row: Customer) -> None:
        services.delete_customer(actor=actor(request), pk=row.pk, expected_version=row.version)

    def restore(self, request: HttpRequest, row: Customer) -> Customer:
        return services.restore_customer(actor=actor(request), pk=row.pk, expected_version=row.version)

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        personal = PERSONAL if request.user.has_perm(PERSONAL_DATA) else MASKED
        return ("called", *personal, "city", "state", "is_active", "since")

    def get_fieldsets(self, request: HttpRequest, obj: Customer | None = None) -> Any:
        """Who registers a customer types the personal data; who reads one later may have to do with the masks."""
        shown = PERSONAL if obj is None or request.user.has_perm(PERSONAL_DATA) else MASKED
        return (
            (None, {"fields": ("name", shown[0], shown[1:], "is_active")}),
            (_("Address"), {"fields": ADDRESS_LINES}),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Customer | None = None) -> tuple[str, ...]:
        return MASKED

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[RowForm]:
        if obj is not None and not request.user.has_perm(PERSONAL_DATA):
            kwargs["form"] = CustomerFormWithoutPersonalData
        return super().get_form(request, obj, change=change, **kwargs)
