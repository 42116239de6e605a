"""Whether each subject's events are numbered 1, 2, 3… : what an audit asks. Reads, never writes."""

import re
from typing import Any

from django.db import models
from django.db.models import BigIntegerField, Case, CharField, Count, Exists, F, Max, OuterRef, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, Substr

from apps.events.models import Event
from apps.events.outbox import Subject


def misnumbered(model: type[Subject]) -> models.QuerySet[Any, Any]:
    """The rows whose events are not 1, 2, 3… up to their own `event_sequence`, with the `told` and the `last` of them.

    A number comes once per subject (a constraint): as many as the last one says means that none is left out.
    """
    name = Concat(Value(_prefix(model)), Cast(OuterRef("pk"), CharField(max_length=20)))
    own = Event.objects.filter(subject=name).order_by().values("subject")
    return model._default_manager.annotate(
        told=Coalesce(Subquery(own.annotate(number=Count("pk")).values("number")), 0),
        last=Coalesce(Subquery(own.annotate(number=Max("sequence")).values("number")), 0),
    ).exclude(told=F("event_sequence"), last=F("event_sequence"))


def orphaned(model: type[Subject]) -> models.QuerySet[Event]:
    """The events that tell of a row of this kind which does not exist."""
    prefix = _prefix(model)
    # CASE, because PostgreSQL may otherwise cast before it filters, and stumble over what is no number.
    number = Case(
        When(subject__regex=rf"^{re.escape(prefix)}[0-9]{{1,18}}$",
             then=Cast(Substr("subject", len(prefix) + 1), BigIntegerField())),
        default=None,
    )  # fmt: skip
    events = Event.objects.filter(subject__startswith=prefix).annotate(row=number)
    return events.exclude(Exists(model._default_manager.filter(pk=OuterRef("row"))))


def count() -> int:
    """How many events there are."""
    return Event.objects.count()


def _prefix(model: type[Subject]) -> str:
    return f"{model._meta.model_name}/"  # As `Subject.reference` begins.
