"""What can be done with users, and by whom: nobody grants or touches what stands above them.

"Above" is asked of permissions, not of role names, so that a shop's own groups obey it too: whoever manages
users is touched only by who manages managers, superusers only by superusers, and nobody grants what they lack.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.authentication.errors import LastAdmin
from apps.authentication.models import User
from apps.authentication.roles import ADMIN
from apps.common.errors import AlreadyExists, FieldProblem, Forbidden, Invalid, Missing, PreconditionFailed
from apps.common.retry import transactional
from apps.common.text import fold

MANAGE_USERS, MANAGE_MANAGERS = "authentication.manage_users", "authentication.manage_managers"


@transactional
def register_user(
    *,
    actor: User | None,
    username: str,
    email: str,
    password: str,
    first_name: str = "",
    last_name: str = "",
    roles: Sequence[str] = (),
) -> User:
    """Create an account with these roles. `actor` None is the system itself (demo data, first start).

    Raises `Forbidden` for a role above the actor, `Invalid` for an unknown role or a weak password, and
    `AlreadyExists` for a username or e-mail that is taken.
    """
    refuse_granting(actor, roles)
    names = {"username": username, "email": email.lower(), "first_name": first_name, "last_name": last_name}
    if problems := mistakes({**names, "password": password, "roles": roles}):
        raise Invalid(problems)
    user = User(**names, is_staff=ADMIN in roles)
    _refuse_taken(user)
    user.set_password(password)
    _save_or_refuse(user)
    user.groups.set(_groups(roles))
    return user


@transactional
def change_user(
    *, actor: User | None, pk: int, values: dict[str, Any], expected: Mapping[str, Any] | None = None
) -> User:
    """Change names, e-mail, `is_active` and `roles`. Deactivation ends all tokens and sessions for good.

    Raises `Missing`, `PreconditionFailed` when one of these is not what the caller `expected` it to be,
    `Forbidden` for somebody above the actor, `AlreadyExists`, and `LastAdmin`.
    """
    roles = values.get("roles")
    if roles is not None or values.get("is_active") is False:
        _lock_administration()
    user = User.objects.select_for_update().filter(pk=pk).first()
    if user is None:
        raise Missing
    if expected is not None:
        _refuse_unexpected(user, expected)
    refuse_touching(actor, user)
    if roles is not None:
        refuse_granting(actor, set(roles) - set(role_names(user)))
        if problems := mistakes({"roles": roles}):
            raise Invalid(problems)
    was_admin = is_administrator(user)
    for name in ("first_name", "last_name", "email", "is_active"):
        if name in values and getattr(user, name) != values[name]:
            setattr(user, name, values[name])
            if name == "is_active" and not user.is_active:
                user.sign_in_epoch += 1
    if "email" in values:
        user.email = user.email.lower()
        _refuse_taken(user)
    if roles is not None:
        user.groups.set(_groups(roles))
        user.is_staff = user.is_superuser or ADMIN in roles
    if was_admin and not is_administrator(user):
        _refuse_losing_the_last(user)
    _save_or_refuse(user)
    return user


@transactional
def change_password(*, user: User, current: str, new: str) -> None:
    """Replace one's own password: every token and session of the account ends. Raises `Invalid`."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    problems = password_flaws(new, locked, "/new_password")
    if not locked.check_password(current):
        problems.append(FieldProblem("/current_password", "wrong_password", _("This is not your current password.")))
    if problems:
        raise Invalid(problems)
    locked.set_password(new)
    locked.save(update_fields=["password"])


@transactional
def set_password(*, actor: User | None, pk: int, new: str) -> None:
    """Give somebody else a password: every token and session of the account ends.

    One's own is replaced with `change_password`, which asks for the current one. Raises `Missing`, `Forbidden`
    for oneself and for somebody above the actor, and `Invalid` for a weak one.
    """
    user = User.objects.select_for_update().filter(pk=pk).first()
    if user is None:
        raise Missing
    if actor is not None and actor.pk == user.pk:
        raise Forbidden
    refuse_touching(actor, user)
    check_password_strength(new, user, "/password")
    user.set_password(new)
    user.save(update_fields=["password"])


def role_names(user: User) -> list[str]:
    """The names of the user's groups, in alphabetical order."""
    return sorted(group.name for group in user.groups.all())


def is_administrator(user: User) -> bool:
    """Active, and superuser or in the Admin group."""
    return user.is_active and (user.is_superuser or user.groups.filter(name=ADMIN).exists())


def refuse_touching(actor: User | None, user: User) -> None:
    """Raise `Forbidden` when this account stands above the actor. One's own never does."""
    if actor is None or actor.is_superuser or actor.pk == user.pk:
        return
    if user.is_superuser:
        raise Forbidden
    refuse_permissions(actor, _held_by(user))


def refuse_granting(actor: User | None, roles: Iterable[str]) -> None:
    """Raise `Forbidden` when one of these roles holds what the actor lacks, or makes somebody the actor's equal."""
    if actor is None or actor.is_superuser:
        return
    refuse_permissions(actor, _named(Permission.objects.filter(group__in=_groups(roles))))


def refuse_permissions(actor: User | None, permissions: Set[str]) -> None:
    """Raise `Forbidden` when the actor lacks one of these, or would make somebody their equal by granting them."""
    if actor is None or actor.is_superuser:
        return
    if not permissions <= actor.get_all_permissions():
        raise Forbidden
    if MANAGE_USERS in permissions and not actor.has_perm(MANAGE_MANAGERS):
        raise Forbidden


def check_password_strength(password: str, user: User, pointer: str) -> None:
    """Raise `Invalid`, naming everything that makes this password weak."""
    if flaws := password_flaws(password, user, pointer):
        raise Invalid(flaws)


def password_flaws(password: str, user: User, pointer: str) -> list[FieldProblem]:
    """Everything that makes this password weak for this person."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        return [FieldProblem(pointer, flaw.code or "invalid", flaw.messages[0]) for flaw in error.error_list]
    return []


def mistakes(values: Mapping[str, Any]) -> list[FieldProblem]:
    """What is wrong with an account beyond the shape of its fields: a weak password, roles that do not exist."""
    problems = []
    if "password" in values:
        person = User(**{name: values.get(name, "") for name in ("username", "email", "first_name", "last_name")})
        problems = password_flaws(values["password"], person, "/password")
    roles = values.get("roles", ())
    known = {group.name for group in _groups(roles)}
    return problems + [
        FieldProblem(f"/roles/{index}", "does_not_exist", _("There is no such role."))
        for index, role in enumerate(roles)
        if role not in known
    ]


def _refuse_unexpected(user: User, expected: Mapping[str, Any]) -> None:
    for name, value in expected.items():
        if (role_names(user) if name == "roles" else getattr(user, name)) != value:
            raise PreconditionFailed


def _held_by(user: User) -> set[str]:
    """What this account may do, or may do again once it is active."""
    return _named(Permission.objects.filter(Q(group__user=user) | Q(user=user)))


def _named(permissions: QuerySet[Permission]) -> set[str]:
    pairs = permissions.order_by().values_list("content_type__app_label", "codename").distinct()
    return {f"{label}.{codename}" for label, codename in pairs}


def _groups(roles: Iterable[str]) -> list[Group]:
    return list(Group.objects.filter(name__in=set(roles)))


def _lock_administration() -> None:
    """Whoever may end somebody's being an administrator waits here: two cannot dismiss each other at once."""
    list(Group.objects.select_for_update().filter(name=ADMIN))


def _refuse_losing_the_last(user: User) -> None:
    others = User.objects.filter(Q(is_superuser=True) | Q(groups__name=ADMIN), is_active=True).exclude(pk=user.pk)
    if not others.exists():
        raise LastAdmin


def _refuse_taken(user: User) -> None:
    others = User.objects.exclude(pk=user.pk)
    if others.filter(username_folded=fold(user.username)).exists():
        raise AlreadyExists(field="username")
    if others.filter(email=user.email).exists():
        raise AlreadyExists(field="email")


def _save_or_refuse(user: User) -> None:
    try:
        user.save()
    except IntegrityError as error:
        for field in ("username", "email"):
            if field in str(error):
                raise AlreadyExists(field=field) from error
        raise
