"""Commands tell a database that is away, or not migrated, from whatever else they may have to say."""

import os
import re
import secrets
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import OperationalError, ProgrammingError

from apps.common.commands import NO_DATABASE

BACKEND = Path(__file__).resolve().parents[2] / "backend"
OURS = sorted(name for name, app in get_commands().items() if str(app).startswith("apps."))
NEEDED = {"import_olist": ["/nowhere"]}


def manage(*arguments, **environment):
    """A command in a process of its own, on SQLite."""
    settings = {"SECRET_KEY": secrets.token_urlsafe(64), "DB_ENGINE": "sqlite", **environment}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=BACKEND,
        env={name: value for name, value in os.environ.items() if not name.startswith("DB_")} | settings,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "words",
    [
        "(1045, \"Access denied for user 'desk'@'localhost'\")",
        "(1049, \"Unknown database 'desk'\")",
        'FATAL: password authentication failed for user "desk"',
        'FATAL: database "desk" does not exist',
    ],
)
def test_who_is_not_let_in_is_told_where_to_look(words, monkeypatch):
    monkeypatch.setattr(BaseCommand, "check", failing(OperationalError(words)))

    with pytest.raises(CommandError, match=r"DB_HOST, DB_NAME, DB_USER and DB_PASSWORD") as failure:
        call_command("check_ledger", skip_checks=False)

    assert failure.value.returncode == NO_DATABASE


@pytest.mark.django_db
@pytest.mark.parametrize("name", OURS)
def test_a_server_that_is_away_is_told_in_one_line_with_a_code_of_its_own(name, monkeypatch):
    monkeypatch.setattr(BaseCommand, "check", failing(OperationalError(2002, "Can't connect to server")))

    with pytest.raises(CommandError, match=r"^The database is away or too busy: .*Can't connect to server") as failure:
        call_command(name, *NEEDED.get(name, []), skip_checks=False, stdout=StringIO())

    assert failure.value.returncode == 3
    assert "\n" not in str(failure.value)


@pytest.mark.django_db
def test_a_mistake_of_ours_is_shown_whole(monkeypatch):
    monkeypatch.setattr(BaseCommand, "check", failing(ProgrammingError("syntax error")))

    with pytest.raises(ProgrammingError):
        call_command("check_ledger", skip_checks=False)


def failing(error):
    def check(*_args, **_options):
        raise error

    return check


@pytest.mark.parametrize("command", [["check_ledger"], ["create_first_admin"], ["settle_totals", "--check"]])
def test_on_an_empty_database_it_says_so(command, tmp_path):
    done = manage(*command, DB_NAME=str(tmp_path / "empty.sqlite3"))

    assert (done.returncode, done.stderr) == (3, "CommandError: The database is not ready: run migrate first.\n")


def test_a_database_that_cannot_be_opened_is_away(tmp_path):
    done = manage("check_ledger", DB_NAME=str(tmp_path / "no folder" / "db.sqlite3"))

    told = r"CommandError: The database is away or too busy: unable to open database file\. Run it again .*\n"
    assert done.returncode == 3
    assert re.fullmatch(told, done.stderr), done.stderr
