"""What is measured: the application as in production, on a database and a Redis of the benchmark's own."""

import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.clients import Line, request
from bench.measures import cpu_seconds, resident_megabytes
from bench.shop import USERNAME, Shop
from tests.fire.application import Application
from tests.fire.caches import Redis
from tests.fire.databases import DATABASES, Database, PostgreSQL, Server
from tests.fire.stage import scratch

WORKERS, THREADS = 2, 8  # As backend/config/gunicorn.py has it, unless WEB_CONCURRENCY or WEB_THREADS say otherwise.


class CountingPostgreSQL(PostgreSQL):
    """PostgreSQL that counts statements, as MySQL does by itself."""

    def command(self) -> list[str]:
        return [*super().command(), "-c", "shared_preload_libraries=pg_stat_statements"]

    def prepare(self) -> None:
        super().prepare()
        with closing(self.connect(self.root)) as connection:
            connection.autocommit = True
            connection.execute("CREATE EXTENSION pg_stat_statements")


KINDS: dict[str, type[Database]] = {
    "mariadb": DATABASES["mariadb"],
    "mysql": DATABASES["mysql"],
    "postgresql": CountingPostgreSQL,
    "sqlite": DATABASES["sqlite"],
}
STATEMENTS = {
    "mysql": "SHOW GLOBAL STATUS LIKE 'Questions'",
    "postgresql": "SELECT sum(calls) FROM pg_stat_statements",
}


@dataclass(frozen=True, slots=True)
class Meter:
    """What the programs have used up to one moment: seconds of processor time, and statements."""

    application: float
    database: float
    redis: float
    statements: int | None


class Stage:
    """The programs, from their start to their end."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.folder = scratch(folder)
        self.database = KINDS[kind](self.folder / "database")
        scratch(self.database.folder)
        self.redis = Redis(self.folder)
        self.password = secrets.token_urlsafe(16)
        self.settings: dict[str, str] = {}
        self.application: Application
        self.shop: Shop
        self._counting: Any = None

    @contextmanager
    def open(self) -> Iterator["Stage"]:
        """Everything running and the shop filled, until the end of the block."""
        try:
            self.redis.begin()
            self.database.prepare()
            self.settings = self.database.settings() | {
                "REDIS_URL": self.redis.url,
                "WEB_CONCURRENCY": os.environ.get("WEB_CONCURRENCY", str(WORKERS)),
                "WEB_THREADS": os.environ.get("WEB_THREADS", str(THREADS)),
            }
            self.application = Application(self.folder, self.settings)
            self.application.run("backend/manage.py", "migrate", "--no-input", "--verbosity", "0")
            self.shop = Shop.read(self.application.run("-m", "bench.shop", BENCH_PASSWORD=self.password))
            self.application.begin()
            yield self
        finally:
            self.close()

    def close(self) -> None:
        if self._counting is not None:
            self._counting.close()
        if hasattr(self, "application"):
            self.application.stop()
        self.database.stop()
        self.redis.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def token(self) -> str:
        """Sign in, as any client does."""
        body = json.dumps({"username": USERNAME, "password": self.password}).encode()
        answer = Line(self.application.port).ask(request("POST", "/auth/jwt/login", body=body), 200)
        return str(json.loads(answer)["access"])

    def meter(self) -> Meter:
        database = cpu_seconds(self.database.program.pid) if isinstance(self.database, Server) else 0.0
        application, redis = cpu_seconds(self.application.pid), cpu_seconds(self.redis.pid)
        return Meter(application, database, redis, self._statements())

    def memory(self) -> list[float]:
        """Megabytes of each worker."""
        return [resident_megabytes(pid) for pid in self.application.children()]

    def complaint(self) -> str:
        """The last crash in the application's log."""
        lines = [
            line for line in self.application.log.read_text(errors="replace").splitlines() if '"exception"' in line
        ]
        return str(json.loads(lines[-1])["exception"]) if lines else ""

    def audit(self) -> str:
        """What the application's own check of the books says at the end. Raises RuntimeError when they are wrong."""
        return self.application.run("backend/manage.py", "check_ledger").strip()

    def _statements(self) -> int | None:
        question = STATEMENTS.get(self.settings["DB_ENGINE"])
        if question is None:
            return None
        if self._counting is None:
            assert isinstance(self.database, Server)
            self._counting = self.database.connect(self.database.root)
        cursor = self._counting.cursor()
        cursor.execute(question)
        count = int(cursor.fetchone()[-1])
        self._counting.rollback()
        return count
