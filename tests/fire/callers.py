"""How a client asks: one kept-alive connection, a token, and the patience to ask again with the same key."""

import http.client
import json
import threading
import time
from collections.abc import MutableSequence, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from tests.fire.journal import Ask, Attempt, Journal

TOLD = ("id", "status", "version", "on_hand", "reserved", "count", "results")
COUNTED = ("sent", "acknowledged", "refused", "unavailable", "unanswered", "wrong")
LONGEST_REST = 2.0  # seconds between two attempts, whatever Retry-After asks for


class GaveUp(Exception):
    """The service did not come back in time."""


@dataclass
class Keys:
    """Who may sign in, and the tokens they have; shared by the threads of a client process."""

    password: str
    tokens: dict[str, str]
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass
class Office:
    """What the callers of one client process share."""

    port: int
    keys: Keys
    journal: Journal
    tally: MutableSequence[int]  # one number for each of COUNTED, for the progress display
    time_out: float
    give_up_after: float
    request_id: str | None = None  # the same for every request, where that is the point


class Caller:
    """One client. Nothing that it is told, and nothing that it asks for, is kept from the journal."""

    def __init__(self, office: Office, name: str) -> None:
        self.office, self.name = office, name
        self._connection: http.client.HTTPConnection | None = None
        self._numbers = count(1)

    def insist(self, ask: Ask) -> Attempt:
        """Ask until the answer settles it, as a good client does: same key, same body, after the time it was told.

        Raises `GaveUp` when nothing settles it for too long.
        """
        deadline = time.monotonic() + self.office.give_up_after
        while True:
            attempt = self.send(ask)
            if attempt.settled or (attempt.refused and not ask.person):
                return attempt
            self._rest(attempt, deadline)

    def insist_on_all(self, asks: Sequence[Ask]) -> list[Attempt]:
        """Ask for these orders in one call, and for those that it does not settle in another, as a good client does."""
        deadline = time.monotonic() + self.office.give_up_after
        settled: dict[str, Attempt] = {}
        while left := [ask for ask in asks if ask.operation not in settled]:
            attempts = self._send_all(left)
            settled |= {attempt.ask.operation: attempt for attempt in attempts if attempt.settled}
            unsettled = [attempt for attempt in attempts if not attempt.settled]
            if unsettled:
                self._rest(unsettled[0], deadline)
        return [settled[ask.operation] for ask in asks]

    def _rest(self, attempt: Attempt, deadline: float) -> None:
        if time.monotonic() > deadline:
            raise GaveUp(attempt.ask.operation)
        if attempt.status == 401:
            self._sign_in(attempt.ask.person)
        else:
            time.sleep(min(float(attempt.retry_after or 0.3), LONGEST_REST))

    def send(self, ask: Ask, time_out: float | None = None) -> Attempt:
        """Ask once, and write down what came of it."""
        attempt = self._asked(ask, time_out)
        self._note(attempt)
        return attempt

    def _send_all(self, asks: Sequence[Ask]) -> list[Attempt]:
        """One call for all: what came of each is written down as if it had been asked for by itself."""
        orders = [{**(ask.body or {}), "idempotency_key": ask.key} for ask in asks]
        call = self._asked(replace(asks[0], path=f"{asks[0].path}/batch", body={"orders": orders}, key=None), None)
        results = call.told.pop("results", None) or [None] * len(asks)
        attempts = [_part(call, ask, result) for ask, result in zip(asks, results, strict=True)]
        for attempt in attempts:
            self._note(attempt)
        return attempts

    def _note(self, attempt: Attempt) -> None:
        self.office.journal.write(attempt)
        self._count(attempt)

    def _asked(self, ask: Ask, time_out: float | None) -> Attempt:
        attempt = Attempt(ask, self.office.request_id or f"{self.name}-{next(self._numbers)}", time.monotonic())
        try:
            self._exchange(attempt, time_out or self.office.time_out)
        except (OSError, http.client.HTTPException) as error:
            attempt.error = type(error).__name__
            self.hang_up()
        attempt.took = round(time.monotonic() - attempt.sent, 4)
        return attempt

    def hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _exchange(self, attempt: Attempt, time_out: float) -> None:
        ask = attempt.ask
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.office.port)
        self._connection.timeout = time_out
        if self._connection.sock is not None:
            self._connection.sock.settimeout(time_out)
        body = None if ask.body is None else json.dumps(ask.body).encode()
        self._connection.request(ask.method, ask.path, body, self._headers(attempt))
        response = self._connection.getresponse()
        raw = response.read()
        attempt.retry_after = response.headers["Retry-After"]
        attempt.replayed = response.headers["Idempotency-Replayed"] == "true"
        attempt.echoed = response.headers["X-Request-ID"]
        attempt.told = {"etag": response.headers["ETag"]}
        self._read(attempt, raw)
        attempt.status = response.status

    def _headers(self, attempt: Attempt) -> dict[str, str]:
        ask = attempt.ask
        given = {
            "Content-Type": "application/json" if ask.body is not None else None,
            "Accept-Language": "en",
            "X-Request-ID": attempt.request_id,
            "Authorization": f"Bearer {self.office.keys.tokens[ask.person]}" if ask.person else None,
            "Idempotency-Key": ask.key,
            "If-Match": ask.etag,
        }
        return {name: value for name, value in given.items() if value is not None}

    @staticmethod
    def _read(attempt: Attempt, raw: bytes) -> None:
        try:
            answer: Any = json.loads(raw) if raw else {}
        except ValueError:
            answer = {"type": "", "code": "not_json", "detail": raw[:200].decode(errors="replace")}
        if "code" in answer and "type" in answer:
            attempt.problem, attempt.detail = answer["code"], answer["detail"]
        attempt.told |= {name: answer[name] for name in TOLD if name in answer}

    def _sign_in(self, person: str) -> None:
        """Get a new token, unless another thread just did."""
        keys, stale = self.office.keys, self.office.keys.tokens[person]
        with keys.lock:
            if keys.tokens[person] == stale:
                keys.tokens[person] = sign_in(self.office.port, person, keys.password) or stale

    def _count(self, attempt: Attempt) -> None:
        outcomes = {
            "sent": True,
            "acknowledged": attempt.acknowledged,
            "refused": attempt.refused,
            "unavailable": attempt.status == 503,
            "unanswered": attempt.status is None,
            "wrong": attempt.status is not None and attempt.status >= 500 and attempt.status != 503,
        }
        for index, name in enumerate(COUNTED):
            self.office.tally[index] += outcomes[name]


def _part(call: Attempt, ask: Ask, result: dict[str, Any] | None) -> Attempt:
    """What a call for several orders says of one of them: its result, or what became of the whole call."""
    if result is None:
        return replace(call, ask=ask, told={})
    problem, order = result.get("problem", {}), result.get("order", {})
    return replace(
        call,
        ask=ask,
        status=result["status"],
        problem=problem.get("code", ""),
        detail=problem.get("detail", ""),
        retry_after="1" if result["status"] == 503 else None,  # A result has no header: a second is as good as any.
        replayed=result["replayed"],
        told={name: order[name] for name in TOLD if name in order},
    )


def sign_in(port: int, person: str, password: str) -> str | None:
    """An access token; None when the service cannot give one now."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    body = json.dumps({"username": person, "password": password})
    try:
        connection.request("POST", "/api/v1/auth/jwt/login", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        return str(json.load(response)["access"]) if response.status == 200 else None
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
