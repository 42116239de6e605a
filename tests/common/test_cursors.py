"""Walking a list by cursor: each row once, at the same cost everywhere."""

import re

import pytest
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.customers.models import Customer
from tests.asking import sent
from tests.common.lists import PATH, flat, links, names, walk
from tests.problems import pointers


def test_an_empty_cursor_starts_a_walk_without_a_count(manager, customers):
    customers(45)

    answer = manager.get(f"{PATH}?cursor=")

    assert sorted(answer.json()) == ["next", "previous", "results"]
    assert answer.json()["previous"] is None
    assert names(answer) == names(manager.get(PATH))


@pytest.mark.parametrize("ordering", ["name", "-name", "created_at", "-created_at", "name,-created_at"])
def test_a_walk_visits_each_row_once_in_order(manager, customers, ordering):
    customers(23)
    in_order = names(manager.get(f"{PATH}?page_size=100&ordering={ordering}"))

    walked = [names(answer) for answer in walk(manager, f"{PATH}?cursor=&page_size=5&ordering={ordering}")]

    assert flat(walked) == in_order
    assert [len(page) for page in walked] == [5, 5, 5, 5, 3]


def test_a_walk_over_equal_values_visits_each_row_once(manager):
    Customer.objects.bulk_create(Customer(name="Ana") for _ in range(11))
    made = Customer.objects.values_list("pk", flat=True)  # MySQL does not tell bulk_create the keys it gave.

    walked = [row["id"] for page in walk(manager, f"{PATH}?cursor=&page_size=3&ordering=name")
              for row in page.json()["results"]]  # fmt: skip

    assert walked == sorted(made)
    assert len(walked) == 11


def test_a_walk_goes_back_the_way_it_came(manager, customers):
    customers(13)
    there = list(walk(manager, f"{PATH}?cursor=&page_size=5&ordering=name"))

    back = [names(answer) for answer in walk(manager, there[-1].json()["previous"], "previous")]

    assert back == [names(answer) for answer in reversed(there[:-1])]


def test_at_the_end_of_a_walk_there_is_no_next_and_at_the_start_no_previous(manager, customers):
    customers(10)

    pages = list(walk(manager, f"{PATH}?cursor=&page_size=5"))

    assert len(pages) == 2
    back = manager.get(pages[1].json()["previous"]).json()
    assert back["previous"] is None
    assert names(manager.get(back["next"])) == names(pages[1])


def test_a_walk_keeps_its_filters_and_its_links_stand_in_the_header(manager, customers):
    customers(9)
    Customer.objects.create(name="Somebody else")

    pages = list(walk(manager, f"{PATH}?cursor=&page_size=4&name=Customer&ordering=name"))

    assert flat(map(names, pages)) == [f"Customer {n:04d}" for n in range(9)]
    assert links(pages[1]) == {"next": pages[1].json()["next"], "prev": pages[1].json()["previous"]}


def test_a_walk_over_nothing_is_one_empty_page(manager):
    assert manager.get(f"{PATH}?cursor=").json() == {"next": None, "previous": None, "results": []}


def test_a_step_of_a_walk_counts_nothing_and_skips_nothing(manager, customers):
    customers(60)
    second = manager.get(f"{PATH}?cursor=&page_size=20").json()["next"]

    with CaptureQueriesContext(connection) as captured:
        manager.get(second)

    statements = sent(captured)
    assert len(statements) == 3
    [rows] = [statement for statement in statements if "FROM" in statement and "LIMIT 21" in statement]
    assert "OFFSET" not in rows
    assert "COUNT(" not in rows


BAD_CURSORS = {
    "tampered": lambda cursor: cursor[:-1] + ("A" if cursor[-1] != "A" else "B"),
    "cut short": lambda cursor: cursor[:-5],
    "garbage": lambda cursor: "garbage",
    "not ASCII": lambda cursor: "ção",
    "NUL": lambda cursor: "\0",
    "a page number": lambda cursor: "2",
    "signed for something else": lambda cursor: signing.dumps({"order": ["name", "id"]}, salt="other"),
    "unsigned": lambda cursor: cursor.rpartition(":")[0],
    "very long": lambda cursor: "x" * 5000,
}


@pytest.mark.parametrize("spoil", BAD_CURSORS.values(), ids=BAD_CURSORS)
def test_a_bad_cursor_is_refused(manager, customers, spoil):
    customers(3)
    following = manager.get(f"{PATH}?cursor=&page_size=1&ordering=name").json()["next"]
    [cursor] = re.findall(r"cursor=([^&]+)", following)

    answer = manager.get(PATH, {"cursor": spoil(cursor.replace("%3A", ":")), "ordering": "name"})

    assert list(pointers(answer)) == ["/cursor"]


def test_a_cursor_of_another_ordering_is_refused(manager, customers):
    customers(3)
    following = manager.get(f"{PATH}?cursor=&page_size=1&ordering=name").json()["next"]

    answer = manager.get(following.replace("ordering=name", "ordering=-name"))

    assert list(pointers(answer)) == ["/cursor"]


def test_a_cursor_of_another_list_is_refused(manager, customers):
    customers(3)
    following = manager.get(f"{PATH}?cursor=&page_size=1&ordering=name").json()["next"]

    answer = manager.get(following.replace("customers", "products"))

    assert list(pointers(answer)) == ["/cursor"]


@pytest.mark.parametrize("path", ["/api/v1/customers", "/api/v1/products", "/api/v1/orders", "/api/v1/users"])
def test_every_list_walks_by_page_and_by_cursor(manager, a_product, place, path):
    lamp = a_product()
    for _ in range(3):
        place((lamp, 1))
        a_product()

    by_page = [row["id"] for page in walk(manager, f"{path}?page_size=2") for row in page.json()["results"]]
    by_cursor = [row["id"] for page in walk(manager, f"{path}?page_size=2&cursor=") for row in page.json()["results"]]

    assert by_page == by_cursor
    assert len(by_page) == len(set(by_page)) >= 1


def test_the_ledger_and_the_events_walk_too(manager, a_product, place):
    lamp = a_product()
    orders = [place((lamp, 1)) for _ in range(5)]

    for path in (f"/api/v1/products/{lamp.pk}/stock-movements", f"/api/v1/orders/{orders[0].pk}/events"):
        everything = [row["id"] for row in manager.get(path).json()["results"]]
        walked = [row["id"] for page in walk(manager, f"{path}?page_size=1&cursor=") for row in page.json()["results"]]
        assert walked == everything
        assert len(walked) >= 2
