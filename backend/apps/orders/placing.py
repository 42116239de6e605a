"""What becomes of requests once their customers and products are locked: judged in turn, then written together."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import count
from operator import attrgetter
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.common import statements
from apps.common.columns import MoneyField
from apps.common.errors import DomainError, FieldProblem, Invalid
from apps.customers.errors import CustomerInactive
from apps.customers.models import Customer
from apps.events import outbox
from apps.orders.errors import PriceChanged
from apps.orders.lifecycle import Status
from apps.orders.models import LINES_PER_ORDER, STEP, Line, Order, OrderItem, StatusChange, step_values
from apps.orders.requests import OrderRequest
from apps.orders.snapshots import cause, lines, snapshot
from apps.products import stock
from apps.products.errors import ProductInactive
from apps.products.models import Product

LARGEST_TOTAL = Decimal(10) ** (MoneyField.MAX_DIGITS - 2)

ORDER = (
    "customer_id", "status", "subtotal", "freight", "total", "notes", "idempotency_key", "fingerprint", "placed_at",
    "version", "created_at", "updated_at", "event_sequence",
)  # fmt: skip
ASKED_OF_CUSTOMER = ("name", "is_active", "deleted_at")
order_values = attrgetter(*ORDER)


class Placement(NamedTuple):
    """A request, and on whose account it comes."""

    request: OrderRequest
    author: outbox.Author
    fingerprint: str

    @classmethod
    def by(cls, author: outbox.Author, request: OrderRequest) -> "Placement":
        """What this author asks for. The fingerprint is taken now: later, others wait for what we have locked."""
        return cls(request, author, request.fingerprint)


class Draft(NamedTuple):
    """A request against which nothing speaks, and what it is to be recorded with."""

    request: OrderRequest
    author: outbox.Author
    fingerprint: str
    customer: Customer
    products: list[Product]  # of its items, in their order, as are
    prices: list[Decimal]
    subtotals: list[Decimal]
    subtotal: Decimal


def decide(
    wanted: Iterable[Placement], customers: Mapping[int, Customer], products: Mapping[int, Product], as_sold: bool
) -> Iterator[Draft | DomainError]:
    """A draft or a refusal for each request, on locked rows; what one is promised is not there for the next."""
    promised: Counter[int] = Counter()
    for each in wanted:
        request = each.request
        try:
            draft = _draft_or_raise(each, customers.get(request.customer_id), products, as_sold)
            stock.refuse_shortages(products, request.quantities, promised)
        except DomainError as refusal:
            yield refusal
        else:
            promised.update(request.quantities)
            yield draft


def _draft_or_raise(
    wanted: Placement, customer: Customer | None, products: Mapping[int, Product], as_sold: bool
) -> Draft:
    request = wanted.request
    problems = request.unknown(customer is not None, products)
    if customer is None or problems:
        raise Invalid(problems)
    chosen = [products[item.product_id] for item in request.items]
    prices = [
        product.price if item.unit_price is None else item.unit_price
        for item, product in zip(request.items, chosen, strict=True)
    ]
    subtotals = [price * item.quantity for item, price in zip(request.items, prices, strict=True)]
    subtotal = sum(subtotals, Decimal())
    if too_large := total_too_large(subtotal, request.freight):
        raise Invalid(too_large)
    if customer.deleted or not customer.is_active:
        raise CustomerInactive(customer_id=customer.pk)
    if gone := [product for product in chosen if product.deleted or not product.is_active]:
        gone.sort(key=attrgetter("pk"))
        raise ProductInactive(products=[{"product_id": product.pk, "sku": product.sku} for product in gone])
    if not as_sold:
        _refuse_changed_prices(request, products)
    return Draft(request, wanted.author, wanted.fingerprint, customer, chosen, prices, subtotals, subtotal)


def total_too_large(subtotal: Decimal, freight: Decimal) -> list[FieldProblem]:
    """That the columns of an order do not hold so much, as a field problem; nothing where they do."""
    if subtotal + freight < LARGEST_TOTAL:
        return []
    pointer = "/freight" if freight > subtotal else "/items"
    return [FieldProblem(pointer, "max_value", _("The total of the order is too large."))]


def _refuse_changed_prices(request: OrderRequest, products: Mapping[int, Product]) -> None:
    changes = [
        {
            "product_id": item.product_id,
            "sku": products[item.product_id].sku,
            "sent": str(item.unit_price),
            "current": str(products[item.product_id].price),
        }
        for item in request.items
        if item.unit_price is not None and item.unit_price != products[item.product_id].price
    ]
    if changes:
        raise PriceChanged(changes=changes)


def record(drafts: list[Draft]) -> list[Order]:
    """Write the orders, their lines and the first step of their history: one statement each (see `statements`)."""
    orders = [_order(draft) for draft in drafts]
    keys = statements.insert_returning_keys(Order, ORDER, [order_values(order) for order in orders])
    items: list[Line] = []
    steps: list[StatusChange] = []
    for order, key, draft in zip(orders, keys, drafts, strict=True):
        order.pk = key
        own = _lines(key, draft)
        step = StatusChange.of(key, None, order.status, draft.author.user, "", order.placed_at)
        order.keep_details(items=own, history=[step])
        items += own
        steps.append(step)
    statements.insert(OrderItem, Line._fields, items)
    statements.insert(StatusChange, STEP, [step_values(step) for step in steps])
    return orders


def _order(draft: Draft) -> Order:
    request, now = draft.request, timezone.now()
    columns = {
        "id": None,
        "version": 1,
        "event_sequence": 1,
        "customer_id": draft.customer.pk,
        "status": Status.PENDENTE.value,
        "subtotal": draft.subtotal,
        "freight": request.freight,
        "total": draft.subtotal + request.freight,
        "notes": request.notes,
        "idempotency_key": request.idempotency_key,
        "fingerprint": draft.fingerprint,
        "placed_at": request.placed_at or now,
        "created_at": now,
        "updated_at": now,
    }
    return statements.new(Order, columns, beside={"customer": draft.customer})


def _lines(order: int, draft: Draft) -> list[Line]:
    keys = count(order * LINES_PER_ORDER + 1)
    parts = zip(keys, draft.request.items, draft.products, draft.prices, draft.subtotals, strict=False)
    return [
        Line(key, order, item.product_id, product.sku, product.name, item.quantity, price, subtotal)
        for key, item, product, price, subtotal in parts
    ]


def reservation(order: Order, draft: Draft) -> stock.Movement:
    """What the order does to the stock."""
    why = cause(order, draft.author.user, draft.request.placed_at)
    return stock.Movement.of_order(stock.Kind.RESERVATION, draft.request.quantities, why)


def created(order: Order, draft: Draft) -> outbox.Fact:
    """The first fact of its life."""
    payload = {"order": snapshot(order, lines(order))}
    return outbox.first_event(order, "order.created", payload, draft.request.placed_at)
