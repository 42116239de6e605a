"""Brazilian documents and telephone numbers: any usual form in, one form kept, nothing impossible let through."""

import pytest

from apps.customers.identity import clean_document, clean_phone, masked_document, masked_email, masked_phone
from apps.customers.models import Customer
from tests.problems import pointers

PATH = "/api/v1/customers"


@pytest.mark.parametrize(
    ("typed", "kept", "kind"),
    [
        ("52998224725", "52998224725", "CPF"),
        ("529.982.247-25", "52998224725", "CPF"),
        (" 529 982 247 25 ", "52998224725", "CPF"),
        ("00000000191", "00000000191", "CPF"),
        ("11222333000181", "11222333000181", "CNPJ"),
        ("11.222.333/0001-81", "11222333000181", "CNPJ"),
        ("12ABC34501DE35", "12ABC34501DE35", "CNPJ"),
        ("12.ABC.345/01DE-35", "12ABC34501DE35", "CNPJ"),
        ("12.abc.345/01de-35", "12ABC34501DE35", "CNPJ"),
        ("12abc34501de35", "12ABC34501DE35", "CNPJ"),
    ],
)
def test_a_document_is_kept_bare_and_in_capitals(manager, typed, kept, kind):
    answer = manager.post(PATH, {"name": "Ana", "document": typed})

    assert answer.status_code == 201
    assert (answer.json()["document"], answer.json()["document_type"]) == (kept, kind)


@pytest.mark.parametrize(
    "typed",
    [
        "52998224724",  # the last digit
        "52998224735",  # the last but one
        "5299822472",  # too short
        "529982247255",  # too long for a CPF, too short for a CNPJ
        "11222333000182",
        "11222333000191",
        "12ABC34501DE36",
        "12ABC34501DF35",
        "12ABC34501DEA5",  # check digits are digits
        "529A8224725",  # a CPF has no letters
        "not a document",
        "-",
        "...",
        "٥٢٩٩٨٢٢٤٧٢٥",
        "5299822472５",
        "529.982.247-25; DROP",
        "x" * 21,
    ],
)
def test_a_document_with_wrong_digits_is_refused(manager, typed):
    assert list(pointers(manager.post(PATH, {"name": "Ana", "document": typed}))) == ["/document"]
    assert not Customer.objects.exists()


@pytest.mark.parametrize("typed", [digit * 11 for digit in "0123456789"] + [digit * 14 for digit in "0123456789"])
def test_repeated_digits_are_refused_though_their_check_digits_fit(typed):
    with pytest.raises(ValueError, match="document"):
        clean_document(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("(11) 98765-4321", "+5511987654321"),
        ("11987654321", "+5511987654321"),
        ("11 98765 4321", "+5511987654321"),
        ("011 98765-4321", "+5511987654321"),
        ("+55 11 98765-4321", "+5511987654321"),
        ("+55 (11) 98765-4321", "+5511987654321"),
        ("5511987654321", "+5511987654321"),
        ("0055 11 98765-4321", "+5511987654321"),
        ("(21) 2345-6789", "+552123456789"),
        ("+1 (212) 555-0123", "+12125550123"),
        ("+351 912 345 678", "+351912345678"),
        ("00351912345678", "+351912345678"),
        ("+44 20 7946 0958", "+442079460958"),
        ("0xx11 3456-7890", "+551134567890"),
        ("(0XX11) 98765-4321", "+5511987654321"),
        ("0800 123 4567", "+558001234567"),
        ("0300 123 4567", "+553001234567"),
        ("4004-1234", "+5540041234"),
        ("3003 1234", "+5530031234"),
    ],
)
def test_a_phone_in_any_usual_form_is_kept_as_e164(manager, typed, kept):
    answer = manager.post(PATH, {"name": "Ana", "phone": typed})

    assert answer.status_code == 201, answer.content
    assert answer.json()["phone"] == kept


@pytest.mark.parametrize(
    "typed",
    [
        "1", "98765-4321", "abc", "8765-4321", "+55 11 98765-43210", "+999 1234567", "+", "11987654321 ext 5",
        "1-800-FLOWERS", "tel:+5511987654321", "5000-1234", "90012-3456",
        "(00) 98765-4321", "+55 00 98765-4321", "+55 10 98765-4321", "++5511987654321",
    ],
)  # fmt: skip
def test_what_cannot_be_dialled_is_no_phone(manager, typed):
    assert list(pointers(manager.post(PATH, {"name": "Ana", "phone": typed}))) == ["/phone"]
    assert not Customer.objects.exists()


@pytest.mark.parametrize("typed", ["(11) 98765-4321", "+55 11 98765-4321", "0055 11 98765-4321"])
def test_what_was_kept_is_taken_again_unchanged(typed):
    kept = clean_phone(typed)

    assert clean_phone(kept) == kept


def test_masks_show_as_little_as_the_contract_says():
    assert masked_document("52998224725") == "***.982.247-**"
    assert masked_document("12ABC34501DE35") == "**.ABC.345/****-**"
    assert masked_email("maria@example.com") == "m***@example.com"
    assert masked_email("m@example.com") == "m***@example.com"
    assert masked_phone("+5511987654321") == "***4321"


@pytest.mark.parametrize("mask", [masked_document, masked_email, masked_phone])
def test_what_is_absent_stays_absent_behind_a_mask(mask):
    assert mask(None) is None
