"""The kinds of work that are measured: which calls a client makes, and what the driver alone does instead."""

import itertools
import json
import random
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from bench.clients import Call, Line, request
from bench.floor import Floor
from bench.shop import Shop

STEPS = ("CONFIRMADO", "SEPARADO", "ENVIADO", "ENTREGUE")
BATCH = 100  # orders in a call
KNOWN = 50  # orders that a client makes, to place them again and again


@dataclass(frozen=True, slots=True)
class Till:
    """What a client works with."""

    name: str  # unlike any other client's, before or now
    line: Line
    token: str
    shop: Shop
    lines: int
    orders: list[int]  # that it may move, or read

    def ask(self, method: str, path: str, body: Any = None, key: str = "", status: int = 200) -> Callable[[], bytes]:
        raw = request(method, path, self.token, json.dumps(body).encode() if body is not None else b"", key)
        return partial(self.line.ask, raw, status)


@dataclass(frozen=True, slots=True)
class Goal:
    """At least so many times the rate of the floor or of `create`; of `bare`, at most so much of its processor time."""

    times: float
    of: str  # floor, create or bare

    def met(self, value: float) -> bool:
        return value <= self.times if self.of == "bare" else value >= self.times


@dataclass(frozen=True, slots=True)
class Work:
    """One kind of work."""

    title: str
    calls: Callable[[Till], Iterator[Call]]
    goal: Goal
    warm_up: Callable[[Till], Iterator[Call]] | None = None  # A few of the calls, if not said.
    lines: int = 0  # of each order; 0: as many as were asked for
    hot: bool = False  # Everybody wants the same few products.
    beside: str = ""  # What a round of its own is compared with; else the rate is compared with the floor of `create`.
    uses_up: float = 0.0  # orders for each call, made beforehand
    per_call: int = 1  # orders (or answers) in each call
    probe: tuple[str, str] = field(default=("", ""))  # a method and path that must not answer 404


def some(shop: Shop, lines: int, hot: bool) -> dict[int, int]:
    """So many different products, and how many of each."""
    return dict.fromkeys(random.sample(shop.hot if hot else shop.products, lines), 1)


def order(till: Till, lines: int, hot: bool = False) -> dict[str, Any]:
    items = [{"product_id": pk, "quantity": quantity} for pk, quantity in some(till.shop, lines, hot).items()]
    return {"customer_id": random.choice(till.shop.customers), "items": items}


def creating(till: Till, *, hot: bool = False) -> Iterator[Call]:
    while True:
        yield till.ask("POST", "/orders", order(till, till.lines, hot), key=secrets.token_hex(12), status=201)


def known_orders(till: Till) -> list[tuple[dict[str, Any], str]]:
    dice = random.Random(till.name)  # The same ones when it warms up and when it counts.
    made = []
    for number in range(KNOWN):
        items = [{"product_id": pk, "quantity": 1} for pk in dice.sample(till.shop.products, till.lines)]
        body = {"customer_id": dice.choice(till.shop.customers), "items": items}
        made.append((body, f"known-{till.name}-{number}"))
    return made


def first_time(till: Till) -> Iterator[Call]:
    for body, key in known_orders(till):
        yield till.ask("POST", "/orders", body, key=key, status=201)


def replaying(till: Till) -> Iterator[Call]:
    yield from itertools.cycle([till.ask("POST", "/orders", body, key=key) for body, key in known_orders(till)])


def moving(till: Till) -> Iterator[Call]:
    for pk in till.orders:
        for step in STEPS:
            yield till.ask("PATCH", f"/orders/{pk}/status", {"status": step})


def cancelling(till: Till) -> Iterator[Call]:
    for pk in till.orders:
        yield till.ask("DELETE", f"/orders/{pk}")


def in_batches(till: Till) -> Iterator[Call]:
    while True:
        orders = [order(till, till.lines) | {"idempotency_key": secrets.token_hex(12)} for _ in range(BATCH)]
        yield till.ask("POST", "/orders/batch", {"orders": orders})


def reading(till: Till) -> Iterator[Call]:
    while True:
        yield till.ask("GET", f"/orders/{random.choice(till.orders)}")


def listing(till: Till) -> Iterator[Call]:
    while True:
        yield till.ask("GET", "/orders")


WORKS = {
    "create": Work("POST /orders, {lines} lines", creating, Goal(0.5, "floor"), beside="floor"),
    # At most 2.5 times as long as three lines take.
    "create50": Work("POST /orders, 50 lines", creating, Goal(0.4, "create"), lines=50, beside="floor"),
    "hot": Work(
        "POST /orders, 3 of the same 5 products",
        partial(creating, hot=True),
        Goal(0.6, "floor"),
        lines=3,
        hot=True,
        beside="floor",
    ),
    "replay": Work("POST /orders, a known key", replaying, Goal(2, "create"), first_time),
    "status": Work("PATCH /orders/:id/status", moving, Goal(1, "create"), uses_up=0.25),
    "cancel": Work("DELETE /orders/:id", cancelling, Goal(1, "create"), uses_up=1),
    "batch": Work(
        "POST /orders/batch, 100 orders",
        in_batches,
        Goal(2, "floor"),
        per_call=BATCH,
        probe=("POST", "/orders/batch"),
    ),
    "read": Work("GET /orders/:id", reading, Goal(3, "bare"), beside="bare"),
    "list": Work("GET /orders, 20 rows", listing, Goal(3, "bare"), beside="bare"),
}


def placing(floor: Floor, lines: int, *, hot: bool = False) -> Iterator[Call]:
    """The same orders, placed by the driver alone. Products are locked in key order."""
    while True:
        wanted = dict(sorted(some(floor.shop, lines, hot).items()))
        yield partial(floor.place, random.choice(floor.shop.customers), wanted, secrets.token_hex(12))
