"""One limit by address and one set of headers, whatever the cache: Redis, or this process when Redis is away.

A fixed window counted in one Redis round trip. Losing Redis loosens the limit (each process then counts for
itself); it never refuses a request wrongly and never fails one.
"""

import hashlib
import math
import threading
import time
from collections.abc import Callable
from typing import Any

import redis
import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from apps.common.addresses import client_address, network
from apps.common.errors import DomainError, Kind
from apps.common.limits import Limit
from apps.common.problems import problem_for

# Wherever a password is asked for, and could be guessed.
SIGN_IN_PATHS = (
    "/api/v1/auth/jwt/login",
    "/api/v1/auth/session/login",
    "/api/v1/auth/me/password",
    "/admin/login/",
    "/admin/password_change/",
)
LIMITED_PREFIXES = ("/api/v1", "/admin")
REST_AFTER_FAILURE = 5.0  # seconds without asking Redis again, so that a hung one slows nobody

COUNT = """
local hits = redis.call('INCR', KEYS[1])
if hits == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return {hits, redis.call('PTTL', KEYS[1])}
"""

COUNT_SHA = hashlib.sha1(COUNT.encode(), usedforsecurity=False).hexdigest()

log = structlog.get_logger(__name__)


class RateLimited(DomainError):
    code, kind = "rate_limited", Kind.THROTTLED
    title = _("Too many requests.")
    detail = _("This address may send %(limit)d requests in %(window)d seconds. Wait, then go on.")


class ProcessCounter:
    """The counts of this process alone, bounded in memory."""

    MAX_KEYS = 50_000

    def __init__(self) -> None:
        self._windows: dict[str, tuple[int, float]] = {}
        self._lock = threading.Lock()

    def hit(self, key: str, window: int) -> tuple[int, float]:
        """Count one request: how many so far, and seconds until the window ends."""
        now = time.monotonic()
        with self._lock:
            hits, ends = self._windows.get(key, (0, 0.0))
            if ends <= now:
                hits, ends = 0, now + window
                self._windows.pop(key, None)  # To the end, where those stand that began last.
                self._make_room(now)
            self._windows[key] = (hits + 1, ends)
        return hits + 1, ends - now

    def _make_room(self, now: float) -> None:
        """Forget what has ended, and what began longest ago until a tenth is free: not each newcomer looks again."""
        if len(self._windows) >= self.MAX_KEYS:
            live = [(key, value) for key, value in self._windows.items() if value[1] > now]
            self._windows = dict(live[-(self.MAX_KEYS * 9 // 10) :])


class RedisCounter(threading.local):
    """The counts of all processes. Each thread has a connection: half of what the pool's client costs is the pool."""

    def __init__(self, url: str) -> None:
        self._connection = redis.ConnectionPool.from_url(
            url, socket_timeout=settings.REDIS_TIMEOUT, socket_connect_timeout=settings.REDIS_TIMEOUT, retry=None
        ).make_connection()

    def hit(self, key: str, window: int) -> tuple[int, float]:
        """As `ProcessCounter.hit`. Raises `redis.RedisError`."""
        try:
            hits, milliseconds = self._ask(key, window)
        except redis.ConnectionError:  # Redis was restarted, or ended a connection that rested: one more try.
            hits, milliseconds = self._ask(key, window)
        return hits, max(milliseconds, 0) / 1000

    def _ask(self, key: str, window: int) -> Any:
        connection = self._connection
        try:
            try:
                connection.send_command("EVALSHA", COUNT_SHA, 1, key, window * 1000)
                return connection.read_response()
            except redis.exceptions.NoScriptError:
                connection.send_command("EVAL", COUNT, 1, key, window * 1000)
                return connection.read_response()
        except redis.RedisError:
            connection.disconnect()  # An answer that comes late must not be taken for the next one's.
            raise


class Counter:
    """Counts in Redis where there is one that answers, else in this process."""

    def __init__(self, url: str | None) -> None:
        self._here = ProcessCounter()
        self._there = RedisCounter(url) if url else None
        self._resting_until = 0.0

    def hit(self, key: str, window: int) -> tuple[int, float]:
        if self._there is not None and time.monotonic() >= self._resting_until:
            try:
                return self._there.hit(key, window)
            except redis.RedisError as error:
                self._resting_until = time.monotonic() + REST_AFTER_FAILURE
                log.warning("rate_limit_without_redis", error=type(error).__name__)
        return self._here.hit(key, window)


class RateLimitMiddleware:
    """Refuses an address that asks too often, before anything else is looked at."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.default = Limit.parse("default", settings.RATE_LIMIT_DEFAULT)
        self.sign_in = Limit.parse("login", settings.RATE_LIMIT_LOGIN)
        self.counter = Counter(settings.REDIS_URL)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.RATE_LIMIT_ENABLED or not request.path_info.startswith(LIMITED_PREFIXES):
            return self.get_response(request)
        signing_in = request.method == "POST" and request.path_info in SIGN_IN_PATHS
        limit = self.sign_in if signing_in else self.default
        hits, seconds = self.counter.hit(f"rate:{limit.name}:{network(client_address(request))}", limit.window)
        reset = max(1, math.ceil(seconds))
        if hits > limit.quota:
            refusal = RateLimited(limit=limit.quota, window=limit.window, retry_after=reset)
            response = problem_for(request, refusal)
        else:
            response = self.get_response(request)
        # draft-ietf-httpapi-ratelimit-headers: quota and window of the policy; what remains, and for how long.
        response["RateLimit-Policy"] = f'"{limit.name}";q={limit.quota};w={limit.window}'
        response["RateLimit"] = f'"{limit.name}";r={max(0, limit.quota - hits)};t={reset}'
        return response
