"""Settings are read strictly: an empty one is absent, and what is not understood is no value at all."""

import io
import os

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment


@pytest.fixture
def said(monkeypatch):
    """said("yes"): the environment says so of SETTING."""
    return lambda value: monkeypatch.setenv("SETTING", value)


@pytest.mark.parametrize("default", [True, False])
def test_an_empty_setting_is_an_absent_one(said, default):
    said(" ")

    assert environment.flag("SETTING", default) is default
    assert environment.whole("SETTING", 7, least=1) == 7
    assert environment.seconds("SETTING", 0.5) == 0.5
    assert environment.text("SETTING", "default") == "default"
    assert environment.level("SETTING", "INFO") == "INFO"
    assert environment.listed("SETTING", ["default"]) == ["default"]


@pytest.mark.parametrize(("value", "means"), [("True", True), ("on", True), ("1", True), ("No", False), ("0", False)])
def test_a_flag_is_said_in_some_ways(said, value, means):
    said(value)

    assert environment.flag("SETTING", not means) is means


@pytest.mark.parametrize("value", ["enabled", "sim", "ligado", "2", "true # here"])
def test_a_flag_in_other_words_is_refused_by_name(said, value):
    said(value)

    with pytest.raises(ImproperlyConfigured, match=f"^SETTING is true or false, not “{value}”.$"):
        environment.flag("SETTING", True)


@pytest.mark.parametrize("value", ["-1", "0", "1.5", "x", "1_000", "٣", "9" * 20])
def test_a_number_out_of_its_bounds_is_refused_by_name(said, value):
    said(value)

    with pytest.raises(ImproperlyConfigured, match=f"^SETTING is a whole number, at least 1, not “{value}”.$"):
        environment.whole("SETTING", 5, least=1)


@pytest.mark.parametrize("value", ["-0.1", "nan", "inf", "soon"])
def test_no_work_is_done_every_so_many_seconds_that_are_none(said, value):
    said(value)

    with pytest.raises(ImproperlyConfigured, match=f"^SETTING is a number of seconds, at least 0, not “{value}”.$"):
        environment.seconds("SETTING", 10)


def test_never_is_a_number_of_seconds_too(said):
    said("0")

    assert environment.seconds("SETTING", 10) == 0


def test_a_level_is_said_in_any_case(said):
    said("debug")

    assert environment.level("SETTING", "INFO") == "DEBUG"


def test_an_address_with_a_password_that_is_refused_is_not_shown(said):
    said("reddis://:hunter2@cache")

    with pytest.raises(ImproperlyConfigured, match="SETTING") as refusal:
        environment.checked("SETTING", "", int_of_nothing)

    assert "hunter2" not in str(refusal.value)


def int_of_nothing(_said):
    raise ValueError("no address")


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("SETTING=true # here", "true"),
        ("SETTING=8104\t# the desk", "8104"),
        ("SETTING= # nothing", ""),
        ("SETTING=pass#word", "pass#word"),
        ("SETTING='pass #word' # in quotes", "pass #word"),
        ('SETTING="pass #\\"word"', 'pass #"word'),
        ("SETTING = 8104", "8104"),
        ("  export SETTING=8104  ", "8104"),
        ("SETTING=a=b", "a=b"),
        ("SETTING=redis://cache:6379/0?a=b", "redis://cache:6379/0?a=b"),
    ],
)
def test_a_line_of_the_file_is_read_as_docker_compose_reads_it(monkeypatch, line, value):
    read: dict[str, str] = {}
    monkeypatch.setattr(environ.Env, "ENVIRON", read)

    environ.Env.read_env(io.StringIO(environment.plain(f"# SETTING=no\n\n{line}\n")))

    assert read == {"SETTING": value}


@pytest.mark.parametrize(("outside", "means"), [("other", "other"), ("", "inside"), (" ", "inside"), (None, "inside")])
def test_what_is_empty_outside_is_what_the_file_says(monkeypatch, outside, means):
    """As Docker Compose hands on a line without a value, and as the Makefile reads it."""
    if outside is None:
        monkeypatch.delenv("SETTING", raising=False)
    else:
        monkeypatch.setenv("SETTING", outside)
    monkeypatch.setenv("ANOTHER", "")

    environment.read("SETTING = inside\n")

    assert environment.text("SETTING") == means
    assert os.environ["ANOTHER"] == ""
    monkeypatch.setenv("SETTING", "")  # So that it is taken back what the file has set.
