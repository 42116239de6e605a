"""Database servers of the harness's own, from the programs installed here: on spare ports, with throw-away data."""

import glob
import os
import shlex
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar

from tests.fire.programs import Program, free_port

CONNECTIONS = 40  # that a server admits; the application uses as many as it has threads
NAME, USER, PASSWORD = "fire", "fire", "fire-and-water"


class Database:
    """Something that orders can be kept in, and that can be hurt."""

    name: ClassVar[str]
    server: ClassVar[bool] = True
    optimistic: ClassVar[bool] = False  # Do conflicts show at COMMIT only, so that transactions must be run again?

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.version = ""

    @classmethod
    def missing(cls) -> str | None:
        """Why this database cannot be used on this machine; None when it can."""
        return None

    def prepare(self) -> None:
        """Make an empty database, running. Raises `NotReady`."""

    def settings(self) -> dict[str, str]:
        """The environment by which the application finds it."""
        raise NotImplementedError

    def findings(self) -> list[str]:
        """What is wrong with the database itself, after a scenario."""
        return []

    def stop(self) -> None:
        """End it; the data goes with the folder."""


class SQLite(Database):
    name, server = "sqlite", False

    def prepare(self) -> None:
        self.version = sqlite3.sqlite_version

    def settings(self) -> dict[str, str]:
        return {"DB_ENGINE": "sqlite", "DB_NAME": str(self.folder / "fire.sqlite3")}


class SQLiteOnSmallDisk(SQLite):
    """A file system of its own, in memory, that is soon full. Only root may mount one."""

    name = "sqlite-small"
    SIZE = "48m"

    @classmethod
    def missing(cls) -> str | None:
        return None if os.geteuid() == 0 and shutil.which("mount") else "only root may mount a small file system"

    def prepare(self) -> None:
        super().prepare()
        self._small.mkdir(parents=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={self.SIZE}", "tmpfs", str(self._small)], check=True)

    def settings(self) -> dict[str, str]:
        return super().settings() | {"DB_NAME": str(self._small / "fire.sqlite3")}

    def stop(self) -> None:
        if os.path.ismount(self._small):
            subprocess.run(["umount", "--lazy", str(self._small)], check=True)

    @property
    def _small(self) -> Path:
        return self.folder / "small"


class Server(Database):
    """A database server: one program, found by a variable of the environment or on PATH."""

    variable: ClassVar[str]
    engine: ClassVar[str]
    driver: ClassVar[str]
    owner: ClassVar[str | None]  # Whose process it is when root starts it: servers would rather not be root's.

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.port = free_port()
        self.data = folder / "data"
        self.user = self.owner if os.geteuid() == 0 else None
        self.program = Program(self.command(), folder / "database.log", user=self.user)

    @classmethod
    def find(cls) -> list[str]:
        """The program with the options that it always needs, [] when it is not here."""
        raise NotImplementedError

    @classmethod
    def missing(cls) -> str | None:
        if not cls.find():
            return f"no {cls.name} server is installed ({cls.variable} says where one is)"
        return None if find_spec(cls.driver) else f"the driver {cls.driver} is not installed"

    def command(self) -> list[str]:
        raise NotImplementedError

    def connect(self, user: str = USER) -> Any:
        """A connection of the driver's. Raises its errors."""
        raise NotImplementedError

    def start(self) -> float:
        """Start it on the data that are there, and wait until it answers; how many seconds that took."""
        self.program.start()
        return self.program.wait_until(self.answers)

    def stop(self) -> None:
        self.program.stop()

    def answers(self) -> bool:
        with suppress(Exception), closing(self.connect(self.root)):
            return True
        return False

    def settings(self) -> dict[str, str]:
        address = {"DB_HOST": "127.0.0.1", "DB_PORT": str(self.port)}
        return {"DB_ENGINE": self.engine, "DB_NAME": NAME, "DB_USER": USER, "DB_PASSWORD": PASSWORD, **address}

    def cut_connections(self) -> None:
        """End every connection of the application's, as an administrator or a balancer does."""
        with closing(self.connect(self.root)) as connection:
            cursor = connection.cursor()
            cursor.execute(self.cutting)
            for (statement,) in cursor.fetchall():
                with suppress(Exception):  # It may have ended by itself.
                    cursor.execute(statement)

    @contextmanager
    def exhausted(self) -> Iterator[int]:
        """Nobody gets another connection in here; how many it took."""
        with ExitStack() as hoard:
            taken, refused_since = 0, 0.0
            while not refused_since or time.monotonic() - refused_since < 1:
                try:
                    hoard.enter_context(closing(self.connect()))
                    taken, refused_since = taken + 1, 0.0
                except Exception:  # noqa: BLE001 - of whatever kind: that is what was wanted
                    refused_since = refused_since or time.monotonic()
            yield taken

    root: ClassVar[str]
    cutting: ClassVar[str]  # What lists the statements that end the connections, one each.

    def _run(self, *command: str) -> str:
        """Run one of the server's tools to its end."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.user:
            shutil.chown(self.folder, self.user)
        done = subprocess.run(command, capture_output=True, text=True, user=self.user, check=False)
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout


class MySQLFamily(Server):
    engine, driver, root = "mysql", "MySQLdb", "root"
    owner: ClassVar[str | None] = "mysql"
    extra: ClassVar[tuple[str, ...]] = ()
    cutting = f"SELECT CONCAT('KILL ', id) FROM information_schema.processlist WHERE user = '{USER}'"

    def command(self) -> list[str]:
        program, *options = self.find() or [self.name]
        settings = {
            "datadir": self.data,
            "socket": self.folder / "database.sock",
            "pid-file": self.folder / "database.pid",
            "bind-address": "127.0.0.1",
            "port": self.port,
            "max-connections": CONNECTIONS,
            "character-set-server": "utf8mb4",
            "innodb-buffer-pool-size": "256M",
        }
        given = [f"--{name}={value}" for name, value in settings.items()]
        return [program, "--no-defaults", *options, *given, "--skip-name-resolve", *self.extra]

    def connect(self, user: str = USER) -> Any:
        if user == self.root:
            driver = import_module(self.driver)
            return driver.connect(unix_socket=str(self.folder / "database.sock"), user=user, connect_timeout=2)
        return self.connect_to(self.port)

    @classmethod
    def connect_to(cls, port: int) -> Any:
        """As the application does it. Raises the driver's errors."""
        driver = import_module(cls.driver)
        return driver.connect(
            host="127.0.0.1", port=port, user=USER, password=PASSWORD, database=NAME, connect_timeout=2
        )

    def prepare(self) -> None:
        self.initialise()
        self.start()
        with closing(self.connect(self.root)) as connection:
            cursor = connection.cursor()
            cursor.execute("SELECT VERSION()")
            self.version = cursor.fetchone()[0]
            cursor.execute(f"CREATE DATABASE {NAME} CHARACTER SET utf8mb4")
            cursor.execute(f"CREATE USER '{USER}'@'127.0.0.1' IDENTIFIED BY '{PASSWORD}'")
            cursor.execute(f"GRANT ALL ON {NAME}.* TO '{USER}'@'127.0.0.1'")

    def initialise(self) -> None:
        raise NotImplementedError


class MariaDB(MySQLFamily):
    name, variable = "mariadb", "FIRE_MARIADBD"

    @classmethod
    def find(cls) -> list[str]:
        return shlex.split(os.environ.get(cls.variable, "")) or _on_path("mariadbd")

    def initialise(self) -> None:
        program = _on_path("mariadb-install-db", "mysql_install_db")[0]
        user = [f"--user={self.user}"] if self.user else []
        self._run(program, "--no-defaults", f"--datadir={self.data}", "--auth-root-authentication-method=normal", *user)


class MySQL(MySQLFamily):
    """Oracle's. Named by FIRE_MYSQLD, with its options if it needs any (`mysqld --basedir=…`), or found on PATH."""

    name, variable, owner = "mysql", "FIRE_MYSQLD", None  # It may lie where only we can read it.
    as_root = ("--user=root",) if os.geteuid() == 0 else ()
    extra = ("--mysqlx=OFF", "--skip-log-bin", "--secure-file-priv=NULL", *as_root)

    @classmethod
    def find(cls) -> list[str]:
        found = shlex.split(os.environ.get(cls.variable, "")) or _on_path("mysqld")
        if not found:
            return []
        version = subprocess.run([found[0], "--version"], capture_output=True, text=True, check=False)
        return [] if "MariaDB" in version.stdout else found  # MariaDB goes by this name too.

    def initialise(self) -> None:
        program, *options = self.find()
        self._run(program, "--no-defaults", *options, *self.extra, f"--datadir={self.data}", "--initialize-insecure")


class PostgreSQL(Server):
    name, variable, engine, driver = "postgresql", "FIRE_POSTGRES", "postgresql", "psycopg"
    owner, root = "postgres", "postgres"

    cutting = f"SELECT 'SELECT pg_terminate_backend(' || pid || ')' FROM pg_stat_activity WHERE usename = '{USER}'"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.program.stopping = signal.SIGINT  # SIGTERM would wait for every client to leave.

    @classmethod
    def find(cls) -> list[str]:
        packaged = sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)  # Debian's, which is on no PATH
        return shlex.split(os.environ.get(cls.variable, "")) or _on_path("postgres", folders=packaged)

    def command(self) -> list[str]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": self.folder,
            "max_connections": CONNECTIONS,
        }
        given = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [*(self.find() or [self.name]), "-D", str(self.data), *given]

    def connect(self, user: str = USER) -> Any:
        driver = import_module(self.driver)
        name = NAME if user == USER else self.root
        password = PASSWORD if user == USER else None
        return driver.connect(
            host="127.0.0.1", port=self.port, user=user, dbname=name, password=password, connect_timeout=2
        )

    def prepare(self) -> None:
        initdb = str(Path(self.find()[0]).with_name("initdb"))
        self._run(initdb, "-D", str(self.data), "-U", self.root, "--auth=trust", "--encoding=UTF8", "--no-locale")
        self.start()
        with closing(self.connect(self.root)) as connection:
            connection.autocommit = True
            self.version = connection.execute("SHOW server_version").fetchone()[0]
            connection.execute(f"CREATE ROLE {USER} LOGIN PASSWORD '{PASSWORD}'")
            connection.execute(f"CREATE DATABASE {NAME} OWNER {USER}")


def _on_path(*names: str, folders: list[str] | None = None) -> list[str]:
    """The first of these programs that is here, also where distributions keep servers."""
    path = os.pathsep.join([*(folders or []), os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
    return next(([found] for name in names if (found := shutil.which(name, path=path))), [])
