"""Forgets what nobody asks for any more: sign-ins that expired, by token and by session, or in vain; forms sent."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from apps.authentication.models import FailedSignIns, SignIn
from apps.common.models import Submission
from apps.common.retry import transactional

MANY = 1_000  # rows in a transaction


def forget_expired() -> Iterator[int]:
    """Delete what has expired, some rows at a time: how many they were. Several may do so at once."""
    now = timezone.now()
    for expired in (
        SignIn.objects.filter(expires_at__lt=now),
        Session.objects.filter(expire_date__lt=now),
        FailedSignIns.objects.filter(last_at__lt=now - settings.LOGIN_LOCK),
        # A page that is older than a session cannot be sent again: the next sign-in makes another CSRF token.
        Submission.objects.filter(created_at__lt=now - timedelta(seconds=settings.SESSION_COOKIE_AGE)),
    ):
        while gone := _forget(expired):
            yield gone


@transactional
def _forget(expired: QuerySet[Any]) -> int:
    keys = list(expired.order_by().values_list("pk", flat=True)[:MANY])
    gone, _by_model = expired.filter(pk__in=keys).delete()
    return gone
