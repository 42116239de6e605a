"""The only place where an error becomes a status code: RFC 9457 problem details for every answer of 400 or more."""

from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.utils import translation
from django.utils.encoding import escape_uri_path
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions

from apps.common import retry
from apps.common.errors import (
    WHOLE,
    CsrfFailed,
    DomainError,
    FieldProblem,
    Forbidden,
    Invalid,
    Kind,
    Missing,
    Text,
    TokenNotValid,
    Unavailable,
)
from apps.common.languages import asked_language
from apps.common.problem_pages import page_of, wants_page
from apps.common.requests import current_request_id

CONTENT_TYPE = "application/problem+json"

STATUS = {
    Kind.INVALID: 400,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.MISSING: 404,
    Kind.CONFLICT: 409,
    Kind.STALE: 412,
    Kind.UNPROCESSABLE: 422,
    Kind.UNGUARDED: 428,
    Kind.THROTTLED: 429,
    Kind.UNAVAILABLE: 503,
}

# What has no DomainError of its own, because no rule of the trade refuses it: code, title and advice by status.
PLAIN: dict[int, tuple[str, Text, Text]] = {
    400: ("validation_error", Invalid.title, _("The request could not be understood. Check it and send it again.")),
    401: ("not_authenticated", _("Sign in first."), _("Send a valid access token, or sign in with a session.")),
    403: ("permission_denied", Forbidden.title, Forbidden.detail),
    404: ("not_found", Missing.title, Missing.detail),
    405: ("method_not_allowed", _("This method is not allowed here."), _("See the Allow header for those that are.")),
    408: (
        "request_timeout",
        _("The request did not arrive in time."),
        _("Send it again, all of it within 20 seconds."),
    ),
    413: ("payload_too_large", _("The request is too large."), _("A body may have up to 1 MB.")),
    414: ("uri_too_long", _("The address is too long."), _("Shorten the filters: up to 8 kB are read.")),
    415: ("unsupported_media_type", _("Only JSON is understood."), _("Send the body as application/json.")),
    431: ("headers_too_large", _("The headers are too large."), _("Send fewer headers, and shorter ones.")),
    500: (
        "internal_error",
        _("Something went wrong on our side."),
        _("Report the request_id, and look whether your change was made before you repeat it."),
    ),
    503: (Unavailable.code, Unavailable.title, Unavailable.detail),
}

log = structlog.get_logger(__name__)


def problem_body(
    request: HttpRequest, status: int, code: str, title: Text, detail: Text, facts: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The RFC 9457 object. `facts` stand beside the standard members."""
    return {
        "type": f"urn:order-desk:problem:{code}",
        "title": str(title),
        "status": status,
        "detail": str(detail),
        "instance": escape_uri_path(request.path),
        "code": code,
        "request_id": current_request_id(),
        **(facts or {}),
    }


def refusal_body(request: HttpRequest, error: DomainError) -> dict[str, Any]:
    """The RFC 9457 object of a refusal of ours."""
    return problem_body(request, STATUS[error.kind], error.code, error.title, error.explain(), error.facts)


def problem_for(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The answer for a refusal of ours."""
    response = _response(refusal_body(request, error))
    if response.status_code == 401:
        response["WWW-Authenticate"] = 'Bearer realm="api"'
    if error.retry_after is not None:
        response["Retry-After"] = str(error.retry_after)
    return response


def _response(body: dict[str, Any]) -> HttpResponse:
    # ASCII only: a pointer repeats what the client sent, lone surrogates included, and those have no UTF-8.
    response = JsonResponse(body, status=body["status"], content_type=CONTENT_TYPE)
    response._has_been_logged = True  # type: ignore[attr-defined] # By us: Django would log a 5xx once more.
    return response


def plain_problem(request: HttpRequest, status: int) -> HttpResponse:
    """The answer for a status that carries no facts of its own."""
    phrase = HTTPStatus(status).phrase
    code, title, detail = PLAIN.get(status, (phrase.lower().replace(" ", "_").replace("-", "_"), phrase, phrase))
    return _response(problem_body(request, status, code, title, detail))


def handle(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """DRF's `EXCEPTION_HANDLER`. None for the unknown: that is a bug, and goes on to be logged as one."""
    from rest_framework.views import set_rollback  # Imports our settings, which import this module.

    request = context["request"]._request
    response = answer_to(request, error)
    if response is not None:
        set_rollback()
    return response


def _instead_of(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The problem of that status, with the other's headers: Allow, the limit of this address…"""
    with translation.override(asked_language(request)):  # Not every layer comes to know it.
        problem = plain_problem(request, response.status_code)
    for name, value in response.items():
        problem.setdefault(name, value)
    problem["Content-Length"] = str(len(problem.content))
    return problem


class ProblemMiddleware:
    """Turns what never reaches DRF into problems too: unrouted URLs, crashes, and what other layers refuse."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code < 400:
            return response
        problem = response if response.get("Content-Type") == CONTENT_TYPE else _instead_of(request, response)
        return page_of(request, problem) if wants_page(request) else problem

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse:
        response = answer_to(request, error)
        if response is None:
            log.error("crash", exc_info=error)
            response = plain_problem(request, 500)
        return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Django's `CSRF_FAILURE_VIEW`."""
    return problem_for(request, CsrfFailed())


def answer_to(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """The problem that an error is told as; None for the unknown."""
    match error:
        case DomainError():
            return problem_for(request, error)
        case exceptions.ValidationError():
            return problem_for(request, Invalid(list(field_problems(error.detail))))
        case exceptions.ParseError():
            return problem_for(request, Invalid([FieldProblem("", "parse_error", str(error.detail))]))
        case exceptions.APIException():
            return _from_rest_framework(request, error)
        case Http404():
            return plain_problem(request, 404)
        case DjangoPermissionDenied():
            return plain_problem(request, 403)
        case RequestDataTooBig():
            return plain_problem(request, 413)
        case BadRequest() | SuspiciousOperation() | MultiPartParserError():
            return plain_problem(request, 400)
        case Exception() if refusal := retry.as_refusal(error):
            return problem_for(request, refusal)
    return None


def _from_rest_framework(request: HttpRequest, error: exceptions.APIException) -> HttpResponse:
    code, title, detail = PLAIN.get(error.status_code, PLAIN[400])
    if error.status_code == 401 and not isinstance(error, exceptions.NotAuthenticated):
        return problem_for(request, TokenNotValid())  # The token library found a token, and fault with it.
    response = _response(problem_body(request, error.status_code, code, title, detail))
    if header := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = header
    return response


def field_problems(detail: Any, pointer: str = "") -> Iterator[FieldProblem]:
    """DRF's nested errors as a flat list of RFC 6901 pointers."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from field_problems(inner, pointer if name == WHOLE else f"{pointer}/{_escape(name)}")
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            # A list of messages belongs to the field itself; a list of mappings to its elements.
            yield from field_problems(inner, pointer if isinstance(inner, str) else f"{pointer}/{index}")
    else:
        yield FieldProblem(pointer, getattr(detail, "code", "invalid"), str(detail))


def _escape(name: object) -> str:
    return str(name).replace("~", "~0").replace("/", "~1")
