"""What reading costs at least: the same SQL and orjson, in a WSGI application that does nothing else.

`gunicorn bench.bare:application` with the application's own configuration and environment. It signs nobody in, but
asks the database what signing in asks.
"""

import os
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import orjson

from bench.floor import FLOORS

OWN = (
    "o.id, o.version, o.event_sequence, o.created_at, o.updated_at, o.status, o.subtotal, o.freight, o.total, o.notes,"
    " o.idempotency_key, o.fingerprint, o.placed_at"
)
ORDER = (
    f"SELECT {OWN}, c.id, c.name, c.* FROM orders_order o INNER JOIN customers_customer c ON c.id = o.customer_id"
    " WHERE o.id = {order}"
)
PAGE = (
    f"SELECT {OWN}, o.customer_id, (SELECT COUNT(*) FROM (SELECT id FROM orders_order LIMIT 10001) capped)"
    " FROM orders_order o ORDER BY o.placed_at DESC, o.id DESC LIMIT 21"
)
CUSTOMERS = "SELECT id, name, c.* FROM customers_customer c WHERE id IN ({customers})"
ITEMS = "SELECT id, order_id, product_id, sku, name, quantity, unit_price, subtotal FROM orders_orderitem"
HISTORY = (
    "SELECT h.id, h.order_id, h.from_status, h.to_status, h.note, h.created_at, u.username, u.*"
    " FROM orders_statuschange h LEFT JOIN authentication_user u ON u.id = h.actor_id WHERE h.order_id = {order}"
    " ORDER BY h.id"
)
SIGN_IN = (
    "SELECT s.*, u.* FROM authentication_signin s INNER JOIN authentication_user u ON u.id = s.user_id WHERE s.id = 1"
)
PERMISSIONS = (
    "SELECT DISTINCT c.app_label, p.codename FROM auth_permission p INNER JOIN django_content_type c"
    " ON c.id = p.content_type_id INNER JOIN auth_group_permissions g ON g.permission_id = p.id"
    " INNER JOIN authentication_user_groups m ON m.group_id = g.group_id WHERE m.user_id = {user}"
)
here = threading.local()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """GET /orders and GET /orders/:id."""
    run(SIGN_IN)
    run(PERMISSIONS.format(user=1))
    last = environ["PATH_INFO"].rpartition("/")[2]
    body = orjson.dumps(one(int(last)) if last.isdecimal() else many())
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def one(pk: int) -> dict[str, Any]:
    [row] = run(ORDER.format(order=pk))
    items = run(f"{ITEMS} WHERE order_id = {pk} ORDER BY id")
    history = [
        {"from_status": step[2], "to_status": step[3], "actor": step[6], "note": step[4], "created_at": moment(step[5])}
        for step in run(HISTORY.format(order=pk))
    ]
    return {**shown(row, row[14], items), "history": history}


def many() -> dict[str, Any]:
    rows = run(PAGE)[:20]
    buyers = ", ".join({str(row[13]) for row in rows})
    names = {row[0]: row[1] for row in run(CUSTOMERS.format(customers=buyers))}
    keys = ", ".join(str(row[0]) for row in rows)
    items: dict[int, list[Any]] = {row[0]: [] for row in rows}
    for item in run(f"{ITEMS} WHERE order_id IN ({keys}) ORDER BY id"):
        items[item[1]].append(item)
    results = [shown(row, names[row[13]], items[row[0]]) for row in rows]
    return {"count": min(10_000, rows[0][-1]), "next": "?page=2", "previous": None, "results": results}


def shown(row: Sequence[Any], buyer: str, items: Sequence[Sequence[Any]]) -> dict[str, Any]:
    return {
        "id": row[0],
        "number": f"PED-{row[0]:08d}",
        "customer": {"id": row[13], "name": buyer},
        "status": row[5],
        "items": [
            {"id": item[0], "product_id": item[2], "sku": item[3], "name": item[4], "quantity": item[5],
             "unit_price": f"{item[6]:.2f}", "subtotal": f"{item[7]:.2f}"}
            for item in items
        ],
        "subtotal": f"{row[6]:.2f}",
        "freight": f"{row[7]:.2f}",
        "total": f"{row[8]:.2f}",
        "notes": row[9],
        "placed_at": moment(row[12]),
        "created_at": moment(row[3]),
        "updated_at": moment(row[4]),
        "version": row[1],
        "allowed_transitions": [],
    }  # fmt: skip


def moment(at: Any) -> str:
    return at.isoformat() if isinstance(at, datetime) else str(at)


def run(sql: str) -> Sequence[Sequence[Any]]:
    """On this thread's connection, which is kept."""
    if not hasattr(here, "connection"):
        here.connection = FLOORS[os.environ["DB_ENGINE"]].connect(os.environ, autocommit=True)
    cursor = here.connection.cursor()
    cursor.execute(sql)
    rows: Sequence[Sequence[Any]] = cursor.fetchall()
    return rows
