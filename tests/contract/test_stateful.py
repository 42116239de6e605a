"""What is created is asked for, changed and removed, in sequences that Schemathesis makes up from the schema.

It finds by itself which answer feeds which request. Each answer is what the schema says, and after each sequence the
books balance.
"""

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
schema = schemathesis.openapi.from_wsgi("/api/schema", application)


@pytest.mark.timeout(300)
@pytest.mark.usefixtures("one_transaction", "rows")
def test_sequences_of_requests_are_answered_as_the_schema_says(a_user: Any) -> None:
    headers = {"Authorization": f"Bearer {tokens.start(a_user('Admin'))['access']}"}
    answered: dict[int, int] = {}

    class Desk(schema.as_state_machine()):  # type: ignore[misc]
        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return {"headers": headers}

        def validate_response(self, response: Any, case: Any, **kwargs: Any) -> None:
            answered[response.status_code] = answered.get(response.status_code, 0) + 1
            case.validate_response(response, checks=CHECKS)

        def setup(self) -> None:
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
