"""One scenario on one database: the application opened, the shop stocked, the clients at work, the fault, the audit."""

import json
import os
import secrets
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from tests.fire.application import Application
from tests.fire.caches import Redis
from tests.fire.callers import Caller, Keys, Office, sign_in
from tests.fire.clients import PROCESSES, Brief, Crowd
from tests.fire.cluster import Galera
from tests.fire.databases import Database, Server
from tests.fire.evidence import Expectations
from tests.fire.journal import Ask, Journal, read
from tests.fire.scenarios import Scenario
from tests.fire.staff import PEOPLE
from tests.fire.watching import Watch
from tests.fire.work import API, Shop


class Stage:
    """Everything that a fault may hurt, and how to wait and tell while hurting it."""

    def __init__(
        self, scenario: Scenario, database: Database, redis: Redis, folder: Path, seed: str, watch: Watch
    ) -> None:
        self.scenario, self.database, self.redis, self.seed, self.watch = scenario, database, redis, seed, watch
        self.folder, self.journal = folder, folder / "journal"
        self.journal.mkdir(parents=True)
        self.password = secrets.token_urlsafe(12)
        settings = database.settings() | {"REDIS_URL": redis.url} | scenario.settings(folder)
        self.application = Application(folder, settings)
        self.crowd: Crowd | None = None
        self.facts: dict[str, Any] = {}
        self.findings: list[str] = []

    @property
    def server(self) -> Server:
        """The database, where it is one that can be killed and hung."""
        assert isinstance(self.database, Server)
        return self.database

    @property
    def cluster(self) -> Galera:
        """The database, where it is one of several nodes."""
        assert isinstance(self.database, Galera)
        return self.database

    @property
    def expectations(self) -> Expectations:
        """The scenario's, on this database."""
        given = self.scenario.expectations
        return replace(given, deadlocks=given.deadlocks or self.database.optimistic)

    def tell(self, words: str) -> None:
        """What is being done, for whoever watches."""
        self.watch.doing = words

    def rest(self, seconds: float) -> None:
        """Let the clients work."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends and self.crowd is not None and self.crowd.at_work:
            time.sleep(0.05)

    def find(self, sentence: str) -> None:
        """Something that is wrong, and that neither journal nor database would show."""
        self.findings.append(sentence)

    def perform(self, seconds: float) -> dict[str, Any]:
        """From the empty database to the report of the audit. Raises when the harness itself cannot go on."""
        self.tell("opening")
        self.application.run("-m", "tests.fire.staff", FIRE_PASSWORD=self.password)
        self.application.begin()
        shop, tokens = self._open_shop()
        self.crowd = self.watch.crowd = Crowd(self._briefs(shop, tokens))
        started = time.monotonic()
        self.crowd.start()
        self._let_them_work(seconds)
        self.tell("waiting for the last answers")
        self.crowd.stop()
        if not self.crowd.join():
            self.find("a client process did not come to its end")
        self.facts["seconds"] = round(time.monotonic() - started, 1)
        return self._audit()

    def close(self) -> None:
        """Leave no process behind, whatever happened."""
        if self.crowd is not None:
            self.crowd.end()
        self.application.kill()

    def _let_them_work(self, seconds: float) -> None:
        self.tell("load")
        if self.scenario.fault is None:
            self.rest(seconds if self.scenario.timed else 600)
            return
        self.rest(seconds / 2)
        self.scenario.fault(self)
        self.tell("load, after the fault")
        self.rest(seconds / 2)

    def _briefs(self, shop: Shop, tokens: dict[str, str]) -> list[Brief]:
        return [
            Brief(
                name, self.seed, self.application.port, self.password, tokens, shop, self.scenario.load,
                self.journal / f"{name}.jsonl",
            )
            for name in (f"p{number}" for number in range(PROCESSES))
        ]  # fmt: skip

    def _open_shop(self) -> tuple[Shop, dict[str, str]]:
        """Sign everybody in, and let Ana register what there is to buy and who buys it."""
        tokens = {person: sign_in(self.application.port, person, self.password) or "" for person in PEOPLE}
        journal = Journal(self.journal / "shop.jsonl")
        keys = Keys(self.password, tokens)
        ana = Caller(Office(self.application.port, keys, journal, [0] * 9, 30, 30), "ana")
        stock = self.scenario.stock

        def register(path: str, name: str, **body: Any) -> int:
            ask = Ask(f"shop-{path}-{name}", "register", "ana", "POST", f"{API}/{path}", {"name": name, **body})
            return int(ana.insist(ask).told["id"])

        def products(kind: str, number: int, on_hand: int) -> tuple[int, ...]:
            names = (f"{kind}-{index}" for index in range(number))
            return tuple(register("products", name, sku=name, price="9.90", on_hand=on_hand) for name in names)

        hot, cold = products("hot", stock.hot, stock.hot_units), products("cold", stock.cold, stock.cold_units)
        customers = tuple(register("customers", f"customer-{number}") for number in range(stock.customers))
        ana.hang_up()
        return Shop(customers, hot, cold), tokens

    def _audit(self) -> dict[str, Any]:
        self.tell("audit")
        if not self.application.alive:
            self.find("the application is not running any more")
        elif not self._well_again():
            self.find(f"/health does not answer 200: {self.application.health()}")
        expectations = json.dumps(asdict(self.expectations))
        report = json.loads(self.application.run("-m", "tests.fire.audit", str(self.journal), expectations))
        report["findings"] = [
            *self.findings, *report["findings"], *self._log_findings(), *self._cut_findings(), *self.database.findings()
        ]  # fmt: skip
        report["figures"] |= self.facts | {"database": self.database.name, "scenario": self.scenario.name}
        return dict(report)

    def _well_again(self) -> bool:
        deadline = time.monotonic() + 10
        while not self.application.well():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.2)
        return True

    def _log_findings(self) -> list[str]:
        """What the application's own log holds that no log should; and how often transactions were run again."""
        lines = [line for line in self.application.log.read_text(errors="replace").splitlines() if line[:1] == "{"]
        events = [json.loads(line) for line in lines]
        crashes = [event.get("exception", "").splitlines()[-1:] for event in events if event.get("event") == "crash"]
        again = sum(event.get("event") == "transaction_contended" for event in events)
        self.facts["run_again"] = again
        findings = [f"crash in the log: {' '.join(crash)}" for crash in crashes[:5]]
        if again and not self.expectations.deadlocks:
            findings.append(f"{again} transactions had to be run again where the lock order forbids it")
        return findings

    def _cut_findings(self) -> list[str]:
        """Whoever was being served when the server was told to stop, and got no answer."""
        stopped = self.facts.pop("stopped_at", None)
        if stopped is None:
            return []
        silent = [a for a in read(self.journal) if a.status is None and a.error != "TimeoutError"]
        cut = [a for a in silent if a.sent < stopped < a.sent + a.took]
        self.facts["cut"] = len(cut)
        self.facts["turned_away"] = sum(attempt.sent > stopped for attempt in silent)
        return [f"in flight at SIGTERM, never answered: {attempt.request_id} ({attempt.error})" for attempt in cut[:5]]


def scratch(folder: Path) -> Path:
    """A folder that servers running as somebody else may enter."""
    folder.mkdir(parents=True, exist_ok=True)
    os.chmod(folder, 0o755)  # They see throw-away data only.
    return folder
