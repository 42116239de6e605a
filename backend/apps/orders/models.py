"""Orders, their lines and their history."""

from datetime import datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any, NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import CombinedExpression
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.common import statements
from apps.common.columns import ExactCharField, MoneyField
from apps.common.ledgers import AppendOnly
from apps.common.rows import Beside, Rows, select, select_many
from apps.customers.models import Customer
from apps.events.outbox import Subject
from apps.orders.lifecycle import Status
from apps.products.models import Product

MAX_ITEMS, MAX_QUANTITY = 200, 1_000_000
MAX_NOTES, MAX_NOTE = 2000, 500  # characters: of an order, and of one step in its history
MAX_ORDERS = 100  # in one call
NUMBER_PREFIX = "PED"
# What an order, and its history, show of others.
CUSTOMER_NAME, ACTOR_NAME = Beside("customer", only=("name",)), Beside("actor", only=("username",))
LINES_PER_ORDER = 1000  # Line ids are order id × 1000 + position: known before the insert, clustered by order.
STEP = ("order_id", "from_status", "to_status", "actor_id", "note", "created_at")  # of a StatusChange, as it is written
step_values = attrgetter(*STEP)


def _equal(column: str, amount: CombinedExpression) -> Q:
    """Equal to the cent: SQLite computes in binary fractions, where 0.1 + 0.2 is not 0.3."""
    less_than_a_cent = Decimal("0.005")
    return Q(**{f"{column}__gt": amount - less_than_a_cent, f"{column}__lt": amount + less_than_a_cent})


class Line(NamedTuple):
    """A row of `OrderItem`, to be looked at: it never changes, and of an order there may be hundreds."""

    id: int
    order_id: int
    product_id: int
    sku: str
    name: str
    quantity: int
    unit_price: Decimal
    subtotal: Decimal


class Order(Subject):
    """What a customer asked for. `(customer, idempotency_key)` is unique: the database is the referee of twins."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+", db_index=False)
    status = ExactCharField(_("status"), max_length=10, choices=Status.choices, default=Status.PENDENTE)
    subtotal = MoneyField(verbose_name=_("subtotal"))
    freight = MoneyField(verbose_name=_("freight"))
    total = MoneyField(verbose_name=_("total"))
    notes = models.CharField(_("notes"), max_length=MAX_NOTES, blank=True, default="")
    idempotency_key = ExactCharField(max_length=255)
    fingerprint = ExactCharField(max_length=64)  # SHA-256 of the canonical body, see `OrderRequest.fingerprint`.
    placed_at = models.DateTimeField(_("placed at"), default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("order"), _("orders")
        ordering = ("-created_at", "-id")
        default_permissions = ("add", "view")
        permissions = (
            ("move_order", "Can move an order to its next status"),
            ("cancel_order", "Can cancel an order"),
        )
        constraints = (
            models.UniqueConstraint(fields=("customer", "idempotency_key"), name="one_order_per_key"),
            models.CheckConstraint(condition=~Q(idempotency_key=""), name="order_has_key"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="order_status_known"),
            models.CheckConstraint(condition=Q(freight__gte=0, subtotal__gt=0), name="order_amounts_not_negative"),
            models.CheckConstraint(condition=_equal("total", F("subtotal") + F("freight")), name="order_total_adds_up"),
        )
        indexes = (
            models.Index(fields=("created_at", "id"), name="order_newest"),
            models.Index(fields=("placed_at", "id"), name="order_by_placing"),
            models.Index(fields=("total", "id"), name="order_by_total"),
            models.Index(fields=("status", "placed_at", "id"), name="order_by_status_and_placing"),
            models.Index(fields=("customer", "placed_at", "id"), name="order_by_customer_and_placing"),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call it: "PED-00000012". Derived from the key: no counter row that everybody would lock."""
        return f"{NUMBER_PREFIX}-{self.id:08d}"

    def keep_details(self, *, items: list[Line], history: list["StatusChange"] | None = None) -> None:
        """Keep what was just written at hand, so that showing the order need not read it back."""
        self._loaded_items, self._loaded_history = items, history

    def loaded_items(self) -> list[Line]:
        """The lines, in the order of the request; read unless just written."""
        items: list[Line] | None = getattr(self, "_loaded_items", None)
        if items is None:
            return select_many(Rows(OrderItem, "own.order_id = %s", [self.pk], kind=Line))[0]
        return items

    def loaded_history(self) -> list["StatusChange"]:
        """The steps to this version, oldest first, with their actors; read unless just written."""
        history: list[StatusChange] | None = getattr(self, "_loaded_history", None)
        if history is None:
            return select(StatusChange, "own.order_id = %s", [self.pk], beside=ACTOR_NAME)[: self.version]
        return history


class OrderItem(models.Model):
    """A line: SKU, name and price as they were when the order was placed."""

    id = models.BigIntegerField(primary_key=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="items", db_index=False)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    sku = ExactCharField(max_length=64)
    name = models.CharField(max_length=200)
    quantity = models.BigIntegerField()
    unit_price = MoneyField()
    subtotal = MoneyField()

    class Meta:
        verbose_name, verbose_name_plural = _("item"), _("items")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("order", "product"), name="product_once_per_order"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=MAX_QUANTITY), name="item_quantity_in_range"
            ),
            models.CheckConstraint(
                condition=_equal("subtotal", F("unit_price") * F("quantity")), name="item_subtotal_adds_up"
            ),
        )

    def __str__(self) -> str:
        return f"{self.quantity} × {self.sku}"


class StatusChange(AppendOnly):
    """One step in the life of an order, and who took it. The first row is the creation."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="history", db_index=False)
    from_status = ExactCharField(max_length=10, null=True, choices=Status.choices)
    to_status = ExactCharField(max_length=10, choices=Status.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=MAX_NOTE, blank=True, default="")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("status change"), _("history")
        ordering = ("id",)
        indexes = (models.Index(fields=("order", "id"), name="history_by_order"),)

    @classmethod
    def of(cls, order_id: int, source: str | None, target: str, actor: Any, note: str, at: datetime) -> "StatusChange":
        """The step of this order from one status to another, yet to be inserted."""
        columns = {
            "id": None, "order_id": order_id, "from_status": source, "to_status": target,
            "actor_id": actor.pk if actor else None, "note": note, "created_at": at,
        }  # fmt: skip
        return statements.new(cls, columns, beside={"actor": actor})

    def __str__(self) -> str:
        return f"{self.from_status} → {self.to_status}"


class ImportedCustomer(AppendOnly):
    """Which customer a person of an imported file became. The pair is unique: nobody is brought in twice."""

    source = ExactCharField(max_length=20)
    external_id = ExactCharField(max_length=64)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("source", "external_id"), name="one_customer_per_person"),)

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}"
