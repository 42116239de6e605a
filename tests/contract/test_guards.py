"""`make guards` removes each guard once and sees who notices. Here: is what it would remove still there?"""

import pytest

from tests.fire.application import ROOT
from tests.fire.guards import GUARDS
from tests.fire.scenarios import SCENARIOS


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_the_words_that_keep_a_promise_stand_where_the_table_says(guard):
    assert guard.lost(ROOT) == []


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_whoever_should_notice_is_there(guard):
    assert all((ROOT / name).exists() for name in guard.tests.split())
    if guard.scenario:
        [scenario] = [row for row in SCENARIOS if row.name == guard.scenario]
        assert (guard.database or "mariadb") in scenario.databases
