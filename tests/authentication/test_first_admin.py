"""The first administrator: made once, never with a password that somebody else could know."""

import io
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import connection

from apps.authentication.models import User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def start():
    out = io.StringIO()
    call_command("create_first_admin", stdout=out)
    return out.getvalue()


@pytest.fixture(autouse=True)
def given(monkeypatch):
    """given(PASSWORD="…"): the environment of the first start, which says nothing else."""

    def make(**values):
        for name, value in values.items():
            monkeypatch.setenv(f"DJANGO_SUPERUSER_{name}", value)

    for name in ("USERNAME", "EMAIL", "PASSWORD"):
        monkeypatch.delenv(f"DJANGO_SUPERUSER_{name}", raising=False)
    return make


def test_the_account_is_as_the_environment_says(given, sign_in, me):
    given(USERNAME="rosa", EMAIL="Rosa@Example.com", PASSWORD=PASSWORD)

    said = start()

    assert PASSWORD not in said
    rosa = me(sign_in("rosa")["access"]).json()
    assert rosa["email"] == "rosa@example.com"
    assert rosa["roles"] == ["Admin"]
    assert rosa["is_superuser"]
    assert User.objects.get(username="rosa").is_staff


def test_without_a_password_one_is_made_up_shown_once_and_works(sign_in):
    password = start().split("password: ")[1].strip()

    assert len(password) >= 24
    assert sign_in("admin", password)
    assert password not in start()
    assert User.objects.count() == 1


def test_two_first_starts_make_up_different_passwords():
    first = start()
    User.objects.all().delete()

    assert start() != first


@pytest.mark.parametrize("roles", [["Admin"], []], ids=["in the Admin group", "superuser"])
def test_an_administrator_who_is_there_is_left_alone(a_user, given, roles):
    there = a_user(*roles, superuser=not roles)
    given(USERNAME="rosa", EMAIL="rosa@example.com", PASSWORD=PASSWORD)

    assert "nothing to do" in start()
    assert list(User.objects.all()) == [there]


def test_managers_do_not_count_as_administrators(a_user, sign_in, given):
    a_user("Manager")
    given(PASSWORD=PASSWORD)

    start()

    assert sign_in("admin")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"PASSWORD": "12345678"}, "DJANGO_SUPERUSER_PASSWORD"),
        ({"USERNAME": "rosa@example.com"}, "DJANGO_SUPERUSER_USERNAME"),
        ({"EMAIL": "rosa"}, "DJANGO_SUPERUSER_EMAIL"),
    ],
)
def test_a_weak_or_malformed_account_is_refused_and_leaves_nothing(given, values, words):
    given(**values)

    with pytest.raises(CommandError, match=words):
        start()

    assert not User.objects.exists()


def test_a_name_that_is_taken_is_refused_not_raised_to_administrator(a_user, given):
    operator = a_user("Operator", username="Admin")
    given(PASSWORD=PASSWORD)

    with pytest.raises(CommandError, match="DJANGO_SUPERUSER_USERNAME"):
        start()

    operator.refresh_from_db()
    assert not operator.is_superuser


def test_before_the_first_migrate_it_says_so():
    Group.objects.all().delete()

    with pytest.raises(CommandError, match="migrate"):
        start()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_replicas_that_start_together_make_one_administrator():
    together = Barrier(3)

    def replica(_number):
        try:
            together.wait()
            return start()
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as replicas:
        said = list(replicas.map(replica, range(3)))

    assert sum("password: " in text for text in said) == 1
    assert User.objects.filter(is_superuser=True).count() == 1


def test_who_finds_an_administrator_there_is_told_who_and_what_to_do(a_user):
    """A shop that began as a demo has one whose password opens nothing there."""
    a_user("Admin", username="chief")

    said = start()

    assert "There is an administrator already, chief: nothing to do." in said
    assert "manage.py changepassword chief" in said
