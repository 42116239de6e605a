"""Brings a folder of Olist files in, through the services that everybody uses.

Whatever is here already is found again and left alone: a person by the file's id (`ImportedCustomer`), a product
by its SKU, an order by its idempotency key, the Olist order id. So a run may be killed at any moment: everything comes
in batches, each a transaction, an order with its whole life, and the next run goes on.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import batched, zip_longest
from pathlib import Path
from typing import Protocol

from django.db import IntegrityError, reset_queries

from apps.common import statements
from apps.common.errors import AlreadyExists, DomainError
from apps.common.retry import transactional
from apps.customers import services as customers
from apps.orders import services
from apps.orders.importing import olist
from apps.orders.importing.olist import SOURCE, Sale
from apps.orders.importing.workbook import NO_ITEM, Person, SoldProduct, Workbook
from apps.orders.models import ImportedCustomer, Order
from apps.orders.moving import Move
from apps.orders.services import Placed
from apps.products import services as catalogue
from apps.products import stock
from apps.products.models import Product, caseless

LOOK_UP, BATCH = 500, 100  # rows per query, and per transaction


class Reporter(Protocol):
    """Who is told how it goes: each row that is left out, and each stage with its progress."""

    def report(self, file: str, line: int, reason: str) -> None: ...
    def begin(self, stage: str, total: int) -> None: ...
    def advance(self, number: int) -> None: ...


@dataclass(slots=True)
class ImportSummary:
    """What a run found and did. In a dry run, what it would have done."""

    bad_rows: int = 0
    without_item: int = 0
    refused: int = 0
    customers_new: int = 0
    customers_here: int = 0
    products_new: int = 0
    products_here: int = 0
    products_unsold: int = 0
    restocked: int = 0
    orders_new: int = 0
    orders_here: int = 0
    lines: int = 0
    goods: Decimal = Decimal("0.00")
    freight: Decimal = Decimal("0.00")


class OlistImport:
    """One run over one folder: find what is here already, then bring in the rest, customers and products first."""

    def __init__(self, folder: Path, reporter: Reporter) -> None:
        self.folder, self.reporter = folder, reporter
        self.summary = ImportSummary()

    def run(self, *, dry_run: bool = False) -> ImportSummary:
        """Bring in what is not here. With `dry_run`, only check. Raises `Unreadable` and `Unavailable`."""
        self.workbook = Workbook(self._report_row)
        try:
            self.workbook.load(self.folder)
            self._find_people()
            self._find_products()
            self._find_orders()
            self._report_refusals()
            if dry_run:
                for sale in self.workbook.sales():
                    self._count(sale)
            else:
                self._bring_people()
                self._bring_products()
                self._bring_orders()
        finally:
            self.workbook.close()
        return self.summary

    # --- what is here -------------------------------------------------------------------------------------------

    def _find_people(self) -> None:
        for chunk in batched(self.workbook.people(), LOOK_UP):
            known = ImportedCustomer.objects.filter(source=SOURCE, external_id__in=[person.key for person in chunk])
            columns = ("external_id", "customer_id", "customer__is_active", "customer__deleted_at")
            for key, pk, active, deleted_at in known.values_list(*columns):
                self.workbook.mark_person_imported(key, pk, closed=not active or deleted_at is not None)
                self.summary.customers_here += 1
        self.summary.customers_new = self.workbook.count_people() - self.summary.customers_here

    def _find_products(self) -> None:
        for chunk in batched(self.workbook.products(), LOOK_UP):
            by_sku = {_folded(product): product for product in chunk}
            known = Product.objects.filter(sku_folded__in=by_sku)
            columns = ("sku_folded", "pk", "is_active", "deleted_at")
            for folded, pk, active, deleted_at in known.values_list(*columns):
                product_id, closed = by_sku.pop(folded).product_id, not active or deleted_at is not None
                self.workbook.mark_product_imported(product_id, pk, closed=closed)
                self.summary.products_here += 1
            for product in by_sku.values():
                self._count_new(product)

    def _count_new(self, product: SoldProduct) -> None:
        if product.price is not None:
            self.summary.products_new += 1
        else:
            self.summary.products_unsold += 1
            self.reporter.report(olist.PRODUCTS.file, product.line, "product left out: never sold, it has no price")

    def _find_orders(self) -> None:
        for chunk in batched(self.workbook.sales(), LOOK_UP):
            here = Order.objects.filter(
                customer_id__in={sale.customer_pk for sale in chunk},
                idempotency_key__in=[sale.order_id for sale in chunk],
            )
            columns = ("customer_id", "idempotency_key", "fingerprint")
            known = {(pk, key): fingerprint for pk, key, fingerprint in here.values_list(*columns)}
            for sale in chunk:
                fingerprint = known.get((sale.customer_pk, sale.order_id))
                if fingerprint == sale.request().fingerprint:
                    self.workbook.mark_order_imported(sale.order_id)
                    self.summary.orders_here += 1
                elif fingerprint is not None:
                    self.workbook.refuse(sale.order_id, "it has been brought in before, with other contents")
        self.workbook.refuse_closed()

    def _report_row(self, file: str, line: int, reason: str) -> None:
        self.summary.bad_rows += 1
        self.reporter.report(file, line, reason)

    def _report_refusals(self) -> None:
        for line, reason in self.workbook.refusals():
            if reason == NO_ITEM:
                self.summary.without_item += 1
            else:
                self.summary.refused += 1
            self.reporter.report(olist.ORDERS.file, line, f"order left out: {reason}")

    # --- what is not --------------------------------------------------------------------------------------------

    def _bring_people(self) -> None:
        self.reporter.begin("customers", self.summary.customers_new)
        for batch in batched(self.workbook.newcomers(), BATCH):
            for key, pk in _twice(_register_people, batch):
                self.workbook.mark_person_imported(key, pk, closed=False)
            self._advance(len(batch))

    def _bring_products(self) -> None:
        priced = (product for product in self.workbook.products() if product.price)
        wanted = (product for product in priced if product.needed or not product.here)
        self.reporter.begin("products", self.summary.products_new)
        for batch in batched(wanted, BATCH):
            for product, pk, restocked in _twice(_stock_products, batch):
                self.workbook.mark_product_imported(product.product_id, pk, closed=False)
                self.summary.restocked += restocked
            self._advance(sum(not product.here for product in batch))

    def _bring_orders(self) -> None:
        self.reporter.begin("orders", self.workbook.count_sales())
        for batch in batched(self.workbook.sales(), BATCH):
            for sale, outcome in zip(batch, _place_with_their_lives(batch), strict=True):
                if isinstance(outcome, DomainError):
                    self.summary.refused += 1
                    reason = f"order left out: {outcome.code} {outcome.facts}"
                    self.reporter.report(olist.ORDERS.file, sale.line, reason)
                elif outcome.replayed:  # Another import has brought it since we looked.
                    self.summary.orders_here += 1
                else:
                    self._count(sale)
            self._advance(len(batch))

    def _count(self, sale: Sale) -> None:
        self.summary.orders_new += 1
        self.summary.lines += len(sale.items)
        prices = (item.quantity * item.unit_price for item in sale.items if item.unit_price)
        self.summary.goods += sum(prices, Decimal())
        self.summary.freight += sale.freight

    def _advance(self, number: int) -> None:
        reset_queries()  # With DEBUG on, Django keeps the last 9,000 statements: no need for that here.
        self.reporter.advance(number)


def sku(product_id: str) -> str:
    """A product's SKU here, by which it is found again."""
    return f"OLIST-{product_id}"


def _folded(product: SoldProduct) -> str:
    return caseless(sku(product.product_id))


def _twice[Row, Found](work: Callable[[Iterable[Row]], list[Found]], batch: Iterable[Row]) -> list[Found]:
    """Another import at the same time may commit the same rows between our look and our insert: look again."""
    try:
        return work(batch)
    except (AlreadyExists, IntegrityError):
        return work(batch)


@transactional
def _register_people(batch: Iterable[Person]) -> list[tuple[str, int]]:
    known = ImportedCustomer.objects.filter(source=SOURCE, external_id__in=[person.key for person in batch])
    found = dict(known.values_list("external_id", "customer_id"))
    new = [person for person in batch if person.key not in found]
    values = [{"name": f"Cliente {person.key[:8]}", "city": person.city, "state": person.state} for person in new]
    registered = customers.register_customers(actor=None, values=values)
    rows = [(SOURCE, person.key, customer.pk) for person, customer in zip(new, registered, strict=True)]
    statements.insert(ImportedCustomer, ("source", "external_id", "customer_id"), rows)
    return [*found.items(), *((key, pk) for _source, key, pk in rows)]


@transactional
def _stock_products(batch: Iterable[SoldProduct]) -> list[tuple[SoldProduct, int, bool]]:
    """Register each product with as much as its orders need; top up one that is here and has too little for them."""
    known = Product.objects.filter(sku_folded__in=[_folded(product) for product in batch])
    locked = stock.lock_products(known.values_list("pk", flat=True))
    here = {caseless(product.sku): product for product in locked.values()}
    new = [product for product in batch if _folded(product) not in here]
    registered = catalogue.register_products(actor=None, wanted=[
        ({"sku": sku(product.product_id), "name": product.name, "price": product.price}, product.needed)
        for product in new
    ])  # fmt: skip
    stocked = [(product, row.pk, False) for product, row in zip(new, registered, strict=True)]
    topped_up = [_top_up(product, here[_folded(product)]) for product in batch if _folded(product) in here]
    return [*stocked, *topped_up]


def _top_up(product: SoldProduct, here: Product) -> tuple[SoldProduct, int, bool]:
    short = product.needed - (here.on_hand - here.reserved)
    twin_stocked_it = not product.here  # It was not when we looked: another import made it, with what is needed.
    if short <= 0 or here.deleted or twin_stocked_it:
        return product, here.pk, False
    stock.adjust_stock(actor=None, pk=here.pk, delta=short, reason="Olist: for the orders still to come")
    return product, here.pk, True


@transactional
def _place_with_their_lives(batch: Sequence[Sale]) -> list[Placed | DomainError]:
    """Each order with its whole life, or nothing: what became of each."""
    outcomes = services.place_orders(actor=None, requests=[sale.request() for sale in batch], as_sold=True)
    lives = [
        [Move(outcome.order.pk, step.status, step.note, at=step.at) for step in sale.life()]
        for sale, outcome in zip(batch, outcomes, strict=True)
        if isinstance(outcome, Placed) and not outcome.replayed
    ]
    for moves in zip_longest(*lives):
        for moved in services.change_statuses([move for move in moves if move is not None]):
            if isinstance(moved, DomainError):
                raise moved  # A bug of ours: nobody else can see these orders yet, and the path is a legal one.
    return outcomes
