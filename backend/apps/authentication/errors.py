"""What may be wrong with a sign-in, or with a change to a user."""

from django.utils.translation import gettext_lazy as _

from apps.common.errors import DomainError, Kind


class AuthenticationFailed(DomainError):
    code, kind = "authentication_failed", Kind.UNAUTHENTICATED
    title = _("Username or password is wrong.")
    detail = _(
        "Check both, and that the account is active. After several failures even the right password waits for a while."
    )


class AccountLocked(DomainError):
    code, kind = "account_locked", Kind.THROTTLED
    title = _("Too many failed sign-ins.")
    detail = _("Signing in to this account from this address is locked for a while. Try again later.")


class LastAdmin(DomainError):
    code, kind = "last_admin", Kind.CONFLICT
    title = _("This is the last active administrator.")
    detail = _("Make somebody else an administrator first.")
