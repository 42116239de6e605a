"""The filters of the customer list."""

import django_filters
from django.utils.translation import gettext_lazy as _

from apps.common.filters import AfterFilter, BeforeFilter, FlagFilter, TextFilter
from apps.common.text import bare


class CustomerFilter(django_filters.FilterSet):
    name = TextFilter("name_folded", "contains", help_text=_("A part of the name, whatever its case and accents."))
    document = TextFilter(derive=bare, help_text=_("The whole document, with or without punctuation."))
    email = TextFilter(derive=lambda text: text.strip().lower(), help_text=_("The whole e-mail address."))
    city = TextFilter("city_folded", "contains", help_text=_("A part of the city, whatever its case and accents."))
    state = TextFilter(derive=bare, help_text=_("The two letters of the state."))
    is_active = FlagFilter()
    created_after = AfterFilter("created_at", help_text=_("From this date or time on."))
    created_before = BeforeFilter("created_at", help_text=_("Up to this date or time, itself included."))
