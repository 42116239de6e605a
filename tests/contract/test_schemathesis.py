"""Every operation is asked what the schema allows, and what it does not, and answers as the schema says.

Schemathesis makes the requests; the answers come from the application itself, without a network.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from apps.authentication import tokens
from config.wsgi import application

EXAMPLES = 10
CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
schema = schemathesis.openapi.from_wsgi(
    "/api/schema", application, config=SchemathesisConfig.from_dict({"phases": {"coverage": {"enabled": False}}})
)


@pytest.fixture(autouse=True)
def _one_transaction() -> Iterator[None]:
    """A server begins and ends each request with a look at its connection: here it is the test's own."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def rows(a_user: Any, a_customer: Any, a_product: Any, place: Any) -> dict[str, int]:
    """One row of each kind, so that requests about one row find one."""
    product = a_product(in_stock=10**9)
    order = place((product, 2))
    return {"customers": a_customer().pk, "products": product.pk, "orders": order.pk, "users": a_user("Viewer").pk}


def aim_at(rows: dict[str, int], case: Any) -> bool:
    """Make the request be about rows that there are; False when it is about none."""
    if "id" in case.path_parameters:
        case.path_parameters["id"] = rows[case.path.split("/")[3]]
        return True
    if isinstance(case.body, dict) and isinstance(case.body.get("items"), list) and case.body["items"]:
        case.body["customer_id"] = rows["customers"]
        first = case.body["items"][0]
        case.body["items"] = [first | {"product_id": rows["products"]} if isinstance(first, dict) else first]
        return True
    return False


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_operation_answers_as_the_schema_says(case: Any, a_user: Any, rows: dict[str, int]) -> None:
    headers = {"Authorization": f"Bearer {tokens.start(a_user('Admin'))['access']}"}

    case.call_and_validate(headers=headers, checks=CHECKS)

    if aim_at(rows, case):
        case.call_and_validate(headers=headers, checks=CHECKS)
