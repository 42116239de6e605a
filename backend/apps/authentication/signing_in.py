"""Who is at the door? One function for both sign-ins."""

from typing import Any

from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

from apps.authentication import lockout
from apps.authentication.backends import in_one_form, origin_of
from apps.authentication.errors import AuthenticationFailed
from apps.authentication.models import User
from apps.common.inputs import is_plain_text

LONGEST_NAME = 254  # as `Credentials` has it: an e-mail


def identify(request: HttpRequest, *, username: str, password: str) -> User:
    """The active account behind these credentials.

    Raises `AccountLocked` after too many failures under this name from this address, known or not, and
    `AuthenticationFailed` otherwise.
    """
    user = authenticate(request, username=username, password=password)
    if user is None:
        raise AuthenticationFailed
    return user


def refuse_locked(request: HttpRequest, username: Any) -> None:
    """Raise `AccountLocked` where this name has failed too often from this address; of what is no name, nothing."""
    if is_plain_text(username, LONGEST_NAME):
        lockout.refuse_if_locked(in_one_form(username), origin_of(request))


def welcome(request: HttpRequest, user: User) -> None:
    """Tell the account that a token sign-in succeeded, as `login()` does for sessions."""
    user_logged_in.send(sender=User, request=request, user=user)
