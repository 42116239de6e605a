"""Totals by day, derived from the history of the orders. Only `settling` writes them; they can be made again."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.common.columns import ExactCharField
from apps.orders.lifecycle import Status

# What a shop sells in a year may need more digits than one order.
DIGITS = 19


class OrdersOfDay(models.Model):
    """How many orders placed on a day of São Paulo have which status, and what they come to, freight included."""

    pk = models.CompositePrimaryKey("day", "status")
    day = models.DateField()
    status = ExactCharField(max_length=10, choices=Status.choices)
    orders = models.BigIntegerField()
    total = models.DecimalField(max_digits=DIGITS, decimal_places=2)

    class Meta:
        verbose_name, verbose_name_plural = _("orders of a day"), _("orders of a day")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.day} {self.status}"


class SalesOfDay(models.Model):
    """What orders placed on a day and not cancelled hold of a product, and what those lines bring.

    No foreign key: InnoDB would lock the product's row to look after it, in the way of whoever sells it. A product's
    row is never deleted.
    """

    pk = models.CompositePrimaryKey("day", "product_id")
    day = models.DateField()
    product_id = models.BigIntegerField()
    quantity = models.BigIntegerField()
    revenue = models.DecimalField(max_digits=DIGITS, decimal_places=2)

    class Meta:
        verbose_name, verbose_name_plural = _("sales of a day"), _("sales of a day")
        default_permissions = ()
        indexes = (models.Index(fields=("product_id", "day"), name="sales_by_product"),)

    def __str__(self) -> str:
        return f"{self.day} product/{self.product_id}"


class Bookmark(models.Model):
    """The one row that says how far into the history the totals go: the id of the last step that is in them.

    `edition` is how often they were thrown away to be made again: with other ones, `counted` may be the same.
    """

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    counted = models.BigIntegerField(default=0)
    edition = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        verbose_name, verbose_name_plural = _("bookmark"), _("bookmarks")
        default_permissions = ()
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="one_bookmark"),)

    def __str__(self) -> str:
        return str(self.counted)
