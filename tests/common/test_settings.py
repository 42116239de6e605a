"""Production refuses to start on weak values, and says which."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "DEBUG": "false",
    "SECRET_KEY": "kJ8-0vT5wq_Zx3sY7bN1mRc4gHd6fLpA9uEiQoXtVhB2nWeSyKzDrCjUaGlMfPT",
    "ALLOWED_HOSTS": "erp.example.com",
    "SECURE_SSL_REDIRECT": "true",
    "SECURE_HSTS_SECONDS": "31536000",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": "true",
    "SECURE_HSTS_PRELOAD": "true",
    "DB_ENGINE": "sqlite",
}


def python(*arguments, **environment):
    """Python in a process of its own, in the backend, with this environment and no other."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    settings = {"DB_NAME": ":memory:", "REDIS_URL": "", **environment}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT / "backend",
        env=inherited | settings,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


def read_settings(**environment):
    """What every entrance does first: the server, a command, a worker."""
    shown = "import config.settings as s; print(s.DEBUG, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE)"
    return python("-c", shown, **{**PRODUCTION, **environment})


@pytest.mark.parametrize(
    "key",
    [
        "",
        "short",
        "a" * 64,
        "abcabcabc" * 10,
        "change-me-change-me-change-me-0123456789",
        "django-insecure-" + "x9" * 30,
    ],
)
def test_without_a_strong_secret_key_production_does_not_start(key):
    start = read_settings(SECRET_KEY=key)

    assert start.returncode != 0
    assert start.stderr.splitlines()[-1].startswith(
        "django.core.exceptions.ImproperlyConfigured: SECRET_KEY is missing"
    )


def test_with_a_strong_secret_key_production_starts_with_secure_cookies_and_hidden_errors():
    start = read_settings()

    assert (start.returncode, start.stdout.strip()) == (0, "False True True"), start.stderr


def test_debugging_is_off_unless_turned_on():
    assert read_settings(DEBUG="").stdout.startswith("False")


def test_a_secret_may_begin_with_a_dollar():
    shown = "import config.settings as s; print(s.DATABASES['default']['PASSWORD'], s.SECRET_KEY, s.DEMO_PASSWORD)"
    secrets = {"DB_PASSWORD": "$tr0ng", "SECRET_KEY": "$" + PRODUCTION["SECRET_KEY"], "DEMO_PASSWORD": "$HOME"}

    start = python("-c", shown, **{**PRODUCTION, "DB_ENGINE": "postgresql", **secrets})

    assert start.stdout.split() == list(secrets.values()), start.stderr


def test_an_unknown_database_engine_is_named_with_those_that_are_known():
    start = read_settings(DB_ENGINE="oracle")

    assert start.returncode != 0
    assert "DB_ENGINE is one of sqlite, mysql, postgresql, not “oracle”." in start.stderr


def test_a_relative_sqlite_path_counts_from_the_root_whatever_the_folder():
    shown = "import config.settings as s; print(s.DATABASES['default']['NAME'])"

    start = python("-c", shown, **{**PRODUCTION, "DB_NAME": "desk.sqlite3"})

    assert start.stdout.strip() == str(ROOT / "desk.sqlite3"), start.stderr


def test_djangos_deployment_check_has_nothing_to_say():
    check = python("manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)

    assert check.returncode == 0, check.stderr
    assert "no issues" in check.stdout


def test_what_binds_the_whole_domain_is_promised_only_when_asked_for():
    """W005 and W021, and nothing else: whether every other name of the domain speaks HTTPS, only the shop knows."""
    promised = dict.fromkeys(("SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD"), "")

    check = python("manage.py", "check", "--deploy", **{**PRODUCTION, **promised})

    assert set(re.findall(r"\((\w+\.\w+)\)", check.stderr)) == {"security.W005", "security.W021"}


@pytest.mark.parametrize(("given", "waits"), [("", False), ("false", False), ("true", True)])
def test_only_where_a_cluster_is_named_a_read_waits_for_the_other_nodes(given, waits):
    """A plain MySQL would refuse the variable, and should pay nothing."""
    shown = "import config.settings as s; print(s.DATABASES['default']['OPTIONS']['init_command'])"

    start = python("-c", shown, **{**PRODUCTION, "DB_ENGINE": "mysql", "DB_SYNC_WAIT": given})

    assert ("wsrep_sync_wait=1" in start.stdout) is waits, start.stderr
    assert "innodb_lock_wait_timeout=10" in start.stdout
