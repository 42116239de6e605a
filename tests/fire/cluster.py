"""Three MariaDB nodes in a Galera cluster behind the balancer of `deploy/galera`, all on the loopback address.

The application sees one database; the load reaches every node.
"""

import os
import re
import secrets
import shutil
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.fire.application import ROOT
from tests.fire.databases import NAME, PASSWORD, USER, Database, MariaDB
from tests.fire.programs import NotReady, Program, free_port

NODES = 3
PROVIDERS = ("/usr/lib/galera/libgalera_smm.so", "/usr/lib64/galera/libgalera_smm.so", "/usr/lib/libgalera_smm.so")
CHECK_USER, CHECK_PASSWORD = "watch", secrets.token_urlsafe(12)
JOINING = 90.0  # seconds
NOWHERE = "00000000-0000-0000-0000-000000000000:-1"


class Node(MariaDB):
    """One member. Members find each other by ports of the loopback address."""

    def __init__(self, folder: Path, number: int, group_ports: list[int]) -> None:
        self.number, self._group_ports = number, group_ports
        self._transfer_ports = free_port(), free_port()
        folder.mkdir(parents=True)
        super().__init__(folder)
        self._options = list(self.program.command)

    def command(self) -> list[str]:
        port, (incremental, snapshot) = self._group_ports[self.number], self._transfer_ports
        members = ",".join(f"127.0.0.1:{other}" for other in self._group_ports)
        settings = {
            "wsrep-on": "ON",
            "wsrep-provider": _provider(),
            "wsrep-cluster-name": NAME,
            "wsrep-cluster-address": f"gcomm://{members}",
            "wsrep-node-address": f"127.0.0.1:{port}",
            "wsrep-sst-method": "rsync",
            "wsrep-sst-receive-address": f"127.0.0.1:{snapshot}",
            "wsrep-provider-options": f"gmcast.listen_addr=tcp://127.0.0.1:{port};"
            f"ist.recv_addr=127.0.0.1:{incremental};gcache.size=64M",
            "binlog-format": "ROW",
            "innodb-autoinc-lock-mode": "2",
            # The group is what keeps a transaction: three nodes have it before one of them says OK.
            "innodb-flush-log-at-trx-commit": "0",
            "tmpdir": self.folder,
        }
        return [*super().command(), *(f"--{name}={value}" for name, value in settings.items())]

    def launch(self, *extra: str) -> None:
        """Start it where it left off, so that it asks the others for what it missed and not for everything."""
        self.data.mkdir(exist_ok=True)
        if self.user:
            for folder in (self.folder, self.data):
                shutil.chown(folder, self.user, self.user)
        position = self._position()
        self.program.command = [*self._options, f"--wsrep-start-position={position}", *extra]
        self.program.start()

    def wait_synced(self) -> float:
        return self.program.wait_until(self.synced, JOINING)

    def synced(self) -> bool:
        return self.status("wsrep_local_state_comment") == "Synced" and self.status("wsrep_ready") == "ON"

    def status(self, name: str) -> str:
        """One word of the node's own; "" when it does not answer."""
        try:
            return str(self.ask("SHOW GLOBAL STATUS LIKE %s", name)[0][1])
        except Exception:  # noqa: BLE001 - of whatever kind
            return ""

    def ask(self, sql: str, *values: str) -> Any:
        with closing(self.connect(self.root)) as connection:
            cursor = connection.cursor()
            cursor.execute(sql, values)
            return cursor.fetchall()

    def isolate(self, isolated: bool) -> None:
        """Cut it off from the others, as a broken switch does; its clients still reach it."""
        self.ask(f"SET GLOBAL wsrep_provider_options = 'gmcast.isolate={int(isolated)}'")

    def _position(self) -> str:
        state = self.data / "grastate.dat"
        if not state.exists():
            return NOWHERE
        told = dict(re.findall(r"^(\w+):\s*(\S+)", state.read_text(), re.MULTILINE))
        if told.get("seqno") != "-1":
            return f"{told['uuid']}:{told['seqno']}"
        # After a crash the file does not know, but the tables do.
        command = [*self._options, "--wsrep-recover", "--skip-networking"]
        done = subprocess.run(command, capture_output=True, text=True, user=self.user, check=False)
        found = re.findall(r"Recovered position:\s*(\S+)", done.stderr + done.stdout)
        return found[-1] if found else f"{told['uuid']}:-1"


class Galera(Database):
    """The cluster. A conflict between two nodes shows at COMMIT, where one of them is told to start over."""

    name, optimistic = "galera", True

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        ports = [free_port() for _node in range(NODES)]
        self.nodes = [Node(folder / f"node{number + 1}", number, ports) for number in range(NODES)]
        self.port = free_port()
        watch_port = free_port()
        addresses = {f"node{number}": f"127.0.0.1:{node.port}" for number, node in enumerate(self.nodes, 1)}
        settings = {
            "PATH": os.environ.get("PATH", ""),
            "LISTEN": f"127.0.0.1:{self.port}",
            "WATCH_HOST": "127.0.0.1",
            "WATCH_PORT": str(watch_port),
            "NODES": ",".join(f"{name}={address}" for name, address in addresses.items()),
            "CHECK_USER": CHECK_USER,
            "CHECK_PASSWORD": CHECK_PASSWORD,
            **{name.upper(): address for name, address in addresses.items()},
        }
        place = ROOT / "deploy/galera"
        self.watch = Program([sys.executable, str(place / "wsrep_ready.py")], folder / "watch.log", env=settings)
        balancer = [*_balancer(), "-db", "-f", str(place / "haproxy.cfg")]
        self.balancer = Program(balancer, folder / "balancer.log", env=settings)

    @classmethod
    def missing(cls) -> str | None:
        if reason := MariaDB.missing():
            return reason
        needed = {"galera-4": _provider(), "haproxy": _balancer(), "rsync": shutil.which("rsync")}
        absent = [name for name, found in needed.items() if not found]
        return f"not installed: {', '.join(absent)}" if absent else None

    def prepare(self) -> None:
        first = self.nodes[0]
        first.initialise()
        first.launch("--wsrep-new-cluster")
        first.wait_synced()
        self.version = f"{first.ask('SELECT VERSION()')[0][0]}, {NODES} nodes"
        first.ask(f"CREATE DATABASE {NAME} CHARACTER SET utf8mb4")
        first.ask(f"CREATE USER '{USER}'@'127.0.0.1' IDENTIFIED BY '{PASSWORD}'")
        first.ask(f"GRANT ALL ON {NAME}.* TO '{USER}'@'127.0.0.1'")
        first.ask(f"CREATE USER '{CHECK_USER}'@'127.0.0.1' IDENTIFIED BY '{CHECK_PASSWORD}'")
        for node in self.nodes[1:]:
            node.launch()
            node.wait_synced()
        self.watch.start()
        self.balancer.start()
        self.balancer.wait_until(self.balanced)

    def settings(self) -> dict[str, str]:
        address = {"DB_HOST": "127.0.0.1", "DB_PORT": str(self.port), "DB_SYNC_WAIT": "true"}
        return {"DB_ENGINE": "mysql", "DB_NAME": NAME, "DB_USER": USER, "DB_PASSWORD": PASSWORD, **address}

    def stop(self) -> None:
        for program in (self.balancer, self.watch, *(node.program for node in reversed(self.nodes))):
            program.stop()

    def balanced(self) -> bool:
        """Does the balancer hand out a node?"""
        try:
            with closing(MariaDB.connect_to(self.port)):
                return True
        except Exception:  # noqa: BLE001 - of whatever kind
            return False

    def members(self, asked: Node) -> int:
        """How many nodes this one believes to be in the cluster."""
        return int(asked.status("wsrep_cluster_size") or 0)

    def rejoin(self, node: Node) -> float:
        """Start a node that died; how many seconds it took to be one of them again."""
        started = time.monotonic()
        alive = [other for other in self.nodes if other.program.alive]
        while any(self.members(other) > len(alive) for other in alive):  # They must have given it up first.
            if time.monotonic() - started > JOINING:
                raise NotReady("the others still count a node that is dead")
            time.sleep(0.1)
        node.launch()
        node.wait_synced()
        return time.monotonic() - started

    def findings(self) -> list[str]:
        """What the nodes do not agree on, row by row, once all of them have applied everything."""
        unsynced = [node for node in self.nodes if not node.synced()]
        if unsynced:
            return [f"node {node.number + 1} is not part of the cluster again" for node in unsynced]
        tables = [row[0] for row in self.nodes[0].ask(f"SHOW TABLES FROM {NAME}")]
        sums = [self._checksums(node, tables) for node in self.nodes]
        return [
            f"the nodes differ in {table}: {[each[table] for each in sums]}"
            for table in tables
            if len({each[table] for each in sums}) > 1
        ]

    @staticmethod
    def _checksums(node: Node, tables: list[str]) -> dict[str, Any]:
        """Rows, and a sum over all columns: CHECKSUM TABLE tells another when it opens an altered table again."""
        with closing(node.connect(node.root)) as connection:
            cursor = connection.cursor()
            cursor.execute("SET SESSION wsrep_sync_wait = 15")
            sums = {}
            for table in tables:
                cursor.execute(f"SHOW COLUMNS FROM {NAME}.{table}")
                columns = ", ".join(f"IFNULL(CAST(`{column[0]}` AS CHAR), CHAR(30))" for column in cursor.fetchall())
                cursor.execute(f"SELECT COUNT(*), SUM(CRC32(CONCAT_WS(CHAR(31), {columns}))) FROM {NAME}.{table}")
                sums[table] = cursor.fetchone()
            return sums


def _provider() -> str:
    return next((path for path in PROVIDERS if Path(path).exists()), "")


def _balancer() -> list[str]:
    found = shutil.which("haproxy", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"]))
    return [found] if found else []
