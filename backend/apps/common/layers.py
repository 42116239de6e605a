"""Django's layers around a request, less what the API has no use for."""

from typing import Any

from django.contrib.auth.middleware import AuthenticationMiddleware as Authentication
from django.contrib.messages.middleware import MessageMiddleware as Messages
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware as Locale
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.deprecation import MiddlewareMixin

from apps.common.problems import SessionMiddleware as Session


def brings_token(request: HttpRequest) -> bool:
    """Does it ask the API, and say by itself who it is? Then it has no session, no form and no messages."""
    path = request.path_info
    return (
        request.META.get("HTTP_AUTHORIZATION", "").startswith("Bearer ")
        and path.startswith("/api/v1/")
        and not path.startswith("/api/v1/auth/")
    )


class PastTokens(MiddlewareMixin):
    """A layer that a request with a token passes by."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer: Any = self.get_response if brings_token(request) else super().__call__
        return answer(request)


class SessionMiddleware(PastTokens, Session):
    pass


class AuthenticationMiddleware(PastTokens, Authentication):
    pass


class MessageMiddleware(PastTokens, Messages):
    pass


class LocaleMiddleware(Locale):
    """The language of the cookie or of Accept-Language. No address of ours begins with one."""

    def process_request(self, request: HttpRequest) -> None:
        language = translation.get_language_from_request(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language

    def process_response(self, request: HttpRequest, response: Any) -> Any:  # noqa: ARG002
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", translation.get_language())
        return response
