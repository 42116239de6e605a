"""Who changed whose access, and when: one trail of accounts, roles, passwords and groups, whatever door was used.

The services write it in their own transaction, so what is rolled back leaves none. It names what changed, never a
value: no password, no e-mail, no person's name. Django's `LogEntry` keeps it, in the words that the admin already
knows how to show; it needs somebody who acted, so what the system does by itself is told in the log alone.
"""

from collections.abc import Iterable, Sequence
from functools import partial

import structlog
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext_noop, override

from apps.authentication.models import User

ACTIONS = {ADDITION: "created", CHANGE: "changed", DELETION: "deleted"}
PARTS = {User: gettext_noop("role"), Group: gettext_noop("permission")}  # What accounts and groups hold.

log = structlog.get_logger(__name__)


def created(actor: User | None, row: User | Group, *, holds: Iterable[str] = ()) -> None:
    """Tell of a new account with these roles, or a new group with these permissions."""
    _tell(ADDITION, actor, [row], gained=set(holds))


def changed(
    actor: User | None,
    row: User | Group,
    *,
    fields: Sequence[str] = (),
    held: Iterable[str] = (),
    holds: Iterable[str] = (),
) -> None:
    """Tell which fields are no longer what they were, and what was gained or lost; of nothing when that is nothing."""
    gained, lost = set(holds) - set(held), set(held) - set(holds)
    if fields or gained or lost:
        _tell(CHANGE, actor, [row], fields=fields, gained=gained, lost=lost)


def password_replaced(actor: User | None, user: User) -> None:
    """Tell that an account has another password."""
    _tell(CHANGE, actor, [user], fields=["password"])


def deleted(actor: User | None, group: Group, *, held: Iterable[str], members: Sequence[User]) -> None:
    """Tell what a group could do that will be gone, and each of its members that they lose the role."""
    _tell(DELETION, actor, [group], lost=set(held))
    _tell(CHANGE, actor, members, lost={group.name})


def _tell(
    action: int,
    actor: User | None,
    rows: Sequence[User | Group],
    *,
    fields: Sequence[str] = (),
    gained: Iterable[str] = (),
    lost: Iterable[str] = (),
) -> None:
    gained, lost = sorted(gained), sorted(lost)
    if actor is not None and rows:
        message = _message(type(rows[0]), action, fields, gained, lost)
        LogEntry.objects.log_actions(actor.pk, rows, action, message)
    for row in rows:
        who = {"action": ACTIONS[action], "subject": f"{row._meta.model_name}/{row.pk}", "actor_id": actor and actor.pk}
        line = partial(log.info, "access_changed", **who, fields=list(fields), gained=gained, lost=lost)
        transaction.on_commit(line)  # A line in the log cannot be rolled back.


def _message(
    model: type[User] | type[Group], action: int, fields: Sequence[str], gained: Sequence[str], lost: Sequence[str]
) -> list[dict[str, object]] | str:
    """As Django's `construct_change_message` writes it: in English, translated by who shows it."""
    with override(None):
        labels = [str(model._meta.get_field(name).verbose_name) for name in fields]  # type: ignore[union-attr]
    parts: list[dict[str, object]] = [{"added": {}}] if action == ADDITION else []
    parts += [{"changed": {"fields": labels}}] if labels else []
    parts += [{"added": {"name": PARTS[model], "object": name}} for name in gained]
    parts += [{"deleted": {"name": PARTS[model], "object": name}} for name in lost]
    return parts or ""
