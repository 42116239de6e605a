"""While a new version comes up, the previous one still serves: a migration may add, and takes away one release later.

`scripts/check_upgrade` proves the same with the previous release's real code; this is what a pull request meets first.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    AlterModelManagers,
    AlterModelOptions,
    CreateModel,
    DeleteModel,
    RemoveConstraint,
    RemoveField,
    RemoveIndex,
    RenameField,
    RenameIndex,
    RunSQL,
    SeparateDatabaseAndState,
)
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

# Migrations that take something away, or that no rule here understands, each with the reason why the release before
# it does not mind: which release stopped reading and writing it. (docs/OPERATIONS.md, “Migrations…”)
LOOKED_AT: dict[tuple[str, str], str] = {
    ("customers", "0008_name_has_length"): "It forbids less than the one whose place it takes: the empty name, and no other.",
}

# What the previous release cannot notice, whatever its arguments.
HARMLESS = (AddIndex, AlterModelManagers, AlterModelOptions, CreateModel, RemoveConstraint, RemoveIndex, RenameIndex)
WIDER = {("SmallIntegerField", "IntegerField"), ("IntegerField", "BigIntegerField"), ("CharField", "TextField")}


def objections(migration: Migration, state: ProjectState) -> list[str]:
    """Why the release before this migration could not go on after it, as far as its operations tell."""
    made_here: set[str] = set()
    found = []
    for operation in _flat(migration.operations):
        model = getattr(operation, "model_name", getattr(operation, "name", "")).lower()
        if isinstance(operation, CreateModel):
            made_here.add(model)
        if model not in made_here and (why := _objection(operation, migration.app_label, state)):
            found.append(f"{operation.describe()}: {why}")
        operation.state_forwards(migration.app_label, state)
    return found


def _flat(operations: list[Operation]) -> Iterator[Operation]:
    for operation in operations:
        if isinstance(operation, SeparateDatabaseAndState):
            yield from _flat(operation.database_operations)
        else:
            yield operation


def _objection(operation: Operation, app: str, state: ProjectState) -> str | None:
    if isinstance(operation, HARMLESS):
        return None
    if isinstance(operation, AddField):
        return _objection_to_column(operation.field)
    if isinstance(operation, AlterField):
        return _objection_to_change(state.models[app, operation.model_name_lower].fields[operation.name], operation.field)
    if isinstance(operation, AddConstraint):
        return "the previous release may write rows that it forbids"
    return "no rule says that the previous release goes on after it"


def _objection_to_column(field: models.Field) -> str | None:
    if field.many_to_many or isinstance(field, models.GeneratedField):
        return None
    if not (field.null or field.has_db_default()):
        return "the previous release inserts rows without this column: give it null=True or a db_default"
    if field.unique and not field.null:
        return "the second row that the previous release inserts has the same value as the first"
    return None


def _objection_to_change(before: models.Field, after: models.Field) -> str | None:
    if before.null and not after.null:
        return "the previous release may still write NULL"
    if after.unique and not before.unique:
        return "the previous release may write the same value twice"
    if before.db_column != after.db_column:
        return "the previous release knows the column by its old name"
    kinds = (before.get_internal_type(), after.get_internal_type())
    if kinds[0] != kinds[1] and kinds not in WIDER:
        return f"the previous release reads and writes a {kinds[0]}, not a {kinds[1]}"
    for size in ("max_length", "max_digits", "decimal_places"):
        if (getattr(before, size, None) or 0) > (getattr(after, size, None) or float("inf")):
            return f"the previous release may write what is longer than the new {size}"
    return None


def released_after_the_first() -> list[tuple[str, str]]:
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("apps.")}
    disk = MigrationLoader(None).disk_migrations
    return sorted(key for key, migration in disk.items() if key[0] in ours and not migration.initial)


@pytest.mark.parametrize("key", released_after_the_first(), ids=".".join)
def test_a_migration_only_adds_or_has_been_looked_at(key):
    loader = MigrationLoader(None)
    found = objections(loader.disk_migrations[key], loader.project_state(key, at_end=False))

    assert not found or len(LOOKED_AT.get(key, "")) > 20, "\n".join(found)


@pytest.mark.django_db
@pytest.mark.parametrize("key", [key for key in released_after_the_first() if key not in LOOKED_AT], ids=".".join)
def test_what_the_code_before_a_migration_reads_is_still_there(key):
    state = MigrationLoader(connection).project_state(key, at_end=False)

    for model in state.apps.get_models():
        if model._meta.app_label == key[0]:
            list(model._base_manager.order_by("pk")[:1])


def test_nothing_is_excused_that_is_not_there():
    assert set(LOOKED_AT) <= set(released_after_the_first())


def a_state() -> ProjectState:
    state = ProjectState()
    fields: list[tuple[str, Any]] = [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField(max_length=20, null=True)),
        ("size", models.IntegerField(default=0)),
    ]
    CreateModel("shelf", fields).state_forwards("examples", state)
    return state


CHECK = models.CheckConstraint(condition=models.Q(size__gte=0), name="size_is_positive")


@pytest.mark.parametrize(
    "operation",
    [
        RemoveField("shelf", "size"),
        RenameField("shelf", "size", "width"),
        DeleteModel("shelf"),
        AddField("shelf", "colour", models.CharField(max_length=9, default="white")),
        AddField("shelf", "code", models.CharField(max_length=9, db_default="", unique=True)),
        AlterField("shelf", "name", models.CharField(max_length=20)),
        AlterField("shelf", "name", models.CharField(max_length=10, null=True)),
        AlterField("shelf", "name", models.CharField(max_length=20, null=True, unique=True)),
        AlterField("shelf", "size", models.CharField(max_length=20)),
        AddConstraint("shelf", CHECK),
        RunSQL("DROP TABLE shelf"),
        SeparateDatabaseAndState(database_operations=[RemoveField("shelf", "size")]),
    ],
    ids=lambda operation: operation.describe(),
)
def test_what_would_stop_the_previous_release_is_objected_to(operation):
    migration = Migration("0002", "examples")
    migration.operations = [operation]

    assert len(objections(migration, a_state())) == 1


@pytest.mark.parametrize(
    "operation",
    [
        AddField("shelf", "colour", models.CharField(max_length=9, null=True)),
        AddField("shelf", "colour", models.CharField(max_length=9, db_default="white")),
        AlterField("shelf", "name", models.CharField(max_length=40, null=True)),
        AlterField("shelf", "size", models.BigIntegerField(default=1)),
        AddIndex("shelf", models.Index(fields=["size"], name="shelf_by_size")),
        CreateModel("box", [("id", models.BigAutoField(primary_key=True))]),
    ],
    ids=lambda operation: operation.describe(),
)
def test_what_only_adds_is_not(operation):
    migration = Migration("0002", "examples")
    migration.operations = [operation]

    assert objections(migration, a_state()) == []


def test_a_table_of_the_same_migration_may_be_made_in_any_number_of_steps():
    migration = Migration("0002", "examples")
    migration.operations = [
        CreateModel("box", [("id", models.BigAutoField(primary_key=True)), ("size", models.IntegerField())]),
        AddField("box", "colour", models.CharField(max_length=9, default="white")),
        AddConstraint("box", CHECK),
    ]

    assert objections(migration, a_state()) == []
