"""Column types that mean the same on every database."""

from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from apps.common.text import fold


class ExactCharField(models.CharField):
    """Text compared byte by byte: MySQL and MariaDB would otherwise ignore case and accents."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        parameters = super().db_parameters(connection)
        if connection.vendor == "mysql":
            parameters["collation"] = "utf8mb4_bin"
        return parameters


class OrderedCharField(ExactCharField):
    """Text that is sorted byte by byte, too, so that what begins alike stands together. PostgreSQL goes by language."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class LowerCharField(ExactCharField):
    """Text kept, and looked for, in small letters: an e-mail address."""

    def get_prep_value(self, value: Any) -> Any:
        prepared = super().get_prep_value(value)
        return prepared.lower() if isinstance(prepared, str) else prepared


class DerivedCharField(ExactCharField):
    """Text that follows another column: its folded form for searching, say. Written on each save of the row.

    `source` names the column, `derive` turns its value into what is stored. Whoever saves with
    `update_fields` names the derived column too.
    """

    def __init__(self, source: str = "", derive: Callable[[str | None], str] = fold, **kwargs: Any) -> None:
        self.source, self.derive = source, derive
        kwargs.setdefault("editable", False)
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "source": self.source, "derive": self.derive}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: ARG002
        value = self.derive(getattr(model_instance, self.source))[: self.max_length]
        setattr(model_instance, self.attname, value)
        return value


class MoneyField(models.DecimalField):
    """An amount in BRL with two places. Fifteen digits: what every database, SQLite too, keeps exactly."""

    MAX_DIGITS = 15

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_digits": self.MAX_DIGITS, "decimal_places": 2, **kwargs})
