"""The few statements by which every order is written, put together once per process instead of once per request.

The text comes from the model, values pass through the conversions that the ORM would use. `rows` reads.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache
from itertools import batched, chain
from typing import Any

import orjson
from django.db import connection, models
from django.db.models.base import ModelState

from apps.common import packets
from apps.common.columns import MoneyField
from apps.common.packets import Statement
from apps.common.rows import among, key_of
from apps.common.text import money

MAX_ROWS, MAX_CHANGED_ROWS = 1000, 200  # per statement; what is changed is found by CASE, row by row

type Adapter = Callable[[Any], Any]


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


@lru_cache(maxsize=64)  # All that one transaction writes has one time.
def _without_zone(value: datetime | None) -> str | None:
    return None if value is None else str(value.astimezone(UTC).replace(tzinfo=None))


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
