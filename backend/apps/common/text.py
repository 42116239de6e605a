"""Text as people type it, brought to one form for comparing; values brought to the text of the contract."""

import unicodedata
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache

MAX_PASSWORD = 1024  # characters, wherever one is typed


def fold(text: str | None) -> str:
    """Without accents and case: "São Paulo" and "SAO PAULO" fold to the same text."""
    decomposed = unicodedata.normalize("NFKD", text or "")
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold().strip()


def composed(text: str | None) -> str:
    """A letter and its accent as one character, as most keyboards send them (Unicode's form NFC)."""
    return unicodedata.normalize("NFC", text or "")


def bare(text: str | None) -> str:
    """Letters and digits only, in capitals: "529.982.247-25" becomes "52998224725"."""
    return "".join(char for char in composed(text) if char.isalnum()).upper()


@lru_cache(maxsize=64)  # A new order tells of one moment seven times.
def moment(at: datetime) -> str:
    """ISO 8601 in UTC: "2026-01-31T13:00:00.000000Z"."""
    in_utc = at if at.tzinfo is UTC else at.astimezone(UTC)
    return in_utc.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def money(amount: Decimal) -> str:
    """BRL with two places: "58.90"."""
    text = str(amount)  # Nearly every amount has its two places already, and this takes a quarter of the time.
    return text if text[-3:-2] == "." else f"{amount:.2f}"
