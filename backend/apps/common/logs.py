"""JSON log lines without personal data: what a key names is dropped, what a sentence lets slip is blacked out."""

import json
import logging
import re
from collections.abc import Mapping
from typing import Any

import orjson
import structlog
from structlog.typing import EventDict, WrappedLogger

SECRET_KEYS = frozenset(
    {"password", "current_password", "new_password", "token", "access", "refresh", "authorization", "cookie",
     "csrf_token", "document", "email", "phone", "body", "payload", "secret_key"}
)  # fmt: skip
OURS = frozenset({"request_id", "timestamp", "logger", "level"})  # No words of a client's, or sane ones.
REDACTED = "[redacted]"
AREA = "(?:1[1-9]|2[12478]|3[1-578]|4[1-9]|5[1345]|6[1-9]|7[134579]|8[1-9]|9[1-9])"
SENSITIVE = re.compile(
    r"(?<![\w-])(?=[\w-]*eyJ)[\w-]++\.[\w-]++\.[\w-]++"  # JSON web tokens, and what is written up against them
    r"|[\w.+-](?<![\w.+-].)[\w.+-]*@[\w-]+(?:\.[\w-]+)+"  # e-mail addresses, begun where such letters begin
    r"|\b\d{3}\.?\d{3}\.?\d{3}-?\d{2}\b"  # CPF
    r"|\b[0-9A-Z]{2}\.?[0-9A-Z]{3}\.?[0-9A-Z]{3}/?[0-9A-Z]{4}-?\d{2}\b"  # CNPJ, the alphanumeric one too
    r"|\+\d(?:[ ().-]{0,2}\d){8,14}\b"  # telephone numbers of any country, as E.164 or in groups
    # Those of Brazil, by their areas: (11) 98765-4321, 11 98765 4321, 1132560141.
    rf"|(?<![\w.])(?:55[ .-]?)?(?:\(0?{AREA}\)|0?{AREA})[ .-]?(?:9[ .]?\d{{4}}|[2-5]\d{{3}})[ .-]?\d{{4}}\b"
)


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace secrets and personal data in every value of a log line, exceptions and nested values included."""
    for key, value in event.items():
        if key not in OURS:
            event[key] = _cleared(key, value)
    return event


def _cleared(key: object, value: Any) -> Any:
    if key in SECRET_KEYS:
        return REDACTED
    if isinstance(value, str):
        return SENSITIVE.sub(REDACTED, value)
    if isinstance(value, Mapping):
        return {_cleared(None, str(name)): _cleared(name, inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_cleared(None, inner) for inner in value]
    return value


def _as_text(value: object) -> str:
    """What JSON has no form for, whatever it holds."""
    return SENSITIVE.sub(REDACTED, repr(value))


class Line(str):
    """A line that is written already."""

    __slots__ = ()


class Formatter(structlog.stdlib.ProcessorFormatter):
    """Leaves our own lines as they are; makes such lines of other libraries' records."""

    def format(self, record: logging.LogRecord) -> str:
        return record.msg if isinstance(record.msg, Line) else super().format(record)


def _written(event: EventDict, **options: Any) -> Line:
    try:
        return Line(orjson.dumps(event, default=options["default"]).decode())
    except TypeError:  # A lone surrogate has no UTF-8.
        return Line(json.dumps(event, **options))


# What happens to each line, ours or another library's, before it is written.
PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.format_exc_info,
    redact,
]
RENDERER = structlog.processors.JSONRenderer(serializer=_written, default=_as_text)


def configure(level: str) -> dict[str, Any]:
    """Set structlog up, and return the `LOGGING` that sends the standard library's lines the same way."""
    _look_for_no_more_than_is_written()
    structlog.configure(
        processors=[*PROCESSORS, RENDERER],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": Formatter,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, RENDERER],
        "foreign_pre_chain": [structlog.stdlib.ExtraAdder(allow=()), *PROCESSORS],
    }
    # One line per request is ours (apps.common.requests), as are crashes in views; Django tells of the rest.
    serious = {"level": "ERROR"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": formatter},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": []},  # With DEBUG it would also write in a form of its own, documents and all.
            "django.request": serious,
            "django.server": {**serious, "propagate": True, "handlers": []},
            "django.security": serious,
        },
    }


def _look_for_no_more_than_is_written() -> None:
    """The library's documentation ("Optimization") tells how: of these nothing is ever in a line."""
    for looked_for in ("_srcfile", "logThreads", "logProcesses", "logMultiprocessing", "logAsyncioTasks"):
        setattr(logging, looked_for, None)
