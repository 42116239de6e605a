"""Passwords: how one is replaced, by whom, and what makes one too weak.

Hashing takes long on purpose, so it comes before the transaction: under SQLite everybody who writes would wait for it,
and a retry would hash again. Whatever else is decided, is decided on the locked row.
"""

from collections.abc import Mapping

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.authentication import trail
from apps.authentication.models import User
from apps.authentication.policy import lock_user, require_can_manage
from apps.common.errors import FieldProblem, Forbidden, Invalid
from apps.common.retry import transactional


def opens(user: User, password: str) -> bool:
    """Is this the account's password? What is hashed as one no longer does is hashed anew, unless it was replaced
    meanwhile: Django's own `check_password` would write the old one back.
    """
    known = user.password

    def hash_anew(password: str) -> None:
        hashed = make_password(password)
        if User.objects.filter(pk=user.pk, password=known).update(password=hashed):
            user.password = hashed

    return check_password(password, known, setter=hash_anew) and not _known_to_everybody(password)


def _known_to_everybody(password: str) -> bool:
    """Is it the demo accounts', unless told otherwise? In a shop that began as a demo they may be there still."""
    return password == settings.WELL_KNOWN_PASSWORD and not settings.DEBUG


def change_password(*, user: User, current: str, new: str) -> None:
    """Replace one's own password: every token and session of the account ends.

    Raises `Invalid` for a current password that is wrong, or is no longer the current one, and for a weak new one.
    """
    known = User.objects.values_list("password", flat=True).get(pk=user.pk)
    _replace_own(user, current, new, known=known, knows=check_password(current, known), hashed=make_password(new))


def change_problems(user: User, fields: Mapping[str, str]) -> list[FieldProblem]:
    """What is wrong with these fields of a change, each looked at by itself: for a body that is refused anyway."""
    problems = password_problems(fields["new_password"], user, "/new_password") if "new_password" in fields else []
    if "current_password" in fields and not check_password(fields["current_password"], user.password):
        problems.append(_not_yours())
    return problems


def set_password(*, actor: User | None, pk: int, new: str) -> None:
    """Give somebody else a password: every token and session of the account ends.

    One's own is replaced with `change_password`, which asks for the current one. Raises `Missing`, `Forbidden`
    for oneself and for somebody above the actor, and `Invalid` for a weak one.
    """
    _replace_of_another(actor, pk, new, hashed=make_password(new))


def password_problems(password: str, user: User, pointer: str) -> list[FieldProblem]:
    """Everything that makes this password weak for this person."""
    problems = []
    if _known_to_everybody(password):
        problems.append(FieldProblem(pointer, "password_too_common", _("Everybody knows this password.")))
    try:
        validate_password(password, user)
    except ValidationError as error:
        problems += [FieldProblem(pointer, flaw.code or "invalid", flaw.messages[0]) for flaw in error.error_list]
    return problems


@transactional
def _replace_own(user: User, current: str, new: str, *, known: str, knows: bool, hashed: str) -> None:
    locked = User.objects.select_for_update().get(pk=user.pk)
    if locked.password != known:  # Replaced while we were hashing: what was found out is true of another password.
        knows = check_password(current, locked.password)
    problems = password_problems(new, locked, "/new_password")
    if not knows:
        problems.append(_not_yours())
    if problems:
        raise Invalid(problems)
    _store(hashed, user, locked)


def _not_yours() -> FieldProblem:
    return FieldProblem("/current_password", "wrong_password", _("This is not your current password."))


@transactional
def _replace_of_another(actor: User | None, pk: int, new: str, *, hashed: str) -> None:
    user = lock_user(pk)
    if actor is not None and actor.pk == user.pk:
        raise Forbidden
    require_can_manage(actor, user)
    if flaws := password_problems(new, user, "/password"):
        raise Invalid(flaws)
    _store(hashed, actor, user)


def _store(hashed: str, actor: User | None, user: User) -> None:
    user.password = hashed
    user.save(update_fields=["password"])
    trail.password_replaced(actor, user)
