"""Nobody overwrites what they have not seen."""

import re

import pytest

from apps.common.errors import PreconditionFailed
from apps.customers import services
from tests.audits import nothing_changed
from tests.problems import pointers, refusal

STALE, REQUIRED = (412, "precondition_failed"), (428, "precondition_required")


@pytest.fixture
def ana(a_customer):
    return f"/api/v1/customers/{a_customer(name='Ana', email='ana@example.com').pk}"


def tag(api, path):
    return api.get(path).headers["ETag"]


def test_a_tag_is_strong(manager, ana):
    assert re.fullmatch(r'"[\x21\x23-\x7e]+"', tag(manager, ana))


def test_a_tag_stays_while_nothing_changes(manager, ana):
    assert tag(manager, ana) == tag(manager, ana)


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Bia"},
        {"email": None},
        {"address": {"city": "Natal"}},
        {"is_active": False},
        {"document": "52998224725"},
    ],
    ids=str,
)
def test_any_change_changes_the_tag(manager, ana, change):
    before = tag(manager, ana)

    answer = manager.patch(ana, change)

    assert answer.headers["ETag"] != before
    assert answer.headers["ETag"] == tag(manager, ana)


def test_a_change_and_back_again_has_a_tag_of_its_own(manager, ana):
    before = tag(manager, ana)

    manager.patch(ana, {"name": "Bia"})
    manager.patch(ana, {"name": "Ana"})

    assert tag(manager, ana) != before


def test_the_current_tag_may_write(manager, ana):
    answer = manager.patch(ana, {"name": "Bia"}, headers={"If-Match": tag(manager, ana)})

    assert (answer.status_code, answer.json()["name"]) == (200, "Bia")


def test_a_stale_tag_writes_nothing(manager, ana):
    old = tag(manager, ana)
    manager.patch(ana, {"name": "Bia"})

    with nothing_changed():
        assert refusal(manager.patch(ana, {"name": "Caio"}, headers={"If-Match": old})) == STALE
        assert refusal(manager.delete(ana, headers={"If-Match": old})) == STALE
        assert refusal(manager.post(f"{ana}/restore", headers={"If-Match": old})) == STALE


def test_the_current_tag_may_delete(manager, ana):
    assert manager.delete(ana, headers={"If-Match": tag(manager, ana)}).status_code == 204


@pytest.mark.parametrize("given", ['"1-0000000000000000"', "nonsense", "", '""', "W/{tag}", '"x", "y"', "{tag}x", "\0"])
def test_a_tag_that_is_not_the_current_one_writes_nothing(manager, ana, given):
    header = given.replace("{tag}", tag(manager, ana))

    with nothing_changed():
        assert refusal(manager.patch(ana, {"name": "Caio"}, headers={"If-Match": header})) == STALE


@pytest.mark.parametrize("given", ["*", " * ", '"x", {tag}', "{tag} , W/{tag}"])
def test_a_list_with_the_current_tag_and_a_star_may_write(manager, ana, given):
    header = given.replace("{tag}", tag(manager, ana))

    assert manager.patch(ana, {"name": "Bia"}, headers={"If-Match": header}).status_code == 200


def test_who_sends_no_tag_may_write_unless_the_shop_says_otherwise(manager, ana):
    assert manager.patch(ana, {"name": "Bia"}).status_code == 200


def test_where_the_shop_says_so_a_change_needs_the_tag(manager, ana, settings):
    settings.REQUIRE_IF_MATCH = True

    with nothing_changed():
        assert refusal(manager.patch(ana, {"name": "Bia"})) == REQUIRED
    assert manager.patch(ana, {"name": "Bia"}, headers={"If-Match": tag(manager, ana)}).status_code == 200


def test_where_the_shop_says_so_deleting_and_restoring_still_need_none(manager, ana, settings):
    settings.REQUIRE_IF_MATCH = True

    assert manager.delete(ana).status_code == 204
    assert manager.post(f"{ana}/restore").status_code == 200


def test_of_two_who_read_the_same_only_one_writes(manager, api_as, ana):
    other = api_as("Manager")
    mine, theirs = tag(manager, ana), tag(other, ana)

    assert manager.patch(ana, {"name": "Bia"}, headers={"If-Match": mine}).status_code == 200
    assert refusal(other.patch(ana, {"email": "x@example.com"}, headers={"If-Match": theirs})) == STALE
    assert (manager.get(ana).json()["name"], manager.get(ana).json()["email"]) == ("Bia", "ana@example.com")


@pytest.mark.parametrize("given", ["{tag}", "W/{tag}", "*", '"x", {tag}'])
def test_who_has_the_current_version_is_not_sent_it_again(manager, ana, given):
    current = tag(manager, ana)

    answer = manager.get(ana, headers={"If-None-Match": given.replace("{tag}", current)})

    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["ETag"] == current


def test_who_has_an_old_version_is_sent_the_new_one(manager, ana):
    old = tag(manager, ana)
    manager.patch(ana, {"name": "Bia"})

    answer = manager.get(ana, headers={"If-None-Match": old})

    assert (answer.status_code, answer.json()["name"]) == (200, "Bia")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "work",
    [
        lambda pk: services.change_customer(actor=None, pk=pk, values={"name": "Bia"}, expected_version=1),
        lambda pk: services.delete_customer(actor=None, pk=pk, expected_version=1),
        lambda pk: services.restore_customer(actor=None, pk=pk, expected_version=1),
    ],
    ids=["changing", "deleting", "restoring"],
)
def test_the_version_is_looked_at_once_more_under_the_lock(a_customer, work):
    """Between the look at If-Match and the lock, somebody else may have written."""
    customer = services.change_customer(actor=None, pk=a_customer().pk, values={"name": "Ana"})

    with nothing_changed(), pytest.raises(PreconditionFailed):
        work(customer.pk)


def test_a_malformed_body_with_the_current_tag_is_still_refused(manager, ana):
    header = {"If-Match": tag(manager, ana)}

    answer = manager.generic("PATCH", ana, b"{", content_type="application/json", headers=header)

    assert pointers(answer) == {"": "parse_error"}
