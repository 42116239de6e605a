"""How a request says who it is (token or session), and what that person may do."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.db.models import Q
from django.http import HttpRequest
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.tokens import Token
from structlog.contextvars import bind_contextvars

from apps.authentication import tokens
from apps.authentication.models import SignIn, User
from apps.common.errors import TokenNotValid
from apps.common.problems import CsrfFailed
from apps.common.text import fold


class AccountBackend(ModelBackend):
    """Finds an account by username or e-mail, whatever the case; permissions come in one statement."""

    def authenticate(
        self,
        request: HttpRequest | None,  # noqa: ARG002
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        user = find_account(username or "")
        if user is None:
            User().set_password(password)  # As slow as a real check: time does not tell who has an account.
            return None
        return user if user.check_password(password or "") and self.user_can_authenticate(user) else None

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if not hasattr(user_obj, "_perm_cache"):
            granted = Permission.objects.all()
            if not user_obj.is_superuser:
                granted = granted.filter(Q(group__user=user_obj) | Q(user=user_obj))
            pairs = granted.order_by().values_list("content_type__app_label", "codename").distinct()
            user_obj._perm_cache = {f"{label}.{codename}" for label, codename in pairs}
        return set(user_obj._perm_cache)


def find_account(name: str) -> User | None:
    """The account with this username, or this e-mail, ignoring case."""
    folded = name.strip()
    if "@" in folded:
        return User.objects.filter(email=folded.lower()).first()
    return User.objects.filter(username_folded=fold(folded)).first()


class TokenAuthentication(JWTAuthentication):
    """`Authorization: Bearer`. One statement tells whether sign-in, account and password still stand."""

    def authenticate(self, request: Request) -> Any:
        found = super().authenticate(request)
        if found is not None:
            bind_contextvars(user_id=found[0].pk)
        return found

    def get_user(self, validated_token: Token) -> Any:
        if not tokens.complete(validated_token):
            raise TokenNotValid
        named = SignIn.objects.filter(pk=validated_token[tokens.SIGN_IN_CLAIM], revoked_at=None)
        sign_in = named.select_related("user").first()
        if sign_in is None or not tokens.alive(sign_in.user, validated_token):
            raise TokenNotValid
        return sign_in.user


class CookieAuthentication(SessionAuthentication):
    """The session cookie; unsafe methods must also prove where they come from."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        found = super().authenticate(request)
        if found is not None:
            bind_contextvars(user_id=found[0].pk)
        return found

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except Exception as error:
            raise CsrfFailed from error
