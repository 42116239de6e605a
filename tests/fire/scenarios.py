"""What is done to the application, as a table. To add a scenario, add a row."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.fire import faults, faults_of_clusters
from tests.fire.clients import Load
from tests.fire.evidence import Expectations
from tests.fire.work import PLENTY

if TYPE_CHECKING:
    from tests.fire.stage import Stage

SERVERS = ("mariadb", "postgresql", "mysql")
EVERYWHERE = (*SERVERS, "sqlite")
CLUSTERED = (*EVERYWHERE, "galera")

BUSTLE = {"buy": 30, "buy_many": 5, "move": 25, "cancel": 10, "count_stock": 8, "edit_product": 5, "edit_customer": 5,
          "read": 12}  # fmt: skip
HURT = BUSTLE | {"twins": 2, "sign_in": 1}
BATCHES = {"buy_in_batches": 6, "buy": 6, "move": 6, "cancel": 3, "count_stock": 2, "twins": 1}


@dataclass(frozen=True)
class Stock:
    """What there is to buy, and how many customers there are to fight over it."""

    hot: int = 2
    cold: int = 8
    hot_units: int = PLENTY
    cold_units: int = 300
    customers: int = 3


FEW = Stock()
UNHURT = Expectations()
CUT = Expectations(unavailable=True, unanswered=True)
AWAY = Expectations(unavailable=True)


# What is played when nothing is asked for by name: each scenario where it tells most, in some ten minutes.
SHORT = {
    "mariadb": {"hot-product", "bustle", "twins", "batches", "workers-killed", "server-stopped", "database-killed"},
    "postgresql": {"opposite-orders", "twins", "connections-exhausted", "redis-away"},
    "mysql": {"bustle", "database-killed"},
    "sqlite": {"bustle", "clock-jumps"},
    "sqlite-small": {"disk-full"},
    "galera": {"nodes-lagging", "node-killed"},
}


@dataclass(frozen=True)
class Scenario:
    """A load, perhaps a fault in the middle of it, and what may come of it."""

    name: str
    title: str
    load: Load
    stock: Stock = FEW
    fault: Callable[["Stage"], None] | None = None
    expectations: Expectations = UNHURT
    databases: tuple[str, ...] = SERVERS
    settings: Callable[[Path], dict[str, str]] = lambda folder: {}
    timed: bool = True  # or does the load come to its end by itself?
    missing: Callable[[], str | None] = lambda: None  # what the fault needs and this machine has not


SCENARIOS = (
    Scenario(
        "hot-product",
        "40 clients after 500 units of one product, until sold out",
        Load({"buy_one_hot": 1}),
        Stock(hot=1, cold=1, hot_units=500),
        expectations=Expectations(sold_out=True),
        databases=CLUSTERED,
        timed=False,
    ),
    Scenario(
        "opposite-orders",
        "2 to 20 lines in opposite product order, hot and cold mixed",
        Load({"buy_many": 1}),
        Stock(hot=3, cold=25, cold_units=PLENTY, customers=20),
        expectations=Expectations(deadlocks=False),
        databases=CLUSTERED,
    ),
    Scenario(
        "bustle",
        "create, cancel, advance, count, edit at once, on few customers and products",
        Load(BUSTLE),
        databases=CLUSTERED,
    ),
    Scenario(
        "twins",
        "each key sent 2 to 20 times at once, some altered, some after a client time-out",
        Load({"twins": 1}, clients=8),
        Stock(cold_units=PLENTY),
        databases=CLUSTERED,
    ),
    Scenario(
        "batches",
        "2 to 40 orders in a call beside single ones; kill -9 of the database, a clean stop, and its return",
        Load(BATCHES),
        Stock(hot=2, cold=30, cold_units=3_000, customers=10),
        fault=faults.kill_database,
        expectations=Expectations(unavailable=True, distinct_ids=False),  # A call is one request for many orders.
    ),
    Scenario(
        "read-back",
        "what was just acknowledged is read, moved and replayed at once, by whoever answers",
        Load({"buy_and_look": 1}),
        Stock(hot=1, cold=30, hot_units=PLENTY, cold_units=PLENTY, customers=20),
        databases=CLUSTERED,
    ),
    Scenario(
        "workers-killed",
        "kill -9 of a worker, then of all workers",
        Load(HURT),
        fault=faults.kill_workers,
        expectations=CUT,
        databases=EVERYWHERE,
    ),
    Scenario(
        "server-stopped",
        "SIGTERM of the server in mid-load, and its restart",
        Load(HURT),
        fault=faults.stop_server,
        expectations=CUT,
        databases=EVERYWHERE,
    ),
    Scenario(
        "database-killed",
        "kill -9 of the database, a clean stop, and its return",
        Load(HURT),
        fault=faults.kill_database,
        expectations=AWAY,
    ),
    Scenario(
        "database-hung",
        "the database hangs for 20 s",
        Load(HURT),
        fault=faults.hang_database,
        expectations=AWAY,
    ),
    Scenario(
        "connections-exhausted",
        "nobody gets a connection to the database",
        Load(HURT),
        fault=faults.exhaust_connections,
        expectations=CUT,
    ),
    Scenario(
        "redis-away",
        "Redis killed, hung and returned: limits degrade and come back",
        Load(HURT),
        fault=faults.lose_redis,
        databases=EVERYWHERE,
    ),
    Scenario(
        "clock-jumps",
        "the clock jumps an hour ahead, two back, and right again",
        Load(HURT),
        fault=faults.move_clock,
        expectations=Expectations(expiry=True),
        databases=EVERYWHERE,
        settings=faults.fake_clock,
        missing=faults.no_fake_clock,
    ),
    Scenario(
        "same-request-id",
        "every request of every client carries one and the same X-Request-ID",
        Load(HURT, request_id="one-and-the-same"),
        expectations=Expectations(distinct_ids=False),
        databases=EVERYWHERE,
    ),
    Scenario(
        "disk-full",
        "the file system of the SQLite file is full",
        Load(HURT),
        fault=faults.fill_disk,
        expectations=AWAY,
        databases=("sqlite-small",),
    ),
    Scenario(
        "nodes-lagging",
        "nodes apply late what they are told; everybody reads back at once what was acknowledged",
        Load({"buy_and_look": 1}),
        Stock(hot=1, cold=30, hot_units=PLENTY, cold_units=PLENTY, customers=20),
        fault=faults_of_clusters.hold_nodes_back,
        databases=("galera",),
    ),
    Scenario(
        "node-killed",
        "kill -9 of one node of three, and its return",
        Load(HURT),
        fault=faults_of_clusters.kill_node,
        expectations=AWAY,
        databases=("galera",),
    ),
    Scenario(
        "batches-between-nodes",
        "2 to 40 orders in a call beside single ones on all three nodes; kill -9 of one of them, and its return",
        Load(BATCHES),
        Stock(hot=2, cold=30, cold_units=3_000, customers=10),
        fault=faults_of_clusters.kill_node,
        expectations=Expectations(unavailable=True, distinct_ids=False),
        databases=("galera",),
    ),
    Scenario(
        "node-hung",
        "one node of three hangs for 20 s",
        Load(HURT),
        fault=faults_of_clusters.hang_node,
        expectations=AWAY,
        databases=("galera",),
    ),
    Scenario(
        "node-split-off",
        "one node of three is cut off from the others, but not from its clients",
        Load(HURT),
        fault=faults_of_clusters.split_off_node,
        expectations=AWAY,
        databases=("galera",),
    ),
    Scenario(
        "nodes-restarted",
        "each node stops and returns, one after the other",
        Load(HURT),
        fault=faults_of_clusters.restart_nodes,
        expectations=AWAY,
        databases=("galera",),
    ),
    Scenario(
        "quorum-lost",
        "kill -9 of two nodes of three, and the decision of an administrator",
        Load(HURT),
        fault=faults_of_clusters.lose_quorum,
        expectations=AWAY,
        databases=("galera",),
    ),
)
