"""The few statements that every order runs, put together once per process instead of once per request.

The ORM composes a statement again each time, and for small rows that costs several times what the database does for
it. Here the text comes from the model, once; what is sent and what comes back is otherwise the same: the same
columns and conversions, and model instances. (`fetch` only makes the rows: its words are Django's.) Nothing here knows
a word of the trade.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache
from itertools import batched, chain
from operator import attrgetter
from typing import Any, NamedTuple

import orjson
from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models.base import ModelState

from apps.common import packets
from apps.common.columns import MoneyField
from apps.common.packets import Statement
from apps.common.text import money

MAX_ROWS, MAX_CHANGED_ROWS = 1000, 200  # per statement; what is changed is found by CASE, row by row

# The key of each table has this name: `pk` would find it out again, by two calls, for each row.
key_of = attrgetter("id")

type Adapter = Callable[[Any], Any]


class Rows[Row: models.Model](NamedTuple):
    """The rows that `where` describes (of a table that it calls `own`), in key order.

    `only` names the columns that are wanted (all, if none is named; others are read when somebody asks for them, as
    with Django's `only`). `beside` names a foreign key whose row comes along, as with `select_related`, and then the
    columns that are wanted of that.
    """

    model: type[Row]
    where: str
    values: Sequence[Any]
    only: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    lock: str = ""

    @property
    def statement(self) -> Statement:
        """What asks for them."""
        head, _make = _selection(self.model, self.only, self.beside)
        return Statement(f"{head} WHERE {self.where} ORDER BY own.id{self.lock}", self.values)

    def read(self, answer: packets.Answer) -> list[Row]:
        """What the answer to that holds."""
        _head, make = _selection(self.model, self.only, self.beside)
        return [make(values) for values in answer.rows]


def select[Row: models.Model](
    model: type[Row], where: str, values: Sequence[Any], *, beside: tuple[str, ...] = ()
) -> list[Row]:
    """These rows: see `Rows`."""
    return select_many(Rows(model, where, values, beside=beside))[0]


def select_many(*wanted: Rows[Any]) -> list[list[Any]]:
    """Each of these sets of rows, asked for in one round trip, in turn."""
    answers = packets.ask(*[rows.statement for rows in wanted])
    return [rows.read(answer) for rows, answer in zip(wanted, answers, strict=True)]


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


def new[Row: models.Model](
    model: type[Row], columns: Iterable[tuple[str, Any]] | dict[str, Any], beside: dict[str, Any] | None = None
) -> Row:
    """An instance of a row to be inserted, every column of it given: what the model's own constructor makes.

    `beside` holds the rows that its foreign keys point to, where they are at hand.
    """
    made = model.__new__(model)
    values = made.__dict__
    values["_state"] = ModelState()
    values.update(columns)
    if beside:
        made._state.fields_cache.update(beside)
    return made


def insert(model: type[models.Model], names: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> None:
    """Add rows, given as values in the order of `names`: what `bulk_create` does, without the instances."""
    for statement in _insertions(model, names, rows, MAX_ROWS):
        packets.tell(statement)


def insert_returning_keys(
    model: type[models.Model], names: tuple[str, ...], rows: Sequence[tuple[Any, ...]]
) -> list[int]:
    """Add rows, and tell the key that the database gave to each."""
    if _returns_keys():
        return [
            key
            for statement in _insertions(model, names, rows, MAX_ROWS)
            for answer in packets.ask(Statement(f"{statement.text} RETURNING id", statement.values))
            for (key,) in answer.rows
        ]
    # MySQL tells one key for each statement.
    return [answer.key for answer in packets.ask(*_insertions(model, names, rows, 1))]


@cache
def _returns_keys() -> bool:
    return bool(connection.features.can_return_rows_from_bulk_insert)


def add_to_sums(
    model: type[models.Model], key: tuple[str, ...], sums: tuple[str, ...], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Add to the columns `sums` of the row with this `key`, or make it: rows are values of key and sums, in turn."""
    quote = connection.ops.quote_name
    if connection.vendor == "mysql":
        adding = ", ".join(f"{quote(name)} = {quote(name)} + VALUES({quote(name)})" for name in sums)
        tail = f" ON DUPLICATE KEY UPDATE {adding}"
    else:
        table = quote(model._meta.db_table)
        adding = ", ".join(f"{quote(name)} = {table}.{quote(name)} + excluded.{quote(name)}" for name in sums)
        tail = f" ON CONFLICT ({', '.join(map(quote, key))}) DO UPDATE SET {adding}"
    for statement in _insertions(model, (*key, *sums), rows, MAX_ROWS):
        packets.tell(Statement(statement.text + tail, statement.values))


def add(rows: Sequence[models.Model]) -> None:
    """Insert these instances, columns that are derived from others included, and give each its key."""
    if not rows:
        return
    model = type(rows[0])
    fields = [field for field in model._meta.concrete_fields if not field.generated and not field.primary_key]
    values = [tuple(field.pre_save(row, True) for field in fields) for row in rows]
    keys = insert_returning_keys(model, tuple(str(field.column) for field in fields), values)
    for row, key in zip(rows, keys, strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, connection.alias


def increase(rows: Sequence[models.Model], by: Mapping[str, Sequence[int]], **same: Any) -> None:
    """Add to columns of these rows, which the caller has locked: to each row its own; and write `same` to them all.

    One statement for all, in which nothing stands of a column that no row changes in.
    """
    if not rows:
        return
    head, columns, adapters = _changing(type(rows[0]), tuple(same))
    quote = connection.ops.quote_name
    for start in range(0, len(rows), MAX_CHANGED_ROWS):
        keys = list(map(key_of, rows[start : start + MAX_CHANGED_ROWS]))
        changes = [f"{column} = %s" for column in columns]
        params = [adapt(value) if adapt else value for value, adapt in zip(same.values(), adapters, strict=True)]
        for name, amounts in by.items():
            if any(part := amounts[start : start + MAX_CHANGED_ROWS]):
                _change(f"{quote(name)} = {quote(name)} +", keys, part, changes, params)
        params += keys
        packets.tell(Statement(f"{head} SET {', '.join(changes)} WHERE {among('id', len(keys))}", params))


def update(rows: Sequence[models.Model], names: tuple[str, ...]) -> None:
    """Write these columns of these rows, which the caller has locked: each row's own values, one statement for all."""
    if not rows:
        return
    head, columns, adapters = _changing(type(rows[0]), names)
    for chunk in batched(rows, MAX_CHANGED_ROWS):
        keys = list(map(key_of, chunk))
        changes: list[str] = []
        params: list[Any] = []
        for name, column, adapt in zip(names, columns, adapters, strict=True):
            values = [getattr(row, name) for row in chunk]
            _change(f"{column} =", keys, [adapt(value) for value in values] if adapt else values, changes, params)
        params += keys
        packets.tell(Statement(f"{head} SET {', '.join(changes)} WHERE {among('id', len(keys))}", params))


def _change(becomes: str, keys: list[int], values: Sequence[Any], changes: list[str], params: list[Any]) -> None:
    """Each row's own value. Only the rows that have not the most frequent one are named: the database compares less."""
    if values.count(values[0]) == len(values):
        changes.append(f"{becomes} %s")
        params.append(values[0])
        return
    rows_of: defaultdict[Any, list[int]] = defaultdict(list)
    for key, value in zip(keys, values, strict=True):
        rows_of[value].append(key)
    usual = max(rows_of, key=lambda value: len(rows_of[value]))
    del rows_of[usual]
    cases = " ".join(f"WHEN {among('id', len(others))} THEN %s" for others in rows_of.values())
    changes.append(f"{becomes} CASE {cases} ELSE %s END")
    for value, others in rows_of.items():
        params += (*others, value)
    params.append(usual)


def _insertions(
    model: type[models.Model], names: tuple[str, ...], rows: Sequence[tuple[Any, ...]], most: int
) -> Iterator[Statement]:
    head, marks, adapters = _insertion(model, names)
    width = len(adapters)
    for chunk in batched(rows, most):
        values = list(chain.from_iterable(chunk))
        for column, adapt in enumerate(adapters):
            if adapt:
                values[column::width] = map(adapt, values[column::width])
        yield Statement(f"{head} VALUES {', '.join([marks] * len(chunk))}", values)


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


def _conversion(model: type[models.Model], field: Any) -> Adapter | None:
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


@lru_cache(maxsize=64)  # All that one transaction writes has one time.
def _without_zone(value: datetime | None) -> str | None:
    return None if value is None else str(value.astimezone(UTC).replace(tzinfo=None))


@cache
def _plain(model: type[models.Model]) -> _Reader[Any]:
    return _Reader(model, 0, "own", ())


@cache
def _selection(
    model: type[models.Model], only: tuple[str, ...], beside: tuple[str, ...]
) -> tuple[str, Callable[..., Any]]:
    """The head of the statement, and what makes an instance of a row of its answer."""
    own = _Reader(model, 0, "own", only)
    table = f"{connection.ops.quote_name(model._meta.db_table)} own"
    if not beside:
        return f"SELECT {own.columns} FROM {table}", own.instance  # noqa: S608 - names of ours, never a value
    field: Any = model._meta.get_field(beside[0])
    other = _Reader(field.related_model, own.end, "other", beside[1:])
    theirs = connection.ops.quote_name(field.related_model._meta.db_table)
    join = f"LEFT JOIN {theirs} other ON other.id = own.{connection.ops.quote_name(field.column)}"

    def make(row: Sequence[Any]) -> models.Model:
        made = own.instance(row)
        made._state.fields_cache[field.name] = other.instance(row) if row[other.key] is not None else None
        return made

    return f"SELECT {own.columns}, {other.columns} FROM {table} {join}", make  # noqa: S608


@cache
def _insertion(model: type[models.Model], names: tuple[str, ...]) -> tuple[str, str, tuple[Adapter | None, ...]]:
    columns = ", ".join(connection.ops.quote_name(name) for name in names)
    table = connection.ops.quote_name(model._meta.db_table)
    return f"INSERT INTO {table} ({columns})", f"({', '.join(['%s'] * len(names))})", _adapters(model, names)


@cache
def _changing(model: type[models.Model], names: tuple[str, ...]) -> tuple[str, list[str], tuple[Adapter | None, ...]]:
    quote = connection.ops.quote_name
    return f"UPDATE {quote(model._meta.db_table)}", [quote(name) for name in names], _adapters(model, names)


@cache
def _adapters(model: type[models.Model], names: tuple[str, ...]) -> tuple[Adapter | None, ...]:
    """What turns a value of each column into what the driver takes; None where it takes it as it is."""
    by_name = {field.column: field for field in model._meta.concrete_fields}
    return tuple(_adapter(by_name[name]) for name in names)


def _adapter(field: Any) -> Adapter | None:
    if isinstance(field, models.JSONField):
        return lambda value: orjson.dumps(value).decode()
    if isinstance(field, models.DateTimeField) and connection.vendor != "postgresql":
        return _without_zone
    if isinstance(field, MoneyField) and connection.vendor != "postgresql" and not field.null:
        return money
    if isinstance(field, models.DateField | models.DecimalField):  # A moment is a kind of date.
        return lambda value: field.get_db_prep_save(value, connection)
    return None
