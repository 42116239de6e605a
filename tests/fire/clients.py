"""Client processes, each with several clients, that go on until they are told to stop."""

import multiprocessing
import signal
import threading
from dataclasses import dataclass
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from tests.fire.callers import COUNTED, GaveUp, Keys, Office
from tests.fire.journal import Journal
from tests.fire.work import OPERATIONS, Clerk, Desk, Shop

PROCESSES = 4
LAST_WORD = 150.0  # seconds that the operations under way may take to settle, once it is time to stop


@dataclass(frozen=True)
class Load:
    """Who does what: the weights of the operations, by their names in `work`."""

    weights: dict[str, int]
    clients: int = 40
    time_out: float = 30.0
    give_up_after: float = 90.0
    request_id: str | None = None


@dataclass(frozen=True)
class Brief:
    """What one client process needs to know. Travels to it by pickle."""

    name: str
    seed: str
    port: int
    password: str
    tokens: dict[str, str]
    shop: Shop
    load: Load
    journal: Path


class Crowd:
    """All clients of a scenario."""

    def __init__(self, briefs: list[Brief]) -> None:
        spawning = multiprocessing.get_context("spawn")
        self._stop = spawning.Event()
        self._tallies = [spawning.Array("L", len(COUNTED), lock=False) for _brief in briefs]
        self._processes = [
            spawning.Process(target=_work, args=(brief, self._stop, tally), daemon=True)
            for brief, tally in zip(briefs, self._tallies, strict=True)
        ]

    def start(self) -> None:
        for process in self._processes:
            process.start()

    @property
    def at_work(self) -> bool:
        return any(process.is_alive() for process in self._processes)

    @property
    def tally(self) -> dict[str, int]:
        """So many requests so far, by outcome. The journal is exact; this is for watching."""
        return {name: sum(tally[index] for tally in self._tallies) for index, name in enumerate(COUNTED)}

    def stop(self) -> None:
        """Begin nothing new; what is under way goes on until it is settled."""
        self._stop.set()

    def join(self) -> bool:
        """Wait for the last answer; whether every process came to its end by itself."""
        for process in self._processes:
            process.join(LAST_WORD)
        return all(process.exitcode == 0 for process in self._processes)

    def end(self) -> None:
        for process in self._processes:
            if process.is_alive():
                process.kill()
                process.join()


def _work(brief: Brief, stop: Event, tally: Any) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # The harness decides when to stop.
    journal = Journal(brief.journal)
    load, desk = brief.load, Desk()
    office = Office(
        brief.port, Keys(brief.password, dict(brief.tokens)), journal, tally,
        load.time_out, load.give_up_after, load.request_id,
    )  # fmt: skip
    clerks = [
        Clerk(f"{brief.name}c{number}", brief.seed, office, brief.shop, desk)
        for number in range(load.clients // PROCESSES)
    ]
    threads = [threading.Thread(target=_keep_working, args=(clerk, load, stop)) for clerk in clerks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _keep_working(clerk: Clerk, load: Load, stop: Event) -> None:
    names, weights = list(load.weights), list(load.weights.values())
    while not stop.is_set() and not clerk.sold_out:
        operation = OPERATIONS[clerk.dice.choices(names, weights)[0]]
        try:
            operation(clerk)
        except GaveUp:  # The audit finds it unsettled.
            continue
