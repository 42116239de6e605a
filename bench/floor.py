"""The floor: the same logical transaction by the bare driver, with no HTTP, no framework and nobody to serve.

It writes the same rows into the same tables as the application does, with the statements that a good program written
by hand would use. `check_ledger` must find nothing wrong with its orders.
"""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from importlib import import_module
from typing import Any, ClassVar

from bench.shop import USERNAME, Shop

LINES_PER_ORDER = 1000  # As apps.orders.models has it: line ids are order id × 1000 + position.
PRODUCT_COLUMNS = "id, sku, name, price, on_hand, reserved, low_stock_threshold, is_active, deleted_at, event_sequence"


class Floor:
    """One connection of a driver that places orders."""

    mark: ClassVar[str] = "%s"
    share: ClassVar[str] = ""
    exclusive: ClassVar[str] = " FOR UPDATE"
    returning: ClassVar[str] = ""

    def __init__(self, settings: Mapping[str, str], shop: Shop) -> None:
        self.shop = shop
        self.connection = self.connect(settings)
        self.cursor = self.connection.cursor()
        self.again = 0
        self._texts: dict[tuple[str, int], str] = {}

    @classmethod
    def connect(cls, settings: Mapping[str, str], *, autocommit: bool = False) -> Any:
        raise NotImplementedError

    def contended(self, error: Exception) -> bool:
        """Does the database ask for the transaction to be run again?"""
        raise NotImplementedError

    def begin(self) -> None:
        """Nothing where the driver begins a transaction by itself."""

    def moment(self) -> Any:
        return datetime.now(UTC)

    def place(self, customer: int, quantities: Mapping[int, int], key: str) -> list[int]:
        """Place one order in a transaction of its own, again when the database asks for that."""
        return self.place_many([(customer, quantities, key)])

    def place_many(self, wanted: Sequence[tuple[int, Mapping[int, int], str]]) -> list[int]:
        """Place orders in one transaction; their ids."""
        while True:
            try:
                self.begin()
                placed = [self._place(*each) for each in wanted]
                self.connection.commit()
            except Exception as error:
                self.connection.rollback()
                if not self.contended(error):
                    raise
                self.again += 1
            else:
                return placed

    def _place(self, customer: int, quantities: Mapping[int, int], key: str) -> int:
        run, now, lines = self.cursor.execute, self.moment(), len(quantities)
        run(self._text("customer", 1), (customer,))
        _id, name, active, deleted = self.cursor.fetchone()
        run(self._text("products", lines), tuple(quantities))
        products = {row[0]: row for row in self.cursor.fetchall()}
        if not active or deleted or any(not row[7] or row[8] for row in products.values()):
            raise RuntimeError("inactive")
        if any(quantity > products[pk][4] - products[pk][5] for pk, quantity in quantities.items()):
            raise RuntimeError("short")
        subtotal = sum((Decimal(products[pk][3]) * quantity for pk, quantity in quantities.items()), Decimal())
        print_ = hashlib.sha256(key.encode()).hexdigest()
        order = self._insert_order((customer, str(subtotal), str(subtotal), key, print_, now, now, now))
        reference, number = f"order/{order}", f"PED-{order:08d}"
        items: list[Any] = []
        counters: list[Any] = []
        ledger: list[Any] = []
        events: list[Any] = []
        shown = []
        for position, (pk, quantity) in enumerate(quantities.items(), start=1):
            _id, sku, title, price, on_hand, reserved, *_rest, sequence = products[pk]
            item, price, line_total = order * LINES_PER_ORDER + position, str(price), str(Decimal(price) * quantity)
            items += (item, order, pk, sku, title, quantity, price, line_total)
            shown.append(
                {"id": item, "product_id": pk, "sku": sku, "name": title, "quantity": quantity, "unit_price": price,
                 "subtotal": line_total}
            )  # fmt: skip
            after = reserved + quantity
            ledger += (pk, "RESERVATION", 0, quantity, on_hand, after, reference, "", self.shop.actor, now)
            counters += (pk, quantity)
            told = {
                "product": {"id": pk, "sku": sku, "name": title}, "quantity": quantity, "on_hand_delta": 0,
                "reserved_delta": quantity, "on_hand": on_hand, "reserved": after, "available": on_hand - after,
                "order": {"id": order, "number": number}, "order_id": order, "reason": "",
            }  # fmt: skip
            events += ("stock.reserved", f"product/{pk}", sequence + 1, reference, now, USERNAME, key, json.dumps(told))
        at = now.isoformat() if isinstance(now, datetime) else now
        whole = {
            "id": order, "number": number, "customer": {"id": customer, "name": name}, "status": "PENDENTE",
            "items": shown, "subtotal": str(subtotal), "freight": "0.00", "total": str(subtotal), "notes": "",
            "placed_at": at, "created_at": at, "updated_at": at, "version": 1,
        }  # fmt: skip
        created = json.dumps({"order": whole})
        events = ["order.created", reference, 1, reference, now, USERNAME, key, created, *events]
        run(self._text("items", lines), items)
        run(self._text("history", 1), (order, self.shop.actor, now))
        run(self._text("counters", lines), (*counters, now, *quantities))
        run(self._text("ledger", lines), ledger)
        run(self._text("events", lines + 1), events)
        return order

    def _insert_order(self, values: Sequence[Any]) -> int:
        self.cursor.execute(self._text("order", 1), values)
        return int(self.cursor.fetchone()[0] if self.returning else self.cursor.lastrowid)

    def _text(self, name: str, lines: int) -> str:
        """The statement, written once for each number of lines."""
        text = self._texts.get((name, lines))
        if text is None:
            text = TEXTS[name](self, lines).replace("?", self.mark)
            self._texts[name, lines] = text
        return text


def _rows(count: int, row: str) -> str:
    return ", ".join([row] * count)


TEXTS: dict[str, Callable[[Floor, int], str]] = {
    "customer": lambda floor, _lines: (
        f"SELECT id, name, is_active, deleted_at FROM customers_customer WHERE id = ?{floor.share}"
    ),
    "products": lambda floor, lines: (
        f"SELECT {PRODUCT_COLUMNS} FROM products_product WHERE id IN ({_rows(lines, '?')}) ORDER BY id{floor.exclusive}"
    ),
    "order": lambda floor, _lines: (
        "INSERT INTO orders_order (version, event_sequence, status, notes, freight, customer_id, subtotal, total,"
        " idempotency_key, fingerprint, placed_at, created_at, updated_at)"
        f" VALUES (1, 1, 'PENDENTE', '', 0, ?, ?, ?, ?, ?, ?, ?, ?){floor.returning}"
    ),
    "items": lambda _floor, lines: (
        "INSERT INTO orders_orderitem (id, order_id, product_id, sku, name, quantity, unit_price, subtotal)"
        f" VALUES {_rows(lines, '(?, ?, ?, ?, ?, ?, ?, ?)')}"
    ),
    "history": lambda _floor, _lines: (
        "INSERT INTO orders_statuschange (order_id, from_status, to_status, actor_id, note, created_at)"
        " VALUES (?, NULL, 'PENDENTE', ?, '', ?)"
    ),
    "counters": lambda _floor, lines: (
        f"UPDATE products_product SET reserved = reserved + CASE id {'WHEN ? THEN ? ' * lines}END,"
        " version = version + 1, event_sequence = event_sequence + 1, updated_at = ?"
        f" WHERE id IN ({_rows(lines, '?')})"
    ),
    "ledger": lambda _floor, lines: (
        "INSERT INTO products_stockmovement (product_id, kind, on_hand_delta, reserved_delta, on_hand_after,"
        " reserved_after, reference, reason, actor_id, created_at)"
        f" VALUES {_rows(lines, '(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')}"
    ),
    "events": lambda _floor, lines: (
        "INSERT INTO events_event (type, subject, sequence, cause, occurred_at, actor, request_id, payload)"
        f" VALUES {_rows(lines, '(?, ?, ?, ?, ?, ?, ?, ?)')}"
    ),
}


class MySQLFloor(Floor):
    share = " LOCK IN SHARE MODE"

    @classmethod
    def connect(cls, settings: Mapping[str, str], *, autocommit: bool = False) -> Any:
        connection = import_module("MySQLdb").connect(
            host=settings["DB_HOST"], port=int(settings["DB_PORT"]), user=settings["DB_USER"],
            password=settings["DB_PASSWORD"], database=settings["DB_NAME"], charset="utf8mb4", autocommit=autocommit,
        )  # fmt: skip
        connection.cursor().execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
        return connection

    def contended(self, error: Exception) -> bool:
        return bool(error.args) and error.args[0] in (1205, 1213)

    def moment(self) -> Any:
        return datetime.now(UTC).replace(tzinfo=None)


class PostgreSQLFloor(Floor):
    share, returning = " FOR SHARE", " RETURNING id"

    @classmethod
    def connect(cls, settings: Mapping[str, str], *, autocommit: bool = False) -> Any:
        return import_module("psycopg").connect(
            host=settings["DB_HOST"], port=int(settings["DB_PORT"]), user=settings["DB_USER"],
            password=settings["DB_PASSWORD"], dbname=settings["DB_NAME"], autocommit=autocommit,
        )  # fmt: skip

    def contended(self, error: Exception) -> bool:
        return getattr(error, "sqlstate", None) in ("40001", "40P01")

    def _text(self, name: str, lines: int) -> str:
        text = super()._text(name, lines)
        return text.replace("WHEN %s THEN %s", "WHEN %s THEN %s::bigint") if name == "counters" else text


class SQLiteFloor(Floor):
    mark, exclusive = "?", ""

    @classmethod
    def connect(cls, settings: Mapping[str, str], *, autocommit: bool = False) -> Any:  # noqa: ARG003
        connection = sqlite3.connect(settings["DB_NAME"], timeout=20, isolation_level=None)
        connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON")
        return connection

    def begin(self) -> None:
        self.connection.execute("BEGIN IMMEDIATE")

    def contended(self, error: Exception) -> bool:
        return "locked" in str(error)

    def moment(self) -> Any:
        return datetime.now(UTC).replace(tzinfo=None).isoformat(" ")


FLOORS: dict[str, type[Floor]] = {"mysql": MySQLFloor, "postgresql": PostgreSQLFloor, "sqlite": SQLiteFloor}


def open_floor(settings: Mapping[str, str], shop: Shop) -> Floor:
    """A connection of the driver that the application uses with these settings."""
    return FLOORS[settings["DB_ENGINE"]](settings, shop)
