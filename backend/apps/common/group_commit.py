"""Group commit: those who come while a transaction is under way share the next one.

A transaction costs much the same for one order and for ten: the same statements, the same wait for the disk, the same
locks. So one thread of a process works for all that wait in it, and nobody waits for company: who comes alone goes
alone, at once.
"""

import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from threading import Condition

from django.db import connection

from apps.common.errors import Unavailable
from apps.common.lock_timeouts import short

MAX_GROUP = 32  # in one transaction
LONGEST_LEAD = 0.05  # seconds after which nobody waits for the transaction under way: a lock may hold it up


@dataclass(eq=False, slots=True)
class _Ticket[Item, Outcome]:
    item: Item
    outcome: list[Outcome] = field(default_factory=list)
    error: BaseException | None = None
    again: bool = False  # By itself, and with patience: what raised may have been the company's fault, or haste.
    taken: bool = False
    done: bool = False


class GroupCommit[Item, Outcome]:
    """Calls `work`, which does several items in one transaction, for all that are asked for at the same time.

    `work` answers one outcome per item, in order; items that are equal by `identity` never share a call. What raises
    for several is done again for each alone, so that nobody is refused for another's sake; and what has to wait for a
    lock is done again for each alone, so that nobody waits for another's lock. (Who came alone is hasty at first, too:
    a connection would have to be told each time.)
    """

    def __init__(
        self, work: Callable[[Sequence[Item]], Sequence[Outcome]], identity: Callable[[Item], Hashable]
    ) -> None:
        self.work, self.identity = work, identity
        self._waiting: list[_Ticket[Item, Outcome]] = []
        self._changed = Condition()
        self._led_until = 0.0
        self._leader: _Ticket[Item, Outcome] | None = None  # of the last transaction that was begun

    def __call__(self, item: Item) -> Outcome:
        """The outcome of this item. In a transaction of the caller's own it is done there, alone."""
        if connection.in_atomic_block:
            return self.work([item])[0]
        ticket: _Ticket[Item, Outcome] = _Ticket(item)
        with self._changed:
            self._waiting.append(ticket)
            while not ticket.done and (ticket.taken or not self._may_lead()):
                self._changed.wait(None if ticket.taken else LONGEST_LEAD)
            group = [] if ticket.done else self._gather(ticket)
        if group:
            self._lead(group)
        return self._settle(ticket)

    def _may_lead(self) -> bool:
        return time.monotonic() >= self._led_until

    def _gather(self, own: _Ticket[Item, Outcome]) -> list[_Ticket[Item, Outcome]]:
        """Our own ticket and those that wait, but for a second one of the same identity."""
        group = {self.identity(own.item): own}
        for ticket in self._waiting:
            if len(group) < MAX_GROUP:
                group.setdefault(self.identity(ticket.item), ticket)
        for ticket in group.values():
            ticket.taken = True
        self._waiting = [ticket for ticket in self._waiting if not ticket.taken]
        self._led_until, self._leader = time.monotonic() + LONGEST_LEAD, own
        return list(group.values())

    def _lead(self, group: list[_Ticket[Item, Outcome]]) -> None:
        error: BaseException | None = None
        done = False
        try:
            with short():
                outcomes = self.work([ticket.item for ticket in group])
            done = True  # Whatever may be wrong with the outcomes, it must not be done twice.
            for ticket, outcome in zip(group, outcomes, strict=True):
                ticket.outcome = [outcome]
        except BaseException as raised:  # noqa: BLE001 - nobody may be left waiting; each raises it in its own thread
            error = raised
        again = not done and (len(group) > 1 or getattr(error, "hasty", False))
        with self._changed:
            for ticket in group:
                ticket.error, ticket.again, ticket.done = error, again, True
            if self._leader is group[0]:  # Else somebody has begun another, and is to be waited for.
                self._led_until, self._leader = 0.0, None
            self._changed.notify_all()

    def _settle(self, ticket: _Ticket[Item, Outcome]) -> Outcome:
        error = ticket.error
        if error is None:
            return ticket.outcome[0]
        if isinstance(error, Unavailable) and not error.rolled_back:
            raise Unavailable(rolled_back=False)  # Perhaps it was done.
        if ticket.again:
            return self.work([ticket.item])[0]
        raise error
