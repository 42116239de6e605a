"""Sign-ins that have expired do not fill the database, whether or not their people ever come back."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from apps.authentication import expiry, tokens
from apps.authentication.models import FailedSignIns, SignIn
from apps.common.models import Submission


@pytest.fixture
def signed_in(a_user):
    """Three people by token, three by session and three in vain, one of each still; the others have expired."""
    now = timezone.now()
    for number in range(3):
        tokens.start(a_user())
        session = SessionStore()
        session["number"] = number
        session.save()
        FailedSignIns.objects.create(whom=number)
    live = SignIn.objects.earliest("pk"), Session.objects.earliest("pk"), FailedSignIns.objects.earliest("pk")
    SignIn.objects.exclude(pk=live[0].pk).update(expires_at=now - timedelta(seconds=1))
    Session.objects.exclude(pk=live[1].pk).update(expire_date=now - timedelta(seconds=1))
    FailedSignIns.objects.exclude(pk=live[2].pk).update(last_at=now - timedelta(minutes=15, seconds=1))
    return live


def test_what_has_expired_is_forgotten_and_nothing_else(signed_in):
    assert list(expiry.forget_expired()) == [2, 2, 2]

    assert (SignIn.objects.get(), Session.objects.get(), FailedSignIns.objects.get()) == signed_in
    assert list(expiry.forget_expired()) == []


def test_a_form_that_was_sent_is_remembered_as_long_as_its_page_can_be_sent_again(db, settings):
    now = timezone.now()
    for key, age in (("young", -1), ("old", 1)):
        Submission.objects.create(key=key, created_at=now - timedelta(seconds=settings.SESSION_COOKIE_AGE + 60 * age))

    assert list(expiry.forget_expired()) == [1]

    assert Submission.objects.get().key == "young"


def test_much_is_forgotten_some_at_a_time(signed_in, monkeypatch):
    monkeypatch.setattr(expiry, "MANY", 1)

    assert list(expiry.forget_expired()) == [1] * 6


def test_the_command_tells_how_many_were_forgotten(signed_in):
    out = StringIO()

    call_command("forget_expired", stdout=out)

    assert out.getvalue() == "6 rows that have expired are forgotten.\n"
    assert (SignIn.objects.count(), Session.objects.count(), FailedSignIns.objects.count()) == (1, 1, 1)
