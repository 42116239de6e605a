"""Guesses that are sent together are no more than guesses sent one after another."""

import time

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from rest_framework.test import APIClient

from tests.conftest import PASSWORD
from tests.problems import refusal

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
OK, FAILED, LOCKED = 200, (401, "authentication_failed"), (429, "account_locked")
TOGETHER = 16


@pytest.fixture(autouse=True)
def slowly(monkeypatch):
    """A hash takes so long that all have begun before the first is done, as a real one does."""
    encode = MD5PasswordHasher.encode

    def slow(*args):
        time.sleep(0.3)
        return encode(*args)

    monkeypatch.setattr(MD5PasswordHasher, "encode", slow)


def guess(name, password):
    answer = APIClient().post("/api/v1/auth/jwt/login", {"username": name, "password": password}, format="json")
    return OK if answer.status_code == OK else refusal(answer)


@pytest.mark.parametrize("before", [0, 1])
def test_of_sixteen_wrong_guesses_at_once_five_count_and_the_others_tell_nothing(at_once, a_user, before):
    user = a_user()
    for _ in range(before):
        guess(user.username, "wrong")

    answers = at_once(*[lambda: guess(user.username, "wrong")] * TOGETHER)

    assert sorted(answers) == [FAILED] * (5 - before) + [LOCKED] * (TOGETHER - 5 + before)


def test_the_account_is_locked_whichever_names_are_used_at_once(at_once, a_user):
    user = a_user()
    names = [user.username, user.email] * (TOGETHER // 2)

    at_once(*[lambda name=name: guess(name, "wrong") for name in names])

    assert guess(user.username, PASSWORD) == guess(user.email, PASSWORD) == LOCKED


def test_the_right_guess_is_one_of_the_first_five_or_is_locked_out(at_once, a_user):
    user = a_user()
    calls = [lambda: guess(user.username, "wrong")] * (TOGETHER - 1) + [lambda: guess(user.username, PASSWORD)]

    *wrong, right = at_once(*calls)

    if right == LOCKED:
        assert wrong.count(FAILED) == 5
    else:  # Up to four failed before it, and five after it.
        assert right == OK
        assert 5 <= wrong.count(FAILED) <= 9


def test_many_who_know_the_password_get_in_at_once(at_once, a_user):
    user = a_user()
    guess(user.username, "wrong")

    assert at_once(*[lambda: guess(user.username, PASSWORD)] * TOGETHER) == [OK] * TOGETHER
