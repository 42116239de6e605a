"""The operating guide: what it tells to type is typed here, as far as that needs no Docker; CI types the rest."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
MAKES_OWN = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "ARGS")
GUIDE = ROOT / "docs" / "GUIA_DOCKER_TESTES.md"


def check_guide(*arguments, **environment):
    # The reader's shell was not started by make: what make tells its children about itself stays outside.
    shell = {name: value for name, value in os.environ.items() if name not in MAKES_OWN}
    return subprocess.run(
        [sys.executable, ROOT / "scripts" / "check_guide.py", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
        env=shell | environment,
    )


@pytest.mark.skipif(
    any(shutil.which(program) is None for program in ("bash", "curl", "make", "python3")),
    reason="The guide's reader has bash, curl, make and python3; this machine has not.",
)
def test_the_walk_of_the_guide_goes_as_it_says(live_server, a_user):
    a_user("Admin", username="rosa", superuser=True)

    done = check_guide(GUIDE, "--only", "http", API=live_server.url, USUARIO="rosa", SENHA=PASSWORD)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "7 passed, 0 failed" in done.stdout


def test_a_command_that_fails_or_prints_something_else_is_found(tmp_path):
    guide = tmp_path / "docs" / "guide.md"
    guide.parent.mkdir()
    guide.write_text(
        "```bash http\necho one\n```\n\n```text\ntwo\n```\n\n```bash http\nfalse\n```\n\n```bash http\ntrue\n```\n"
    )

    done = check_guide(guide)

    assert done.returncode == 1
    assert "line    1  printed something else" in done.stdout
    assert "line    9  failed with exit code 1" in done.stdout
    assert "not reached" in done.stdout


def test_a_command_that_nobody_would_run_is_found(tmp_path):
    guide = tmp_path / "guide.md"
    guide.write_text("```bash\necho one\n```\n")

    assert "line 1" in check_guide(guide).stderr
