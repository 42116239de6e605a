"""`load_demo`: a small shop, all of it or none, once; and never where its accounts would be a hole."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from rest_framework.test import APIClient

from apps.authentication.models import User
from apps.customers import services as customers
from apps.customers.identity import clean_document, clean_phone
from apps.customers.models import Customer
from apps.customers.serializers import STATES
from apps.events.models import Event
from apps.orders import audit, demo, services
from apps.orders.lifecycle import Status
from apps.orders.models import Order, StatusChange
from apps.products import services as catalogue
from apps.products.models import Product
from tests.conftest import PASSWORD
from tests.olist import everything

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_a_laptop(settings: Any) -> None:
    settings.DEBUG = True


def load() -> str:
    out = StringIO()
    call_command("load_demo", stdout=out)
    return out.getvalue()


def test_it_shows_every_status_over_the_last_month() -> None:
    load()

    placed = Order.objects.order_by("placed_at")
    assert {order.status for order in placed} == set(Status.values)
    assert (len(placed), Customer.objects.count(), Product.objects.count()) == (33, 12, 20)
    assert 28 <= (timezone.now() - placed[0].placed_at).days <= 30
    assert [order.pk for order in placed] == sorted(order.pk for order in placed)


def test_no_history_runs_backwards_or_ahead() -> None:
    load()

    for order in Order.objects.all():
        times = [step.created_at for step in order.history.all()]
        assert times[0] == order.placed_at
        assert times == sorted(times)
        assert times[-1] <= timezone.now()


def test_different_people_did_it() -> None:
    load()

    actors = set(StatusChange.objects.values_list("actor__username", flat=True))
    assert actors == {"manager", "operator"}


def test_something_is_low_on_stock_inactive_and_deleted() -> None:
    load()

    assert sum(product.low_stock for product in Product.objects.all()) >= 2
    assert Product.objects.filter(is_active=False).count() == 1
    [gone] = Customer.objects.filter(deleted_at__isnull=False)
    assert Order.objects.filter(customer=gone).exists()


def test_the_books_balance() -> None:
    load()

    assert audit.problems() == []


def test_its_customers_could_have_been_registered_by_hand() -> None:
    for columns in demo.CUSTOMERS.values():
        customer = dict(zip(demo.CUSTOMER_COLUMNS, columns, strict=True))

        assert clean_document(str(customer["document"])) == customer["document"]
        assert clean_phone(str(customer["phone"])) == customer["phone"]
        assert customer["state"] in STATES
        assert str(customer["postal_code"]).isdecimal()
        assert len(str(customer["postal_code"])) == 8
        assert customer["email"] is None or customer["email"].endswith("example.com")
    assert any(not str(columns[1]).isdecimal() for columns in demo.CUSTOMERS.values()), "an alphanumeric CNPJ"


@pytest.mark.parametrize("roles", [["Admin"], []], ids=["in the Admin group", "superuser"])
def test_a_shop_that_has_an_administrator_gets_no_second_one(a_user: Callable[..., User], roles: list[str]) -> None:
    mine = a_user(*roles, superuser=not roles)

    said = load()

    assert "admin      not made: there is an administrator already" in said
    assert set(User.objects.values_list("username", flat=True)) == {
        mine.username, "manager", "operator", "viewer",
    }  # fmt: skip
    assert Order.objects.count() == 33


def test_each_password_is_shown_where_it_is_the_demos(a_user: Callable[..., User]) -> None:
    a_user("Admin", username="admin", first_name="Rosa")
    a_user("Operator", username="Viewer")

    told = [line.split() for line in load().splitlines()[1:]]

    assert told == [
        ["admin", "Admin", "(a", "password", "of", "its", "own)", "Rosa"],
        ["manager", "Manager", "demo-password", "Cláudio", "Pires"],
        ["operator", "Operator", "demo-password", "Jéssica", "Tavares"],
        ["viewer", "Operator", "(a", "password", "of", "its", "own)"],
    ]


def test_a_second_run_changes_nothing_and_shows_the_accounts_again() -> None:
    said = load()
    before = everything()

    assert load() == said
    assert everything() == before
    assert [line.split()[:2] for line in said.splitlines()[1:]] == [
        ["admin", "Admin"], ["manager", "Manager"], ["operator", "Operator"], ["viewer", "Viewer"],
    ]  # fmt: skip


@pytest.mark.parametrize("calls", [1, 40])
def test_a_killed_run_is_completed_by_the_next(monkeypatch: pytest.MonkeyPatch, calls: int) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(services, "change_status", killed_at(calls, services.change_status))
        with pytest.raises(Killed):
            load()
    halfway = Customer.objects.count() + Product.objects.count() + Order.objects.count()
    load()

    assert halfway == 0
    assert (Order.objects.count(), Customer.objects.count(), Product.objects.count()) == (33, 12, 20)
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


def test_what_people_did_to_it_stays_done() -> None:
    load()
    manager = User.objects.get(username="manager")
    order = Order.objects.filter(status=Status.PENDENTE).earliest("pk")
    services.change_status(actor=manager, pk=order.pk, target=Status.CANCELADO)
    catalogue.change_product(actor=manager, pk=Product.objects.get(sku="CAF-TOR-500").pk, values={"name": "Café"})
    customers.restore_customer(actor=manager, pk=Customer.objects.get(deleted_at__isnull=False).pk)
    before = everything()

    load()

    assert everything() == before


def test_a_product_that_is_here_is_not_made_twice(a_product: Callable[..., Product]) -> None:
    mine = a_product(sku="caf-tor-500", name="Mine", in_stock=1000)

    load()

    assert Product.objects.get(sku_folded="caf-tor-500").pk == mine.pk
    assert Order.objects.count() == 33


def test_each_account_signs_in() -> None:
    load()

    for username in demo.ACCOUNTS:
        credentials = {"username": username, "password": "demo-password"}
        answer = APIClient().post("/api/v1/auth/jwt/login", credentials, format="json")
        assert answer.status_code == 200
        user = answer.json()["user"]
        assert (user["email"], user["roles"]) == (f"{username}@example.com", [username.capitalize()])
        assert user["is_superuser"] == (username == "admin")


@pytest.mark.parametrize("door", ["/api/v1/auth/jwt/login", "/api/v1/auth/session/login", "/admin/login/"])
def test_in_a_shop_that_began_as_a_demo_the_password_of_the_readme_opens_nothing(
    settings: Any, a_user: Callable[..., User], door: str
) -> None:
    load()
    own = a_user(superuser=True)
    settings.DEBUG = False

    def opened(username: str, password: str) -> bool:
        body = {"username": username, "password": password}
        if door.startswith("/admin"):
            return APIClient().post(door, body).status_code == 302
        return APIClient().post(door, body, format="json").status_code == 200

    assert [opened(username, "demo-password") for username in demo.ACCOUNTS] == [False] * len(demo.ACCOUNTS)
    assert opened(own.username, PASSWORD)


def test_none_is_made_with_debug_off(settings: Any) -> None:
    settings.DEBUG = False

    with pytest.raises(CommandError, match="none is made with DEBUG off"):
        load()

    assert not User.objects.exists()


def test_a_weak_demo_password_is_refused_in_words(settings: Any) -> None:
    settings.DEMO_PASSWORD = "1234"

    with pytest.raises(CommandError, match="DEMO_PASSWORD cannot be used: "):
        load()


def test_the_password_is_not_shown_when_it_is_another(settings: Any) -> None:
    load()
    settings.DEMO_PASSWORD = "quite-another-one"

    assert "quite-another-one" not in load()


def test_the_ledger_and_the_events_run_from_the_opening_day_on_without_a_step_back() -> None:
    """A page that shows them shows the life of a shop, and not that of its loading."""
    load()

    first = Order.objects.earliest("placed_at").placed_at
    for product in Product.objects.all():
        times = list(product.movements.order_by("pk").values_list("created_at", flat=True))
        assert times == sorted(times)
        assert times[0] == product.created_at < first
        assert times[-1] <= timezone.now()
    told = Event.objects.exclude(subject__startswith="customer/").order_by("pk").values_list("occurred_at", flat=True)
    assert list(told)[-200:] == sorted(list(told)[-200:])
