#!/usr/bin/env python3
"""Walk the whole way of an order against a running server, and show each step in a table: `make smoke BASE_URL=…`.

Sign-in → customer → product → order, twice with one key → status → cancel → stock back. What it makes it takes away
again (the cancelled order stays). Needs nothing but Python. The exit code is 1 when any step went wrong.
"""

import argparse
import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any

TIMEOUT = 20  # seconds


class Answer:
    """What came back: status, headers and, if it is JSON, the body."""

    def __init__(self, response: Any) -> None:
        self.status: int = response.status
        self.headers = response.headers
        self.text = response.read().decode(errors="replace")
        self.body: Any = json.loads(self.text) if "json" in (self.headers["Content-Type"] or "") and self.text else {}


class Server:
    """The server under test, and the token with which it is asked."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/")
        self.token = ""

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        data = None if body is None else json.dumps(body).encode()
        if data is not None:
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(self.base_url + path, data, headers, method=method)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as response:  # noqa: S310
                return Answer(response)
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error)

    def wait(self, seconds: float) -> None:
        """Return when it answers, or after that many seconds; the first step then tells."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if self.ask("GET", "/health").status == 200:
                    return
            except OSError:
                pass
            time.sleep(0.5)


class Walk:
    """Steps done one after the other; each may look at what an earlier one brought."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.rows: list[tuple[str, str, str, float, bool]] = []

    def step(
        self, name: str, status: int, *request: Any, so_that: Callable[[Answer], object] | None = None, **headers: str
    ) -> Answer:
        """Ask, compare the status and what else should hold, and note it. Raises `Wrong` where it does not."""
        started = time.perf_counter()
        try:
            answer = self.server.ask(*request, **headers)
        except (OSError, ValueError) as error:
            self._note(name, status, f"{type(error).__name__}: {error}", started, good=False)
            raise Wrong from error
        good = answer.status == status
        came = f"{answer.status} {answer.body.get('code', '')}".strip() if not good else str(answer.status)
        if good and so_that is not None:
            try:
                good = bool(so_that(answer))
            except (KeyError, TypeError, IndexError):
                good = False
            came += "" if good else f", but {answer.text[:200]}"
        self._note(name, status, came, started, good=good)
        if not good:
            raise Wrong
        return answer

    def _note(self, name: str, status: int, came: str, started: float, *, good: bool) -> None:
        self.rows.append((name, str(status), came, (time.perf_counter() - started) * 1000, good))

    def table(self) -> str:
        lines = [f"{'step':<44} {'expected':>8}  {'ms':>6}  came"]
        lines += [
            f"{name:<44} {status:>8}  {taken:>6.0f}  {came}{'' if good else '   ← WRONG'}"
            for name, status, came, taken, good in self.rows
        ]
        return "\n".join(lines)


class Wrong(Exception):
    """A step did not go as it should; the last row of the table tells."""


def stock_is(on_hand: int, reserved: int) -> Callable[[Answer], bool]:
    return lambda answer: (answer.body["on_hand"], answer.body["reserved"]) == (on_hand, reserved)


def walk(walk: Walk, username: str, password: str) -> None:
    """The whole way. Raises `Wrong` at the first step that fails."""
    server, mark = walk.server, uuid.uuid4().hex[:12]
    walk.step("health", 200, "GET", "/health", so_that=lambda answer: answer.body["checks"]["database"] == "ok")
    for page in ("/docs", "/redoc", "/api/schema"):
        walk.step(page, 200, "GET", page)
    walk.step("orders are closed to strangers", 401, "GET", "/api/v1/orders")

    signed_in = walk.step(
        f"sign in as {username}", 200, "POST", "/api/v1/auth/jwt/login", {"username": username, "password": password}
    )
    server.token = signed_in.body["access"]
    customer = walk.step("a customer", 201, "POST", "/api/v1/customers", {"name": f"Smoke test {mark}"}).body["id"]
    try:
        product = walk.step(
            "a product with 10 on hand", 201, "POST", "/api/v1/products",
            {"sku": f"SMOKE-{mark}", "name": "Smoke test", "price": "58.90", "on_hand": 10},
        ).body["id"]  # fmt: skip
        try:
            order_of_three(walk, customer, product, key=f"smoke-{mark}")
        finally:
            walk.step("take the product away", 204, "DELETE", f"/api/v1/products/{product}")
    finally:
        walk.step("take the customer away", 204, "DELETE", f"/api/v1/customers/{customer}")


def order_of_three(walk: Walk, customer: int, product: int, key: str) -> None:
    body = {"customer_id": customer, "items": [{"product_id": product, "quantity": 3}], "freight": "12.00"}
    at, stock = "/api/v1/orders", f"/api/v1/products/{product}"
    order = walk.step(
        "an order of 3", 201, "POST", at, body, Idempotency_Key=key,
        so_that=lambda answer: answer.body["total"] == "188.70",
    ).body["id"]  # fmt: skip
    try:
        walk.step(
            "the same again, with the same key: a replay", 200, "POST", at, body, Idempotency_Key=key,
            so_that=lambda answer: answer.body["id"] == order and answer.headers["Idempotency-Replayed"] == "true",
        )  # fmt: skip
        walk.step("another order with that key is refused", 422, "POST", at, body | {"notes": "x"}, Idempotency_Key=key)
        walk.step("3 are reserved, once", 200, "GET", stock, so_that=stock_is(10, 3))
        walk.step(
            "too many are refused", 409, "POST", at,
            body | {"items": [{"product_id": product, "quantity": 8}]}, Idempotency_Key=f"{key}-too-many",
            so_that=lambda answer: answer.body["shortages"][0]["available"] == 7,
        )  # fmt: skip
        walk.step(
            "confirm the order", 200, "PATCH", f"{at}/{order}/status", {"status": "CONFIRMADO"},
            so_that=lambda answer: answer.body["status"] == "CONFIRMADO",
        )  # fmt: skip
    finally:
        walk.step(
            "cancel it", 200, "DELETE", f"{at}/{order}", {"reason": "Smoke test"},
            so_that=lambda answer: answer.body["status"] == "CANCELADO",
        )  # fmt: skip
    walk.step("the stock is back", 200, "GET", stock, so_that=stock_is(10, 0))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("base_url", nargs="?", default="http://localhost:8000")
    parser.add_argument("--wait", type=float, default=0, metavar="SECONDS", help="wait so long for /health to be well")
    parser.epilog = (
        "The account: SMOKE_USERNAME (manager) and SMOKE_PASSWORD (DEMO_PASSWORD, or that of the demo). It must be "
        "allowed to make customers, products and orders."
    )
    options = parser.parse_args()
    username = os.environ.get("SMOKE_USERNAME") or "manager"
    password = os.environ.get("SMOKE_PASSWORD") or os.environ.get("DEMO_PASSWORD") or "demo-password"

    server = Server(options.base_url)
    server.wait(options.wait)
    done = Walk(server)
    with suppress(Wrong):
        walk(done, username, password)
    wrong = sum(not good for *_rest, good in done.rows)
    print(done.table())  # noqa: T201
    print(f"\n{server.base_url}: {len(done.rows) - wrong} steps as they should be, {wrong} wrong")  # noqa: T201
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
