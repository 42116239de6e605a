"""Several statements in one round trip. On a busy machine it is the way to the database and back that costs.

What is told waits for what is asked: within `held()`, a statement that needs no answer goes with the next one that
does, or with the COMMIT. Where much waits it is sent ahead, if the driver can go on meanwhile. The order of the
statements stays, and so does what each of them sees.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import local
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

MAX_HELD = 20_000  # values: what waits has a bound in memory, and a server has one for a packet
WORTH_SENDING = 300  # values: so many keep a server busy while the next statement is put together


class Statement(NamedTuple):
    """The words, with a mark for each value."""

    text: str
    values: Sequence[Any]


class Result(NamedTuple):
    """What came of a statement: rows, and the key of the row just inserted (MySQL tells it by itself)."""

    rows: Sequence[Sequence[Any]]
    key: Any


class _Held(local):
    statements: list[Statement] | None = None  # None outside `held()`
    values = 0
    last: Sequence[Statement] = ()  # what goes with the COMMIT that follows


_held = _Held()


@contextmanager
def held() -> Iterator[None]:
    """Within this block, `tell` waits for the next `ask` or for the end. Every statement in it goes through here.

    Belongs inside a transaction, as the last thing in it: what waits at its end goes with the COMMIT (or, within the
    transaction of somebody else, before it). What waited when the block failed is never sent, and what was sent ahead
    ends with the transaction. There is one at a time.
    """
    if _held.statements is not None:
        raise RuntimeError("held() does not stand within held(): what waits in the outer one would be lost.")
    _held.statements, _held.values, _held.last = [], 0, ()
    try:
        yield
        waiting = _waiting()
        if _commits_next():
            _held.last = waiting
        else:
            _send(waiting)
    finally:
        _held.statements = None


def _commits_next() -> bool:
    connection: Any = connections[DEFAULT_DB_ALIAS]
    return connection.vendor != "sqlite" and connection.can_commit_with_pending()


def commit() -> bool:
    """Send what `held()` left, and COMMIT with it; false when it left nothing. For the database's wrapper only."""
    last = _held.last
    if not last:
        return False
    forget()
    _send([*last, Statement("COMMIT", ())])
    return True


def forget() -> None:
    """Never send what `held()` left. For the database's wrapper only: it rolls back."""
    _held.last = ()


def tell(statement: Statement) -> None:
    """Run a statement whose answer nobody needs."""
    if _held.statements is None:
        _send([statement])
        return
    if _held.values > WORTH_SENDING:
        _send_ahead()
    _held.statements.append(statement)
    _held.values += len(statement.values)
    if _held.values > MAX_HELD:
        _send(_waiting())


def ask(*statements: Statement) -> list[Result]:
    """Run these statements, after all that was held back, and return their results."""
    before = _waiting()
    return _send([*before, *statements])[len(before) :]


def _waiting() -> list[Statement]:
    """What was held back, and is not any more."""
    waiting = _held.statements
    if not waiting:
        return []
    _held.statements, _held.values = [], 0
    return waiting


def _send_ahead() -> None:
    """Send what waits without waiting for what comes of it: the next trip, or the end of the transaction, will."""
    connection: Any = connections[DEFAULT_DB_ALIAS]
    if connection.vendor == "mysql" and _nobody_looks_on(connection) and connection.can_send_ahead():
        connection.send_ahead(_waiting())


def _nobody_looks_on(connection: BaseDatabaseWrapper) -> bool:
    return not (connection.queries_logged or connection.execute_wrappers)


def _send(statements: Sequence[Statement]) -> list[Result]:
    if not statements:
        return []
    connection: Any = connections[DEFAULT_DB_ALIAS]
    if connection.vendor == "mysql" and _nobody_looks_on(connection):
        results: list[Result] = connection.run_together(statements)  # Without a cursor.
        return results
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            return _run_together(connection, cursor, statements)
        results = []
        for statement in statements:  # Its driver takes one at a time, and knows the words that it has seen before.
            cursor.execute(*statement)
            results.append(_result(cursor))
        return results


def _run_together(connection: BaseDatabaseWrapper, cursor: Any, statements: Sequence[Statement]) -> list[Result]:
    words: list[str] = []
    values: list[Any] = []
    for statement in statements:
        _write(statement, words, values)
    cursor.execute("".join(words), values)
    with connection.wrap_database_errors:
        own = cursor.cursor  # The driver's: Django's would wrap each of these calls by itself.
        results = [_result(own)]
        while len(results) < len(statements):
            own.nextset()
            results.append(_result(own))
    return results


def _write(statement: Statement, words: list[str], values: list[Any]) -> None:
    """Add the statement to the words, and what it has of values to the values.

    A whole number goes as it is written: a driver takes ten times as long to do the same.
    """
    if words:
        words.append("; ")
    before, *pieces = statement.text.split("%s")
    words.append(before)
    for piece, value in zip(pieces, statement.values, strict=True):
        if type(value) is int:
            words.append(str(value))
        else:
            words.append("%s")
            values.append(value)
        words.append(piece)


def _result(cursor: Any) -> Result:
    return Result(cursor.fetchall() if cursor.description else (), getattr(cursor, "lastrowid", None))
