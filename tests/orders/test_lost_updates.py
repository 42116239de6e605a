"""ETag, If-Match and If-None-Match of an order: nobody overwrites what they have not seen."""

import pytest

from apps.orders import services
from tests.audits import nothing_changed
from tests.problems import refusal


@pytest.fixture
def order(order_in):
    return order_in("PENDENTE")


@pytest.fixture
def url(order):
    return f"/api/v1/orders/{order.pk}"


def tag(api, url):
    etag = api.get(url)["ETag"]
    assert etag.startswith('"')
    assert etag.endswith('"')
    return etag


def test_an_order_that_nobody_touches_keeps_its_tag(manager, url):
    assert tag(manager, url) == tag(manager, url)


@pytest.mark.parametrize(
    "touch",
    [
        pytest.param(lambda api, order: api.patch(f"/api/v1/orders/{order.pk}/status", {"status": "CONFIRMADO"}),
                     id="a move"),
        pytest.param(lambda api, order: api.delete(f"/api/v1/orders/{order.pk}"), id="a cancellation"),
        pytest.param(lambda api, order: api.patch(f"/api/v1/customers/{order.customer_id}", {"name": "Ana Paula"}),
                     id="another name of the customer"),
    ],
)  # fmt: skip
def test_any_change_of_what_is_shown_changes_the_tag(manager, order, url, touch):
    before = tag(manager, url)

    assert touch(manager, order).status_code == 200

    assert tag(manager, url) != before


def test_a_change_that_is_not_shown_leaves_the_tag(manager, order, url):
    before = tag(manager, url)

    manager.patch(f"/api/v1/customers/{order.customer_id}", {"city": "Recife"})
    manager.patch(f"/api/v1/products/{order.items.get().product_id}", {"name": "Another name", "price": "99.00"})

    assert tag(manager, url) == before


def test_a_write_answers_with_the_new_tag(manager, url):
    moved = manager.patch(f"{url}/status", {"status": "CONFIRMADO"})
    assert moved["ETag"] == tag(manager, url)

    cancelled = manager.delete(url)
    assert cancelled["ETag"] == tag(manager, url)


@pytest.mark.parametrize("how", ["move", "move to where it is", "cancel"])
def test_a_write_with_an_older_tag_changes_nothing(manager, order, url, how):
    old = tag(manager, url)
    services.change_status(actor=None, pk=order.pk, target="CONFIRMADO")

    with nothing_changed():
        if how == "cancel":
            response = manager.delete(url, headers={"If-Match": old})
        else:
            target = "SEPARADO" if how == "move" else "CONFIRMADO"
            response = manager.patch(f"{url}/status", {"status": target}, headers={"If-Match": old})

    assert refusal(response) == (412, "precondition_failed")


def test_a_write_with_the_tag_from_before_the_customer_s_new_name_changes_nothing(manager, order, url):
    old = tag(manager, url)
    manager.patch(f"/api/v1/customers/{order.customer_id}", {"name": "Ana Paula"})

    with nothing_changed():
        response = manager.patch(f"{url}/status", {"status": "CONFIRMADO"}, headers={"If-Match": old})

    assert refusal(response) == (412, "precondition_failed")


@pytest.mark.parametrize("header", ["{tag}", '"other", {tag}', "*", " {tag} "])
def test_a_write_with_the_current_tag_is_made(manager, url, header):
    sent = header.format(tag=tag(manager, url))

    moved = manager.patch(f"{url}/status", {"status": "CONFIRMADO"}, headers={"If-Match": sent})
    assert moved.status_code == 200

    sent = header.format(tag=moved["ETag"])
    assert manager.delete(url, headers={"If-Match": sent}).status_code == 200


@pytest.mark.parametrize("header", ["W/{tag}", "nonsense", '""', ""])
def test_a_tag_that_is_weak_or_none_matches_nothing(manager, url, header):
    sent = header.format(tag=tag(manager, url))

    with nothing_changed():
        response = manager.patch(f"{url}/status", {"status": "CONFIRMADO"}, headers={"If-Match": sent})

    assert refusal(response) == (412, "precondition_failed")


def test_a_write_without_a_tag_is_made_even_where_customers_and_products_ask_for_one(manager, url, settings):
    settings.REQUIRE_IF_MATCH = True

    assert manager.patch(f"{url}/status", {"status": "CONFIRMADO"}).status_code == 200
    assert manager.delete(url).status_code == 200


def test_a_stale_tag_is_told_before_the_body_and_the_table_are_judged(manager, url, api_as):
    sent = {"If-Match": '"stale"'}

    assert refusal(manager.patch(f"{url}/status", {"nope": 1}, headers=sent)) == (412, "precondition_failed")
    assert refusal(manager.patch(f"{url}/status", {"status": "ENTREGUE"}, headers=sent)) == (412, "precondition_failed")
    assert refusal(manager.delete(url, {"nope": 1}, headers=sent)) == (412, "precondition_failed")
    assert refusal(api_as("Viewer").delete(url, headers=sent)) == (403, "permission_denied")
    assert refusal(manager.delete("/api/v1/orders/99999999", headers=sent)) == (404, "not_found")


def test_who_already_has_the_order_is_told_so_without_a_body(manager, url):
    etag = tag(manager, url)

    for header in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        response = manager.get(url, headers={"If-None-Match": header})
        assert (response.status_code, response.content, response["ETag"]) == (304, b"", etag)


def test_who_has_an_older_order_gets_the_new_one(manager, url):
    etag = tag(manager, url)
    manager.patch(f"{url}/status", {"status": "CONFIRMADO"})

    response = manager.get(url, headers={"If-None-Match": etag})

    assert (response.status_code, response.json()["status"]) == (200, "CONFIRMADO")


def test_two_callers_who_are_shown_different_moves_have_different_tags(manager, operator, url):
    assert tag(manager, url) != tag(operator, url)


def test_a_move_made_after_the_tag_was_compared_is_caught_under_the_lock(manager, order, url, monkeypatch):
    """The colleague's move slips in between the comparison and the lock."""
    change_status, old = services.change_status, tag(manager, url)

    def overtaken(**kwargs):
        monkeypatch.setattr(services, "change_status", change_status)
        change_status(actor=None, pk=order.pk, target="CONFIRMADO")
        return change_status(**kwargs)

    monkeypatch.setattr(services, "change_status", overtaken)

    response = manager.patch(f"{url}/status", {"status": "CANCELADO"}, headers={"If-Match": old})

    assert refusal(response) == (412, "precondition_failed")
    assert manager.get(url).json()["status"] == "CONFIRMADO"
