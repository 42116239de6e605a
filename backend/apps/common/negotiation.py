"""One representation for everybody."""

from typing import Any

from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request


class AlwaysJSON(BaseContentNegotiation):
    """There is one representation: a client that prefers another gets it all the same, as RFC 9110 allows."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        content_type = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == content_type), None)

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:  # noqa: ARG002
        return renderers[0], renderers[0].media_type


class AsAsked(AlwaysJSON):
    """The first representation, unless another is asked for by name: in Accept, or as `?format=json`."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:  # noqa: ARG002
        asked = request.query_params.get("format")
        accepted = {part.partition(";")[0].strip() for part in request.headers.get("Accept", "").split(",")}
        named = [renderer for renderer in renderers if renderer.media_type in accepted or renderer.format == asked]
        chosen = named[-1] if named else renderers[0]
        return chosen, chosen.media_type
