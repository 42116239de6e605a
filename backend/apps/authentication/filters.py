"""The filters of the user list."""

from typing import Any

import django_filters
from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field

from apps.authentication.models import User
from apps.common.filters import MAX_TEXT, FlagFilter, PlainText, TextFilter
from apps.common.text import fold


@extend_schema_field({"type": "string", "maxLength": MAX_TEXT})
class RoleFilter(django_filters.Filter):
    """Who has this role. Its name is compared here: each database has its own idea of case and accents."""

    field_class = PlainText

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        if not value:
            return qs
        roles = [pk for pk, name in Group.objects.values_list("pk", "name") if fold(name) == fold(value)]
        return qs.filter(Exists(User.groups.through.objects.filter(user_id=OuterRef("pk"), group_id__in=roles)))


class UserFilter(django_filters.FilterSet):
    username = TextFilter("username_folded", help_text=_("The whole username, whatever its case and accents."))
    email = TextFilter(derive=lambda text: text.strip().lower(), help_text=_("The whole e-mail address."))
    role = RoleFilter(help_text=_("Who has this role."))
    is_active = FlagFilter(help_text=_("Active ones (true) or the others (false)."))
