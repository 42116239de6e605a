"""Is the service well? For balancers and people; never limited, never cached."""

from functools import cache

import redis
import structlog
from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from apps.common.errors import Unavailable
from apps.common.problems import problem_for

log = structlog.get_logger(__name__)


@csrf_exempt  # It changes nothing: a POST is told so.
@require_safe
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """200 "ok"; 200 "degraded" when only the cache is away; a 503 problem when the database is."""
    checks = {"database": _database(), "cache": _cache()}
    if checks["database"] != "ok":
        away = Unavailable(retry_after=5, rolled_back=False, version=settings.VERSION, checks=checks)
        return problem_for(request, away)
    status = "ok" if checks["cache"] == "ok" else "degraded"
    return JsonResponse({"status": status, "version": settings.VERSION, "checks": checks})


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        log.error("health_database", error=type(error).__name__)
        connection.close()
        return "unavailable"
    return "ok"


def _cache() -> str:
    if not settings.REDIS_URL:
        return "ok"  # The cache is in this process.
    try:
        _redis(settings.REDIS_URL).ping()
    except redis.RedisError as error:
        log.warning("health_cache", error=type(error).__name__)
        return "unavailable"
    return "ok"


@cache
def _redis(url: str) -> redis.Redis:
    """One client for the process: balancers ask every second, and each new one would connect again."""
    return redis.Redis.from_url(
        url, socket_timeout=settings.REDIS_TIMEOUT, socket_connect_timeout=settings.REDIS_TIMEOUT
    )
