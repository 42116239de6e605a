"""MySQL and MariaDB: a transaction is begun by BEGIN and ended by COMMIT, with nothing around them."""

from datetime import datetime
from typing import Any

from django.db.backends.mysql import base
from django.db.backends.utils import debug_transaction
from MySQLdb.constants import FIELD_TYPE

from apps.common.databases import SeldomAsked


class DatabaseWrapper(SeldomAsked, base.DatabaseWrapper):
    """Django turns autocommit off before a transaction and on after it: two round trips more than it takes.

    Where the server has ended a transaction by itself (a deadlock), what followed would be committed by itself, too;
    but nothing follows: the error ends the outermost block, and `apps.common.retry` begins anew.
    """

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        # The driver takes a time to pieces in Python; the standard library does so in C.
        params["conv"] = params["conv"] | {FIELD_TYPE.DATETIME: datetime.fromisoformat}
        return params

    def _start_transaction_under_autocommit(self) -> None:
        with debug_transaction(self, "BEGIN"), self.wrap_database_errors:
            self.connection.query("BEGIN")

    def _set_autocommit(self, autocommit: bool) -> None:
        if self.connection.get_autocommit() != autocommit:
            super()._set_autocommit(autocommit)  # type: ignore[misc] # The stubs have not heard of it.
