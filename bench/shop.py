"""What there is to buy, who buys it and who serves: made once, before anything is measured.

With `BENCH_ORDERS` there is a history too: see `catalogue`.
"""

import json
import os
import random
import sys
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, Self

USERNAME = "bench"
# So many products that orders of fifty lines seldom want the same; `hot` is for those that do.
CUSTOMERS, PRODUCTS, HOT = 2_000, 10_000, 5
PLENTY = 10**12  # in stock: nobody is refused


@dataclass(frozen=True, slots=True)
class Shop:
    """The ids that requests are made of."""

    actor: int
    customers: list[int]
    products: list[int]

    @property
    def hot(self) -> list[int]:
        return self.products[:HOT]

    @classmethod
    def read(cls, text: str) -> Self:
        return cls(**json.loads(text))


def main() -> None:
    """Run in the application's environment (`BENCH_PASSWORD` is the account's): fills an empty database."""
    import django

    django.setup()
    from django.core.management import call_command

    from apps.authentication.services import register_user

    call_command("flush", "--no-input", verbosity=0)
    user = register_user(
        actor=None,
        username=USERNAME,
        email="bench@example.com",
        password=os.environ["BENCH_PASSWORD"],
        roles=["Manager"],
    )
    orders = int(os.environ.get("BENCH_ORDERS", "0"))
    customers, products = _from_history(orders) if orders else _newly_opened(user)
    json.dump(asdict(Shop(user.pk, customers, products)), sys.stdout)


def _newly_opened(user: Any) -> tuple[list[int], list[int]]:
    from django.db import transaction

    from apps.customers.services import register_customer
    from apps.products.services import register_product

    with transaction.atomic():
        customers = [register_customer(actor=user, values={"name": f"Customer {n}"}).pk for n in range(CUSTOMERS)]
        products = [
            register_product(
                actor=user,
                values={"sku": f"SKU-{n:05}", "name": f"Roasted coffee, bag {n}", "price": Decimal(f"{1 + n % 90}.90")},
                on_hand=PLENTY,
            ).pk
            for n in range(PRODUCTS)
        ]
    return customers, products


def _from_history(orders: int) -> tuple[list[int], list[int]]:
    from django.db import connection

    from bench.catalogue import Catalogue, active

    catalogue = Catalogue(connection, orders)
    catalogue.fill()
    dice = random.Random(orders)
    customers = [pk for pk in range(1, catalogue.customers + 1) if active(pk)]
    products = [pk for pk in range(1, catalogue.products + 1) if active(pk)]
    return dice.sample(customers, min(CUSTOMERS, len(customers))), dice.sample(products, min(PRODUCTS, len(products)))


if __name__ == "__main__":
    main()
