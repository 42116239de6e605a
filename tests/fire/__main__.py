"""`python -m tests.fire`: the short set; with `--db all` every scenario on every database that is here, or those named.

Exit status 1 when an audit finds something, 2 when nothing could be run.
"""

import argparse
import json
import os
import secrets
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console

from tests.fire.caches import Redis
from tests.fire.databases import Database
from tests.fire.kinds import DATABASES
from tests.fire.programs import end_on_signals
from tests.fire.scenarios import SCENARIOS, SHORT, Scenario
from tests.fire.stage import Stage, scratch
from tests.fire.watching import Watch, table

SECONDS = 6.0  # of load around each fault


def main() -> None:
    options = _options()
    console = Console()
    if missing := Redis.missing():
        sys.exit(f"The limits are counted in a real Redis, and {missing}.")
    end_on_signals()
    console.print(f"Seed {options.seed}; {options.seconds:g} s of load for each scenario.", highlight=False)
    reports: list[dict[str, Any]] = []
    try:
        with _folder(options.folder) as folder:
            for report in _run(options, scratch(folder), Watch(console)):
                reports.append(report)
    except KeyboardInterrupt:
        console.print("Stopped; every process that was started has ended.")
        sys.exit(130)
    console.print(table(reports))
    if options.report:
        Path(options.report).write_text(json.dumps(reports, indent=1))
    sys.exit(_verdict(reports))


@contextmanager
def _folder(kept: str) -> Iterator[Path]:
    if kept:
        yield Path(kept)
    else:
        with tempfile.TemporaryDirectory(prefix="fire-", ignore_cleanup_errors=True) as folder:
            yield Path(folder)


def _verdict(reports: list[dict[str, Any]]) -> int:
    if not reports:
        return 2
    return 1 if any(report["findings"] for report in reports) else 0


def _run(options: argparse.Namespace, folder: Path, watch: Watch) -> Iterator[dict[str, Any]]:
    for name in options.databases:
        kind = DATABASES[name]
        watch.begin(name)
        if not _chosen(options, name):
            continue
        if missing := kind.missing():
            watch.skip(missing)
            continue
        with ExitStack() as open_things, watch.live():
            watch.doing = "preparing the database"
            database, redis = _prepare(kind, scratch(folder / name), open_things)
            watch.title = f"{name} {database.version}"
            for scenario in _chosen(options, name):
                watch.begin(f"{name} · {scenario.name}")
                if missing := scenario.missing():
                    watch.skip(missing)
                    continue
                report = _perform(scenario, database, redis, folder / name / scenario.name, options, watch)
                report["figures"]["version"] = database.version
                watch.tell(report)
                yield report


def _prepare(kind: type[Database], folder: Path, open_things: ExitStack) -> tuple[Database, Redis]:
    from tests.fire.application import Application

    database = kind(folder)
    open_things.callback(database.stop)
    database.prepare()
    redis = Redis(folder)
    open_things.callback(redis.stop)
    redis.begin()
    Application(folder, database.settings()).run("backend/manage.py", "migrate", "--no-input", "--verbosity", "0")
    return database, redis


def _perform(
    scenario: Scenario, database: Database, redis: Redis, folder: Path, options: argparse.Namespace, watch: Watch
) -> dict[str, Any]:
    folder.mkdir()
    with closing(Stage(scenario, database, redis, folder, options.seed, watch)) as stage:
        return stage.perform(options.seconds)


def _chosen(options: argparse.Namespace, database: str) -> list[Scenario]:
    names = options.scenarios or ([] if options.db else SHORT[database])
    return [row for row in SCENARIOS if database in row.databases and (row.name in names or not names)]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fire", description=__doc__)
    names = [scenario.name for scenario in SCENARIOS]
    environment = os.environ.get
    parser.add_argument("--scenario", default=environment("SCENARIO", ""), help=f"some of {', '.join(names)}")
    parser.add_argument("--db", default=environment("DB", ""), help=f"all, or some of {', '.join(DATABASES)}")
    parser.add_argument("--seconds", type=float, default=float(environment("FIRE_SECONDS") or SECONDS))
    parser.add_argument("--seed", default=environment("FIRE_SEED") or secrets.token_hex(4))
    parser.add_argument("--report", default=environment("FIRE_REPORT", ""), help="write the figures there, as JSON")
    parser.add_argument("--folder", default=environment("FIRE_FOLDER", ""), help="leave data, logs and journals there")
    options = parser.parse_args()
    wanted = tuple("" if name == "all" else name for name in options.db.split(","))
    options.databases = [name for name in DATABASES if name.startswith(wanted)]
    options.scenarios = options.scenario.split(",") if options.scenario else []
    if unknown := {*options.db.split(","), *options.scenarios} - {"", "all", *DATABASES, *names}:
        known = f"databases are all, {', '.join(DATABASES)}; scenarios are {', '.join(names)}"
        parser.error(f"unknown: {', '.join(unknown)}; {known}")
    return options


if __name__ == "__main__":
    main()
