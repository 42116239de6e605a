"""What is sold, the two counters of its stock, and the ledger that they always equal."""

from django.conf import settings
from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.common.columns import DerivedCharField, ExactCharField, MoneyField
from apps.common.ledgers import AppendOnly
from apps.common.soft_delete import SoftDeletable
from apps.common.text import bare
from apps.events.outbox import Subject


def caseless(sku: str | None) -> str:
    """What is equal in two SKUs that are one: all but their case."""
    return (sku or "").casefold()


class Product(Subject, SoftDeletable):
    """A stock-keeping unit. Only `stock` writes `on_hand` and `reserved`."""

    sku = ExactCharField(_("SKU"), max_length=64)
    sku_folded = DerivedCharField("sku", derive=caseless, max_length=192, unique=True)  # "ﬃ" folds to three letters.
    sku_bare = DerivedCharField("sku", derive=bare, max_length=64, db_index=True)
    name = models.CharField(_("name"), max_length=200)
    name_folded = DerivedCharField("name", max_length=200)
    description = models.TextField(_("description"), max_length=5000, blank=True, default="")
    price = MoneyField(verbose_name=_("price"))
    on_hand = models.BigIntegerField(_("on hand"), default=0, editable=False)
    reserved = models.BigIntegerField(_("reserved"), default=0, editable=False)
    available = models.GeneratedField(
        expression=F("on_hand") - F("reserved"), output_field=models.BigIntegerField(), db_persist=True
    )
    low_stock_threshold = models.BigIntegerField(_("low stock threshold"), null=True, blank=True)
    runs_low = models.GeneratedField(  # NULL without a threshold. Kept by the database, so that an index can find it.
        expression=ExpressionWrapper(
            Q(low_stock_threshold__gte=F("on_hand") - F("reserved")), output_field=models.BooleanField(null=True)
        ),
        output_field=models.BooleanField(null=True),
        db_persist=True,
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name, verbose_name_plural = _("product"), _("products")
        ordering = ("-created_at", "-id")
        permissions = (("change_stock", "Can count, receive and write off stock"),)
        constraints = (
            models.CheckConstraint(condition=Q(price__gt=0), name="product_price_positive"),
            models.CheckConstraint(condition=Q(reserved__gte=0), name="product_reserved_not_negative"),
            models.CheckConstraint(condition=Q(reserved__lte=F("on_hand")), name="product_never_oversold"),
            models.CheckConstraint(
                condition=Q(low_stock_threshold__gte=0) | Q(low_stock_threshold__isnull=True),
                name="product_threshold_not_negative",
            ),
        )
        indexes = (
            models.Index(fields=("created_at", "id", "deleted_at"), name="product_newest_covering"),
            # For the order, for both parts of a search, and for counting what it finds: nothing but this is read.
            models.Index(fields=("name_folded", "id", "sku_bare", "deleted_at"), name="product_search"),
            models.Index(fields=("price", "id", "deleted_at"), name="product_by_price_covering"),
            models.Index(fields=("available", "id", "deleted_at"), name="product_by_available_covering"),
            models.Index(fields=("is_active", "created_at", "id", "deleted_at"), name="product_by_activity_covering"),
            models.Index(fields=("runs_low", "created_at", "id", "deleted_at"), name="product_running_low_covering"),
        )

    def __str__(self) -> str:
        return f"{self.sku} · {self.name}"

    @property
    def low_stock(self) -> bool:
        """Is there a threshold, and is the available stock at or below it?"""
        return self.low_stock_threshold is not None and self.on_hand - self.reserved <= self.low_stock_threshold


class StockMovement(AppendOnly):
    """One change of a product's counters, by whom and why. The counters are always the sum of these."""

    class Kind(models.TextChoices):
        OPENING = "OPENING", _("Opening stock")
        COUNT = "COUNT", _("Count")
        RECEIPT = "RECEIPT", _("Receipt")
        LOSS = "LOSS", _("Loss")
        RESERVATION = "RESERVATION", _("Reservation")
        RELEASE = "RELEASE", _("Release")
        SHIPMENT = "SHIPMENT", _("Shipment")

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="movements", db_index=False)
    kind = ExactCharField(max_length=12, choices=Kind.choices)
    on_hand_delta = models.BigIntegerField()
    reserved_delta = models.BigIntegerField()
    on_hand_after = models.BigIntegerField()
    reserved_after = models.BigIntegerField()
    reference = ExactCharField(max_length=40)  # What brought it about: "order/12", or "product/7" by hand.
    reason = models.CharField(max_length=200, blank=True, default="")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("stock movement"), _("stock movements")
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(condition=~Q(on_hand_delta=0, reserved_delta=0), name="movement_moves_something"),
            models.CheckConstraint(
                condition=Q(reserved_after__gte=0, reserved_after__lte=F("on_hand_after")),
                name="movement_never_oversold",
            ),
        )
        indexes = (models.Index(fields=("product", "id"), name="movement_by_product"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on_hand_delta:+d}/{self.reserved_delta:+d}"
