"""Who may do what to whom: nobody grants or touches what stands above them, and somebody is always left in charge.

"Above" is asked of permissions, not of role names, so that a shop's own groups obey it too: whoever manages
users is touched only by who manages managers, superusers only by superusers, and nobody grants what they lack.
"""

from collections.abc import Iterable, Set

from django.contrib.auth.models import Group, Permission
from django.db.models import Q, QuerySet

from apps.authentication.errors import LastAdmin
from apps.authentication.models import User
from apps.authentication.roles import ADMIN
from apps.common.errors import Forbidden, Missing

MANAGE_USERS, MANAGE_MANAGERS = "authentication.manage_users", "authentication.manage_managers"


def require_can_manage(actor: User | None, user: User) -> None:
    """Raise `Forbidden` when this account stands above the actor. One's own never does."""
    if actor is None or actor.is_superuser or actor.pk == user.pk:
        return
    if user.is_superuser:
        raise Forbidden
    refuse_permissions(actor, _held_by(user))


def require_can_grant(actor: User | None, roles: Iterable[str]) -> None:
    """Raise `Forbidden` when one of these roles holds what the actor lacks, or makes somebody the actor's equal."""
    if actor is None or actor.is_superuser:
        return
    refuse_permissions(actor, _named(Permission.objects.filter(group__in=groups_named(roles))))


def refuse_permissions(actor: User | None, permissions: Set[str]) -> None:
    """Raise `Forbidden` when the actor lacks one of these, or would make somebody their equal by granting them."""
    if actor is None or actor.is_superuser:
        return
    if not permissions <= actor.get_all_permissions():
        raise Forbidden
    if MANAGE_USERS in permissions and not actor.has_perm(MANAGE_MANAGERS):
        raise Forbidden


def is_administrator(user: User) -> bool:
    """Active, and superuser or in the Admin group."""
    return user.is_active and (user.is_superuser or user.groups.filter(name=ADMIN).exists())


def administrators() -> QuerySet[User]:
    """Every account for which that is so."""
    return User.objects.filter(Q(is_superuser=True) | Q(groups__name=ADMIN), is_active=True).distinct()


def lock_user(pk: int) -> User:
    """The account, locked until the transaction ends: what may be done to it is decided on that. Raises `Missing`."""
    user = User.objects.select_for_update().filter(pk=pk).first()
    if user is None:
        raise Missing
    return user


def lock_administration() -> None:
    """Whoever may end somebody's being an administrator waits here: two cannot dismiss each other at once."""
    list(Group.objects.select_for_update().filter(name=ADMIN))


def lock_roles(roles: Iterable[str]) -> None:
    """Keep the groups of these names as they are until the transaction ends: nobody deletes one, or makes it hold more,
    between the question whether it may be granted and the grant.
    """
    list(Group.objects.select_for_update().filter(name__in=set(roles)).order_by("pk"))


def refuse_losing_the_last(user: User) -> None:
    """Raise `LastAdmin` when nobody but this user is an administrator."""
    if not administrators().exclude(pk=user.pk).exists():
        raise LastAdmin


def groups_named(roles: Iterable[str]) -> list[Group]:
    """The groups with exactly these names (MySQL would ignore case); a name that no group has is left out."""
    names = set(roles)
    return [group for group in Group.objects.filter(name__in=names) if group.name in names]


def _held_by(user: User) -> set[str]:
    """What this account may do, or may do again once it is active."""
    return _named(Permission.objects.filter(Q(group__user=user) | Q(user=user)))


def _named(permissions: QuerySet[Permission]) -> set[str]:
    pairs = permissions.order_by().values_list("content_type__app_label", "codename").distinct()
    return {f"{label}.{codename}" for label, codename in pairs}
