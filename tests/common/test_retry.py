"""When the database says "start over", the whole transaction starts over; bounded, and never for anything else."""

import sqlite3
from contextlib import nullcontext
from dataclasses import dataclass

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from structlog.testing import capture_logs

from apps.common import retry
from apps.common.errors import Unavailable
from apps.common.retry import persist, transactional
from tests.common.database_errors import error_of


class PartlyAnswered(Exception):
    """As the driver's: it knows how many statements of its packet had not been answered."""

    def __init__(self, unanswered):
        super().__init__("refused")
        self.unanswered = unanswered


CONTENDED = {"sqlite": "database is locked", "mysql": 1213, "postgresql": "40P01"}


def contention():
    return error_of(connection.vendor, CONTENDED[connection.vendor])


@pytest.fixture(autouse=True)
def pauses(monkeypatch):
    """The pauses that were made, without making them."""
    made: list[float] = []
    monkeypatch.setattr("apps.common.retry.time.sleep", made.append)
    return made


@dataclass
class Work:
    """Fails so many times, then answers "done"; counts how often it was called."""

    failures: int
    error: Exception | None = None
    calls: int = 0
    __name__ = "work"

    def __call__(self) -> str:
        self.calls += 1
        if self.calls <= self.failures:
            raise self.error or contention()
        return "done"


@pytest.mark.parametrize("failures", [0, 1, 5, retry.ATTEMPTS - 1])
def test_work_is_called_again_until_it_gets_through(failures):
    run = Work(failures)

    assert persist(run) == "done"
    assert run.calls == failures + 1


def test_work_that_never_gets_through_ends_as_unavailable():
    run = Work(10**6)

    with pytest.raises(Unavailable) as refusal:
        persist(run)

    assert run.calls == retry.ATTEMPTS
    assert (refusal.value.retry_after or 0) >= 1


def test_the_pauses_grow_and_stay_bounded(pauses):
    with pytest.raises(Unavailable):
        persist(Work(10**6))

    assert len(pauses) == retry.ATTEMPTS - 1
    for attempt, pause in enumerate(pauses, start=1):
        assert 0 <= pause <= min(retry.LONGEST_PAUSE, retry.FIRST_PAUSE * 2**attempt)


def test_nobody_waits_beyond_the_patience_of_a_client(monkeypatch):
    clock = iter(range(0, 10**6, 11))
    monkeypatch.setattr("apps.common.retry.time.monotonic", lambda: next(clock))
    run = Work(10**6)

    with pytest.raises(Unavailable):
        persist(run)

    assert run.calls == 3  # After 11, 22 and 33 seconds; the third is beyond thirty.


@pytest.mark.parametrize(
    "error", [OperationalError("no such table: nope"), IntegrityError("unique"), ValueError("ours"), KeyError("ours")]
)
def test_any_other_error_is_raised_at_once(error):
    run = Work(1, error)

    with pytest.raises(type(error)):
        persist(run)

    assert run.calls == 1


def test_a_line_about_another_attempt_tells_the_number_and_not_the_words():
    error = error_of(connection.vendor, CONTENDED[connection.vendor])
    error.args = (*error.args[:-1], f"{error.args[-1]}: Key (document)=(52998224725) already exists")

    with capture_logs() as logs:
        persist(Work(1, error))

    told = {"sqlite": "OperationalError", "mysql": 1213, "postgresql": "40P01"}[connection.vendor]
    assert [(line["event"], line["error"]) for line in logs] == [("transaction_contended", told)]


@pytest.mark.parametrize(
    ("error", "number"),
    [
        (error_of("mysql", 1213), 1213),
        (error_of("postgresql", "40P01"), "40P01"),
        (OperationalError("server closed the connection"), "OperationalError"),
        (InterfaceError(), "InterfaceError"),
    ],
)
def test_an_error_is_told_by_its_number_or_by_its_kind(error, number):
    assert retry.number_of(error) == number


def test_an_error_of_sqlite_is_told_by_its_name():
    with pytest.raises(sqlite3.Error) as cause:
        sqlite3.connect("/")
    error = OperationalError(*cause.value.args)
    error.__cause__ = cause.value

    assert retry.number_of(error) == "SQLITE_CANTOPEN"


@pytest.mark.django_db(transaction=True)
def test_each_attempt_is_a_transaction_of_its_own_and_only_the_last_one_stays():
    attempts: list[Group] = []

    @transactional
    def found_a_group():
        attempts.append(Group.objects.create(name=f"group {len(attempts)}"))
        if len(attempts) < 3:
            raise contention()

    found_a_group()

    assert list(Group.objects.filter(name__startswith="group ").values_list("name", flat=True)) == ["group 2"]


@pytest.mark.django_db(transaction=True)
def test_a_refusal_leaves_nothing_behind():
    @transactional
    def found_a_group():
        Group.objects.create(name="group")
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        found_a_group()

    assert not Group.objects.filter(name="group").exists()


@pytest.mark.django_db
def test_inside_a_transaction_of_the_caller_nothing_is_tried_again():
    run = Work(1)

    with transaction.atomic(), pytest.raises(OperationalError):
        transactional(run)()

    assert run.calls == 1


@pytest.mark.django_db
def test_inside_a_transaction_of_the_caller_a_refusal_undoes_its_own_part_only():
    @transactional
    def found_a_group():
        Group.objects.create(name="inner")
        raise ValueError

    with transaction.atomic():
        Group.objects.create(name="outer")
        with pytest.raises(ValueError):  # noqa: PT011
            found_a_group()

    names = Group.objects.filter(name__in=["inner", "outer"]).values_list("name", flat=True)
    assert list(names) == ["outer"]


class Gone(OperationalError):
    """The server went away, whatever server the suite runs on."""


@pytest.fixture
def a_server_that_goes_away(monkeypatch):
    monkeypatch.setattr(retry, "away", lambda error: isinstance(error, Gone))
    monkeypatch.setattr(retry, "can_reconnect", retry.away)


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_lost_its_server_before_the_commit_is_run_again(a_server_that_goes_away):
    run = Work(retry.RECONNECTIONS, Gone(2013))

    assert transactional(run)() == "done"
    assert run.calls == retry.RECONNECTIONS + 1


@pytest.mark.django_db(transaction=True)
def test_a_server_that_stays_away_is_not_waited_for(a_server_that_goes_away, pauses):
    run = Work(10**6, Gone(2013))

    with pytest.raises(Gone):
        transactional(run)()

    assert run.calls == retry.RECONNECTIONS + 1
    assert sum(pauses) <= retry.RECONNECTIONS * retry.LONGEST_PAUSE


@pytest.mark.django_db(transaction=True)
def test_a_server_that_took_long_to_fail_is_not_asked_again(a_server_that_goes_away, monkeypatch):
    clock = iter(range(0, 10**6, 11))
    monkeypatch.setattr("apps.common.retry.time.monotonic", lambda: next(clock))
    run = Work(10**6, Gone(2013))

    with pytest.raises(Gone):
        transactional(run)()

    assert run.calls == 1


@pytest.mark.django_db(transaction=True)
def test_what_may_have_been_committed_is_never_run_again(a_server_that_goes_away, monkeypatch):
    run = Work(0)

    def lose_the_answer():
        raise Gone(2013)

    monkeypatch.setattr(connection, "commit", lose_the_answer)
    with pytest.raises(Unavailable) as refusal:
        transactional(run)()

    assert run.calls == 1
    assert not refusal.value.rolled_back
    assert "Nothing was changed" not in refusal.value.explain()


@pytest.mark.parametrize(
    ("code", "unanswered", "runs"), [(1047, 3, 2), (1927, 2, 2), (4031, 2, 2), (1180, 1, 1), (2013, 3, 1), (2006, 1, 1)]
)
@pytest.mark.django_db(transaction=True)
def test_what_a_server_refused_before_it_came_to_the_commit_is_run_again(monkeypatch, code, unanswered, runs):
    """The last statements go with the COMMIT: of a lost connection nobody knows how far the server came."""
    if connection.vendor != "mysql":
        pytest.skip("Only MySQL tells which statement of a packet it refused")
    commit, work, refusals = connection.commit, Work(0), [OperationalError(code, "refused")]
    refusals[0].__cause__ = PartlyAnswered(unanswered)

    def refuse_once():
        if refusals:
            raise refusals.pop()
        commit()

    monkeypatch.setattr(connection, "commit", refuse_once)

    with nullcontext() if runs == 2 else pytest.raises(Unavailable):
        transactional(work)()

    assert work.calls == runs


@pytest.mark.django_db(transaction=True)
def test_a_commit_that_lost_against_another_node_is_run_again(monkeypatch):
    commit, refusals = connection.commit, [contention(), contention()]

    def refuse_twice():
        if refusals:
            raise refusals.pop()
        commit()

    monkeypatch.setattr(connection, "commit", refuse_twice)

    @transactional
    def found_a_group():
        Group.objects.create(name="group")

    found_a_group()

    assert Group.objects.filter(name="group").count() == 1


def test_what_is_more_than_one_transaction_is_not_run_again_on_another_connection(a_server_that_goes_away):
    run = Work(1, Gone(2013))

    with pytest.raises(Gone):
        persist(run)

    assert run.calls == 1


KILL_OURSELVES = {
    "mysql": "KILL CONNECTION_ID()",
    "postgresql": "SELECT pg_terminate_backend(pg_backend_pid())",
}


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_connection_that_an_administrator_kills_costs_one_more_attempt():
    attempts: list[Group] = []

    @transactional
    def found_a_group():
        attempts.append(Group.objects.create(name=f"group {len(attempts)}"))
        if len(attempts) == 1:
            with connection.cursor() as cursor:
                cursor.execute(KILL_OURSELVES[connection.vendor])
                cursor.execute("SELECT 1")

    found_a_group()

    assert list(Group.objects.filter(name__startswith="group ").values_list("name", flat=True)) == ["group 1"]
