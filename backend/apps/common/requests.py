"""The identity of a request: in every answer, log line and event."""

import random
import re
import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

SANE_ID = re.compile(r"[A-Za-z0-9._:/+=-]{1,128}")  # Nothing that could be an e-mail address.
QUIET = ("/health", "/static/")

log = structlog.get_logger("request")


def current_request_id() -> str | None:
    """The id of the request being served, or None in a command."""
    return get_contextvars().get("request_id")


def new_request_id() -> str:
    """An id for a request that brought none, or none that is sane."""
    return f"{random.getrandbits(128):032x}"


class RequestMiddleware:
    """Names the request, and tells of it in one log line: route and status, never query or body."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sent = request.META.get("HTTP_X_REQUEST_ID", "")
        request_id = sent if SANE_ID.fullmatch(sent) else new_request_id()
        clear_contextvars()
        bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        if not request.path.startswith(QUIET):
            log.info(
                "request",
                method=request.method,
                path=request.path,
                status=response.status_code,
                milliseconds=round((time.perf_counter() - started) * 1000, 1),
            )
        clear_contextvars()
        return response
