"""Cursors that lead far down the lists, made by the application's own code: nobody walks 50,000 pages to get there.

Run in the application's environment, whose key signs them: `python -m bench.depths` writes them as JSON.
"""

import json
import sys
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bench.lists import orderings

DEEP = 50_000  # pages; of a shorter list, the last one


def main() -> None:
    import django

    django.setup()
    from apps.customers.views import CustomerCollection
    from apps.orders.views import OrderCollection
    from apps.products.views import ProductCollection

    views = {"/orders": OrderCollection, "/customers": CustomerCollection, "/products": ProductCollection}
    json.dump([deep(view(), path, each) for path, view in views.items() for each in orderings(path)], sys.stdout)


def deep(view: Any, path: str, ordered: str) -> dict[str, Any]:
    """The page, and the cursor that the page before it ends with."""
    from apps.common.pagination import PAGE_SIZE, ListPagination

    request = _first_page(ordered)
    rows = _in_order(view, request)
    page = min(DEEP, rows.count() // PAGE_SIZE)
    before = (page - 1) * PAGE_SIZE
    last = rows.get(pk=rows.values_list("pk", flat=True)[before - 1])
    pagination = ListPagination()
    pagination.request = request
    link = pagination._cursor_link([str(name) for name in rows.query.order_by], last, back=False)
    return {"path": path, "ordered": ordered, "page": page, "cursor": parse_qs(urlsplit(link).query)["cursor"][0]}


def _first_page(ordered: str) -> Any:
    from django.conf import settings
    from django.test import RequestFactory
    from rest_framework.request import Request

    host = settings.ALLOWED_HOSTS[0]
    return Request(RequestFactory().get("/", {"ordering": ordered, "cursor": ""}, headers={"host": host}))


def _in_order(view: Any, request: Any) -> Any:
    """The rows of this list, in the order that the request asks for."""
    from apps.common.filters import ListOrdering

    view.request = request
    return ListOrdering().filter_queryset(request, view.get_queryset(), view)


if __name__ == "__main__":
    main()
