"""How a request says who it is (token or session), and what that person may do."""

from copy import copy
from functools import lru_cache
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import Token
from structlog.contextvars import bind_contextvars

from apps.authentication import lockout, passwords, roles, tokens
from apps.authentication.models import SignIn, User
from apps.common import packets
from apps.common.addresses import client_address, network
from apps.common.errors import CsrfFailed, TokenNotValid
from apps.common.packets import Result, Statement
from apps.common.rows import Beside, Rows
from apps.common.text import fold

GRANTS = """
    SELECT permission_id FROM auth_group_permissions
    JOIN authentication_user_groups ON authentication_user_groups.group_id = auth_group_permissions.group_id
    WHERE authentication_user_groups.user_id = {user}
    UNION ALL SELECT permission_id FROM authentication_user_user_permissions WHERE user_id = {user}
"""
GRANTS_OF_USER = GRANTS.format(user="%s")
GRANTS_OF_SIGN_IN = GRANTS.format(user="(SELECT user_id FROM authentication_signin WHERE id = %s)")


class AccountBackend(ModelBackend):
    """Finds an account by username or e-mail, whatever the case; permissions come in one statement."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """The account, if the password is its own. Raises `AccountLocked`, whether or not there is one."""
        name, address = in_one_form(username or ""), origin_of(request)
        lockout.refuse_if_locked(name, address)
        user = find_account(name)
        if user is None:
            User().set_password(password)  # As slow as a real check: time does not tell who has an account.
        right = user is not None and passwords.opens(user, password or "") and self.user_can_authenticate(user)
        return user if lockout.allows(name, user, address, right=right) else None

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if not hasattr(user_obj, "_perm_cache"):
            (granted,) = packets.ask(Statement(GRANTS_OF_USER, [user_obj.pk, user_obj.pk]))
            user_obj._perm_cache = _names(user_obj, granted)
        return set(user_obj._perm_cache)


def _names(user: User, granted: Result) -> set[str]:
    """The names of what an account was given itself, or through its groups: asked again with every request."""
    if user.is_superuser:
        return set(roles.permission_names().values())
    keys = {key for (key,) in granted.rows}
    names = roles.permission_names()
    if not keys <= names.keys():  # A migration added one while we served.
        roles.permission_names.cache_clear()
        names = roles.permission_names()
    return {names[key] for key in keys if key in names}


def find_account(name: str) -> User | None:
    """The account with this username, or this e-mail, in that form."""
    return User.objects.filter(**{"email" if "@" in name else "username_folded": name}).first()


def origin_of(request: HttpRequest | None) -> str:
    """Where an attempt comes from. An IPv6 /64 is one address, which its subscriber varies at will."""
    return network(client_address(request) if request else "")


def in_one_form(name: str) -> str:
    """A username or an e-mail as it is looked for: ignoring case, of a username accents too."""
    return name.strip().lower() if "@" in name else fold(name)


class TokenAuthentication(JWTAuthentication):
    """`Authorization: Bearer`. The database is asked each time whether sign-in, account, password and grants stand."""

    def authenticate(self, request: Request) -> Any:
        found = super().authenticate(request)
        if found is not None:
            bind_contextvars(user_id=found[0].pk)
        return found

    def get_raw_token(self, header: bytes) -> bytes | None:
        """What follows `Bearer`, in whatever case that is written (RFC 9110, 11.1). None when it is another scheme."""
        scheme, _, credentials = header.partition(b" ")
        return super().get_raw_token(b"Bearer " + credentials if scheme.lower() == b"bearer" else header)

    def get_validated_token(self, raw_token: bytes) -> Token:
        """The token, if it is ours and has not expired. Who signed a text does not change: that is computed once."""
        try:
            token = _signed_by_us(raw_token)
            token.check_exp(current_time=timezone.now())  # Its own idea of now is when it was first read.
        except (TokenError, *tokens.BEYOND_THE_CALENDAR) as error:
            raise TokenNotValid from error
        return token

    def get_user(self, validated_token: Token) -> Any:
        if not tokens.complete(validated_token):
            raise TokenNotValid
        key = validated_token[tokens.SIGN_IN_CLAIM]
        wanted = Rows(SignIn, "own.id = %s AND own.revoked_at IS NULL", [key], only=("user_id",), beside=Beside("user"))
        found, granted = packets.ask(wanted.statement, Statement(GRANTS_OF_SIGN_IN, [key, key]))
        sign_in = next(iter(wanted.read(found)), None)
        if sign_in is None or not tokens.alive(sign_in.user, validated_token):
            raise TokenNotValid
        sign_in.user._perm_cache = _names(sign_in.user, granted)
        return sign_in.user


@lru_cache(maxsize=1024)
def _signed_by_us(raw_token: bytes) -> Token:
    return JWTAuthentication().get_validated_token(raw_token)


class CookieAuthentication(SessionAuthentication):
    """The session cookie; unsafe methods must also prove where they come from."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        found = super().authenticate(request)
        if found is not None:
            bind_contextvars(user_id=found[0].pk)
        return found

    def enforce_csrf(self, request: Request) -> None:
        """Raise `CsrfFailed` without the header. The body is not looked at: what is wrong with it is told later."""
        asked: Any = copy(request._request)
        asked.POST = QueryDict()
        try:
            super().enforce_csrf(asked)
        except PermissionDenied as error:
            raise CsrfFailed from error
