"""A form that is sent twice is done once: two clicks, a second try when no answer came, a page sent again.

Each page carries a number of its own (`once`), with every form on it. Who does what a form asks for notes, in the same
transaction, that this person sent this from that page; the primary key of the note is what refuses the second.
"""

import hashlib
import json
import secrets
from collections.abc import Callable
from datetime import timedelta

from django.db import IntegrityError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.common.errors import DomainError, Kind
from apps.common.models import Submission
from apps.common.retry import transactional

FIELD = "once"
KEPT = timedelta(days=2)  # An older page's sign-in has seldom lasted so long.


class AlreadyDone(DomainError):
    """It is no mistake of the person's: what they wanted is done."""

    code, kind = "already_done", Kind.CONFLICT
    title = _("This was sent twice, and done once.")
    detail = _("To do the same again, open the page anew.")


def new_number() -> str:
    """For a page that is being shown."""
    return secrets.token_urlsafe(16)


def known(request: HttpRequest) -> bool:
    """Was this form sent before, and done?"""
    key = _key(request)
    return key is not None and Submission.objects.filter(pk=key).exists()


def claim(request: HttpRequest) -> None:
    """Note, in the transaction of what is done for it, that this form was sent. A twin in flight waits here.

    Raises `AlreadyDone` when it was done before. A post without a number is not of a page, and not remembered.
    """
    if (key := _key(request)) is None:
        return
    try:
        Submission.objects.create(key=key)
    except IntegrityError as error:
        raise AlreadyDone from error


@transactional
def once[R](request: HttpRequest, work: Callable[[], R]) -> R:
    """Do this for a form that was sent, in one transaction with the note of it. Raises `AlreadyDone`, or as `work`."""
    claim(request)
    return work()


def _key(request: HttpRequest) -> str | None:
    if not request.POST.get(FIELD):
        return None
    typed = sorted((name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken")
    sent = json.dumps([request.user.pk, request.path, typed])
    return hashlib.sha256(sent.encode("utf-8", "surrogatepass")).hexdigest()
