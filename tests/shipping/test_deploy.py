"""The small programs in the image: they run before, or beside, the application."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"


def run(program, **environment):
    return subprocess.run(
        [sys.executable, DEPLOY / program], capture_output=True, text=True, check=False, env=os.environ | environment
    )


@pytest.fixture
def secrets_made(tmp_path, monkeypatch):
    """secrets_made(DB_PASSWORD="…"): the files after one more start."""
    for name in ("DB_PASSWORD", "DB_ROOT_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    for folder in ("app", "db"):
        (tmp_path / folder).mkdir()

    def make(**given):
        done = run("make_secrets.py", SECRETS_ROOT=str(tmp_path), **given)
        assert done.returncode == 0, done.stderr
        assert done.stdout == done.stderr == ""
        return {str(file.relative_to(tmp_path)): file.read_text() for file in tmp_path.rglob("*") if file.is_file()}

    return make


def test_the_first_start_makes_strong_secrets_and_the_second_keeps_them(secrets_made):
    made = secrets_made()

    assert set(made) == {"app/demo_password", "app/secret_key", "app/secrets.env", "db/password", "db/root_password"}
    assert made["app/secrets.env"] == f"SECRET_KEY={made['app/secret_key']}\nDB_PASSWORD={made['db/password']}\n"
    assert min(len(made[name]) for name in ("app/secret_key", "db/password", "db/root_password")) >= 64
    assert len(set(made.values())) == len(made)
    assert secrets_made() == made


def test_nobody_else_may_read_them(secrets_made, tmp_path):
    secrets_made()

    assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.rglob("*") if file.is_file()} == {0o400}


def test_what_the_shop_says_itself_is_taken_and_not_written_where_the_application_reads(secrets_made):
    made = secrets_made(DB_PASSWORD="said by the shop")

    assert made["db/password"] == "said by the shop"
    assert "DB_PASSWORD" not in made["app/secrets.env"]  # It comes in by the environment.
    assert secrets_made()["db/password"] == "said by the shop"


def test_the_health_check_sees_a_server_that_is_well(live_server):
    port = live_server.url.rpartition(":")[2]

    assert run("healthcheck.py", PORT=port, ALLOWED_HOSTS="localhost,example.com").returncode == 0


def test_the_health_check_sees_one_that_refuses_its_name(live_server):
    done = run("healthcheck.py", PORT=live_server.url.rpartition(":")[2], ALLOWED_HOSTS="elsewhere.example.com")

    assert done.returncode == 1
    assert done.stderr.startswith("400")


def test_the_health_check_sees_nobody():
    assert "no answer" in run("healthcheck.py", PORT="9").stderr
