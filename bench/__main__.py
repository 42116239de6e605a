"""`python -m bench`: measure, show, and keep the figures."""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from bench.clients import Unexpected
from bench.report import Report
from bench.rounds import Rounds
from bench.stage import KINDS, Stage
from bench.works import WORKS
from tests.fire.caches import Redis
from tests.fire.programs import end_on_signals


def main() -> None:
    options = _options()
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 160)
    if missing := Redis.missing() or KINDS[options.db].missing():
        sys.exit(f"The benchmark starts servers of its own, and {missing}.")
    end_on_signals()
    try:
        with _folder(options.folder) as folder, Stage(options.db, folder).open(options.orders) as stage:
            try:
                if options.profile:
                    console.print(Rounds(stage, 1, 1, options.lines).profile(options.work), markup=False)
                    return
                report = _measure(options, stage, console)
            except Unexpected as surprise:
                sys.exit(f"{surprise}\n{stage.complaint()}")
    except KeyboardInterrupt:
        sys.exit(130)
    console.print(report.table())
    for path in report.keep(Path(options.out)):
        console.print(f"written: {path}")


def _measure(options: argparse.Namespace, stage: Stage, console: Console) -> Report:
    rounds = Rounds(stage, options.clients, options.seconds, options.lines)
    works = [name for name in options.work if not rounds.missing(WORKS[name]) or _left_out(name, console)]
    report = Report(options.db, stage.database.version, vars(options))
    if "create" not in works and any(WORKS[name].beside != "bare" for name in works):
        works.insert(0, "create")  # What the others are compared with.
    for number in range(1, options.rounds + 1):
        for name in works:
            report.add(rounds.product(name))
            if WORKS[name].beside:
                report.add(rounds.beside(name))
            console.print(report.line(number, name))
    report.memory = stage.memory()
    report.audit = stage.audit()
    return report


def _left_out(name: str, console: Console) -> bool:
    console.print(f"{name} is left out: the application has no {' '.join(WORKS[name].probe)}.")
    return False


@contextmanager
def _folder(kept: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="bench-", dir=kept or None, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _options() -> argparse.Namespace:
    """From the command line, else from the variables that `make bench` is given."""
    given = os.environ.get
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--db", choices=KINDS, default=given("DB", "mariadb"))
    parser.add_argument("--work", default=given("WORK", ",".join(WORKS)), help="some of: " + ", ".join(WORKS))
    parser.add_argument("--clients", type=int, default=int(given("CLIENTS", "8")))
    parser.add_argument("--seconds", type=float, default=float(given("SECONDS", "3")), help="of each round")
    parser.add_argument("--rounds", type=int, default=int(given("ROUNDS", "5")))
    parser.add_argument("--lines", type=int, default=int(given("LINES", "3")), help="of each order")
    parser.add_argument("--orders", type=int, default=int(given("ORDERS", "0")), help="of the past, made beforehand")
    parser.add_argument("--profile", action="store_true", default=bool(given("PROFILE")), help="where the time goes")
    parser.add_argument("--out", default=given("OUT", "build/bench"), help="the folder that the figures go to")
    parser.add_argument("--folder", default=given("FOLDER", ""), help="where the servers keep their data: a real disk")
    options = parser.parse_args()
    if options.db == "mysql" and KINDS["mysql"].missing():
        options.db = "mariadb"  # They speak the same language.
    options.work = options.work.split(",")
    if unknown := set(options.work) - set(WORKS):
        parser.error(f"no such work: {', '.join(sorted(unknown))}; there are {', '.join(WORKS)}")
    return options


if __name__ == "__main__":
    main()
