"""Answers kept for seconds, in Redis or, without one, in this process. It may forget at any moment: then ask again."""

import json
import math
from typing import Any

import redis
import structlog
from django.core.cache import caches

log = structlog.get_logger(__name__)


class JSONSerializer:
    """What Redis keeps is JSON. Django would pickle, and whoever can write into Redis could then run code here."""

    def dumps(self, value: Any) -> bytes:
        return json.dumps(value, separators=(",", ":")).encode()

    def loads(self, data: bytes) -> Any:
        return json.loads(data)


def recall(key: str) -> Any | None:
    """What was kept under this key; None when there is nothing, or nobody to ask."""
    try:
        return caches["kept"].get(key)
    except (redis.RedisError, ValueError) as error:
        log.warning("cache_not_read", error=type(error).__name__)
        return None


def keep(key: str, value: Any, *, seconds: float) -> None:
    """Keep what can be written as JSON, if there is somewhere to keep it."""
    try:
        caches["kept"].set(key, value, timeout=math.ceil(seconds))
    except redis.RedisError as error:
        log.warning("cache_not_written", error=type(error).__name__)
