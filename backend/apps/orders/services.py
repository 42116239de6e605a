"""What can be done with orders. Each function is one transaction, told in the order a person would tell it
(`place_orders`: one transaction for so many lines at a time).

Locks: the order rows first, then products by id. A new order has no row to lock: its customer is read-locked (so
that nobody deletes or deactivates it meanwhile), then its products. Lock first, read after, decide last.

Placing and moving work on many orders at once. One order is a list of one, or shares the transaction of others that
are asked for in the same instant (`GroupCommit`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import IntegrityError, connection

from apps.authentication.models import User
from apps.common import packets, rows
from apps.common.errors import DomainError, Invalid, Unavailable
from apps.common.group_commit import GroupCommit
from apps.common.locks import lock_each, shared
from apps.common.retry import DATABASE_ERRORS, as_refusal, transactional
from apps.common.turns import Turns
from apps.customers.models import Customer
from apps.events import outbox
from apps.orders import moving, placing
from apps.orders.errors import IdempotencyKeyReused
from apps.orders.loading import load_details, lock_orders
from apps.orders.models import CUSTOMER_NAME, Order
from apps.orders.moving import Move, Step
from apps.orders.placing import Draft, Placement
from apps.orders.requests import OrderRequest
from apps.products import stock
from apps.products.models import Product

MOST_LINES = 2_000  # of the orders placed in one transaction: about a third of a second, for which others wait
FEW_LINES = 75  # for a call that found another at it: two transactions of so many seldom want the same products

_turns = Turns()  # of the calls that place many orders


class Placed(NamedTuple):
    """The order of a request; `replayed` when an earlier request with the same key made it."""

    order: Order
    replayed: bool = False


def place_order(*, actor: User | None, request: OrderRequest) -> Placed:
    """Reserve the stock, freeze the prices and record the order: once per (customer, key), whatever happens.

    Raises `Invalid` for unknown ids, `IdempotencyKeyReused`, `CustomerInactive`, `ProductInactive`,
    `PriceChanged` and `InsufficientStock`; none of them leaves a trace.
    """
    outcome = _place_together(Placement.by(outbox.Author.of(actor), request))
    if isinstance(outcome, DomainError):
        raise outcome
    return outcome


def place_orders(
    *, actor: User | None, requests: Sequence[OrderRequest], as_sold: bool = False
) -> list[Placed | DomainError]:
    """Place each of these orders, or refuse it, as if it came alone: the outcomes, in the order of the requests.

    Raises `Unavailable` when nothing came of any of them; else it is the outcome of those that it kept from their turn,
    whether the database was contended or went away.
    `as_sold` is the importer's door, which no view opens: an item's own price stands, whatever the catalogue says.
    """
    if not requests:
        return []
    author = outbox.Author.of(actor)
    wanted = [Placement.by(author, request) for request in requests]
    outcomes: dict[int, Placed | DomainError] = {}
    try:
        with _turns.turn() as free:
            _place_into(outcomes, wanted, as_sold, MOST_LINES if free else FEW_LINES)
    except (Unavailable, *DATABASE_ERRORS) as error:
        if not outcomes or (connection.in_atomic_block and not isinstance(error, Unavailable)):
            raise  # In the caller's transaction nothing has been committed: it starts over as a whole.
        if (unavailable := as_refusal(error)) is None:
            raise
        return [outcomes.get(index, unavailable) for index in range(len(wanted))]  # What has been committed stands.
    return [outcomes[index] for index in range(len(wanted))]


def _place_all(wanted: Sequence[Placement]) -> list[Placed | DomainError]:
    outcomes: dict[int, Placed | DomainError] = {}
    _place_into(outcomes, wanted, as_sold=False, most_lines=MOST_LINES)
    return [outcomes[index] for index in range(len(wanted))]


def _place_into(
    outcomes: dict[int, Placed | DomainError], wanted: Sequence[Placement], as_sold: bool, most_lines: int
) -> None:
    """Add the outcomes by index, those of one transaction after those of the other.

    A refusal stands only if no twin won in the meantime; the unique constraint is the referee between twins that no
    lock made wait. Twins within one call are placed once, too: the later one looks when the earlier is there.
    """
    while pending := {index: each.request for index, each in enumerate(wanted) if index not in outcomes}:
        outcomes.update(_replays(pending))
        new = {index: each for index, each in pending.items() if index not in outcomes}
        fresh = _one_transaction(new, most_lines)
        if not fresh:
            continue
        try:
            made = dict(zip(fresh, _place([wanted[index] for index in fresh], as_sold), strict=True))
        except (IntegrityError, Unavailable) as error:
            outcomes.update(_won_meanwhile(fresh, error))
            continue
        refused = {index: fresh[index] for index, outcome in made.items() if isinstance(outcome, DomainError)}
        outcomes.update({index: outcome for index, outcome in made.items() if index not in refused})  # Committed.
        outcomes.update({index: made[index] for index in refused} | _replays(refused))


def _won_meanwhile(
    requests: Mapping[int, OrderRequest], error: IntegrityError | Unavailable
) -> dict[int, Placed | DomainError]:
    """What twins committed between our look and our insert, or we ourselves in a COMMIT that nobody answered.

    Raises `error` where there is nothing, or, of a database that is not to be had, where nobody can look any more.
    """
    try:
        won = _replays(requests)
    except DATABASE_ERRORS:
        if isinstance(error, IntegrityError):
            raise
        won = {}
    if not won:
        raise error
    return won


def _one_transaction(pending: Mapping[int, OrderRequest], most_lines: int) -> dict[int, OrderRequest]:
    """The first of these that go into one transaction: no key twice, and locks for no longer than others can wait."""
    fresh: dict[int, OrderRequest] = {}
    keys, lines = set(), 0
    for index, request in pending.items():
        lines += len(request.items)
        if request.identity in keys or (fresh and lines > most_lines):
            break
        keys.add(request.identity)
        fresh[index] = request
    return fresh


_place_together: GroupCommit[Placement, Placed | DomainError] = GroupCommit(
    _place_all, identity=lambda each: each.request.identity
)


def _replays(requests: Mapping[int, OrderRequest]) -> dict[int, Placed | DomainError]:
    """The orders that these keys already made, with all they show; or the refusal, where another body made one."""
    if not requests:
        return {}
    words = " OR ".join(["own.customer_id = %s AND own.idempotency_key = %s"] * len(requests))
    keys = [value for request in requests.values() for value in request.identity]
    earlier = {
        (order.customer_id, order.idempotency_key): order
        for order in rows.select(Order, words, keys, beside=CUSTOMER_NAME)
    }
    outcomes = {
        index: _replayed(earlier[request.identity], request)
        for index, request in requests.items()
        if request.identity in earlier
    }
    load_details(outcome.order for outcome in outcomes.values() if isinstance(outcome, Placed))
    return outcomes


def _replayed(earlier: Order, request: OrderRequest) -> Placed | DomainError:
    if earlier.fingerprint == request.fingerprint:
        return Placed(earlier, replayed=True)
    prices = dict(Product.objects.filter(pk__in=request.quantities).values_list("pk", "price"))
    problems = request.unknown(customer_known=True, products_known=prices)
    if problems := problems or placing.total_too_large(request.subtotal(prices), request.freight):
        return Invalid(problems)
    return IdempotencyKeyReused(order_id=earlier.pk)


@transactional
@packets.held()
def _place(wanted: Sequence[Placement], as_sold: bool) -> list[Placed | DomainError]:
    customers, products = lock_each(
        shared(Customer, [each.request.customer_id for each in wanted], only=placing.ASKED_OF_CUSTOMER),
        stock.to_lock(pk for each in wanted for pk in each.request.quantities),
    )
    verdicts = list(placing.decide(wanted, customers, products, as_sold))
    drafts = [verdict for verdict in verdicts if isinstance(verdict, Draft)]
    if not drafts:
        return [verdict for verdict in verdicts if isinstance(verdict, DomainError)]
    orders = placing.record(drafts)
    reservations = [placing.reservation(order, draft) for order, draft in zip(orders, drafts, strict=True)]
    outbox.publish_for(
        (draft.author, [placing.created(order, draft), *reserved])
        for order, draft, reserved in zip(orders, drafts, stock.move(products, reservations), strict=True)
    )
    placed = iter(orders)
    return [verdict if isinstance(verdict, DomainError) else Placed(next(placed)) for verdict in verdicts]


def change_status(
    *,
    actor: User | None,
    pk: int,
    target: str,
    note: str = "",
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Order:
    """Move an order to `target`, with what that does to stock. Asking for the status it has changes nothing.

    Raises `Missing`, `PreconditionFailed`, and `InvalidTransition` for a move that the lifecycle does not list.
    """
    outcome = _move_together(Move(pk, target, note, expected_version, at, outbox.Author.of(actor)))
    if isinstance(outcome, DomainError):
        raise outcome
    return outcome


@transactional
@packets.held()
def change_statuses(moves: Sequence[Move]) -> list[Order | DomainError]:
    """Move each of these orders, or refuse to, as `change_status` does: the outcomes, in the order of the moves.

    An order stands on one move only.
    """
    orders = lock_orders(move.pk for move in moves)
    verdicts = [moving.decide(move, orders.get(move.pk)) for move in moves]
    if steps := [verdict for verdict in verdicts if isinstance(verdict, Step)]:
        _take(steps)
    return [verdict.order if isinstance(verdict, Step) else verdict for verdict in verdicts]


_move_together: GroupCommit[Move, Order | DomainError] = GroupCommit(change_statuses, identity=lambda move: move.pk)


def _take(steps: Sequence[Step]) -> None:
    told = {step.order.pk: moving.enter(step) for step in steps}
    movements = {step.order.pk: movement for step in steps if (movement := moving.movement(step))}
    products = stock.lock_products(pk for movement in movements.values() for pk in movement.deltas)
    for pk, facts in zip(movements, stock.move(products, list(movements.values())), strict=True):
        told[pk] += facts
    moving.record(steps)
    outbox.publish_for((step.move.author, told[step.order.pk]) for step in steps)
