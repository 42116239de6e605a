"""Which refusal answers first: 401, 403, 404, 412/428, 400, 409."""

import pytest

from tests.problems import pointers, refusal


def test_who_is_not_signed_in_is_told_that_before_anything_else(api_as, db):
    nobody = api_as(None)

    assert refusal(nobody.get("/api/v1/customers/999999")) == (401, "not_authenticated")
    assert refusal(nobody.put("/api/v1/customers", {})) == (401, "not_authenticated")
    raw = nobody.generic("POST", "/api/v1/customers", b"{", content_type="application/json")
    assert refusal(raw) == (401, "not_authenticated")


def test_who_may_not_is_told_that_before_what_is_missing_or_wrong(api_as):
    viewer = api_as("Viewer")

    assert refusal(viewer.patch("/api/v1/customers/999999", {})) == (403, "permission_denied")
    for path in ("/api/v1/customers", "/api/v1/orders", "/api/v1/products"):
        raw = viewer.generic("POST", path, b"{", content_type="application/json")
        assert refusal(raw) == (403, "permission_denied")


@pytest.mark.parametrize("path", ["/api/v1/auth/jwt/login", "/api/v1/auth/session/login"])
@pytest.mark.parametrize("name", ["nobody", " NoBody "])
def test_that_a_name_is_locked_is_told_before_where_it_comes_from_and_what_is_wrong(api_as, db, path, name):
    anyone = api_as(None)
    for _ in range(5):
        anyone.post(path, {"username": "nobody", "password": "x"})

    foreign = anyone.post(path, {"username": name, "password": "x"}, headers={"Origin": "https://evil.example"})
    wrong = anyone.post(path, {"username": name, "nope": 1})

    assert [refusal(answer) for answer in (foreign, wrong)] == [(429, "account_locked")] * 2
    assert refusal(anyone.post(path, {"username": "somebody", "nope": 1})) == (400, "validation_error")


def test_who_would_grant_too_much_is_told_that_before_there_is_nobody_to_grant_it_to(manager):
    assert refusal(manager.patch("/api/v1/users/999999", {"roles": ["Admin"]})) == (403, "permission_denied")
    assert refusal(manager.patch("/api/v1/users/999999", {"roles": ["Viewer"]})) == (404, "not_found")


def test_what_is_missing_is_told_before_what_is_stale_or_wrong(manager):
    answer = manager.patch("/api/v1/customers/999999", {"name": 7}, headers={"If-Match": '"1-0"'})

    assert refusal(answer) == (404, "not_found")


def test_what_is_stale_is_told_before_what_is_wrong(manager, a_customer):
    answer = manager.patch(f"/api/v1/customers/{a_customer().pk}", {"name": 7}, headers={"If-Match": '"1-0"'})

    assert refusal(answer) == (412, "precondition_failed")


def test_a_missing_if_match_is_told_before_what_is_wrong(manager, a_customer, settings):
    settings.REQUIRE_IF_MATCH = True

    answer = manager.patch(f"/api/v1/customers/{a_customer().pk}", {"name": 7})

    assert refusal(answer) == (428, "precondition_required")


def test_what_is_wrong_is_told_before_what_is_taken(manager, a_customer):
    a_customer(document="52998224725")

    answer = manager.post("/api/v1/customers", {"name": "Ana", "document": "529.982.247-25", "phone": "1"})

    assert list(pointers(answer)) == ["/phone"]


def test_what_is_stale_is_told_before_what_stands_in_the_way(manager, a_customer, a_product, place):
    customer = a_customer()
    place((a_product(), 1), customer=customer)

    answer = manager.delete(f"/api/v1/customers/{customer.pk}", headers={"If-Match": '"1-0"'})

    assert refusal(answer) == (412, "precondition_failed")
