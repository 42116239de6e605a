"""Real threads, each with a connection of its own."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Barrier
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.common import group_commit
from apps.customers.models import Customer
from apps.products.models import Product
from tests.races.threads import alone

HEAD_START = 0.5  # seconds: long for one request, short for a suite


@pytest.fixture(autouse=True)
def apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody shares a transaction: the threads of these tests stand for the processes of many servers."""
    monkeypatch.setattr(group_commit, "LONGEST_LEAD", 0.0)


@pytest.fixture
def at_once() -> Callable[..., list[Any]]:
    """at_once(call, call, …): what each returned, all let go at the same moment."""

    def run(*calls: Callable[[], Any]) -> list[Any]:
        gate = Barrier(len(calls))
        with ThreadPoolExecutor(len(calls)) as threads:
            running = [threads.submit(alone, call, lambda: gate.wait(timeout=30)) for call in calls]
            return [call.result(timeout=90) for call in running]

    return run


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Callable[[], Any]]]:
    """other = meanwhile(stock, "move", call): a race in slow motion.

    Whoever first gets to `stock.move` stops there, `call` is let go in another thread and has half a second to
    finish. A lock makes it wait instead: then both go on. `other()` is what `call` returned.
    """
    threads = ThreadPoolExecutor(1)

    def arrange(module: Any, name: str, call: Callable[[], Any]) -> Callable[[], Any]:
        original, started = getattr(module, name), Future[Future[Any]]()

        def interrupted(*args: Any, **kwargs: Any) -> Any:
            monkeypatch.setattr(module, name, original)
            other = threads.submit(alone, call)
            wait([other], timeout=HEAD_START)
            started.set_result(other)
            return original(*args, **kwargs)

        monkeypatch.setattr(module, name, interrupted)
        return lambda: started.result(timeout=0).result(timeout=60)

    yield arrange
    threads.shutdown()


@pytest.fixture
def same() -> Callable[[APIClient], APIClient]:
    """same(api): another client with the same credentials, for another thread."""

    def make(api: APIClient) -> APIClient:
        client = APIClient(raise_request_exception=False)
        client.default_format = "json"
        client.credentials(**api._credentials)  # type: ignore[attr-defined]
        return client

    return make


@pytest.fixture
def manager(api_as: Callable[..., APIClient]) -> APIClient:
    return api_as("Manager")


@pytest.fixture
def ana(a_customer: Callable[..., Customer]) -> Customer:
    return a_customer(name="Ana")


@pytest.fixture
def lamp(a_product: Callable[..., Product]) -> Product:
    """Ten lamps."""
    return a_product(in_stock=10, sku="LAMP-1", name="Lamp")
