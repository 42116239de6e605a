"""What the world sees of a customer."""

from typing import Any

from apps.common.text import moment
from apps.customers.identity import masked_document, masked_email, masked_phone
from apps.customers.models import ADDRESS_FIELDS, Customer


def snapshot(customer: Customer, *, personal_data: bool) -> dict[str, Any]:
    """The customer as the API answers it; masked unless the caller may see personal data."""
    return {
        "id": customer.pk,
        "name": customer.name,
        "document": customer.document if personal_data else masked_document(customer.document),
        "document_type": customer.document_type,
        "email": customer.email if personal_data else masked_email(customer.email),
        "phone": customer.phone if personal_data else masked_phone(customer.phone),
        "address": {name: getattr(customer, name) for name in ADDRESS_FIELDS},
        "is_active": customer.is_active,
        "created_at": moment(customer.created_at),
        "updated_at": moment(customer.updated_at),
    }


def event_payload(customer: Customer) -> dict[str, Any]:
    """The customer as events tell of it: never with document, e-mail or phone."""
    return {
        "customer": {
            "id": customer.pk,
            "name": customer.name,
            "document_type": customer.document_type,
            "city": customer.city,
            "state": customer.state,
            "is_active": customer.is_active,
            "deleted": customer.deleted,
            "version": customer.version,
        }
    }
