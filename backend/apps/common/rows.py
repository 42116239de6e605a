"""Rows read and made into instances, by statements that are put together once per process.

The ORM composes a statement again each time, and for small rows that costs several times what the database does for
it. Here the text comes from the model, once; what is sent and what comes back is otherwise the same: the same columns
and conversions, and model instances. (`fetch` only makes the rows: its words are Django's.) `statements` writes.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models.base import ModelState

from apps.common import packets
from apps.common.packets import Statement

# The key of each table has this name: `pk` would find it out again, by two calls, for each row.
key_of = attrgetter("id")

type Conversion = Callable[[Any], Any]


class Beside(NamedTuple):
    """The row that a foreign key points to, to come along: of it these columns, or all if none is named."""

    foreign_key: str
    only: tuple[str, ...] = ()


class Rows[Row: models.Model](NamedTuple):
    """The rows that `where` describes (of a table that it calls `own`), in key order.

    `only` names the columns that are wanted (all, if none is named; others are read when somebody asks for them, as
    with Django's `only`). The row `beside` comes along, as with `select_related`. What is only looked at needs no
    instance: `kind` is a named tuple of the model's columns, all of them and in their order, which is made instead.
    """

    model: type[Row]
    where: str
    values: Sequence[Any]
    only: tuple[str, ...] = ()
    beside: Beside | None = None
    lock: str = ""
    kind: type[tuple[Any, ...]] | None = None

    @property
    def statement(self) -> Statement:
        """What asks for them."""
        head, _make = _selection(self.model, self.only, self.beside)
        return Statement(f"{head} WHERE {self.where} ORDER BY own.id{self.lock}", self.values)

    def read(self, result: packets.Result) -> list[Row]:
        """The rows that its result holds."""
        _head, make = _selection(self.model, self.only, self.beside)
        if self.kind is not None:
            make = _tuples(self.model, self.kind)
        return [make(values) for values in result.rows]


def select[Row: models.Model](
    model: type[Row], where: str, values: Sequence[Any], *, beside: Beside | None = None
) -> list[Row]:
    """These rows: see `Rows`."""
    return select_many(Rows(model, where, values, beside=beside))[0]


def select_many(*wanted: Rows[Any]) -> list[list[Any]]:
    """Each of these sets of rows, asked for in one round trip, in turn."""
    results = packets.ask(*[rows.statement for rows in wanted])
    return [rows.read(result) for rows, result in zip(wanted, results, strict=True)]


def fetch(rows: models.QuerySet[Any]) -> list[Any]:
    """What `list(rows)` makes; sooner, where the query asks for the columns of one table.

    What it is annotated with must be whole numbers. A query of another kind is left to Django.
    """
    query: Any = rows.query
    model: type[models.Model] = rows.model
    if query.select_related or query.deferred_loading[0] or rows._prefetch_related_lookups:  # type: ignore[attr-defined]
        return list(rows)
    try:
        words, values = query.sql_with_params()
    except EmptyResultSet:
        return []
    reader, names = _plain(model), tuple(query.annotation_select)
    found = []
    for columns in packets.ask(Statement(words, values))[0].rows:
        row = reader.instance(columns)
        row.__dict__.update(zip(names, columns[reader.end :], strict=True))
        found.append(row)
    return found


def among(column: str, number: int) -> str:
    """The words for "this column is one of so many values"."""
    return f"{column} IN ({', '.join(['%s'] * number)})"


class _Reader[Row: models.Model]:
    """Makes instances of a model from a part of a row, the columns from `start` on."""

    def __init__(self, model: type[Row], start: int, alias: str, only: tuple[str, ...]) -> None:
        every = model._meta.concrete_fields
        fields = [field for field in every if not only or field.primary_key or field.attname in only]
        self.model, self.start, self.end = model, start, start + len(fields)
        self.names = [field.attname for field in fields]
        self.key = start + next(index for index, field in enumerate(fields) if field.primary_key)
        self.columns = ", ".join(f"{alias}.{connection.ops.quote_name(str(field.column))}" for field in fields)
        self.conversions = [
            (field.attname, convert) for field in fields if (convert := _conversion(model, field)) is not None
        ]
        self.database = connection.alias

    def instance(self, row: Sequence[Any]) -> Row:
        """What `Model.from_db` makes of it; without asking for each column whether it was left out, and for signals."""
        made = self.model.__new__(self.model)
        made._state = state = ModelState()
        state.adding, state.db = False, self.database
        values = made.__dict__
        values.update(zip(self.names, row[self.start : self.end], strict=True))
        for name, convert in self.conversions:
            values[name] = convert(values[name])
        return made


def _conversion(model: type[models.Model], field: Any) -> Conversion | None:
    """What makes of a value of the driver what the field is to hold; None where it is that already."""
    if isinstance(field, models.DateTimeField) and connection.vendor == "mysql":
        return _in_utc
    if isinstance(field, models.BooleanField) and connection.vendor in ("mysql", "sqlite"):
        return _truth
    column = field.get_col(model._meta.db_table)
    converters = [*connection.ops.get_db_converters(column), *field.get_db_converters(connection)]
    if not converters:
        return None

    def convert(value: Any) -> Any:
        for converter in converters:
            value = converter(value, column, connection)
        return value

    return convert


def _in_utc(value: datetime | None) -> datetime | None:
    return None if value is None else value.replace(tzinfo=UTC)


def _truth(value: Any) -> Any:
    return bool(value) if value in (0, 1) else value


@cache
def _plain(model: type[models.Model]) -> _Reader[Any]:
    return _Reader(model, 0, "own", ())


@cache
def _tuples(model: type[models.Model], kind: Any) -> Callable[..., Any]:
    """What makes such a tuple of a row."""
    reader: _Reader[Any] = _plain(model)
    if list(kind._fields) != reader.names:
        raise TypeError(f"{kind.__name__} does not have the columns of {model.__name__}.")
    if not reader.conversions:
        return kind._make
    conversions = [(reader.names.index(name), convert) for name, convert in reader.conversions]

    def make(row: Sequence[Any]) -> Any:
        values = list(row)
        for place, convert in conversions:
            values[place] = convert(values[place])
        return kind._make(values)

    return make


@cache
def _selection(
    model: type[models.Model], only: tuple[str, ...], beside: Beside | None
) -> tuple[str, Callable[..., Any]]:
    """The head of the statement, and what makes an instance of a row of its answer."""
    own = _Reader(model, 0, "own", only)
    table = f"{connection.ops.quote_name(model._meta.db_table)} own"
    if beside is None:
        return f"SELECT {own.columns} FROM {table}", own.instance  # noqa: S608 - names of ours, never a value
    field: Any = model._meta.get_field(beside.foreign_key)
    other = _Reader(field.related_model, own.end, "other", beside.only)
    theirs = connection.ops.quote_name(field.related_model._meta.db_table)
    join = f"LEFT JOIN {theirs} other ON other.id = own.{connection.ops.quote_name(field.column)}"

    def make(row: Sequence[Any]) -> models.Model:
        made = own.instance(row)
        made._state.fields_cache[field.name] = other.instance(row) if row[other.key] is not None else None
        return made

    return f"SELECT {own.columns}, {other.columns} FROM {table} {join}", make  # noqa: S608
