"""What clients do all day. Each operation has a name, which it leaves in every row that it writes."""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from tests.fire.callers import Caller, Office
from tests.fire.journal import Ask, Attempt

API = "/api/v1"
MANAGERS, EVERYBODY = ("ana", "bia"), ("ana", "bia", "caio", "davi")
ONWARD = {"PENDENTE": "CONFIRMADO", "CONFIRMADO": "SEPARADO", "SEPARADO": "ENVIADO", "ENVIADO": "ENTREGUE"}
MAX_TWINS, MAX_LINES, MAX_BATCH = 20, 20, 40
PLENTY = 1_000_000


@dataclass(frozen=True)
class Shop:
    """What there is to buy, and who buys: made before the load begins, known to every client."""

    customers: tuple[int, ...]
    hot: tuple[int, ...]  # what everybody wants
    cold: tuple[int, ...]


@dataclass
class Desk:
    """What the clients of one process know of the orders."""

    statuses: dict[int, str] = field(default_factory=dict)

    def note(self, attempt: Attempt) -> None:
        if attempt.acknowledged and "status" in attempt.told:
            self.statuses[attempt.told["id"]] = attempt.told["status"]


class Clerk:
    """One client with its own dice. Its operations are reproducible as far as the answers are."""

    def __init__(self, name: str, seed: str, office: Office, shop: Shop, desk: Desk) -> None:
        self.name, self.office, self.shop, self.desk = name, office, shop, desk
        self.dice = random.Random(f"{seed}/{name}")
        self.caller = Caller(office, name)
        self.sold_out = False
        self._numbers = count(1)

    def ask(self, kind: str, people: tuple[str, ...], method: str, path: str, **body: Any) -> Ask:
        """The request of a new operation."""
        operation = f"{self.name}-{next(self._numbers):06d}"
        return Ask(operation, kind, self.dice.choice(people), method, API + path, body or None)

    def order(self, wanted: dict[int, int]) -> Ask:
        """A new order for so many of these products, in this order."""
        items = [{"product_id": pk, "quantity": quantity} for pk, quantity in wanted.items()]
        freight = f"{self.dice.randint(0, 30)}.{self.dice.randint(0, 99):02d}"
        body = {"customer_id": self.dice.choice(self.shop.customers), "items": items, "freight": freight}
        ask = self.ask("buy", EVERYBODY, "POST", "/orders", **body)
        return replace(ask, key=ask.operation, body={**body, "notes": ask.operation})

    def some_order(self) -> int | None:
        """An order that this process has heard of; as a rule one of the latest, so that clients meet on it."""
        known = list(self.desk.statuses)[-30:]
        return self.dice.choice(known) if known else None

    def some_product(self) -> int:
        return self.dice.choice(self.dice.choice((self.shop.hot, self.shop.cold)))


def buy_one_hot(clerk: Clerk) -> None:
    """One unit of the product that everybody wants; told that there is none left, the client goes home."""
    attempt = clerk.caller.insist(clerk.order({clerk.shop.hot[0]: 1}))
    clerk.sold_out = attempt.problem == "insufficient_stock"


def buy_many(clerk: Clerk) -> None:
    """2 to 20 lines, hot and cold mixed, named in ascending or descending order: an invitation to deadlock."""
    products = [*clerk.shop.hot, *clerk.shop.cold]
    chosen = clerk.dice.sample(products, clerk.dice.randint(2, min(MAX_LINES, len(products))))
    chosen.sort(reverse=clerk.dice.random() < 0.5)
    wanted = {pk: clerk.dice.randint(1, 3) for pk in chosen}
    clerk.desk.note(clerk.caller.insist(clerk.order(wanted)))


def buy(clerk: Clerk) -> None:
    """A small order."""
    wanted = {clerk.some_product(): clerk.dice.randint(1, 4) for _line in range(clerk.dice.randint(1, 4))}
    clerk.desk.note(clerk.caller.insist(clerk.order(wanted)))


def buy_in_batches(clerk: Clerk) -> None:
    """2 to 40 small orders in one call, as of one person; one of them is asked for again by itself."""
    asks = [
        clerk.order({clerk.some_product(): clerk.dice.randint(1, 3) for _line in range(clerk.dice.randint(1, 4))})
        for _order in range(clerk.dice.randint(2, MAX_BATCH))
    ]
    asks = [replace(ask, person=asks[0].person) for ask in asks]
    for attempt in clerk.caller.insist_on_all(asks):
        clerk.desk.note(attempt)
    clerk.caller.insist(clerk.dice.choice(asks))


def buy_and_look(clerk: Clerk) -> None:
    """An order, read, moved and replayed at once: whoever answers must know of it already."""
    ask = clerk.order({clerk.some_product(): 1})
    order = clerk.caller.insist(ask)
    if not order.acknowledged:
        return
    path = f"/orders/{order.told['id']}"
    clerk.caller.insist(clerk.ask("read", EVERYBODY, "GET", path))
    confirm = clerk.ask("move", EVERYBODY, "PATCH", f"{path}/status")
    clerk.caller.insist(replace(confirm, body={"status": "CONFIRMADO", "note": confirm.operation}))
    clerk.caller.insist(ask)
    clerk.caller.insist(clerk.ask("read", EVERYBODY, "GET", path))


def move(clerk: Clerk) -> None:
    """An order's next status, as far as this client knows; or, now and then, just any status."""
    if (pk := clerk.some_order()) is None:
        return buy(clerk)
    likely = ONWARD.get(clerk.desk.statuses[pk], "CONFIRMADO")
    target = likely if clerk.dice.random() < 0.85 else clerk.dice.choice(list(ONWARD.values()))
    ask = clerk.ask("move", EVERYBODY, "PATCH", f"/orders/{pk}/status", status=target)
    ask = replace(ask, body={"status": target, "note": ask.operation})
    clerk.desk.note(clerk.caller.insist(ask))
    return None


def cancel(clerk: Clerk) -> None:
    if (pk := clerk.some_order()) is None:
        return buy(clerk)
    ask = clerk.ask("cancel", MANAGERS, "DELETE", f"/orders/{pk}")
    clerk.desk.note(clerk.caller.insist(replace(ask, body={"reason": ask.operation})))
    return None


def count_stock(clerk: Clerk) -> None:
    """A receipt, a loss or a count, which carries no key: `If-Match` and the ledger tell whether it was done."""
    pk = clerk.some_product()
    seen = clerk.caller.insist(clerk.ask("read", MANAGERS, "GET", f"/products/{pk}"))
    ask = clerk.ask("count", MANAGERS, "PATCH", f"/products/{pk}/stock")
    for _round in range(20):
        on_hand = seen.told["on_hand"] + clerk.dice.randint(1, 5)
        change = {"delta": clerk.dice.randint(-3, 5) or 1} if clerk.dice.random() < 0.7 else {"on_hand": on_hand}
        ask = replace(ask, etag=seen.told["etag"], body={**change, "reason": ask.operation})
        if clerk.caller.insist(ask).status != 412:
            return
        # Somebody was faster; or it was ourselves, in an attempt whose answer never came. The ledger knows.
        path = f"/products/{pk}/stock-movements?search={ask.operation}"
        if clerk.caller.insist(clerk.ask("read", MANAGERS, "GET", path)).told["count"]:
            return
        seen = clerk.caller.insist(clerk.ask("read", MANAGERS, "GET", f"/products/{pk}"))


def edit_product(clerk: Clerk) -> None:
    ask = clerk.ask("edit", MANAGERS, "PATCH", f"/products/{clerk.some_product()}")
    price = f"{clerk.dice.randint(1, 99)}.{clerk.dice.randint(0, 99):02d}"
    clerk.caller.insist(replace(ask, body={"name": ask.operation, "price": price}))


def edit_customer(clerk: Clerk) -> None:
    ask = clerk.ask("edit", MANAGERS, "PATCH", f"/customers/{clerk.dice.choice(clerk.shop.customers)}")
    clerk.caller.insist(replace(ask, body={"name": ask.operation}))


def read(clerk: Clerk) -> None:
    pk = clerk.some_order()
    paths = ["/orders?page_size=5", f"/products/{clerk.some_product()}", "/customers?page_size=5", "/auth/me"]
    path = clerk.dice.choice(paths if pk is None else [*paths, f"/orders/{pk}", f"/orders/{pk}/events"])
    clerk.caller.insist(clerk.ask("read", EVERYBODY, "GET", path))


def sign_in(clerk: Clerk) -> None:
    """By token or by session; the session is written after the view has returned."""
    way = clerk.dice.choice(("jwt", "session"))
    who = {"username": clerk.dice.choice(EVERYBODY), "password": clerk.office.keys.password}
    clerk.caller.insist(clerk.ask("sign_in", ("",), "POST", f"/auth/{way}/login", **who))


def twins(clerk: Clerk) -> None:
    """One key, sent 2 to 20 times at once: some with an altered body, some by a client that will not wait."""
    # Of what there is plenty: a twin may rightly find too little of a cold product, a moment before some comes back.
    ask = replace(clerk.order(dict.fromkeys(clerk.shop.hot, 2)), kind="twin")
    crowd = [_twin(clerk, ask) for _number in range(clerk.dice.randint(2, MAX_TWINS))]
    start = threading.Barrier(len(crowd))
    threads = [
        threading.Thread(target=_send_at_once, args=(start, Caller(clerk.office, f"{ask.operation}:{number}"), *twin))
        for number, twin in enumerate(crowd)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    clerk.desk.note(clerk.caller.insist(ask))


def _twin(clerk: Clerk, ask: Ask) -> tuple[Ask, float | None]:
    luck = clerk.dice.random()
    if luck < 0.2:
        altered: dict[str, Any] = {**(ask.body or {}), "freight": "77.77"}
        return replace(ask, body=altered), None
    return ask, clerk.dice.uniform(0.005, 0.1) if luck < 0.4 else None


def _send_at_once(start: threading.Barrier, caller: Caller, ask: Ask, time_out: float | None) -> None:
    start.wait()
    caller.send(ask, time_out)
    caller.hang_up()


type Operation = Callable[[Clerk], None]
OPERATIONS: dict[str, Operation] = {
    operation.__name__: operation
    for operation in (
        buy_one_hot, buy_many, buy, buy_in_batches, buy_and_look, move, cancel, count_stock,
        edit_product, edit_customer, read, sign_in, twins,
    )
}  # fmt: skip
