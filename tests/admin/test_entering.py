"""Who gets in, and how."""

import pytest
from django.test import Client

from tests.admin.conftest import messages
from tests.conftest import PASSWORD


@pytest.mark.parametrize("role", ["Manager", "Operator", "Viewer"])
def test_only_administrators_get_in(role, at_desk):
    response = at_desk(role).open("")

    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/")


def test_an_administrator_gets_in(admin):
    assert admin.open("").status_code == 200


def test_a_stranger_is_shown_the_way_to_the_sign_in(db):
    response = Client().get("/admin/orders/order/")

    assert response.status_code == 302
    assert response["Location"] == "/admin/login/?next=/admin/orders/order/"


@pytest.mark.parametrize("name", ["chief", "CHIEF", "Chief@Example.com"])
def test_one_signs_in_by_username_or_e_mail(name, a_user):
    a_user("Admin", username="chief", email="chief@example.com")

    response = Client().post("/admin/login/", {"username": name, "password": PASSWORD})

    assert response.status_code == 302
    assert response["Location"] == "/admin/"


def test_a_wrong_password_is_told_on_the_page(a_user):
    a_user("Admin", username="chief")

    response = Client().post("/admin/login/", {"username": "chief", "password": "guess"})

    assert response.status_code == 200
    assert response.context["form"].non_field_errors()


def test_guessing_locks_the_account(a_user):
    a_user("Admin", username="chief")
    client = Client()

    for _attempt in range(5):
        client.post("/admin/login/", {"username": "chief", "password": "guess"})
    response = client.post("/admin/login/", {"username": "chief", "password": PASSWORD})

    assert response.status_code == 429
    assert response.json()["code"] == "account_locked"


def test_a_button_pressed_from_a_foreign_page_does_nothing(admin, a_product):
    lamp = a_product(in_stock=5)
    foreign = Client(enforce_csrf_checks=True)
    foreign.cookies = admin.client.cookies

    response = foreign.post(f"/admin/products/product/{lamp.pk}/stock/", {"kind": "LOSS", "quantity": 5})

    assert response.status_code == 403
    lamp.refresh_from_db()
    assert lamp.on_hand == 5


def test_ones_own_password_takes_the_current_one_and_ends_every_session(at_desk, a_user):
    user = a_user("Admin")
    here, elsewhere = at_desk(user), at_desk(user)
    new = "another-long-pass-phrase"

    refused = here.press("password_change/", old_password="guess", new_password1=new, new_password2=new)
    accepted = here.press("password_change/", old_password=PASSWORD, new_password1=new, new_password2=new)

    assert "old_password" in refused.context["form"].errors
    assert accepted.redirect_chain == [("/admin/login/", 302)]
    assert here.open("").status_code == elsewhere.open("").status_code == 302
    again = here.client.post("/admin/login/", {"username": user.username, "password": new})
    assert again["Location"] == "/admin/"
    assert ["Sua senha foi alterada" in said for said in messages(accepted)] == [True]


def test_no_password_is_taken_that_the_api_would_not(at_desk, a_user):
    here = at_desk(a_user("Admin"))
    long = "a-Long-1" * 129

    refused = here.press("password_change/", old_password=PASSWORD, new_password1=long, new_password2=long)
    unread = Client().post("/admin/login/", {"username": here.user.username, "password": long})

    assert "new_password1" in refused.context["form"].errors
    assert "password" in unread.context["form"].errors
    here.user.refresh_from_db()
    assert here.user.check_password(PASSWORD)
