"""How a limit by address is written. Knows no settings: they are checked by it."""

from dataclasses import dataclass

PERIODS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


@dataclass(frozen=True, slots=True)
class Limit:
    """So many requests in so many seconds; written "600/minute"."""

    name: str
    quota: int
    window: int

    @classmethod
    def parse(cls, name: str, text: str) -> "Limit":
        quota, _slash, period = text.partition("/")
        seconds = PERIODS.get(period.strip().lower().removesuffix("s"))
        if seconds is None or not quota.strip().isdecimal() or int(quota) < 1:
            raise ValueError(f"A rate limit looks like “600/minute”, not like “{text}”.")
        return cls(name, int(quota), seconds)
