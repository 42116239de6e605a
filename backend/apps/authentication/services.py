"""What can be done with users. By whom, `policy` decides; `passwords` replaces theirs; `trail` tells of it all."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from apps.authentication import policy, trail
from apps.authentication.models import User
from apps.authentication.passwords import password_problems
from apps.authentication.roles import ADMIN
from apps.common.constraints import broken_by
from apps.common.errors import AlreadyExists, FieldProblem, Invalid, PreconditionFailed
from apps.common.retry import transactional
from apps.common.text import fold

CHANGEABLE = ("first_name", "last_name", "email", "is_active")


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
    names = {"username": username, "email": email.lower(), "first_name": first_name, "last_name": last_name}
    hashed = make_password(password)  # Before the transaction: `passwords` says why.
    return _register(actor, names, password, roles, hashed=hashed)


@transactional
def change_user(
    *, actor: User | None, pk: int, values: dict[str, Any], expected: Mapping[str, Any] | None = None
) -> User:
    """Change names, e-mail, `is_active` and `roles`. Deactivation ends all tokens and sessions for good.

    Raises `Missing`, `PreconditionFailed` when one of these is not what the caller `expected` it to be,
    `Forbidden` for somebody or a role above the actor, `Invalid` for an unknown role, `AlreadyExists` for an e-mail
    that is taken, and `LastAdmin`.
    """
    if "roles" in values or values.get("is_active") is False:
        policy.lock_administration()
    user = policy.lock_user(pk)
    _refuse_unexpected(user, expected or {})
    policy.require_can_manage(actor, user)
    was_administrator, before, held = policy.is_administrator(user), _columns(user), role_names(user)
    if "roles" in values:
        _take_over_roles(actor, user, values["roles"])
    _take_over_fields(user, values)
    if was_administrator and not policy.is_administrator(user):
        policy.refuse_losing_the_last(user)
    _save_or_refuse(user)
    fields = [name for name, value in _columns(user).items() if value != before[name]]
    trail.changed(actor, user, fields=fields, held=held, holds=role_names(user))
    return user


def role_names(user: User) -> list[str]:
    """The names of the user's groups, in alphabetical order."""
    return sorted(group.name for group in user.groups.all())


def changeable_values(user: User) -> dict[str, Any]:
    """What `change_user` could change of this account, as it stands: to be `expected`."""
    return {**{name: getattr(user, name) for name in CHANGEABLE}, "roles": role_names(user)}


def validation_problems(values: Mapping[str, Any]) -> list[FieldProblem]:
    """What is wrong with an account beyond the shape of its fields: a weak password, roles that do not exist."""
    problems = []
    if "password" in values:
        person = User(**{name: values.get(name, "") for name in ("username", "email", "first_name", "last_name")})
        problems = password_problems(values["password"], person, "/password")
    roles = values.get("roles", ())
    known = {group.name for group in policy.groups_named(roles)}
    return problems + [
        FieldProblem(f"/roles/{index}", "does_not_exist", _("There is no such role."))
        for index, role in enumerate(roles)
        if role not in known
    ]


@transactional
def _register(actor: User | None, names: dict[str, str], password: str, roles: Sequence[str], *, hashed: str) -> User:
    policy.lock_roles(roles)
    policy.require_can_grant(actor, roles)
    if problems := validation_problems({**names, "password": password, "roles": roles}):
        raise Invalid(problems)
    user = User(**names, password=hashed, is_staff=ADMIN in roles)
    _refuse_taken(user)
    _save_or_refuse(user)
    user.groups.set(policy.groups_named(roles))
    trail.created(actor, user, holds=roles)
    return user


def _refuse_unexpected(user: User, expected: Mapping[str, Any]) -> None:
    for name, value in expected.items():
        if (role_names(user) if name == "roles" else getattr(user, name)) != value:
            raise PreconditionFailed


def _columns(user: User) -> dict[str, Any]:
    return {name: getattr(user, name) for name in (*CHANGEABLE, "is_staff")}


def _take_over_roles(actor: User | None, user: User, roles: Sequence[str]) -> None:
    policy.lock_roles(roles)
    policy.require_can_grant(actor, set(roles) - set(role_names(user)))
    if problems := validation_problems({"roles": roles}):
        raise Invalid(problems)
    user.groups.set(policy.groups_named(roles))
    user.is_staff = user.is_superuser or ADMIN in roles


def _take_over_fields(user: User, values: Mapping[str, Any]) -> None:
    was_active = user.is_active
    for name in CHANGEABLE:
        if name in values:
            setattr(user, name, values[name])
    if "email" in values:
        user.email = user.email.lower()
        _refuse_taken(user)
    if was_active and not user.is_active:
        user.sign_in_epoch += 1


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
            if field in broken_by(error):
                raise AlreadyExists(field=field) from error
        raise
