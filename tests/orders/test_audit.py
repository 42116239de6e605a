"""`check_ledger`: it is silent about good books, and each way of cooking them turns it red."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F, Model, QuerySet
from django.test.utils import CaptureQueriesContext

from apps.events.models import Event
from apps.orders import audit, services
from apps.orders.lifecycle import Status
from apps.orders.models import Order, OrderItem, StatusChange
from apps.products import stock
from apps.products.models import Product, StockMovement

pytestmark = pytest.mark.django_db

COUNTERS = "counters equal the sum of their ledger"
MOVEMENTS = "each movement continues the one before"
LAST = "the last movement left the counters as they are"
RESERVED = "reserved is what open orders hold"
SHIPPED = "shipped is what shipped orders name"
EVENTS = "events are numbered without gaps"
TOTALS = "totals add up"
HISTORY = "histories are legal paths"
STATUS = "orders stand where their history ends"


def rows[Row: Model](model: type[Row]) -> QuerySet[Row]:
    """The rows of a table, by a way that no manager guards."""
    return QuerySet(model)


@pytest.fixture
def shop(a_product: Callable[..., Product], place: Callable[..., Order]) -> dict[str, Order]:
    """One order pending, one shipped, one cancelled, all of the same two products; and a count and a loss."""
    lamp, rug = a_product(in_stock=50, sku="LAMP"), a_product(in_stock=50, sku="RUG", low_stock_threshold=45)
    orders = {name: place((lamp, 3), (rug, 2)) for name in ("pending", "shipped", "cancelled")}
    for target in (Status.CONFIRMADO, Status.SEPARADO, Status.ENVIADO):
        services.change_status(actor=None, pk=orders["shipped"].pk, target=target)
    services.change_status(actor=None, pk=orders["cancelled"].pk, target=Status.CANCELADO)
    stock.adjust_stock(actor=None, pk=lamp.pk, on_hand=60)
    stock.adjust_stock(actor=None, pk=rug.pk, delta=-1)
    return orders


def red() -> set[str]:
    return {finding.promise for finding in audit.findings() if finding.problems}


def test_good_books_are_not_complained_about(shop: dict[str, Order]) -> None:
    assert audit.problems() == []


def test_an_empty_database_balances(db: None) -> None:
    assert audit.problems() == []


def counter_raised(shop: dict[str, Order]) -> None:
    rows(Product).filter(sku="LAMP").update(on_hand=F("on_hand") + 1)


def reservation_without_order(shop: dict[str, Order]) -> None:
    rows(Product).filter(sku="LAMP").update(reserved=F("reserved") + 1)


def movement_changed(shop: dict[str, Order]) -> None:
    rows(StockMovement).filter(product__sku="LAMP", kind="OPENING").update(on_hand_delta=49)


def movement_removed(shop: dict[str, Order]) -> None:
    rows(StockMovement).filter(product__sku="RUG", kind="LOSS").delete()


def counters_after_changed(shop: dict[str, Order]) -> None:
    rows(StockMovement).filter(product__sku="LAMP", kind="SHIPMENT").update(on_hand_after=F("on_hand_after") + 1)


def last_counters_after_changed(shop: dict[str, Order]) -> None:
    rows(StockMovement).filter(product__sku="LAMP", kind="COUNT").update(on_hand_after=F("on_hand_after") + 1)


def ledger_removed(shop: dict[str, Order]) -> None:
    rows(StockMovement).all().delete()


def line_grown_on_an_open_order(shop: dict[str, Order]) -> None:
    rows(OrderItem).filter(order=shop["pending"], sku="LAMP").update(quantity=4, subtotal=F("unit_price") * 4)


def line_grown_on_a_shipped_order(shop: dict[str, Order]) -> None:
    rows(OrderItem).filter(order=shop["shipped"], sku="LAMP").update(quantity=4, subtotal=F("unit_price") * 4)


def order_without_lines(shop: dict[str, Order]) -> None:
    rows(OrderItem).filter(order=shop["cancelled"]).delete()


def total_changed(shop: dict[str, Order]) -> None:
    rows(Order).filter(pk=shop["pending"].pk).update(subtotal=F("subtotal") + 1, total=F("total") + 1)


def event_removed(shop: dict[str, Order]) -> None:
    rows(Event).filter(subject=shop["shipped"].reference, sequence=2).delete()


def last_event_removed(shop: dict[str, Order]) -> None:
    rows(Event).filter(subject=shop["shipped"].reference, sequence=4).delete()


def customer_event_removed(shop: dict[str, Order]) -> None:
    rows(Event).filter(subject=f"customer/{shop['pending'].customer_id}").delete()


def event_numbers_ahead(shop: dict[str, Order]) -> None:
    rows(Product).filter(sku="RUG").update(event_sequence=F("event_sequence") + 1)


def event_of_no_order(shop: dict[str, Order]) -> None:
    Event.objects.create(type="order.created", subject="order/999999", sequence=1, cause="order/999999", payload={})


def event_of_nonsense(shop: dict[str, Order]) -> None:
    Event.objects.create(type="order.created", subject="order/none", sequence=1, cause="order/none", payload={})


def status_changed(shop: dict[str, Order]) -> None:
    rows(Order).filter(pk=shop["pending"].pk).update(status=Status.CONFIRMADO)


def status_changed_past_the_stock(shop: dict[str, Order]) -> None:
    rows(Order).filter(pk=shop["pending"].pk).update(status=Status.ENVIADO)


def step_removed(shop: dict[str, Order]) -> None:
    rows(StatusChange).filter(order=shop["shipped"], to_status=Status.SEPARADO).delete()


def birth_removed(shop: dict[str, Order]) -> None:
    rows(StatusChange).filter(order=shop["shipped"], from_status=None).delete()


def history_removed(shop: dict[str, Order]) -> None:
    rows(StatusChange).filter(order=shop["pending"]).delete()


def born_elsewhere(shop: dict[str, Order]) -> None:
    rows(StatusChange).filter(order=shop["pending"]).update(to_status=Status.CONFIRMADO)


def born_twice(shop: dict[str, Order]) -> None:
    StatusChange.objects.create(order=shop["pending"], to_status=Status.PENDENTE)


def illegal_leap(shop: dict[str, Order]) -> None:
    leap = {"from_status": Status.PENDENTE, "to_status": Status.ENTREGUE}
    StatusChange.objects.create(order=shop["pending"], **leap)


@pytest.mark.parametrize(
    ("cook", "promises"),
    [
        (counter_raised, {COUNTERS, LAST}),
        (reservation_without_order, {COUNTERS, LAST, RESERVED}),
        (movement_changed, {COUNTERS, MOVEMENTS}),
        (movement_removed, {COUNTERS, LAST}),
        (counters_after_changed, {MOVEMENTS}),
        (last_counters_after_changed, {MOVEMENTS, LAST}),
        (ledger_removed, {COUNTERS, LAST, SHIPPED}),
        (line_grown_on_an_open_order, {RESERVED, TOTALS}),
        (line_grown_on_a_shipped_order, {SHIPPED, TOTALS}),
        (order_without_lines, {TOTALS}),
        (total_changed, {TOTALS}),
        (event_removed, {EVENTS}),
        (last_event_removed, {EVENTS}),
        (customer_event_removed, {EVENTS}),
        (event_numbers_ahead, {EVENTS}),
        (event_of_no_order, {EVENTS}),
        (event_of_nonsense, {EVENTS}),
        (status_changed, {STATUS}),
        (status_changed_past_the_stock, {STATUS, RESERVED, SHIPPED}),
        (step_removed, {HISTORY}),
        (birth_removed, {HISTORY}),
        (history_removed, {STATUS}),
        (born_elsewhere, {HISTORY, STATUS}),
        (born_twice, {HISTORY}),
        (illegal_leap, {HISTORY, STATUS}),
    ],
)
def test_cooked_books_are_found_out(
    shop: dict[str, Order], cook: Callable[[dict[str, Order]], Any], promises: set[str]
) -> None:
    cook(shop)

    assert red() == promises


def test_a_problem_names_the_row_and_both_numbers(shop: dict[str, Order]) -> None:
    lamp = Product.objects.get(sku="LAMP")
    counter_raised(shop)

    [problem] = audit.counters_not_matching_ledger()

    assert problem.subject == f"product/{lamp.pk}"
    assert problem.detail == "on hand 61, reserved 3, but the ledger adds up to 60 and 3"


def test_the_command_prints_the_checks_and_succeeds_when_the_books_balance(shop: dict[str, Order]) -> None:
    out = StringIO()

    call_command("check_ledger", stdout=out)

    lines = out.getvalue().splitlines()
    assert len(lines) == len(audit.CHECKS)
    assert lines[0].split() == [*COUNTERS.split(), "2", "rows", "ok"]


def test_the_command_shows_some_problems_and_fails_when_they_do_not(
    shop: dict[str, Order], a_product: Callable[..., Product]
) -> None:
    for _number in range(audit.MOST // 40):
        a_product(in_stock=1)
    rows(Product).filter(on_hand=1).update(on_hand=2)
    out = StringIO()

    with pytest.raises(CommandError, match="do not balance") as failure:
        call_command("check_ledger", stdout=out)

    assert failure.value.returncode == 1
    assert "25 wrong" in out.getvalue().splitlines()[0]
    assert out.getvalue().splitlines()[-1] == "  … and 30 more"


def test_more_rows_ask_no_more_of_the_database(
    shop: dict[str, Order], place: Callable[..., Order], a_product: Callable[..., Product]
) -> None:
    with CaptureQueriesContext(connection) as few:
        audit.problems()
    for _number in range(5):
        place((a_product(), 1))

    with CaptureQueriesContext(connection) as many:
        audit.problems()

    assert len(many) == len(few)
    assert all(query["sql"].startswith("SELECT") for query in many)
