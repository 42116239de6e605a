"""Who is at the door? One function for both sign-ins."""

from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

from apps.authentication.errors import AuthenticationFailed
from apps.authentication.models import User


def identify(request: HttpRequest, *, username: str, password: str) -> User:
    """The active account behind these credentials.

    Raises `AccountLocked` after too many failures under this name from this address, known or not, and
    `AuthenticationFailed` otherwise.
    """
    user = authenticate(request, username=username, password=password)
    if user is None:
        raise AuthenticationFailed
    return user


def welcome(request: HttpRequest, user: User) -> None:
    """Tell the account that a token sign-in succeeded, as `login()` does for sessions."""
    user_logged_in.send(sender=User, request=request, user=user)
