"""Who may do what: the whole table on one screen, kept as Django groups holding Django permissions.

The code asks for permissions, never for roles: a shop can make its own group in the admin. These four are kept
as they stand here by every `migrate`.
"""

from functools import cache

from django.apps import AppConfig, apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission

ADMIN, MANAGER, OPERATOR, VIEWER = "Admin", "Manager", "Operator", "Viewer"

_ORDER_DESK = frozenset({"customers.view_personal_data", "orders.add_order", "orders.move_order"})
_CATALOGUE = frozenset(
    {
        "customers.add_customer", "customers.change_customer", "customers.delete_customer",
        "products.add_product", "products.change_product", "products.delete_product", "products.change_stock",
        "orders.cancel_order",
        "authentication.manage_users",
    }
)  # fmt: skip
_ADMINISTRATION = frozenset(
    {
        "authentication.manage_managers",
        "authentication.view_user", "authentication.add_user", "authentication.change_user",
        "auth.view_group", "auth.add_group", "auth.change_group", "auth.delete_group",
        "customers.view_customer", "products.view_product", "products.view_stockmovement",
        "orders.view_order", "orders.view_statuschange", "orders.view_orderitem", "events.view_event",
    }
)  # fmt: skip

ROLES: dict[str, frozenset[str]] = {
    VIEWER: frozenset(),
    OPERATOR: _ORDER_DESK,
    MANAGER: _ORDER_DESK | _CATALOGUE,
    ADMIN: _ORDER_DESK | _CATALOGUE | _ADMINISTRATION,
}


def keep_roles(sender: AppConfig, using: str, **kwargs: object) -> None:  # noqa: ARG001
    """Create the four groups, and give each exactly the permissions of the table. Runs after `migrate`."""
    for app in apps.get_app_configs():
        create_permissions(app, verbosity=0, using=using)
    permission_names.cache_clear()
    by_name = {name: pk for pk, name in permission_names().items()}
    for role, permissions in ROLES.items():
        group, _created = Group.objects.using(using).get_or_create(name=role)
        group.permissions.set([by_name[permission] for permission in permissions])


@cache
def permission_names() -> dict[int, str]:
    """What the permissions are called ("orders.add_order"), by key; kept, because only a migration changes that."""
    rows = Permission.objects.order_by().values_list("pk", "content_type__app_label", "codename")
    return {pk: f"{label}.{codename}" for pk, label, codename in rows}
