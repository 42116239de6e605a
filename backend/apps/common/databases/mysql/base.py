"""MySQL and MariaDB: a transaction is begun by BEGIN, which goes with its first statement, and ended by COMMIT."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from itertools import batched
from typing import Any, NoReturn

from django.db import DatabaseError, IntegrityError, InterfaceError
from django.db.backends.mysql import base
from MySQLdb import Error, OperationalError
from MySQLdb.constants import CR, FIELD_TYPE

from apps.common.databases import FewerTrips
from apps.common.databases.mysql.validation import DatabaseValidation
from apps.common.packets import Result, Statement

BEGIN = Statement("BEGIN", ())
LONGEST_KEPT = 2_500  # characters: what writes 50 lines has some 2,000; that of a batch has a hundred thousand


class DatabaseWrapper(FewerTrips, base.DatabaseWrapper):
    """Django turns autocommit off before a transaction and on after it: two round trips more than it takes.

    Where the server has ended a transaction by itself (a deadlock), what followed would be committed by itself, too;
    but nothing follows: the error ends the outermost block, and `apps.common.retry` begins again.
    """

    validation_class = DatabaseValidation
    to_begin = False  # BEGIN is due, and goes with the next statement.
    one_by_one = False  # A node of a cluster: see `_in_a_cluster`.
    unread = 0  # statements sent ahead, whose results are to be read before anything else is said

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        # The driver takes a time to pieces in Python; the standard library does so in C.
        params["conv"] = params["conv"] | {FIELD_TYPE.DATETIME: datetime.fromisoformat}
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection; with TLS, if that is required: MariaDB's client goes on without where the server has none."""
        connection = super().get_new_connection(conn_params)
        if conn_params.get("ssl_mode") == "REQUIRED":
            connection.query("SHOW SESSION STATUS LIKE 'Ssl_cipher'")
            ((_name, cipher),) = connection.store_result().fetch_row()
            if not cipher:
                connection.close()
                raise OperationalError(CR.SSL_CONNECTION_ERROR, "TLS is required (DB_TLS), but the server has none.")
        return connection

    def init_connection_state(self) -> None:
        self.to_begin, self.unread = False, 0
        super().init_connection_state()
        self.one_by_one = self._in_a_cluster()

    def _in_a_cluster(self) -> bool:
        """Is this a node of a Galera cluster? Then statements go one by one, as does BEGIN.

        A node ends a transaction when another node's comes first, at any moment: between two statements of a packet it
        would go on with the next one, outside of any transaction, and half of an order would stay.
        """
        with self.cursor() as cursor:
            cursor.execute("SHOW VARIABLES LIKE 'wsrep_on'")
            return cursor.fetchone() in {("wsrep_on", "ON")}

    def create_cursor(self, name: str | None = None) -> Any:  # noqa: ARG002 - as Django has it
        return Cursor(self.connection.cursor(), self)

    def _start_transaction_under_autocommit(self) -> None:
        self.to_begin = True

    def _commit(self) -> None:
        if self.commit_with_pending():
            return
        if self.to_begin:  # It never began: nothing was asked in it.
            self.to_begin = False
            return
        self.read_what_came()
        super()._commit()

    def _rollback(self) -> None:
        self.to_begin = False
        with suppress(DatabaseError, InterfaceError):  # It goes; of a connection that is lost the next line tells.
            self.read_what_came()
        super()._rollback()

    def _set_autocommit(self, autocommit: bool) -> None:
        if self.connection.get_autocommit() != autocommit:
            super()._set_autocommit(autocommit)  # type: ignore[misc] # The stubs have not heard of it.

    def can_send_ahead(self) -> bool:
        """May statements be under way while their sender goes on? Not before BEGIN has gone, nor where it is alone."""
        return self.in_atomic_block and not self.to_begin and not self.one_by_one

    def send_ahead(self, statements: Sequence[Statement]) -> None:
        """Send these statements, which give no rows. The server runs them while we put the next ones together.

        What one of them fails with is raised by whatever is said to the server next.
        """
        words = self._written(statements)
        self.read_what_came()
        with self.wrap_database_errors:
            self.connection.send_query(words)
        self.unread = len(statements)

    def read_what_came(self) -> None:
        """Wait for what was sent ahead, if anything was."""
        count, self.unread = self.unread, 0
        if not count or self.connection is None:
            return
        with self.wrap_database_errors:
            try:
                self.connection.read_query_result()
                self._read(count, [])
            except OperationalError as error:
                error.unanswered = 1 + count  # For `retry`: COMMIT was not among them, and has not been said.
                raise_as_django_does(error)

    def run_together(self, statements: Sequence[Statement]) -> list[Result]:
        """Run these statements in one round trip, as `packets` does with a cursor, at half the price."""
        self.close_if_health_check_failed()
        self.ensure_connection()
        self.validate_no_broken_transaction()
        begun = [BEGIN, *statements] if self.to_begin else statements
        # It fails for a value that cannot be written: then nothing has begun.
        packets = [self._written(part) for part in (batched(begun, 1) if self.one_by_one else (begun,))]
        self.to_begin = False
        self.read_what_came()
        results: list[tuple[Any, int]] = []
        with self.wrap_database_errors:
            try:
                for words in packets:
                    self._ask(words, len(begun) // len(packets), results)
            except Error as error:
                unanswered = len(begun) - len(results)
                # No traceback may hold them: whichever thread drops that last would lock our connection to free them.
                results.clear()
                if isinstance(error, OperationalError):
                    error.unanswered = unanswered  # For `retry`: was it COMMIT?
                    raise_as_django_does(error)
                raise
            # Only now, when the connection has said all: a value that cannot be read must leave nothing unread.
            read = [Result(result.fetch_row(0) if result else (), key) for result, key in results]
        return read[1:] if begun is not statements else read

    def _ask(self, words: bytes, count: int, results: list[tuple[Any, int]]) -> None:
        self.connection.query(words)
        self._read(count, results)

    def _read(self, count: int, results: list[tuple[Any, int]]) -> None:
        """Each call that may wait lets other threads go on, and gets Python's lock back late: so none too many."""
        connection, last = self.connection, len(results) + count
        while True:
            has_rows = connection.field_count()
            results.append((connection.store_result() if has_rows else None, connection.insert_id()))
            if len(results) == last or connection.next_result() != 0:
                return

    def _written(self, statements: Sequence[Statement]) -> bytes:
        """The text of them all."""
        words: list[bytes] = []
        written = _Written(self.connection)
        for statement in statements:
            pieces = _pieces(statement.text)
            part = [b""] * (2 * len(pieces) - 1)
            part[::2] = pieces
            part[1::2] = map(written.__getitem__, statement.values)  # It fails for one too many or too few.
            words += part
            words.append(b"; ")
        return b"".join(words[:-1])


class _Written(dict[Any, bytes]):
    """Values as they stand in a statement. What stands in many rows (a reference, a name, a time) is quoted once."""

    def __init__(self, connection: Any) -> None:
        self.literal, self.quote = connection.literal, connection.string_literal

    def __missing__(self, value: Any) -> bytes:
        kind = type(value)
        if kind is int:
            words = b"%d" % value
        elif kind is str:
            words = self.quote(value.encode())
        else:
            words = self.literal(value)
        self[value] = words
        return words


def _pieces(text: str) -> list[bytes]:
    """What stands between the marks. Of the short statements, that come again and again, it is kept."""
    return _kept(text) if len(text) <= LONGEST_KEPT else _split(text)


def _split(text: str) -> list[bytes]:
    pieces = text.encode().split(b"%s")
    return [piece.replace(b"%%", b"%") for piece in pieces] if "%%" in text else pieces


@lru_cache(maxsize=128)
def _kept(text: str) -> list[bytes]:
    """Most of the hundreds of pieces are the same comma: it is kept once."""
    known: dict[bytes, bytes] = {}
    return [known.setdefault(piece, piece) for piece in _split(text)]


def raise_as_django_does(error: OperationalError) -> NoReturn:
    """Raise what the server told of; a broken constraint that it tells of as something else, as Django has it."""
    if error.args[0] in base.CursorWrapper.codes_for_integrityerror:
        raise IntegrityError(*error.args) from error
    raise error


class Cursor(base.CursorWrapper):
    """Django's, that says BEGIN before the first statement of a transaction, in one packet with it."""

    def __init__(self, cursor: Any, wrapper: DatabaseWrapper) -> None:
        super().__init__(cursor)
        self.wrapper = wrapper

    def execute(self, query: str, args: Any = None) -> Any:
        self.wrapper.read_what_came()
        if not self.wrapper.to_begin:
            return super().execute(query, args)
        if self.wrapper.one_by_one:
            self.wrapper.to_begin = False
            super().execute("BEGIN")
            return super().execute(query, args)
        words = self.cursor._mogrify(f"BEGIN; {query}", args)  # As above: it fails before anything has begun.
        self.wrapper.to_begin = False
        super().execute(words)
        try:
            self.cursor.nextset()
        except OperationalError as error:
            raise_as_django_does(error)
        return self.cursor.rowcount

    def close(self) -> None:
        """Give it back. Of a connection lost between BEGIN and its statement the driver would tell again, unwrapped."""
        with suppress(Error):
            self.cursor.close()

    def executemany(self, query: str, args: Any) -> Any:
        self.wrapper.read_what_came()
        if self.wrapper.to_begin:
            self.execute("DO 0")
        return super().executemany(query, args)
