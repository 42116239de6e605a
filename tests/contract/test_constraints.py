"""Behind every rule stands the database: a bad row is refused even when it comes past the services.

Each constraint of these models is proved by a row that breaks it and nothing else. One without a proof fails.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from apps.events.models import Event
from apps.orders.models import ImportedCustomer, Order, StatusChange
from apps.products.models import Product, StockMovement
from tests.audits import nothing_changed

GUARDED = ("customers", "events", "orders", "products")


class Rows:
    """One row of each model, to be broken."""

    def __init__(self, order: Order, place: Callable[..., Order]) -> None:
        self.order, self.place = order, place
        self.item = order.items.get()
        self.product, self.customer = self.item.product, order.customer
        self.movement = StockMovement.objects.filter(product=self.product).latest("pk")
        self.event = Event.objects.filter(subject=order.reference).get()
        self.person = ImportedCustomer.objects.create(source="file", external_id="17", customer=self.customer)

    def another_order(self) -> Order:
        return self.place((self.product, 1), customer=self.customer)


def update(row: models.Model, **values: Any) -> None:
    """Past every service and past `save()`."""
    type(row)._base_manager.filter(pk=row.pk).update(**values)


def insert_again(row: models.Model, **values: Any) -> None:
    """The same row a second time, under another key, as `bulk_create` writes it."""
    copy = type(row)(**{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields
                        if not field.primary_key and not field.generated})  # fmt: skip
    for name, value in values.items():
        setattr(copy, name, value)
    type(row)._base_manager.bulk_create([copy])


PROOFS: dict[str, list[Callable[[Rows], None]]] = {
    "customer_has_name": [lambda rows: update(rows.customer, name="")],
    "customer_document_null_or_given": [lambda rows: update(rows.customer, document="")],
    "product_price_positive": [
        lambda rows: update(rows.product, price=Decimal("0.00")),
        lambda rows: update(rows.product, price=Decimal("-0.01")),
    ],
    "product_reserved_not_negative": [lambda rows: update(rows.product, reserved=-1)],
    "product_never_oversold": [
        lambda rows: update(rows.product, on_hand=0),
        lambda rows: update(rows.product, reserved=101),
        lambda rows: update(rows.product, on_hand=-1, reserved=0),
    ],
    "product_threshold_not_negative": [lambda rows: update(rows.product, low_stock_threshold=-1)],
    "movement_moves_something": [lambda rows: insert_again(rows.movement, on_hand_delta=0, reserved_delta=0)],
    "movement_never_oversold": [
        lambda rows: insert_again(rows.movement, reserved_after=101),
        lambda rows: insert_again(rows.movement, reserved_after=-1),
    ],
    "one_order_per_key": [
        lambda rows: insert_again(rows.order),
        lambda rows: update(rows.another_order(), idempotency_key=rows.order.idempotency_key),
    ],
    "order_has_key": [lambda rows: update(rows.order, idempotency_key="")],
    "order_status_known": [
        lambda rows: update(rows.order, status="LIMBO"),
        lambda rows: update(rows.order, status="pendente"),
        lambda rows: update(rows.order, status=""),
    ],
    "order_amounts_not_negative": [
        lambda rows: update(rows.order, freight=Decimal("-1.00"), total=Decimal("9.00")),
        lambda rows: update(rows.order, subtotal=Decimal("0.00"), total=Decimal("0.00")),
        lambda rows: update(rows.order, subtotal=Decimal("-1.00"), total=Decimal("-1.00")),
    ],
    "order_total_adds_up": [
        lambda rows: update(rows.order, total=Decimal("10.01")),
        lambda rows: update(rows.order, total=Decimal("9.99")),
        lambda rows: update(rows.order, freight=Decimal("0.01")),
    ],
    "product_once_per_order": [lambda rows: insert_again(rows.item, pk=rows.item.pk + 1)],
    "item_quantity_in_range": [
        lambda rows: update(rows.item, quantity=0, subtotal=Decimal("0.00")),
        lambda rows: update(rows.item, quantity=-1, subtotal=Decimal("-10.00")),
        lambda rows: update(rows.item, quantity=1_000_001, subtotal=Decimal("10000010.00")),
    ],
    "item_subtotal_adds_up": [
        lambda rows: update(rows.item, subtotal=Decimal("10.01")),
        lambda rows: update(rows.item, quantity=2),
        lambda rows: update(rows.item, unit_price=Decimal("9.99")),
    ],
    "event_sequence_once_per_subject": [lambda rows: insert_again(rows.event)],
    "one_customer_per_person": [lambda rows: insert_again(rows.person)],
}
UNIQUE_COLUMNS: dict[str, Callable[[Rows], None]] = {
    "customers.Customer.document": lambda rows: insert_again(rows.customer),
    "products.Product.sku_folded": lambda rows: insert_again(rows.product, sku="sku-OF-the-Row"),
}


@pytest.fixture
def rows(place, a_product, a_customer):
    """An order of one piece at 10.00, of which there are a hundred."""
    product, customer = a_product(sku="SKU-of-the-row"), a_customer(document="52998224725")
    return Rows(place((product, 1), customer=customer), place)


def _models() -> list[type[models.Model]]:
    return [model for label in GUARDED for model in apps.get_app_config(label).get_models()]


def test_every_constraint_has_its_proof():
    declared = {constraint.name for model in _models() for constraint in model._meta.constraints}

    assert declared == set(PROOFS)


def test_every_unique_column_has_its_proof():
    declared = {
        f"{model._meta.label}.{field.name}"
        for model in _models()
        for field in model._meta.concrete_fields
        if field.unique and not field.primary_key and not field.is_relation
    }

    assert declared == set(UNIQUE_COLUMNS)


@pytest.mark.parametrize(("name", "proof"), [(name, proof) for name, proofs in PROOFS.items() for proof in proofs])
def test_the_database_refuses_what_a_constraint_forbids(rows, name, proof):
    with nothing_changed(), pytest.raises(IntegrityError) as refusal, transaction.atomic():
        proof(rows)

    assert _names(refusal.value, name)


@pytest.mark.parametrize("column", UNIQUE_COLUMNS)
def test_the_database_refuses_a_second_row_with_a_unique_column(rows, column):
    with nothing_changed(), pytest.raises(IntegrityError), transaction.atomic():
        UNIQUE_COLUMNS[column](rows)


def test_the_row_that_proofs_break_is_sound(rows):
    """Else a proof might fail for another reason than its own."""
    insert_again(rows.order, idempotency_key="another")
    insert_again(rows.event, sequence=1_000)
    insert_again(rows.movement)
    update(rows.order, freight=Decimal("0.01"), total=Decimal("10.01"))
    update(rows.item, quantity=2, subtotal=Decimal("20.00"))
    update(rows.product, on_hand=1, reserved=1, low_stock_threshold=0, price=Decimal("0.01"))


def test_keys_differ_in_case_in_the_database_too(rows):
    update(rows.order, idempotency_key="web-a")

    insert_again(rows.order, idempotency_key="WEB-A")

    assert Order.objects.get(idempotency_key="WEB-A").pk != rows.order.pk


def test_available_is_what_the_database_reckons(rows):
    update(rows.product, on_hand=7, reserved=3)

    assert Product.objects.get(pk=rows.product.pk).available == 4


@pytest.mark.parametrize("model", [StockMovement, StatusChange, Event, ImportedCustomer])
class TestWhatIsOnlyAppended:
    def test_is_not_saved_again(self, rows, model):
        row = model.objects.first()

        with nothing_changed(), pytest.raises(TypeError, match="never changed"):
            row.save()

    def test_is_not_written_over_under_its_key(self, rows, model):
        row = model.objects.first()
        forged = model(**{field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields})

        with nothing_changed(), pytest.raises(IntegrityError), transaction.atomic():
            forged.save()

    def test_is_not_written_over_in_bulk(self, rows, model):
        with nothing_changed(), pytest.raises(TypeError, match="never changed"):
            model.objects.bulk_create([], update_conflicts=True)

    def test_is_not_deleted(self, rows, model):
        row = model.objects.first()

        with nothing_changed(), pytest.raises(TypeError, match="never deleted"):
            row.delete()

    def test_is_not_updated_in_bulk(self, rows, model):
        with nothing_changed(), pytest.raises(TypeError, match="never changed"):
            model.objects.all().update(pk=models.F("pk") + 1)

    def test_is_not_deleted_in_bulk(self, rows, model):
        with nothing_changed(), pytest.raises(TypeError, match="never deleted"):
            model.objects.all().delete()


@pytest.mark.parametrize("which", ["order", "product", "customer"])
def test_what_others_refer_to_cannot_be_deleted_for_good(rows, which):
    with nothing_changed(), pytest.raises(models.ProtectedError):
        getattr(rows, which).delete()


def _names(error: IntegrityError, constraint: str) -> bool:
    """Does the refusal name this constraint? SQLite names a unique one by its columns."""
    for model in _models():
        for declared in model._meta.constraints:
            if declared.name == constraint and isinstance(declared, models.UniqueConstraint):
                columns = [field.column for field in model._meta.concrete_fields if field.name in declared.fields]
                by_columns = ", ".join(f"{model._meta.db_table}.{column}" for column in columns)
                return constraint in str(error) or by_columns in str(error)
    return constraint in str(error)
