"""Products and their stock in the admin, through the same services and the same checks as the API."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from apps.common.administration.forms import InputForm, RowForm
from apps.common.administration.pages import ReadOnlyPage, RestorablePage, actor
from apps.common.administration.tables import column, money, short, signed, table
from apps.common.errors import Invalid, PreconditionFailed
from apps.common.text import bare
from apps.events.admin import ToldByEvents
from apps.products import services, stock
from apps.products.models import Product, StockMovement
from apps.products.serializers import ProductChange, ProductInput, StockInput
from apps.products.views import ProductCollection

Kind = StockMovement.Kind
CHANGE_STOCK = "products.change_stock"
LATEST = 15  # movements on the page of a product


class ProductForm(RowForm):
    input_class = ProductChange

    class Meta:
        model = Product
        fields = ("name", "description", "price", "low_stock_threshold", "is_active")


class NewProductForm(RowForm):
    input_class = ProductInput

    opening = forms.IntegerField(
        label=_("Opening stock"), required=False, min_value=0, widget=UnfoldAdminIntegerFieldWidget
    )

    class Meta:
        model = Product
        fields = ("sku", "name", "description", "price", "low_stock_threshold", "is_active")

    def body(self) -> dict[str, Any]:
        typed = super().body()
        opening = typed.pop("opening", None)
        return typed if opening is None else {**typed, "on_hand": opening}


class StockForm(InputForm):
    """A count, a receipt or a loss. A count is of what the counter saw: `seen` is the number on the page."""

    input_class = StockInput

    kind = forms.ChoiceField(
        label=_("What happened"),
        choices=[(kind, kind.label) for kind in (Kind.COUNT, Kind.RECEIPT, Kind.LOSS)],
        widget=UnfoldAdminSelectWidget,
    )
    quantity = forms.IntegerField(label=_("Quantity"), min_value=0, widget=UnfoldAdminIntegerFieldWidget)
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False, widget=UnfoldAdminTextInputWidget)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def body(self) -> dict[str, Any]:
        kind, quantity = self.cleaned_data["kind"], self.cleaned_data["quantity"]
        moved = (
            {"on_hand": quantity} if kind == Kind.COUNT else {"delta": quantity if kind == Kind.RECEIPT else -quantity}
        )
        return {**moved, "reason": self.cleaned_data["reason"]}

    def clean(self) -> dict[str, Any]:
        return self.cleaned_data if self.errors else super().clean()


@admin.register(Product)
class ProductPage(ToldByEvents, RestorablePage):
    form, add_form = ProductForm, NewProductForm
    list_display = ("code", "called", "costs", "on_hand", "reserved", "left", "is_active", "since")
    list_filter = ("is_active",)
    sortable_by = ("code", "called", "costs", "left", "since")
    ordering = ("-created_at", "-id")
    search_help_text = _("A part of the name or of the SKU")
    change_form_outer_after_template = "administration/stock.html"
    code = column("sku", _("SKU"), ordering="sku_folded")
    called = column("name", _("name"), ordering="name_folded")
    costs = column("price", _("price"), money, ordering="price")
    free = column("available", _("available"))
    since = column("created_at", _("since"), short, ordering="created_at")

    def search(self, request: HttpRequest, rows: QuerySet, text: str) -> QuerySet:
        return ProductCollection(request=request).search(rows, text)

    def register(self, request: HttpRequest, form: RowForm) -> Product:
        on_hand = form.values.pop("on_hand", 0)
        return services.register_product(actor=actor(request), values=form.values, on_hand=on_hand)

    def change(self, request: HttpRequest, form: RowForm) -> Product:
        seen = form.instance
        return services.change_product(
            actor=actor(request), pk=seen.pk, values=form.values, expected_version=seen.version
        )

    def remove(self, request: HttpRequest, row: Product) -> None:
        services.delete_product(actor=actor(request), pk=row.pk, expected_version=row.version)

    def restore(self, request: HttpRequest, row: Product) -> Product:
        return services.restore_product(actor=actor(request), pk=row.pk, expected_version=row.version)

    def get_fieldsets(self, request: HttpRequest, obj: Product | None = None) -> Any:
        about = ("name", "description", ("price", "low_stock_threshold"), "is_active")
        if obj is None:
            return ((None, {"fields": (("sku", "opening"), *about)}),)
        return ((None, {"fields": ("sku", *about, ("on_hand", "reserved", "free"))}),)

    def get_readonly_fields(self, request: HttpRequest, obj: Product | None = None) -> tuple[str, ...]:
        """The SKU never changes; counters are moved, not edited."""
        return () if obj is None else ("sku", "on_hand", "reserved", "free")

    def get_urls(self) -> list[URLPattern]:
        return [self.button("stock", self.stock_view), *super().get_urls()]

    def stock_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Count, receive or write off; a count only of the stock that was on the page."""
        product = self.found(request, object_id)
        if not request.user.has_perm(CHANGE_STOCK):
            raise PermissionDenied
        form = StockForm(request.POST)
        return self.attempt(request, product, partial(self._move, request, product, form))

    def _move(self, request: HttpRequest, product: Product, form: StockForm) -> Any:
        """What there is to say of it when it is done."""
        if not form.is_valid():
            raise Invalid(form.problems())
        expected = None
        if "on_hand" in form.values:
            expected = product.version
            if form.cleaned_data["seen"] != product.on_hand:
                raise PreconditionFailed
        moved = stock.adjust_stock(actor=actor(request), pk=product.pk, expected_version=expected, **form.values)
        changed = form.values.get("delta") or moved.on_hand != product.on_hand
        return _("The stock is changed.") if changed else _("The stock is as it was.")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        product = self.get_object(request, object_id)
        shown = {} if product is None else self._shown(request, product)
        return super().change_view(request, object_id, form_url, {**shown, **(extra_context or {})})

    def _shown(self, request: HttpRequest, product: Product) -> dict[str, Any]:
        """The form that moves the stock, for who may, and the latest rows of the ledger, for who may see them."""
        shown: dict[str, Any] = {}
        if request.user.has_perm(CHANGE_STOCK) and not product.deleted:
            shown["stock"] = {
                "title": _("Count, receive or write off"),
                "form": StockForm(initial={"seen": product.on_hand, "kind": Kind.COUNT}),
                "url": reverse(self.named("stock"), args=(product.pk,)),
                "verb": _("Change the stock"),
            }
        if request.user.has_perm("products.view_stockmovement"):
            shown["tables"] = [_latest_movements(product)]
        return shown

    @display(description=_("available"), ordering="available", label={True: "danger", False: "success"})
    def left(self, product: Product) -> tuple[bool, str]:
        # As a text: the table takes the number nought for nothing, and shows a dash.
        return product.low_stock, str(product.on_hand - product.reserved)


@admin.register(StockMovement)
class StockMovementPage(ReadOnlyPage):
    list_display = ("when", "whose", "what", "on_hand", "on_hand_now", "reserved", "reserved_now", "cause", "who")
    list_filter = ("kind",)
    list_select_related = ("product", "actor")
    sortable_by = ()
    ordering = ("-id",)
    search_help_text = _("The whole SKU")
    fields = (
        ("whose", "when"), ("what", "cause"), ("on_hand", "on_hand_now"), ("reserved", "reserved_now"),
        ("who", "why"),
    )  # fmt: skip
    when = column("created_at", _("when"), short)
    whose = column("product", _("product"))
    what = column("get_kind_display", _("what"), lambda label: label())
    on_hand = column("on_hand_delta", _("on hand"), signed)
    on_hand_now = column("on_hand_after", _("on hand afterwards"))
    reserved = column("reserved_delta", _("reserved"), signed)
    reserved_now = column("reserved_after", _("reserved afterwards"))
    cause = column("reference", _("cause"))
    why = column("reason", _("reason"))
    who = column("actor", _("who"))

    def search(self, request: HttpRequest, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(product__sku_bare=bare(text)) if bare(text) else rows.none()


def _latest_movements(product: Product) -> dict[str, Any]:
    headers = [_("when"), _("what"), _("on hand"), _("reserved"), _("cause"), _("reason"), _("who")]
    rows = (
        [
            short(row.created_at), row.get_kind_display(), f"{row.on_hand_delta:+d} → {row.on_hand_after}",
            f"{row.reserved_delta:+d} → {row.reserved_after}", row.reference, row.reason, row.actor or "",
        ]
        for row in product.movements.select_related("actor")[:LATEST]
    )  # fmt: skip
    everything = f"{reverse('admin:products_stockmovement_changelist')}?{urlencode({'q': product.sku})}"
    return table(_("Latest stock movements"), headers, rows, everything)
