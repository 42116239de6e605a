"""Whatever stands in a query, every list answers soon: no filter, search or cursor can be made to think for long.

The parameters come from the schema: a new filter is asked without being named here.
"""

import time
from urllib.parse import quote

import pytest

from tests.contract.routes import url_of
from tests.contract.test_schema import DOCUMENT, resolved
from tests.problems import refusal

SECONDS = 2.0  # for one answer; on an idle machine the slowest takes some hundredths
HOSTILE = {
    "letters": "a" * 50_000,
    "wildcards": "%" * 5_000,
    "wildcards and letters": "%a" * 3_000 + "b",
    "underscores": "_%" * 3_000,
    "backslashes": "\\" * 5_000,
    "brackets": "(" * 5_000 + "a" * 5_000 + "!",
    "accents": "á\u0301" * 5_000,
    "spaces": " " * 50_000 + "x",
    "digits": "0" * 50_000 + "!",
    "a long number": "9" * 400,
    "a long number behind zeros": "0" * 19 + "1" + "9" * 40,
    "zeros before a one": "0" * 3_000 + "1",
    "an endless number": "1e400",
    "minus signs": "-" * 5_000,
    "an e-mail": "a@" + "a." * 5_000,
    "a date": "2026-01-01T" * 1_000,
    "a year": "999999999-01-01",
    "commas": "," * 5_000,
    "NUL": "a\x00b",
    "new lines": "a\r\nSet-Cookie: a=b",
    "SQL": "' OR 1=1; DROP TABLE orders_order; --",
    "a template": "{{7*7}}${7*7}%s%n",
    "capital sharp s": "ẞ" * 5_000,
    "nothing": "",
}
BYTES = ["%ff%fe", "%ed%a0%80", "%", "%zz", "%c0%af"]  # no UTF-8, and no encoding at all


def asked():
    """("orders", "placed_after"), …"""
    for path, operations in DOCUMENT["paths"].items():
        for parameter in map(resolved, operations.get("get", {}).get("parameters", [])):
            if parameter["in"] == "query":
                yield path.removeprefix("/api/v1/").replace("{id}", "<int:pk>"), parameter["name"]


@pytest.fixture
def ask(caller, rows, a_customer, a_product):
    """ask("orders", "search=x"): the answer, which took no longer than it may. There is text to be slow on."""
    for number in range(20):
        a_customer(name="a" * 150 + str(number), city="a" * 80)
        a_product(name="a" * 150 + str(number), description="a" * 4_000)
    client = caller("superuser")

    def get(route, query):
        url = url_of(route, rows.get(route.split("/")[0], 1))
        started = time.perf_counter()
        answer = client.get(f"{url}?{query}")
        took = time.perf_counter() - started
        assert took < SECONDS, (query[:60], took)
        return answer

    return get


@pytest.mark.parametrize(("route", "name"), sorted(set(asked())))
def test_no_value_of_a_parameter_takes_long_or_crashes(ask, route, name):
    queries = [f"{name}={quote(value)}" for value in HOSTILE.values()]
    queries += [f"{name}={value}" for value in BYTES]
    queries += [f"{name}=a&" * 2_000, f"{name}[]=a&{name}[$ne]=b"]

    for query in queries:
        answer = ask(route, query)
        assert answer.status_code in {200, 400, 404}, (query[:60], answer.content)
        if answer.status_code != 200:
            refusal(answer)


@pytest.mark.parametrize("route", sorted({route for route, _name in asked()}))
def test_ten_thousand_parameters_are_too_many_or_ignored(ask, route):
    answer = ask(route, "&".join(f"p{number}=1" for number in range(10_000)))

    assert answer.status_code in {200, 400}, answer.content


@pytest.mark.parametrize("asked_for", ["101", "1000", "1000000"])
@pytest.mark.parametrize("route", ["customers", "products", "orders", "users"])
def test_no_page_is_larger_than_a_hundred_whatever_is_asked(ask, a_customer, a_product, route, asked_for):
    answer = ask(route, f"page_size={asked_for}")

    assert answer.status_code == 200
    assert len(answer.json()["results"]) <= 100
