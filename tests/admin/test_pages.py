"""Every page of the admin, whatever it shows: found by walking the site, so that a new one is tried too."""

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from django.conf import settings
from django.contrib import admin as django_admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.authentication.services import change_user
from apps.common.administration import lists
from apps.customers import services
from apps.orders import services as orders

MODELS = {"customer", "product", "stockmovement", "order", "event", "user", "group", "logentry"}
MAX_QUERIES = 14


@pytest.fixture
def a_busy_shop(admin, place, a_product):
    """Something to be seen on every page."""
    lamp, rug = a_product(in_stock=5), a_product(in_stock=5)
    order = place((lamp, 1), (rug, 2), actor=admin.user)
    orders.change_status(actor=admin.user, pk=order.pk, target="CONFIRMADO")
    change_user(actor=admin.user, pk=admin.user.pk, values={"first_name": "Ana"})


def every_page() -> Iterator[str]:
    yield from ("/admin/", "/admin/password_change/", "/admin/login/")
    for model in django_admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = model._default_manager.latest("pk")
        yield reverse(f"{name}_changelist")
        yield reverse(f"{name}_change", args=(row.pk,))
        yield f"/admin/{model._meta.app_label}/"
        if model._meta.model_name in ("customer", "product", "user", "group"):
            yield reverse(f"{name}_add")


def test_the_site_shows_these_models_and_no_other():
    assert {model._meta.model_name for model in django_admin.site._registry} == MODELS


def test_every_page_opens_with_few_statements(admin, a_busy_shop):
    for page in every_page():
        with CaptureQueriesContext(
            connection,
        ) as statements:
            response = admin.client.get(page)

        assert response.status_code in (200, 302), page
        assert len(statements) <= MAX_QUERIES, (page, [each["sql"] for each in statements])


def test_a_longer_list_takes_no_more_statements(admin, place, a_product, a_customer, a_user):
    def statements() -> dict[str, int]:
        taken = {}
        for model in django_admin.site._registry:
            url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            with CaptureQueriesContext(connection) as captured:
                assert admin.client.get(url).status_code == 200
            taken[url] = len(captured)
        return taken

    place((a_product(), 1), actor=a_user("Viewer"))
    change_user(actor=admin.user, pk=admin.user.pk, values={"first_name": "Ana"})
    few = statements()
    for _more in range(12):
        user = a_user("Operator")
        place((a_product(), 1), actor=user)
        change_user(actor=user, pk=user.pk, values={"first_name": "Ana"})

    assert statements() == few


class Sources(HTMLParser):
    """What a page loads, links to or sends to, and whether it carries a script or a style sheet of its own."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.inline: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.addresses += [
            given[name] or "" for name in ("src", "href", "action", "hx-get", "hx-post") if name in given
        ]
        data = (given.get("type") or "").endswith("json")
        if tag == "style" or (tag == "script" and "src" not in given and not data):
            self.inline.append(tag)
        self.inline += [name for name in given if name.startswith("on")]


def test_no_page_loads_anything_from_another_host_or_carries_scripts(admin, a_busy_shop):
    for page in every_page():
        html = admin.client.get(page).content.decode()
        sources = Sources(html)

        assert [url for url in sources.addresses if re.match(r"([a-z]+:)?//", url)] == [], page
        assert sources.inline == [], page


def test_every_page_of_the_admin_and_no_other_has_the_wider_policy(admin, a_busy_shop, manager):
    strict = "default-src 'self'; img-src 'self' data:; object-src 'none'"
    for page in every_page():
        response = admin.client.get(page)
        policy = response["Content-Security-Policy"]

        assert "script-src 'self' 'unsafe-eval';" in policy, page
        assert "style-src 'self';" in policy
        assert "'unsafe-inline'" not in policy.replace("style-src-attr 'unsafe-inline'", "")
    assert manager.get("/api/v1/orders")["Content-Security-Policy"].startswith(strict)


def test_static_files_of_the_pages_are_served_from_here(admin, a_busy_shop, settings):
    html = admin.open("orders/order/").content.decode()

    for url in re.findall(r'(?:src|href)="(/static/[^"]+)"', html):
        assert admin.client.get(url).status_code == 200, url


def test_a_count_gives_up_where_the_apis_does(admin, a_customer, monkeypatch):
    monkeypatch.setattr(lists, "COUNT_CAP", 2)
    for _customer in range(4):
        a_customer()

    response = admin.client.get("/admin/customers/customer/", headers={"Accept-Language": "en"})

    assert len(response.context["cl"].result_list) == 4
    assert re.search(r">\s*2\+\s+customers", response.content.decode())


@pytest.mark.parametrize(
    "query",
    [
        {"document__startswith": "5"},
        {"email": "ana@example.com"},
        {"created_at__gte": "2026-01-01"},
        {"nope": "1"},
    ],
)
def test_an_address_filters_only_by_what_stands_on_the_page(query, admin, a_customer):
    response = admin.open("customers/customer/", **query)

    assert response.status_code == 400
    assert response.json()["code"] == "validation_error"


@pytest.mark.parametrize(
    "query",
    [
        "q=%00", "p=0", "p=99999999999999999999", "p=x", "o=99.x", "all=", "deleted=maybe", "is_active__exact=maybe",
        "state__exact=%00", "e=1", "_to_field=document", "_popup=1", "q=" + "x" * 5000,
    ],
)  # fmt: skip
def test_a_strange_address_never_crashes_a_list(query, admin, a_customer):
    a_customer()

    assert admin.client.get(f"/admin/customers/customer/?{query}").status_code in (200, 302, 400)


WORDS = "regex iregex range in contains startswith year date hour isnull gte gt lt lte exact id__exact".split()
STRANGE = (
    "", "1", "[", "x", "-1", "1,2", "9" * 26, "2026-13-45", "2026-11-26", "2026-11-26 00:00:00",
    "9999-12-31 23:59:59-03:00", "0001-01-01 00:00:00+03:00",
)  # fmt: skip


@pytest.mark.filterwarnings("error:DateTimeField")
@pytest.mark.parametrize(
    "column",
    ["customers/customer/?state", "customers/customer/?is_active", "orders/order/?status", "orders/order/?placed_at",
     "admin/logentry/?action_flag", "authentication/user/?groups", "authentication/user/?groups__id",
     "products/stockmovement/?kind"],
)  # fmt: skip
def test_no_word_of_djangos_after_a_filter_crashes_a_list(column, admin, a_busy_shop):
    for word in WORDS:
        for text in STRANGE:
            answer = admin.client.get(f"/admin/{column}__{word}={quote(text)}")

            assert answer.status_code in (200, 302, 400), (column, word, text)


def test_the_filters_that_a_list_offers_work(admin, a_busy_shop, a_customer):
    a_customer(state="SP")
    a_customer(state="RJ")
    for model in django_admin.site._registry:
        page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        offered = re.findall(r'href="(\?[^"]+__[^"]+)"', admin.client.get(page).content.decode())

        assert all(admin.client.get(page + unescape(link)).status_code == 200 for link in offered), offered
        assert offered or not django_admin.site._registry[model].list_filter, page


def test_a_nul_in_an_address_is_refused_before_it_reaches_the_database(admin):
    for path in ("customers/customer/?state__exact=%00", "customers/customer/?q=%00", "orders/order/%00/change/"):
        assert admin.client.get(f"/admin/{path}").status_code == 400


@pytest.mark.parametrize("query", ["", "s=o", "s=o&page=x", "s=o&page=99", "s=%00", "s=o&page=-1"])
def test_a_strange_search_for_a_page_never_crashes(query, admin):
    assert admin.client.get(f"/admin/search/?{query}").status_code in (200, 400, 404)


@pytest.mark.parametrize("key", ["0", "-1", "99999999999999999999999", "x", "%00", "1_0"])
def test_a_strange_row_never_crashes_a_page(key, admin):
    for page in ("customers/customer/{}/change/", "orders/order/{}/change/", "authentication/user/{}/password/"):
        assert admin.client.get(f"/admin/{page.format(key)}").status_code in (302, 400, 404)
    for button in ("orders/order/{}/status/", "products/product/{}/stock/", "customers/customer/{}/restore/"):
        assert admin.client.post(f"/admin/{button.format(key)}").status_code in (400, 404)


@pytest.mark.parametrize("text", ["zelia", "529.982.247-25", "Z@example.com"])
def test_who_was_deleted_is_found_where_the_deleted_are_shown(admin, a_customer, text):
    customer = a_customer(name="Zélia", document="52998224725", email="z@example.com")
    services.delete_customer(actor=None, pk=customer.pk)

    for deleted, number in (("yes", 1), ("all", 1), ("", 0)):
        query = {"q": text} | ({"deleted": deleted} if deleted else {})
        assert admin.open("customers/customer/", **query).context["cl"].result_count == number


def test_the_search_is_the_apis(admin, a_customer):
    a_customer(name="João da Silva")
    a_customer(name="Maria")

    found = admin.open("customers/customer/", q="joao DA").context["cl"].result_list

    assert [customer.name for customer in found] == ["João da Silva"]


def test_the_history_of_a_row_is_told_by_its_events(admin, a_product):
    lamp = a_product(in_stock=5)

    response = admin.open(f"products/product/{lamp.pk}/history/")

    assert response["Location"] == f"/admin/events/event/?q=product%2F{lamp.pk}"
    listed = admin.client.get(response["Location"]).context["cl"].result_list
    assert [event.type for event in listed] == ["stock.adjusted", "product.created"]


def test_the_desk_is_named(admin):
    assert settings.UNFOLD["SITE_TITLE"] == "Order Desk"
    assert b"Order Desk" in admin.open("").content
