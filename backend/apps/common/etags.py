"""Entity tags (RFC 9110 §8.8): nobody overwrites what they have not seen.

A tag is `"version-digest"`. The digest covers the representation, so a tag changes with *anything* that is
shown; the version is what a service compares again once the row is locked.
"""

import hashlib
from typing import Any

import orjson
from django.conf import settings
from rest_framework.request import Request

from apps.common.answers import Answer
from apps.common.errors import PreconditionFailed, PreconditionRequired


def etag(version: int, representation: Any) -> str:
    """The strong tag of this representation."""
    canonical = orjson.dumps(representation, option=orjson.OPT_SORT_KEYS)
    return f'"{version}-{hashlib.sha256(canonical).hexdigest()[:16]}"'


def tagged(request: Request, version: int, representation: Any, **kwargs: Any) -> Answer:
    """The answer with its tag; to a GET that already has it, 304 without a body."""
    tag = etag(version, representation)
    known = request.META.get("HTTP_IF_NONE_MATCH")
    if request.method in ("GET", "HEAD") and known is not None and _lists(known, tag, weakly=True):
        return Answer(status=304, headers={"ETag": tag})
    return Answer(representation, headers={"ETag": tag, **kwargs.pop("headers", {})}, **kwargs)


def expected_version(request: Request, version: int, representation: Any, *, required: bool = False) -> int | None:
    """The version that a write insists on, None when it insists on nothing.

    Raises `PreconditionFailed` for a stale If-Match, and `PreconditionRequired` when there is none, the caller
    says that one is `required`, and the shop turned `REQUIRE_IF_MATCH` on.
    """
    wanted = request.META.get("HTTP_IF_MATCH")
    if wanted is None:
        if required and settings.REQUIRE_IF_MATCH:
            raise PreconditionRequired
        return None
    if wanted.strip() == "*":
        return None
    if not _lists(wanted, etag(version, representation)):
        raise PreconditionFailed
    return version


def _lists(header: str, tag: str, *, weakly: bool = False) -> bool:
    for candidate in header.split(","):
        text = candidate.strip()
        if text == "*" or text == tag or (weakly and text.removeprefix("W/") == tag):
            return True
    return False
