"""The support interface: one page at each of its addresses, its files for good, and a way on where it was not built."""

import re

import pytest
from django.test import Client

from apps.common.web import SCREENS
from tests.problems import refusal

ADDRESSES = ["/", *(f"/{screen}" for screen in SCREENS), "/orders/new", "/orders/12/picking", "/customers/7?tab=orders"]
PAGE = """<!doctype html><meta property="csp-nonce" nonce="__CSP_NONCE__">
<script type="module" src="/static/web/assets/index-B1c2D3e4.js" nonce="__CSP_NONCE__"></script>"""
SCRIPT = "console.log('desk')"


@pytest.fixture
def nobody():
    return Client(raise_request_exception=False)


@pytest.fixture
def built(settings, tmp_path):
    """A build of the interface, such as `npm run build` leaves."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "favicon.svg").write_text("<svg/>")
    (tmp_path / "assets" / "index-B1c2D3e4.js").write_text(SCRIPT)
    settings.WEB_DIST = tmp_path
    settings.STATICFILES_DIRS = [("web", tmp_path)]
    return tmp_path


@pytest.fixture
def unbuilt(settings, tmp_path):
    settings.WEB_DIST = tmp_path / "nothing"


def policy(answer):
    directives = (part.split() for part in answer.headers["Content-Security-Policy"].split(";") if part.strip())
    return {name: sources for name, *sources in directives}


@pytest.mark.parametrize("address", ADDRESSES)
def test_each_address_of_a_screen_answers_the_page(nobody, built, address):
    answer = nobody.get(address)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert b"index-B1c2D3e4.js" in answer.content
    assert nobody.head(address).status_code == 200


@pytest.mark.parametrize(
    "address", ["/nope", "/ordersx", "/order", "/static/web/assets/gone-00000000.js", "/index.html"]
)
def test_any_other_address_is_a_problem(nobody, built, address):
    assert refusal(nobody.get(address)) == (404, "not_found")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/api", "/api/", "/api/v1", "/api/v1/nope", "/api/v2/orders"])
def test_an_unknown_address_of_the_api_stays_a_problem(nobody, built, address):
    assert refusal(nobody.get(address)) == (404, "not_found")


def test_a_page_is_only_read(nobody, built):
    assert refusal(Client(raise_request_exception=False).post("/orders")) == (405, "method_not_allowed")


def test_the_page_is_asked_for_each_time(nobody, built):
    assert nobody.get("/orders").headers["Cache-Control"] == "no-cache"

    (built / "index.html").write_text("a newer build")

    assert nobody.get("/orders").content == b"a newer build"


def test_only_styles_with_the_nonce_of_this_request_are_let_in_and_no_inline_script(nobody, built):
    first, second = nobody.get("/"), nobody.get("/")

    told = policy(first)
    [nonce] = set(re.findall(r'nonce="([^"]+)"', first.content.decode()))
    assert told["script-src"] == told["default-src"] == ["'self'"]
    assert told["style-src"] == ["'self'", f"'nonce-{nonce}'"]
    assert (told["frame-ancestors"], told["object-src"], told["base-uri"]) == (["'none'"], ["'none'"], ["'self'"])
    assert len(nonce) >= 16
    assert nonce.encode() not in second.content


def test_the_page_leaves_no_cookie_so_that_its_script_knows_when_nobody_has_signed_in(nobody, built):
    """Signing in brings the CSRF cookie; without it the script need not ask who is there, and be told 401."""
    assert not nobody.get("/").cookies


def test_its_files_are_kept_for_good_because_another_content_has_another_name(nobody, built):
    script = nobody.get("/static/web/assets/index-B1c2D3e4.js")
    icon = nobody.get("/static/web/favicon.svg")

    assert b"".join(script) == SCRIPT.encode()
    assert "immutable" in script.headers["Cache-Control"]
    assert "max-age=315360000" in script.headers["Cache-Control"]
    assert "immutable" not in icon.headers["Cache-Control"]


def test_its_files_travel_compressed_where_the_build_compressed_them(nobody, built):
    (built / "assets" / "index-B1c2D3e4.js.gz").write_bytes(b"compressed")

    answer = nobody.get("/static/web/assets/index-B1c2D3e4.js", headers={"Accept-Encoding": "gzip"})

    assert (answer.headers["Content-Encoding"], b"".join(answer)) == ("gzip", b"compressed")
    assert "Accept-Encoding" in answer.headers["Vary"]


@pytest.mark.parametrize("address", ["/", "/orders"])
def test_where_it_was_not_built_a_page_in_both_languages_leads_on(nobody, unbuilt, address):
    answer = nobody.get(address)

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "A API está no ar" in text
    assert "The API is up" in text
    for link in re.findall(r'<(?:a|link)[^>]* href="([^"]+)"', text):
        assert link.startswith("/")
    for link in ("/docs", "/redoc", "/admin/"):
        assert f'href="{link}"' in text
    for static in re.findall(r'href="(/static/[^"]+)"', text):
        assert nobody.get(static).status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"
