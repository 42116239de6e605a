"""What is kept for seconds may be gone at any moment; it is never somebody else's code."""

import subprocess
import sys
import time

import pytest
from django.core.cache import caches

from apps.common import kept


@pytest.fixture
def cache_at(settings):
    """cache_at(url): keep in this Redis, as the settings do."""

    def use(url):
        options = {"serializer": "apps.common.kept.JSONSerializer", "socket_timeout": 0.25,
                   "socket_connect_timeout": 0.25, "retry": None}  # fmt: skip
        backend = "django.core.cache.backends.redis.RedisCache"
        settings.CACHES = settings.CACHES | {"kept": {"BACKEND": backend, "LOCATION": url, "OPTIONS": options}}

    return use


def test_without_redis_this_process_keeps_it():
    kept.keep("answer", {"n": 42}, seconds=10)

    assert kept.recall("answer") == {"n": 42}
    assert kept.recall("question") is None


def test_redis_keeps_it_as_json_and_forgets(cache_at, own_redis):
    cache_at(own_redis.url)

    kept.keep("answer", {"n": 42}, seconds=9.5)

    assert kept.recall("answer") == {"n": 42}
    [key] = own_redis.client.keys()
    assert own_redis.client.get(key) == b'{"n":42}'
    assert 0 < own_redis.client.pttl(key) <= 10_000


@pytest.mark.parametrize("held", [b"\x80\x04cos\nsystem\n(S'true'\ntR.", b"", b"{", b"\xff"])
def test_what_redis_holds_is_read_as_json_or_not_at_all(cache_at, own_redis, held):
    cache_at(own_redis.url)
    own_redis.client.set(caches["kept"].make_key("answer"), held)

    assert kept.recall("answer") is None


def test_without_an_answer_from_redis_nothing_is_kept_and_nothing_fails(cache_at, nobodys_redis):
    cache_at(nobodys_redis)

    kept.keep("answer", 42, seconds=10)

    assert kept.recall("answer") is None


def test_a_redis_that_hangs_costs_a_moment(cache_at, silent_redis):
    cache_at(silent_redis)
    started = time.monotonic()

    assert kept.recall("answer") is None

    assert time.monotonic() - started < 2


def test_the_settings_keep_it_in_redis_where_there_is_one():
    program = "from config.settings import CACHES as c; print(c['kept'], 'but', c['default'])"
    environment = {"REDIS_URL": "redis://127.0.0.1:1/0", "DEBUG": "true", "PYTHONPATH": "backend"}

    told = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)

    ours, packages = told.stdout.split("but")
    assert "RedisCache" in ours
    assert "JSONSerializer" in ours
    assert "LocMemCache" in packages  # The admin's search keeps objects, and would fail where the Redis is away.
