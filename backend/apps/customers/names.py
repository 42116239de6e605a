"""Finds customers by a part of their name without looking through all the names.

Two tables, made from the names beside the requests: the words that names have, and for each word of a name, what
follows it there. A part of a name begins somewhere within a word. So the words that may hold its beginning are looked
for (there are far fewer words than names), and of what follows those, whatever goes on as the part does.

Which customers are not listed yet, or as something that they are not any more, the database knows by itself
(`Customer.unlisted`): those few are read. So what is found is what LIKE would find; the tables only decide how soon.
"""

import re
from collections.abc import Collection, Iterable, Iterator

from django.db import connection
from django.db.models import F, Q, QuerySet

from apps.common import packets, statements
from apps.common.keys import Among
from apps.common.packets import Statement
from apps.common.pagination import COUNT_CAP
from apps.common.retry import transactional
from apps.common.text import fold
from apps.customers.models import Customer, NameTail, NameWord

MAX_UNLISTED = 1_000
STRETCH = 200  # customers in a transaction: whoever wants one of them waits for so long
MANY = 1_000  # listed in a row: what PostgreSQL had counted on is not so any more
BEYOND = "\U0010ffff" * (NameTail.LENGTH + 1)  # sorts behind whatever may follow

# First the words, then the tails of each: left to themselves, MariaDB and PostgreSQL would read all tails.
WITH_TAILS = {
    "mysql": "STRAIGHT_JOIN customers_nametail tail ON {those}",
    "postgresql": "CROSS JOIN LATERAL (SELECT customer_id FROM customers_nametail tail WHERE {those} OFFSET 0) tail",
    "sqlite": "CROSS JOIN customers_nametail tail ON {those}",
}

# MySQL compares as if a shorter text went on with spaces. So nothing that sorts before a space belongs to a word.
_word = re.compile(r"[^\s\x00-\x20]+")


def ids_by_name(part: str, *, deleted: bool, most: int = COUNT_CAP) -> list[int] | None:
    """The keys of the customers whose name has this in it, whatever its case and accents; of the `deleted` ones, too?

    More than `most` keys are not all of them. None where the tables do not tell: then ask the names themselves.
    """
    wanted = fold(part)
    words = _word.findall(wanted)
    # These first: who is listed meanwhile is then among the listed, and nobody in neither.
    unlisted = list(waiting().values_list("pk", "name_folded", "deleted_at")[: MAX_UNLISTED + 1])
    if not words or len(unlisted) > MAX_UNLISTED:
        return None
    enough = most * 5 // 4 + 1  # A name may have the same word twice.
    found = _listed(words, enough, deleted=deleted)
    keys = set(found).difference(pk for pk, _name, _at in unlisted)
    exact = wanted == words[0]
    if len(found) == enough and (len(keys) <= most or not exact):
        return None
    if not exact:  # What is between the words may differ, and so may what the tails leave out.
        alike = Customer.objects.filter(Among("pk", keys), name_folded__contains=wanted).order_by()
        keys = set(alike.values_list("pk", flat=True))
    keys.update(pk for pk, name, at in unlisted if wanted in name and (deleted or at is None))
    return list(keys)


def waiting() -> QuerySet[Customer]:
    """Who is to be listed, in the order of the index that finds them: SQLite asks it for "unlisted IN (1)" only."""
    return Customer.objects.filter(unlisted__in=(True,)).order_by("name_folded")


def _listed(words: list[str], most: int, *, deleted: bool) -> list[int]:
    """Whose names have these words, one after the other: the first may be the end of one, the last a beginning.

    One question, so that words and tails are seen as they stood at the same moment.
    """
    first, *others = words
    known = NameWord.objects.filter(**{"text__endswith" if others else "text__contains": first}).values("text")
    words_asked, values = known.query.sql_with_params()
    those = "tail.word = known.text"
    if others:
        those += " AND tail.rest >= %s AND tail.rest < %s"
        values = *values, _cut(others), _cut(others) + BEYOND
    if not deleted:
        those += " AND NOT tail.deleted"
    tails = WITH_TAILS[connection.vendor].format(those=those)
    asked = f"SELECT tail.customer_id FROM ({words_asked}) known {tails} LIMIT {most}"  # noqa: S608
    (answer,) = packets.ask(Statement(asked, values))
    return [key for (key,) in answer.rows]


def tails_of(name: str) -> set[tuple[str, str]]:
    """Each word of a folded name, and what follows it, as far as it is kept."""
    words = _word.findall(name)
    return {(word, _cut(words[place:])) for place, word in enumerate(words, start=1)}


def _cut(words: list[str]) -> str:
    return " ".join(words)[: NameTail.LENGTH].rstrip()


def list_names() -> Iterator[int]:
    """List the names that are not listed, a stretch at a time; tells after each how many those were."""
    done, last = 0, ""
    while listed := _list_some(last):
        done, last = done + len(listed), listed[-1]
        yield len(listed)
    if done >= MANY and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE customers_customer (unlisted)")


@transactional
def _list_some(first: str) -> list[str]:
    """List some of the names, from the first on. Any number may do so at once: nobody waits for another's customer."""
    # No lock is taken after these that anybody else would hold.
    following = waiting().filter(name_folded__gte=first)
    locked = following.select_for_update(skip_locked=True).values_list("pk", "name_folded", "deleted_at")
    found = list(locked[:STRETCH])
    if not found:
        return []
    _add_words({word for _pk, name, _at in found for word in _word.findall(name)})
    keys = [pk for pk, _name, _at in found]
    NameTail.objects.filter(customer_id__in=keys).delete()
    rows = sorted((*tail, pk, at is not None) for pk, name, at in found for tail in tails_of(name))
    statements.insert(NameTail, ("word", "rest", "customer_id", "deleted"), rows)
    listed = Customer.objects.filter(pk__in=keys)
    listed.update(listed_name=F("name_folded"), listed_deleted=Q(deleted_at__isnull=False))
    return [name for _pk, name, _at in found]


def _add_words(words: Iterable[str]) -> None:
    """A word stays when the last name that had it goes: then it finds nobody."""
    wanted = sorted(words)
    known = set(NameWord.objects.filter(text__in=wanted).values_list("text", flat=True))
    new = [NameWord(text=word) for word in wanted if word not in known]
    NameWord.objects.bulk_create(new, ignore_conflicts=True)


def forget() -> None:
    """Have all names listed again: until then they are looked through. A stretch at a time; others go on meanwhile."""
    last = 0
    while keys := _forget_some(last):
        last = max(keys)


@transactional
def _forget_some(last: int) -> Collection[int]:
    following = Customer.objects.filter(pk__gt=last).order_by("pk").select_for_update()
    keys = list(following.values_list("pk", flat=True)[:STRETCH])
    Customer.objects.filter(pk__in=keys).update(listed_name="", listed_deleted=False)
    return keys
