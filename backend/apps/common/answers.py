"""How the API answers: JSON, for nobody but who asked."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse

from apps.common.renderers import JSONRenderer

PRIVATE = {"Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}  # No cache between us may keep it.

_renderer = JSONRenderer()


class Answer(HttpResponse):
    """An answer of the API, written at once: it has one representation, so there is nothing to negotiate first."""

    def __init__(self, data: Any = None, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        every = PRIVATE if headers is None else {**PRIVATE, **headers}
        super().__init__(_renderer.render(data), "application/json", status, headers=every)
        if data is None:
            del self["Content-Type"]
