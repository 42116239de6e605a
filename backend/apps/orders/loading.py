"""Orders read with what they show (customer, lines, history) in one round trip; locked first, if they will change."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from apps.common.locks import exclusive
from apps.common.rows import Rows, among, select_many
from apps.customers.models import Customer
from apps.orders.models import ACTOR_NAME, CUSTOMER_NAME, Line, Order, OrderItem, StatusChange


def load_order(pk: int) -> Order | None:
    """The order with its customer, its lines and its history, in one round trip."""
    found, items, history = select_many(
        Rows(Order, "own.id = %s", [pk], beside=CUSTOMER_NAME), *_parts([pk], with_history=True)
    )
    if not found:
        return None
    _attach_details({pk: found[0]}, items, history)
    return found[0]


def load_details(orders: Iterable[Order]) -> None:
    """Read the lines and the history of these orders, in one round trip."""
    if by_key := {order.pk: order for order in orders}:
        _attach_details(by_key, *select_many(*_parts(list(by_key), with_history=True)))


def load_customers_and_items(orders: Sequence[Order]) -> None:
    """Read the customers and the lines of these orders, in one round trip."""
    if not orders:
        return
    by_key = {order.pk: order for order in orders}
    buyers = list({order.customer_id for order in orders})
    wanted = Rows(Customer, among("own.id", len(buyers)), buyers, only=CUSTOMER_NAME.only)
    customers, items = select_many(wanted, *_parts(list(by_key), with_history=False))
    _attach_customers(orders, customers)
    _attach_details(by_key, items)


def lock_orders(keys: Iterable[int]) -> dict[int, Order]:
    """Lock these orders, then read what each shows, in one round trip: by key, those that there are."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    theirs = f"SELECT customer_id FROM {Order._meta.db_table} WHERE {among('id', len(wanted))}"  # noqa: S608
    orders, customers, items, history = select_many(
        exclusive(Order, wanted),
        Rows(Customer, f"own.id IN ({theirs})", wanted, only=CUSTOMER_NAME.only),
        *_parts(wanted, with_history=True),
    )
    by_key = {order.pk: order for order in orders}
    _attach_customers(orders, customers)
    _attach_details(by_key, items, history)
    return by_key


def _attach_customers(orders: Iterable[Order], customers: Iterable[Customer]) -> None:
    known = {customer.pk: customer for customer in customers}
    for order in orders:
        order.customer = known[order.customer_id]


def _parts(keys: list[int], with_history: bool) -> list[Rows[Any]]:
    words = among("own.order_id", len(keys))
    items = Rows(OrderItem, words, keys, kind=Line)
    return [items, Rows(StatusChange, words, keys, beside=ACTOR_NAME)] if with_history else [items]


def _attach_details(orders: dict[int, Order], items: list[Any], history: list[Any] | None = None) -> None:
    lines: dict[int, list[Line]] = defaultdict(list)
    steps: dict[int, list[StatusChange]] = defaultdict(list)
    for item in items:
        lines[item.order_id].append(item)
    for step in history or ():
        steps[step.order_id].append(step)
    for key, order in orders.items():
        # Whoever moves the order between our statements is not shown: each version has one step, and those stay.
        order.keep_details(items=lines[key], history=None if history is None else steps[key][: order.version])
