"""Run a whole transaction again when the database asks for it. Knows error numbers, not business.

A deadlock, a lock time-out or a serialisation failure means "nothing happened, start over": so the unit of
retry is the *function that opens the transaction*, never a statement inside it.
"""

import random
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction

from apps.common.errors import Unavailable

ATTEMPTS = 12
PATIENCE = 30.0  # seconds after which no further attempt is begun: each may itself have waited for a lock
FIRST_PAUSE, LONGEST_PAUSE = 0.01, 0.5  # seconds

MYSQL_CONTENDED = {1205, 1213, 1020}  # lock wait time-out, deadlock, row changed since read
POSTGRES_CONTENDED = {"40001", "40P01", "55P03"}  # serialisation failure, deadlock, lock not available
SQLITE_CONTENDED = ("database is locked", "database table is locked", "database schema is locked")

# Too many connections, shutdown, read-only, no such host, gone away, lost, not (yet) part of the cluster.
MYSQL_AWAY = {1040, 1047, 1053, 1129, 1203, 1290, 2002, 2003, 2005, 2006, 2013, 2026, 2055}
POSTGRES_AWAY = ("08", "53", "57P")
SQLITE_AWAY = ("disk is full", "disk I/O error", "unable to open database file", "readonly database")

log = structlog.get_logger(__name__)


def contended(error: BaseException) -> bool:
    """Is this the database saying "somebody else won, run the whole transaction again"?"""
    match connection.vendor:
        case "mysql":
            return bool(error.args) and error.args[0] in MYSQL_CONTENDED
        case "postgresql":
            return getattr(error.__cause__, "sqlstate", None) in POSTGRES_CONTENDED
        case _:
            return str(error).startswith(SQLITE_CONTENDED)


def away(error: BaseException) -> bool:
    """Is this the database being out of reach, full or shutting down, rather than a mistake of ours?"""
    if isinstance(error, InterfaceError):
        return True
    match connection.vendor:
        case "mysql":
            return bool(error.args) and error.args[0] in MYSQL_AWAY
        case "postgresql":
            state = getattr(error.__cause__, "sqlstate", None)
            return state is None or state.startswith(POSTGRES_AWAY)  # No state: the connection itself failed.
        case _:
            return any(words in str(error) for words in SQLITE_AWAY)


def transactional[**P, R](work: Callable[P, R]) -> Callable[P, R]:
    """Give a service function its transaction: all or nothing, and again (bounded, with jitter) when contended.

    Inside a caller's transaction it is a savepoint and never retries: only the outermost may start over.
    Raises `Unavailable` when still contended after `ATTEMPTS`.
    """

    @wraps(work)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.in_atomic_block:
            with transaction.atomic():
                return work(*args, **kwargs)
        return persist(_in_transaction, work, args, kwargs)

    return run


def persist[R](work: Callable[..., R], *args: Any) -> R:
    """Call `work` until the database lets it through, within `ATTEMPTS` and `PATIENCE`; then raise `Unavailable`."""
    deadline = time.monotonic() + PATIENCE
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return work(*args)
        except OperationalError as error:
            if not contended(error):
                raise
            log.info("transaction_contended", attempt=attempt, error=error.args[0])
            if attempt == ATTEMPTS or time.monotonic() > deadline:
                break
            time.sleep(random.uniform(0, min(LONGEST_PAUSE, FIRST_PAUSE * 2**attempt)))  # noqa: S311
    raise Unavailable


def _in_transaction[R](work: Callable[..., R], args: tuple[Any, ...], kwargs: dict[str, Any]) -> R:
    with transaction.atomic():
        return work(*args, **kwargs)
