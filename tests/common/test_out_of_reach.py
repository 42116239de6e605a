"""When the database goes away in the middle of a request: clear words, and no promise that nobody can keep."""

import pytest
from django.db import OperationalError, connection

from tests.problems import refusal

pytestmark = pytest.mark.django_db


def losing(*words):
    """The database is lost at the first statement that holds these words."""

    def execute(run, sql, params, many, context):
        if all(word in sql for word in words):
            raise OperationalError("disk I/O error")
        return run(sql, params, many, context)

    return connection.execute_wrapper(execute)


@pytest.fixture(autouse=True)
def _as_sqlite_says_it(monkeypatch):
    monkeypatch.setattr(connection, "vendor", "sqlite")


def test_a_lost_database_is_no_promise_that_nothing_was_changed(manager):
    with losing("FROM", "customers_customer"):
        answer = manager.get("/api/v1/customers", headers={"Accept-Language": "en"})

    assert refusal(answer) == (503, "temporarily_unavailable")
    assert int(answer.headers["Retry-After"]) >= 1
    assert "Nothing was changed" not in answer.json()["detail"]
    assert "key" in answer.json()["detail"]
