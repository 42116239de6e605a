"""`make guards` removes each guard once and sees who notices. Here: is what it would remove still there?"""

import shutil
import subprocess
import sys

import pytest

from tests.fire.application import ROOT
from tests.fire.guards import GUARDS
from tests.fire.scenarios import SCENARIOS


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_the_words_that_keep_a_promise_stand_where_the_table_says(guard):
    assert guard.lost(ROOT) == []


def test_what_is_left_without_one_names_nothing_that_is_not_there(tmp_path):
    """Else everything fails, and nothing is proved; some of the programs that ask would then ask for ever."""
    for guard in GUARDS:
        for name in {name for name, _words, _replacement in guard.edits}:
            copy = tmp_path / guard.name / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy)
        guard.remove(tmp_path / guard.name)

    ruff = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--select", "F821", "-q"]
    found = subprocess.run([*ruff, "--output-format", "concise", tmp_path], capture_output=True, text=True, check=False)

    assert (found.returncode, found.stdout) == (0, "")


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_whoever_should_notice_is_there(guard):
    assert all((ROOT / name).exists() for name in guard.tests.split())
    if guard.scenario:
        [scenario] = [row for row in SCENARIOS if row.name == guard.scenario]
        assert (guard.database or "mariadb") in scenario.databases
