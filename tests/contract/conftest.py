"""Who asks, and one row of each kind to ask about."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from rest_framework.test import APIClient


@pytest.fixture
def caller(api_as: Callable[..., APIClient], a_user: Callable[..., Any]) -> Callable[[str], APIClient]:
    """caller("Viewer"), caller("superuser"), caller("no role"), caller("nobody")."""

    def make(who: str) -> APIClient:
        if who == "superuser":
            return api_as(a_user(superuser=True))
        return api_as({"nobody": None, "no role": ""}.get(who, who))

    return make


@pytest.fixture
def rows(a_user: Any, a_customer: Any, a_product: Any, place: Any) -> dict[str, int]:
    """One row of each kind, so that requests about one row find one."""
    product = a_product(in_stock=10**9)
    order = place((product, 2))
    return {"customers": a_customer().pk, "products": product.pk, "orders": order.pk, "users": a_user("Viewer").pk}


@pytest.fixture
def one_transaction() -> Iterator[None]:
    """A server begins and ends each request with a look at its connection: here it is the test's own."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
