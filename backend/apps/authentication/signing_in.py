"""Who is at the door? One function for both sign-ins, with the lock that ends guessing."""

import math
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.authentication.backends import find_account
from apps.authentication.errors import AccountLocked, AuthenticationFailed
from apps.authentication.models import User
from apps.common.addresses import client_address, network
from apps.common.problems import problem_for
from apps.common.retry import persist
from apps.common.text import fold


def identify(request: HttpRequest, *, username: str, password: str) -> User:
    """The active account behind these credentials.

    Raises `AccountLocked` after too many failures for this account from this address, known or not, and
    `AuthenticationFailed` otherwise.
    """
    if not AxesProxyHandler.is_allowed(request, {"username": username}):
        raise _locked(request, username)
    user = persist(_authenticate, request, username, password)
    if user is None:
        # The failure that fills the measure is answered as the failure it is; from the next on it is locked.
        setattr(request, "axes_locked_out", False)  # noqa: B010
        raise AuthenticationFailed
    return user


def _authenticate(request: HttpRequest, username: str, password: str) -> User | None:
    return authenticate(request, username=username, password=password)


def welcome(request: HttpRequest, user: User) -> None:
    """Tell the lock and the account that a token sign-in succeeded, as `login()` does for sessions."""
    user_logged_in.send(sender=User, request=request, user=user)


def account_name(request: HttpRequest, credentials: dict[str, Any] | None) -> str:  # noqa: ARG001
    """`AXES_USERNAME_CALLABLE`: username and e-mail of one account count together."""
    named = str((credentials or {}).get("username") or "")
    user = find_account(named) if "@" in named else None
    return user.username_folded if user else fold(named)[:255]


def client_ip(request: HttpRequest) -> str:
    """`AXES_CLIENT_IP_CALLABLE`: one address for all of an IPv6 /64, which its subscriber varies at will."""
    return network(client_address(request))


def lockout_response(request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """`AXES_LOCKOUT_CALLABLE`: what the admin's sign-in answers when locked."""
    credentials = getattr(request, "axes_credentials", None) or {}
    return problem_for(request, _locked(request, str(credentials.get("username", ""))))


def _locked(request: HttpRequest, username: str) -> AccountLocked:
    from axes.helpers import get_cool_off

    name = account_name(request, {"username": username})
    attempts = AccessAttempt.objects.filter(username=name, ip_address=client_ip(request))
    latest = attempts.order_by("-attempt_time").values_list("attempt_time", flat=True).first()
    ends = (latest or timezone.now()) + get_cool_off(request)
    return AccountLocked(retry_after=max(1, math.ceil((ends - timezone.now()).total_seconds())))
