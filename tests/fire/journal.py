"""What was asked and what was answered, written down by the clients themselves: the audit believes nothing else.

One line of JSON for each request that was sent, appended when its outcome is known (or is known to stay unknown).
"""

import json
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(slots=True)
class Ask:
    """One request of the API. `operation` names the intention: retries and twins of it share the name."""

    operation: str
    kind: str
    person: str
    method: str
    path: str
    body: dict[str, Any] | None = None
    key: str | None = None
    etag: str | None = None


@dataclass(slots=True)
class Attempt:
    """One request that was sent. `status` None: no answer came, and whether it was done is not known."""

    ask: Ask
    request_id: str
    sent: float  # of the machine's monotonic clock, which all processes share
    took: float = 0.0
    status: int | None = None
    error: str = ""
    problem: str = ""  # the code of a refusal
    detail: str = ""
    retry_after: str | None = None
    replayed: bool = False
    told: dict[str, Any] = field(default_factory=dict)  # of the answer: id, status, version
    echoed: str | None = None

    @property
    def acknowledged(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def refused(self) -> bool:
        """Answered in a way that promises that nothing was done."""
        return self.status is not None and 400 <= self.status < 500

    @property
    def open(self) -> bool:
        """Whether it was done cannot be told from the answer."""
        return self.status is None or self.status >= 500

    @property
    def settled(self) -> bool:
        """There is nothing to gain from asking again."""
        return self.acknowledged or (self.refused and self.status not in (401, 429))


class Journal:
    """The journal of one client process: its threads share it."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8")
        self._lock = threading.Lock()

    def write(self, attempt: Attempt) -> None:
        line = json.dumps(asdict(attempt), separators=(",", ":"))
        with self._lock:
            self._file.write(line + "\n")
            self._file.flush()


def read(folder: Path) -> list[Attempt]:
    """Every attempt of every client, in the order of sending."""
    return sorted(_lines(folder), key=lambda attempt: attempt.sent)


def _lines(folder: Path) -> Iterator[Attempt]:
    for path in sorted(folder.glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                values = json.loads(line)
                yield Attempt(ask=Ask(**values.pop("ask")), **values)
