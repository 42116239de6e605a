"""The few statements that every order runs, put together once per process instead of once per request.

The ORM composes a statement anew each time, and for small rows that costs several times what the database does for
it. Here the text comes from the model, once; what is sent and what comes back is otherwise the same: the same
columns and conversions, and model instances. Nothing here knows a word of the trade.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import batched
from typing import Any

import orjson
from django.db import connection, models

MOST_ROWS, MOST_CHANGED_ROWS = 1000, 200  # per statement; what is changed is found by CASE, row by row

type Adapter = Callable[[Any], Any]


def select[Row: models.Model](
    model: type[Row],
    where: str,
    params: Iterable[Any],
    *,
    beside: str = "",
    lock: str = "",
    without: tuple[str, ...] = (),
) -> list[Row]:
    """The rows that `where` describes (of a table that it calls `own`), in key order.

    `beside` names a foreign key whose row comes along, as with `select_related`; `without` are columns that are
    left for later, as with `defer`.
    """  # fmt: skip
    head, own, other = _selection(model, beside, without)
    with connection.cursor() as cursor:
        cursor.execute(f"{head} WHERE {where} ORDER BY own.id{lock}", list(params))
        found = cursor.fetchall()
    rows = []
    for values in found:
        row = own.instance(values)
        if other is not None:
            setattr(row, beside, other.instance(values) if values[other.start] is not None else None)
        rows.append(row)
    return rows


def among(column: str, number: int) -> str:
    """The words for "this column is one of so many values"."""
    return f"{column} IN ({', '.join(['%s'] * number)})"


def insert(model: type[models.Model], names: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> None:
    """Add rows, given as values in the order of `names`: what `bulk_create` does, without the instances."""
    head, marks, adapters = _insertion(model, names)
    with connection.cursor() as cursor:
        for chunk in batched(rows, MOST_ROWS):
            values = list(_adapted(chunk, adapters))
            cursor.execute(f"{head} VALUES {', '.join([marks] * len(chunk))}", values)


def insert_keyed(model: type[models.Model], names: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> list[int]:
    """Add rows, and tell the key that the database gave to each."""
    head, marks, adapters = _insertion(model, names)
    keys: list[int] = []
    with connection.cursor() as cursor:
        if not connection.features.can_return_rows_from_bulk_insert:  # MySQL: only the last statement's key is told.
            for row in rows:
                cursor.execute(f"{head} VALUES {marks}", list(_adapted([row], adapters)))
                keys.append(cursor.lastrowid)
            return keys
        for chunk in batched(rows, MOST_ROWS):
            values = list(_adapted(chunk, adapters))
            cursor.execute(f"{head} VALUES {', '.join([marks] * len(chunk))} RETURNING id", values)
            keys.extend(key for (key,) in cursor.fetchall())
    return keys


def add(rows: Sequence[models.Model]) -> None:
    """Insert these instances, columns that are derived from others included, and give each its key."""
    if not rows:
        return
    model = type(rows[0])
    fields = [field for field in model._meta.concrete_fields if not field.generated and not field.primary_key]
    values = [tuple(field.pre_save(row, True) for field in fields) for row in rows]
    keys = insert_keyed(model, tuple(str(field.column) for field in fields), values)
    for row, key in zip(rows, keys, strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, connection.alias


def update(rows: Sequence[models.Model], names: tuple[str, ...]) -> None:
    """Write these columns of these rows, which the caller has locked: each row's own values, one statement for all."""
    if not rows:
        return
    table = connection.ops.quote_name(rows[0]._meta.db_table)
    adapters = _adapters(type(rows[0]), names)
    with connection.cursor() as cursor:
        for chunk in batched(rows, MOST_CHANGED_ROWS):
            changes: list[str] = []
            params: list[Any] = []
            for name, adapt in zip(names, adapters, strict=True):
                values = [getattr(row, name) for row in chunk]
                _change(name, chunk, [adapt(value) for value in values] if adapt else values, changes, params)
            params.extend(row.pk for row in chunk)
            words = f"UPDATE {table} SET {', '.join(changes)} WHERE {among('id', len(chunk))}"  # noqa: S608
            cursor.execute(words, params)


def _change(name: str, rows: Sequence[models.Model], values: list[Any], changes: list[str], params: list[Any]) -> None:
    column = connection.ops.quote_name(name)
    if values.count(values[0]) == len(values):
        changes.append(f"{column} = %s")
        params.append(values[0])
        return
    changes.append(f"{column} = CASE id{' WHEN %s THEN %s' * len(rows)} END")
    for row, value in zip(rows, values, strict=True):
        params += (row.pk, value)


def _adapted(rows: Iterable[Sequence[Any]], adapters: tuple[Adapter | None, ...]) -> Iterator[Any]:
    for row in rows:
        for value, adapt in zip(row, adapters, strict=True):
            yield adapt(value) if adapt else value


class _Reader[Row: models.Model]:
    """Makes instances of a model from a part of a row, the columns from `start` on."""

    def __init__(self, model: type[Row], start: int, alias: str, without: tuple[str, ...] = ()) -> None:
        self.model, self.start = model, start
        fields = [field for field in model._meta.concrete_fields if field.attname not in without]
        self.names = [field.attname for field in fields]
        self.columns = ", ".join(f"{alias}.{connection.ops.quote_name(str(field.column))}" for field in fields)
        self.conversions: list[tuple[int, list[Callable[..., Any]], Any]] = []
        for index, field in enumerate(fields):
            column = field.get_col(model._meta.db_table)
            converters = [*connection.ops.get_db_converters(column), *field.get_db_converters(connection)]
            if converters:
                self.conversions.append((index, converters, column))

    def instance(self, row: Sequence[Any]) -> Row:
        values = list(row[self.start : self.start + len(self.names)])
        for index, converters, column in self.conversions:
            for convert in converters:
                values[index] = convert(values[index], column, connection)
        return self.model.from_db(connection.alias, self.names, values)


@cache
def _selection(model: type[models.Model], beside: str, without: tuple[str, ...]) -> tuple[str, Any, Any]:
    own, other = _Reader(model, 0, "own", without), None
    columns, tables = own.columns, f"{connection.ops.quote_name(model._meta.db_table)} own"
    if beside:
        field: Any = model._meta.get_field(beside)
        other = _Reader(field.related_model, len(own.names), "other")
        columns += f", {other.columns}"
        theirs = connection.ops.quote_name(field.related_model._meta.db_table)
        tables += f" LEFT JOIN {theirs} other ON other.id = own.{connection.ops.quote_name(field.column)}"
    return f"SELECT {columns} FROM {tables}", own, other  # noqa: S608 - names of ours, never a value


@cache
def _insertion(model: type[models.Model], names: tuple[str, ...]) -> tuple[str, str, tuple[Adapter | None, ...]]:
    columns = ", ".join(connection.ops.quote_name(name) for name in names)
    table = connection.ops.quote_name(model._meta.db_table)
    return f"INSERT INTO {table} ({columns})", f"({', '.join(['%s'] * len(names))})", _adapters(model, names)


@cache
def _adapters(model: type[models.Model], names: tuple[str, ...]) -> tuple[Adapter | None, ...]:
    """What turns a value of each column into what the driver takes; None where it takes it as it is."""
    by_name = {field.column: field for field in model._meta.concrete_fields}
    return tuple(_adapter(by_name[name]) for name in names)


def _adapter(field: Any) -> Adapter | None:
    if isinstance(field, models.JSONField):
        return lambda value: orjson.dumps(value).decode()
    if isinstance(field, models.DateTimeField | models.DecimalField):
        return lambda value: field.get_db_prep_save(value, connection)
    return None
