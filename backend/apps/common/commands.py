"""What every command of ours says when the database is not there, or not as it should be."""

import re
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error, ProgrammingError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import translation

from apps.common.errors import Unavailable
from apps.common.retry import DATABASE_ERRORS

NO_DATABASE = 3  # The exit code. 1 is a command's own "no": wrong books, say.
NOT_MIGRATED = "The database is not ready: run migrate first."
# MySQL's and PostgreSQL's words; of a connection that was refused the latter has no code.
NOT_LET_IN = re.compile(r"Access denied|Unknown database|authentication failed|(role|database) \".*\" does not exist")


class DeskCommand(BaseCommand):
    """A command that ends with one line and `NO_DATABASE` where Django would show a page of its insides.

    Around Django's own checks, too: on MySQL they ask the server for its version.
    """

    again = "Run it again when it is back."

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            with translation.override("en"):  # What a command says is English, refusals of the services included.
                return super().execute(*args, **options)
        except (Unavailable, *DATABASE_ERRORS, ProgrammingError) as error:
            if _lacks_migrations():
                raise CommandError(NOT_MIGRATED, returncode=NO_DATABASE) from error
            if isinstance(error, ProgrammingError):
                raise  # A mistake of ours: whoever mends it needs all of it.
            reason = " ".join(str(error.__cause__ or error).split())
            if NOT_LET_IN.search(reason):
                told = f"The database does not let us in: {reason}. Look at DB_HOST, DB_NAME, DB_USER and DB_PASSWORD."
            else:
                told = f"The database is away or too busy: {reason}. {self.again}"
            raise CommandError(told, returncode=NO_DATABASE) from error


def _lacks_migrations() -> bool:
    """Whether it can be reached and lacks tables or columns."""
    try:
        connection.close_if_unusable_or_obsolete()
        executor = MigrationExecutor(connection)
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except Error:
        return False
