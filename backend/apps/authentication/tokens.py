"""Tokens that belong to a sign-in: short-lived access, and refresh tokens that work once.

Each sign-in is one row that names the only unspent refresh token of its family. Whoever presents a spent one has
stolen it, or was stolen from: the whole family dies, access tokens included (RFC 9700 §4.14.2).
"""

from datetime import UTC, datetime

from django.utils import timezone
from django.utils.crypto import constant_time_compare
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import RefreshToken, Token

from apps.authentication.models import SignIn, User
from apps.common.errors import TokenNotValid
from apps.common.inputs import BIGGEST_ID
from apps.common.retry import transactional

BEYOND_THE_CALENDAR = (OverflowError, ValueError, OSError)  # what an expiry there raises, by how far it is
SIGN_IN_CLAIM, SEAL_CLAIM = "sid", "seal"


@transactional
def start(user: User) -> dict[str, str]:
    """Open a family and return its first pair: {"access", "refresh"}. The user's expired families are forgotten."""
    SignIn.objects.filter(user=user, expires_at__lt=timezone.now()).delete()
    token = RefreshToken()
    sign_in = SignIn.objects.create(user=user, current=token["jti"], expires_at=_expiry(token))
    return _pair(token, sign_in, user)


def rotate(raw: str) -> dict[str, str]:
    """Spend a refresh token and return the next pair. Raises `TokenNotValid`; a spent one ends its family."""
    token = _decoded(raw)
    pair = _rotate(token)
    if pair is None:  # Decided here, not in the transaction: the end of the family must be committed.
        raise TokenNotValid
    return pair


@transactional
def _rotate(token: RefreshToken) -> dict[str, str] | None:
    sign_in = SignIn.objects.select_for_update().filter(pk=token[SIGN_IN_CLAIM], revoked_at=None).first()
    if sign_in is None:
        return None
    user = User.objects.get(pk=sign_in.user_id)
    if sign_in.current != token["jti"] or not alive(user, token):
        sign_in.revoked_at = timezone.now()
        sign_in.save(update_fields=["revoked_at"])
        return None
    following = RefreshToken()
    sign_in.current = following["jti"]
    sign_in.expires_at = _expiry(following)
    sign_in.save(update_fields=["current", "expires_at"])
    return _pair(following, sign_in, user)


def end(raw: str) -> None:
    """Sign out: the whole family dies. Raises `TokenNotValid` for what is not, or no longer, a refresh token.

    With a spent one it dies as well, as in `rotate`.
    """
    token, now = _decoded(raw), timezone.now()
    live = SignIn.objects.filter(pk=token[SIGN_IN_CLAIM], revoked_at=None)
    if not live.filter(current=token["jti"]).update(revoked_at=now):
        live.update(revoked_at=now)
        raise TokenNotValid


def complete(token: Token) -> bool:
    """Does it name a sign-in and carry a seal? One that an older release signed may not."""
    key = token.get(SIGN_IN_CLAIM)
    return isinstance(key, int) and 0 < key <= BIGGEST_ID and isinstance(token.get(SEAL_CLAIM), str)


def alive(user: User, token: Token) -> bool:
    """Is the account active, with the password it had when this token was made?"""
    return user.is_active and constant_time_compare(token[SEAL_CLAIM], seal(user))


def seal(user: User) -> str:
    """What ties a token to the password and the epoch of its user, as sessions are tied."""
    return user.get_session_auth_hash()[:32]


def _decoded(raw: str) -> RefreshToken:
    try:
        token = RefreshToken(raw)  # type: ignore[arg-type] # The stubs have not heard of text.
    except (TokenError, *BEYOND_THE_CALENDAR) as error:
        raise TokenNotValid from error
    if not complete(token):
        raise TokenNotValid
    return token


def _pair(token: RefreshToken, sign_in: SignIn, user: User) -> dict[str, str]:
    token[SIGN_IN_CLAIM] = sign_in.pk
    token[SEAL_CLAIM] = seal(user)
    return {"access": str(token.access_token), "refresh": str(token)}


def _expiry(token: RefreshToken) -> datetime:
    return datetime.fromtimestamp(token["exp"], tz=UTC)
