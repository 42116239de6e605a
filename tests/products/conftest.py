"""Products on a shelf."""

import pytest


@pytest.fixture
def lamp(a_product):
    """Ten lamps at 10.00."""
    return a_product(in_stock=10, sku="LAMP-1", name="Lamp")
