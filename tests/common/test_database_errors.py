"""Every way in which a database says that it is contended, or away."""

import pytest
from django.db import InterfaceError, connection

from apps.common import retry
from apps.common.retry import away, contended
from tests.common.database_errors import error_of


@pytest.mark.parametrize(("vendor", "another"), [("mysql", True), ("postgresql", True), ("sqlite", False)])
def test_only_a_server_is_worth_another_connection(monkeypatch, vendor, another):
    monkeypatch.setattr(connection, "vendor", vendor)
    codes = {"mysql": 2006, "postgresql": "57P01", "sqlite": "disk I/O error"}

    assert retry.can_reconnect(error_of(vendor, codes[vendor])) is another


@pytest.mark.parametrize(
    ("vendor", "code"),
    [
        ("mysql", 1213),
        ("mysql", 1205),
        ("mysql", 1020),
        ("postgresql", "40001"),
        ("postgresql", "40P01"),
        ("postgresql", "55P03"),
        ("sqlite", "database is locked"),
        ("sqlite", "database table is locked: customers_customer"),
    ],
)
def test_every_way_a_database_says_start_over_is_known(monkeypatch, vendor, code):
    monkeypatch.setattr(connection, "vendor", vendor)

    assert contended(error_of(vendor, code))
    assert not away(error_of(vendor, code))


@pytest.mark.parametrize(
    ("vendor", "code"),
    [
        ("mysql", 1021),
        ("mysql", 1030),
        ("mysql", 1040),
        ("mysql", 1047),
        ("mysql", 1114),
        ("mysql", 1180),
        ("mysql", 1226),
        ("mysql", 1317),
        ("mysql", 1927),
        ("mysql", 1969),
        ("mysql", 3024),
        ("mysql", 1836),
        ("mysql", 3159),
        ("mysql", 3169),
        ("mysql", 4031),
        ("mysql", 2002),
        ("mysql", 2006),
        ("mysql", 2013),
        ("postgresql", "08006"),
        ("postgresql", "53300"),
        ("postgresql", "57P01"),
        ("postgresql", "57014"),
        ("postgresql", "25006"),
        ("postgresql", None),
        ("sqlite", "unable to open database file"),
        ("sqlite", "disk I/O error"),
        ("sqlite", "database or disk is full"),
        ("sqlite", "attempt to write a readonly database"),
    ],
)
def test_every_way_a_database_is_away_is_known(monkeypatch, vendor, code):
    monkeypatch.setattr(connection, "vendor", vendor)

    assert away(error_of(vendor, code))
    assert not contended(error_of(vendor, code))


@pytest.mark.parametrize(
    ("vendor", "code"),
    [
        ("mysql", 1054),
        ("mysql", 1146),
        ("postgresql", "42P01"),
        ("postgresql", "22P02"),
        ("sqlite", "no such column: x"),
    ],
)
def test_a_mistake_of_ours_is_neither(monkeypatch, vendor, code):
    monkeypatch.setattr(connection, "vendor", vendor)

    assert not contended(error_of(vendor, code))
    assert not away(error_of(vendor, code))


def test_a_connection_that_broke_is_away_on_every_database():
    assert away(InterfaceError("connection already closed"))
