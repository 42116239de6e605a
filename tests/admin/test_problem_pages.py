"""What goes wrong at the desk is told on a page, in words for people; to programs it is a problem of RFC 9457."""

import pytest
from django.test import Client

from apps.common.administration import pages
from tests.conftest import PASSWORD
from tests.problems import refusal

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": "pt-BR"}
WORDS = "<h1>Esta página está desatualizada.</h1>"


def told(response):
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "Accept" in response.headers["Vary"]
    return response.content.decode()


def test_an_address_without_a_page_leads_to_the_start(admin):
    response = admin.client.get("/admin/orders/nothing/", headers=BROWSER)

    html = told(response)
    assert response.status_code == 404
    assert "<h1>Não encontrado.</h1>" in html
    assert html.count('<a href="/admin/">') == 1
    assert response.headers["X-Request-ID"] in html


def test_who_may_not_is_told_on_a_page(staff_with, place, a_product):
    order = place((a_product(in_stock=5), 2))

    response = staff_with("orders.view_order").client.post(
        f"/admin/orders/order/{order.pk}/status/", {"status": "CANCELADO"}, headers=BROWSER
    )

    assert response.status_code == 403
    assert "administrador" in told(response)


def test_a_page_that_has_grown_old_leads_to_itself(a_user):
    """Signed in elsewhere, in another tab: the form of this one carries the token of before."""
    a_user("Admin", username="chief")
    browser = Client(enforce_csrf_checks=True)

    response = browser.post("/admin/login/?next=/admin/", {"username": "chief", "password": PASSWORD}, headers=BROWSER)

    html = told(response)
    assert response.status_code == 403
    assert WORDS in html
    assert '<a href="/admin/login/?next=/admin/">' in html


def test_a_locked_account_is_told_on_a_page_with_its_limit(a_user):
    a_user("Admin", username="chief")
    browser = Client()

    for _attempt in range(5):
        browser.post("/admin/login/", {"username": "chief", "password": "guess"})
    response = browser.post("/admin/login/", {"username": "chief", "password": PASSWORD}, headers=BROWSER)

    assert response.status_code == 429
    assert "tentativas" in told(response)
    assert int(response.headers["Retry-After"]) > 0


def test_a_crash_is_told_on_a_page_without_its_words(admin, monkeypatch):
    def fail(*_args):
        raise RuntimeError("the-words-of-the-crash")

    monkeypatch.setattr(pages.Page, "get_search_results", fail)

    response = admin.client.get("/admin/orders/order/", headers=BROWSER)

    assert response.status_code == 500
    assert "the-words-of-the-crash" not in told(response)


def test_what_an_address_holds_is_not_markup(admin):
    response = admin.client.get("/admin/nothing/?<script>alert(1)</script>", headers=BROWSER)
    refused = admin.client.post('/admin/login/?next="><script>', headers=BROWSER)

    assert "<script" not in told(response)
    assert "<script>" not in refused.content.decode().replace("</script>", "")


@pytest.mark.parametrize("accept", ["*/*", "application/json"])
def test_programs_are_told_as_everywhere(accept, admin):
    assert refusal(admin.client.get("/admin/nothing/", headers={"Accept": accept})) == (404, "not_found")


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/nothing", "/health/nothing"])
def test_outside_of_the_administration_problems_are_problems(path, admin):
    assert refusal(admin.client.get(path, headers=BROWSER)) == (404, "not_found")
