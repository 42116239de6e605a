"""A problem as a page, for a person at the administration. Everybody else gets RFC 9457 problem details, as ever."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.common.errors import Text, Unavailable
from apps.common.languages import asked_language

PEOPLES = "/admin/"
OF_JSON = ("Content-Type", "Content-Length", "WWW-Authenticate")
NOWHERE = (404, 405)
# What a problem says to a program, said to a person at a page; of the others the words serve both.
WORDS: dict[str, tuple[Text, Text]] = {
    "csrf_failed": (
        _("This page had grown old."),
        _("You signed in or out since it was opened, or the browser keeps no cookies. Open it again, and repeat "
          "what you did: nothing was changed."),
    ),
    "method_not_allowed": (_("There is no page at this address."), _("Go back, and start from the page before it.")),
    "validation_error": (_("This could not be read."), _("Go back, and try again from the page before it.")),
    "temporarily_unavailable": (Unavailable.title, _("Wait a moment, and load this page again.")),
}  # fmt: skip
PERHAPS_DONE = _(
    "It may have been done all the same. Wait a moment, and load this page again: what you sent is sent once more, and "
    "not done twice."
)


def wants_page(request: HttpRequest) -> bool:
    """Is it a browser that asks, for a page of the administration?"""
    return request.path_info.startswith(PEOPLES) and "text/html" in request.META.get("HTTP_ACCEPT", "")


def page_of(request: HttpRequest, problem: HttpResponse) -> HttpResponse:
    """The page that tells of this problem, with its status and its headers."""
    told = json.loads(problem.content)
    with translation.override(asked_language(request)):
        content = render_to_string("problem.html", _shown(request, told))
    page = HttpResponse(content, status=problem.status_code)
    for name, value in problem.items():
        if name not in OF_JSON:
            page.headers[name] = value
    page.cookies = problem.cookies
    page._has_been_logged = True  # type: ignore[attr-defined] # As the problem was.
    patch_vary_headers(page, ("Accept",))
    return page


def _shown(request: HttpRequest, told: dict[str, Any]) -> dict[str, Any]:
    title, advice = WORDS.get(told["code"], (told["title"], told["detail"]))
    again = (request.get_full_path(), gettext("Open this page again"))
    start = (PEOPLES, gettext("To the start of the administration"))
    ways = [start] if told["status"] in NOWHERE else [again, start]
    if told["status"] >= 500 and request.method == "POST":
        # No way to the page anew: only what was sent from the old one is known when it is sent again.
        advice, ways = PERHAPS_DONE, []
    return {
        "language": translation.get_language(),
        "title": title,
        "advice": advice,
        "ways": ways,
        "number": gettext("Number of this request, for whoever looks into it: %(id)s") % {"id": told["request_id"]},
    }
