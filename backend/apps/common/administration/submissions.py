"""A form that is sent twice is done once: two clicks, a second try when no answer came, a page sent again.

Each page carries a number of its own (`once`), with every form on it. Who does what a form asks for notes, in the same
transaction, that this person sent this from that page; the primary key of the note is what refuses the second.
"""

import hashlib
import json
import secrets
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.common.errors import DomainError, Kind
from apps.common.models import Submission
from apps.common.retry import transactional

FIELD = "once"
# What does not make it another form: whichever of its buttons was pressed.
BESIDE = {"csrfmiddlewaretoken", "_save", "_continue", "_addanother"}


class AlreadyDone(DomainError):
    """It is no mistake of the person's: what they wanted is done."""

    code, kind = "already_done", Kind.CONFLICT
    title = _("This was sent twice, and done once.")
    detail = _("To do the same again, open the page anew.")


def new_number() -> str:
    """For a page that is being shown."""
    return secrets.token_urlsafe(16)


@transactional
def once[R](request: HttpRequest, work: Callable[[], R], done: Callable[[R], bool] = lambda _: True) -> R:
    """Do this for a form that was sent, in one transaction with the note of it; where it was not `done`, none is left.

    A twin in flight waits for the first one's end. Raises `AlreadyDone`, or as `work`. A post without a number is not
    of a page, and not remembered.
    """
    if (key := _key(request)) is not None:
        try:
            Submission.objects.create(key=key)
        except IntegrityError as error:
            raise AlreadyDone from error
    result = work()
    if not done(result):
        transaction.set_rollback(True)
    return result


def _key(request: HttpRequest) -> str | None:
    if not request.POST.get(FIELD):
        return None
    typed = sorted((name, values) for name, values in request.POST.lists() if name not in BESIDE)
    sent = json.dumps([request.user.pk, request.path, typed])
    return hashlib.sha256(sent.encode("utf-8", "surrogatepass")).hexdigest()
