"""The outbox: what happened, written in the transaction it tells of. Knows no customer, product or order."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.common.columns import ExactCharField
from apps.common.ledgers import AppendOnly


class Event(AppendOnly):
    """A fact. `subject` names the row it is about ("order/12"), `cause` the order or row that brought it about."""

    type = ExactCharField(max_length=40)
    subject = ExactCharField(max_length=40)
    sequence = models.PositiveBigIntegerField()
    cause = ExactCharField(max_length=40)
    occurred_at = models.DateTimeField(default=timezone.now)
    actor = models.CharField(max_length=150, null=True)
    request_id = models.CharField(max_length=128, null=True)
    payload = models.JSONField()

    class Meta:
        ordering = ("id",)
        verbose_name, verbose_name_plural = _("event"), _("events")
        constraints = (models.UniqueConstraint(fields=("subject", "sequence"), name="event_sequence_once_per_subject"),)
        indexes = (models.Index(fields=("cause", "id"), name="event_by_cause"),)

    def __str__(self) -> str:
        return f"{self.type} {self.subject} #{self.sequence}"
