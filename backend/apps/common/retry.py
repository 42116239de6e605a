"""Run a whole transaction again when the database asks for it. Knows error numbers, not business.

A deadlock, a lock time-out or a serialisation failure means "nothing happened, start over": so the unit of
retry is the *function that opens the transaction*, never a statement inside it. A node of a cluster may say so as late
as COMMIT, or at the statement after the one that lost, when the transaction is gone and a COMMIT would answer OK.

A connection that is lost *before* the COMMIT means the same: no server keeps half a transaction. Lost *while* it
commits (the last statements go in one packet with the COMMIT), nobody can tell; that is never run again here, but left
to whoever holds the idempotency key.
"""

import random
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from django.db import InterfaceError, InternalError, OperationalError, connection, transaction

from apps.common import lock_timeouts
from apps.common.errors import Unavailable

ATTEMPTS = 30
PATIENCE = 30.0  # seconds after which no further attempt is begun: each may itself have waited for a lock
FIRST_PAUSE, LONGEST_PAUSE = 0.01, 0.5  # seconds
RECONNECTIONS = 4  # to a server that lost us, or to the node that stands in for it
RECONNECTING = 10.0  # seconds after which a lost server is not looked for any more

MYSQL_CONTENDED = {1205, 1213, 1020}  # lock wait time-out, deadlock, row changed since read
POSTGRES_CONTENDED = {"40001", "40P01", "55P03"}  # serialisation failure, deadlock, lock not available
# What a database raises that is contended or away. (Being only read is an internal error to PostgreSQL's driver.)
DATABASE_ERRORS = (OperationalError, InterfaceError, InternalError)
LOCK_TIMED_OUT = {1205, "55P03"}
SQLITE_CONTENDED = ("database is locked", "database table is locked", "database schema is locked")

MYSQL_AWAY = {
    1021: "disk full",
    1030: "the storage engine failed: no space, for one",
    1040: "too many connections",
    1047: "not, or not yet, part of the cluster",
    1053: "shutting down",
    1114: "table full, or the disk",
    1129: "too many failed connections from here",
    1180: "cut off from the cluster while committing",
    1203: "too many connections of this account",
    1226: "too many connections of this account, or statements",
    1290: "read-only",
    1317: "the statement was ended",
    1836: "read-only",
    1927: "the connection was killed",
    1969: "the statement took longer than the server allows (MariaDB)",
    2002: "no such socket",
    2003: "nobody listens",
    2005: "no such host",
    2006: "gone away",
    2013: "lost",
    2026: "no TLS",
    2055: "lost",
    3024: "the statement took longer than the server allows (MySQL)",
    3159: "only with TLS",
    3169: "the session was killed",
    4031: "left idle for too long",
}
MYSQL_CLIENT = range(2000, 3000)  # What the client says of a connection; the rest the server says of a statement.
POSTGRES_AWAY = ("08", "53", "57", "25006")  # 25006: only read, as a standby is, or a disk that is full
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


def timed_out(error: BaseException) -> bool:
    """Is this the database saying "somebody still has what you want to lock"? SQLite says so of the whole file."""
    return number_of(error) in LOCK_TIMED_OUT


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


def as_refusal(error: BaseException) -> Unavailable | None:
    """What a client is told of a database that is contended or away, which is logged; None for any other error."""
    if isinstance(error, Unavailable):
        return error
    if not isinstance(error, DATABASE_ERRORS) or not (contended(error) or away(error)):
        return None
    log.error("database_unavailable", error=type(error).__name__, reason=number_of(error))
    return Unavailable(rolled_back=contended(error))


def number_of(error: BaseException) -> int | str:
    """What the log may tell of a database's error: its number or SQLSTATE, else its kind. Its words may quote a row."""
    cause = error.__cause__
    state = getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None)
    if state is None and error.args and isinstance(error.args[0], int):
        return error.args[0]
    return state or type(cause or error).__name__


def failed_before_commit(error: BaseException) -> bool:
    """Did MySQL itself refuse a statement that went with the COMMIT, before it came to that? Then it did not commit.

    Of the others nobody asks: there it counts as unknown, too.
    """
    return getattr(error.__cause__, "unanswered", 1) > 1 and error.args[0] not in MYSQL_CLIENT


def can_reconnect(error: BaseException) -> bool:
    """May a new connection find a server, or another node, where this one found none? A file is where it is."""
    return connection.vendor != "sqlite" and away(error)


def transactional[**P, R](work: Callable[P, R]) -> Callable[P, R]:
    """Give a service function its transaction: all or nothing, and again (bounded, with jitter) if nothing came of it.

    Inside a caller's transaction it is a savepoint and never retries: only the outermost may start over.
    Raises `Unavailable` when still contended after `ATTEMPTS` (for a lock at once, if it was to be `short`), and, with
    `rolled_back` false, when the database was lost in the very COMMIT.
    """

    @wraps(work)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.in_atomic_block:
            with transaction.atomic():
                return work(*args, **kwargs)
        return _retry(can_reconnect, _in_transaction, work, args, kwargs)

    return run


def persist[R](work: Callable[..., R], *args: Any) -> R:
    """Call `work` until the database lets it through, within `ATTEMPTS` and `PATIENCE`; then raise `Unavailable`."""
    return _retry(_never, work, *args)


def _retry[R](reconnecting: Callable[[BaseException], bool], work: Callable[..., R], *args: Any) -> R:
    started, lost = time.monotonic(), 0
    for attempt in range(1, ATTEMPTS + 1):
        longest_pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2**attempt)
        try:
            lock_timeouts.apply()
            return work(*args)
        except DATABASE_ERRORS as error:
            waited = time.monotonic() - started
            if reconnecting(error):
                lost, longest_pause = lost + 1, LONGEST_PAUSE
                if lost > RECONNECTIONS or waited > RECONNECTING:
                    raise
                log.warning("transaction_lost", attempt=attempt, error=number_of(error))
                connection.close()
            elif not contended(error):
                raise
            elif timed_out(error) and lock_timeouts.is_short():
                raise Unavailable(hasty=True) from error
            elif attempt == ATTEMPTS or waited > PATIENCE:
                break
            else:
                log.info("transaction_contended", attempt=attempt, error=number_of(error))
        time.sleep(random.uniform(0, longest_pause))  # noqa: S311
    raise Unavailable


def _never(_error: BaseException) -> bool:
    return False


def _in_transaction[R](work: Callable[..., R], args: tuple[Any, ...], kwargs: dict[str, Any]) -> R:
    committing = False
    try:
        with transaction.atomic():
            result = work(*args, **kwargs)
            committing = True
    except DATABASE_ERRORS as error:
        if committing and away(error) and not failed_before_commit(error):
            log.error("commit_unanswered", error=number_of(error))
            raise Unavailable(rolled_back=False) from error
        raise
    return result
