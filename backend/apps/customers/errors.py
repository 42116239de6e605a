"""What may be wrong with a customer."""

from django.utils.translation import gettext_lazy as _

from apps.common.errors import DomainError, Kind


class CustomerInactive(DomainError):
    code, kind = "customer_inactive", Kind.CONFLICT
    title = _("This customer may not order.")
    detail = _("The customer is inactive or deleted. Activate or restore it first, or choose another.")


class CustomerHasOpenOrders(DomainError):
    code, kind = "customer_has_open_orders", Kind.CONFLICT
    title = _("This customer has open orders.")
    detail = _("Deliver or cancel the customer's open orders first.")
