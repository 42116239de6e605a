"""Removes each guard of the application once, in a scratch copy of the tree, and tells what notices.

`python -m tests.fire.guards` for all of them, or with the names of some. A guard that nothing notices is a guard
that the next person may remove: exit status 1.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from tests.fire.application import ROOT
from tests.fire.databases import NAME, USER, MariaDB
from tests.fire.kinds import DATABASES
from tests.fire.programs import end_on_signals
from tests.fire.stage import scratch

LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", ".*_cache", "__pycache__", "*.sqlite3*", "staticfiles", ".env", "node_modules"
)
UNASKED, BROKEN = "could not be asked", "NOTHING IS PROVED: it is not only without a guard, it is broken"
MAX_TOLD = 5
TAIL = 3000  # characters of a test run that hold its verdict
# Without a guard all goes well as long as everybody comes alone: a change that breaks these proves nothing.
ALONE = ["tests/orders/test_like_the_orm.py"]


@dataclass(frozen=True)
class Guard:
    """A few words of the code that keep a promise, what stands there without them, and who should notice."""

    name: str
    edits: tuple[tuple[str, str, str], ...]  # file, words, replacement
    tests: str
    scenario: str = ""
    database: str = ""  # where the scenario is played; else on the first server that is here

    def lost(self, tree: Path) -> list[str]:
        """The words that the code does not say, once, any more: then this table must follow the code."""
        return [f"{name}: “{words}”" for name, words, _ in self.edits if (tree / name).read_text().count(words) != 1]

    def remove(self, tree: Path) -> None:
        """Take it out of this copy of the code."""
        for name, words, replacement in self.edits:
            (tree / name).write_text((tree / name).read_text().replace(words, replacement))


SERVICES, STOCK = "backend/apps/orders/services.py", "backend/apps/products/stock.py"
RETRY, SETTINGS = "backend/apps/common/retry.py", "backend/config/settings.py"
LOADING = "backend/apps/orders/loading.py"
LOCKOUT = "backend/apps/authentication/lockout.py"
NAMES = "backend/apps/customers/names.py"
SETTLING, TOTALS = "backend/apps/dashboard/settling.py", "backend/apps/dashboard/totals.py"
ORDER_TABLE = "backend/apps/orders/migrations/0001_initial.py"
PRODUCT_TABLE = "backend/apps/products/migrations/0001_initial.py"

GUARDS = (
    Guard(
        "row-lock-of-products",
        ((STOCK, "return exclusive(Product, pks, only=ASKED)",
          'return exclusive(Product, pks, only=ASKED)._replace(lock="")'),),
        "tests/races/test_overselling.py tests/races/test_locking_order.py",
        "hot-product",
    ),
    Guard(
        "row-lock-of-orders",
        ((LOADING, "exclusive(Order, wanted)", 'exclusive(Order, wanted)._replace(lock="")'),),
        "tests/races/test_everything_at_once.py tests/races/test_locking_order.py",
        "bustle",
    ),
    Guard(
        "read-lock-of-the-customer",
        ((SERVICES, "shared(Customer, [",
          "(lambda table, keys, only: rows.Rows(table, rows.among('own.id', len(keys)), keys, only))(Customer, ["),),
        "tests/races/test_everything_at_once.py tests/races/test_locking_order.py",
        "bustle",
    ),
    Guard(
        "lock-order",
        (("backend/apps/common/rows.py",
          "WHERE {self.where} ORDER BY own.id{self.lock}", "WHERE {self.where}{self.lock or ' ORDER BY own.id'}"),
         ("backend/apps/common/locks.py", "wanted = sorted(set(keys))", "wanted = list(set(keys))")),
        "tests/races/test_locking_order.py tests/races/test_deadlocks.py",
        "opposite-orders",
    ),
    Guard(
        "lock-of-failed-sign-ins",
        ((LOCKOUT, "FailedSignIns.objects.select_for_update()", "FailedSignIns.objects"),),
        "tests/races/test_guessing.py",
    ),
    Guard(
        "unique-key",
        ((ORDER_TABLE, "UniqueConstraint(fields=('customer', 'idempotency_key')",
          "UniqueConstraint(fields=('customer', 'idempotency_key', 'id')"),),
        "tests/orders/test_idempotency.py tests/contract/test_constraints.py",
        "twins",
    ),
    Guard(
        "fingerprint",
        ((SERVICES, "if earlier.fingerprint == request.fingerprint:", "if True:"),),
        "tests/orders/test_idempotency.py",
        "twins",
    ),
    Guard(
        "second-look-after-a-collision",
        ((SERVICES, "except (IntegrityError, Unavailable) as error:", "except ZeroDivisionError as error:"),),
        "tests/races/test_twins.py tests/orders/test_idempotency.py",
        "twins",
    ),
    Guard(
        "second-look-after-a-refusal",
        ((SERVICES, "for index in refused} | _replays(refused))", "for index in refused})"),),
        "tests/races/test_twins.py tests/orders/test_idempotency.py",
    ),
    Guard(
        "no-step-beyond-the-version",
        ((LOADING, "else steps[key][: order.version])", "else steps[key])"),),
        "tests/orders/test_moving.py",
    ),
    Guard(
        "retry",
        ((RETRY, "ATTEMPTS = 30", "ATTEMPTS = 1"),),
        "tests/common/test_retry.py tests/races/test_deadlocks.py",
        "bustle",
        "galera",
    ),
    Guard(
        "no-second-run-after-a-lost-commit",
        ((RETRY, "if committing and away(error) and not failed_before_commit(error):", "if False:"),),
        "tests/common/test_retry.py",
    ),
    Guard(
        "reads-wait-for-the-other-nodes",
        ((SETTINGS, '(", wsrep_sync_wait=1" if DB_SYNC_WAIT else "")', '""'),),
        "tests/common/test_settings.py",
        "nodes-lagging",
        "galera",
    ),
    Guard(
        "never-oversold-constraint",
        ((PRODUCT_TABLE, "models.Q(('reserved__lte', models.F('on_hand')))", "models.Q(('reserved__lte', 10**15))"),),
        "tests/contract/test_constraints.py",
    ),
    Guard(
        "permission-default",
        (("backend/apps/common/permissions.py", "if needed is None or not request.user.is_authenticated:",
          "if not request.user.is_authenticated:"),),
        "tests/contract/test_roles.py tests/authentication/test_roles.py",
    ),
    Guard(
        "one-settler-at-a-time",
        ((SETTLING, "mark = Bookmark.objects.select_for_update().get(pk=Bookmark.ONLY)\n    if",
          "mark = Bookmark.objects.get(pk=Bookmark.ONLY)\n    if"),),
        "tests/races/test_totals.py",
    ),
    Guard(
        "late-writers-are-waited-for",
        ((SETTLING, "    _let_finish(mark.counted, until)\n", ""),),
        "tests/races/test_totals.py",
    ),
    Guard(
        "nothing-is-settled-before-its-time",
        ((SETTLING, "if time.monotonic() - self.at < self.slack:", "if False:"),),
        "tests/dashboard/test_settling.py",
    ),
    Guard(
        "totals-stand-still-while-read",
        ((TOTALS, "if mark().settled == before.settled:", "if True:"),),
        "tests/dashboard/test_settling.py",
    ),
    Guard(
        "nobody-is-renamed-while-being-listed",
        ((NAMES, "following.select_for_update(skip_locked=True)", "following"),),
        "tests/races/test_names.py",
    ),
    Guard(
        "who-is-not-listed-is-looked-at",
        ((NAMES, "at in unlisted if wanted in name", "at in () if wanted in name"),),
        "tests/customers/test_names.py",
    ),
    Guard(
        "an-old-name-finds-nobody",
        ((NAMES, "set(found).difference(pk for pk, _name, _at in unlisted)", "set(found)"),),
        "tests/customers/test_names.py",
    ),
)  # fmt: skip


def main() -> None:
    end_on_signals()
    console = Console(width=max(Console().width, 140))
    if unknown := set(sys.argv[1:]) - {guard.name for guard in GUARDS}:
        sys.exit(f"no such guard: {', '.join(sorted(unknown))}; there are {', '.join(guard.name for guard in GUARDS)}")
    wanted = [guard for guard in GUARDS if not sys.argv[1:] or guard.name in sys.argv[1:]]
    unnoticed = 0
    with tempfile.TemporaryDirectory(prefix="guards-") as folder, ExitStack() as open_things:
        database = _database(Path(folder), open_things)
        whole = _tree_without(None, Path(folder) / "whole")
        for guard in wanted:
            tree = _tree_without(guard, Path(folder) / guard.name)
            noticed = [*_broken(tree)] or [*_red_tests(guard, tree, whole, database), *_red_scenario(guard, tree)]
            unnoticed += any(BROKEN in line for line in noticed) or all(UNASKED in line for line in noticed)
            console.print(f"[bold]{guard.name}[/]", highlight=False)
            for line in noticed or ["NOTHING NOTICED IT"]:
                console.print(f"   {line}", highlight=False, soft_wrap=True)
            shutil.rmtree(tree)
    sys.exit(1 if unnoticed else 0)


def _database(folder: Path, open_things: ExitStack) -> MariaDB | None:
    """A server on which races prove something; None where there is none, and the races are skipped."""
    if MariaDB.missing():
        return None
    database = MariaDB(scratch(scratch(folder) / "mariadb"))
    open_things.callback(database.stop)
    database.prepare()
    with database.connect(database.root) as connection:
        connection.cursor().execute(rf"GRANT ALL ON `test\_{NAME}%`.* TO '{USER}'@'127.0.0.1'")
    return database


def _tree_without(guard: Guard | None, tree: Path) -> Path:
    shutil.copytree(ROOT, tree, ignore=LEFT_OUT)
    (tree / ".venv").symlink_to(Path(sys.prefix))
    if guard is None:
        return tree
    if lost := guard.lost(tree):
        sys.exit(f"{guard.name}: the code does not say this once any more:\n{'\n'.join(lost)}")
    guard.remove(tree)
    return tree


def _broken(tree: Path) -> Iterator[str]:
    """Does one order after the other fail, too?"""
    done, failed = _tested(tree, {"DB_ENGINE": "sqlite", "DB_NAME": ":memory:"}, ALONE)
    if done.returncode:
        yield f"{BROKEN}: {', '.join(failed[:MAX_TOLD])}"


def _red_tests(guard: Guard, tree: Path, whole: Path, database: MariaDB | None) -> Iterator[str]:
    """The tests that fail without the guard, and with it do not: on SQLite and on a server."""
    for settings in ({"DB_ENGINE": "sqlite", "DB_NAME": ":memory:"}, database.settings() if database else None):
        if settings is None:
            continue
        done, failed = _tested(tree, settings, guard.tests.split())
        if done.returncode not in (0, 1, 5):
            yield f"the tests {UNASKED}:\n{done.stdout[-TAIL:]}{done.stderr[-TAIL:]}"
        if failed:
            _done, red_anyway = _tested(whole, settings, failed)
            told = [name for name in failed if name not in red_anyway]
            if told:
                yield f"{len(told)} tests on {settings['DB_ENGINE']}: {', '.join(told[:MAX_TOLD])}"


def _tested(
    tree: Path, settings: dict[str, str], tests: list[str]
) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """What became of these tests in that tree, and those that failed."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", *tests]
    env = {**os.environ, **settings, "DEBUG": "true"}
    done = subprocess.run(command, cwd=tree, env=env, capture_output=True, text=True, check=False)
    return done, [*dict.fromkeys(re.findall(r"^(?:FAILED|ERROR) (\S+?)(?:\[| |$)", done.stdout, re.MULTILINE))]


def _red_scenario(guard: Guard, tree: Path) -> Iterator[str]:
    """What the harness of that very tree finds."""
    if not guard.scenario:
        return
    database = guard.database or next((name for name, kind in DATABASES.items() if not kind.missing()), "sqlite")
    if missing := DATABASES[database].missing():
        yield f"make fire SCENARIO={guard.scenario} {UNASKED}: {missing}"
        return
    env = {**os.environ, "PYTHONPATH": str(tree), "COLUMNS": "200"}
    arguments = ["-m", "tests.fire", "--db", database, "--scenario", guard.scenario]
    done = subprocess.run([sys.executable, *arguments], cwd=tree, env=env, capture_output=True, text=True, check=False)
    if done.returncode == 1:
        first = next((line.strip() for line in done.stdout.splitlines() if line.startswith("   ")), "")
        yield f"make fire SCENARIO={guard.scenario} ({database}): {first}"
    elif done.returncode:
        yield f"make fire {UNASKED}:\n{done.stdout[-TAIL:]}{done.stderr[-TAIL:]}"


if __name__ == "__main__":
    main()
