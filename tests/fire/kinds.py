"""Every database that the harness knows, by its name. To add one, add its class."""

from tests.fire.cluster import Galera
from tests.fire.databases import Database, MariaDB, MySQL, PostgreSQL, SQLite, SQLiteOnSmallDisk

KINDS: tuple[type[Database], ...] = (MariaDB, PostgreSQL, MySQL, SQLite, SQLiteOnSmallDisk, Galera)
DATABASES = {kind.name: kind for kind in KINDS}
