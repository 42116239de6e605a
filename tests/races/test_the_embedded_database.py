"""SQLite, the database of a bare laptop, under many clients: a file, several server processes, and no 500."""

import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

pytestmark = pytest.mark.django_db(transaction=True)

CLIENTS, START = 30, 30  # threads, seconds


class Server:
    """The application as `make run` serves it, on a copy of the test's database."""

    def __init__(self, database: Path, token: str) -> None:
        self.database, self.token = database, token
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        environment = os.environ | {
            "DB_ENGINE": "sqlite",
            "DB_NAME": str(database),
            "SECRET_KEY": settings.SECRET_KEY,
            "DEBUG": "false",
            "ALLOWED_HOSTS": "127.0.0.1",
            "RATE_LIMIT_ENABLED": "false",
            "REDIS_URL": "",
            "PORT": str(self.port),
            "WEB_CONCURRENCY": "3",
            "LOG_LEVEL": "ERROR",
        }
        command = [sys.executable, "-m", "gunicorn", "--preload", "-c", "config/gunicorn.py", "config.wsgi:application"]
        self.process = subprocess.Popen(command, cwd=settings.BACKEND, env=environment, start_new_session=True)

    def wait(self) -> None:
        deadline = time.monotonic() + START
        while time.monotonic() < deadline:
            try:
                if self.ask("GET", "/health")[0] == 200:
                    return
            except OSError:
                time.sleep(0.1)
        raise TimeoutError("no 200 on /health")

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """The status and the JSON of an answer."""
        caller = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        caller.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = caller.getresponse()
        text = answer.read()
        caller.close()
        return answer.status, json.loads(text) if text else None

    def stop(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)  # Nobody is being served any more.
        self.process.wait(timeout=30)

    def books(self, sql: str) -> list[tuple[Any, ...]]:
        with sqlite3.connect(self.database) as reader:
            return reader.execute(sql).fetchall()


@pytest.fixture
def server(api_as: Any, tmp_path: Path) -> Iterator[Any]:
    """server(): started once the test has made its rows."""
    if connection.vendor != "sqlite":
        pytest.skip("is about SQLite")
    running: list[Server] = []

    def start() -> Server:
        token = api_as("Manager")._credentials["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(tmp_path / "shop.sqlite3")])
        running.append(Server(tmp_path / "shop.sqlite3", token))
        running[0].wait()
        return running[0]

    yield start
    for one in running:
        one.stop()


def test_thirty_clients_order_move_and_cancel_at_once(server, a_customer, a_product):
    ana, lamp, rug = a_customer(), a_product(in_stock=75), a_product(in_stock=1000)
    shop = server()

    def order(key: str) -> tuple[int, Any]:
        items = [{"product_id": product.pk, "quantity": 1} for product in (rug, lamp)]
        return shop.ask("POST", "/api/v1/orders", {"customer_id": ana.pk, "items": items, "idempotency_key": key})

    def client(number: int) -> list[tuple[str, int]]:
        said = []
        for turn in range(2):
            status, placed = order(f"client-{number}-{turn}")
            said.append(("order", status))
        said.append(("twin", order("everybody")[0]))
        moved = {"status": "CONFIRMADO"}
        said.append(("move", shop.ask("PATCH", f"/api/v1/orders/{placed['id']}/status", moved)[0]))
        said.append(("count", shop.ask("PATCH", f"/api/v1/products/{rug.pk}/stock", {"delta": 1})[0]))
        said.append(("cancel", shop.ask("DELETE", f"/api/v1/orders/{placed['id']}")[0]))
        return said

    with ThreadPoolExecutor(CLIENTS) as threads:
        answers = Counter(answer for said in threads.map(client, range(CLIENTS)) for answer in said)

    assert answers == {
        ("order", 201): 2 * CLIENTS,
        ("twin", 201): 1,
        ("twin", 200): CLIENTS - 1,
        ("move", 200): CLIENTS,
        ("count", 200): CLIENTS,
        ("cancel", 200): CLIENTS,
    }
    open_orders = CLIENTS + 1
    assert shop.books("SELECT on_hand, reserved FROM products_product ORDER BY id") == [
        (75, open_orders),
        (1000 + CLIENTS, open_orders),
    ]
    assert shop.books(
        "SELECT SUM(on_hand_delta), SUM(reserved_delta) FROM products_stockmovement GROUP BY product_id ORDER BY 1"
    ) == [(75, open_orders), (1000 + CLIENTS, open_orders)]
    assert shop.books("SELECT subject FROM events_event GROUP BY subject HAVING COUNT(*) <> MAX(sequence)") == []


def test_the_last_pieces_are_sold_once_by_several_processes(server, a_customer, a_product):
    ana, lamp = a_customer(), a_product(in_stock=10)
    shop = server()

    def buy(number: int) -> int:
        body = {"customer_id": ana.pk, "items": [{"product_id": lamp.pk, "quantity": 1}]}
        return shop.ask("POST", "/api/v1/orders", body | {"idempotency_key": f"client-{number}"})[0]

    with ThreadPoolExecutor(CLIENTS) as threads:
        answers = Counter(threads.map(buy, range(CLIENTS)))

    assert answers == {201: 10, 409: CLIENTS - 10}
    assert shop.books("SELECT on_hand, reserved FROM products_product") == [(10, 10)]
    assert shop.books("SELECT COUNT(*) FROM orders_order") == [(10,)]
