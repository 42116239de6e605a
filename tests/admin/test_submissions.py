"""A form that is sent twice is done once: two clicks, a second try, a page sent again."""

import pytest

from apps.common.administration import submissions
from apps.common.errors import Unavailable
from apps.common.models import Submission
from apps.customers.models import Customer
from apps.orders.models import Order
from apps.products.models import Product, StockMovement
from tests.admin.conftest import messages

TWICE = "Isto foi enviado duas vezes e feito uma só. Para fazer o mesmo outra vez, abra a página de novo."
SENT = {"once": "the-number-of-one-page"}


@pytest.fixture
def order(place, a_product):
    return place((a_product(in_stock=5), 2))


def test_a_page_carries_another_number_each_time(admin, a_product):
    path = f"products/product/{a_product(in_stock=5).pk}/change/"

    numbers = {admin.open(path).context["once"] for _look in range(3)}

    assert len(numbers) == 3


@pytest.mark.parametrize(
    ("path", "forms"),
    [
        ("products/product/{product}/change/", 2),
        ("products/product/{product}/delete/", 1),
        ("customers/customer/add/", 1),
        ("orders/order/{order}/change/", 2),
    ],
)
def test_every_form_of_a_page_carries_its_number(path, forms, admin, order):
    response = admin.open(path.format(order=order.pk, product=order.items.get().product_id))

    number = f'<input type="hidden" name="once" value="{response.context["once"]}">'
    assert response.content.decode().count(number) == forms


@pytest.mark.parametrize("kind", ["receipt", "loss"])
def test_two_clicks_move_the_stock_once(kind, admin, a_product):
    lamp = a_product(in_stock=5)
    path = f"products/product/{lamp.pk}/stock/"
    kinds = {"receipt": StockMovement.Kind.RECEIPT, "loss": StockMovement.Kind.LOSS}
    typed = {**SENT, "kind": kinds[kind], "quantity": 2, "seen": 5}

    first, second = admin.press(path, **typed), admin.press(path, **typed)

    assert messages(first) == ["O estoque foi alterado."]
    assert messages(second) == [TWICE]
    assert Product.objects.get().on_hand == 5 + (2 if kind == "receipt" else -2)


def test_the_same_from_a_page_opened_anew_or_by_somebody_else_is_another_receipt(admin, at_desk, a_product):
    lamp = a_product(in_stock=5)
    path = f"products/product/{lamp.pk}/stock/"
    typed = {"kind": StockMovement.Kind.RECEIPT, "quantity": 2}

    admin.press(path, **typed, **SENT)
    admin.press(path, **typed, once="another-page")
    at_desk("Admin").press(path, **typed, **SENT)
    admin.press(path, **{**typed, **SENT, "quantity": 3})  # As after the browser's way back.

    assert Product.objects.get().on_hand == 5 + 2 + 2 + 2 + 3


def test_what_was_refused_may_be_sent_again(admin, a_product):
    lamp = a_product(in_stock=1)
    path = f"products/product/{lamp.pk}/stock/"
    typed = {**SENT, "kind": StockMovement.Kind.LOSS, "quantity": 2}

    admin.press(path, **typed)
    assert not Submission.objects.exists()
    lamp.refresh_from_db()
    admin.press(path, kind=StockMovement.Kind.RECEIPT, quantity=4)
    admin.press(path, **typed)

    assert Product.objects.get().on_hand == 3


def test_two_clicks_register_one_customer(admin):
    typed = {"name": "Maria Aparecida", **SENT}

    admin.press("customers/customer/add/", **typed)
    second = admin.press("customers/customer/add/", **typed)

    assert Customer.objects.count() == 1
    assert (messages(second)[-1], second.request["PATH_INFO"]) == (TWICE, "/admin/customers/customer/")


def test_two_clicks_on_a_change_do_not_speak_of_somebody_else(admin, a_customer):
    customer = a_customer(name="Maria")
    path = f"customers/customer/{customer.pk}/change/"
    seen = admin.read(path)

    admin.save(path, seen, name="Maria Aparecida", **SENT)
    second = admin.save(path, seen, name="Maria Aparecida", **SENT)

    assert messages(second)[-1] == TWICE
    assert second.request["PATH_INFO"] == f"/admin/{path}"
    assert Customer.objects.get().version == customer.version + 1


def test_two_clicks_on_a_status_do_not_speak_of_somebody_else(admin, order):
    typed = {**SENT, "status": "CONFIRMADO", "version": order.version}

    admin.press(f"orders/order/{order.pk}/status/", **typed)
    second = admin.press(f"orders/order/{order.pk}/status/", **typed)

    assert messages(second) == [TWICE]
    assert Order.objects.get().version == order.version + 1


def test_two_clicks_delete_once_and_lead_to_the_list(admin, a_product):
    lamp = a_product()
    path = f"products/product/{lamp.pk}/delete/"

    admin.press(path, post="yes", **SENT)
    second = admin.press(path, post="yes", **SENT)

    assert (messages(second)[-1], second.request["PATH_INFO"]) == (TWICE, "/admin/products/product/")
    assert Product.objects.get().version == lamp.version + 1


@pytest.mark.parametrize("button", ["_save", "_continue", "_addanother"])
def test_another_button_of_the_same_form_does_not_do_it_again(button, admin):
    typed = {"name": "Maria Aparecida", **SENT}

    admin.press("customers/customer/add/", **typed, _save="Salvar")
    admin.press("customers/customer/add/", **typed, **{button: "…"})

    assert Customer.objects.count() == 1


def test_of_a_commit_that_nobody_answered_no_page_leads_on_to_a_new_form(admin, a_product, monkeypatch):
    """It is told as a problem, and what was sent, sent again, is not done twice."""
    lamp = a_product(in_stock=5)
    path = f"/admin/products/product/{lamp.pk}/stock/"
    typed = {**SENT, "kind": StockMovement.Kind.RECEIPT, "quantity": 2}
    once = submissions.once

    def unanswered(*args, **kwargs):
        once(*args, **kwargs)
        raise Unavailable(rolled_back=False)

    monkeypatch.setattr(submissions, "once", unanswered)
    told = admin.client.post(path, typed, headers={"Accept": "text/html"})
    monkeypatch.undo()

    assert told.status_code == 503
    assert "Pode ser que tenha sido feito" in told.content.decode()
    assert "<a " not in told.content.decode()
    assert messages(admin.press(f"products/product/{lamp.pk}/stock/", **typed)) == [TWICE]
    assert Product.objects.get().on_hand == 7
