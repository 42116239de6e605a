"""Is the service well? Asked by balancers, all the time."""

import pytest
from django.conf import settings
from django.db import OperationalError

from apps.common import health
from tests.problems import refusal

pytestmark = pytest.mark.django_db


class Away:
    """A database connection that cannot be had."""

    def cursor(self):
        raise OperationalError("unable to open database file")

    def close(self):
        pass


def test_all_is_well(client, settings):
    settings.REDIS_URL = None

    answer = client.get("/health")

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "version": settings.VERSION,
        "checks": {"database": "ok", "cache": "ok"},
    }


def test_who_asks_without_tls_is_answered_though_everything_else_is_sent_to_https(client, settings):
    settings.SECURE_SSL_REDIRECT = True

    assert client.get("/health").status_code == 200
    assert client.get("/healthy").headers["Location"] == "https://testserver/healthy"


def test_all_is_well_with_redis(client, settings, own_redis):
    settings.REDIS_URL = own_redis.url

    assert client.get("/health").json()["status"] == "ok"


def test_asking_again_and_again_makes_no_new_connection_to_redis(client, settings, own_redis):
    settings.REDIS_URL = own_redis.url
    client.get("/health")
    before = own_redis.client.info("stats")["total_connections_received"]

    for _ in range(5):
        client.get("/health")

    assert own_redis.client.info("stats")["total_connections_received"] == before


@pytest.mark.parametrize("how", ["hung", "dead"])
def test_a_redis_that_is_back_is_well_at_once(client, settings, own_redis, how):
    settings.REDIS_URL = own_redis.url
    client.get("/health")
    own_redis.hang() if how == "hung" else own_redis.stop()
    away = client.get("/health").json()["checks"]["cache"]

    own_redis.go_on() if how == "hung" else own_redis.start()

    assert (away, client.get("/health").json()["checks"]["cache"]) == ("unavailable", "ok")


@pytest.mark.parametrize("redis", ["nobodys_redis", "silent_redis"])
def test_without_its_cache_the_service_is_degraded_and_still_serves(client, settings, request, redis):
    settings.REDIS_URL = request.getfixturevalue(redis)

    answer = client.get("/health")

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "degraded",
        "version": settings.VERSION,
        "checks": {"database": "ok", "cache": "unavailable"},
    }


def test_without_its_database_the_service_is_unavailable(client, monkeypatch):
    monkeypatch.setattr(health, "connection", Away())

    answer = client.get("/health")

    assert refusal(answer) == (503, "temporarily_unavailable")
    assert answer.json()["checks"]["database"] == "unavailable"
    assert answer.json()["version"] == settings.VERSION
    assert int(answer.headers["Retry-After"]) >= 1


def test_nobody_keeps_an_old_answer(client):
    assert "no-store" in client.get("/health").headers["Cache-Control"]


def test_a_balancer_may_ask_with_head(client):
    answer = client.head("/health")

    assert (answer.status_code, answer.content) == (200, b"")


def test_health_is_asked_without_signing_in_and_with_any_token(client):
    assert client.get("/health", headers={"Authorization": "Bearer garbage"}).status_code == 200
