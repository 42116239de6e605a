"""Django's layers around a request, less what the API has no use for."""

from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware as Authentication
from django.contrib.messages.middleware import MessageMiddleware as Messages
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware as Session
from django.http import HttpRequest
from django.middleware.csp import ContentSecurityPolicyMiddleware as ContentPolicy
from django.middleware.locale import LocaleMiddleware as Locale
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.csp import CSP, build_policy
from django.utils.functional import cached_property
from whitenoise.middleware import WhiteNoiseMiddleware as WhiteNoise

from apps.common.languages import asked_language
from apps.common.problems import answer_to
from apps.common.retry import DATABASE_ERRORS


def uses_bearer_token(request: Any) -> bool:
    """Does it ask the API, and say by itself who it is? Then it has no session, no form, no page and no file."""
    known: bool | None = getattr(request, "_uses_bearer_token", None)
    if known is None:
        path = request.path_info
        known = request._uses_bearer_token = (
            request.META.get("HTTP_AUTHORIZATION", "")[:7].lower() == "bearer "
            and path.startswith("/api/v1/")
            and not path.startswith("/api/v1/auth/")
        )
    return known


class SkippedForTokens:
    """A layer that a request with a token passes by."""

    get_response: Any

    def __call__(self, request: HttpRequest) -> Any:
        if uses_bearer_token(request):
            return self.get_response(request)
        return super().__call__(request)  # type: ignore[misc] # That of the layer.


class ContentSecurityPolicyMiddleware(ContentPolicy):
    """Django's. The policy of the API's answers is put into words once: no nonce stands in it."""

    def __call__(self, request: HttpRequest) -> Any:
        if not uses_bearer_token(request):
            return super().__call__(request)
        response: Any = self.get_response(request)
        response.headers[CSP.HEADER_ENFORCE.value] = self.policy
        return response

    @cached_property
    def policy(self) -> str:
        directives: Any = settings.SECURE_CSP
        return build_policy(directives)


class WhiteNoiseMiddleware(SkippedForTokens, WhiteNoise):
    pass


class SessionMiddleware(SkippedForTokens, Session):
    """Where Django finds the session ended by its owner, it may be the database that went away."""

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        try:
            return super().process_response(request, response)
        except (SessionInterrupted, *DATABASE_ERRORS) as error:
            reason: BaseException | None = error
            while reason is not None and not isinstance(reason, DATABASE_ERRORS):
                reason = reason.__context__
            answer = answer_to(request, reason)
            if answer is None:
                raise
            return answer


class AuthenticationMiddleware(SkippedForTokens, Authentication):
    pass


class MessageMiddleware(SkippedForTokens, Messages):
    pass


class LocaleMiddleware(Locale):
    """The language of Accept-Language. No address of ours begins with one."""

    def process_request(self, request: HttpRequest) -> None:
        language = asked_language(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language

    def process_response(self, request: HttpRequest, response: Any) -> Any:  # noqa: ARG002
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", translation.get_language())
        return response
