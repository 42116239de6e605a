"""`python -m bench`: measure, show, and keep the figures."""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from bench import chart
from bench.asking import Asker, Deep
from bench.clients import Unexpected
from bench.lists import Sizes, cases
from bench.memory import Watch
from bench.papers import Paper
from bench.report import Report
from bench.report_on_lists import ListsReport
from bench.report_on_memory import MemoryReport
from bench.rounds import Rounds
from bench.stage import KINDS, Stage
from bench.works import WORKS
from tests.fire.caches import Redis
from tests.fire.programs import end_on_signals

LEAST = 1_000  # orders that lists are asked for


def main() -> None:
    options = _options()
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 200)
    if missing := Redis.missing() or KINDS[options.db].missing():
        sys.exit(f"The benchmark starts servers of its own, and {missing}.")
    if words := chart.missing():
        console.print(words)
    end_on_signals()
    try:
        with _folder(options.folder) as folder, Stage(options.db, folder).open(options.orders) as stage:
            try:
                if options.profile:
                    console.print(Rounds(stage, 1, 1, options.lines).profile(options.work), markup=False)
                    return
                for paper in _papers(options, stage, console):
                    console.print(paper.end().table())
                    for path in paper.keep(Path(options.out)):
                        console.print(f"written: {path}")
            except Unexpected as surprise:
                sys.exit(f"{surprise}\n{stage.complaint()}")
    except KeyboardInterrupt:
        sys.exit(130)


def _papers(options: argparse.Namespace, stage: Stage, console: Console) -> Iterator[Paper]:
    """The lists first, while the shop is as it was made."""
    if "lists" in options.work:
        yield _lists(options, stage, console)
    if any(name in WORKS for name in options.work):
        yield _rounds(options, stage, console)
    if "memory" in options.work:
        yield _memory(options, stage, console)


def _rounds(options: argparse.Namespace, stage: Stage, console: Console) -> Report:
    rounds = Rounds(stage, options.clients, options.seconds, options.lines)
    chosen = [name for name in options.work if name in WORKS]
    works = [name for name in chosen if not rounds.missing(WORKS[name]) or _left_out(name, console)]
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


def _lists(options: argparse.Namespace, stage: Stage, console: Console) -> ListsReport:
    sizes = Sizes.of(options.orders)
    report = ListsReport(options.db, stage.database.version, vars(options), sizes)
    asker = Asker(stage, sizes)
    for case, took in asker.cases(cases(every_ordering=options.every)):
        console.print(report.add(case, took))
    deep = [Deep(**each) for each in json.loads(stage.application.run("-m", "bench.depths"))]
    for each, first, far in asker.depths(deep):
        console.print(report.add_depth(each, first, far))
    return report


def _memory(options: argparse.Namespace, stage: Stage, console: Console) -> MemoryReport:
    samples = Watch(stage, options.clients, options.lines, options.requests, console.print).run()
    stage.audit()
    return MemoryReport(options.db, stage.database.version, vars(options), samples)


def _left_out(name: str, console: Console) -> bool:
    console.print(f"{name} is left out: the application has no {' '.join(WORKS[name].probe)}.")
    return False


@contextmanager
def _folder(kept: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="bench-", dir=kept or None, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _options() -> argparse.Namespace:
    """From the command line, else from the variables that `make bench` is given."""
    given, known = os.environ.get, [*WORKS, "lists", "memory"]
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--db", choices=KINDS, default=given("DB", "mariadb"))
    parser.add_argument("--work", default=given("WORK", ",".join(WORKS)), help="some of: " + ", ".join(known))
    parser.add_argument("--clients", type=int, default=int(given("CLIENTS", "8")))
    parser.add_argument("--seconds", type=float, default=float(given("SECONDS", "3")), help="of each round")
    parser.add_argument("--rounds", type=int, default=int(given("ROUNDS", "5")))
    parser.add_argument("--lines", type=int, default=int(given("LINES", "3")), help="of each order")
    parser.add_argument("--orders", type=int, default=int(given("ORDERS", "0")), help="of the past, made beforehand")
    parser.add_argument("--requests", type=int, default=int(given("REQUESTS", "200000")), help="for memory")
    parser.add_argument("--every", action="store_true", default=bool(given("EVERY")), help="each filter in each order")
    parser.add_argument("--profile", action="store_true", default=bool(given("PROFILE")), help="where the time goes")
    parser.add_argument("--out", default=given("OUT", "build/bench"), help="the folder that the figures go to")
    parser.add_argument("--folder", default=given("FOLDER", ""), help="where the servers keep their data: a real disk")
    options = parser.parse_args()
    if options.db == "mysql" and KINDS["mysql"].missing():
        options.db = "mariadb"  # They speak the same language.
    options.work = options.work.split(",")
    if unknown := set(options.work) - set(known):
        parser.error(f"no such work: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    if options.orders and options.db == "sqlite":
        parser.error("the past is written by a database server: leave ORDERS out, or choose another DB")
    if "lists" in options.work and options.orders < LEAST:
        parser.error("lists need a past: ORDERS=1000000 (written in some 8 minutes), or ORDERS=20000 for a look")
    return options


if __name__ == "__main__":
    main()
