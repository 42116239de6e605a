"""Conditions on whole keys, put into words at once: Django takes each value, and each comparison, by itself."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Self

from django.core.exceptions import EmptyResultSet
from django.db.models import F, Lookup

OF_DIGITS = re.compile(r"[0-9,]*")


class Among(Lookup):
    """Is the column, of whole numbers, one of these? What `__in` asks, at a tenth of its price: they go as text.

    They may come as text, too, as a database puts them together: "3,1,2".
    """

    prepare_rhs = False

    def __init__(self, column: str, keys: Iterable[int] | str) -> None:
        known = keys if isinstance(keys, str) else ",".join(map(str, map(int, keys)))
        if not OF_DIGITS.fullmatch(known):
            raise ValueError("keys are whole numbers")
        super().__init__(F(column), known)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        if not self.rhs:
            raise EmptyResultSet  # No database knows an empty list; Django knows what follows from it.
        column, values = self.process_lhs(compiler, connection)
        return f"{column} IN ({self.rhs})", values


class Beyond(Lookup):
    """Does the row come after these values in this order? `a >= x AND (a > x OR (a = x AND (b > y …)))`.

    What stands first is for the index. Columns are named as `order_by` names them.
    """

    prepare_rhs = False

    def __init__(self, ordering: Sequence[str], values: Sequence[Any]) -> None:
        super().__init__(F(ordering[0].lstrip("-")), tuple(values))
        self.columns: list[Any] = [F(name.lstrip("-")) for name in ordering]
        self.signs = ["<" if name.startswith("-") else ">" for name in ordering]

    def resolve_expression(self, query: Any = None, *args: Any, **kwargs: Any) -> Self:
        resolved: Self = super().resolve_expression(query, *args, **kwargs)
        resolved.columns = [column.resolve_expression(query, *args, **kwargs) for column in self.columns]
        return resolved

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        words = ""
        values: list[Any] = []
        for column, sign, value in reversed(list(zip(self.columns, self.signs, self.rhs, strict=True))):
            name, _none = compiler.compile(column)
            known = column.target.get_db_prep_value(column.target.to_python(value), connection)
            if words:
                words = f"({name} {sign}= %s AND ({name} {sign} %s OR ({name} = %s AND {words})))"
                values = [known, known, known, *values]
            else:
                words, values = f"{name} {sign} %s", [known]
        return words, values
