"""Orders on their way."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from apps.orders import services
from apps.orders.lifecycle import Status
from apps.orders.models import Order
from apps.products.models import Product

PATH = [Status.PENDENTE, Status.CONFIRMADO, Status.SEPARADO, Status.ENVIADO, Status.ENTREGUE]


@pytest.fixture
def operator(api_as: Callable[..., APIClient]) -> APIClient:
    return api_as("Operator")


@pytest.fixture
def viewer(api_as: Callable[..., APIClient]) -> APIClient:
    return api_as("Viewer")


@pytest.fixture
def lamp(a_product: Callable[..., Product]) -> Product:
    """Ten lamps at 10.00."""
    return a_product(in_stock=10, sku="LAMP-1", name="Lamp")


@pytest.fixture
def order_in(place: Callable[..., Order], a_product: Callable[..., Product]) -> Callable[..., Order]:
    """order_in("SEPARADO", (lamp, 2)): an order that went all the way there; of one lamp unless told otherwise."""

    def make(status: str, *wanted: tuple[Product, int]) -> Order:
        order = place(*(wanted or [(a_product(), 1)]))
        way = [Status.CANCELADO] if status == Status.CANCELADO else PATH[1 : PATH.index(Status(status)) + 1]
        for target in way:
            services.change_status(actor=None, pk=order.pk, target=target)
        return Order.objects.get(pk=order.pk)

    return make
