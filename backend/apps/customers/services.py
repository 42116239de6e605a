"""What can be done with customers. Each function is one transaction: row, event, or nothing."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import IntegrityError, models
from django.utils import timezone

from apps.authentication.models import User
from apps.common import statements
from apps.common.constraints import broken_by
from apps.common.errors import AlreadyExists, Missing
from apps.common.retry import transactional
from apps.customers.models import ADDRESS_FIELDS, Customer
from apps.customers.snapshots import event_payload
from apps.events import outbox

EDITABLE = ("name", "document", "email", "phone", *ADDRESS_FIELDS, "is_active")
DERIVED = {"name": "name_folded", "city": "city_folded"}

# Who may object to a customer's going. Orders register here: arrows point down, so we cannot ask them by name.
deletion_guards: list[Callable[[Customer], None]] = []


def register_customer(*, actor: User | None, values: dict[str, Any]) -> Customer:
    """Create a customer from `EDITABLE` values. Raises `AlreadyExists` for a document that is taken."""
    (customer,) = register_customers(actor=actor, values=[values])
    return customer


@transactional
def register_customers(*, actor: User | None, values: Sequence[dict[str, Any]]) -> list[Customer]:
    """Create these customers, or none of them. Raises `AlreadyExists` for a document that is taken."""
    customers = [Customer(**each) for each in values]
    for customer in customers:
        _refuse_taken_document(customer)
    _save_or_refuse(lambda: statements.add(customers), *customers)
    facts = [
        outbox.first_event(customer, "customer.created", event_payload(customer), at=customer.created_at)
        for customer in customers
    ]
    outbox.publish(facts, actor=actor)
    return customers


@transactional
def change_customer(
    *, actor: User | None, pk: int, values: dict[str, Any], expected_version: int | None = None
) -> Customer:
    """Change some `EDITABLE` values; changing nothing writes nothing.

    Raises `Missing`, `PreconditionFailed` when `expected_version` is not the current one, and `AlreadyExists`.
    """
    customer = lock_customer(pk)
    customer.require_version(expected_version)
    changed = [name for name, value in values.items() if getattr(customer, name) != value]
    if not changed:
        return customer
    for name in changed:
        setattr(customer, name, values[name])
    if "document" in changed:
        _refuse_taken_document(customer)
    _save_and_tell(customer, "customer.updated", changed, actor, changed=sorted(changed))
    return customer


@transactional
def delete_customer(*, actor: User | None, pk: int, expected_version: int | None = None) -> None:
    """Hide a customer from the lists and from new orders.

    Raises `Missing`, `PreconditionFailed`, and what the `deletion_guards` raise.
    """
    customer = lock_customer(pk)
    customer.require_version(expected_version)
    for guard in deletion_guards:
        guard(customer)
    customer.deleted_at = timezone.now()
    _save_and_tell(customer, "customer.deleted", ["deleted_at"], actor)


@transactional
def restore_customer(*, actor: User | None, pk: int, expected_version: int | None = None) -> Customer:
    """Bring a deleted customer back; a live one is left as it is. Raises `Missing` and `PreconditionFailed`."""
    customer = lock_customer(pk, Customer.objects.all())
    customer.require_version(expected_version)
    if customer.deleted:
        customer.deleted_at = None
        _save_and_tell(customer, "customer.restored", ["deleted_at"], actor)
    return customer


def lock_customer(pk: int, rows: models.QuerySet[Customer] | None = None) -> Customer:
    """The customer, locked until the transaction ends; among the present ones unless told otherwise."""
    rows = Customer.objects.present() if rows is None else rows
    customer = rows.select_for_update().filter(pk=pk).first()
    if customer is None:
        raise Missing
    return customer


def _save_and_tell(customer: Customer, event: str, columns: list[str], actor: User | None, **extra: Any) -> None:
    # The version in the payload is the one this change makes; the number of the event is saved with the row.
    customer.touch()
    fact = outbox.fact(customer, event, {**event_payload(customer), **extra})
    derived = [DERIVED[name] for name in columns if name in DERIVED]
    _save_or_refuse(lambda: customer.save_touched([*columns, *derived]), customer)
    outbox.publish([fact], actor=actor)


def _refuse_taken_document(customer: Customer) -> None:
    """Say it kindly, and whether a restore would help; the unique constraint still has the last word."""
    if customer.document:
        twin = Customer.objects.filter(document=customer.document).exclude(pk=customer.pk).first()
        if twin is not None:
            raise AlreadyExists(field="document", **twin.to_restore())


def _save_or_refuse(save: Callable[[], None], *customers: Customer) -> None:
    try:
        save()
    except IntegrityError as error:
        if any(customer.document for customer in customers) and "document" in broken_by(error):
            raise AlreadyExists(field="document") from error
        raise
