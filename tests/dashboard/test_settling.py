"""The totals by day are what the orders come to, however far they have got and whatever happens meanwhile."""

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.dashboard import settling, totals
from apps.dashboard.counting import placed_in
from apps.dashboard.models import Bookmark, OrdersOfDay, SalesOfDay
from apps.dashboard.period import asked
from apps.orders import services as orders
from apps.orders.models import StatusChange
from tests.dashboard.totalling import begin_at_the_latest, what_orders_come_to

pytestmark = pytest.mark.django_db
NOVEMBER = asked({"from": "2026-11-01", "to": "2026-11-30"})


@pytest.fixture
def settle():
    """settle(): count all that there is."""

    def run():
        return list(settling.Settler(slack=0).round())

    return run


@pytest.fixture
def manager_user(a_user):
    return a_user("Manager")


def cancel(user, order):
    orders.change_status(actor=user, pk=order.pk, target="CANCELADO")


def test_before_the_first_order_there_is_nothing_to_count(settle):
    assert settle() == []
    assert totals.totals(NOVEMBER, 10) == what_orders_come_to(NOVEMBER, 10)


def test_settled_or_not_the_figures_are_the_same(settle, place_at, a_product, manager_user):
    lamp, rug = a_product(price=Decimal("19.90")), a_product(price=Decimal("0.01"))
    first = place_at("2026-11-01T12:00Z", (lamp, 2), (rug, 3), freight=Decimal("10.20"))
    place_at("2026-11-02T12:00Z", (rug, 1))

    before = totals.totals(NOVEMBER, 10)
    assert len(settle()) == 1
    assert totals.totals(NOVEMBER, 10) == before == what_orders_come_to(NOVEMBER, 10)

    cancel(manager_user, first)
    since = totals.totals(NOVEMBER, 10)
    assert list(since.best) == [rug.pk]
    settle()
    assert totals.totals(NOVEMBER, 10) == since == what_orders_come_to(NOVEMBER, 10)


def test_what_is_settled_is_read_and_not_added_up_again(settle, place_at, a_product):
    place_at("2026-11-01T12:00Z", (a_product(), 1))
    settle()

    OrdersOfDay.objects.update(orders=7)
    SalesOfDay.objects.update(quantity=9)

    found = totals.totals(NOVEMBER, 10)
    assert [number for number, _total in found.orders.values()] == [7]
    assert [quantity for quantity, _revenue in found.best.values()] == [9]


def test_a_settled_order_of_the_best_product_that_is_cancelled_leaves_its_place_to_the_next(
    settle, place_at, a_product, manager_user
):
    shelf = [a_product(price=Decimal(price)) for price in range(1, 31)]
    dear = [place_at("2026-11-01T12:00Z", (product, 1)) for product in shelf]
    settle()
    totals.totals(NOVEMBER, 3)  # The best are kept from now on.

    for order in dear[3:]:
        cancel(manager_user, order)
    place_at("2026-11-01T12:00Z", (shelf[0], 5))

    assert list(totals.totals(NOVEMBER, 3).best) == [shelf[0].pk, shelf[2].pk, shelf[1].pk]


def test_long_histories_are_counted_a_stretch_at_a_time(settle, place_at, a_product, manager_user, monkeypatch):
    monkeypatch.setattr(settling, "STRETCH", 3)
    lamp = a_product()
    place_at("2026-10-01T12:00Z", (lamp, 1))
    begin_at_the_latest()
    for day in range(1, 5):
        cancel(manager_user, place_at(f"2026-11-0{day}T12:00Z", (lamp, day)))
        place_at(f"2026-11-0{day}T13:00Z", (lamp, day))

    assert len(settle()) == 5
    assert totals.mark().latest == totals.mark().counted
    assert list(settling.differences()) == []
    assert totals.totals(NOVEMBER, 10) == what_orders_come_to(NOVEMBER, 10)


def test_nothing_is_counted_before_its_time(place_at, a_product):
    place_at("2026-11-01T12:00Z", (a_product(), 1))

    settler = settling.Settler(slack=60)

    assert list(settler.round()) == []
    assert totals.mark().counted == 0


def test_what_came_after_the_last_look_waits_for_the_next(place_at, a_product):
    settler = settling.Settler(slack=0)
    place_at("2026-11-01T12:00Z", (a_product(), 1))

    assert list(settler.round()) == []
    assert list(settler.round()) == [StatusChange.objects.get().pk]


def test_steps_that_a_failover_has_lost_are_looked_for_anew(place_at, a_product):
    place_at("2026-11-01T12:00Z", (a_product(), 1))
    settler = settling.Settler(slack=0)
    settler.seen += 100  # As if the history had gone further, before a replica took over that had not heard of it.

    assert list(settler.round()) == []
    assert totals.mark().counted == 0
    assert list(settler.round()) == [StatusChange.objects.get().pk]


def test_two_who_settle_count_everything_once(place_at, a_product):
    place_at("2026-11-01T12:00Z", (a_product(), 1))
    one, other = settling.Settler(slack=0), settling.Settler(slack=0)

    assert len([*one.round(), *other.round()]) == 1
    assert list(settling.differences()) == []


def test_far_behind_the_orders_themselves_are_added_up(place_at, a_product, manager_user, monkeypatch):
    monkeypatch.setattr(totals, "TOO_FAR", 1)
    monkeypatch.setattr(totals, "stepped", None)  # Would be called.
    lamp, rug = a_product(), a_product(price=Decimal("99.00"))
    cancel(manager_user, place_at("2026-11-01T12:00Z", (rug, 1)))
    place_at("2026-11-01T12:00Z", (lamp, 1))

    assert totals.totals(NOVEMBER, 10) == what_orders_come_to(NOVEMBER, 10)


def test_a_bookmark_that_moves_meanwhile_is_noticed(settle, place_at, a_product, monkeypatch):
    lamp = a_product()
    place_at("2026-11-01T12:00Z", (lamp, 1))
    read = totals._best_of_both

    def settled_meanwhile(*args):
        settle()
        return read(*args)

    monkeypatch.setattr(totals, "_best_of_both", settled_meanwhile)

    assert totals.totals(NOVEMBER, 10) == what_orders_come_to(NOVEMBER, 10)


def test_made_anew_they_are_the_same(settle, place_at, a_product):
    place_at("2026-11-01T12:00Z", (a_product(), 1))
    settle()
    OrdersOfDay.objects.update(orders=7)

    with pytest.raises(CommandError, match="1 totals differ"):
        call_command("settle_totals", "--check", stdout=StringIO())
    call_command("settle_totals", "--rebuild", "--wait", "0", stdout=StringIO())

    call_command("settle_totals", "--check", stdout=StringIO())
    assert Bookmark.objects.get().counted == totals.mark().latest
    assert totals.totals(NOVEMBER, 10) == what_orders_come_to(NOVEMBER, 10)


@pytest.mark.parametrize("broken", ["quantity", "revenue"])
def test_the_check_finds_each_wrong_figure_of_a_product(settle, place_at, a_product, broken):
    lamp = a_product()
    place_at("2026-11-01T12:00Z", (lamp, 1))
    place_at("2027-02-01T12:00Z", (lamp, 1))
    settle()
    SalesOfDay.objects.filter(day="2027-02-01").update(**{broken: 3})

    [difference] = settling.differences()

    assert difference.startswith(f"2027-02-01 {lamp.pk}: ")


def test_the_check_finds_what_is_in_no_order(settle, place_at, a_product):
    place_at("2026-11-01T12:00Z", (a_product(), 1))
    settle()
    OrdersOfDay.objects.create(day="2025-01-31", status="PENDENTE", orders=1, total=1)

    assert list(settling.differences()) == ["2025-01-31 PENDENTE: 1 and 1.00, not 0 and 0.00"]
    assert placed_in(NOVEMBER).orders  # The others are where they were.
