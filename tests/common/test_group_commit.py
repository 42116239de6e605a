"""Those who come while a transaction is under way share the next one: nobody is forgotten, and nobody is delayed."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event
from time import monotonic, sleep

import pytest

from apps.common import group_commit, lock_timeouts
from apps.common.errors import Unavailable
from apps.common.group_commit import GroupCommit


class Work:
    """Doubles numbers; the first call takes until it is let go."""

    def __init__(self):
        self.calls, self.begun, self.go_on = [], Event(), Event()
        self.trouble, self.forgotten, self.impatient = {}, set(), None

    def __call__(self, items):
        self.calls.append(sorted(items))
        if len(self.calls) == 1:
            self.begun.set()
            self.go_on.wait(timeout=10)
        for item in items:
            if item in self.trouble and (len(items) > 1 or self.trouble[item] is not KeyError):
                raise self.trouble[item]()
        if self.impatient and lock_timeouts.is_short():
            raise self.impatient()
        if self.forgotten.intersection(items):
            sleep(0.1)  # The others have gone to wait by now.
        return [item * 2 for item in items if item not in self.forgotten]


@pytest.fixture
def work(monkeypatch):
    monkeypatch.setattr(group_commit, "LONGEST_LEAD", 5.0)
    return Work()


@pytest.fixture
def asked(work):
    """asked(1, 2, 3, identity=…): the first is under way while the others come; what each was answered."""

    def ask(first, *others, identity=lambda item: item):
        both = GroupCommit(work, identity)
        with ThreadPoolExecutor(len(others) + 1) as threads:
            running = [threads.submit(both, first)]
            work.begun.wait(timeout=10)
            running += [threads.submit(both, item) for item in others]
            while len(both._waiting) < len(others):
                pass
            work.go_on.set()
            return [_settled(each) for each in running]

    return ask


def _settled(running):
    error = running.exception(timeout=10)
    return type(error) if error else running.result()


def test_who_comes_alone_goes_alone_at_once(work):
    work.go_on.set()

    assert GroupCommit(work, lambda item: item)(21) == 42
    assert work.calls == [[21]]


def test_who_comes_meanwhile_goes_together(work, asked):
    assert asked(1, 2, 3, 4) == [2, 4, 6, 8]
    assert work.calls == [[1], [2, 3, 4]]


def test_the_same_thing_is_not_done_twice_in_one_call(work, asked):
    assert asked(1, 2, 12, 3, identity=lambda item: item % 10) == [2, 4, 24, 6]
    assert [sorted({item % 10 for item in call}) for call in work.calls] == [[1], [2, 3], [2]]


def test_a_call_takes_no_more_than_so_many(work, asked, monkeypatch):
    monkeypatch.setattr(group_commit, "MAX_GROUP", 4)

    assert asked(0, *range(1, 11)) == [item * 2 for item in range(11)]
    assert sorted(map(len, work.calls)) == [1, 2, 4, 4]


def test_nobody_fails_for_another_s_sake(work, asked):
    work.trouble = {3: ValueError}

    assert asked(1, 2, 3, 4) == [2, 4, ValueError, 8]


def test_what_fails_only_in_company_succeeds_alone(work, asked):
    work.trouble = {3: KeyError}

    assert asked(1, 2, 3, 4) == [2, 4, 6, 8]


def test_when_nobody_can_tell_whether_it_was_done_everybody_is_told_so_and_nothing_is_done_again(work, asked):
    work.trouble = {3: lambda: Unavailable(rolled_back=False)}

    assert asked(1, 2, 3) == [2, Unavailable, Unavailable]
    assert len(work.calls) == 2


def test_nobody_is_unavailable_for_another_s_lock(work, asked):
    work.trouble = {3: Unavailable}

    assert asked(1, 2, 3) == [2, 4, Unavailable]
    assert sorted(work.calls) == [[1], [2], [2, 3], [3]]


def test_in_company_a_lock_is_waited_for_briefly_and_alone_for_long(work, asked):
    work.impatient = partial(Unavailable, hasty=True)

    assert asked(1, 2, 3) == [2, 4, 6]
    assert sorted(work.calls) == [[1], [1], [2], [2, 3], [3]]


def test_who_was_alone_and_in_vain_does_not_begin_anew(work, asked):
    work.trouble = {1: Unavailable}

    assert asked(1) == [Unavailable]
    assert work.calls == [[1]]


def test_even_a_thread_that_is_ended_leaves_nobody_waiting(work, asked):
    work.trouble = {1: SystemExit}

    assert asked(1, 2) == [SystemExit, 4]


def test_work_that_answers_too_little_leaves_nobody_waiting_and_is_not_done_again(work, asked):
    work.forgotten = {3}

    assert asked(1, 2, 3) == [2, ValueError, ValueError]
    assert work.calls == [[1], [2, 3]]


def test_nobody_waits_long_for_a_transaction_that_waits_for_a_lock(work, monkeypatch):
    monkeypatch.setattr(group_commit, "LONGEST_LEAD", 0.1)
    both = GroupCommit(work, lambda item: item)
    with ThreadPoolExecutor(2) as threads:
        stuck = threads.submit(both, 1)
        work.begun.wait(timeout=10)
        begun = monotonic()

        assert threads.submit(both, 2).result(timeout=10) == 4
        assert 0.05 < monotonic() - begun < 2
        assert not stuck.done()
        work.go_on.set()
        assert stuck.result(timeout=10) == 2


def test_who_ends_late_lets_nobody_in_before_the_one_who_leads_now(monkeypatch):
    """The first is given up waiting for, the second begins; when the first ends, a third still waits for the second."""
    monkeypatch.setattr(group_commit, "LONGEST_LEAD", 0.1)
    ends, calls = {1: Event(), 2: Event(), 3: Event()}, []

    def work(items):
        calls.append(items)
        ends[items[0]].wait(timeout=10)
        return items

    both: GroupCommit[int, int] = GroupCommit(work, lambda item: item)
    with ThreadPoolExecutor(3) as threads:
        first = threads.submit(both, 1)
        second = threads.submit(both, 2)
        while len(calls) < 2:
            sleep(0.001)
        monkeypatch.setattr(group_commit, "LONGEST_LEAD", 10.0)
        both._led_until = monotonic() + 10
        third = threads.submit(both, 3)
        while not both._waiting:
            sleep(0.001)
        ends[calls[0][0]].set()
        (first if calls[0] == [1] else second).result(timeout=10)
        sleep(0.05)

        assert len(calls) == 2
        for end in ends.values():
            end.set()
        assert third.result(timeout=10) == 3
