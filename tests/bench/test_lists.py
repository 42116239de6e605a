"""The benchmark asks for the lists of the contract: all of them, and far down as well."""

import random
from typing import Any

from apps.customers.views import CustomerCollection
from apps.orders.views import OrderCollection
from apps.products.views import ProductCollection
from bench.depths import deep
from bench.lists import FILTERS, ORDERINGS, Sizes, cases

VIEWS: dict[str, Any] = {"/orders": OrderCollection, "/customers": CustomerCollection, "/products": ProductCollection}
FEW = Sizes(orders=100, customers=20, products=10)


def test_each_filter_of_the_contract_is_asked_for():
    missing = {}
    for path, view in VIEWS.items():
        asked = "&".join(query(random.Random(1), FEW) for query in FILTERS[path].values())
        names = {*view.filterset_class.base_filters, "search"}
        missing[path] = {name for name in names if f"{name}=" not in asked}

    assert missing == {path: set() for path in VIEWS}


def test_each_ordering_of_the_contract_is_asked_for():
    assert {path: set(names) for path, names in ORDERINGS.items()} == {
        path: set(view.orderings) for path, view in VIEWS.items()
    }


def test_every_case_is_a_question_that_the_application_understands(manager, a_customer):
    dice = random.Random(1)

    statuses = {
        case.name: manager.get(f"/api/v1{case.url(dice, FEW)}").status_code for case in cases(every_ordering=True)
    }

    assert {name: status for name, status in statuses.items() if status != 200} == {}


def test_a_cursor_made_for_a_page_leads_where_walking_there_leads(manager, a_customer):
    for number in range(65):
        a_customer(name=f"Customer {number}")

    made = deep(CustomerCollection(), "/customers", "-name")
    at_once = manager.get(f"/api/v1/customers?ordering=-name&cursor={made['cursor']}").json()

    walked = manager.get("/api/v1/customers?ordering=-name&cursor=").json()
    for _ in range(made["page"] - 1):
        walked = manager.get(walked["next"]).json()
    assert made["page"] == 3
    assert at_once["results"] == walked["results"]
