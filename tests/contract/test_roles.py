"""Every role × every route × every method. The table of the contract stands here as data; the routes come from the
URL map: a route without a rule, or a rule without a route, turns a test red."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate

from apps.common.permissions import READ, MayAct
from apps.common.views import View
from tests.contract.routes import METHODS, every_method, every_route, url_of
from tests.problems import refusal

# The callers, from the one who may all down to who has not signed in.
SIGNED_IN = ("superuser", "Admin", "Manager", "Operator", "Viewer", "no role")
ORDER_DESK = ("superuser", "Admin", "Manager", "Operator")
MANAGERS = ("superuser", "Admin", "Manager")
EVERYBODY = (*SIGNED_IN, "nobody")


@dataclass(frozen=True)
class Rule:
    method: str
    route: str
    may: tuple[str, ...]
    body: dict[str, Any] = field(default_factory=dict)

    def __str__(self):
        return " ".join([self.method, self.route, *self.body.values()])


RULES = [
    # Signing in and out is for everybody; oneself is for who has signed in.
    Rule("POST", "auth/jwt/login", EVERYBODY),
    Rule("POST", "auth/jwt/refresh", EVERYBODY),
    Rule("POST", "auth/jwt/logout", EVERYBODY),
    Rule("POST", "auth/session/login", EVERYBODY),
    Rule("POST", "auth/session/logout", SIGNED_IN),
    Rule("GET", "auth/me", SIGNED_IN),
    Rule("POST", "auth/me/password", SIGNED_IN),
    # manage users
    Rule("POST", "auth/register", MANAGERS),
    Rule("GET", "users", MANAGERS),
    Rule("GET", "users/<int:pk>", MANAGERS),
    Rule("PATCH", "users/<int:pk>", MANAGERS),
    # read
    Rule("GET", "customers", SIGNED_IN),
    Rule("GET", "customers/<int:pk>", SIGNED_IN),
    Rule("GET", "products", SIGNED_IN),
    Rule("GET", "products/<int:pk>", SIGNED_IN),
    Rule("GET", "products/<int:pk>/stock-movements", SIGNED_IN),
    Rule("GET", "orders", SIGNED_IN),
    Rule("GET", "orders/<int:pk>", SIGNED_IN),
    Rule("GET", "orders/<int:pk>/events", SIGNED_IN),
    Rule("GET", "dashboard", SIGNED_IN),
    # create, edit, delete customer / product; change stock
    Rule("POST", "customers", MANAGERS),
    Rule("PATCH", "customers/<int:pk>", MANAGERS),
    Rule("DELETE", "customers/<int:pk>", MANAGERS),
    Rule("POST", "customers/<int:pk>/restore", MANAGERS),
    Rule("POST", "products", MANAGERS),
    Rule("PATCH", "products/<int:pk>", MANAGERS),
    Rule("DELETE", "products/<int:pk>", MANAGERS),
    Rule("POST", "products/<int:pk>/restore", MANAGERS),
    Rule("PATCH", "products/<int:pk>/stock", MANAGERS),
    # create order
    Rule("POST", "orders", ORDER_DESK),
    Rule("POST", "orders/batch", ORDER_DESK),
    # change order status
    Rule("PATCH", "orders/<int:pk>/status", ORDER_DESK, {"status": "CONFIRMADO"}),
    Rule("PATCH", "orders/<int:pk>/status", ORDER_DESK, {"status": "SEPARADO"}),
    Rule("PATCH", "orders/<int:pk>/status", ORDER_DESK, {"status": "ENVIADO"}),
    Rule("PATCH", "orders/<int:pk>/status", ORDER_DESK, {"status": "ENTREGUE"}),
    Rule("PATCH", "orders/<int:pk>/status", ORDER_DESK),
    # cancel order (DELETE, or status → CANCELADO)
    Rule("PATCH", "orders/<int:pk>/status", MANAGERS, {"status": "CANCELADO"}),
    Rule("DELETE", "orders/<int:pk>", MANAGERS),
]


def json_of(body):
    return {"data": json.dumps(body), "content_type": "application/json"}


def test_every_route_has_its_rule_and_every_rule_its_route():
    routed = {(method, route) for method, route, _view in every_method()}

    assert {(rule.method, rule.route) for rule in RULES} == routed


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_who_may_do_what(caller, rule):
    def outcome(who):
        answer = caller(who).generic(rule.method, url_of(rule.route), **json_of(rule.body))
        if answer.status_code == 401:
            assert refusal(answer) == (401, "not_authenticated")
            return "has to sign in"
        if answer.status_code == 403:
            assert refusal(answer) == (403, "permission_denied")
            return "may not"
        assert answer.status_code in {200, 204, 400, 404}, answer.content
        return "may"

    expected = {who: "may" if who in rule.may else "may not" for who in SIGNED_IN}
    expected["nobody"] = "may" if "nobody" in rule.may else "has to sign in"
    assert {who: outcome(who) for who in EVERYBODY} == expected


@pytest.mark.parametrize("route", sorted({rule.route for rule in RULES}))
def test_a_method_that_a_route_does_not_have_is_for_nobody(caller, route):
    [view] = [view for name, view in every_route() if name == route]
    unknown = [method for method in METHODS if not hasattr(view, method.lower())]

    for who in ("superuser", "Viewer"):
        client = caller(who)
        for method in unknown:
            assert refusal(client.generic(method, url_of(route), **json_of({}))) == (405, "method_not_allowed")
    assert "PUT" in unknown


@pytest.mark.django_db
def test_head_is_for_whom_get_is(caller):
    assert caller("Viewer").head("/api/v1/customers").status_code == 200
    assert caller("Viewer").head("/api/v1/users").status_code == 403
    assert caller("nobody").head("/api/v1/customers").status_code == 401


@pytest.mark.django_db
@pytest.mark.parametrize("route", sorted({rule.route for rule in RULES}))
def test_options_tells_which_methods_there_are(caller, route):
    answer = caller("Viewer").options(url_of(route))

    methods = {rule.method for rule in RULES if rule.route == route}
    assert (answer.status_code, answer.content) == (204, b"")
    assert set(answer.headers["Allow"].split(", ")) - {"HEAD", "OPTIONS"} == methods


# ── What a view does not name is closed ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("method", "route", "view"), every_method(), ids=lambda value: getattr(value, "__name__", value)
)
def test_every_view_names_a_permission_for_every_method(method, route, view):
    assert method in view.permissions
    assert view.permission_classes == [MayAct]


def test_the_only_permission_class_is_the_closed_one():
    assert settings.REST_FRAMEWORK["DEFAULT_PERMISSION_CLASSES"] == ["apps.common.permissions.MayAct"]


class Forgetful(View):
    """Whoever wrote this named a permission for reading, and forgot the one for writing."""

    permissions = {"GET": READ}

    def get(self, request):
        return Response({"done": True})

    def post(self, request):
        return Response({"done": True})


class Silent(View):
    def get(self, request):
        return Response({"done": True})


@pytest.mark.parametrize(
    ("view", "method", "status"), [(Forgetful, "get", 200), (Forgetful, "post", 403), (Silent, "get", 403)]
)
def test_a_permission_that_was_not_named_is_nobodys_not_even_the_superusers(a_user, view, method, status):
    request = getattr(APIRequestFactory(), method)("/")
    force_authenticate(request, user=a_user(superuser=True))

    assert view.as_view()(request).status_code == status
