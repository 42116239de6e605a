"""The four sheets joined: an SQLite file without a name, gone when it is closed or the process is killed.

On disk rather than in dictionaries, so that memory does not grow with the files. It asks nothing of the order
desk's own database: what is "here" already, it is told.
"""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

from apps.orders.importing import olist, sheets
from apps.orders.importing.olist import Sale, Sheet, Times, moment
from apps.orders.models import MAX_ITEMS
from apps.orders.placing import LARGEST_TOTAL
from apps.orders.requests import Item

TABLES = """
PRAGMA journal_mode = OFF;
CREATE TABLE person (customer_id TEXT PRIMARY KEY, person TEXT, city TEXT, state TEXT, line INT) WITHOUT ROWID;
CREATE TABLE product (product_id TEXT PRIMARY KEY, name TEXT, line INT) WITHOUT ROWID;
CREATE TABLE purchase (order_id TEXT PRIMARY KEY, customer_id TEXT, status TEXT, purchased INT, approved INT,
    carried INT, delivered INT, line INT) WITHOUT ROWID;
CREATE TABLE item (order_id TEXT, position INT, product_id TEXT, price INT, freight INT, line INT,
    PRIMARY KEY (order_id, position)) WITHOUT ROWID;
CREATE TABLE refused (order_id TEXT PRIMARY KEY, reason TEXT) WITHOUT ROWID;
CREATE TABLE person_here (person TEXT PRIMARY KEY, pk INT, closed INT) WITHOUT ROWID;
CREATE TABLE product_here (product_id TEXT PRIMARY KEY, pk INT, closed INT) WITHOUT ROWID;
CREATE TABLE order_here (order_id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE VIEW open_order AS SELECT * FROM purchase WHERE order_id NOT IN (SELECT order_id FROM refused)
    AND order_id NOT IN (SELECT order_id FROM order_here);
"""
SHEETS = {"person": olist.CUSTOMERS, "product": olist.PRODUCTS, "purchase": olist.ORDERS, "item": olist.ITEMS}
LIMITS = {"most_items": MAX_ITEMS, "largest_total": int(LARGEST_TOTAL * 100)}
NO_ITEM = "it has no item"

# Why an order is left out, and which are. The first reason found is the one told.
JUDGEMENTS = {
    f"its customer has no good row in {olist.CUSTOMERS.file}":
        "SELECT order_id FROM purchase WHERE customer_id NOT IN (SELECT customer_id FROM person)",
    f"one of its products has no good row in {olist.PRODUCTS.file}":
        "SELECT order_id FROM item WHERE product_id NOT IN (SELECT product_id FROM product)",
    "it holds one product at two prices, which one line cannot say":
        "SELECT order_id FROM item GROUP BY order_id, product_id HAVING MIN(price) <> MAX(price)",
    f"it has more than {MAX_ITEMS} lines":
        "SELECT order_id FROM item GROUP BY order_id HAVING COUNT(DISTINCT product_id) > :most_items",
    "its total is too large":
        "SELECT order_id FROM item GROUP BY order_id HAVING SUM(price + freight) >= :largest_total",
    NO_ITEM:
        "SELECT order_id FROM purchase WHERE order_id NOT IN (SELECT order_id FROM item)",
}  # fmt: skip
CLOSED = {
    "its customer has been deleted or deactivated here":
        "SELECT order_id FROM open_order JOIN person USING (customer_id) JOIN person_here USING (person) WHERE closed",
    "one of its products has been deleted or deactivated here":
        "SELECT order_id FROM open_order JOIN item USING (order_id) JOIN product_here USING (product_id) WHERE closed",
}  # fmt: skip
PRODUCTS = """
    SELECT product_id, name, line, price, COALESCE(needed, 0), pk FROM product
    LEFT JOIN product_here USING (product_id)
    LEFT JOIN (SELECT product_id, price, MAX(purchased) FROM item JOIN purchase USING (order_id) GROUP BY product_id)
        USING (product_id)
    LEFT JOIN (SELECT product_id, COUNT(*) AS needed FROM item JOIN open_order USING (order_id) GROUP BY product_id)
        USING (product_id)
    ORDER BY product_id
"""  # With MAX, SQLite takes the other columns from that same row: the price is the most recent one.
PEOPLE = "SELECT person, city, state, MAX(line) FROM person GROUP BY person ORDER BY person"  # The same here.
SALES = """
    SELECT order_id, sold.line, person_here.pk, status, purchased, approved, carried, delivered,
        product_here.pk, COUNT(*), MIN(price), SUM(freight)
    FROM open_order AS sold JOIN item USING (order_id) JOIN person USING (customer_id)
    LEFT JOIN person_here USING (person) LEFT JOIN product_here USING (product_id)
    GROUP BY order_id, product_id ORDER BY purchased, order_id, MIN(position)
"""

type Report = Callable[[str, int, str], None]


@dataclass(frozen=True, slots=True)
class Person:
    """Who bought: the file knows where they live, and no name."""

    key: str
    city: str
    state: str


@dataclass(frozen=True, slots=True)
class SoldProduct:
    """A product, its most recent price, and how many of it the orders still to be placed need."""

    product_id: str
    name: str
    line: int
    price: Decimal | None
    needed: int
    here: bool


class Workbook:
    """What the files say. `report` is told every bad row when it is found."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.db = sqlite3.connect("", isolation_level=None)
        self.db.executescript(TABLES)

    def close(self) -> None:
        self.db.close()

    def load(self, folder: Path) -> None:
        """Read the four files and judge each order by them. Raises `Unreadable`."""
        for table, sheet in SHEETS.items():
            self._load(table, sheet, folder)
        for line in self._column(
            "SELECT line FROM item WHERE order_id NOT IN (SELECT order_id FROM purchase)"
            " AND order_id NOT IN (SELECT order_id FROM refused)"
        ):
            self.report(olist.ITEMS.file, line, f"its order has no row in {olist.ORDERS.file}")
        self._judge(JUDGEMENTS)

    def refuse(self, order_id: str, reason: str) -> None:
        """Leave an order out."""
        self.db.execute("INSERT OR IGNORE INTO refused VALUES (?, ?)", (order_id, reason))

    def refuse_closed(self) -> None:
        """Leave out the orders, but not those that are here, whose customer or product may not be sold to or sold."""
        self._judge(CLOSED)

    def refusals(self) -> Iterator[tuple[int, str]]:
        """The line and the reason of each order that is left out."""
        yield from self.db.execute("SELECT line, reason FROM refused JOIN purchase USING (order_id) ORDER BY line")

    def mark_person_imported(self, person: str, pk: int, closed: bool) -> None:
        self.db.execute("INSERT OR REPLACE INTO person_here VALUES (?, ?, ?)", (person, pk, closed))

    def mark_product_imported(self, product_id: str, pk: int, closed: bool) -> None:
        self.db.execute("INSERT OR REPLACE INTO product_here VALUES (?, ?, ?)", (product_id, pk, closed))

    def mark_order_imported(self, order_id: str) -> None:
        self.db.execute("INSERT OR IGNORE INTO order_here VALUES (?)", (order_id,))

    def people(self) -> Iterator[Person]:
        """Each person once."""
        yield from (Person(*columns) for *columns, _line in self.db.execute(PEOPLE))

    def newcomers(self) -> Iterator[Person]:
        """The people who are not here yet."""
        here = "SELECT 1 FROM person_here WHERE person = ?"
        yield from (person for person in self.people() if not self.db.execute(here, (person.key,)).fetchone())

    def products(self) -> Iterator[SoldProduct]:
        """Every product, with what the orders still to be placed need of it."""
        for product_id, name, line, price, needed, pk in self.db.execute(PRODUCTS):
            yield SoldProduct(product_id, name, line, None if price is None else _reais(price), needed, pk is not None)

    def sales(self) -> Iterator[Sale]:
        """The orders still to be placed, oldest first, equal products of an order added up."""
        for _order_id, lines in groupby(self.db.execute(SALES), key=lambda line: line[0]):
            yield _sale(list(lines))

    def count_people(self) -> int:
        return self._number("SELECT COUNT(DISTINCT person) FROM person")

    def count_sales(self) -> int:
        return self._number("SELECT COUNT(*) FROM open_order")

    def _load(self, table: str, sheet: Sheet, folder: Path) -> None:
        for row in sheets.rows(folder / sheet.file, sheet.columns):
            reason, cells = row.flaw, tuple[Any, ...]()
            if not reason:
                try:
                    cells = (*sheet.read(row.values), row.line)
                except ValueError as error:
                    reason = str(error)
            if reason:
                self._spoil(row, reason)
            elif not self._insert(table, cells):
                self.report(row.file, row.line, "it repeats an earlier row")

    def _insert(self, table: str, cells: tuple[Any, ...]) -> bool:
        marks = ", ".join("?" * len(cells))
        return self.db.execute(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", cells).rowcount > 0  # noqa: S608

    def _spoil(self, row: sheets.Row, reason: str) -> None:
        """A bad item spoils its order: half an order would be a lie."""
        self.report(row.file, row.line, reason)
        if order_id := row.values.get("order_id"):
            self.refuse(order_id, f"its row at {row.file}:{row.line} is bad")

    def _judge(self, judgements: dict[str, str]) -> None:
        for reason, orders in judgements.items():
            query = f"INSERT OR IGNORE INTO refused SELECT DISTINCT order_id, :reason FROM ({orders})"  # noqa: S608
            self.db.execute(query, {"reason": reason, **LIMITS})

    def _number(self, query: str) -> int:
        (number,) = self._column(query)
        return int(number)

    def _column(self, query: str) -> Iterator[Any]:
        yield from (value for (value,) in self.db.execute(query))


def _sale(lines: list[tuple[Any, ...]]) -> Sale:
    order_id, line, customer_pk, status, purchased, *later = lines[0][:8]
    return Sale(
        order_id,
        line,
        customer_pk or 0,
        status,
        Times(moment(purchased), *(None if seconds is None else moment(seconds) for seconds in later)),
        tuple(Item(product_pk or 0, quantity, _reais(price)) for *_, product_pk, quantity, price, _freight in lines),
        sum((_reais(cells[-1]) for cells in lines), Decimal()),
    )


def _reais(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)
