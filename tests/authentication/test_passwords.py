"""Passwords are hashed while nobody waits for the database, and replaced on what is true once the row is locked."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher, make_password
from django.db import OperationalError, connection

from apps.authentication import passwords, services, trail
from apps.authentication.models import User
from apps.common import retry
from apps.common.errors import Invalid
from tests.authentication.people import a_newcomer
from tests.conftest import PASSWORD
from tests.problems import pointers as problem_pointers

NEW = "quite-another-pass-phrase"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hashed(monkeypatch):
    """One for each time that somebody hashed: whether a transaction was open."""
    times = []
    encode = MD5PasswordHasher.encode

    def watched(*args):
        times.append(connection.in_atomic_block)
        return encode(*args)

    monkeypatch.setattr(MD5PasswordHasher, "encode", watched)
    return times


@pytest.fixture
def rita(a_user):
    return a_user("Viewer", username="rita")


@pytest.fixture
def meanwhile(monkeypatch):
    """meanwhile(work): somebody does this while the next password is hashed."""

    def arrange(work):
        def interrupted(password):
            monkeypatch.setattr(passwords, "make_password", make_password)
            work()
            return make_password(password)

        monkeypatch.setattr(passwords, "make_password", interrupted)

    return arrange


def pointers(refusal):
    return [problem["pointer"] for problem in refusal.value.facts["errors"]]


def test_no_transaction_is_open_while_a_new_user_s_password_is_hashed(api_as, hashed):
    manager = api_as("Manager")
    hashed.clear()

    body = {"username": "ana", "email": "ana@example.com", "password": PASSWORD}
    assert manager.post("/api/v1/auth/register", body).status_code == 201

    assert hashed == [False]
    assert User.objects.get(username="ana").check_password(PASSWORD)


def test_no_transaction_is_open_while_ones_own_password_is_checked_and_hashed(api_as, rita, hashed):
    client = api_as(rita)
    hashed.clear()

    body = {"current_password": PASSWORD, "new_password": NEW}
    assert client.post("/api/v1/auth/me/password", body).status_code == 204

    assert hashed == [False, False]
    assert User.objects.get(pk=rita.pk).check_password(NEW)


def test_no_transaction_is_open_while_somebody_else_s_password_is_hashed(rita, hashed):
    hashed.clear()

    passwords.set_password(actor=None, pk=rita.pk, new=NEW)

    assert hashed == [False]
    assert User.objects.get(pk=rita.pk).check_password(NEW)


def test_a_transaction_that_starts_over_does_not_hash_again(rita, hashed, monkeypatch):
    tell = trail.password_replaced

    def contended_once(*args):
        monkeypatch.setattr(trail, "password_replaced", tell)
        raise OperationalError("contended")

    monkeypatch.setattr(retry, "contended", lambda error: True)
    monkeypatch.setattr(trail, "password_replaced", contended_once)
    hashed.clear()

    passwords.change_password(user=rita, current=PASSWORD, new=NEW)

    assert len(hashed) == 2
    assert User.objects.get(pk=rita.pk).check_password(NEW)


def test_a_password_that_was_replaced_meanwhile_is_not_the_current_one(rita, meanwhile):
    meanwhile(lambda: passwords.set_password(actor=None, pk=rita.pk, new=NEW))

    with pytest.raises(Invalid) as refusal:
        passwords.change_password(user=rita, current=PASSWORD, new="a-third-pass-phrase")

    assert pointers(refusal) == ["/current_password"]
    assert User.objects.get(pk=rita.pk).check_password(NEW)


def test_whoever_knows_the_password_that_came_meanwhile_may_replace_it(rita, meanwhile):
    meanwhile(lambda: passwords.set_password(actor=None, pk=rita.pk, new=NEW))

    passwords.change_password(user=rita, current=NEW, new="a-third-pass-phrase")

    assert User.objects.get(pk=rita.pk).check_password("a-third-pass-phrase")


def test_a_password_is_judged_by_the_name_that_came_meanwhile(rita, meanwhile):
    renamed = {"last_name": "Montenegro-Vasconcelos"}
    similar = "montenegro-vasconcelos1"

    for replace in (
        lambda: passwords.change_password(user=rita, current=PASSWORD, new=similar),
        lambda: passwords.set_password(actor=None, pk=rita.pk, new=similar),
    ):
        services.change_user(actor=None, pk=rita.pk, values={"last_name": ""})
        meanwhile(lambda: services.change_user(actor=None, pk=rita.pk, values=renamed))
        with pytest.raises(Invalid):
            replace()

    assert User.objects.get(pk=rita.pk).check_password(PASSWORD)


def test_a_wrong_and_a_weak_password_are_told_together(rita):
    with pytest.raises(Invalid) as refusal:
        passwords.change_password(user=rita, current="wrong", new="12345678")

    assert set(pointers(refusal)) == {"/new_password", "/current_password"}
    assert User.objects.get(pk=rita.pk).check_password(PASSWORD)


# ── What is hashed as nobody hashes any more ──────────────────────────────────────────────────────────────────


@pytest.fixture
def old_hash(rita):
    """Rita's password, hashed by what was preferred once."""
    rita.password = make_password(PASSWORD, hasher="pbkdf2_sha256")
    rita.save(update_fields=["password"])
    return rita.password


@pytest.fixture
def two_hashers(settings):
    settings.PASSWORD_HASHERS = [*settings.PASSWORD_HASHERS, "django.contrib.auth.hashers.PBKDF2PasswordHasher"]


@pytest.mark.usefixtures("two_hashers")
def test_it_is_hashed_anew_when_it_opens(rita, old_hash):
    assert passwords.opens(rita, PASSWORD)

    now = User.objects.get(pk=rita.pk).password
    assert now == rita.password != old_hash
    assert passwords.opens(rita, PASSWORD)


@pytest.mark.usefixtures("two_hashers")
def test_hashing_it_anew_does_not_bring_back_what_was_replaced_meanwhile(rita, old_hash, meanwhile):
    meanwhile(lambda: passwords.set_password(actor=None, pk=rita.pk, new=NEW))

    assert passwords.opens(rita, PASSWORD)

    assert User.objects.get(pk=rita.pk).check_password(NEW)
    assert rita.password == old_hash  # With which no session or token stands any more.


# ── The demo's, which stands in the README ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("debug", [True, False])
def test_what_opens_nothing_is_nobody_s_new_password(api_as, rita, settings, debug):
    """Else it would be taken, and no sign-in would do any more."""
    settings.DEBUG = debug
    admin = api_as("Admin")
    demo = settings.WELL_KNOWN_PASSWORD
    replaced = {"current_password": PASSWORD, "new_password": demo}

    answers = {
        "/password": admin.post("/api/v1/auth/register", a_newcomer(password=demo)),
        "/new_password": admin.post("/api/v1/auth/me/password", replaced),
    }

    if debug:
        assert [answer.status_code for answer in answers.values()] == [201, 204]
        return
    for pointer, answer in answers.items():
        assert problem_pointers(answer) == {pointer: "password_too_common"}
    with pytest.raises(Invalid):
        passwords.set_password(actor=None, pk=rita.pk, new=demo)
