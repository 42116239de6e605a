"""What is created is asked for, changed and removed, in sequences that Schemathesis makes up from the schema.

It finds by itself which answer feeds which request. Each answer is what the schema says, and after each sequence the
books balance. A body that chance makes up is seldom one that may be stored (a tax id has check digits, an order names
rows that there are): every other one that creates is such as a desk would send.
"""

from itertools import count
from typing import Any

import pytest
import schemathesis
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings

from apps.authentication import tokens
from apps.orders.audit import findings
from config.wsgi import application
from tests.contract.test_schemathesis import CHECKS

SEQUENCES, STEPS = 15, 10
CREATING = ("/api/v1/customers", "/api/v1/products", "/api/v1/orders")
schema = schemathesis.openapi.from_wsgi("/api/schema", application)


def as_a_desk_would(path: str, rows: dict[str, int], number: int) -> dict[str, Any]:
    """A body that can be stored; the number tells it from the others."""
    bodies: dict[str, dict[str, Any]] = {
        "/api/v1/customers": {"name": f"Padaria {number}", "email": f"padaria{number}@example.com"},
        "/api/v1/products": {"sku": f"PAO-{number}", "name": "Pão de queijo", "price": "12.50", "on_hand": 40},
        "/api/v1/orders": {
            "customer_id": rows["customers"],
            "idempotency_key": f"pedido-{number}",
            "items": [{"product_id": rows["products"], "quantity": 3}],
        },
    }
    return bodies[path]


@pytest.mark.timeout(300)
@pytest.mark.usefixtures("one_transaction")
def test_sequences_of_requests_are_answered_as_the_schema_says(a_user: Any, rows: dict[str, int]) -> None:
    headers = {"Authorization": f"Bearer {tokens.start(a_user('Admin'))['access']}"}
    answered: dict[int, int] = {}

    class Desk(schema.as_state_machine()):  # type: ignore[misc]
        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return {"headers": headers}

        def before_call(self, case: Any) -> None:
            if case.method == "POST" and case.path in CREATING and (number := next(self.numbers)) % 2:
                case.body = as_a_desk_would(case.path, rows, number)

        def validate_response(self, response: Any, case: Any, **kwargs: Any) -> None:
            answered[response.status_code] = answered.get(response.status_code, 0) + 1
            case.validate_response(response, checks=CHECKS)

        def setup(self) -> None:
            self.numbers = count(1)
            self.as_it_was = transaction.savepoint_create()

        def teardown(self) -> None:
            try:
                assert [problem for finding in findings() for problem in finding.problems] == []
            finally:  # Each sequence begins with the same rows: it must be the same when it is made up again.
                transaction.savepoint_rollback(self.as_it_was)

    Desk.run(
        settings=settings(
            max_examples=SEQUENCES,
            stateful_step_count=STEPS,
            phases=[Phase.generate],  # Ids differ the second time: a failure is told as it was found.
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
    )

    assert sum(answered.values()) > SEQUENCES
    assert {200, 201} <= set(answered), "nothing was created, or nothing that was created was asked for"
