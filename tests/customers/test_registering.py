"""A customer is registered once, normalised, and told of in an event."""

import pytest

from apps.customers.models import Customer
from apps.events.models import Event
from tests.problems import pointers, refusal

PATH = "/api/v1/customers"
ADDRESS = {
    "street": "Avenida Paulista",
    "number": "1578",
    "complement": "Sala 3",
    "district": "Bela Vista",
    "city": "São Paulo",
    "state": "SP",
    "postal_code": "01310200",
}
NO_ADDRESS = dict.fromkeys(ADDRESS)


def register(api, **values):
    return api.post(PATH, {"name": "Ana Lima", **values})


def test_a_customer_is_registered_with_all_there_is_to_know(manager):
    answer = register(
        manager,
        document="529.982.247-25",
        email="Ana.Lima@Example.com",
        phone="(11) 98765-4321",
        address={**ADDRESS, "state": "sp", "postal_code": "01310-200"},
        is_active=False,
    )

    assert answer.status_code == 201
    customer = Customer.objects.get()
    assert answer.headers["Location"] == f"{PATH}/{customer.pk}"
    assert answer.json() == {
        "id": customer.pk,
        "name": "Ana Lima",
        "document": "52998224725",
        "document_type": "CPF",
        "email": "ana.lima@example.com",
        "phone": "+5511987654321",
        "address": ADDRESS,
        "is_active": False,
        "created_at": answer.json()["created_at"],
        "updated_at": answer.json()["updated_at"],
    }
    assert answer.json()["created_at"].endswith("Z")


def test_only_a_name_is_needed(manager):
    answer = register(manager)

    assert answer.status_code == 201
    assert {name: answer.json()[name] for name in ("document", "document_type", "email", "phone")} == {
        "document": None,
        "document_type": None,
        "email": None,
        "phone": None,
    }
    assert answer.json()["address"] == NO_ADDRESS
    assert answer.json()["is_active"] is True


def test_what_was_registered_can_be_read_where_the_answer_says(manager):
    answer = register(manager, document="52998224725")

    read = manager.get(answer.headers["Location"])

    assert read.json() == answer.json()
    assert read.headers["ETag"] == answer.headers["ETag"]


@pytest.mark.parametrize("absent", [None, ""])
def test_null_and_an_empty_text_both_mean_absent(manager, absent):
    answer = register(manager, document=absent, email=absent, phone=absent, address=dict.fromkeys(ADDRESS, absent))

    assert answer.status_code == 201
    assert [answer.json()[name] for name in ("document", "email", "phone")] == [None] * 3
    assert answer.json()["address"] == NO_ADDRESS


def test_no_address_at_all_is_fine(manager):
    assert register(manager, address=None).json()["address"] == NO_ADDRESS


def test_a_part_of_an_address_is_fine(manager):
    assert register(manager, address={"city": "Natal"}).json()["address"] == {**NO_ADDRESS, "city": "Natal"}


def test_spaces_around_a_text_do_not_count(manager):
    answer = register(manager, name="  Ana Lima  ", address={"city": " Natal "})

    assert (answer.json()["name"], answer.json()["address"]["city"]) == ("Ana Lima", "Natal")


@pytest.mark.parametrize("name", ["", "   ", None, 7, True, [], {}, "x" * 201, "nul\0"], ids=ascii)
def test_a_name_is_a_text_of_up_to_two_hundred_characters(manager, name):
    assert list(pointers(register(manager, name=name))) == ["/name"]
    assert not Customer.objects.exists()


@pytest.mark.parametrize("name", ["\u200b", "\u0301", "x" * 200, "李小龙", "Zoë 🌸", "O'Brien & Søn", "<b>Ana</b>"])
def test_a_name_may_be_any_text(manager, name):
    assert register(manager, name=name).json()["name"] == name


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"is_active": "true"}, "/is_active"),
        ({"is_active": 1}, "/is_active"),
        ({"is_active": None}, "/is_active"),
        ({"email": 7}, "/email"),
        ({"email": "ana@"}, "/email"),
        ({"email": "a" * 250 + "@x.io"}, "/email"),
        ({"phone": 11987654321}, "/phone"),
        ({"document": 52998224725}, "/document"),
        ({"address": "Avenida Paulista"}, "/address"),
        ({"address": []}, "/address"),
        ({"address": {"city": 7}}, "/address/city"),
        ({"address": {"street": "x" * 201}}, "/address/street"),
        ({"address": {"state": "XX"}}, "/address/state"),
        ({"address": {"state": "São Paulo"}}, "/address/state"),
        ({"address": {"planet": "Earth"}}, "/address/planet"),
    ],
    ids=str,
)
def test_a_value_of_the_wrong_kind_is_named_and_nothing_is_registered(manager, given, pointer):
    assert list(pointers(register(manager, **given))) == [pointer]
    assert not Customer.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    "name",
    ["id", "document_type", "created_at", "updated_at", "deleted_at", "version", "event_sequence", "city", "nope"],
)
def test_what_may_not_be_set_is_refused_and_not_ignored(manager, name):
    assert pointers(register(manager, **{name: "1"})) == {f"/{name}": "unknown_field"}
    assert not Customer.objects.exists()


# ── Postal codes ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "kept"), [("01310-200", "01310200"), ("01310200", "01310200"), ("69900-000", "69900000")]
)
def test_a_cep_has_eight_digits_and_perhaps_a_hyphen(manager, typed, kept):
    assert register(manager, address={"postal_code": typed}).json()["address"]["postal_code"] == kept


@pytest.mark.parametrize("typed", ["0131020", "013102000", "01310-20", "0131-0200", "abcdefgh", "٠١٣١٠٢٠٠", 1310200])
def test_anything_else_is_no_cep(manager, typed):
    assert list(pointers(register(manager, address={"postal_code": typed}))) == ["/address/postal_code"]
    assert not Customer.objects.exists()


# ── Once ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_document_belongs_to_one_customer_however_it_is_typed(manager, a_customer):
    a_customer(document="12ABC34501DE35")

    answer = register(manager, document="12.abc.345/01de-35")

    assert refusal(answer) == (409, "already_exists")
    assert answer.json()["field"] == "document"
    assert "deleted" not in answer.json()
    assert Customer.objects.count() == 1
    assert Event.objects.count() == 1


def test_the_document_of_a_deleted_customer_is_told_to_be_restorable(manager, a_customer):
    customer = a_customer(document="52998224725")
    manager.delete(f"{PATH}/{customer.pk}")

    answer = register(manager, document="529.982.247-25")

    assert refusal(answer) == (409, "already_exists")
    assert (answer.json()["field"], answer.json()["deleted"]) == ("document", True)
    assert manager.post(f"/api/v1/customers/{answer.json()['id']}/restore").status_code == 200
    assert Customer.objects.count() == 1


def test_the_refusal_does_not_repeat_the_document(manager, a_customer):
    a_customer(document="52998224725")

    assert "52998224725" not in register(manager, document="52998224725").content.decode()


def test_many_customers_may_have_no_document_and_the_same_e_mail(manager):
    answers = [register(manager, email="family@example.com") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [201] * 3


def test_a_document_that_slips_past_the_check_is_refused_by_the_database(manager, a_customer, monkeypatch):
    from apps.customers import services

    a_customer(document="52998224725")
    monkeypatch.setattr(services, "_refuse_taken_document", lambda customer: None)

    answer = register(manager, document="52998224725")

    assert refusal(answer) == (409, "already_exists")
    assert answer.json()["field"] == "document"
    assert Customer.objects.count() == 1


def test_an_e_mail_is_as_long_as_it_is_stored(manager):
    """In small letters "İ" is two characters: measured before that, it would be one too many for the column."""
    fits, not_quite = f"{'a' * 246}@İa.com", f"{'a' * 247}@İa.com"

    assert [len(fits.lower()), len(not_quite)] == [254, 254]
    assert register(manager, email=fits).status_code == 201
    assert pointers(register(manager, email=not_quite)) == {"/email": "max_length"}
