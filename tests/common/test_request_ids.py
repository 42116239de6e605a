"""Each answer names its request; the client may choose the name, if it is a sane one."""

import re

import pytest

from apps.common.requests import current_request_id
from apps.events.models import Event


@pytest.mark.parametrize("name", ["a", "order-12", "7f3c9a", "trace:1/2+3=4", "A" * 128, "._:/+=-"])
def test_a_sane_id_of_the_client_is_kept(client, name):
    assert client.get("/nope", headers={"X-Request-ID": name}).headers["X-Request-ID"] == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "two words",
        "A" * 129,
        "ação",
        "<script>",
        '"',
        "a,b",
        "{}",
        "a\tb",
        "a\0b",
        "%0d%0a",
        "a;b",
        "ana@example.com",
    ],
)
def test_any_other_is_replaced(client, name):
    given = client.get("/nope", headers={"X-Request-ID": name}).headers["X-Request-ID"]

    assert re.fullmatch(r"[0-9a-f]{32}", given)


@pytest.mark.parametrize("name", ["mine\r\nX-Evil: 1", "mine\nX-Evil: 1", "mine\rX-Evil: 1", "mine\r\n\r\n<html>"])
def test_no_header_is_smuggled_in(client, name):
    answer = client.get("/nope", headers={"X-Request-ID": name})

    assert "X-Evil" not in answer.headers
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Request-ID"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    ["/health", "/docs", "/redoc", "/", "/admin/login/", "/static/nope.js", "/nope", "/api/v1/nope", "/api/v1/orders"],
)
def test_every_answer_carries_one(client, path):
    assert re.fullmatch(r"[0-9a-f]{32}", client.get(path).headers["X-Request-ID"])


def test_every_request_has_its_own(client):
    assert len({client.get("/nope").headers["X-Request-ID"] for _ in range(20)}) == 20


def test_the_problem_names_the_same_request_as_the_header(client):
    answer = client.get("/nope", headers={"X-Request-ID": "mine"})

    assert answer.json()["request_id"] == answer.headers["X-Request-ID"] == "mine"


def test_the_event_names_the_request_that_brought_it_about(manager):
    manager.post("/api/v1/customers", {"name": "Ana"}, headers={"X-Request-ID": "mine"})

    assert Event.objects.get().request_id == "mine"


def test_after_the_answer_no_request_is_named(client):
    client.get("/nope", headers={"X-Request-ID": "mine"})

    assert current_request_id() is None
