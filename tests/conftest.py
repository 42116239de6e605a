"""Who is calling, and what exists. Small callables that take only what a test is about."""

from collections.abc import Callable
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import caches
from rest_framework.test import APIClient

from apps.authentication import services as users
from apps.authentication import tokens
from apps.authentication.models import User
from apps.customers import services as customers
from apps.customers.models import Customer
from apps.orders import services as orders
from apps.orders.models import Order
from apps.orders.requests import Item, OrderRequest
from apps.products import services as products
from apps.products.models import Product

pytest.register_assert_rewrite("tests.audits")  # Before anybody imports it: what differs is told.

PASSWORD = "a-long-enough-pass-phrase"
_numbers = count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A race proves something only where rows can be locked: SQLite says so instead of passing."""
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        skip = pytest.mark.skip(
            reason="SQLite has no row locks: a race test proves something on a server database only"
        )
        for item in items:
            if "race" in item.keywords:
                item.add_marker(skip)


@pytest.fixture(autouse=True)
def _unlimited(settings: Any) -> None:
    """The address limit is on in the tests that are about it."""
    settings.RATE_LIMIT_ENABLED = False


@pytest.fixture(autouse=True)
def _forgotten() -> None:
    """What a test before this one kept for seconds."""
    for cache in caches.all():
        cache.clear()


@pytest.fixture
def a_user(db: None) -> Callable[..., User]:
    """a_user("Manager") or a_user("Manager", username="maria"): an account with these roles."""

    def make(*roles: str, superuser: bool = False, **fields: Any) -> User:
        number = next(_numbers)
        fields = {"username": f"person{number}", "email": f"person{number}@example.com", "password": PASSWORD} | fields
        user = users.register_user(actor=None, roles=roles, **fields)
        if superuser:
            user.is_superuser = user.is_staff = True
            user.save()
        return user

    return make


@pytest.fixture
def api_as(a_user: Callable[..., User]) -> Callable[..., APIClient]:
    """api_as("Operator"), api_as(user) or api_as(None): a client signed in with a real token, or with none."""

    def make(who: User | str | None) -> APIClient:
        client = APIClient(raise_request_exception=False)
        client.default_format = "json"
        if who is not None:
            user = who if isinstance(who, User) else a_user(*([who] if who else []))
            client.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens.start(user)['access']}")
            client.user = user  # type: ignore[attr-defined]
        return client

    return make


@pytest.fixture
def manager(api_as: Callable[..., APIClient]) -> APIClient:
    return api_as("Manager")


@pytest.fixture
def a_customer(db: None) -> Callable[..., Customer]:
    """a_customer(name="Ana")."""

    def make(**values: Any) -> Customer:
        return customers.register_customer(actor=None, values={"name": f"Customer {next(_numbers)}"} | values)

    return make


@pytest.fixture
def a_product(db: None) -> Callable[..., Product]:
    """a_product(in_stock=5, price=Decimal("10.00"))."""

    def make(in_stock: int = 100, **values: Any) -> Product:
        number = next(_numbers)
        values = {"sku": f"SKU-{number}", "name": f"Product {number}", "price": Decimal("10.00")} | values
        product = products.register_product(actor=None, values=values, on_hand=in_stock)
        return Product.objects.get(pk=product.pk)

    return make


@pytest.fixture
def place(a_customer: Callable[..., Customer]) -> Callable[..., Order]:
    """place((lamp, 2), (rug, 1)): an order through the service, for a new customer unless one is named."""

    def make(
        *wanted: tuple[Product, int],
        customer: Customer | None = None,
        key: str | None = None,
        actor: User | None = None,
    ) -> Order:
        request = OrderRequest(
            customer_id=(customer or a_customer()).pk,
            items=tuple(Item(product.pk, quantity) for product, quantity in wanted),
            idempotency_key=key or f"key-{next(_numbers)}",
        )
        return orders.place_order(actor=actor, request=request).order

    return make
