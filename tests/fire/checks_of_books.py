"""What the database must hold: all that was acknowledged, once, and nothing that nobody asked for."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from tests.fire.evidence import Evidence, grouped
from tests.fire.journal import Attempt

ON_ENTRY = {"CANCELADO": ("RELEASE", 0, -1), "ENVIADO": ("SHIPMENT", -1, -1)}
BY_HAND = ("COUNT", "RECEIPT", "LOSS")


def no_order_is_lost(evidence: Evidence) -> Iterator[str]:
    """What was acknowledged is there, under its number, as it was asked for."""
    for (customer, key), attempts in evidence.by_key.items():
        for attempt in attempts:
            if attempt.acknowledged:
                order = evidence.orders.get(attempt.told["id"])
                if order is None or (order["customer_id"], order["idempotency_key"]) != (customer, key):
                    yield f"order {attempt.told['id']} of customer {customer}, key {key}"
                elif not _as_asked(evidence, order, attempt):
                    yield f"order {order['id']} is not what {attempt.request_id} asked for"


def no_order_is_doubled(evidence: Evidence) -> Iterator[str]:
    """One order per customer and key, counted in the rows, not believed of the constraint."""
    pairs = Counter((order["customer_id"], order["idempotency_key"]) for order in evidence.orders.values())
    for (customer, key), number in pairs.items():
        if number > 1:
            yield f"{number} orders of customer {customer}, key {key}"


def no_order_comes_from_nowhere(evidence: Evidence) -> Iterator[str]:
    """Each order was asked for, in a request that was not refused, and by whom its history says."""
    for order in evidence.orders.values():
        attempts = evidence.by_key.get((order["customer_id"], order["idempotency_key"]), [])
        makers = [a for a in attempts if (a.status == 201 or a.open) and _as_asked(evidence, order, a)]
        if not makers and evidence.expectations.unavailable:
            # Its COMMIT was lost on the way back; the look at the key found that it had been kept, and answered so.
            makers = [a for a in attempts if a.replayed and _as_asked(evidence, order, a)]
        first = evidence.history_by_order[order["id"]][0]
        if not makers:
            yield f"order {order['id']}, key {order['idempotency_key']}"
        elif first["actor__username"] not in {attempt.ask.person for attempt in makers}:
            yield f"order {order['id']} was not placed by {first['actor__username']}"


def every_move_is_in_the_history(evidence: Evidence) -> Iterator[str]:
    """An acknowledged move stands there once; or the order was there already."""
    arrivals = {(row["order_id"], row["to_status"]) for row in evidence.history}
    for kind in ("move", "cancel"):
        for operation in evidence.done(kind):
            order, target = _move(operation.first)
            if (order, target) not in arrivals or any(a.told["status"] != target for a in operation.acknowledged):
                yield f"{operation.first.request_id}: order {order} to {target}"


def every_step_was_asked_for(evidence: Evidence) -> Iterator[str]:
    """Each step carries the name of the one operation that took it, and of the person."""
    taken = Counter(row["note"] for row in evidence.history if row["from_status"])
    for row in evidence.history:
        if not row["from_status"]:
            continue
        operation = evidence.operations.get(row["note"])
        step = (row["order_id"], row["to_status"])
        if operation is None or _move(operation.first) != step or not operation.possibly_done:
            yield f"step {row['id']}: order {step[0]} to {step[1]}, {row['note']}"
        elif row["actor__username"] != operation.first.ask.person or taken[row["note"]] > 1:
            yield f"step {row['id']}: by {row['actor__username']}, {row['note']} taken {taken[row['note']]} times"


def every_count_is_in_the_ledger(evidence: Evidence) -> Iterator[str]:
    """A receipt, loss or count that was acknowledged is one row; each such row was asked for."""
    rows = grouped((row for row in evidence.ledger if row["kind"] in BY_HAND), lambda row: row["reason"])
    for operation in evidence.done("count"):
        if len(rows.get(operation.first.ask.operation, [])) != 1:
            yield f"{operation.first.ask.operation} stands {len(rows.get(operation.first.ask.operation, []))} times"
    for name, found in rows.items():
        asked = evidence.operations.get(name)
        if asked is None or not asked.possibly_done or len(found) > 1:
            yield f"{name or 'nobody'} stands {len(found)} times"
        elif found[0]["actor__username"] != asked.first.ask.person:
            yield f"{name} is not of {found[0]['actor__username']}"


def orders_move_stock_once(evidence: Evidence) -> Iterator[str]:
    """What each order did to the ledger is what its lines and its history say, line by line."""
    written = grouped(evidence.ledger, lambda row: row["reference"])
    for pk in evidence.orders:
        lines = {item["product_id"]: item["quantity"] for item in evidence.items_by_order[pk]}
        steps = [("RESERVATION", 0, 1)]
        steps += [ON_ENTRY[r["to_status"]] for r in evidence.history_by_order[pk] if r["to_status"] in ON_ENTRY]
        due = Counter((kind, p, a * n, b * n) for kind, a, b in steps for p, n in lines.items())
        rows = written.get(f"order/{pk}", [])
        found = Counter((r["kind"], r["product_id"], r["on_hand_delta"], r["reserved_delta"]) for r in rows)
        if found != due:
            yield f"order {pk}: {dict(found - due)} too much, {dict(due - found)} missing"


def sold_available_and_reserved_add_up(evidence: Evidence) -> Iterator[str]:
    """Per product: what came in is what was shipped, what is held, and what is left; and nothing is below zero."""
    shipped, held, came = Counter[int](), Counter[int](), Counter[int]()
    for pk, order in evidence.orders.items():
        for item in evidence.items_by_order[pk]:
            shipped[item["product_id"]] += item["quantity"] * (order["status"] in ("ENVIADO", "ENTREGUE"))
            held[item["product_id"]] += item["quantity"] * (order["status"] in ("PENDENTE", "CONFIRMADO", "SEPARADO"))
    for row in evidence.ledger:
        came[row["product_id"]] += row["on_hand_delta"] * (row["kind"] in ("OPENING", *BY_HAND))
    for pk, product in evidence.products.items():
        left = product["on_hand"] - product["reserved"]
        if left < 0 or product["reserved"] != held[pk] or came[pk] != shipped[pk] + held[pk] + left:
            yield f"product {pk}: {came[pk]} in, {shipped[pk]} shipped, {held[pk]} held, {left} left"


def what_is_sold_out_is_sold_out(evidence: Evidence) -> Iterator[str]:
    """To the last unit, and not one more."""
    if evidence.expectations.sold_out:
        hot = evidence.products[min(evidence.products)]
        if hot["on_hand"] - hot["reserved"] or hot["on_hand"] != len(evidence.orders):
            yield f"{hot['on_hand']} units, {len(evidence.orders)} orders, {hot['on_hand'] - hot['reserved']} left"


def _as_asked(evidence: Evidence, order: dict[str, Any], attempt: Attempt) -> bool:
    body: dict[str, Any] = attempt.ask.body or {}
    lines = {item["product_id"]: item["quantity"] for item in evidence.items_by_order[order["id"]]}
    asked = {item["product_id"]: item["quantity"] for item in body["items"]}
    return lines == asked and order["notes"] == body["notes"] and order["freight"] == Decimal(body["freight"])


def _move(attempt: Attempt) -> tuple[int, str]:
    """Which order was to go where."""
    ask = attempt.ask
    number = int(ask.path.split("/")[4])
    return number, "CANCELADO" if ask.method == "DELETE" else (ask.body or {}).get("status", "")
