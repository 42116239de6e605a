"""The doors, and people who come through them."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.authentication.models import User
from tests.conftest import PASSWORD


@pytest.fixture
def anyone(db: None) -> APIClient:
    """A client that has not signed in."""
    client = APIClient(raise_request_exception=False)
    client.default_format = "json"
    return client


@pytest.fixture
def sign_in(anyone: APIClient) -> Callable[..., Any]:
    """sign_in(user) or sign_in("maria"): the pair of tokens of a fresh sign-in."""

    def make(who: User | str, password: str = PASSWORD) -> dict[str, Any]:
        name = who.username if isinstance(who, User) else who
        response = anyone.post("/api/v1/auth/jwt/login", {"username": name, "password": password})
        assert response.status_code == 200, response.content
        return response.json()

    return make


@pytest.fixture
def me(anyone: APIClient) -> Callable[[str], Any]:
    """me(access): what the API answers to who carries this token."""

    def ask(access: str) -> Any:
        return anyone.get("/api/v1/auth/me", headers={"Authorization": f"Bearer {access}"})

    return ask


@pytest.fixture
def refresh(anyone: APIClient) -> Callable[[str], Any]:
    """refresh(token): what the API answers to who wants the next pair."""

    def ask(token: str) -> Any:
        return anyone.post("/api/v1/auth/jwt/refresh", {"refresh": token})

    return ask


@pytest.fixture
def session_of() -> Callable[..., APIClient]:
    """session_of(user): a browser with a session, which sends the CSRF token unless told otherwise."""

    def make(user: User, *, sending_csrf: bool = True) -> APIClient:
        browser = APIClient(enforce_csrf_checks=True, raise_request_exception=False)
        browser.default_format = "json"
        answer = browser.post("/api/v1/auth/session/login", {"username": user.username, "password": PASSWORD})
        assert answer.status_code == 200, answer.content
        if sending_csrf:
            browser.credentials(HTTP_X_CSRFTOKEN=answer.json()["csrf_token"])
        return browser

    return make
