"""What a request held is given back when it ends, and not when Python next looks for circles of garbage."""

import gc
import io
import json
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest
from rest_framework.request import Request

from config.wsgi import application

# The application looks after its connections when a request ends: that belongs in no transaction of a test's.
pytestmark = pytest.mark.django_db(transaction=True)


def ask(api, method, path, body=None):
    """The status, straight from the application: a test's client would keep the request."""
    sent = b"" if body is None else json.dumps(body).encode()
    path, _, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": f"/api/v1/{path}", "QUERY_STRING": query, "SERVER_NAME": "testserver",
        "SERVER_PORT": "80", "REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(sent),
        "CONTENT_LENGTH": str(len(sent)), "CONTENT_TYPE": "application/json", **api._credentials,
    }  # fmt: skip
    said = []
    answer: Any = application(environ, lambda status, _headers: said.append(int(status.split()[0])))
    b"".join(answer)
    answer.close()
    return said[0]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "orders", None, 200),
        ("HEAD", "customers", None, 200),
        ("GET", "orders?status=PENDENTE&total_min=1", None, 200),
        ("GET", "orders/1", None, 404),
        ("POST", "orders", {"idempotency_key": "k"}, 400),
        ("POST", "customers", {"name": "Ana"}, 201),
        ("DELETE", "products", None, 405),
    ],
)  # fmt: skip
def test_nothing_of_a_request_is_left_when_it_has_been_answered(api_as, method, path, body, status):
    api = api_as("Manager")

    assert left_of(api, method, path, body) == (status, 0)


def test_nothing_is_left_of_a_refusal_that_was_handed_from_one_function_to_another(api_as, a_customer, a_product):
    item = {"product_id": a_product(in_stock=1).pk, "quantity": 2}
    body = {"customer_id": a_customer().pk, "items": [item], "idempotency_key": "k"}

    assert left_of(api_as("Manager"), "POST", "orders", body) == (409, 0)


def left_of(api, method, path, body):
    """The status of a second such request, and how many more requests there are after it than before."""
    ask(api, method, path, body)  # What is made once is there now.
    gc.collect()
    gc.disable()
    try:
        before = requests()
        return ask(api, method, path, body), requests() - before
    finally:
        gc.enable()


def requests():
    return sum(type(each) in (Request, WSGIRequest) for each in gc.get_objects())
