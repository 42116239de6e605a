"""Rows that are there, asked for by whoever may not; and properties that nobody may set.

Generated from the rules of `test_roles` and from the schema: a new route or property is asked without being named here.
"""

from typing import Any

import pytest

from apps.authentication.models import User
from tests.audits import nothing_changed
from tests.contract.routes import BEYOND_ALL_ROWS, every_method, url_of
from tests.contract.test_roles import EVERYBODY, RULES, json_of
from tests.contract.test_schema import DOCUMENT, resolved
from tests.problems import pointers, refusal

ABOUT_ONE_ROW = [rule for rule in RULES if "<int:pk>" in rule.route and set(rule.may) != set(EVERYBODY)]
WRITES = [(method, route) for method, route, _view in every_method() if method != "GET"]
# What the tables hold and no answer shows, and what other frameworks have been talked into taking.
HIDDEN = {"is_superuser", "is_staff", "groups", "user_permissions", "last_login", "sign_in_epoch", "deleted_at",
          "event_sequence", "version", "fingerprint", "name_folded", "pk", "_state", "role", "permissions"}  # fmt: skip


def url_about(route: str, rows: dict[str, int]) -> str:
    return url_of(route, rows.get(route.split("/")[0], BEYOND_ALL_ROWS))


def accounts() -> list[dict[str, Any]]:
    return [dict(row) for row in User.objects.order_by("pk").values()]


@pytest.mark.parametrize("rule", ABOUT_ONE_ROW, ids=str)
def test_who_may_not_learns_nothing_of_a_row_and_changes_nothing(caller, rows, rule):
    """A row that is there and one that is not are refused in the same words."""
    for who in set(EVERYBODY) - set(rule.may):
        client = caller(who)
        before = accounts()
        with nothing_changed():
            there, absent = (
                client.generic(rule.method, url, **json_of(rule.body))
                for url in (url_about(rule.route, rows), url_of(rule.route))
            )
        assert refusal(there) in {(401, "not_authenticated"), (403, "permission_denied")}
        told = [{**answer.json(), "instance": "", "request_id": ""} for answer in (there, absent)]
        assert told[0] == told[1], who
        assert accounts() == before


@pytest.mark.parametrize("rule", [rule for rule in ABOUT_ONE_ROW if rule.method == "GET"], ids=lambda rule: rule.route)
def test_a_row_of_another_kind_is_not_found_under_this_route(caller, rows, rule):
    """Ids of one kind buy nothing under another: what is not there is 404, whoever asks."""
    client = caller("superuser")

    assert refusal(client.get(url_of(rule.route))) == (404, "not_found")
    assert client.get(url_about(rule.route, rows)).status_code == 200


def properties(part: Any) -> set[str]:
    part = resolved(part or {})
    found = set(part.get("properties", {}))
    for inner in [*part.get("allOf", []), *part.get("oneOf", [])]:
        found |= properties(inner)
    return found


def never_settable(method: str, route: str) -> set[str]:
    """All that any answer shows and any table holds, but for what this write takes."""
    operation = DOCUMENT["paths"][f"/api/v1/{route.replace('<int:pk>', '{id}')}"][method.lower()]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if body is None and method == "DELETE" and route.startswith("orders"):
        body = {"properties": {"reason": {}}}  # OpenAPI has no body for DELETE; the contract has.
    shown: set[str] = set()
    for name, part in DOCUMENT["components"]["schemas"].items():
        if name.endswith("Output") and not name.startswith("Paginated"):
            shown |= properties(part)
    return (shown | HIDDEN) - properties(body)


@pytest.mark.parametrize(("method", "route"), WRITES)
def test_what_a_write_may_not_set_is_refused_by_its_name_even_to_a_superuser(caller, rows, method, route):
    names = never_settable(method, route)
    client = caller("superuser")
    before = accounts()

    with nothing_changed():
        answer = client.generic(method, url_about(route, rows), **json_of(dict.fromkeys(names, True)))

    told = pointers(answer)
    assert {name for name in names if told.get(f"/{name}") != "unknown_field"} == set()
    assert accounts() == before
