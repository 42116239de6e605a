"""What the pages must remember of themselves: the only table that is not of the trade."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.common.columns import ExactCharField


class Submission(models.Model):
    """A form of the admin that was sent, and done. `key` is a digest of who sent what from which page."""

    key = ExactCharField(max_length=64, primary_key=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        default_permissions = ()
        verbose_name, verbose_name_plural = _("form sent"), _("forms sent")

    def __str__(self) -> str:
        return self.key
