"""What is measured: the application as in production, on a database and a Redis of the benchmark's own."""

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.clients import Line, request
from bench.measures import cpu_seconds, resident_megabytes
from bench.shop import USERNAME, Shop
from tests.fire.application import ROOT, Application
from tests.fire.caches import Redis
from tests.fire.databases import Database, MariaDB, MySQL, PostgreSQL, Server, SQLite
from tests.fire.stage import scratch

WORKERS, THREADS = 2, 8  # As backend/config/gunicorn.py has it, unless WEB_CONCURRENCY or WEB_THREADS say otherwise.
CONNECTIONS = 200  # that a database server admits


class RoomyMariaDB(MariaDB):
    """With a connection for every thread of both servers, and for every client of the floor."""

    extra = (*MariaDB.extra, f"--max-connections={CONNECTIONS}")


class RoomyMySQL(MySQL):
    extra = (*MySQL.extra, f"--max-connections={CONNECTIONS}")


class CountingPostgreSQL(PostgreSQL):
    """PostgreSQL that counts statements, as MySQL does by itself."""

    def command(self) -> list[str]:
        counting = ("-c", "shared_preload_libraries=pg_stat_statements")
        return [*super().command(), "-c", f"max_connections={CONNECTIONS}", *counting]

    def prepare(self) -> None:
        super().prepare()
        with closing(self.connect(self.root)) as connection:
            connection.autocommit = True
            connection.execute("CREATE EXTENSION pg_stat_statements")


class Bare(Application):
    """The bare WSGI application, served in the same way."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        super().__init__(folder, settings)
        self.command[-1] = "bench.bare:application"

    def well(self) -> bool:
        return self.health()[0] != 0  # It answers, if only that there is no such order.


KINDS: dict[str, type[Database]] = {
    "mariadb": RoomyMariaDB,
    "mysql": RoomyMySQL,
    "postgresql": CountingPostgreSQL,
    "sqlite": SQLite,
}
# PostgreSQL looks after foreign keys with statements of its own, at COMMIT: nobody sent those.
OF_ITS_OWN = "SELECT % FROM ONLY % FOR KEY SHARE OF x"
STATEMENTS = {
    "mysql": "SHOW GLOBAL STATUS LIKE 'Questions'",
    "postgresql": f"SELECT sum(calls) FROM pg_stat_statements WHERE query NOT LIKE '{OF_ITS_OWN}'",
}
FRESH = 300  # seconds: a token is good for some minutes more


@dataclass(frozen=True, slots=True)
class Meter:
    """What the programs have used up to one moment: seconds of processor time, and statements."""

    application: float
    database: float | None  # None where it is a part of the application
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
        self.bare: Bare
        self.shop: Shop
        self._counting: Any = None
        self._token, self._signed_in = "", 0.0

    @contextmanager
    def open(self, orders: int = 0) -> Iterator["Stage"]:
        """Everything running and the shop filled, with so many orders of the past, until the end of the block."""
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
            self.shop = self._fill(orders)
            self.bare = Bare(scratch(self.folder / "bare"), self.settings)
            self.application.begin()
            self.bare.begin()
            yield self
        finally:
            self.close()

    def close(self) -> None:
        if self._counting is not None:
            self._counting.close()
        for server in (getattr(self, name, None) for name in ("application", "bare")):
            if server is not None:
                server.stop()
        self.database.stop()
        self.redis.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def token(self) -> str:
        """An access token good for the next minutes; a new sign-in, as any client does it, when the last one is old."""
        if not self._token or time.monotonic() - self._signed_in > FRESH:
            self._token, self._signed_in = self._sign_in(), time.monotonic()
        return self._token

    def _sign_in(self) -> str:
        body = json.dumps({"username": USERNAME, "password": self.password}).encode()
        answer = Line(self.application.port).ask(request("POST", "/auth/jwt/login", body=body), 200)
        return str(json.loads(answer)["access"])

    def _fill(self, orders: int) -> Shop:
        """A shop newly opened, or one with a past: then it is told how far the writing has come."""
        if not orders:
            return Shop.read(self.application.run("-m", "bench.shop", BENCH_PASSWORD=self.password))
        given = self.application.settings | {"BENCH_PASSWORD": self.password, "BENCH_ORDERS": str(orders)}
        command = [sys.executable, "-m", "bench.shop"]
        done = subprocess.run(command, env=given, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
        return Shop.read(done.stdout)

    def meter(self, server: Application | None = None) -> Meter:
        """As things are now; of another server than the application, if need be."""
        database = cpu_seconds(self.database.program.pid) if isinstance(self.database, Server) else None
        application, redis = cpu_seconds((server or self.application).pid), cpu_seconds(self.redis.pid)
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
