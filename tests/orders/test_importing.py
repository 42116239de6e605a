"""`import_olist`: what was sold elsewhere arrives once, as it was sold, whatever interrupts it."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from apps.customers import services as customers
from apps.customers.models import Customer
from apps.events.models import Event
from apps.orders import audit, services
from apps.orders.importing import intake
from apps.orders.models import Order, OrderItem, StatusChange
from apps.products import services as catalogue
from apps.products.models import Product, StockMovement
from tests.olist import APPROVED, BOUGHT, CARRIED, Olist, everything, key, order

pytestmark = pytest.mark.django_db


@pytest.fixture
def olist(tmp_path: Path) -> Olist:
    return Olist(tmp_path)


def history(name: str) -> list[tuple[str, datetime]]:
    return list(StatusChange.objects.filter(order=order(name)).order_by("pk").values_list("to_status", "created_at"))


def utc(day: int, hour: int, minute: int) -> datetime:
    return datetime(2017, 10, day, hour, minute, tzinfo=UTC)


def test_an_order_arrives_with_its_real_times_in_sao_paulo(olist: Olist) -> None:
    olist.sold("o1", ("lamp", "10.00", "2.50"))

    olist.bring_in()

    assert order("o1").placed_at == utc(2, 13, 56)
    assert history("o1") == [
        ("PENDENTE", utc(2, 13, 56)),
        ("CONFIRMADO", utc(2, 14, 7)),
        ("SEPARADO", utc(4, 22, 55)),
        ("ENVIADO", utc(4, 22, 55)),
        ("ENTREGUE", utc(11, 0, 25)),
    ]
    assert set(Event.objects.filter(type="order.created").values_list("occurred_at", flat=True)) == {utc(2, 13, 56)}


def test_times_as_olist_published_them_are_read_too(olist: Olist) -> None:
    olist.sold("o1", ("lamp", "10.00", "2.50"), status="created", times=("2017-10-02 10:56:33", "", "", ""))

    olist.bring_in()

    assert order("o1").placed_at == utc(2, 13, 56).replace(second=33)


@pytest.mark.parametrize(
    ("status", "path"),
    [
        ("created", ["PENDENTE"]),
        ("approved", ["PENDENTE", "CONFIRMADO"]),
        ("processing", ["PENDENTE", "CONFIRMADO"]),
        ("invoiced", ["PENDENTE", "CONFIRMADO"]),
        ("shipped", ["PENDENTE", "CONFIRMADO", "SEPARADO", "ENVIADO"]),
        ("delivered", ["PENDENTE", "CONFIRMADO", "SEPARADO", "ENVIADO", "ENTREGUE"]),
        ("canceled", ["PENDENTE", "CONFIRMADO", "CANCELADO"]),
        ("unavailable", ["PENDENTE", "CONFIRMADO", "CANCELADO"]),
    ],
)
def test_each_olist_status_has_its_place_here(olist: Olist, status: str, path: list[str]) -> None:
    olist.sold("o1", ("lamp", "10.00", "2.50"), status=status, times=(BOUGHT, APPROVED, "", ""))

    olist.bring_in()

    assert [to_status for to_status, _at in history("o1")] == path
    assert order("o1").status == path[-1]


def test_an_order_that_was_never_approved_is_cancelled_from_pending(olist: Olist) -> None:
    olist.sold("o1", ("lamp", "10.00", "2.50"), status="canceled", times=(BOUGHT, "", "", ""))

    olist.bring_in()

    assert history("o1") == [("PENDENTE", utc(2, 13, 56)), ("CANCELADO", utc(2, 13, 56))]
    assert StatusChange.objects.get(to_status="CANCELADO").note == "Cancelado na Olist"


def test_a_cancelled_order_is_cancelled_after_all_that_is_known_of_it(olist: Olist) -> None:
    olist.sold("o1", ("lamp", "10.00", "2.50"), status="canceled")

    olist.bring_in()

    assert history("o1")[1:] == [("CONFIRMADO", utc(2, 14, 7)), ("CANCELADO", utc(11, 0, 25))]


def test_times_that_run_backwards_or_are_missing_become_the_one_before(olist: Olist) -> None:
    olist.sold("o1", ("lamp", "10.00", "2.50"), times=(BOUGHT, CARRIED, APPROVED, ""))

    olist.bring_in()

    assert [at for _status, at in history("o1")] == [utc(2, 13, 56), *[utc(4, 22, 55)] * 4]


def test_prices_and_freight_stand_as_sold_and_the_catalogue_has_the_latest(olist: Olist) -> None:
    olist.sold("new", ("lamp", "12.00", "1.00"), times=("1/5/2018 9:00", "", "", ""))
    olist.sold("old", ("lamp", "9.90", "2.50"), ("rug", "80.00", "7.25"))

    olist.bring_in()

    assert (order("old").subtotal, order("old").freight, order("old").total) == (
        Decimal("89.90"), Decimal("9.75"), Decimal("99.65"),
    )  # fmt: skip
    assert list(OrderItem.objects.filter(sku__endswith=key("lamp")).order_by("pk").values_list("unit_price")) == [
        (Decimal("9.90"),), (Decimal("12.00"),),
    ]  # fmt: skip
    assert Product.objects.get(sku__endswith=key("lamp")).price == Decimal("12.00")


def test_equal_units_of_an_order_add_up_to_one_line(olist: Olist) -> None:
    olist.sold("o1", ("lamp", "10.00", "2.50"), ("rug", "5.00", "1.00"), ("lamp", "10.00", "2.50"))

    olist.bring_in()

    lines = [(item.name, item.quantity, item.subtotal) for item in OrderItem.objects.order_by("pk")]
    assert lines == [
        (f"Ferramentas jardim {key('lamp')[:8]}", 2, Decimal("20.00")),
        (f"Ferramentas jardim {key('rug')[:8]}", 1, Decimal("5.00")),
    ]
    assert order("o1").freight == Decimal("6.00")


def test_a_person_with_two_orders_is_one_customer(olist: Olist) -> None:
    olist.sold("o1", ("lamp", "10.00", "2.50"), person="ana")
    olist.sold("o2", ("lamp", "10.00", "2.50"), person="ana")
    olist.sold("o3", ("lamp", "10.00", "2.50"), person="rui")

    olist.bring_in()

    assert order("o1").customer == order("o2").customer != order("o3").customer
    known = set(Customer.objects.values_list("city", "state", "document", "email", "phone"))
    assert known == {("Sao Paulo", "SP", None, None, None)}


def test_there_is_as_much_stock_as_the_orders_need_and_the_books_balance(olist: Olist) -> None:
    olist.sold("o1", ("lamp", "10.00", "2.50"), ("lamp", "10.00", "2.50"))
    olist.sold("o2", ("lamp", "10.00", "2.50"), status="processing")
    olist.sold("o3", ("lamp", "10.00", "2.50"), status="unavailable")

    olist.bring_in()

    lamp = Product.objects.get()
    assert StockMovement.objects.get(kind="OPENING").on_hand_delta == 4
    assert (lamp.on_hand, lamp.reserved) == (2, 1)
    assert audit.problems() == []


def test_it_is_the_system_that_did_it(olist: Olist) -> None:
    olist.sold("o1", ("lamp", "10.00", "2.50"))

    olist.bring_in()

    assert set(StatusChange.objects.values_list("actor", flat=True)) == {None}
    assert set(Event.objects.values_list("actor", flat=True)) == {None}


def test_a_second_run_changes_nothing(olist: Olist) -> None:
    olist.sold("o1", ("lamp", "10.00", "2.50"), ("rug", "5.00", "1.00"))
    olist.sold("o2", ("lamp", "11.00", "2.50"), status="processing")
    olist.bring_in()
    before = everything()

    said, _bad = olist.bring_in()

    assert everything() == before
    assert "0 brought in, 2 here already" in said


def test_what_people_changed_here_is_found_again_and_left_alone(olist: Olist) -> None:
    olist.sold("o1", ("lamp", "10.00", "2.50"))
    olist.bring_in()
    customers.change_customer(actor=None, pk=Customer.objects.get().pk, values={"name": "Ana Prado"})
    before = everything()

    olist.bring_in()

    assert everything() == before


def test_a_larger_export_brings_what_is_new_and_the_stock_for_it(olist: Olist) -> None:
    olist.sold("o1", ("lamp", "10.00", "2.50"))
    olist.bring_in()
    olist.sold("o2", ("lamp", "10.00", "2.50"), ("lamp", "10.00", "2.50"), person="ana")

    said, _bad = olist.bring_in()

    assert "1 restocked" in said
    assert order("o1").customer == order("o2").customer
    arrivals = StockMovement.objects.filter(on_hand_delta__gt=0).order_by("pk")
    assert list(arrivals.values_list("kind", "on_hand_delta")) == [("OPENING", 1), ("RECEIPT", 2)]
    assert audit.problems() == []


def test_stock_that_is_left_over_serves_what_is_new(olist: Olist) -> None:
    olist.sold("o1", ("lamp", "10.00", "2.50"), ("lamp", "10.00", "2.50"), status="canceled")
    olist.bring_in()
    olist.sold("o2", ("lamp", "10.00", "2.50"))

    said, _bad = olist.bring_in()

    assert "0 restocked" in said
    assert Product.objects.get().on_hand == 1


def test_another_import_that_was_faster_is_joined(olist: Olist, monkeypatch: pytest.MonkeyPatch) -> None:
    olist.sold("o1", ("lamp", "10.00", "2.50"))
    olist.sold("o2", ("lamp", "11.00", "2.50"), status="processing")
    olist.bring_in()
    before = everything()
    for look in ("_find_people", "_find_products", "_find_orders"):  # It wrote after we had looked.
        monkeypatch.setattr(intake.OlistImport, look, lambda run: None)

    said, _bad = olist.bring_in()

    assert everything() == before
    assert "0 brought in, 2 here already" in said


def test_an_order_that_changed_in_the_file_is_reported_and_left_alone(olist: Olist) -> None:
    olist.sold("o1", ("lamp", "10.00", "2.50"))
    olist.sold("o2", ("lamp", "10.00", "2.50"))
    olist.bring_in()
    before = everything()
    olist.rows["order_items"][1] = (key("o1"), "1", key("lamp"), "11.00", "2.50")

    _said, bad = olist.bring_in()

    assert bad == "olist_orders_dataset.csv:2: order left out: it has been brought in before, with other contents\n"
    assert everything() == before


@pytest.mark.parametrize("calls", [1, 3, 5, 6, 8])
def test_a_killed_run_is_continued_by_the_next(olist: Olist, monkeypatch: pytest.MonkeyPatch, calls: int) -> None:
    for number in range(3):
        olist.sold(f"o{number}", ("lamp", "10.00", "2.50"), ("lamp", "10.00", "2.50"), person=f"p{number}")

    with monkeypatch.context() as patch:
        patch.setattr(services, "change_statuses", killed_at(calls, services.change_statuses))
        patch.setattr(intake, "BATCH", 1)
        with pytest.raises(Killed):
            olist.bring_in()
    halfway = set(Order.objects.values_list("status", flat=True))
    olist.bring_in()

    assert halfway <= {"ENTREGUE"}, "an order is there with its whole life, or not at all"
    assert [name for name in ("o0", "o1", "o2") if order(name).status == "ENTREGUE"] == ["o0", "o1", "o2"]
    assert StockMovement.objects.get(on_hand_delta__gt=0).on_hand_delta == 6
    assert Customer.objects.count() == 3
    assert audit.problems() == []


@pytest.mark.parametrize(("module", "work"), [(customers, "register_customers"), (catalogue, "register_products")])
def test_a_run_killed_before_the_orders_is_continued_too(
    olist: Olist, monkeypatch: pytest.MonkeyPatch, module: Any, work: str
) -> None:
    for number in range(3):
        olist.sold(f"o{number}", (f"lamp {number}", "10.00", "2.50"), person=f"p{number}")

    with monkeypatch.context() as patch:
        patch.setattr(module, work, killed_at(2, getattr(module, work)))
        patch.setattr(intake, "BATCH", 1)
        with pytest.raises(Killed):
            olist.bring_in()
    olist.bring_in()

    assert (Customer.objects.count(), Product.objects.count(), Order.objects.count()) == (3, 3, 3)
    assert audit.problems() == []


class Killed(BaseException):
    """Like SIGKILL, nothing on the way up handles it."""


def killed_at(number: int, work: Callable[..., Any]) -> Callable[..., Any]:
    calls = iter(range(1, number))

    def run(*args: Any, **kwargs: Any) -> Any:
        if next(calls, None) is None:
            raise Killed
        return work(*args, **kwargs)

    return run
