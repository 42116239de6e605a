"""A database that cannot hold every name is refused before it has tables: later, such a name would be a crash."""

import pytest
from django.core.checks import run_checks
from django.db import connection

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "mysql", reason="the others know no other"),
]


def found():
    return [message.id for message in run_checks(databases=["default"]) if str(message.id).startswith("order_desk.")]


@pytest.fixture
def default():
    """default("latin1"): what new tables of this database keep text as."""
    with connection.cursor() as cursor:

        def say(character_set):
            cursor.execute(f"ALTER DATABASE {connection.settings_dict['NAME']} CHARACTER SET {character_set}")

        yield say
        say("utf8mb4 COLLATE utf8mb4_unicode_520_ci")


def test_one_that_keeps_only_some_letters_is_refused(default):
    assert found() == []

    default("latin1")

    assert found() == ["order_desk.E001"]
