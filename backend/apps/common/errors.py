"""What can go wrong, in the trade's words. Knows no HTTP: `problems` turns a kind into a status code."""

from collections.abc import Sequence
from enum import Enum, auto
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

type Text = str | Promise

MAX_PROBLEMS = 1000
WHOLE = "\0whole"  # Stands in a field's place for what is wrong with a body as a whole. Nobody calls a field so.


class Kind(Enum):
    """The nature of a refusal, from which the one HTTP mapping derives a status."""

    INVALID = auto()
    UNAUTHENTICATED = auto()
    FORBIDDEN = auto()
    MISSING = auto()
    CONFLICT = auto()
    STALE = auto()
    UNGUARDED = auto()
    UNPROCESSABLE = auto()
    THROTTLED = auto()
    UNAVAILABLE = auto()


class DomainError(Exception):
    """A refusal that a client can act on: a stable `code`, a `kind`, a title, a detail and the facts.

    `detail` is a translatable template filled with the facts; `facts` travel to the client as they are.
    """

    code: ClassVar[str]
    kind: ClassVar[Kind]
    title: ClassVar[Text]
    detail: ClassVar[Text] = ""

    def __init__(self, *, retry_after: int | None = None, **facts: Any) -> None:
        super().__init__(self.code)
        self._facts = facts
        self.retry_after = retry_after

    @property
    def facts(self) -> dict[str, Any]:
        """What travels to the client beside the words."""
        return self._facts

    def explain(self) -> str:
        """The detail in the caller's language, with this error's facts filled in."""
        return str(self.detail or self.title) % self.facts


class FieldProblem:
    """One wrong field of a body: an RFC 6901 pointer, a stable code and a sentence."""

    def __init__(self, pointer: str, code: str, detail: Text) -> None:
        self.pointer, self.code, self.detail = pointer, code, detail

    def as_dict(self) -> dict[str, str]:
        return {"pointer": self.pointer, "code": self.code, "detail": str(self.detail)}


class Invalid(DomainError):
    """A body that names wrong values; carries every wrong field at once (of a hostile body, the first thousand)."""

    code, kind = "validation_error", Kind.INVALID
    title = _("The request is not valid.")
    detail = _("Correct the fields listed in “errors” and send the request again.")

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        super().__init__()
        self.problems, self.capped = problems[:MAX_PROBLEMS], len(problems) > MAX_PROBLEMS

    @property
    def facts(self) -> dict[str, Any]:
        """Said when it is asked: the one who is refused may speak another language than who found out."""
        errors = {"errors": [problem.as_dict() for problem in self.problems]}
        return {**errors, "errors_capped": True} if self.capped else errors


class TokenNotValid(DomainError):
    code, kind = "token_not_valid", Kind.UNAUTHENTICATED
    title = _("The token is not valid.")
    detail = _("It is malformed, expired, spent or revoked. Sign in again.")


class Missing(DomainError):
    code, kind = "not_found", Kind.MISSING
    title = _("Not found.")
    detail = _("There is nothing here, or it has been deleted.")


class Forbidden(DomainError):
    code, kind = "permission_denied", Kind.FORBIDDEN
    title = _("You may not do this.")
    detail = _("Your role does not include this action. Ask an administrator if you need it.")


class CsrfFailed(DomainError):
    code, kind = "csrf_failed", Kind.FORBIDDEN
    title = _("The request did not prove that it comes from our own pages.")
    detail = _("Send the csrf_token of the sign-in as X-CSRFToken, from the same origin.")


class AlreadyExists(DomainError):
    code, kind = "already_exists", Kind.CONFLICT
    title = _("This value is already taken.")
    detail = _("Another record has the same “%(field)s”. Use that record, or choose another value.")


class PreconditionFailed(DomainError):
    code, kind = "precondition_failed", Kind.STALE
    title = _("The record has changed since you read it.")
    detail = _("Read it again, look at what changed, and repeat your change with the new ETag.")


class PreconditionRequired(DomainError):
    code, kind = "precondition_required", Kind.UNGUARDED
    title = _("This change needs an If-Match header.")
    detail = _("Read the record, and send its ETag back as If-Match, so that nobody's change is overwritten.")


class Unavailable(DomainError):
    """Still contended after every retry, and so rolled back; or the database is away. Retrying is safe by key."""

    code, kind = "temporarily_unavailable", Kind.UNAVAILABLE
    title = _("The service is temporarily unavailable.")
    detail = _("Nothing was changed by this attempt. Wait a moment and send the same request again.")
    # Lost while it committed, a database may have kept what it never acknowledged: nobody can tell.
    OUT_OF_REACH = _("The database is out of reach. Send the same request again: under its idempotency key, "
                     "or with If-Match, nothing is done twice.")  # fmt: skip

    def __init__(self, *, retry_after: int = 2, rolled_back: bool = True, hasty: bool = False, **facts: Any) -> None:
        super().__init__(retry_after=retry_after, **facts)
        self.rolled_back = rolled_back
        self.hasty = hasty  # A lock was not waited for as long as it could be: see `lock_timeouts.short`.

    def explain(self) -> str:
        return super().explain() if self.rolled_back else str(self.OUT_OF_REACH)
