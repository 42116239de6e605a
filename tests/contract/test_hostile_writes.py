"""Bodies that no honest client sends, on every write that the URL map knows: a problem, soon, and in little memory.

`tests/orders/test_hostile_bodies.py` asks more of orders and products; here no write is left out.
"""

import json
import time
import tracemalloc

import pytest

from apps.authentication.models import User
from tests.audits import nothing_changed
from tests.contract.routes import every_method
from tests.contract.test_access import url_about
from tests.contract.test_schema import DOCUMENT, resolved
from tests.problems import refusal

WRITES = [(method, route) for method, route, _view in every_method() if method != "GET"]
SECONDS = 2.0  # for one body; on an idle machine the slowest takes some hundredths
DEEP = 10_000
NOT_JSON = {
    "cut off": b"{",
    "two documents": b"{} {}",
    "doubled key": b'{"a": 1, "a": 1}',
    "NaN": b'{"a": NaN}',
    "Infinity": b'{"a": -Infinity}',
    "number of 100,000 digits": b'{"a": ' + b"9" * 100_000 + b"}",
    "not UTF-8": b'{"a": "\xff\xfe"}',
    "overlong UTF-8": b'{"a": "\xc0\xaf"}',
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "byte order mark": b"\xef\xbb\xbf{}",
    "bare NUL": b'{"a": "\x00"}',
    "only NUL": b"\x00" * 1000,
    "10,000 lists deep": b"[" * DEEP + b"]" * DEEP,
    "10,000 objects deep": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "400,000 lists opened": b"[" * 400_000,
}
NO_OBJECT = {
    "null": b"null",
    "list": b"[]",
    "text": b'"a"',
    "number": b"1",
    "true": b"true",
    "many": b"[0," * 9 + b"0" + b"]" * 9,
}
HOSTILE_VALUES = (
    b"null", b"true", b"{}", b"[]", b"[[]]", b"-1", b"0.5", b"1e400", b"9" * 400, b'""', rb'"\u0000"', rb'"\ud800"',
    rb'"\ud83d\ude00"', b'"' + b"x" * 100_000 + b'"', b"[" + b"1," * 20_000 + b"1]", rb'"\r\nSet-Cookie: a=b"',
    b'"\'; DROP TABLE orders_order; --"', b'"{{7*7}}${7*7}%s%n"',
)  # fmt: skip


@pytest.fixture
def send(caller, rows):
    """send("POST", "orders", b"..."): the answer, which took no longer than it may."""
    client = caller("superuser")

    def send_raw(method, route, raw, content_type="application/json"):
        started = time.perf_counter()
        answer = client.generic(method, url_about(route, rows), raw, content_type=content_type)
        took = time.perf_counter() - started
        assert took < SECONDS, (raw[:40], took)
        return answer

    return send_raw


@pytest.mark.parametrize(("method", "route"), WRITES)
def test_what_is_no_json_object_is_refused_by_every_write(send, method, route):
    accounts = list(User.objects.order_by("pk").values())

    with nothing_changed():
        answers = {name: refusal(send(method, route, raw)) for name, raw in (NOT_JSON | NO_OBJECT).items()}

    assert answers == dict.fromkeys(NOT_JSON | NO_OBJECT, (400, "validation_error"))
    assert list(User.objects.order_by("pk").values()) == accounts


@pytest.mark.parametrize(("method", "route"), WRITES)
def test_only_json_of_a_megabyte_is_read(send, method, route):
    forms = ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "application/xml")

    with nothing_changed():
        for form in forms:
            assert refusal(send(method, route, b'{"a": 1}', form)) == (415, "unsupported_media_type")


@pytest.mark.parametrize(("method", "route"), WRITES)
def test_ten_megabytes_are_refused_without_being_read(send, method, route):
    raw = b'{"notes": "' + b"x" * 10_000_000 + b'"}'
    send(method, route, b"[]")  # What is made once has been made.

    tracemalloc.start()
    with nothing_changed():
        answer = send(method, route, raw)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert refusal(answer) == (413, "payload_too_large")
    assert peak < 15_000_000  # The test's own client keeps one copy; nobody makes another.


def fields_of(method, route):
    operation = DOCUMENT["paths"][f"/api/v1/{route.replace('<int:pk>', '{id}')}"][method.lower()]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return list(resolved(body).get("properties", {}))


@pytest.mark.parametrize(("method", "route"), [write for write in WRITES if fields_of(*write)])
def test_a_hostile_value_in_any_field_is_a_problem_at_most(send, method, route):
    """Taken or refused, it is never a crash, and never in words that are not ours."""
    for field in fields_of(method, route):
        for value in HOSTILE_VALUES:
            answer = send(method, route, b'{"%s": %s}' % (field.encode(), value))
            assert answer.status_code < 500, (field, value[:40], answer.content)
            assert "Set-Cookie" not in answer.headers or b"a=b" not in answer.headers["Set-Cookie"].encode()
            if answer.status_code >= 400:
                refusal(answer)
                json.dumps(answer.json())
