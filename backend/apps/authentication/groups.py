"""A shop's own groups: like its users, they are made and changed by nobody who lacks what they hold.

The four roles of `roles.ROLES` are not among them: every `migrate` writes those again.
"""

from collections.abc import Set

from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from apps.authentication import trail
from apps.authentication.models import User
from apps.authentication.policy import refuse_permissions, require_can_grant
from apps.authentication.roles import ADMIN, ROLES
from apps.common.errors import AlreadyExists, FieldProblem, Forbidden, Invalid, Missing
from apps.common.retry import transactional
from apps.common.text import fold

GRANTABLE = ROLES[ADMIN]  # What the code asks for somewhere; any other permission would mean nothing.


@transactional
def save_group(*, actor: User | None, pk: int | None, name: str, permissions: Set[str]) -> Group:
    """Make a group (`pk` None) or change one: its name, and exactly these permissions.

    Raises `Missing`, `Forbidden` for a built-in role and for what the actor lacks (granted or already held),
    `Invalid` for an unknown permission, and `AlreadyExists` for a name that is taken whatever its case.
    """
    group = Group() if pk is None else _own_group(actor, pk)
    if permissions - GRANTABLE:
        raise Invalid([FieldProblem("/permissions", "does_not_exist", _("There is no such permission."))])
    refuse_permissions(actor, permissions)
    others = Group.objects.exclude(pk=group.pk).values_list("name", flat=True)
    if fold(name) in {fold(other) for other in others}:
        raise AlreadyExists(field="name")
    before, held = group.name, [] if pk is None else permission_names(group)
    group.name = name
    try:
        group.save()
    except IntegrityError as error:  # A twin was faster: the name is all that is unique here.
        raise AlreadyExists(field="name") from error
    group.permissions.set(_rows(permissions))
    if pk is None:
        trail.created(actor, group, holds=permissions)
    else:
        trail.changed(actor, group, fields=["name"] if name != before else [], held=held, holds=permissions)
    return group


@transactional
def delete_group(*, actor: User | None, pk: int) -> None:
    """Delete a group; its members keep what other groups give them.

    Raises `Missing`, and `Forbidden` for a built-in role and for a group that holds what the actor lacks.
    """
    group = _own_group(actor, pk)
    members = list(User.objects.filter(groups=group).order_by("pk"))
    trail.deleted(actor, group, held=permission_names(group), members=members)
    group.delete()


def permission_names(group: Group) -> list[str]:
    """What the group may do: "orders.add_order", in alphabetical order."""
    pairs = group.permissions.values_list("content_type__app_label", "codename")
    return sorted(f"{label}.{codename}" for label, codename in pairs)


def _own_group(actor: User | None, pk: int) -> Group:
    group = Group.objects.select_for_update().filter(pk=pk).first()
    if group is None:
        raise Missing
    if group.name in ROLES:
        raise Forbidden
    require_can_grant(actor, [group.name])
    return group


def _rows(permissions: Set[str]) -> list[Permission]:
    codenames = [name.partition(".")[2] for name in permissions]
    rows = Permission.objects.filter(codename__in=codenames).select_related("content_type")
    return [row for row in rows if f"{row.content_type.app_label}.{row.codename}" in permissions]
