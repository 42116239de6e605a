"""PATCH /products/:id/stock and its ledger: every change of a counter is one row, and the sums agree."""

import pytest

from apps.events.models import Event
from apps.orders import services as orders
from apps.products import stock
from apps.products.models import Product, StockMovement
from tests.audits import audit, nothing_changed
from tests.problems import pointers, refusal


@pytest.fixture
def adjust(manager, lamp):
    """adjust(delta=3): what the API answers for the lamps."""

    def patch(**body):
        return manager.patch(f"/api/v1/products/{lamp.pk}/stock", body)

    return patch


def ledger(product):
    """(kind, on_hand_delta, reserved_delta, on_hand_after, reserved_after), oldest first."""
    columns = ("kind", "on_hand_delta", "reserved_delta", "on_hand_after", "reserved_after")
    return list(StockMovement.objects.filter(product=product).order_by("pk").values_list(*columns))


def lows(product):
    return list(Event.objects.filter(subject=product.reference, type="stock.low").order_by("id"))


def test_opening_stock_is_the_first_row(manager):
    product = manager.post("/api/v1/products", {"sku": "S", "name": "N", "price": "1.00", "on_hand": 7}).json()

    row = StockMovement.objects.get()
    assert (row.kind, row.on_hand_delta, row.on_hand_after) == ("OPENING", 7, 7)
    assert (row.reference, row.actor_id) == (f"product/{product['id']}", manager.user.pk)


@pytest.mark.parametrize(
    ("body", "row"),
    [
        ({"on_hand": 12}, ("COUNT", 2, 0, 12, 0)),
        ({"on_hand": 3}, ("COUNT", -7, 0, 3, 0)),
        ({"on_hand": 0}, ("COUNT", -10, 0, 0, 0)),
        ({"delta": 5}, ("RECEIPT", 5, 0, 15, 0)),
        ({"delta": -4}, ("LOSS", -4, 0, 6, 0)),
        ({"delta": -10}, ("LOSS", -10, 0, 0, 0)),
    ],
)
def test_a_count_sets_and_a_delta_adds(adjust, lamp, body, row):
    response = adjust(**body)

    assert response.status_code == 200
    assert (response.json()["on_hand"], response.json()["available"]) == (row[3], row[3])
    assert ledger(lamp) == [("OPENING", 10, 0, 10, 0), row]
    audit()


def test_the_row_tells_who_and_why(manager, adjust, lamp):
    adjust(delta=5, reason="Nota fiscal 1234")

    row = StockMovement.objects.latest("pk")
    assert (row.actor_id, row.reason, row.reference) == (manager.user.pk, "Nota fiscal 1234", f"product/{lamp.pk}")


def test_a_change_of_stock_is_told(manager, adjust, lamp):
    adjust(delta=-4, reason="broken")

    event = Event.objects.latest("id")
    assert (event.type, event.subject, event.sequence) == ("stock.adjusted", f"product/{lamp.pk}", 3)
    assert event.actor == manager.user.username
    assert event.payload == {
        "product": {"id": lamp.pk, "sku": "LAMP-1", "name": "Lamp"},
        "quantity": 4,
        "on_hand_delta": -4,
        "reserved_delta": 0,
        "on_hand": 6,
        "reserved": 0,
        "available": 6,
        "order": None,
        "order_id": None,
        "reason": "broken",
    }


@pytest.mark.parametrize("body", [{"on_hand": 10}, {"delta": 0}, {"delta": 0, "reason": "just looking"}])
def test_a_change_of_nothing_leaves_no_trace(manager, adjust, lamp, body):
    before = manager.get(f"/api/v1/products/{lamp.pk}")

    with nothing_changed():
        response = adjust(**body)

    assert response.status_code == 200
    assert response.json() == before.json()
    assert response["ETag"] == before["ETag"]


@pytest.mark.parametrize("body", [{"on_hand": 4, "delta": 1}, {}, {"reason": "none given"}])
def test_exactly_one_of_count_and_delta_is_given(adjust, body):
    with nothing_changed():
        response = adjust(**body)

    assert pointers(response) == {"": "one_of"}


def test_that_exactly_one_is_given_is_told_with_what_else_is_wrong(adjust):
    assert pointers(adjust(on_hand=4, delta=1, nope=1)) == {"": "one_of", "/nope": "unknown_field"}
    assert pointers(adjust(reason=5)) == {"": "one_of", "/reason": "invalid"}


@pytest.mark.parametrize("body", [{"on_hand": 3}, {"delta": -7}, {"on_hand": 0}, {"delta": -11}])
def test_no_less_may_remain_than_open_orders_hold(adjust, place, lamp, body):
    place((lamp, 4))

    with nothing_changed():
        response = adjust(**body)

    assert refusal(response) == (409, "stock_below_reserved")
    problem = response.json()
    assert (problem["product_id"], problem["on_hand"], problem["reserved"]) == (lamp.pk, 10, 4)


@pytest.mark.parametrize("body", [{"on_hand": 4}, {"delta": -6}])
def test_exactly_what_open_orders_hold_may_remain(adjust, place, lamp, body):
    place((lamp, 4))

    response = adjust(**body)

    assert (response.json()["on_hand"], response.json()["reserved"], response.json()["available"]) == (4, 4, 0)
    audit()


def test_nothing_may_remain_below_zero(adjust):
    with nothing_changed():
        response = adjust(delta=-11)

    assert refusal(response) == (409, "stock_below_reserved")


@pytest.mark.parametrize("wanted", [{}, {"on_hand": 3, "delta": 3}])
def test_whoever_adjusts_the_stock_names_exactly_one_of_the_two(lamp, wanted):
    with nothing_changed(), pytest.raises(ValueError, match="exactly one"):
        stock.adjust_stock(actor=None, pk=lamp.pk, **wanted)


def test_stock_of_a_deleted_product_is_not_counted(manager, adjust, lamp):
    manager.delete(f"/api/v1/products/{lamp.pk}")

    with nothing_changed():
        response = adjust(delta=1)

    assert refusal(response) == (404, "not_found")


def test_stock_can_grow_beyond_any_count(adjust, lamp):
    for _ in range(3):
        assert adjust(delta=1_000_000_000).status_code == 200

    lamp.refresh_from_db()
    assert lamp.available == 3_000_000_010


def test_the_ledger_lists_every_change_newest_first(manager, api_as, adjust, place, lamp):
    order = place((lamp, 4))
    adjust(delta=5, reason="Nota fiscal 1234")
    for status in ("CONFIRMADO", "SEPARADO", "ENVIADO"):
        orders.change_status(actor=manager.user, pk=order.pk, target=status)

    body = api_as("Viewer").get(f"/api/v1/products/{lamp.pk}/stock-movements").json()

    assert body["count"] == 4
    rows = [
        (row["kind"], row["on_hand_delta"], row["reserved_delta"], row["on_hand_after"], row["reserved_after"],
         row["reference"], row["reason"], row["actor"])
        for row in body["results"]
    ]  # fmt: skip
    who, by_hand = manager.user.username, f"product/{lamp.pk}"
    assert rows == [
        ("SHIPMENT", -4, -4, 11, 0, f"order/{order.pk}", "", who),
        ("RECEIPT", 5, 0, 15, 4, by_hand, "Nota fiscal 1234", who),
        ("RESERVATION", 0, 4, 10, 4, f"order/{order.pk}", "", None),
        ("OPENING", 10, 0, 10, 0, by_hand, "", None),
    ]
    assert set(body["results"][0]) == {"id", "kind", "on_hand_delta", "reserved_delta", "on_hand_after",
                                       "reserved_after", "reference", "reason", "actor", "created_at"}  # fmt: skip


def test_the_ledger_is_paged_walked_ordered_and_searched(manager, adjust, place, lamp):
    order = place((lamp, 1))
    adjust(delta=1, reason="Nota fiscal 1234")
    url = f"/api/v1/products/{lamp.pk}/stock-movements"

    def kinds(query):
        return [row["kind"] for row in manager.get(f"{url}{query}").json()["results"]]

    assert kinds("?ordering=created_at") == ["OPENING", "RESERVATION", "RECEIPT"]
    assert kinds("?page_size=2&page=2") == ["OPENING"]
    assert kinds(f"?search=order/{order.pk}") == ["RESERVATION"]
    assert kinds("?search=FISCAL") == ["RECEIPT"]
    first = manager.get(f"{url}?cursor=&page_size=2").json()
    second = manager.get(first["next"]).json()
    assert [row["kind"] for row in first["results"] + second["results"]] == ["RECEIPT", "RESERVATION", "OPENING"]


def test_another_product_s_ledger_is_another(manager, lamp, a_product):
    a_product(in_stock=3)

    assert manager.get(f"/api/v1/products/{lamp.pk}/stock-movements").json()["count"] == 1


@pytest.fixture
def bulb(a_product):
    """Ten bulbs, of which two are too few."""
    return a_product(in_stock=10, low_stock_threshold=2)


def test_running_low_is_told_when_it_happens_and_not_again(place, bulb):
    place((bulb, 7))
    assert lows(bulb) == []

    place((bulb, 1))
    assert [event.payload["available"] for event in lows(bulb)] == [2]

    place((bulb, 1))
    assert len(lows(bulb)) == 1


def test_running_low_is_told_again_after_it_was_not(place, manager, bulb):
    place((bulb, 9))
    manager.patch(f"/api/v1/products/{bulb.pk}/stock", {"delta": 10})

    manager.patch(f"/api/v1/products/{bulb.pk}/stock", {"delta": -9})

    assert [event.payload["available"] for event in lows(bulb)] == [1, 2]
    assert [event.payload["threshold"] for event in lows(bulb)] == [2, 2]


def test_a_count_makes_stock_low_too(manager, bulb):
    manager.patch(f"/api/v1/products/{bulb.pk}/stock", {"on_hand": 0})

    [low] = lows(bulb)
    assert (low.payload["available"], low.actor, low.cause) == (0, manager.user.username, bulb.reference)


def test_shipping_makes_nothing_low(place, bulb):
    order = place((bulb, 9))
    assert len(lows(bulb)) == 1

    for status in ("CONFIRMADO", "SEPARADO", "ENVIADO", "ENTREGUE"):
        orders.change_status(actor=None, pk=order.pk, target=status)

    assert len(lows(bulb)) == 1


def test_without_a_threshold_nothing_is_low(place, a_product):
    lamp = a_product(in_stock=1)
    place((lamp, 1))

    assert lows(lamp) == []


def test_a_product_born_with_little_has_not_crossed_anything(manager):
    manager.post("/api/v1/products", {"sku": "S", "name": "N", "price": "1", "on_hand": 1, "low_stock_threshold": 5})

    assert lows(Product.objects.get()) == []
