"""Every text that a person may read stands in the Portuguese catalogue, and says the same."""

import re
from io import BytesIO
from pathlib import Path

import pytest
import unfold
from babel.messages.extract import extract, extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.utils.translation import gettext, ngettext, override, pgettext
from django.utils.translation.template import templatize

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
OF_OTHERS = {"unfold_crispy", "delete_confirmation.html", "delete_selected_confirmation.html"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


@pytest.fixture(scope="module")
def catalogue():
    with CATALOGUE.with_suffix(".po").open("rb") as file:
        return {(message.context, message.id): message for message in read_po(file, locale="pt_BR") if message.id}


def test_what_unfold_says_by_itself_is_translated_too():
    """It has no catalogue of its own. What is not translated here is of pages and parts that no page of ours has."""
    folder = Path(unfold.__file__).parent
    pages = [*folder.glob("templates/**/*.html"), *folder.glob("templatetags/*.py")]
    said = {
        (context, message)
        for page in pages
        if not OF_OTHERS & set(page.relative_to(folder).parts)
        for _line, message, _comments, context in extract(
            "python", BytesIO(_as_python(page).encode()), keywords=KEYWORDS
        )
    }

    with override("pt-br"):
        english = {key for key in said if _translated(*key) == key[1]}

    assert len(said) > 100
    assert english == set()


def _as_python(page):
    text = page.read_text()
    return "\n".join(line.strip() for line in templatize(text).splitlines()) if page.suffix == ".html" else text


def _translated(context, message):
    if isinstance(message, tuple):
        one, many = message
        return tuple(ngettext(one, many, number) for number in (1, 2))
    return pgettext(context, message) if context else gettext(message)


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
        served = {tuple(texts_of(message.id)): texts_of(message.string) for message in read_mo(file) if message.id}

    assert served == {tuple(texts_of(message.id)): texts_of(message.string) for message in catalogue.values()}
