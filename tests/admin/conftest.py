"""A person at the admin's desk: opens pages, fills in forms as a browser would, presses buttons."""

import secrets
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from apps.authentication.models import User

SIGN_IN = "apps.authentication.backends.AccountBackend"


class Desk:
    """A signed-in browser. `save` posts what the page shows, with what the person changed."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.client = Client(raise_request_exception=False)
        self.client.force_login(user, backend=SIGN_IN)

    def open(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/admin/{path}", query)

    def press(self, path: str, **posted: Any) -> Any:
        """Post to a button's address, as from a page just opened, and follow to the page with the message."""
        return self.client.post(f"/admin/{path}", {"once": secrets.token_urlsafe(16)} | posted, follow=True)

    def read(self, path: str) -> dict[str, Any]:
        """What the form of a page would post if nobody typed anything."""
        form = self.open(path).context["adminform"].form
        shown = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
        filled = {name: value for name, value in shown.items() if value is not None and value is not False}
        return {name: "on" if value is True else value for name, value in filled.items()}

    def save(self, path: str, seen: dict[str, Any] | None = None, **typed: Any) -> Any:
        """Open the page (unless it was `seen` before), type this, press Save. A value of None empties a field."""
        filled = {**(self.read(path) if seen is None else seen), **typed}
        return self.press(path, **{name: value for name, value in filled.items() if value is not None})


def messages(response: Any) -> list[str]:
    """What the page says to the person."""
    return [str(message) for message in response.context["messages"]]


def errors(response: Any) -> dict[str, list[str]]:
    """What the form says, by field; "__all__" stands above them."""
    return {name: list(texts) for name, texts in response.context["adminform"].form.errors.items()}


@pytest.fixture
def at_desk(a_user: Callable[..., User]) -> Callable[..., Desk]:
    """at_desk("Admin") or at_desk(user)."""

    def make(who: User | str = "Admin") -> Desk:
        return Desk(who if isinstance(who, User) else a_user(who))

    return make


@pytest.fixture
def admin(at_desk: Callable[..., Desk]) -> Desk:
    return at_desk("Admin")


@pytest.fixture
def staff_with(a_user: Callable[..., User]) -> Callable[..., Desk]:
    """staff_with("orders.view_order"): somebody let in, who may do this and nothing else."""

    def make(*permissions: str) -> Desk:
        user = a_user()
        group = Group.objects.create(name=f"Group of {user.username}")
        for permission in permissions:
            label, codename = permission.split(".")
            group.permissions.add(Permission.objects.get(content_type__app_label=label, codename=codename))
        user.groups.add(group)
        user.is_staff = True
        user.save()
        return Desk(User.objects.get(pk=user.pk))

    return make
