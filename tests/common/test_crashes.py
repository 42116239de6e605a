"""What nobody foresaw is a problem, too, and tells nothing of the inside."""

import pytest
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import OperationalError, connection

from apps.customers import services as customers
from tests.problems import refusal


@pytest.fixture
def crash(monkeypatch):
    """crash(error): registering a customer raises this."""

    def make(error):
        def register_customer(**_values):
            raise error

        monkeypatch.setattr(customers, "register_customer", register_customer)

    return make


def test_a_crash_is_a_problem_that_tells_nothing_of_the_inside(manager, crash):
    crash(RuntimeError("the secret of the house"))

    answer = manager.post("/api/v1/customers", {"name": "Ana"})

    assert refusal(answer) == (500, "internal_error")
    assert answer.json()["request_id"] == answer.headers["X-Request-ID"]
    assert "secret of the house" not in answer.content.decode()
    assert "Traceback" not in answer.content.decode()


def test_a_crash_is_the_same_problem_with_debug_on(manager, crash, settings):
    settings.DEBUG = True
    crash(RuntimeError("the secret of the house"))

    answer = manager.post("/api/v1/customers", {"name": "Ana"})

    assert refusal(answer) == (500, "internal_error")
    assert "secret of the house" not in answer.content.decode()


def test_a_crash_outside_the_views_is_a_problem_too(manager, monkeypatch):
    def process_request(self, request):
        raise RuntimeError("the session engine is gone")

    monkeypatch.setattr(SessionMiddleware, "process_request", process_request)

    assert refusal(manager.get("/api/v1/auth/me")) == (500, "internal_error")


DATABASE_AWAY = {
    "sqlite": "unable to open database file",
    "mysql": (2006, "Server has gone away"),
    "postgresql": "the connection is closed",
}


def test_a_database_that_is_away_is_unavailable_and_tells_when_to_come_back(manager, crash):
    reason = DATABASE_AWAY[connection.vendor]
    crash(OperationalError(*reason) if isinstance(reason, tuple) else OperationalError(reason))

    answer = manager.post("/api/v1/customers", {"name": "Ana"})

    assert refusal(answer) == (503, "temporarily_unavailable")
    assert int(answer.headers["Retry-After"]) >= 1
