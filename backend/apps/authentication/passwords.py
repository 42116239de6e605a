"""Passwords: how one is replaced, by whom, and what makes one too weak."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.authentication import trail
from apps.authentication.models import User
from apps.authentication.policy import refuse_touching
from apps.common.errors import FieldProblem, Forbidden, Invalid, Missing
from apps.common.retry import transactional


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
    trail.password_replaced(user, locked)


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
    if flaws := password_flaws(new, user, "/password"):
        raise Invalid(flaws)
    user.set_password(new)
    user.save(update_fields=["password"])
    trail.password_replaced(actor, user)


def password_flaws(password: str, user: User, pointer: str) -> list[FieldProblem]:
    """Everything that makes this password weak for this person."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        return [FieldProblem(pointer, flaw.code or "invalid", flaw.messages[0]) for flaw in error.error_list]
    return []
