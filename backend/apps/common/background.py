"""Work that goes on beside the requests, in a thread of each server process."""

import random
import traceback
from collections.abc import Callable, Iterator
from threading import Event, Thread
from typing import Any

import structlog
from django.db import connection

from apps.common.retry import number_of

log = structlog.get_logger(__name__)


def every(seconds: float, name: str, work: Callable[[], Iterator[Any]], stop: Event | None = None) -> Thread:
    """Start a thread that does this work about every so many seconds, for as long as the process lives.

    `stop` ends it, between two steps of the work. What fails is told of, and tried again the next time.
    """
    thread = Thread(target=_go_on, args=(seconds, name, work, stop or Event()), name=name, daemon=True)
    thread.start()
    return thread


def _go_on(seconds: float, name: str, work: Callable[[], Iterator[Any]], stop: Event) -> None:
    while not stop.wait(seconds * random.uniform(0.5, 1.5)):  # noqa: S311 - not all servers at the same moment
        try:
            for _step in work():
                if stop.is_set():
                    return
        except Exception as error:  # noqa: BLE001 - whatever it is, the next time it may be gone
            _tell(name, error)
        finally:
            connection.close()


def _tell(name: str, error: Exception) -> None:
    """What failed, and where; never in the error's own words, which may hold the values it was at work on."""
    where = "".join(traceback.format_tb(error.__traceback__))
    log.warning("background_work_failed", work=name, error=type(error).__name__, reason=number_of(error), where=where)
