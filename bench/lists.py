"""Every filter, ordering and search of the contract, asked for one after the other on a shop that is two years old."""

import itertools
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bench.clients import Line, request
from bench.measures import percentile

ASKED = 12  # times each; the slowest of a few says more than the mean of many
PAGES_APART = 50_000

ORDERINGS = {
    "/orders": ("placed_at", "total", "created_at"),
    "/customers": ("name", "created_at"),
    "/products": ("name", "sku", "price", "available", "created_at"),
}
NAMES = {"rare": "zanetti dos anj", "middling": "padaria", "frequent": "a", "absent": "xyzzy"}
GOODS = {"rare": "lata, ibiapina", "middling": "açúcar", "frequent": "e", "absent": "xyzzy"}


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many rows there are to choose from."""

    orders: int
    customers: int
    products: int


type Query = Callable[[random.Random, Sizes], str]


def _day(dice: random.Random) -> str:
    return f"{dice.choice((2024, 2025))}-{dice.randint(1, 11):02}-{dice.randint(1, 28):02}"


def _said(text: str) -> Query:
    return lambda _dice, _sizes: text


FILTERS: dict[str, dict[str, Query]] = {
    "/orders": {
        "nothing": _said(""),
        **{f"status {name}": _said(f"status={name}") for name in ("PENDENTE", "ENTREGUE", "CANCELADO")},
        "two statuses": _said("status=PENDENTE&status=CONFIRMADO"),
        "customer_id": lambda dice, sizes: f"customer_id={dice.randint(1, sizes.customers)}",
        "product_id": lambda dice, sizes: f"product_id={dice.randint(1, sizes.products)}",
        "number": lambda dice, sizes: f"number=PED-{dice.randint(1, sizes.orders):08}",
        "a day": lambda dice, _sizes: f"placed_after={(day := _day(dice))}&placed_before={day}",
        "placed_after": lambda dice, _sizes: f"placed_after={_day(dice)}",
        "placed_before": lambda dice, _sizes: f"placed_before={_day(dice)}",
        "total_min": _said("total_min=9000"),
        "total_max": _said("total_max=20"),
        "total range": lambda dice, _sizes: f"total_min={(least := dice.randint(20, 4000))}&total_max={least + 1}",
        **{f"search {kind}": _said(f"search={text}") for kind, text in NAMES.items()},
        "search number": lambda dice, sizes: f"search=PED-{dice.randint(1, sizes.orders):08}",
    },
    "/customers": {
        "nothing": _said(""),
        **{f"name {kind}": _said(f"name={text}") for kind, text in NAMES.items()},
        "document": lambda dice, sizes: f"document={dice.randint(1, sizes.customers):011}",
        "email": lambda dice, sizes: f"email=c{dice.randint(1, sizes.customers)}@example.com",
        "city": _said("city=londrina"),
        "part of a city": _said("city=polis"),
        "no such city": _said("city=xyzzy"),
        "state": _said("state=AP"),
        "inactive": _said("is_active=false"),
        "active": _said("is_active=true"),
        "created_after": _said("created_after=2024-01-03"),
        "created_before": _said("created_before=2024-01-01"),
        **{f"search {kind}": _said(f"search={text}") for kind, text in NAMES.items()},
        "search document": lambda dice, sizes: f"search={dice.randint(1, sizes.customers):011}",
    },
    "/products": {
        "nothing": _said(""),
        "sku": lambda dice, sizes: f"sku=SKU-{dice.randint(1, sizes.products):06}",
        **{f"name {kind}": _said(f"name={text}") for kind, text in GOODS.items()},
        "inactive": _said("is_active=false"),
        "active": _said("is_active=true"),
        "price_min": _said("price_min=399"),
        "price_max": _said("price_max=2"),
        "price range": lambda dice, _sizes: f"price_min={(least := dice.randint(2, 399))}&price_max={least + 0.5}",
        "low stock": _said("low_stock=true"),
        "not low stock": _said("low_stock=false"),
        **{f"search {kind}": _said(f"search={text}") for kind, text in GOODS.items()},
        "search sku": lambda dice, sizes: f"search=SKU-{dice.randint(1, sizes.products):06}",
        "search part of sku": lambda dice, sizes: f"search={dice.randint(1, sizes.products):06}",
    },
}


@dataclass(frozen=True, slots=True)
class Case:
    """A list as it is asked for."""

    path: str
    filtered: str
    ordered: str  # "" as the list stands by itself
    walk: str  # "page" or "cursor"

    @property
    def name(self) -> str:
        return " ".join(word for word in (self.path, self.filtered, self.ordered, self.walk) if word)

    def url(self, dice: random.Random, sizes: Sizes) -> str:
        parts = [
            FILTERS[self.path][self.filtered](dice, sizes).replace(" ", "%20"),
            "cursor=" * (self.walk == "cursor"),
        ]
        parts.append(f"ordering={self.ordered}" if self.ordered else "")
        return f"{self.path}?{'&'.join(part for part in parts if part)}"


def cases(*, every_ordering: bool) -> Iterator[Case]:
    """Each filter in the usual order, each ordering without a filter; or each with each."""
    for path, filters in FILTERS.items():
        orderings = [sign + name for name in ORDERINGS[path] for sign in ("", "-")]
        for filtered, ordered in itertools.product(filters, ["", *orderings]):
            if every_ordering or not ordered or filtered == "nothing":
                for walk in ("page", "cursor"):
                    yield Case(path, filtered, ordered, walk)


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds that a case took."""

    case: str
    p50: float
    p95: float
    slowest: float
    rows: int


def ask(line: Line, token: str, sizes: Sizes, chosen: Iterator[Case]) -> Iterator[Took]:
    """Ask for each case a few times, the first time not counted."""
    dice = random.Random(1)
    for case in chosen:
        taken, rows = [], 0
        for _ in range(ASKED + 1):
            raw = request("GET", f"/{case.url(dice, sizes).lstrip('/')}", token)
            began = time.perf_counter()
            rows = line.ask(raw, 200).count(b'"version"')
            taken.append((time.perf_counter() - began) * 1000)
        counted = sorted(taken[1:])
        yield Took(case.name, percentile(counted, 0.5), percentile(counted, 0.95), counted[-1], rows)


def summary(took: list[Took]) -> dict[str, Any]:
    """The slowest of all, for the report."""
    return {each.case: {"p50_ms": each.p50, "p95_ms": each.p95, "slowest_ms": each.slowest} for each in took}
