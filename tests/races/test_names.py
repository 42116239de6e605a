"""Names are listed while customers are renamed and looked for by several at once: nobody is missed."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from apps.customers import names, services
from apps.customers.models import Customer, NameTail
from tests.races.threads import alone

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
RENAMING = 2.0  # seconds


def rename(customers, until):
    """Each gets another name all the time, in which there is always a Silva."""
    number = 0
    while time.monotonic() < until:
        number += 1
        for customer in customers:
            word = f"Silva{'abcdefghij'[number % 10] * (number % 3)}{number}"  # Often one that nobody had before.
            values = {"name": f"{'Ana' if number % 2 else 'Rui'} {word}"}
            services.change_customer(actor=None, pk=customer.pk, values=values)
    return number


def list_all_along(until):
    return sum(sum(names.list_names()) for _ in iter(lambda: time.monotonic() < until, False))


def look_all_along(everybody, until):
    """How often somebody was not found who always has it in their name, and how often was looked."""
    looks = missed = 0
    while time.monotonic() < until:
        for part in ("silva", "ilva"):
            looks += 1
            missed += len(everybody - set(names.ids_by_name(part, deleted=False) or everybody))
    return missed, looks


def test_nobody_is_missed_and_no_old_name_is_left(at_once, a_customer):
    customers = [a_customer(name=f"Silva {number}") for number in range(12)]
    everybody = {customer.pk for customer in customers}
    until = time.monotonic() + RENAMING

    *renamed, one, other, (missed, looks) = at_once(
        lambda: rename(customers[:6], until),
        lambda: rename(customers[6:], until),
        lambda: list_all_along(until),
        lambda: list_all_along(until),
        lambda: look_all_along(everybody, until),
    )

    assert min(*renamed, looks) > 5
    assert one + other > len(customers)
    assert missed == 0
    sum(names.list_names())
    listed = set(NameTail.objects.values_list("customer_id", "word", "rest"))
    now = Customer.objects.values_list("pk", "name_folded")
    assert listed == {(pk, *tail) for pk, name in now for tail in names.tails_of(name)}


def test_nobody_is_renamed_while_their_name_is_being_listed(a_customer, monkeypatch):
    customer = a_customer(name="Ana Silva")
    add_words = names._add_words

    with ThreadPoolExecutor(1) as threads:

        def renamed_meanwhile(words):
            add_words(words)
            values = {"name": "Zulmira"}
            change = threads.submit(alone, lambda: services.change_customer(actor=None, pk=customer.pk, values=values))
            monkeypatch.setattr(names, "_add_words", add_words)
            time.sleep(0.3)
            assert not change.done()

        monkeypatch.setattr(names, "_add_words", renamed_meanwhile)
        assert next(names.list_names()) == 1

    assert names.ids_by_name("zulmira", deleted=False) == [customer.pk]
    assert sum(names.list_names()) == 1
    assert names.ids_by_name("zulmira", deleted=False) == [customer.pk]
    assert names.ids_by_name("silva", deleted=False) == []
