"""Every route of the API and every method it answers, read from the URL map and from nowhere else."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, get_resolver

PREFIX = "api/v1/"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
BEYOND_ALL_ROWS = 999_999


def every_route(patterns: Any = None, before: str = "") -> Iterator[tuple[str, Any]]:
    """("customers/<int:pk>", CustomerDetail), …"""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern)
        if not isinstance(pattern, URLPattern):
            yield from every_route(pattern.url_patterns, route)
        elif route.startswith(PREFIX):
            callback: Any = pattern.callback
            yield route.removeprefix(PREFIX), callback.view_class


def every_method() -> list[tuple[str, str, Any]]:
    """("GET", "customers/<int:pk>", CustomerDetail), …"""
    return [
        (method, route, view) for route, view in every_route() for method in METHODS if hasattr(view, method.lower())
    ]


def url_of(route: str, pk: int = BEYOND_ALL_ROWS) -> str:
    return f"/{PREFIX}{route.replace('<int:pk>', str(pk))}"
