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

LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".*_cache", "__pycache__", "*.sqlite3*", "staticfiles", ".env")
TAIL = 3000  # characters of a test run that hold its verdict


@dataclass(frozen=True)
class Guard:
    """A few words of the code that keep a promise, what stands there without them, and who should notice."""

    name: str
    edits: tuple[tuple[str, str, str], ...]  # file, words, replacement
    tests: str
    scenario: str


STOCK, ORDERS = "backend/apps/products/stock.py", "backend/apps/orders/services.py"
ORDER_TABLE = "backend/apps/orders/migrations/0001_initial.py"
PRODUCT_TABLE = "backend/apps/products/migrations/0001_initial.py"

GUARDS = (
    Guard(
        "row-lock-of-products",
        ((STOCK, "Product.objects.select_for_update().filter", "Product.objects.filter"),),
        "tests/races tests/products",
        "hot-product",
    ),
    Guard(
        "row-lock-of-orders",
        ((ORDERS, "Order.objects.select_for_update().filter", "Order.objects.filter"),),
        "tests/races tests/orders",
        "bustle",
    ),
    Guard(
        "read-lock-of-the-customer",
        ((ORDERS, "read_locked(Customer.objects.filter(pk=request.customer_id))",
          "list(Customer.objects.filter(pk=request.customer_id))"),),
        "tests/races tests/orders",
        "bustle",
    ),
    Guard(
        "lock-order",
        ((STOCK, '.filter(pk__in=set(pks)).order_by("pk")', ".filter(pk__in=set(pks))"),),
        "tests/races",
        "opposite-orders",
    ),
    Guard(
        "unique-key",
        ((ORDER_TABLE, "UniqueConstraint(fields=('customer', 'idempotency_key')",
          "UniqueConstraint(fields=('customer', 'idempotency_key', 'id')"),),
        "tests/races tests/orders/test_idempotency.py tests/contract/test_constraints.py",
        "twins",
    ),
    Guard(
        "fingerprint",
        ((ORDERS, "if earlier is not None and earlier.fingerprint != request.fingerprint():", "if False:"),),
        "tests/orders/test_idempotency.py",
        "twins",
    ),
    Guard(
        "second-look-at-the-key",
        ((ORDERS, "except (DomainError, IntegrityError):", "except ZeroDivisionError:"),),
        "tests/races tests/orders/test_idempotency.py",
        "twins",
    ),
    Guard(
        "retry",
        (("backend/apps/common/retry.py", "ATTEMPTS = 30", "ATTEMPTS = 1"),),
        "tests/common/test_retry.py tests/races",
        "twins",
    ),
    Guard(
        "never-oversold-constraint",
        ((PRODUCT_TABLE, "models.Q(('reserved__lte', models.F('on_hand')))", "models.Q(('reserved__lte', 10**15))"),),
        "tests/contract/test_constraints.py",
        "",
    ),
    Guard(
        "permission-default",
        (("backend/apps/common/permissions.py", "if needed is None or not request.user.is_authenticated:",
          "if not request.user.is_authenticated:"),),
        "tests/contract tests/authentication/test_roles.py",
        "",
    ),
)  # fmt: skip


def main() -> None:
    end_on_signals()
    console = Console(width=max(Console().width, 140))
    wanted = [guard for guard in GUARDS if not sys.argv[1:] or guard.name in sys.argv[1:]]
    unnoticed = 0
    with tempfile.TemporaryDirectory(prefix="guards-") as folder, ExitStack() as open_things:
        database = _database(Path(folder), open_things)
        for guard in wanted:
            tree = _tree_without(guard, Path(folder) / guard.name)
            noticed = [*_red_tests(guard, tree, database), *_red_scenario(guard, tree)]
            unnoticed += not noticed
            console.print(f"[bold]{guard.name}[/]", highlight=False)
            for line in noticed or ["[red]NOTHING NOTICED IT[/]"]:
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


def _tree_without(guard: Guard, tree: Path) -> Path:
    shutil.copytree(ROOT, tree, ignore=LEFT_OUT)
    (tree / ".venv").symlink_to(Path(sys.prefix))
    for name, words, replacement in guard.edits:
        text = (tree / name).read_text()
        if text.count(words) != 1:
            sys.exit(f"{guard.name}: {name} does not say “{words}” once any more")
        (tree / name).write_text(text.replace(words, replacement))
    return tree


def _red_tests(guard: Guard, tree: Path, database: MariaDB | None) -> Iterator[str]:
    """The tests that fail without the guard, on SQLite and on a server."""
    for settings in ({"DB_ENGINE": "sqlite", "DB_NAME": ":memory:"}, database.settings() if database else None):
        if settings is None:
            continue
        command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", *guard.tests.split()]
        env = {**os.environ, **settings, "DEBUG": "true"}
        done = subprocess.run(command, cwd=tree, env=env, capture_output=True, text=True, check=False)
        failed = dict.fromkeys(re.findall(r"^(?:FAILED|ERROR) (\S+?)(?:\[| |$)", done.stdout, re.MULTILINE))
        if failed:
            yield f"{len(failed)} tests on {settings['DB_ENGINE']}: {', '.join([*failed][:3])}"
        if done.returncode not in (0, 1, 5):
            yield f"the tests could not be run:\n{done.stdout[-TAIL:]}{done.stderr[-TAIL:]}"


def _red_scenario(guard: Guard, tree: Path) -> Iterator[str]:
    """What the harness of that very tree finds."""
    database = next((name for name, kind in DATABASES.items() if kind.server and not kind.missing()), "sqlite")
    if guard.scenario:
        env = {**os.environ, "PYTHONPATH": str(tree), "COLUMNS": "200"}
        arguments = ["-m", "tests.fire", "--db", database, "--scenario", guard.scenario]
        done = subprocess.run(
            [sys.executable, *arguments], cwd=tree, env=env, capture_output=True, text=True, check=False
        )
        if done.returncode == 1:
            first = next((line.strip() for line in done.stdout.splitlines() if line.startswith("   ")), "")
            yield f"make fire SCENARIO={guard.scenario} ({database}): {first}"
        elif done.returncode:
            yield f"make fire could not be run:\n{done.stdout[-TAIL:]}{done.stderr[-TAIL:]}"


if __name__ == "__main__":
    main()
