#!/usr/bin/env python3
"""Run a command while orders go on, and count what they noticed of it: `scripts/while_ordering.py URL -- COMMAND…`.

A few clients place, read, confirm and cancel orders at a small, steady rate, from some seconds before the command to
some seconds after it. Nothing is asked twice: one refused, broken or late answer is one failure. In the end there must
be as many orders as were answered with 201, and all the stock must be back. The account is that of the smoke test.
The exit code is the command's, or 1 when anything failed.
"""

import argparse
import http.client
import json
import os
import subprocess
import sys
import threading
import time
import urllib.parse
import uuid
from typing import Any

CLIENTS = 4
STOCK = 100_000


class Client:
    """One client of the API. Every second one keeps its connection, the others make a new one for each request."""

    def __init__(self, url: str, *, keeps: bool) -> None:
        parts = urllib.parse.urlsplit(url)
        if parts.scheme != "http" or parts.hostname is None:
            raise SystemExit(f"{url} is no http:// address")
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=20)
        self.headers = {"Content-Type": "application/json"} | ({} if keeps else {"Connection": "close"})

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
        """Status and body; 0 and the reason, when no whole answer came."""
        try:
            self.connection.request(
                method, "/api/v1" + path, None if body is None else json.dumps(body), self.headers | headers
            )
            answer = self.connection.getresponse()
            text = answer.read()
            return answer.status, json.loads(text) if text else {}
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.connection.close()
            return 0, f"{type(error).__name__}: {error}"


class Load:
    """What the clients do, and what came of it."""

    def __init__(self, url: str, token: str, rate: float) -> None:
        self.url, self.token, self.pause = url, token, CLIENTS / rate
        self.over = threading.Event()
        self.lock = threading.Lock()
        self.asked = self.placed = 0
        self.slowest = 0.0
        self.failures: list[str] = []

    def client(self, *, keeps: bool) -> Client:
        client = Client(self.url, keeps=keeps)
        client.headers["Authorization"] = f"Bearer {self.token}"
        return client

    def asks(self, client: Client, status: int, method: str, path: str, body: object = None, **headers: str) -> Any:
        """Ask and note it, then pause. The body, or None if it was not what it should be."""
        started = time.monotonic()
        came, answer = client.ask(method, path, body, **headers)
        taken = time.monotonic() - started
        with self.lock:
            self.asked += 1
            self.slowest = max(self.slowest, taken)
            if came != status:
                said = answer.get("code", "") if isinstance(answer, dict) else answer
                self.failures.append(f"{time.strftime('%H:%M:%S')} {method} {path}: {came} {said} in {taken:.1f} s")
        time.sleep(max(0.0, self.pause - taken))
        return answer if came == status else None

    def orders(self, number: int, customer: int, product: int) -> None:
        """One client: order after order, each from PENDENTE to CANCELADO."""
        client = self.client(keeps=number % 2 == 0)
        body = {"customer_id": customer, "items": [{"product_id": product, "quantity": 1}]}
        while not self.over.is_set():
            order = self.asks(client, 201, "POST", "/orders", body, **{"Idempotency-Key": str(uuid.uuid4())})
            if order is None:
                continue
            with self.lock:
                self.placed += 1
            at = f"/orders/{order['id']}"
            self.asks(client, 200, "GET", at)
            self.asks(client, 200, "PATCH", f"{at}/status", {"status": "CONFIRMADO"})
            self.asks(client, 200, "DELETE", at)

    def during(self, command: list[str], before: float, after: float) -> int:
        """The command's exit code, and in `failures` what went wrong beside it."""
        owner, mark = self.client(keeps=False), uuid.uuid4().hex[:12]
        customer = self.asks(owner, 201, "POST", "/customers", {"name": f"While ordering {mark}"})["id"]
        product = self.asks(
            owner, 201, "POST", "/products",
            {"sku": f"WHILE-{mark}", "name": "While ordering", "price": "9.90", "on_hand": STOCK},
        )["id"]  # fmt: skip
        threads = [threading.Thread(target=self.orders, args=(n, customer, product)) for n in range(CLIENTS)]
        for thread in threads:
            thread.start()
        try:
            time.sleep(before)
            code = subprocess.run(command, check=False).returncode  # noqa: S603 - what the caller typed
            time.sleep(after)
        finally:
            self.over.set()
            for thread in threads:
                thread.join()

        there = (self.asks(owner, 200, "GET", f"/orders?customer_id={customer}&page_size=1") or {}).get("count")
        if there != self.placed:
            self.failures.append(f"{self.placed} orders were answered with 201, and {there} are there")
        stock = self.asks(owner, 200, "GET", f"/products/{product}") or {}
        if (stock.get("on_hand"), stock.get("reserved")) != (STOCK, 0):
            self.failures.append(f"not all the stock is back: {stock}")
        self.asks(owner, 204, "DELETE", f"/products/{product}")
        self.asks(owner, 204, "DELETE", f"/customers/{customer}")
        return code


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("url")
    parser.add_argument("command", nargs="+")
    parser.add_argument("--rate", type=float, default=8, help="requests in a second, of all clients together (8)")
    parser.add_argument("--before", type=float, default=3, metavar="SECONDS")
    parser.add_argument("--after", type=float, default=5, metavar="SECONDS")
    options = parser.parse_args()
    account = {
        "username": os.environ.get("SMOKE_USERNAME") or "manager",
        "password": os.environ.get("SMOKE_PASSWORD") or os.environ.get("DEMO_PASSWORD") or "demo-password",
    }
    status, signed_in = Client(options.url, keeps=False).ask("POST", "/auth/jwt/login", account)
    if status != 200:
        sys.exit(f"Nobody could sign in: {status} {signed_in}")

    load = Load(options.url, signed_in["access"], options.rate)
    code = load.during(options.command, options.before, options.after)
    print(*load.failures, sep="\n", end="\n" if load.failures else "")  # noqa: T201
    print(  # noqa: T201
        f"{load.asked} requests, {load.placed} orders, the slowest answer in {load.slowest:.2f} s: "
        f"{len(load.failures)} failed; the command ended with {code}"
    )
    return code or (1 if load.failures else 0)


if __name__ == "__main__":
    sys.exit(main())
