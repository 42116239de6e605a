"""People who work here, and the sign-ins that their tokens belong to."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from apps.common.columns import DerivedCharField, ExactCharField, LowerCharField

# No "@": a username that looks like somebody's e-mail would answer for them at sign-in.
USERNAME = RegexValidator(r"^[\w.+-]+\Z", _("Use letters, digits and . + - _ only."))


class User(AbstractUser):
    """An account. Username and e-mail are unique whatever their case; accounts are deactivated, never deleted."""

    username = ExactCharField(_("username"), max_length=150, unique=True, validators=[USERNAME])
    username_folded = DerivedCharField("username", max_length=150, unique=True)
    email = LowerCharField(_("e-mail"), max_length=254, unique=True)
    # Raised to end every token and session of this person at once.
    sign_in_epoch = models.PositiveIntegerField(default=0, editable=False)

    _perm_cache: set[str]  # What is granted, once it has been asked for.

    class Meta:
        verbose_name, verbose_name_plural = _("user"), _("users")
        ordering = ("username",)
        permissions = (
            ("manage_users", "Can register and manage users of lower roles"),
            ("manage_managers", "Can register and manage those who manage users"),
        )
        constraints = (models.CheckConstraint(condition=~models.Q(email=""), name="user_has_email"),)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """As Django has it; but once `AccountBackend` has told what is granted, not through every backend again."""
        granted: set[str] | None = getattr(self, "_perm_cache", None)
        if granted is None or obj is not None:
            return super().has_perm(perm, obj)
        return self.is_active and (self.is_superuser or perm in granted)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What sessions and tokens are tied to: a new password or a new epoch ends them all."""
        return _seal(f"{self.password}{self.sign_in_epoch}", settings.SECRET_KEY if secret is None else secret)


@lru_cache(maxsize=1024)
def _seal(text: str, secret: str) -> str:
    """Password and epoch are read again by each request; what follows from them does not change."""
    salt = "apps.authentication.models.User.session"
    return salted_hmac(salt, text, secret=secret, algorithm="sha256").hexdigest()


class FailedSignIns(models.Model):
    """How often signing in has failed lately: to whom (`lockout` makes a digest of it) and since when."""

    whom = ExactCharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"{self.whom}: {self.failures}"


class SignIn(models.Model):
    """One sign-in by token: the family of all refresh tokens descending from it, of which only the newest works."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    current = ExactCharField(max_length=32)  # The jti of the one refresh token that has not been spent.
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.created_at}"
