"""What may be wrong with an order."""

from django.utils.translation import gettext_lazy as _

from apps.common.errors import DomainError, Kind


class InvalidTransition(DomainError):
    code, kind = "invalid_transition", Kind.CONFLICT
    title = _("This status change is not allowed.")
    detail = _("The order is %(from)s and cannot become %(to)s; see “allowed” for where it can go.")


class PriceChanged(DomainError):
    code, kind = "price_changed", Kind.CONFLICT
    title = _("A price has changed.")
    detail = _("See “changes”. Send the order again with the current prices, or without any.")


class IdempotencyKeyRequired(DomainError):
    code, kind = "idempotency_key_required", Kind.INVALID
    title = _("An order needs an idempotency key.")
    detail = _("Send a new key per order as Idempotency-Key, and the same key again when you retry.")


class IdempotencyKeyReused(DomainError):
    code, kind = "idempotency_key_reused", Kind.UNPROCESSABLE
    title = _("This key already belongs to another order.")
    detail = _("The same key came with another body. Use a new key for a new order.")
