"""The filters of the product list."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field

from apps.common.filters import FlagFilter, MoneyFilter, TextFilter
from apps.common.text import bare

# Without a threshold, neither this nor its opposite holds.
LOW_STOCK = Q(runs_low=True)


@extend_schema_field({"type": "boolean"})
class LowStockFilter(FlagFilter):
    """At or below the threshold, or not (which includes having none)."""

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        if value is None:
            return qs
        return qs.filter(LOW_STOCK) if value else qs.filter(Q(runs_low__isnull=True) | Q(runs_low=False))


class ProductFilter(django_filters.FilterSet):
    sku = TextFilter("sku_bare", derive=bare, help_text=_("The whole SKU, whatever its case and punctuation."))
    name = TextFilter("name_folded", "contains", help_text=_("A part of the name, whatever its case and accents."))
    is_active = FlagFilter(help_text=_("Active ones (true) or the others (false)."))
    price_min = MoneyFilter("price", "gte", help_text=_("From this price on."))
    price_max = MoneyFilter("price", "lte", help_text=_("Up to this price, itself included."))
    low_stock = LowStockFilter(help_text=_("At or below the low-stock threshold."))
