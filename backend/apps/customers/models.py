"""Who buys."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.common.columns import DerivedCharField, ExactCharField
from apps.common.soft_delete import SoftDeletable
from apps.events.outbox import Subject

ADDRESS_FIELDS = ("street", "number", "complement", "district", "city", "state", "postal_code")


class Customer(Subject, SoftDeletable):
    """A person or a company. An absent document, e-mail, phone or part of the address is NULL."""

    name = models.CharField(_("name"), max_length=200)
    name_folded = DerivedCharField("name", max_length=200)
    document = ExactCharField(_("CPF or CNPJ"), max_length=14, null=True, blank=True, unique=True)
    email = ExactCharField(_("e-mail"), max_length=254, null=True, blank=True)
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

    class Meta:
        verbose_name, verbose_name_plural = _("customer"), _("customers")
        ordering = ("-created_at", "-id")
        permissions = (("view_personal_data", "Can see documents, e-mails and phones unmasked"),)
        constraints = (
            models.CheckConstraint(condition=~models.Q(name=""), name="customer_has_name"),
            models.CheckConstraint(condition=~models.Q(document=""), name="customer_document_null_or_given"),
        )
        indexes = (
            models.Index(fields=("created_at", "id"), name="customer_newest"),
            # For the order, for both parts of a search, and for counting what it finds: nothing but this is read.
            models.Index(fields=("name_folded", "id", "city_folded", "deleted_at"), name="customer_search"),
            models.Index(fields=("email",), name="customer_by_email"),
            models.Index(fields=("state", "created_at", "id"), name="customer_by_state"),
            models.Index(fields=("is_active", "created_at", "id"), name="customer_by_activity"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def document_type(self) -> str | None:
        """CPF (people, 11 characters), CNPJ (companies, 14), or None."""
        return {11: "CPF", 14: "CNPJ"}.get(len(self.document or ""))
