"""Guessing passwords ends: failed sign-ins are counted, from each address, by what was typed and by account.

Two counts, because the answer must not tell whether there is an account. What was typed is counted whether or not
somebody has that name, and once full is told. The account's own count, which its username and its e-mail share, is
never told: while it is full, the right password is answered as a wrong one
(docs/adr/0016-two-counts-of-failed-sign-ins.md).
"""

import math
from collections.abc import Iterable

import structlog
from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from apps.authentication.errors import AccountLocked
from apps.authentication.models import FailedSignIns, User
from apps.common.retry import transactional

log = structlog.get_logger(__name__)


def refuse_if_locked(name: str, address: str) -> None:
    """Before a password is looked at: raise `AccountLocked` where `name` has failed too often from `address`."""
    _refuse_if_full(FailedSignIns.objects.filter(whom=_by_name(name, address)).first())


def allows(name: str, user: User | None, address: str, *, right: bool) -> bool:
    """Once the password has been found right or wrong: does this attempt open the account of `user`? Count it if not.

    Attempts made together are decided here one after another, each on what those before it have left: as if nobody
    had come at the same time. The log tells of one that opens nothing.
    Raises `AccountLocked` as `refuse_if_locked` does.
    """
    whom = _by_name(name, address), _by_account(user, name, address)
    if right and not FailedSignIns.objects.filter(whom__in=whom).exists():
        return True  # Nobody waits for anybody where nothing has failed.
    opened = _decide(whom, user, address, right=right)
    if not opened:
        # An address is personal data. Its digest, which nobody turns back without the key, tells one from another.
        log.warning("sign_in_failed", account_id=user.pk if user else None, origin=_digest("origin", address)[:16])
    return opened


@transactional
def _decide(whom: tuple[str, str], user: User | None, address: str, *, right: bool) -> bool:
    by_name, by_account = _locked(whom)
    _refuse_if_full(by_name)
    if user is not None and right and not _full(by_account):
        forgotten = {_by_name(name, address) for name in (user.username_folded, user.email)}
        FailedSignIns.objects.filter(whom__in={*whom, *forgotten}).delete()
        return True
    for row in (by_name, by_account):
        _count(row)
    return False


def _locked(whom: tuple[str, ...]) -> list[FailedSignIns]:
    """The counts of these, locked in one order by everybody; begun where there are none."""
    rows = FailedSignIns.objects.select_for_update().filter(whom__in=whom).order_by("whom")
    while len(found := {row.whom: row for row in rows.all()}) < len(whom):  # A success may take one away meanwhile.
        _begin(each for each in whom if each not in found)
    return [found[each] for each in whom]


def _begin(whom: Iterable[str]) -> None:
    """Begin at nothing. Somebody else may have done so just now."""
    FailedSignIns.objects.bulk_create([FailedSignIns(whom=each) for each in whom], ignore_conflicts=True)


def _count(row: FailedSignIns) -> None:
    """One more; what has cooled off begins again. A full count stays as it is: trying does not make the lock longer."""
    if _full(row):
        return
    row.failures = row.failures + 1 if _ends_in(row) > 0 else 1
    row.last_at = timezone.now()
    row.save()


def _refuse_if_full(row: FailedSignIns | None) -> None:
    if row is not None and _full(row):
        raise AccountLocked(retry_after=max(1, math.ceil(_ends_in(row))))


def _full(row: FailedSignIns) -> bool:
    return row.failures >= settings.LOGIN_LOCK_AFTER and _ends_in(row) > 0


def _ends_in(row: FailedSignIns) -> float:
    """Seconds until these failures are forgotten."""
    return (row.last_at + settings.LOGIN_LOCK - timezone.now()).total_seconds()


def _by_name(name: str, address: str) -> str:
    return _digest(f"name {name}", address)


def _by_account(user: User | None, name: str, address: str) -> str:
    """Where there is no account something stands for it, so that as much is read and written: time tells nothing."""
    return _digest(f"nobody {name}" if user is None else f"account {user.pk}", address)


def _digest(whom: str, address: str) -> str:
    """What is kept: people type passwords where names belong."""
    return salted_hmac("apps.authentication.lockout", f"{address} {whom}", algorithm="sha256").hexdigest()
