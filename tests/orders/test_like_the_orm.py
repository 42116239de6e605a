"""The services write with statements of their own: to the last column what the ORM would have written."""

import json
import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.management.color import no_style
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.common.errors import DomainError
from apps.customers.models import Customer
from apps.events import outbox
from apps.events.models import Event
from apps.orders import services
from apps.orders.lifecycle import Status
from apps.orders.models import Order, OrderItem, StatusChange
from apps.orders.moving import Move
from apps.orders.requests import Item, OrderRequest
from apps.products.models import Product, StockMovement
from tests.orders import by_orm

pytestmark = pytest.mark.django_db

BEYOND = 7_000_000  # Order ids from here on are not mistaken for quantities or prices when they are made comparable.

lines = st.lists(
    st.tuples(st.integers(0, 3), st.integers(1, 6), st.sampled_from([None, None, None, "7.35", "7.36"])),
    min_size=1,
    max_size=4,
    unique_by=lambda line: line[0],
)
orders = st.tuples(lines, st.sampled_from(["0.00", "12.90"]), st.sampled_from(["", "Deixar na portaria, 2º andar ✓"]))
ways = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(Status.values), st.sampled_from(["", "motivo"])), max_size=8
)


@pytest.fixture
def shelf(a_product):
    products = [
        a_product(in_stock=stock, low_stock_threshold=threshold, price=Decimal("7.35"))
        for stock, threshold in [(10, None), (9, 5), (12, 0), (4, 4)]
    ]
    Product.objects.filter(pk=products[2].pk).update(price=Decimal("1999.99"))
    return [product.pk for product in products]


@pytest.fixture
def actor(a_user):
    return a_user("Manager")


@pytest.fixture
def buyer(a_customer):
    return a_customer(name="João & Irmãos")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(wanted=st.lists(orders, min_size=1, max_size=4), moves=ways)
def test_one_after_the_other(actor, buyer, shelf, monkeypatch, wanted, moves):
    requests = [_request(buyer, shelf, number, order) for number, order in enumerate(wanted)]
    at = datetime(2026, 11, 23, 12, 34, 56, 789000, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: at)

    def through_the_orm():
        placed = [_outcome(by_orm.place, actor, request) for request in requests]
        for index, target, note in moves:
            if index < len(placed) and isinstance(placed[index], Order):
                _outcome(by_orm.move, actor, placed[index], target, note)
        return placed

    def through_the_services():
        placed = [_placed(actor, request) for request in requests]
        for index, target, note in moves:
            if index < len(placed) and isinstance(placed[index], Order):
                _outcome(services.change_status, actor=actor, pk=placed[index].pk, target=target, note=note)
        return placed

    assert _traces(through_the_services) == _traces(through_the_orm)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(wanted=st.lists(orders, min_size=1, max_size=5), target=st.sampled_from(["CONFIRMADO", "CANCELADO"]))
def test_many_at_once(actor, buyer, shelf, monkeypatch, wanted, target):
    requests = [_request(buyer, shelf, number, order) for number, order in enumerate(wanted)]
    at = datetime(2026, 11, 23, 12, 34, 56, 789000, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: at)

    def one_by_one():
        placed = [_placed(actor, request) for request in requests]
        for order in placed:
            if isinstance(order, Order):
                services.change_status(actor=actor, pk=order.pk, target=target)
        return placed

    def at_once():
        outcomes = services.place_orders(actor=actor, requests=requests)
        placed = [outcome.code if isinstance(outcome, DomainError) else outcome.order for outcome in outcomes]
        moves = [Move(order.pk, target, author=outbox.Author.of(actor)) for order in placed if isinstance(order, Order)]
        if moves:
            services.change_statuses(moves)
        return placed

    assert _traces(at_once, sort=True) == _traces(one_by_one, sort=True)


def _request(buyer, shelf, number, order):
    items, freight, notes = order
    return OrderRequest(
        buyer.pk,
        tuple(Item(shelf[index], quantity, price and Decimal(price)) for index, quantity, price in items),
        f"key-{number}",
        Decimal(freight),
        notes,
    )


def _outcome(act, *args, **kwargs):
    try:
        with transaction.atomic():
            return act(*args, **kwargs)
    except DomainError as refusal:
        return refusal.code


def _placed(actor, request):
    outcome = _outcome(services.place_order, actor=actor, request=request)
    return outcome if isinstance(outcome, str) else outcome.order


def _traces(work, sort=False):
    """What `work` leaves in every table, with its outcomes; and everything is as it was before."""
    with transaction.atomic():
        _begin_beyond()
        placed = work()
        left = {model.__name__: _rows(model, sort) for model in
                (Customer, Product, StockMovement, Order, OrderItem, StatusChange, Event)}  # fmt: skip
        text = json.dumps([[str(order) for order in placed], left], default=str, sort_keys=True)
        transaction.set_rollback(True)
    ids = sorted({int(found) for found in re.findall(r"\b(7\d{6})(?:\d{3})?\b", text)})
    for position, pk in enumerate(ids):
        text = text.replace(f"{pk:08d}", f"<{position}>").replace(str(pk), f"<{position}>")
    return text.split("}, {")


def _rows(model, sort):
    """Without keys that mean nothing: those of rows that are only ever appended."""
    rows = list(model.objects.order_by("pk").exclude(pk=BEYOND).values())
    if model in (StockMovement, StatusChange, Event):
        for row in rows:
            del row["id"]
        if sort:  # At once, all orders are placed before the first moves on.
            rows.sort(key=lambda row: json.dumps(row, default=str, sort_keys=True))
    return rows


def _begin_beyond():
    """Let the next order's id be beyond, on every database."""
    keeper = Customer(pk=BEYOND, name="Keeper")
    keeper.save()
    Order(pk=BEYOND, customer=keeper, subtotal=1, freight=0, total=1, idempotency_key="k", fingerprint="f").save()
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), [Order]):
            cursor.execute(sql)
