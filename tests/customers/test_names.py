"""A part of a name finds the same customers whether their names are listed, are not yet, or were something else."""

import itertools
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from apps.common.text import fold
from apps.customers import filters, names, services
from apps.customers.models import Customer, NameTail, NameWord

pytestmark = pytest.mark.django_db
PATH = "/api/v1/customers"
NAMES = ("João da Silva", "Ana  Maria Araújo", "Mariana Silva e Silva", "Comércio de Ferragens e Tintas Silveira Ltda")


@pytest.fixture
def crowd(a_customer):
    return [a_customer(name=name, city="Ilha Solteira") for name in NAMES]


@pytest.fixture
def list_all():
    """list_all(): as the servers do, beside the requests."""
    return lambda: sum(names.list_names())


def by_looking(part, deleted=True):
    rows = Customer.objects.all() if deleted else Customer.objects.present()
    return sorted(rows.filter(name_folded__contains=fold(part)).values_list("pk", flat=True))


def parts():
    """Each part of each name."""
    for name in map(fold, NAMES):
        yield from (name[start:end] for start, end in itertools.combinations(range(len(name) + 1), 2))


def test_every_part_of_every_name_is_found_listed_or_not(crowd, list_all):
    wanted = sorted({part for part in parts() if part == part.strip()})
    before = {part: sorted(names.ids_by_name(part, deleted=True) or ()) for part in wanted}

    assert list_all() == len(NAMES)
    assert list_all() == 0

    truth = {part: by_looking(part) for part in wanted}
    assert before == truth
    assert {part: sorted(names.ids_by_name(part, deleted=True) or ()) for part in wanted} == truth


@pytest.mark.parametrize("part", ["xyz", "silva da", "joao silva", "a  maria x", "ferragens e tintas silveira ltdas"])
def test_nobody_is_found_by_what_is_no_part(crowd, list_all, part):
    list_all()

    assert names.ids_by_name(part, deleted=True) == []


def test_a_listed_name_is_found_without_looking_at_the_names(crowd, list_all):
    list_all()
    with CaptureQueriesContext(connection) as captured:
        names.ids_by_name("mariana", deleted=True)

    assert [query["sql"] for query in captured if "LIKE" in query["sql"] and "customers_customer" in query["sql"]] == []


def test_who_was_renamed_is_found_by_the_new_name_and_not_by_the_old(crowd, list_all):
    list_all()
    services.change_customer(actor=None, pk=crowd[0].pk, values={"name": "Zulmira"})

    for _listed in range(2):
        assert names.ids_by_name("zulm", deleted=True) == [crowd[0].pk]
        assert names.ids_by_name("joao", deleted=True) == []
        list_all()
    assert list(NameTail.objects.filter(customer_id=crowd[0].pk).values_list("word", "rest")) == [("zulmira", "")]


def test_who_was_deleted_is_left_out_where_the_deleted_are(crowd, list_all):
    list_all()
    services.delete_customer(actor=None, pk=crowd[0].pk)

    for _listed in range(2):
        assert names.ids_by_name("joao", deleted=False) == []
        assert names.ids_by_name("joao", deleted=True) == [crowd[0].pk]
        list_all()
    services.restore_customer(actor=None, pk=crowd[0].pk)
    for _listed in range(2):
        assert names.ids_by_name("joao", deleted=False) == [crowd[0].pk]
        list_all()


def test_a_customer_that_an_earlier_release_writes_is_found(crowd, list_all):
    list_all()
    theirs = "version, event_sequence, created_at, updated_at, city_folded, is_active"
    copy = f"SELECT {theirs}, 'Zoé', 'zoe' FROM customers_customer WHERE id = %s"
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO customers_customer ({theirs}, name, name_folded) {copy}", [crowd[0].pk])
        cursor.execute("UPDATE customers_customer SET name_folded = 'nobody' WHERE id = %s", [crowd[1].pk])

    for _listed in range(2):
        assert names.ids_by_name("zoe", deleted=False) == by_looking("zoe") != []
        assert names.ids_by_name("ana  maria", deleted=False) == []
        assert names.ids_by_name("nobod", deleted=False) == [crowd[1].pk]
        list_all()


def test_where_too_many_are_not_listed_the_names_are_asked(manager, crowd, list_all, monkeypatch):
    list_all()
    services.change_customer(actor=None, pk=crowd[0].pk, values={"name": "Silvana Silva"})
    monkeypatch.setattr(names, "MAX_UNLISTED", 0)

    assert names.ids_by_name("silv", deleted=False) is None
    assert manager.get(f"{PATH}?name=silv").json()["count"] == 3
    assert manager.get(f"{PATH}?search=silv").json()["count"] == 3


@pytest.mark.parametrize(("part", "most"), [("silva", 7), ("silva", 8), ("silva t", 8), ("silva", 16), ("silva t", 17)])
def test_what_was_cut_off_is_not_taken_for_all(a_customer, list_all, part, most):
    several = [a_customer(name="Silva Silva"), *[a_customer(name="Silva Torres") for _ in range(20)]]
    list_all()
    for customer in several[:4]:
        services.change_customer(actor=None, pk=customer.pk, values={"name": "Rui"})

    found = names.ids_by_name(part, deleted=False, most=most)

    truth = by_looking(part)
    assert found is None or set(found) <= set(truth)
    assert found is None or len(found) > most or sorted(found) == truth


@pytest.mark.parametrize("query", ["name=silv", "search=silv", "city=ilha", "search=solt"])
@pytest.mark.parametrize("more", ["", "&state=", "&is_active=true", "&created_after=2020-01-01"])
def test_lists_say_the_same_by_any_way(manager, crowd, list_all, monkeypatch, query, more):
    services.delete_customer(actor=None, pk=crowd[2].pk)

    def asked():
        urls = [f"{PATH}?{query}{more}&ordering={order}&{walk}" for order in ("name", "-created_at")
                for walk in ("page=1", "page=2&page_size=1", "cursor=")]  # fmt: skip
        pages = [manager.get(url).json() for url in urls]
        return [(page.get("count"), [row["id"] for row in page.get("results", ())]) for page in pages]

    unlisted = asked()
    list_all()
    assert asked() == unlisted
    assert unlisted[0][1]

    monkeypatch.setattr(filters, "MAX_CITIES", -1)
    monkeypatch.setattr(names, "MAX_UNLISTED", -1)
    assert asked() == unlisted


def test_more_than_can_be_counted_are_more_than_can_be_counted(manager, crowd, list_all, monkeypatch):
    monkeypatch.setattr("apps.common.pagination.COUNT_CAP", 2)
    list_all()

    for query in ("name=silv", "city=ilha", "search=silv", "search=solt"):
        answer = manager.get(f"{PATH}?{query}&ordering=name").json()
        assert (answer["count"], answer["count_capped"]) == (2, True), query
        assert len(answer["results"]) == len(by_looking("silv" if "silv" in query else ""))


@pytest.mark.parametrize("field", ["name", "city", "search"])
def test_what_folds_to_nothing_counts_as_it_shows(manager, crowd, list_all, field):
    list_all()
    answer = manager.get(f"{PATH}?{field}=\u0301").json()

    assert answer["count"] == len(answer["results"])


def test_orders_are_found_by_a_part_of_a_listed_name_too(manager, place, a_product, crowd, list_all):
    order = place((a_product(), 1), customer=crowd[0])
    services.change_customer(actor=None, pk=crowd[0].pk, values={"name": "Zé"})

    for _listed in range(2):
        found = manager.get("/api/v1/orders?search=ze").json()
        assert [row["id"] for row in found["results"]] == [order.pk]
        assert manager.get("/api/v1/orders?search=joao").json()["count"] == 0
        list_all()


def test_who_is_listed_while_somebody_looks_is_found(crowd, list_all, monkeypatch):
    look = names._listed

    def listed_meanwhile(*asked, **how):
        list_all()
        return look(*asked, **how)

    monkeypatch.setattr(names, "_listed", listed_meanwhile)

    assert sorted(names.ids_by_name("silva", deleted=False) or ()) == by_looking("silva")


def test_who_gets_a_new_word_and_is_listed_while_somebody_looks_is_found(crowd, list_all, monkeypatch):
    list_all()
    looked_for_unlisted = names.waiting

    def then_renamed_and_listed():
        monkeypatch.setattr(names, "waiting", looked_for_unlisted)
        unlisted = list(looked_for_unlisted().values_list("pk", "name_folded", "deleted_at"))
        services.change_customer(actor=None, pk=crowd[0].pk, values={"name": "João Silvanete"})
        list_all()
        return looked_for_unlisted().filter(pk__in=[pk for pk, _name, _at in unlisted])

    monkeypatch.setattr(names, "waiting", then_renamed_and_listed)

    assert sorted(names.ids_by_name("silva", deleted=False) or ()) == by_looking("silva")


def test_long_lists_are_listed_a_stretch_at_a_time(crowd, monkeypatch):
    monkeypatch.setattr(names, "STRETCH", 3)

    assert list(names.list_names()) == [3, 1]


def test_the_command_lists_what_is_not_listed_or_all_anew(crowd):
    def told(*arguments):
        out = StringIO()
        call_command("list_names", *arguments, stdout=out)
        return out.getvalue()

    assert "(4 were not)" in told()
    assert "(0 were not)" in told()
    tails = set(NameTail.objects.values_list("word", "rest", "customer_id"))
    NameTail.objects.all().delete()
    assert "(4 were not)" in told("--rebuild")
    assert set(NameTail.objects.values_list("word", "rest", "customer_id")) == tails


def test_a_word_is_kept_once(crowd, list_all, a_customer):
    list_all()
    before = NameWord.objects.count()
    a_customer(name="Silva Ana")

    assert list_all() == 1
    assert NameWord.objects.count() == before


# Letters that fold to several, to none, or to a space; what MySQL sorts before a space; what LIKE takes for itself.
LETTERS = st.sampled_from("aAáàbßﬁ%_\\'\" \t\u00a0\u2003\u0301\u0001\x1fé\U0001f642\U0010ffff")
WORDS = st.text(LETTERS, min_size=1, max_size=12)


class AnyName(TestCase):
    """Whatever the names and whatever is looked for, what is found is what LIKE finds."""

    @settings(max_examples=60, deadline=None)
    @given(
        st.lists(WORDS.filter(str.strip), min_size=1, max_size=6), st.lists(WORDS, min_size=1, max_size=4), st.data()
    )
    def test_is_found_as_by_looking(self, known, asked, data):
        Customer.objects.all().delete()
        for name in known:
            Customer.objects.create(name=name)
        sum(names.list_names())
        for name in known[:3]:
            folded = fold(name)
            start = data.draw(st.integers(0, len(folded)))
            asked = [*asked, folded[start : data.draw(st.integers(start, len(folded)))]]

        for part in asked:
            found = names.ids_by_name(part, deleted=True)
            assert found is None or sorted(found) == by_looking(part), part
