"""When the database goes away in the middle of a request: clear words, and no promise that nobody can keep."""

import pytest
from django.db import OperationalError, connection

from tests.conftest import PASSWORD
from tests.problems import refusal

pytestmark = pytest.mark.django_db


def losing(*words):
    """The database is lost at the first statement that holds these words."""

    def execute(run, sql, params, many, context):
        if all(word in sql for word in words):
            raise OperationalError(2013, "disk I/O error")  # As MySQL and as SQLite say it.
        return run(sql, params, many, context)

    return connection.execute_wrapper(execute)


def test_a_lost_database_is_no_promise_that_nothing_was_changed(manager):
    with losing("FROM", "customers_customer"):
        answer = manager.get("/api/v1/customers", headers={"Accept-Language": "en"})

    assert refusal(answer) == (503, "temporarily_unavailable")
    assert int(answer.headers["Retry-After"]) >= 1
    assert "Nothing was changed" not in answer.json()["detail"]
    assert "key" in answer.json()["detail"]


def test_a_session_that_cannot_be_saved_is_our_trouble_not_the_clients(client, a_user):
    user = a_user()

    with losing("UPDATE", "django_session"):
        answer = client.post(
            "/api/v1/auth/session/login",
            {"username": user.username, "password": PASSWORD},
            content_type="application/json",
        )

    assert refusal(answer) == (503, "temporarily_unavailable")
    assert int(answer.headers["Retry-After"]) >= 1
