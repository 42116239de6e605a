"""Lists by page, and their orderings."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.common import pagination
from apps.common.keys import Among
from apps.customers.models import Customer
from tests.asking import sent
from tests.common.lists import PATH, flat, links, names, walk
from tests.problems import pointers, refusal

# ── By page ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_page_has_twenty_rows_the_count_and_the_links(manager, customers):
    customers(45)

    answer = manager.get(PATH)

    assert sorted(answer.json()) == ["count", "next", "previous", "results"]
    assert answer.json()["count"] == 45
    assert answer.json()["previous"] is None
    assert names(answer) == [f"Customer {n:04d}" for n in range(44, 24, -1)]


def test_the_pages_together_are_the_whole_list(manager, customers):
    customers(45)

    pages = [names(answer) for answer in walk(manager, PATH)]

    assert [len(page) for page in pages] == [20, 20, 5]
    assert flat(pages) == [f"Customer {n:04d}" for n in range(44, -1, -1)]


def test_the_links_lead_there_and_back(manager, customers):
    customers(45)

    middle = manager.get(f"{PATH}?page=2")

    assert names(manager.get(middle.json()["previous"])) == names(manager.get(PATH))
    assert names(manager.get(middle.json()["next"])) == names(manager.get(f"{PATH}?page=3"))
    assert manager.get(f"{PATH}?page=3").json()["next"] is None


def test_the_link_header_tells_the_same_as_the_body(manager, customers):
    customers(45)

    first, middle = manager.get(PATH), manager.get(f"{PATH}?page=2")

    assert links(first) == {"next": first.json()["next"]}
    assert links(middle) == {"next": middle.json()["next"], "prev": middle.json()["previous"]}


def test_without_neighbours_there_is_no_link_header(manager, customers):
    customers(3)

    assert "Link" not in manager.get(PATH).headers


def test_links_keep_the_filters_and_the_size(manager, customers):
    customers(9)
    Customer.objects.create(name="Somebody else")

    pages = [names(answer) for answer in walk(manager, f"{PATH}?name=Customer&page_size=4&ordering=name")]

    assert flat(pages) == [f"Customer {n:04d}" for n in range(9)]


def test_an_empty_list_is_one_empty_page(manager):
    answer = manager.get(PATH)

    assert answer.json() == {"count": 0, "next": None, "previous": None, "results": []}


@pytest.mark.parametrize("page", ["2", "3", "999999", "99999999999999999"])
def test_a_page_past_the_end_is_not_found(manager, customers, page):
    customers(20)

    assert refusal(manager.get(f"{PATH}?page={page}")) == (404, "not_found")


def test_the_last_page_may_be_full(manager, customers):
    customers(40)

    answer = manager.get(f"{PATH}?page=2")

    assert (len(names(answer)), answer.json()["next"]) == (20, None)


@pytest.mark.parametrize(("asked", "given"), [("1", 1), ("100", 100), ("101", 100), ("1000", 100), ("9" * 18, 100)])
def test_a_page_has_the_size_asked_for_up_to_a_hundred(manager, customers, asked, given):
    customers(120)

    assert len(names(manager.get(f"{PATH}?page_size={asked}"))) == given


@pytest.mark.parametrize("name", ["page", "page_size"])
@pytest.mark.parametrize("value", ["0", "-1", "1.5", "x", "1e3", "²", "٣", "true", "9" * 4001, "%00", " "])
def test_a_page_that_is_no_number_is_refused(manager, customers, name, value):
    customers(1)

    assert list(pointers(manager.get(f"{PATH}?{name}={value}"))) == [f"/{name}"]


@pytest.mark.parametrize("digits", [19, 30, 4000])
def test_a_huge_page_is_cut_and_a_huge_number_is_past_the_end(manager, customers, digits):
    customers(3)

    assert manager.get(f"{PATH}?page_size={'9' * digits}").json()["count"] == 3
    assert manager.get(f"{PATH}?page={'9' * digits}").status_code == 404


def test_a_count_beyond_the_cap_says_so(manager, customers, monkeypatch):
    monkeypatch.setattr(pagination, "COUNT_CAP", 7)
    customers(9)

    answer = manager.get(f"{PATH}?page_size=4").json()

    assert (answer["count"], answer["count_capped"]) == (7, True)


def test_a_count_at_the_cap_is_exact(manager, customers, monkeypatch):
    monkeypatch.setattr(pagination, "COUNT_CAP", 7)
    customers(7)

    answer = manager.get(PATH).json()

    assert answer["count"] == 7
    assert "count_capped" not in answer


def test_pages_go_on_beyond_the_cap(manager, customers, monkeypatch):
    monkeypatch.setattr(pagination, "COUNT_CAP", 7)
    customers(12)

    pages = [names(answer) for answer in walk(manager, f"{PATH}?page_size=5")]

    assert [len(page) for page in pages] == [5, 5, 2]


@pytest.mark.parametrize(("few", "cap"), [(3, 7), (3, 100), (100, 7), (100, 100)])
def test_filtered_rows_are_found_and_counted_whatever_is_few(manager, customers, monkeypatch, few, cap):
    monkeypatch.setattr(pagination, "FEW", few)
    monkeypatch.setattr(pagination, "COUNT_CAP", cap)
    customers(12)
    Customer.objects.create(name="Somebody else")

    pages = list(walk(manager, f"{PATH}?name=customer&page_size=5"))

    assert [answer.json()["count"] for answer in pages] == [min(12, cap)] * 3
    assert flat(map(names, pages)) == [f"Customer {n:04d}" for n in range(11, -1, -1)]


def test_a_part_of_a_name_is_looked_for_once_to_find_and_to_count(manager, customers, monkeypatch):
    monkeypatch.setattr(pagination, "FEW", 3)
    customers(12)

    with CaptureQueriesContext(connection) as captured:
        manager.get(f"{PATH}?name=customer&page_size=5")

    [found, walked] = [statement for statement in sent(captured) if "LIKE" in statement]
    assert "COUNT(" not in found + walked
    assert re.search(r"LIMIT 6\b", walked)  # In the order of the list, until the page is full.


def test_the_count_is_of_what_was_asked_for(manager, customers):
    customers(5)
    Customer.objects.create(name="Somebody else")

    assert manager.get(f"{PATH}?name=Customer").json()["count"] == 5


# ── Orderings ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("ordering", ["document", "password", "name_folded", "id", "-", "name,nope", "--name", "%3F"])
def test_only_the_orderings_of_the_contract_are_known(manager, ordering):
    assert list(pointers(manager.get(f"{PATH}?ordering={ordering}"))) == ["/ordering"]


@pytest.mark.parametrize(
    ("path", "orderings"),
    [
        ("customers", ["name", "created_at"]),
        ("products", ["name", "sku", "price", "available", "created_at"]),
        ("orders", ["placed_at", "total", "created_at"]),
        ("users", ["username", "date_joined"]),
    ],
)
def test_the_orderings_of_the_contract_work_both_ways(manager, a_product, place, path, orderings):
    for number in range(3):
        place((a_product(in_stock=number + 5, price=number + 1), 1))

    for ordering in orderings:
        up = [row["id"] for row in manager.get(f"/api/v1/{path}?ordering={ordering}").json()["results"]]
        down = [row["id"] for row in manager.get(f"/api/v1/{path}?ordering=-{ordering}").json()["results"]]
        assert up == list(reversed(down))


def test_keys_are_digits_and_nothing_else():
    with pytest.raises(ValueError, match="whole numbers"):
        Among("pk", "1) OR (1=1")


def test_every_wrong_parameter_is_told_at_once(manager, db):
    asked = f"{PATH}?is_active=maybe&search={'x' * 201}&ordering=nope&page=abc&page_size=0"

    assert set(pointers(manager.get(asked))) == {"/is_active", "/search", "/ordering", "/page", "/page_size"}


@pytest.mark.parametrize("path", ["/api/v1/customers", "/api/v1/products", "/api/v1/orders", "/api/v1/users"])
@pytest.mark.parametrize("text", ["´", "¨", "\u0301"])
def test_accents_alone_are_found_nowhere(manager, a_product, place, path, text):
    place((a_product(), 1))

    assert manager.get(path, {"search": text}).json()["results"] == []
