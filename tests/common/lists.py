"""Lists, as the tests that walk them speak of them."""

import re
from itertools import chain

PATH = "/api/v1/customers"


def names(answer):
    return [row["name"] for row in answer.json()["results"]]


def flat(pages):
    return list(chain.from_iterable(pages))


def links(answer):
    """{"next": …, "prev": …} of the Link header (RFC 8288)."""
    return {relation: url for url, relation in re.findall(r'<([^>]*)>; rel="(\w+)"', answer.headers.get("Link", ""))}


def walk(api, url, direction="next"):
    """Every page from here on, in this direction."""
    while url:
        answer = api.get(url)
        assert answer.status_code == 200, answer.content
        yield answer
        url = answer.json()[direction]
