"""No page loads anything from another host, and the browser is told to see to it."""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest

pytestmark = pytest.mark.django_db
PAGES = ["/docs", "/redoc", "/admin/login/"]


class References(HTMLParser):
    """What a page makes a browser load."""

    def __init__(self):
        super().__init__()
        self.found = []
        self.inline_scripts = 0

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag in {"script", "img", "iframe", "source", "video", "audio", "embed"} and given.get("src"):
            self.found.append(given["src"])
        if tag == "link" and given.get("href"):
            self.found.append(given["href"])
        if tag == "redoc":
            self.found.append(given["spec-url"])
        if tag == "script" and "src" not in given and given.get("type", "") in {"", "text/javascript", "module"}:
            self.inline_scripts += 1
        self.found += [given[name] for name in ("data-src", "poster") if given.get(name)]


def read(client, page):
    answer = client.get(page)
    assert answer.status_code == 200
    html = References()
    html.feed(answer.content.decode())
    return html


def policy(answer):
    """{"script-src": ["'self'"], …}"""
    directives = (part.split() for part in answer.headers["Content-Security-Policy"].split(";") if part.strip())
    return {name: sources for name, *sources in directives}


@pytest.mark.parametrize(
    "path", [*PAGES, "/", "/health", "/api/schema", "/api/v1/auth/me", "/nope", "/static/nope.js", "/admin/"]
)
def test_every_answer_carries_the_policy(client, path):
    told = policy(client.get(path))

    assert told["default-src"] == ["'self'"]
    assert told["object-src"] == ["'none'"]
    assert told["frame-ancestors"] == ["'none'"]
    assert told["base-uri"] == ["'self'"]


@pytest.mark.parametrize("path", PAGES)
def test_no_page_may_run_inline_scripts_or_load_from_another_host(client, path):
    told = policy(client.get(path))

    scripts = told.get("script-src", told["default-src"])
    assert "'unsafe-inline'" not in scripts
    assert {source for sources in told.values() for source in sources} <= {
        "'self'",
        "'none'",
        "'unsafe-inline'",
        "'unsafe-eval'",
        "data:",
        "blob:",
    }


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_the_documentation_needs_no_inline_script(client, path):
    assert read(client, path).inline_scripts == 0


@pytest.mark.parametrize("path", PAGES)
def test_a_page_refers_to_this_host_only(client, path):
    references = read(client, path).found

    assert references
    for reference in references:
        assert urlsplit(urljoin(f"http://testserver{path}", reference)).netloc in {"testserver", ""}, reference


@pytest.mark.parametrize("path", PAGES)
def test_whatever_a_page_refers_to_is_there(client, path):
    for reference in read(client, path).found:
        if not reference.startswith("data:"):
            assert client.get(urljoin(path, reference)).status_code == 200, reference


def test_the_style_sheets_of_the_admin_refer_to_this_host_only(client):
    for reference in read(client, "/admin/login/").found:
        if reference.endswith(".css"):
            text = b"".join(client.get(reference)).decode()
            assert not re.findall(r"url\(['\"]?(?:https?:)?//", text), reference
            assert not re.findall(r"@import\s+(?:url\()?['\"]?(?:https?:)?//", text), reference


def test_the_documentation_reads_the_schema_of_this_host(client):
    assert "/api/schema" in read(client, "/redoc").found
    script = next(src for src in read(client, "/docs").found if "script" in src or "?" in src)
    assert "/api/schema" in client.get(script).content.decode()


@pytest.mark.parametrize("path", [*PAGES, "/api/v1/auth/me", "/nope"])
def test_every_answer_is_taken_for_what_it_says_and_shown_in_no_frame(client, path):
    headers = client.get(path).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_no_cache_keeps_an_answer_for_somebody_else(manager):
    answer = manager.get("/api/v1/customers")

    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Cookie", "Accept-Language"} <= set(answer.headers["Vary"].split(", "))
