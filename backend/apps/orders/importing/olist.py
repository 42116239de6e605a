"""What Olist's columns mean here. Pure: text becomes values, a sale becomes an order's request and its life."""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from apps.common.days import HOME
from apps.customers.serializers import STATES
from apps.orders.lifecycle import Status
from apps.orders.requests import Item, OrderRequest
from apps.products.serializers import HIGHEST_PRICE

SOURCE = "olist"
WRITTEN = ("%m/%d/%Y %H:%M", "%Y-%m-%d %H:%M:%S")  # As spreadsheets save it, and as Olist published it.
EARLIEST = datetime(1990, 1, 1, tzinfo=HOME)  # Before it nobody sold here; an empty cell of a spreadsheet is 1900.
A_DAY = 24 * 3600  # seconds
ID = re.compile(r"[0-9a-f]{32}")
PARTICLES = frozenset(("da", "das", "de", "do", "dos", "e"))

# How far an order of each Olist status has come here.
REACHED = {
    "created": Status.PENDENTE,
    "approved": Status.CONFIRMADO,
    "processing": Status.CONFIRMADO,
    "invoiced": Status.CONFIRMADO,
    "shipped": Status.ENVIADO,
    "delivered": Status.ENTREGUE,
    "canceled": Status.CANCELADO,
    "unavailable": Status.CANCELADO,
}
WHY = {"canceled": "Cancelado na Olist", "unavailable": "Indisponível na Olist"}

type Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file, the columns it must have, and how a row of it is read. `read` raises ValueError with the reason."""

    file: str
    columns: tuple[str, ...]
    read: Callable[[Values], tuple[str | int | None, ...]]


@dataclass(frozen=True, slots=True)
class Step:
    """A move in the life of an order, at its real time."""

    status: Status
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Times:
    """When it was bought, approved, handed to the carrier and delivered, as far as that is known."""

    purchased: datetime
    approved: datetime | None
    carried: datetime | None
    delivered: datetime | None


@dataclass(frozen=True, slots=True)
class Sale:
    """An order as it was sold. Customer and products carry the keys they have here, 0 when they have none yet."""

    order_id: str
    line: int
    customer_pk: int
    status: str
    times: Times
    items: tuple[Item, ...]
    freight: Decimal

    def request(self) -> OrderRequest:
        """What to ask of `place_orders`. The Olist order id is the idempotency key."""
        return OrderRequest(self.customer_pk, self.items, self.order_id, self.freight, placed_at=self.times.purchased)

    def life(self) -> Iterator[Step]:
        """The moves after the placing, a legal path. A time that is missing or runs backwards is the one before it."""
        latest = self.times.purchased
        for status, at in self._way():
            latest = max(latest, at or latest)
            yield Step(status, latest, WHY.get(self.status, "") if status is Status.CANCELADO else "")

    def _way(self) -> list[tuple[Status, datetime | None]]:
        times = self.times
        way = [
            (Status.CONFIRMADO, times.approved),
            (Status.SEPARADO, times.carried),  # Unknown: picked at the latest when the carrier took it.
            (Status.ENVIADO, times.carried),
            (Status.ENTREGUE, times.delivered),
        ]
        if REACHED[self.status] is Status.CANCELADO:
            # Nobody wrote down when: not before the last thing that is known of it.
            known = [at for at in (times.approved, times.carried, times.delivered) if at]
            return [*(way[:1] if known else []), (Status.CANCELADO, max(known, default=None))]
        passed = [status for status, _at in way]
        return way[: passed.index(REACHED[self.status]) + 1] if REACHED[self.status] in passed else []


def person(values: Values) -> tuple[str, str, str, str]:
    """customer_id (one per order), the person it stands for, city, state."""
    city, state = values["customer_city"], values["customer_state"]
    if state not in STATES:
        raise ValueError(f"customer_state is no Brazilian state: “{state}”")
    if len(city) > 100:
        raise ValueError("customer_city is longer than 100 characters")
    return _id(values, "customer_id"), _id(values, "customer_unique_id"), _city_name(city), state


def product(values: Values) -> tuple[str, str]:
    """product_id and the only text that is known of it: its category, and a few letters to tell it from others."""
    category = values["product_category_name"].replace("_", " ").strip().capitalize() or "Produto"
    key = _id(values, "product_id")
    return key, f"{category[:180]} {key[:8]}"


def purchase(values: Values) -> tuple[str | int | None, ...]:
    """order_id, customer_id, status, and four times in seconds."""
    status = values["order_status"]
    if status not in REACHED:
        raise ValueError(f"order_status is unknown: “{status}”")
    purchased = _seconds(values, "order_purchase_timestamp")
    if purchased is None:
        raise ValueError("order_purchase_timestamp is empty")
    later = ("order_approved_at", "order_delivered_carrier_date", "order_delivered_customer_date")
    known = (_seconds(values, column) for column in later)
    return _id(values, "order_id"), _id(values, "customer_id"), status, purchased, *known


def unit(values: Values) -> tuple[str | int | None, ...]:
    """order_id, position, product_id, and price and freight in cents. One row is one unit."""
    position = values["order_item_id"]
    if not re.fullmatch(r"[1-9]\d{0,5}", position, re.ASCII):
        raise ValueError(f"order_item_id is no position: “{position}”")
    price, freight = _cents(values, "price"), _cents(values, "freight_value")
    if price == 0:
        raise ValueError("price is 0")
    return _id(values, "order_id"), int(position), _id(values, "product_id"), price, freight


CUSTOMERS = Sheet(
    "olist_customers_dataset.csv", ("customer_id", "customer_unique_id", "customer_city", "customer_state"), person
)
PRODUCTS = Sheet("olist_products_dataset.csv", ("product_id", "product_category_name"), product)
ORDERS = Sheet(
    "olist_orders_dataset.csv",
    ("order_id", "customer_id", "order_status", "order_purchase_timestamp", "order_approved_at",
     "order_delivered_carrier_date", "order_delivered_customer_date"),
    purchase,
)  # fmt: skip
ITEMS = Sheet(
    "olist_order_items_dataset.csv", ("order_id", "order_item_id", "product_id", "price", "freight_value"), unit
)


def moment(seconds: int) -> datetime:
    """The time that `purchase` gave in seconds."""
    return datetime.fromtimestamp(seconds, UTC)


def _id(values: Values, column: str) -> str:
    if not ID.fullmatch(values[column]):
        raise ValueError(f"{column} is no Olist id: “{values[column][:40]}”")
    return values[column]


def _seconds(values: Values, column: str) -> int | None:
    if not values[column]:
        return None
    at = _written(values[column])
    if at is None:
        raise ValueError(f"{column} is no time: “{values[column][:40]}”")
    if not EARLIEST.timestamp() <= at.timestamp() <= time.time() + A_DAY:
        raise ValueError(f"{column} is before {EARLIEST.year} or after tomorrow: “{values[column]}”")
    return int(at.timestamp())


def _written(text: str) -> datetime | None:
    for form in WRITTEN:
        try:
            return datetime.strptime(text, form).replace(tzinfo=HOME)
        except ValueError:
            continue
    return None


def _cents(values: Values, column: str) -> int:
    text = values[column]
    if not re.fullmatch(r"\d{1,13}(\.\d{1,2})?", text, re.ASCII) or Decimal(text) > HIGHEST_PRICE:
        raise ValueError(f"{column} is no amount: “{text[:40]}”")
    return int(Decimal(text) * 100)


def _city_name(text: str) -> str:
    """As people write it: "rio de janeiro" is Rio de Janeiro."""
    return " ".join(word if word in PARTICLES else word.capitalize() for word in text.lower().split())
