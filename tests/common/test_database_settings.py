"""How the database that is named is connected to."""

import json

import pytest

from tests.common.test_settings import PRODUCTION, python


@pytest.mark.parametrize(("given", "waits"), [("", False), ("false", False), ("true", True)])
def test_only_where_a_cluster_is_named_a_read_waits_for_the_other_nodes(given, waits):
    """A plain MySQL would refuse the variable, and should pay nothing."""
    shown = "import config.settings as s; print(s.DATABASES['default']['OPTIONS']['init_command'])"

    start = python("-c", shown, **{**PRODUCTION, "DB_ENGINE": "mysql", "DB_SYNC_WAIT": given})

    assert ("wsrep_sync_wait=1" in start.stdout) is waits, start.stderr
    assert "innodb_lock_wait_timeout=10" in start.stdout


@pytest.mark.parametrize(("given", "most"), [("7", "7s"), ("", "0s")])
def test_a_statement_that_postgresql_does_not_come_to_an_end_with_is_ended(given, most):
    """A command, which this is, may take as long as it takes unless told otherwise."""
    shown = "import config.settings as s; print(s.DATABASES['default']['OPTIONS']['options'])"

    start = python("-c", shown, **{**PRODUCTION, "DB_ENGINE": "postgresql", "DB_READ_TIMEOUT": given})

    assert f"-c statement_timeout={most}" in start.stdout, start.stderr


@pytest.mark.parametrize(
    ("given", "options"),
    [
        ({"DB_ENGINE": "mysql"}, {}),
        ({"DB_ENGINE": "mysql", "DB_TLS": "require"}, {"ssl_mode": "REQUIRED"}),
        ({"DB_ENGINE": "mysql", "DB_TLS": "verify"}, {"ssl_mode": "VERIFY_IDENTITY", "ssl": {}}),
        (
            {"DB_ENGINE": "mysql", "DB_TLS": "Verify", "DB_TLS_CA": "/ca.pem"},
            {"ssl_mode": "VERIFY_IDENTITY", "ssl": {"ca": "/ca.pem"}},
        ),
        ({"DB_ENGINE": "postgresql"}, {}),
        ({"DB_ENGINE": "postgresql", "DB_TLS": "require"}, {"sslmode": "require"}),
        ({"DB_ENGINE": "postgresql", "DB_TLS": "verify"}, {"sslmode": "verify-full", "sslrootcert": "system"}),
        (
            {"DB_ENGINE": "postgresql", "DB_TLS": "verify", "DB_TLS_CA": "/ca.pem"},
            {"sslmode": "verify-full", "sslrootcert": "/ca.pem"},
        ),
    ],
)
def test_a_server_is_spoken_to_in_secret_where_that_is_asked_for(given, options):
    shown = "import config.settings as s, json; print(json.dumps(s.DATABASES['default']['OPTIONS']))"

    start = python("-c", shown, **{**PRODUCTION, **given})

    found = json.loads(start.stdout)
    assert {name: value for name, value in found.items() if name.startswith("ssl")} == options


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"DB_ENGINE": "mysql", "DB_TLS": "true"}, "DB_TLS is require or verify"),
        ({"DB_ENGINE": "mysql", "DB_TLS_CA": "/ca.pem"}, "DB_TLS=verify"),
        ({"DB_ENGINE": "mysql", "DB_TLS": "require", "DB_TLS_CA": "/ca.pem"}, "DB_TLS=verify"),
    ],
)
def test_what_would_be_less_secret_than_it_reads_stops_the_start(given, told):
    start = python("-c", "import config.settings", **{**PRODUCTION, **given})

    assert start.returncode != 0
    assert told in start.stderr
