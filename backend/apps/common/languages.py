"""The language of an answer: the one that the client asks for in `Accept-Language`, and nothing else."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header


def asked_language(request: HttpRequest) -> str:
    """The best of our languages that `Accept-Language` names (RFC 9110, 12.5.4), or that of the house.

    Django's own asks a cookie first, which some page beside ours may have set, and takes "en;q=0" for English.
    """
    for name, weight in parse_accept_lang_header(request.META.get("HTTP_ACCEPT_LANGUAGE", "")):
        if weight == 0 or name == "*":
            continue
        try:
            return get_supported_language_variant(name)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE
