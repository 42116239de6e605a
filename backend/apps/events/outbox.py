"""The only door into the events: facts are published in the transaction they tell of, or not at all.

Each subject (an order, a product, a customer) numbers its own facts 1, 2, 3… without gaps. The number lives on
the subject's row, which the writer has locked and is about to save anyway: no counter table, no extra statement.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, models
from django.utils import timezone

from apps.common.requests import current_request_id
from apps.common.versions import Versioned
from apps.events.models import Event


class Subject(Versioned):
    """A row that events are about. It is born with one event, the one that tells of its creation."""

    event_sequence = models.PositiveBigIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    @property
    def reference(self) -> str:
        """How events, ledger and logs name this row: "order/12"."""
        return f"{self._meta.model_name}/{self.pk}"

    def save_touched(self, columns: Iterable[str]) -> None:
        super().save_touched([*columns, "event_sequence"])


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened to a subject, ready to be published."""

    type: str
    subject: str
    sequence: int
    payload: Mapping[str, Any]


def born(subject: Subject, type_: str, payload: Mapping[str, Any]) -> Fact:
    """The first fact of a row inserted in this transaction."""
    return Fact(type_, subject.reference, 1, payload)


def fact(subject: Subject, type_: str, payload: Mapping[str, Any]) -> Fact:
    """The next fact of a locked row. Takes the next number in memory: the caller saves the row."""
    subject.event_sequence += 1
    return Fact(type_, subject.reference, subject.event_sequence, payload)


def publish(facts: Iterable[Fact], *, actor: AbstractBaseUser | None, cause: str, at: datetime | None = None) -> None:
    """Record facts in the caller's transaction, in one statement: they commit with it, or never were.

    `cause` names the row that brought them about, `at` when they happened (now, unless history is imported).
    """
    if not connection.in_atomic_block:
        raise RuntimeError("Events are published inside the transaction that they tell of.")
    Event.objects.bulk_create(
        Event(
            type=fact.type,
            subject=fact.subject,
            sequence=fact.sequence,
            cause=cause,
            occurred_at=at or timezone.now(),
            actor=actor.get_username() if actor else None,
            request_id=current_request_id(),
            payload=fact.payload,
        )
        for fact in facts
    )


def caused_by(reference: str) -> models.QuerySet[Event]:
    """Every fact that this row brought about, its own and those of others."""
    return Event.objects.filter(cause=reference)


def latest() -> tuple[int, datetime] | None:
    """The last fact told, as id and time; None before the first. Unequal, if anything was told in between."""
    return Event.objects.order_by("-id").values_list("id", "occurred_at").first()
