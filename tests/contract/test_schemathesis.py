"""Every operation is asked what the schema allows, and what it does not, and answers as the schema says.

Schemathesis makes the requests; the answers come from the application itself, without a network.
"""

from typing import Any

import pytest
import schemathesis
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


@pytest.mark.usefixtures("one_transaction")
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
