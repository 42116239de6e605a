"""A Redis of one's own, which a test may stop, hang and start again; a desk with a limit; rows to list."""

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
from django.utils import timezone
from rest_framework.test import APIClient

from apps.customers.models import Customer


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class OwnRedis:
    """A redis-server on a spare port, without a file."""

    def __init__(self, directory: Path) -> None:
        self.port, self.directory = a_free_port(), directory
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.client = redis.Redis.from_url(self.url)
        self.start()

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir"]
        self.process = subprocess.Popen([*command, str(self.directory)], stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with suppress(redis.RedisError):
                self.client.ping()
                return
            time.sleep(0.02)
        raise RuntimeError("redis-server does not answer")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGCONT)
        self.process.kill()
        self.process.wait()

    def hang(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[OwnRedis]:
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is not installed here")
    server = OwnRedis(tmp_path)
    yield server
    server.stop()


@pytest.fixture
def nobodys_redis() -> str:
    """Where nothing listens: a Redis that is away."""
    return f"redis://127.0.0.1:{a_free_port()}/0"


@pytest.fixture
def silent_redis() -> Iterator[str]:
    """Something that takes connections and never says a word: a Redis that hangs."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as listener:
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0"


@pytest.fixture
def customers(db: None) -> Callable[[int], None]:
    """customers(45): so many, the last one first in the list."""

    def make(number: int) -> None:
        start = timezone.now()
        Customer.objects.bulk_create(
            Customer(name=f"Customer {n:04d}", created_at=start + timedelta(seconds=n)) for n in range(number)
        )

    return make


@pytest.fixture
def desk(db: None, settings: Any) -> Callable[..., APIClient]:
    """desk("3/minute"): a fresh process with this limit, and a client of it."""

    def make(default: str = "3/minute", login: str = "2/minute", redis_url: str | None = None) -> APIClient:
        settings.RATE_LIMIT_ENABLED = True
        settings.RATE_LIMIT_DEFAULT, settings.RATE_LIMIT_LOGIN, settings.REDIS_URL = default, login, redis_url
        client = APIClient(raise_request_exception=False)
        client.default_format = "json"
        return client

    return make
