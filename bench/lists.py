"""Every filter, ordering and search of the contract, and the dashboard, to be asked for in the shop of `catalogue`.

The words that are looked for change from request to request where the shop has more than one of their kind.
"""

import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Self
from urllib.parse import quote

from bench.catalogue import CITIES, DAYS, GOODS, LAST, OPENED, SIZES, TRADE, people_and_goods

STATUSES = ("PENDENTE", "ENTREGUE", "CANCELADO")
ORDERINGS = {
    "/orders": ("placed_at", "total", "created_at"),
    "/customers": ("name", "created_at"),
    "/products": ("name", "sku", "price", "available", "created_at"),
}


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many rows there are to choose from."""

    orders: int
    customers: int
    products: int

    @classmethod
    def of(cls, orders: int) -> Self:
        """In the catalogue of so many orders."""
        return cls(orders, *people_and_goods(orders))


type Query = Callable[[random.Random, Sizes], str]


def _said(text: str) -> Query:
    return lambda _dice, _sizes: text


def _one_of(name: str, words: Sequence[str]) -> Query:
    return lambda dice, _sizes: f"{name}={dice.choice(words)}"


def _day(dice: random.Random) -> str:
    return f"{dice.choice((2024, 2025))}-{dice.randint(1, 11):02}-{dice.randint(1, 28):02}"


def _registered(dice: random.Random, sizes: Sizes) -> str:
    """A moment at which customers were registered: one each second, from the opening on."""
    return f"{OPENED + timedelta(seconds=dice.randint(1, sizes.customers)):%Y-%m-%dT%H:%M:%SZ}"


def _people(name: str) -> dict[str, Query]:
    """Parts of names that few customers have, that every forty-fifth has, that most have, that nobody has."""
    return {
        f"{name} rare": lambda dice, _sizes: f"{name}={dice.choice(LAST)} {dice.choice(LAST)[:6].strip()}",
        f"{name} middling": _one_of(name, TRADE),
        f"{name} frequent": _one_of(name, "aeio"),
        f"{name} absent": lambda dice, _sizes: f"{name}=xyzzy{dice.randint(1, 99)}",
    }


def _goods(name: str) -> dict[str, Query]:
    """Parts of names that some hundred products have, that every twelfth has, that most have, that none has."""
    return {
        f"{name} rare": lambda dice, _sizes: f"{name}={dice.choice(SIZES)}, {dice.choice(LAST)}",
        f"{name} middling": _one_of(name, GOODS),
        f"{name} frequent": _one_of(name, "aeo"),
        f"{name} absent": lambda dice, _sizes: f"{name}=xyzzy{dice.randint(1, 99)}",
    }


FILTERS: dict[str, dict[str, Query]] = {
    "/orders": {
        "nothing": _said(""),
        **{f"status {name}": _said(f"status={name}") for name in STATUSES},
        "two statuses": _said("status=PENDENTE&status=CONFIRMADO"),
        "customer_id": lambda dice, sizes: f"customer_id={dice.randint(1, sizes.customers)}",
        "product_id": lambda dice, sizes: f"product_id={dice.randint(1, sizes.products)}",
        "number": lambda dice, sizes: f"number=PED-{dice.randint(1, sizes.orders):08}",
        "a day": lambda dice, _sizes: f"placed_after={(day := _day(dice))}&placed_before={day}",
        "placed_after": lambda dice, _sizes: f"placed_after={_day(dice)}",
        "placed_before": lambda dice, _sizes: f"placed_before={_day(dice)}",
        "total_min": lambda dice, _sizes: f"total_min={dice.randint(2000, 6000)}",
        "total_max": lambda dice, _sizes: f"total_max={dice.randint(5, 60)}",
        "total range": lambda dice, _sizes: f"total_min={(least := dice.randint(20, 4000))}&total_max={least + 1}",
        **_people("search"),
        "search number": lambda dice, sizes: f"search=PED-{dice.randint(1, sizes.orders):08}",
    },
    "/customers": {
        "nothing": _said(""),
        **_people("name"),
        "document": lambda dice, sizes: f"document={dice.randint(1, sizes.customers):011}",
        "email": lambda dice, sizes: f"email=c{dice.randint(1, sizes.customers)}@example.com",
        "city": _one_of("city", [city.partition("/")[0] for city in CITIES]),
        "part of a city": _one_of("city", ("polis", "ondri", "uberl", "paul")),
        "no such city": lambda dice, _sizes: f"city=xyzzy{dice.randint(1, 99)}",
        "state": _one_of("state", [city.partition("/")[2] for city in CITIES]),
        "inactive": _said("is_active=false"),
        "active": _said("is_active=true"),
        "created_after": lambda dice, sizes: f"created_after={_registered(dice, sizes)}",
        "created_before": lambda dice, sizes: f"created_before={_registered(dice, sizes)}",
        **_people("search"),
        "search document": lambda dice, sizes: f"search={dice.randint(1, sizes.customers):011}",
    },
    "/products": {
        "nothing": _said(""),
        "sku": lambda dice, sizes: f"sku=SKU-{dice.randint(1, sizes.products):06}",
        **_goods("name"),
        "inactive": _said("is_active=false"),
        "active": _said("is_active=true"),
        "price_min": lambda dice, _sizes: f"price_min={dice.randint(300, 399)}",
        "price_max": lambda dice, _sizes: f"price_max={dice.randint(2, 100)}",
        "price range": lambda dice, _sizes: f"price_min={(least := dice.randint(2, 399))}&price_max={least + 0.5}",
        "low stock": _said("low_stock=true"),
        "not low stock": _said("low_stock=false"),
        **_goods("search"),
        "search sku": lambda dice, sizes: f"search=SKU-{dice.randint(1, sizes.products):06}",
        "search part of sku": lambda dice, sizes: f"search={dice.randint(1, sizes.products):06}",
    },
}


def _period(days: int) -> Query:
    """So many days, each time other ones."""

    def asked(dice: random.Random, _sizes: Sizes) -> str:
        first = OPENED.date() + timedelta(days=dice.randint(0, DAYS - days))
        return f"from={first}&to={first + timedelta(days=days - 1)}"

    return asked


FIGURES: dict[str, Query] = {
    "a week": _period(7),
    "a month": _period(30),
    "a quarter": _period(92),
    "the same quarter": _said("from=2025-07-01&to=2025-09-30"),
}


@dataclass(frozen=True, slots=True)
class Case:
    """A list, or the dashboard, as it is asked for."""

    path: str
    filtered: str
    ordered: str  # "" as the list stands by itself
    walk: str  # "page" or "cursor"; the dashboard is not walked

    @property
    def name(self) -> str:
        return " ".join(word for word in (self.path, self.filtered, self.ordered, self.walk) if word)

    def url(self, dice: random.Random, sizes: Sizes) -> str:
        """The address, with values drawn again each time."""
        queries = FILTERS.get(self.path, FIGURES)
        parts = [quote(queries[self.filtered](dice, sizes), safe="=&-:.@")]
        parts.append("cursor=" if self.walk == "cursor" else "")
        parts.append(f"ordering={self.ordered}" if self.ordered else "")
        return f"{self.path}?{'&'.join(part for part in parts if part)}"


def orderings(path: str) -> list[str]:
    """Each of this list's, upwards and downwards."""
    return [sign + name for name in ORDERINGS[path] for sign in ("", "-")]


def cases(*, every_ordering: bool) -> Iterator[Case]:
    """Each filter in the usual order, each ordering without a filter; or each with each. Then the dashboard."""
    for path, filters in FILTERS.items():
        for filtered, ordered in itertools.product(filters, ["", *orderings(path)]):
            if every_ordering or not ordered or filtered == "nothing":
                for walk in ("page", "cursor"):
                    yield Case(path, filtered, ordered, walk)
    for period in FIGURES:
        yield Case("/dashboard", period, "", "")
