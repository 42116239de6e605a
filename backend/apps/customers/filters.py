"""The filters of the customer list."""

import django_filters
from django.db import connection
from django.utils.translation import gettext_lazy as _

from apps.common.filters import AfterFilter, BeforeFilter, FlagFilter, TextFilter
from apps.common.pagination import COUNT_CAP
from apps.common.text import bare, fold
from apps.customers.models import EMAIL_PUNCTUATION, Customer
from apps.customers.names import ids_by_name

MAX_CITIES = 300


def bare_email(text: str) -> str:
    """An e-mail address as `Customer.email_bare` holds it."""
    return text.strip().lower().translate(dict.fromkeys(map(ord, EMAIL_PUNCTUATION)))


class CustomerFilter(django_filters.FilterSet):
    name = TextFilter("name_folded", "contains", help_text=_("A part of the name, whatever its case and accents."))
    document = TextFilter(derive=bare, help_text=_("The whole document, with or without punctuation."))
    email = TextFilter("email_bare", derive=bare_email, help_text=_("The whole e-mail address."))
    city = TextFilter("city_folded", "contains", help_text=_("A part of the city, whatever its case and accents."))
    state = TextFilter(derive=bare, help_text=_("The two letters of the state."))
    is_active = FlagFilter(help_text=_("Active ones (true) or the others (false)."))
    created_after = AfterFilter("created_at", help_text=_("From this date or time on."))
    created_before = BeforeFilter("created_at", help_text=_("Up to this date or time, itself included."))


def ids_by_city(part: str, most: int = COUNT_CAP) -> list[int] | None:
    """The keys of the customers present whose city has this in it; more than `most` are not all. None: ask."""
    wanted = fold(part)
    if not wanted or connection.vendor == "postgresql":  # Which reads its whole index to see what is in it (before 18).
        return None
    every = Customer.objects.filter(city_folded__contains=wanted).order_by().values_list("city_folded", flat=True)
    cities = list(every.distinct()[: MAX_CITIES + 1])  # The index has each of them at hand.
    if len(cities) > MAX_CITIES:
        return None
    present = Customer.objects.present().filter(city_folded__in=cities).order_by()
    return list(present.values_list("pk", flat=True)[: most + 1])


def _named(part: str, most: int) -> list[int] | None:
    return ids_by_name(part, deleted=False, most=most)


def _found(text: str, most: int) -> list[int] | None:
    """The keys of the customers present who have this in their name or in their city; None: ask."""
    others = ids_by_city(text, most)
    keys = None if others is None else _named(text, most)
    return None if keys is None or others is None else list({*keys, *others})


# How the keys are found of those who have a part of something.
LOOKUPS = {"name": _named, "city": ids_by_city, "search": _found}
