"""May a node of the Galera cluster be asked? `GET /node1` answers 200 when it may, 503 with the reason when not.

Run beside the balancer, so that what is asked is what the balancer would reach. Environment: NODES, as
"node1=10.0.0.1:3306,node2=…"; CHECK_USER and CHECK_PASSWORD (or CHECK_PASSWORD_FILE), of an account that needs no
privilege; WATCH_HOST and WATCH_PORT to listen on.
"""

import os
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import MySQLdb

SECONDS = 2  # A node that hangs accepts connections, and never says a word.
# Synced. A node that lends its data to a joining one (2) may lag behind, and is left in peace.
WANTED = {"wsrep_ready": "ON", "wsrep_cluster_status": "Primary", "wsrep_local_state": "4"}

PASSWORD_FILE = os.environ.get("CHECK_PASSWORD_FILE")
PASSWORD = Path(PASSWORD_FILE).read_text().strip() if PASSWORD_FILE else os.environ["CHECK_PASSWORD"]
NODES = dict(node.split("=", 1) for node in os.environ["NODES"].split(","))


def objection(address: str) -> str:
    """Why this node may not be asked, "" when it may."""
    host, _colon, port = address.rpartition(":")
    try:
        with closing(
            MySQLdb.connect(
                host=host,
                port=int(port),
                user=os.environ["CHECK_USER"],
                password=PASSWORD,
                connect_timeout=SECONDS,
                read_timeout=SECONDS,
            )
        ) as connection:
            cursor = connection.cursor()
            names = ", ".join(f"'{name}'" for name in WANTED)
            cursor.execute(f"SHOW GLOBAL STATUS WHERE Variable_name IN ({names})")
            found = dict(cursor.fetchall())
    except MySQLdb.Error as error:
        return str(error)
    return ", ".join(f"{name} is {found.get(name)}" for name in WANTED if found.get(name) != WANTED[name])


class Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        node = self.path.strip("/")
        reason = objection(NODES[node]) if node in NODES else "no such node"
        body = f"{reason or 'ready'}\n".encode()
        self.send_response(503 if reason else 200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """The balancer tells when a node comes or goes; each question need not be told."""


if __name__ == "__main__":
    ThreadingHTTPServer((os.environ["WATCH_HOST"], int(os.environ["WATCH_PORT"])), Answer).serve_forever()
