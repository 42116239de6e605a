"""GET /orders: filtered, searched, ordered, by page and by cursor."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from apps.common import pagination
from apps.orders import filters, views
from apps.orders.models import Order
from apps.products import services as products
from tests.orders import by_orm
from tests.problems import pointers, refusal

URL = "/api/v1/orders"


def ids(api, query=""):
    response = api.get(f"{URL}{query}")
    assert response.status_code == 200, response.content
    body = response.json()
    assert body["count"] == len(body["results"])
    return [order["id"] for order in body["results"]]


def placed_at(order, text):
    Order.objects.filter(pk=order.pk).update(placed_at=datetime.fromisoformat(text))


def costs(order, total):
    Order.objects.filter(pk=order.pk).update(freight=Decimal(total) - order.subtotal, total=Decimal(total))


@pytest.fixture
def three(place, a_product):
    """Three orders, oldest first."""
    lamp = a_product(price=Decimal("1.00"))
    return [place((lamp, 1)) for _ in range(3)]


def test_a_list_shows_orders_whole_but_for_their_history(operator, order_in, lamp):
    order = order_in("CONFIRMADO", (lamp, 2))

    response = operator.get(URL)

    assert response.json() == {
        "count": 1,
        "next": None,
        "previous": None,
        "results": [by_orm.shown(order) | {"allowed_transitions": ["SEPARADO"]}],
    }
    assert "ETag" not in response


def test_nothing_is_an_empty_list(viewer):
    assert viewer.get(URL).json() == {"count": 0, "next": None, "previous": None, "results": []}


def test_the_newest_order_comes_first(viewer, three):
    assert ids(viewer) == [order.pk for order in reversed(three)]


def test_items_stand_in_the_sequence_of_the_request(viewer, place, a_product):
    rug, lamp = a_product(), a_product()
    place((lamp, 1), (rug, 2))

    [order] = viewer.get(URL).json()["results"]

    assert [item["product_id"] for item in order["items"]] == [lamp.pk, rug.pk]


def test_statuses_may_be_repeated(viewer, order_in):
    pending, sent, off = order_in("PENDENTE"), order_in("ENVIADO"), order_in("CANCELADO")

    assert ids(viewer, "?status=PENDENTE") == [pending.pk]
    assert ids(viewer, "?status=CANCELADO&status=ENVIADO") == [off.pk, sent.pk]
    assert ids(viewer, "?status=ENTREGUE") == []
    assert ids(viewer, "?status=&status=PENDENTE") == [pending.pk]
    assert ids(viewer, "?status=") == ids(viewer)


def test_by_customer(viewer, place, a_customer, lamp):
    ana, bruno = a_customer(), a_customer()
    hers, _his = place((lamp, 1), customer=ana), place((lamp, 1), customer=bruno)

    assert ids(viewer, f"?customer_id={ana.pk}") == [hers.pk]
    assert ids(viewer, f"?customer_id={2**62}") == []


def test_by_a_product_on_any_line(viewer, place, a_product, lamp):
    rug = a_product()
    both, only_rug = place((lamp, 1), (rug, 1)), place((rug, 1))

    assert ids(viewer, f"?product_id={rug.pk}") == [only_rug.pk, both.pk]
    assert ids(viewer, f"?product_id={lamp.pk}") == [both.pk]
    assert ids(viewer, f"?product_id={2**62}") == []


def test_by_number_whatever_its_case_and_punctuation(viewer, three):
    order = three[1]

    for number in (order.number, order.number.lower(), f"PED{order.pk:08d}", f" ped {order.pk:08d} "):
        assert ids(viewer, f"?number={number}") == [order.pk]
    for number in (str(order.pk), f"{order.pk:08d}", f"PED-{order.pk}", f"PED-0{order.pk:08d}", "PED-", "nonsense"):
        assert ids(viewer, f"?number={number}") == []


def test_a_time_is_inclusive_at_both_ends(viewer, three):
    for order, moment in zip(three, ("2026-01-10T11:59:59Z", "2026-01-10T12:00:00Z", "2026-01-10T12:00:01Z"),
                             strict=True):  # fmt: skip
        placed_at(order, moment)
    before, exactly, after = (order.pk for order in three)

    assert ids(viewer, "?placed_after=2026-01-10T12:00:00Z") == [after, exactly]
    assert ids(viewer, "?placed_before=2026-01-10T12:00:00Z") == [exactly, before]
    assert ids(viewer, "?placed_after=2026-01-10T09:00:00-03:00&placed_before=2026-01-10T09:00:00-03:00") == [exactly]


def test_a_date_is_the_whole_day_in_sao_paulo(viewer, place, a_product):
    lamp = a_product()
    moments = (
        "2026-01-10T02:59:59.999999Z",  # still the 9th there
        "2026-01-10T03:00:00Z",
        "2026-01-11T02:59:59.999999Z",
        "2026-01-11T03:00:00Z",  # already the 11th
    )
    orders = [place((lamp, 1)) for _ in moments]
    for order, moment in zip(orders, moments, strict=True):
        placed_at(order, moment)
    the_9th, first, last, the_11th = (order.pk for order in orders)

    assert ids(viewer, "?placed_after=2026-01-10&placed_before=2026-01-10") == [last, first]
    assert ids(viewer, "?placed_before=2026-01-09") == [the_9th]
    assert ids(viewer, "?placed_after=2026-01-11") == [the_11th]


def test_by_total_inclusive_at_both_ends(viewer, three):
    for order, total in zip(three, ("9.99", "10.00", "10.01"), strict=True):
        costs(order, total)
    cheap, ten, dear = (order.pk for order in three)

    assert ids(viewer, "?total_min=10") == [dear, ten]
    assert ids(viewer, "?total_max=10.00") == [ten, cheap]
    assert ids(viewer, "?total_min=10.00&total_max=10.00") == [ten]


def test_filters_narrow_each_other(viewer, order_in, a_customer, place, lamp):
    ana = a_customer()
    order_in("CANCELADO")
    hers = place((lamp, 2), customer=ana)

    assert ids(viewer, f"?status=PENDENTE&customer_id={ana.pk}&product_id={lamp.pk}&total_min=20") == [hers.pk]
    assert ids(viewer, f"?status=CANCELADO&customer_id={ana.pk}") == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status", "pendente"),
        ("status", "NONSENSE"),
        ("customer_id", "one"),
        ("customer_id", "0"),
        ("customer_id", "-1"),
        ("customer_id", "9" * 30),
        ("customer_id", "²"),
        ("product_id", "1.0"),
        ("placed_after", "yesterday"),
        ("placed_after", "2026-13-01"),
        ("placed_before", "2026-02-30T00:00:00Z"),
        ("placed_before", "0000-01-01"),
        ("total_min", "cheap"),
        ("total_min", "1e3"),
        ("total_max", "-1"),
        ("total_max", "NaN"),
        ("total_max", "1.001"),
        ("number", "PED-%00"),
        ("number", "P" * 201),
        ("search", "s" * 201),
        ("search", "a%00b"),
        ("ordering", "customer"),
        ("ordering", "-"),
        ("ordering", "placed_at,nonsense"),
        ("page", "0"),
        ("page", "one"),
        ("page_size", "-5"),
        ("cursor", "made-up"),
    ],
)
def test_what_cannot_be_understood_is_refused_by_name(viewer, three, name, value):
    assert set(pointers(viewer.get(f"{URL}?{name}={value}"))) == {f"/{name}"}


def test_search_finds_a_whole_number_or_a_part_of_the_customer_s_name(viewer, place, a_customer, lamp):
    hers = place((lamp, 1), customer=a_customer(name="Padaria São João Ltda."))
    his = place((lamp, 1), customer=a_customer(name="Bruno"))

    for text in ("sao joao", "SÃO", "padaria", "São João Ltda."):
        assert ids(viewer, f"?search={text}") == [hers.pk]
    for text in (his.number, his.number.lower(), "BRUNO"):
        assert ids(viewer, f"?search={text}") == [his.pk]
    for text in ("nobody", "%25", "_", "PED-99999999", str(his.pk) + "x"):
        assert ids(viewer, f"?search={text}") == []


@pytest.mark.parametrize("few", [1, 1000], ids=["walked", "sorted"])
def test_a_name_that_many_customers_have_is_found_page_by_page(viewer, place, a_customer, lamp, monkeypatch, few):
    monkeypatch.setattr(pagination, "FEW", few)
    for module in (filters, views):
        monkeypatch.setattr(module, "FIRST", 2)
    theirs = [place((lamp, 1), customer=a_customer(name=name)).pk for name in ("Rui B", "Ana Rui", "Rui A", "Rui A")]
    place((lamp, 1), customer=a_customer(name="Bruno"))
    newest_first = sorted(theirs, reverse=True)

    first = viewer.get(f"{URL}?search=rui&page_size=3").json()
    walked = viewer.get(f"{URL}?search=rui&page_size=3&cursor=").json()

    assert (first["count"], [row["id"] for row in first["results"]]) == (4, newest_first[:3])
    assert [row["id"] for row in viewer.get(first["next"]).json()["results"]] == newest_first[3:]
    assert [row["id"] for row in walked["results"]] == newest_first[:3]
    assert [row["id"] for row in viewer.get(walked["next"]).json()["results"]] == newest_first[3:]


def test_ordering_by_time_of_placing(viewer, three):
    for order, day in zip(three, (2, 3, 1), strict=True):
        placed_at(order, f"2026-01-0{day}T12:00:00Z")
    second, third, first = (order.pk for order in three)

    assert ids(viewer, "?ordering=placed_at") == [first, second, third]
    assert ids(viewer, "?ordering=-placed_at") == [third, second, first]


def test_ordering_by_total_and_equal_ones_by_age(viewer, three):
    for order, total in zip(three, ("100.00", "9.00", "100.00"), strict=True):
        costs(order, total)
    older, cheap, newer = (order.pk for order in three)

    assert ids(viewer, "?ordering=total") == [cheap, older, newer]
    assert ids(viewer, "?ordering=-total") == [newer, older, cheap]


def test_a_deleted_product_stays_readable_on_its_orders(viewer, order_in, lamp):
    order = order_in("ENTREGUE", (lamp, 2))
    products.delete_product(actor=None, pk=lamp.pk)

    assert viewer.get(f"{URL}/{order.pk}").json()["items"][0]["name"] == "Lamp"
    assert ids(viewer, f"?product_id={lamp.pk}") == [order.pk]


def test_pages(viewer, place, a_product):
    lamp = a_product()
    orders = [place((lamp, 1)).pk for _ in range(5)][::-1]

    pages = [viewer.get(f"{URL}?page_size=2&page={number}") for number in (1, 2, 3)]

    assert [[order["id"] for order in page.json()["results"]] for page in pages] == [
        orders[:2],
        orders[2:4],
        orders[4:],
    ]
    assert [page.json()["count"] for page in pages] == [5, 5, 5]
    first, second, third = (page.json() for page in pages)
    assert first["previous"] is None
    assert viewer.get(first["next"]).json() == second
    assert viewer.get(third["previous"]).json() == second
    assert third["next"] is None
    assert pages[1]["Link"] == f'<{second["next"]}>; rel="next", <{second["previous"]}>; rel="prev"'
    assert refusal(viewer.get(f"{URL}?page_size=2&page=4")) == (404, "not_found")


def test_more_than_a_hundred_a_page_is_cut_to_a_hundred(viewer, place, a_product):
    lamp = a_product(in_stock=1000)
    customer = place((lamp, 1)).customer
    for _ in range(100):
        place((lamp, 1), customer=customer)

    body = viewer.get(f"{URL}?page_size=1000").json()

    assert (body["count"], len(body["results"])) == (101, 100)
    assert len(viewer.get(URL).json()["results"]) == 20


@pytest.mark.parametrize("ordering", ["-created_at", "placed_at", "-placed_at", "total", "-total"])
def test_a_walk_by_cursor_meets_each_order_once_whatever_is_placed_meanwhile(viewer, place, a_product, ordering):
    lamp = a_product(price=Decimal("1.00"))
    orders = [place((lamp, 1)) for _ in range(7)]
    for number, order in enumerate(orders):  # Equal ones too: then the id decides.
        costs(order, f"{10 + number % 3}.10")
        placed_at(order, str(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number % 3)))
    expected = ids(viewer, f"?ordering={ordering}")

    met, url = [], f"{URL}?cursor=&page_size=2&ordering={ordering}"
    while url:
        body = viewer.get(url).json()
        assert "count" not in body
        met += [order["id"] for order in body["results"]]
        url = body["next"]
        costs(place((lamp, 1)), "11.10")

    assert [pk for pk in met if pk in expected] == expected


def test_a_walk_goes_back_the_way_it_came(viewer, place, a_product):
    lamp = a_product()
    orders = [place((lamp, 1)).pk for _ in range(5)][::-1]
    first = viewer.get(f"{URL}?cursor=&page_size=2").json()
    second = viewer.get(first["next"]).json()

    back = viewer.get(second["previous"]).json()

    assert [order["id"] for order in back["results"]] == orders[:2]
    assert first["previous"] is None
    assert viewer.get(back["next"]).json()["results"] == second["results"]


def test_a_cursor_belongs_to_its_ordering(viewer, three):
    walk = viewer.get(f"{URL}?cursor=&page_size=1&ordering=total").json()["next"]

    assert set(pointers(viewer.get(walk.replace("ordering=total", "ordering=placed_at")))) == {"/cursor"}


def test_the_filters_go_along_on_the_walk(viewer, order_in):
    orders = [order_in(status).pk for status in ("PENDENTE", "CANCELADO", "PENDENTE", "PENDENTE")]

    first = viewer.get(f"{URL}?cursor=&page_size=1&status=PENDENTE").json()
    second = viewer.get(first["next"]).json()
    third = viewer.get(second["next"]).json()

    assert [body["results"][0]["id"] for body in (first, second, third)] == [orders[3], orders[2], orders[0]]
    assert third["next"] is None


def test_nobody_reads_orders_without_signing_in(api_as):
    assert refusal(api_as(None).get(URL)) == (401, "not_authenticated")
