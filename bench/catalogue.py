"""A shop that has been open for two years: a million orders, written by the database itself in a few minutes.

Run in the application's environment on a migrated, empty database: `python -m bench.catalogue 1000000`. The books
balance: `check_ledger` finds nothing wrong. Each order has 1 to 4 lines, its history and its movements of stock;
of its events those that tell of itself, so that two years take minutes and not an hour.
"""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any

FIRST = (
    "Ana Bruno Caio Débora Érica Fábio Gisele Heitor Inês João Kátia Luís Márcia Nélson Olívia Paulo Quitéria Rômulo"
    " Sílvia Tânia Ubirajara Vânia Zélia"
).split()
TRADE = "Padaria Mercearia Café Livraria Papelaria Empório Quitanda Ótica Farmácia".split()
LAST = (
    "Araújo,Brandão,Conceição,Damasceno,Espírito Santo,Falcão,Guimarães,Holanda,Ibiapina,Jordão,Knupp,Leitão,Magalhães,"
    "Nóbrega,Oliveira,Pão de Mel,Queirós,Romão,São João,Teixeira,Uchôa,Vasconcelos,Xavier,Zanetti,do Ipê,da Serra,"
    "das Flores,dos Anjos"
).split(",")
CITIES = (
    "São Paulo/SP,Campinas/SP,Rio de Janeiro/RJ,Niterói/RJ,Belo Horizonte/MG,Uberlândia/MG,Curitiba/PR,Londrina/PR,"
    "Recife/PE,Salvador/BA,Fortaleza/CE,Porto Alegre/RS,Florianópolis/SC,Goiânia/GO,Manaus/AM,Macapá/AP"
).split(",")
GOODS = (
    "Café torrado,Café moído,Chá preto,Erva-mate,Açúcar mascavo,Mel silvestre,Geléia de cupuaçu,Doce de leite,"
    "Queijo coalho,Farinha de mandioca,Feijão carioca,Azeite extravirgem"
).split(",")
SIZES = ("250 g", "500 g", "1 kg", "5 kg", "lata", "caixa com 12", "fardo")
OPENED, DAYS = datetime(2024, 1, 1, tzinfo=UTC), 700
STOCK = 10_000_000
AT_ONCE = 2_000  # rows in an INSERT

STATUS = """CASE
 WHEN n % 33 = 0 THEN 'CANCELADO' WHEN n <= {orders} * 0.97 THEN 'ENTREGUE' WHEN n <= {orders} * 0.98 THEN 'ENVIADO'
 WHEN n <= {orders} * 0.985 THEN 'SEPARADO' WHEN n <= {orders} * 0.99 THEN 'CONFIRMADO' ELSE 'PENDENTE' END"""
CAME_TO = {  # the statuses of the orders that have taken each step
    ("PENDENTE", "CANCELADO"): "'CANCELADO'",
    ("PENDENTE", "CONFIRMADO"): "'CONFIRMADO', 'SEPARADO', 'ENVIADO', 'ENTREGUE'",
    ("CONFIRMADO", "SEPARADO"): "'SEPARADO', 'ENVIADO', 'ENTREGUE'",
    ("SEPARADO", "ENVIADO"): "'ENVIADO', 'ENTREGUE'",
    ("ENVIADO", "ENTREGUE"): "'ENTREGUE'",
}


def main() -> None:
    import django

    django.setup()
    orders = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    from django.db import connection

    Catalogue(connection, orders).fill()


def active(n: int) -> bool:
    """Is this customer, or this product, one of those that are not switched off?"""
    return n % 50 != 0


def people_and_goods(orders: int) -> tuple[int, int]:
    """How many customers and products there are for so many orders."""
    return max(10, orders // 5), max(10, orders // 10)


class Catalogue:
    """Fills the tables, one after the other. Written for MySQL, MariaDB and PostgreSQL."""

    def __init__(self, connection: Any, orders: int) -> None:
        self.connection, self.orders = connection, orders
        self.customers, self.products = people_and_goods(orders)
        self.mysql = connection.vendor == "mysql"
        self.seconds = DAYS * 86_400 / orders  # between two orders

    def fill(self) -> None:
        """Step by step, telling how long it has taken so far."""
        from django.db import transaction

        began = time.monotonic()
        for step in [*self.steps(), self.settle]:
            with nullcontext() if step == self.settle else transaction.atomic():
                step()
            sys.stderr.write(f"{time.monotonic() - began:6.0f} s  {step.__name__}\n")

    def steps(self) -> list[Any]:
        return [
            self.account, self.numbers, self.register_customers, self.register_products, self.lines, self.place_orders,
            self.items, self.history, self.movements, self.ledger, self.counters, self.order_events, self.other_events,
            self.clean_up,
        ]  # fmt: skip

    def run(self, sql: str, values: Sequence[Any] = ()) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(sql, values or None)

    def insert(self, table: str, columns: str, rows: Iterator[Sequence[Any]]) -> None:
        """Many rows in each statement."""
        mark = f"({', '.join(['%s'] * len(columns.split(',')))})"
        batch: list[Sequence[Any]] = []
        for row in rows:
            batch.append(row)
            if len(batch) == AT_ONCE:
                self._insert(table, columns, mark, batch)
                batch = []
        if batch:
            self._insert(table, columns, mark, batch)

    def _insert(self, table: str, columns: str, mark: str, batch: list[Sequence[Any]]) -> None:
        values = [value for row in batch for value in row]
        self.run(f"INSERT INTO {table} ({columns}) VALUES {', '.join([mark] * len(batch))}", values)

    def account(self) -> None:
        from apps.authentication.models import User

        user, _new = User.objects.get_or_create(username="history", email="history@example.com", is_active=False)
        self.user = user.pk

    def numbers(self) -> None:
        """1, 2, 3 … as many as there are orders: what all the others are made from."""
        self.run("CREATE TABLE bench_numbers (n BIGINT NOT NULL PRIMARY KEY)")
        self.insert("bench_numbers", "n", ((n,) for n in range(1, 1001)))
        for bigger in (1_000, 1_000_000):
            if self.orders > bigger:
                self.run(
                    f"INSERT INTO bench_numbers SELECT a.n + {bigger} * b.n FROM bench_numbers a JOIN (SELECT n FROM"
                    f" bench_numbers WHERE n <= {min(999, self.orders // bigger)}) b ON a.n <= {bigger}"
                )
        self.run(f"DELETE FROM bench_numbers WHERE n > {self.orders}")

    def register_customers(self) -> None:
        from apps.common.text import fold

        def row(n: int) -> Sequence[Any]:
            first = TRADE[n % 9] if n % 5 == 0 else FIRST[n % 23]
            name = f"{first} {LAST[n // 23 % 28]} {LAST[n // 644 % 28]}"
            city, state = CITIES[n * n % 16 if n % 7 else n % 16].split("/")
            at = OPENED + timedelta(seconds=n)
            contact = (f"{n:011d}", f"c{n}@example.com", city, fold(city), state)
            return (n, 1, 1, at, at, name, fold(name), *contact, active(n))

        columns = (
            "id, version, event_sequence, created_at, updated_at, name, name_folded, document, email, city,"
            " city_folded, state, is_active"
        )
        self.insert("customers_customer", columns, (row(n) for n in range(1, self.customers + 1)))

    def register_products(self) -> None:
        from apps.common.text import bare, fold
        from apps.products.models import caseless

        def row(n: int) -> Sequence[Any]:
            name = f"{GOODS[n % 12]} {SIZES[n // 12 % 7]}, {LAST[n // 84 % 28]}"
            sku, at = f"SKU-{n:06d}", OPENED + timedelta(seconds=n)
            price, threshold = (
                f"{1 + n * 37 % 400}.{n % 100:02d}",
                (STOCK * 2 if n % 300 == 0 else 10) if n % 3 else None,
            )
            known = (sku, caseless(sku), bare(sku), name, fold(name), "")
            return (n, 1, 1, at, at, *known, price, STOCK, 0, threshold, active(n))

        columns = (
            "id, version, event_sequence, created_at, updated_at, sku, sku_folded, sku_bare, name, name_folded,"
            " description, price, on_hand, reserved, low_stock_threshold, is_active"
        )
        self.insert("products_product", columns, (row(n) for n in range(1, self.products + 1)))

    def lines(self) -> None:
        """What was ordered: the products of an order are a quarter of the catalogue apart, and so different."""
        self.run(
            "CREATE TABLE bench_lines AS SELECT o.n AS n, p.n AS position, 1 + (o.n + p.n) % 5 AS quantity,"
            f" 1 + (o.n * 17 + p.n * {self.products // 4}) % {self.products} AS product_id"
            " FROM bench_numbers o JOIN bench_numbers p ON p.n <= 4 AND p.n <= 1 + o.n % 4"
        )

    def place_orders(self) -> None:
        status, moment = STATUS.format(orders=self.orders), self._moment("n")
        self.run(
            "INSERT INTO orders_order (id, version, event_sequence, created_at, updated_at, placed_at, customer_id,"
            " status, subtotal, freight, total, notes, idempotency_key, fingerprint)"
            f" SELECT n, 1, CASE WHEN {status} = 'PENDENTE' THEN 1 ELSE 2 END, {moment}, {moment}, {moment},"
            f" 1 + (n * 7919) % {self.customers}, {status}, subtotal, n % 20, subtotal + n % 20, '', CONCAT('key-', n),"
            " REPEAT('f', 64) FROM (SELECT l.n, SUM(l.quantity * p.price) AS subtotal FROM bench_lines l"
            " JOIN products_product p ON p.id = l.product_id GROUP BY l.n ORDER BY l.n) made"
        )

    def items(self) -> None:
        self.run(
            "INSERT INTO orders_orderitem (id, order_id, product_id, sku, name, quantity, unit_price, subtotal)"
            " SELECT l.n * 1000 + l.position, l.n, p.id, p.sku, p.name, l.quantity, p.price, l.quantity * p.price"
            " FROM bench_lines l JOIN products_product p ON p.id = l.product_id ORDER BY l.n, l.position"
        )

    def history(self) -> None:
        columns = "INSERT INTO orders_statuschange (order_id, from_status, to_status, actor_id, note, created_at)"
        self.run(f"{columns} SELECT id, NULL, 'PENDENTE', {self.user}, '', created_at FROM orders_order ORDER BY id")
        for (source, target), came in CAME_TO.items():
            self.run(
                f"{columns} SELECT id, '{source}', '{target}', {self.user}, '', created_at FROM orders_order"
                f" WHERE status IN ({came}) ORDER BY id"
            )

    def movements(self) -> None:
        """Every change of stock, numbered as it happened: the opening first, then order by order."""
        self.run(
            "CREATE TABLE bench_moves (id BIGINT PRIMARY KEY, product_id BIGINT, kind VARCHAR(12), on_hand BIGINT,"
            " reserved BIGINT, reference VARCHAR(40), at_n BIGINT)"
        )
        insert = "INSERT INTO bench_moves SELECT"
        self.run(f"{insert} id, id, 'OPENING', {STOCK}, 0, CONCAT('product/', id), 0 FROM products_product")
        line = "FROM bench_lines l JOIN orders_order o ON o.id = l.n"
        base = f"{self.products} + l.n * 10 + l.position * 2"
        rest = "CONCAT('order/', l.n), l.n"
        self.run(f"{insert} {base}, l.product_id, 'RESERVATION', 0, l.quantity, {rest} {line}")
        self.run(
            f"{insert} {base} + 1, l.product_id, 'SHIPMENT', -l.quantity, -l.quantity, {rest} {line}"
            " WHERE o.status IN ('ENVIADO', 'ENTREGUE')"
        )
        self.run(
            f"{insert} {base} + 1, l.product_id, 'RELEASE', 0, -l.quantity, {rest} {line} WHERE o.status = 'CANCELADO'"
        )

    def ledger(self) -> None:
        self.run(
            "INSERT INTO products_stockmovement (id, product_id, kind, on_hand_delta, reserved_delta, on_hand_after,"
            " reserved_after, reference, reason, actor_id, created_at)"
            " SELECT id, product_id, kind, on_hand, reserved, SUM(on_hand) OVER running, SUM(reserved) OVER running,"
            f" reference, '', {self.user}, {self._moment('at_n')} FROM bench_moves"
            " WINDOW running AS (PARTITION BY product_id ORDER BY id) ORDER BY id"
        )

    def counters(self) -> None:
        moved = "SELECT product_id, SUM(on_hand) AS on_hand, SUM(reserved) AS reserved FROM bench_moves"
        sums = f"({moved} GROUP BY product_id)"
        if self.mysql:
            self.run(
                f"UPDATE products_product p JOIN {sums} s ON s.product_id = p.id"
                " SET p.on_hand = s.on_hand, p.reserved = s.reserved"
            )
        else:
            self.run(
                f"UPDATE products_product p SET on_hand = s.on_hand, reserved = s.reserved FROM {sums} s"
                " WHERE s.product_id = p.id"
            )

    def order_events(self) -> None:
        payload = (
            'CONCAT(\'{"order": {"id": \', id, \', "status": "\', status, \'", "total": "\', total,'
            " '\", \"notes\": \"', REPEAT('.', 300), '\"}}')"
        )
        self._events("order.created", "order", 1, payload, "orders_order")
        self._events("order.status_changed", "order", 2, payload, "orders_order", "WHERE status <> 'PENDENTE'")

    def other_events(self) -> None:
        for name, table in (("customer", "customers_customer"), ("product", "products_product")):
            self._events(f"{name}.created", name, 1, "CONCAT('{\"id\": ', id, '}')", table)

    def clean_up(self) -> None:
        for table in ("bench_moves", "bench_lines", "bench_numbers"):
            self.run(f"DROP TABLE {table}")
        if not self.mysql:  # Its numbers do not follow the ids that were given.
            for table in ("customers_customer", "products_product", "orders_order", "products_stockmovement"):
                self.run(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT MAX(id) FROM {table}))")

    def settle(self) -> None:
        """What servers do by themselves some minutes later, done now and not while something is measured."""
        from django.core.management import call_command

        call_command("settle_totals", wait=0, stdout=sys.stderr)
        call_command("list_names", stdout=sys.stderr)
        tables = "customers_customer", "products_product", "orders_order", "orders_orderitem", "events_event"
        others = "products_stockmovement", "orders_statuschange", "dashboard_ordersofday", "dashboard_salesofday"
        names = "customers_nametail", "customers_nameword"
        for table in (*tables, *others, *names):
            self.run(f"ANALYZE TABLE {table}" if self.mysql else f"VACUUM (ANALYZE) {table}")

    def _events(self, type_: str, subject: str, sequence: int, payload: str, table: str, where: str = "") -> None:
        payload = payload if self.mysql else f"({payload})::jsonb"
        self.run(
            "INSERT INTO events_event (type, subject, sequence, cause, occurred_at, actor, request_id, payload)"
            f" SELECT '{type_}', CONCAT('{subject}/', id), {sequence}, CONCAT('{subject}/', id), created_at, 'history',"
            f" NULL, {payload} FROM {table} {where} ORDER BY id"
        )

    def _moment(self, n: str) -> str:
        seconds = f"{n} * {self.seconds}"
        if self.mysql:
            return f"DATE_ADD('{OPENED:%Y-%m-%d}', INTERVAL ROUND({seconds}) SECOND)"
        return f"TIMESTAMPTZ '{OPENED:%Y-%m-%d %H:%M:%S+00}' + INTERVAL '1 second' * ROUND({seconds})"


if __name__ == "__main__":
    main()
