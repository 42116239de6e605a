"""Who may not see personal data sees it nowhere, and cannot find it out by asking."""

import pytest

from apps.customers.models import Customer
from tests.problems import pointers, refusal

PATH = "/api/v1/customers"
ANA = {"name": "Ana", "document": "52998224725", "email": "maria@example.com", "phone": "+5511987654321"}
SECRETS = ["52998224725", "529.982.247", "maria@", "98765", "987654321"]


@pytest.fixture
def ana(a_customer):
    return a_customer(**ANA)


@pytest.fixture(params=["Viewer", ""], ids=["a viewer", "who has no role"])
def viewer(request, api_as):
    return api_as(request.param)


def test_a_viewer_sees_masks_in_the_detail(viewer, ana):
    shown = viewer.get(f"{PATH}/{ana.pk}").json()

    assert (shown["document"], shown["email"], shown["phone"]) == ("***.982.247-**", "m***@example.com", "***4321")
    assert (shown["name"], shown["document_type"]) == ("Ana", "CPF")


@pytest.mark.parametrize("query", ["", "?cursor=", "?name=ana", "?search=ana", "?ordering=name", "?page_size=1"])
def test_a_viewer_sees_masks_in_every_list(viewer, ana, query):
    answer = viewer.get(f"{PATH}{query}")

    [shown] = answer.json()["results"]
    assert (shown["document"], shown["email"], shown["phone"]) == ("***.982.247-**", "m***@example.com", "***4321")
    assert not [secret for secret in SECRETS if secret in answer.content.decode()]


def test_a_company_is_masked_too(viewer, a_customer):
    company = a_customer(document="12ABC34501DE35")

    assert viewer.get(f"{PATH}/{company.pk}").json()["document"] == "**.ABC.345/****-**"


def test_what_is_absent_is_null_for_everybody(viewer, a_customer):
    shown = viewer.get(f"{PATH}/{a_customer().pk}").json()

    assert (shown["document"], shown["email"], shown["phone"]) == (None, None, None)


@pytest.mark.parametrize("role", ["Operator", "Manager", "Admin"])
def test_everybody_else_sees_the_data(api_as, ana, role):
    shown = api_as(role).get(f"{PATH}/{ana.pk}").json()

    assert {name: shown[name] for name in ANA} == ANA


@pytest.mark.parametrize(
    "query",
    ["document=52998224725", "email=maria@example.com", "phone=4321", "document=", "email=", "name=a&document=1"],
)
def test_a_viewer_cannot_filter_by_personal_data(viewer, ana, query):
    assert refusal(viewer.get(f"{PATH}?{query}")) == (403, "permission_denied")


@pytest.mark.parametrize("text", ["52998224725", "529.982.247-25", "maria@example.com", "+5511987654321", "98765"])
def test_a_viewers_search_ignores_personal_data(viewer, ana, text):
    assert viewer.get(f"{PATH}?search={text}").json()["count"] == 0


@pytest.mark.parametrize("text", ["52998224725", "529.982.247-25", "Maria@Example.com"])
def test_an_operators_search_finds_the_whole_document_and_e_mail(api_as, ana, text):
    assert api_as("Operator").get(f"{PATH}?search={text}").json()["count"] == 1


def test_a_viewer_cannot_order_by_personal_data(viewer, ana):
    assert refusal(viewer.get(f"{PATH}?ordering=document")) == (400, "validation_error")


def test_the_tag_of_a_masked_customer_is_not_that_of_the_whole_one(viewer, api_as, ana):
    masked, whole = viewer.get(f"{PATH}/{ana.pk}"), api_as("Operator").get(f"{PATH}/{ana.pk}")

    assert masked.headers["ETag"] != whole.headers["ETag"]


def test_a_viewers_cursor_tells_nothing_of_the_data(viewer, ana, a_customer):
    a_customer(name="Bia")

    following = viewer.get(f"{PATH}?cursor=&page_size=1&ordering=name").json()["next"]

    assert not [secret for secret in SECRETS if secret in following]


@pytest.mark.parametrize("path", ["orders", "orders/{order}", "orders/{order}/events"])
def test_an_order_shows_nobody_the_data_of_its_customer(api_as, ana, a_product, place, path):
    order = place((a_product(), 1), customer=ana)

    answer = api_as("Admin").get(f"/api/v1/{path.format(order=order.pk)}")

    assert answer.status_code == 200
    assert not [secret for secret in [*SECRETS, *list(ANA.values())[1:]] if secret in answer.content.decode()]


def test_who_sends_a_mask_back_does_not_lose_what_it_hides(api_as, a_user, ana):
    from django.contrib.auth.models import Permission

    user = a_user()
    user.user_permissions.add(Permission.objects.get(codename="change_customer"))
    shown = api_as(user).get(f"{PATH}/{ana.pk}").json()

    answer = api_as(user).patch(f"{PATH}/{ana.pk}", {key: shown[key] for key in ("document", "email", "phone")})

    assert pointers(answer).keys() == {"/document", "/email", "/phone"}


def test_a_custom_permission_lifts_the_mask(api_as, a_user, ana):
    from django.contrib.auth.models import Permission

    user = a_user()
    user.user_permissions.add(Permission.objects.get(codename="view_personal_data"))

    assert api_as(user).get(f"{PATH}?document=52998224725").json()["results"][0]["email"] == "maria@example.com"
    assert Customer.objects.count() == 1
