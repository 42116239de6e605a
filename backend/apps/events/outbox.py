"""The only door into the events: facts are published in the transaction they tell of, or not at all.

Each subject (an order, a product, a customer) numbers its own facts 1, 2, 3… without gaps. The number lives on
the subject's row, which the writer has locked and is about to save anyway: no counter table, no extra statement.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, models
from django.utils import timezone

from apps.common import statements
from apps.common.requests import current_request_id
from apps.common.rows import key_of
from apps.common.versions import Versioned
from apps.events.models import Event

COLUMNS = ("type", "subject", "sequence", "cause", "occurred_at", "actor", "request_id", "payload")


class Subject(Versioned):
    """A row that events are about. It is born with one event, the one that tells of its creation."""

    event_sequence = models.PositiveBigIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    @property
    def reference(self) -> str:
        """How events, ledger and logs name this row: "order/12"."""
        return f"{self._meta.model_name}/{key_of(self)}"

    def save_touched(self, columns: Iterable[str]) -> None:
        super().save_touched([*columns, "event_sequence"])


class Fact(NamedTuple):
    """Something that happened to a subject, ready to be published.

    `cause` names the row that brought it about, `at` is when it happened (None: now).
    """

    type: str
    subject: str
    sequence: int
    payload: Mapping[str, Any]
    cause: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Author:
    """Who brings facts about, and by which request."""

    user: Any | None
    request_id: str | None

    @classmethod
    def of(cls, user: AbstractBaseUser | None) -> "Author":
        """The author that this thread is working for."""
        return cls(user, current_request_id())

    @property
    def username(self) -> str | None:
        return self.user.get_username() if self.user else None


NOBODY = Author(None, None)


def first_event(subject: Subject, type_: str, payload: Mapping[str, Any], at: datetime | None = None) -> Fact:
    """The first fact of a row inserted in this transaction."""
    reference = subject.reference
    return Fact(type_, reference, 1, payload, reference, at)


def fact(
    subject: Subject, type_: str, payload: Mapping[str, Any], *, cause: str | None = None, at: datetime | None = None
) -> Fact:
    """The next fact of a locked row. Takes the next number in memory: the caller saves the row.

    The row itself is the `cause`, unless another is named.
    """
    subject.event_sequence += 1
    return Fact(type_, subject.reference, subject.event_sequence, payload, cause or subject.reference, at)


def publish(facts: Iterable[Fact], *, actor: AbstractBaseUser | None) -> None:
    """Record facts in the caller's transaction, in one statement: they commit with it, or never were."""
    publish_for([(Author.of(actor), facts)])


def publish_for(told: Iterable[tuple[Author, Iterable[Fact]]]) -> None:
    """Record the facts of several authors, in the caller's transaction and in one statement for all."""
    if not connection.in_atomic_block:
        raise RuntimeError("Events are published inside the transaction that they tell of.")
    now = timezone.now()
    rows = [
        (type_, subject, sequence, cause, at or now, username, request_id, payload)
        for author, facts in told
        for username, request_id in ((author.username, author.request_id),)
        for type_, subject, sequence, payload, cause, at in facts
    ]
    statements.insert(Event, COLUMNS, rows)


def caused_by(reference: str) -> models.QuerySet[Event]:
    """Every fact that this row brought about, its own and those of others."""
    return Event.objects.filter(cause=reference)
