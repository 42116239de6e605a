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
        "CHANGE_ME_CHANGE_ME_CHANGE_ME_0123456789",
        "please-change-this-secret-key-in-production",
        "your-secret-key-here-your-secret-key-here",
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


@pytest.mark.parametrize("name", ["COOKIE_SECURE", "RATE_LIMIT_ENABLED"])
def test_what_is_on_stays_on_where_it_is_said_empty(name):
    shown = "import config.settings as s; print(s.SESSION_COOKIE_SECURE, s.RATE_LIMIT_ENABLED)"

    assert python("-c", shown, **{**PRODUCTION, name: ""}).stdout.strip() == "True True"


@pytest.mark.parametrize(
    ("name", "said", "told"),
    [
        ("COOKIE_SECURE", "enabled", "COOKIE_SECURE is true or false, not “enabled”."),
        ("RATE_LIMIT_ENABLED", "sim", "RATE_LIMIT_ENABLED is true or false, not “sim”."),
        ("SECURE_SSL_REDIRECT", "ligado", "SECURE_SSL_REDIRECT is true or false, not “ligado”."),
        ("TRUSTED_PROXIES", "-1", "TRUSTED_PROXIES is a whole number, at least 0, not “-1”."),
        ("TRUSTED_PROXIES", "x", "TRUSTED_PROXIES is a whole number, at least 0, not “x”."),
        ("LOGIN_LOCK_AFTER", "0", "LOGIN_LOCK_AFTER is a whole number, at least 1, not “0”."),
        ("LOGIN_LOCK_MINUTES", "-1", "LOGIN_LOCK_MINUTES is a whole number, at least 1, not “-1”."),
        ("LOG_LEVEL", "loud", "LOG_LEVEL is one of DEBUG, INFO, WARNING, ERROR, CRITICAL, not “loud”."),
        ("RATE_LIMIT_DEFAULT", "abc", "RATE_LIMIT_DEFAULT cannot be used: A rate limit looks like “600/minute”"),
        ("RATE_LIMIT_LOGIN", "0/minute", "RATE_LIMIT_LOGIN cannot be used: A rate limit looks like “600/minute”"),
        ("REDIS_URL", "foo", "REDIS_URL cannot be used: Redis URL must specify one of the following schemes"),
    ],
)
def test_what_is_not_understood_stops_the_start_and_is_named(name, said, told):
    start = read_settings(**{name: said})

    assert start.returncode != 0
    assert start.stderr.splitlines()[-1].startswith(f"django.core.exceptions.ImproperlyConfigured: {told}")


@pytest.mark.parametrize("name", ["WEB_CONCURRENCY", "WEB_THREADS"])
def test_a_server_without_workers_or_threads_does_not_start(name):
    check = ("-m", "gunicorn", "--check-config", "--config", "config/gunicorn.py", "config.wsgi:application")

    start = python(*check, **{**PRODUCTION, name: "0"})

    assert start.returncode != 0
    assert f"{name} is a whole number, at least 1, not “0”." in start.stderr


def test_every_line_of_the_example_may_be_uncommented():
    """Each shows its default: none changes anything, but for the key and the names, which have none."""
    example = re.sub(r"^#(?=\w+=)", "", (ROOT / ".env.example").read_text(), flags=re.MULTILINE)
    lines = [line.partition("=") for line in example.splitlines() if line and not line.startswith("#")]
    said = {name: value for name, _equals, value in lines} | {"SECRET_KEY": PRODUCTION["SECRET_KEY"]}

    check = python("manage.py", "check", **said)
    server = python(
        "-m", "gunicorn", "--check-config", "--config", "config/gunicorn.py", "config.wsgi:application", **said
    )

    assert len(said) > 40
    assert (check.returncode, server.returncode) == (0, 0), check.stderr + server.stderr


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
