"""The filters of the order list."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _
from django_filters.fields import MultipleChoiceField
from drf_spectacular.utils import extend_schema_field

from apps.common.filters import MAX_TEXT, AfterFilter, BeforeFilter, IdFilter, MoneyFilter, TextFilter
from apps.common.inputs import BIGGEST_ID
from apps.common.text import bare, fold
from apps.customers.models import Customer
from apps.orders.lifecycle import Status
from apps.orders.models import NUMBER_PREFIX, OrderItem

FIRST = 1_000  # customers of a name: if there are fewer, their orders are found by their keys


def key_of_number(number: str) -> int | None:
    """The primary key behind an order number, whatever its case and punctuation; None when it is not one."""
    digits = bare(number).removeprefix(NUMBER_PREFIX)
    if not bare(number).startswith(NUMBER_PREFIX) or len(digits) < 8 or not (digits.isascii() and digits.isdecimal()):
        return None
    key = int(digits[:20])
    return key if 1 <= key <= BIGGEST_ID and f"{key:08d}" == digits else None


def first_named(text: str) -> list[tuple[str, int]]:
    """The first customers by name that have this in it, at most `FIRST`: name as it is looked for, and key."""
    named = Customer.objects.filter(name_folded__contains=fold(text)).order_by("name_folded", "pk")
    return list(named.values_list("name_folded", "pk")[:FIRST])


def found_by_customer_name(rows: QuerySet, text: str, first: str) -> QuerySet:
    """Orders whose customer has this in their name, in no order; no name before the `first` is looked at again."""
    return rows.filter(customer__name_folded__gte=first, customer__name_folded__contains=fold(text))


def walked_by_customer_name(rows: QuerySet, text: str) -> QuerySet:
    """Orders whose customer has this in their name, for when every so-many-th has.

    A question of its own for each order keeps the list in its order: from a join, MariaDB would collect the orders of
    every such customer first, and sort them.
    """
    name = Customer.objects.filter(pk=OuterRef("customer_id")).order_by().values("name_folded")[:1]
    return rows.alias(customer_name=Subquery(name)).filter(customer_name__contains=fold(text))


@extend_schema_field({"type": "string", "maxLength": MAX_TEXT, "examples": ["PED-00000012"]})
class NumberFilter(TextFilter):
    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        if not value:
            return qs
        key = key_of_number(value)
        return qs.none() if key is None else qs.filter(pk=key)


@extend_schema_field({"type": "integer", "minimum": 1, "maximum": BIGGEST_ID})
class ProductOnOrderFilter(IdFilter):
    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        if value is None:
            return qs
        return qs.filter(Exists(OrderItem.objects.filter(order=OuterRef("pk"), product_id=value)))


class StatusField(MultipleChoiceField):
    """An empty one asks for nothing, as with the other filters."""

    def clean(self, value: Any) -> Any:
        return super().clean([chosen for chosen in value or () if chosen])


class StatusFilter(django_filters.MultipleChoiceFilter):
    """Any of these. The library would say it with OR and DISTINCT, which no index answers."""

    field_class = StatusField

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        return qs.filter(status__in=value) if value else qs


class OrderFilter(django_filters.FilterSet):
    status = StatusFilter(choices=Status.choices, help_text=_("May be repeated."))
    customer_id = IdFilter(help_text=_("Orders of this customer."))
    product_id = ProductOnOrderFilter(help_text=_("Orders with this product on a line."))
    number = NumberFilter(help_text=_("The whole number, whatever its case and punctuation."))
    placed_after = AfterFilter("placed_at", help_text=_("From this date or time on."))
    placed_before = BeforeFilter("placed_at", help_text=_("Up to this date or time, itself included."))
    total_min = MoneyFilter("total", "gte", help_text=_("From this total on."))
    total_max = MoneyFilter("total", "lte", help_text=_("Up to this total, itself included."))
