"""Whoever looks after the house sees that passwords are guessed, from where and of whom; nobody's name or address."""

import pytest
from structlog.testing import capture_logs

from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN = "/api/v1/auth/jwt/login"


@pytest.fixture
def failures(anyone):
    """failures((name, address)…): the lines about sign-ins that failed there, with a wrong password each."""

    def attempt(*wanted):
        with capture_logs() as lines:
            for name, address in wanted:
                anyone.post(LOGIN, {"username": name, "password": "wrong"}, REMOTE_ADDR=address)
        return [line for line in lines if line["event"] == "sign_in_failed"]

    return attempt


def test_a_failure_names_the_account_and_tells_one_address_from_another(failures, a_user):
    rita = a_user(username="rita")

    here, again, there = failures(("rita", "192.0.2.1"), (rita.email, "192.0.2.1"), ("rita", "192.0.2.2"))

    assert here == again
    assert here["account_id"] == there["account_id"] == rita.pk
    assert here["origin"] != there["origin"]


def test_neither_what_was_typed_nor_the_address_is_told(failures):
    (line,) = failures(("my-password-by-mistake", "192.0.2.1"))

    assert line.keys() == {"event", "log_level", "account_id", "origin"}
    assert line["account_id"] is None
    assert "192.0.2" not in str(line)
    assert "mistake" not in str(line)


def test_a_sign_in_that_succeeds_is_no_failure(anyone, a_user, failures):
    user = a_user()

    with capture_logs() as lines:
        anyone.post(LOGIN, {"username": user.username, "password": PASSWORD})

    assert [line for line in lines if line["event"] == "sign_in_failed"] == []
    assert len(failures((user.username, "192.0.2.1"))) == 1
