"""Reads settings from the environment, and from a `.env` beside the project, which says what the environment does not.

An empty setting is an absent one. One that is not understood stops the start and is named: a guess might be the unsafe
one of two values.
"""

import io
import math
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parents[2]
TRUE, FALSE = ("true", "on", "yes", "y", "ok", "1"), ("false", "off", "no", "n", "0")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
# NAME=value, as Docker Compose reads it: in quotes, or up to a # with a space before it.
LINE = re.compile(r"""\s*(?:export\s+)?(\w+)\s*=(\s*'[^']*'|\s*"(?:\\.|[^"\\])*"|.*?)(?:\s+\#.*)?\s*""", re.ASCII)

_env = environ.Env()


def plain(written: str) -> str:
    """The lines of a `.env` in the one form that django-environ knows: no space and no comment around a value."""
    found = ((line, LINE.fullmatch(line)) for line in written.splitlines())
    return "\n".join(f"{match[1]}={match[2].strip()}" if match else line.strip() for line, match in found)


def read(written: str) -> None:
    """Take from a `.env` what the environment does not say: what is empty there says nothing."""
    lines = plain(written)
    for name in re.findall(r"^(\w+)=", lines, re.ASCII | re.MULTILINE):
        if not os.environ.get(name, "").strip():
            os.environ.pop(name, None)
    _env.read_env(io.StringIO(lines), overwrite=False)


if (ROOT / ".env").exists():
    read((ROOT / ".env").read_text())


def text(name: str, default: str = "") -> str:
    return _env.str(name, "").strip() or default


def flag(name: str, default: bool) -> bool:
    said = text(name).lower()
    if said and said not in TRUE + FALSE:
        raise _refused(name, "true or false")
    return said in TRUE if said else default


def whole(name: str, default: int, *, least: int = 0) -> int:
    said = text(name)
    if said and (not re.fullmatch(r"-?\d{1,9}", said, re.ASCII) or int(said) < least):
        raise _refused(name, f"a whole number, at least {least}")
    return int(said) if said else default


def seconds(name: str, default: float) -> float:
    try:
        said = float(text(name) or default)
    except ValueError:
        said = math.nan
    if not 0 <= said < math.inf:
        raise _refused(name, "a number of seconds, at least 0")
    return said


def level(name: str, default: str) -> str:
    """How serious a line of the log has to be, in capitals however it is said."""
    said = text(name, default).upper()
    if said not in LEVELS:
        raise _refused(name, f"one of {', '.join(LEVELS)}")
    return said


def choice(name: str, words: Sequence[str]) -> str:
    """One of these words, or nothing."""
    said = text(name).lower()
    if said and said not in words:
        raise _refused(name, " or ".join(words))
    return said


def listed(name: str, default: Sequence[str] = ()) -> list[str]:
    """Words with commas between."""
    return [word.strip() for word in text(name).split(",") if word.strip()] or list(default)


def checked(name: str, default: str, check: Callable[[str], object]) -> str:
    """A text that `check` takes: it raises ValueError with what is wrong. It may hold a password, and is not shown."""
    said = text(name, default)
    try:
        if said:
            check(said)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} cannot be used: {error}") from error
    return said


def _refused(name: str, expected: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name} is {expected}, not “{text(name)}”.")
