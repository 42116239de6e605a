"""Every text that a person may read stands in the Portuguese catalogue, and says the same."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

BACKEND = Path(__file__).resolve().parents[2] / "backend"
CATALOGUE = BACKEND / "locale" / "pt_BR" / "LC_MESSAGES" / "django"
# As in the Makefile.
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


@pytest.fixture(scope="module")
def catalogue():
    with CATALOGUE.with_suffix(".po").open("rb") as file:
        return {(message.context, message.id): message for message in read_po(file, locale="pt_BR") if message.id}


def texts_of(message):
    """The text; or singular and plural."""
    return [message] if isinstance(message, str) else list(message)


def test_every_text_in_the_code_is_in_the_catalogue(catalogue):
    found = {
        (context, message) for _file, _line, message, _comments, context in extract_from_dir(BACKEND, keywords=KEYWORDS)
    }

    assert len(found) > 100
    assert found - set(catalogue) == set()


def test_the_catalogue_holds_no_text_that_the_code_has_forgotten(catalogue):
    found = {
        (context, message) for *_where, message, _comments, context in extract_from_dir(BACKEND, keywords=KEYWORDS)
    }

    assert set(catalogue) - found == set()


def test_every_text_is_translated_and_no_translation_is_a_guess(catalogue):
    empty = [message.id for message in catalogue.values() if not all(texts_of(message.string))]
    guessed = [message.id for message in catalogue.values() if message.fuzzy]

    assert empty == []
    assert guessed == []


def test_every_translation_fills_in_the_same_facts(catalogue):
    for message in catalogue.values():
        facts = set(PLACEHOLDER.findall(texts_of(message.id)[-1]))
        for translated in texts_of(message.string):
            assert set(PLACEHOLDER.findall(translated)) == facts, message.id


def test_no_template_hides_a_text_from_the_catalogue():
    """The catalogue is collected from Python only: a template is given its texts by the code."""
    translating = re.compile(r"{%\s*(blocktrans|trans)")

    hiding = [path.name for path in BACKEND.rglob("*.html") if translating.search(path.read_text())]

    assert hiding == []


def test_what_is_served_is_what_was_translated(catalogue):
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        served = {(message.context, message.id): message.string for message in read_mo(file) if message.id}

    assert served == {key: message.string for key, message in catalogue.items()}
