"""Who buys."""

from typing import Any

from django.db import models
from django.db.models.expressions import Expression
from django.db.models.functions import Length, Replace
from django.db.models.lookups import GreaterThan
from django.utils.translation import gettext_lazy as _

from apps.common.columns import DerivedCharField, ExactCharField, OrderedCharField
from apps.common.soft_delete import SoftDeletable
from apps.events.outbox import Subject

# What an e-mail address has beside letters and digits: the atoms of RFC 5322, 3.2.3, and what stands between them.
EMAIL_PUNCTUATION = "!#$%&'*+-/=?^_`{|}~.@"
ADDRESS_FIELDS = ("street", "number", "complement", "district", "city", "state", "postal_code")


def _without(column: str, marks: str) -> Expression:
    """The text without any of these marks, as each database can say it."""
    text: Any = models.F(column)
    for mark in marks:
        text = Replace(text, models.Value(mark))
    return text


class Customer(Subject, SoftDeletable):
    """A person or a company. An absent document, e-mail, phone or part of the address is NULL."""

    name = models.CharField(_("name"), max_length=200)
    name_folded = DerivedCharField("name", max_length=200)
    document = ExactCharField(_("CPF or CNPJ"), max_length=14, null=True, blank=True, unique=True)
    email = ExactCharField(_("e-mail"), max_length=254, null=True, blank=True)
    # As it is looked for. The database sees to it, so that what an earlier release writes is found, too.
    email_bare = models.GeneratedField(
        expression=_without("email", EMAIL_PUNCTUATION),
        output_field=ExactCharField(max_length=254, null=True),
        db_persist=True,
    )
    phone = ExactCharField(_("phone"), max_length=16, null=True, blank=True)
    street = models.CharField(_("street"), max_length=200, null=True, blank=True)
    number = models.CharField(_("number"), max_length=20, null=True, blank=True)
    complement = models.CharField(_("complement"), max_length=100, null=True, blank=True)
    district = models.CharField(_("district"), max_length=100, null=True, blank=True)
    city = models.CharField(_("city"), max_length=100, null=True, blank=True)
    city_folded = DerivedCharField("city", max_length=100)
    state = ExactCharField(_("state"), max_length=2, null=True, blank=True)
    postal_code = ExactCharField(_("postal code"), max_length=8, null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    # As what `names` has listed it, and whether it is something else by now: the database sees to that, so that whoever
    # writes a customer, an earlier release too, need not know of it.
    listed_name = ExactCharField(max_length=200, default="", db_default="", editable=False)
    listed_deleted = models.BooleanField(default=False, db_default=False, editable=False)
    unlisted = models.GeneratedField(
        expression=models.ExpressionWrapper(
            ~models.Q(listed_name=models.F("name_folded"))
            | models.Q(listed_deleted=True, deleted_at__isnull=True)
            | models.Q(listed_deleted=False, deleted_at__isnull=False),
            output_field=models.BooleanField(),
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    class Meta:
        verbose_name, verbose_name_plural = _("customer"), _("customers")
        ordering = ("-created_at", "-id")
        permissions = (("view_personal_data", "Can see documents, e-mails and phones unmasked"),)
        constraints = (
            # By length: for MySQL a text of characters that nobody sees (U+200B) is equal to an empty one.
            models.CheckConstraint(condition=GreaterThan(Length("name"), 0), name="customer_has_name"),
            models.CheckConstraint(condition=~models.Q(document=""), name="customer_document_null_or_given"),
        )
        indexes = (
            models.Index(fields=("created_at", "id", "deleted_at"), name="customer_newest_covering"),
            # For the order, for both parts of a search, and for counting what it finds: nothing but this is read.
            models.Index(fields=("name_folded", "id", "city_folded", "deleted_at"), name="customer_search"),
            # For the cities that there are, and for counting who lives in some of them.
            models.Index(fields=("city_folded", "deleted_at", "id"), name="customer_by_city"),
            models.Index(fields=("unlisted", "name_folded", "deleted_at"), name="customer_unlisted"),
            models.Index(fields=("email_bare",), name="customer_by_email_bare"),
            models.Index(fields=("state", "created_at", "id", "deleted_at"), name="customer_by_state_covering"),
            models.Index(fields=("is_active", "created_at", "id", "deleted_at"), name="customer_by_activity_covering"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def document_type(self) -> str | None:
        """CPF (people, 11 characters), CNPJ (companies, 14), or None."""
        return {11: "CPF", 14: "CNPJ"}.get(len(self.document or ""))


class NameWord(models.Model):
    """A word that stands in some customer's name, or once did."""

    text = ExactCharField(max_length=200, primary_key=True)

    class Meta:
        verbose_name, verbose_name_plural = _("word of a name"), _("words of names")
        default_permissions = ()

    def __str__(self) -> str:
        return self.text


class NameTail(models.Model):
    """A word of a customer's name, and what follows it there. Only `names` writes these.

    No foreign key: InnoDB would lock the customer's row to look after it. A customer's row is never deleted.
    """

    LENGTH = 24  # characters that are kept of what follows

    pk = models.CompositePrimaryKey("word", "rest", "customer_id")
    word = ExactCharField(max_length=200)
    rest = OrderedCharField(max_length=LENGTH)
    customer_id = models.BigIntegerField(db_index=True)
    deleted = models.BooleanField()  # Is the customer?

    class Meta:
        verbose_name, verbose_name_plural = _("tail of a name"), _("tails of names")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.word} {self.rest} customer/{self.customer_id}"
