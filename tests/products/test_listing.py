"""GET /products: filtered, searched, ordered, by page and by cursor."""

from decimal import Decimal

import pytest
from django.utils import timezone

from apps.products.models import Product
from tests.problems import pointers, refusal

URL = "/api/v1/products"


@pytest.fixture
def viewer(api_as):
    return api_as("Viewer")


def skus(api, query=""):
    response = api.get(f"{URL}{query}")
    assert response.status_code == 200, response.content
    body = response.json()
    assert body["count"] == len(body["results"])
    return [product["sku"] for product in body["results"]]


def test_a_list_shows_products_whole(viewer, lamp):
    assert viewer.get(URL).json()["results"] == [viewer.get(f"{URL}/{lamp.pk}").json()]


def test_the_newest_product_comes_first(viewer, a_product):
    a_product(sku="OLD")
    a_product(sku="NEW")

    assert skus(viewer) == ["NEW", "OLD"]


def test_sku_matches_whole_ignoring_case_and_punctuation(viewer, a_product):
    a_product(sku="CAFE-500")
    a_product(sku="CAFE-5000")

    for text in ("CAFE-500", "cafe-500", "cafe500", "c.a.f.e 500"):
        assert skus(viewer, f"?sku={text}") == ["CAFE-500"]
    for text in ("CAFE", "500", "CAFE-50", "-"):
        assert skus(viewer, f"?sku={text}") == []


def test_name_matches_a_part_ignoring_case_and_accents(viewer, a_product):
    a_product(sku="A", name="Café torrado 500 g")
    a_product(sku="B", name="Chá 100% natural")

    for text in ("café", "CAFE", "orrado", "É TORR", "500 g"):
        assert skus(viewer, f"?name={text}") == ["A"]
    assert skus(viewer, "?name=100%25") == ["B"]
    for text in ("%25%25", "_", "caff"):
        assert skus(viewer, f"?name={text}") == []


def test_by_activity(viewer, a_product):
    a_product(sku="ON")
    a_product(sku="OFF", is_active=False)

    assert skus(viewer, "?is_active=true") == ["ON"]
    assert skus(viewer, "?is_active=false") == ["OFF"]


def test_by_price_inclusive_at_both_ends(viewer, a_product):
    for price in ("9.99", "10.00", "10.01"):
        a_product(sku=price, price=Decimal(price))

    assert skus(viewer, "?price_min=10") == ["10.01", "10.00"]
    assert skus(viewer, "?price_max=10.00") == ["10.00", "9.99"]
    assert skus(viewer, "?price_min=10.00&price_max=10") == ["10.00"]


def test_low_stock_means_at_or_below_a_threshold_that_is_set(viewer, a_product, place):
    a_product(sku="NONE", in_stock=0)
    a_product(sku="PLENTY", in_stock=6, low_stock_threshold=5)
    a_product(sku="AT", in_stock=5, low_stock_threshold=5)
    a_product(sku="BELOW", in_stock=4, low_stock_threshold=5)
    a_product(sku="ZERO", in_stock=0, low_stock_threshold=0)
    place((a_product(sku="HELD", in_stock=9, low_stock_threshold=5), 4))

    assert skus(viewer, "?low_stock=true") == ["HELD", "ZERO", "BELOW", "AT"]
    assert skus(viewer, "?low_stock=false") == ["PLENTY", "NONE"]


def test_filters_narrow_each_other(viewer, a_product):
    a_product(sku="A", name="Café", price=Decimal("5.00"))
    a_product(sku="B", name="Café", price=Decimal("15.00"))
    a_product(sku="C", name="Chá", price=Decimal("15.00"))

    assert skus(viewer, "?name=cafe&price_min=10&is_active=true") == ["B"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("is_active", "maybe"),
        ("low_stock", "2"),
        ("price_min", "cheap"),
        ("price_max", "1e3"),
        ("price_max", "-1"),
        ("name", "n" * 201),
        ("name", "a%00"),
        ("sku", "a%00"),
        ("search", "s" * 201),
        ("ordering", "description"),
        ("ordering", "name,secret"),
        ("page", "-1"),
        ("page_size", "0"),
        ("cursor", "e30:made:up"),
    ],
)
def test_what_cannot_be_understood_is_refused_by_name(viewer, name, value):
    assert set(pointers(viewer.get(f"{URL}?{name}={value}"))) == {f"/{name}"}


def test_search_finds_parts_of_name_and_sku(viewer, a_product):
    a_product(sku="CAFE-500", name="Torrado")
    a_product(sku="X-1", name="Café em grãos")

    assert skus(viewer, "?search=cafe") == ["X-1", "CAFE-500"]
    assert skus(viewer, "?search=GRAOS") == ["X-1"]
    assert skus(viewer, "?search=e-5") == ["CAFE-500"]
    assert skus(viewer, "?search=nothing") == []


@pytest.mark.parametrize(
    ("ordering", "expected"),
    [
        ("name", ["B", "C", "A"]),  # abacate, Ábaco, zinco
        ("sku", ["A", "B", "C"]),
        ("price", ["C", "A", "B"]),
        ("available", ["A", "C", "B"]),
        ("created_at", ["B", "A", "C"]),
    ],
)
def test_orderings(viewer, a_product, place, ordering, expected):
    a_product(sku="B", name="abacate", price=Decimal("100.00"), in_stock=50)
    zinc = a_product(sku="A", name="zinco", price=Decimal("9.00"), in_stock=99)
    a_product(sku="C", name="Ábaco", price=Decimal("8.50"), in_stock=7)
    place((zinc, 95))

    assert skus(viewer, f"?ordering={ordering}") == expected
    assert skus(viewer, f"?ordering=-{ordering}") == expected[::-1]


def test_products_alike_in_all_that_they_are_ordered_by_have_an_order_of_their_own(viewer, a_product):
    expected = [a_product(name="Café", price=Decimal("1.00")).sku for _ in range(5)]
    Product.objects.update(created_at=timezone.now())

    met, url = [], f"{URL}?cursor=&page_size=2&ordering=price,name,available,created_at"
    while url:
        page = viewer.get(url).json()
        met += [row["sku"] for row in page["results"]]
        url = page["next"]

    assert met == expected


@pytest.mark.parametrize("ordering", ["-created_at", "name", "-name", "sku", "-price", "available"])
def test_a_walk_by_cursor_meets_each_product_once_whatever_is_registered_meanwhile(viewer, a_product, ordering):
    for number in range(7):
        a_product(name=f"Café {number % 3}", price=Decimal(f"{10 + number % 2}.10"), in_stock=number % 4)
    expected = skus(viewer, f"?ordering={ordering}")

    met, url = [], f"{URL}?cursor=&page_size=2&ordering={ordering}"
    while url:
        body = viewer.get(url).json()
        met += [product["sku"] for product in body["results"]]
        url = body["next"]
        a_product(name="Café 1", price=Decimal("10.10"), in_stock=1)

    assert [sku for sku in met if sku in expected] == expected
    assert len(met) == len(set(met))


def test_pages(viewer, a_product):
    for number in range(3):
        a_product(sku=f"S{number}")

    first = viewer.get(f"{URL}?page_size=2&ordering=sku").json()
    second = viewer.get(first["next"]).json()

    assert [[product["sku"] for product in page["results"]] for page in (first, second)] == [["S0", "S1"], ["S2"]]
    assert (first["count"], second["count"], second["next"]) == (3, 3, None)
    assert viewer.get(second["previous"]).json() == first
    assert refusal(viewer.get(f"{URL}?page=2")) == (404, "not_found")
