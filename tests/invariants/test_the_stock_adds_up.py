"""Whatever happens, in whatever order: the books balance after every step.

Hypothesis invents histories of a small shop, refusals included, and shortens the one that breaks a promise.
"""

from decimal import Decimal
from itertools import count

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from apps.common.errors import DomainError
from apps.customers import services as customers
from apps.orders import services as orders
from apps.orders.lifecycle import NEXT, OPEN, Status
from apps.orders.models import Order, OrderItem
from apps.orders.requests import Item, OrderRequest
from apps.products import services as products
from apps.products import stock
from apps.products.models import Product
from tests.audits import audit, nothing_changed

SHELF = 3  # products: few, so that they meet
quantities = st.integers(min_value=1, max_value=6)
shelf_places = st.integers(min_value=0, max_value=SHELF - 1)
baskets = st.dictionaries(shelf_places, quantities, min_size=1)


class Shop(RuleBasedStateMachine):
    """One customer, three products, any number of orders. A refusal is a fine outcome, if it changes nothing."""

    placed = Bundle("placed")

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.keys = count(1)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    @initialize(target=placed, baskets=st.lists(baskets, min_size=3, max_size=3))
    def open_the_shop(self, baskets):
        self.customer = customers.register_customer(actor=None, values={"name": "Ana"}).pk
        self.shelf = [
            products.register_product(
                actor=None,
                values={
                    "sku": f"S{place}",
                    "name": f"N{place}",
                    "price": Decimal("0.10") * (place + 1),
                    "low_stock_threshold": 3,
                },
                on_hand=18,
            ).pk
            for place in range(SHELF)
        ]
        return multiple(*[self.order(basket, "0.00") for basket in baskets])  # fmt: skip

    @rule(target=placed, basket=baskets, freight=st.sampled_from(["0.20", "12.34"]))
    def place(self, basket, freight):
        wanted = {self.shelf[place]: quantity for place, quantity in basket.items()}
        rows = Product.objects.filter(pk__in=wanted)

        if all(not row.deleted and wanted[row.pk] <= row.available for row in rows):
            return self.order(basket, freight)
        with nothing_changed(), pytest.raises(DomainError, match=r"insufficient_stock|product_inactive"):
            self.order(basket, freight)
        return multiple()

    def order(self, basket, freight):
        items = tuple(Item(self.shelf[place], quantity) for place, quantity in basket.items())
        request = OrderRequest(self.customer, items, f"key-{next(self.keys)}", freight=Decimal(freight))
        return orders.place_order(actor=None, request=request), request

    @rule(order=placed)
    def replay(self, order):
        placed, request = order

        with nothing_changed():
            again = orders.place_order(actor=None, request=request)

        assert (again.order.pk, again.replayed) == (placed.order.pk, True)

    @rule(order=placed, quantity=quantities)
    def reuse_the_key(self, order, quantity):
        _placed, request = order
        items = tuple(Item(item.product_id, item.quantity + quantity) for item in request.items)
        other = OrderRequest(self.customer, items, request.idempotency_key, freight=request.freight)

        with nothing_changed(), pytest.raises(DomainError, match="idempotency_key_reused"):
            orders.place_order(actor=None, request=other)

    @rule(order=placed, status=st.sampled_from(Status))
    def move(self, order, status):
        pk = order[0].order.pk
        source = Status(Order.objects.get(pk=pk).status)

        if status in NEXT[source]:
            assert orders.change_status(actor=None, pk=pk, target=status).status == status
            return
        with nothing_changed():
            if status == source:
                orders.change_status(actor=None, pk=pk, target=status)
            else:
                with pytest.raises(DomainError, match="invalid_transition"):
                    orders.change_status(actor=None, pk=pk, target=status)

    @rule(order=placed)
    def deliver(self, order):
        """The next step on the way to the customer: random moves alone would seldom get there."""
        pk = order[0].order.pk
        if ahead := NEXT[Status(Order.objects.get(pk=pk).status)]:
            orders.change_status(actor=None, pk=pk, target=ahead[0])

    @rule(place=shelf_places, delta=st.integers(min_value=-8, max_value=8))
    def receive_or_lose(self, place, delta):
        row = Product.objects.get(pk=self.shelf[place])
        self.adjust(row, refused=row.on_hand + delta < row.reserved, delta=delta)

    @rule(place=shelf_places, on_hand=st.integers(min_value=0, max_value=12))
    def recount(self, place, on_hand):
        row = Product.objects.get(pk=self.shelf[place])
        self.adjust(row, refused=on_hand < row.reserved, on_hand=on_hand)

    def adjust(self, row, *, refused, **change):
        if not row.deleted and not refused:
            stock.adjust_stock(actor=None, pk=row.pk, **change)
            return
        with (
            nothing_changed(),
            pytest.raises(DomainError, match="not_found" if row.deleted else "stock_below_reserved"),
        ):
            stock.adjust_stock(actor=None, pk=row.pk, **change)

    @rule(place=shelf_places, for_good=st.booleans())
    def delete(self, place, for_good):
        pk = self.shelf[place]
        if Product.objects.get(pk=pk).deleted:
            products.restore_product(actor=None, pk=pk)
        elif OrderItem.objects.filter(product_id=pk, order__status__in=OPEN).exists():
            with nothing_changed(), pytest.raises(DomainError, match="product_has_open_orders"):
                products.delete_product(actor=None, pk=pk)
        else:
            products.delete_product(actor=None, pk=pk)
            if not for_good:
                products.restore_product(actor=None, pk=pk)

    @rule(place=shelf_places, cents=st.integers(min_value=1, max_value=10_000))
    def reprice(self, place, cents):
        if not Product.objects.get(pk=self.shelf[place]).deleted:
            products.change_product(actor=None, pk=self.shelf[place], values={"price": Decimal(cents) / 100})

    @invariant()
    def the_books_balance(self) -> None:
        audit()


@pytest.mark.django_db
@pytest.mark.timeout(600)  # Shortening a history that broke a promise takes minutes; keeping them all, seconds.
def test_the_stock_adds_up_after_every_step_of_any_history():
    run_state_machine_as_test(
        Shop,
        settings=settings(
            max_examples=20,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,  # The same histories every time: a red build is red again at home.
            database=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )
