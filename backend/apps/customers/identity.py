"""Brazilian documents and telephone numbers: one stored form, and a masked one for those who may not see them."""

import re

import phonenumbers
from phonenumbers import PhoneNumberFormat, ValidationResult
from stdnum.br import cnpj, cpf
from stdnum.exceptions import ValidationError as WrongNumber

BRAZIL = 55
MASKED = "***"  # What stands for the rest of an address.
# With an area code, which has no zero, or without one a number for the whole country (0800, 0300…; 4004, 3003). The
# library also takes any number without one, or with 00, for possible.
BRAZILIAN = re.compile(r"[1-9]{2}[0-9]{8,9}|[3589]00[0-9]{7}|(400[0-9]|3003)[0-9]{4}")
CARRIER = re.compile(r"^\(?0xx", re.IGNORECASE)  # "0xx11 …": here the caller put in the two digits of a carrier.
LETTER = re.compile(r"[^\W\d_]")


def clean_document(text: str) -> str:
    """A CPF or CNPJ, alphanumeric CNPJ included, bare and in capitals. Raises ValueError when it cannot be one."""
    compact = cnpj.compact(text)
    if re.search(r"[^\W0-9A-Za-z_]", text) or not compact.isascii() or len(set(compact)) == 1:
        raise ValueError("not a document")
    try:
        return cpf.validate(compact) if len(compact) == 11 else cnpj.validate(compact)
    except WrongNumber as error:
        raise ValueError("not a document") from error


def clean_phone(text: str) -> str:
    """E.164, from any usual Brazilian or international form. Raises ValueError when it cannot be dialled."""
    text = CARRIER.sub("(", text.strip())
    international = text.strip().removeprefix("00") if text.strip().startswith("00") else None
    if text.count("+") > 1 or LETTER.search(text):  # The library would dial letters as the keys they stand on.
        raise ValueError("not a telephone number")
    try:
        number = phonenumbers.parse(f"+{international}" if international else text, "BR")
    except phonenumbers.NumberParseException as error:
        raise ValueError("not a telephone number") from error
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE or number.extension:
        raise ValueError("not a telephone number")
    if number.country_code == BRAZIL and not BRAZILIAN.fullmatch(phonenumbers.national_significant_number(number)):
        raise ValueError("a telephone number without its area code")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def masked_document(document: str | None) -> str | None:
    """`***.982.247-**` for a CPF, `**.345.678/****-**` for a CNPJ."""
    if not document:
        return None
    if len(document) == 11:
        return f"***.{document[3:6]}.{document[6:9]}-**"
    return f"**.{document[2:5]}.{document[5:8]}/****-**"


def masked_email(email: str | None) -> str | None:
    """`m***@example.com`."""
    if not email:
        return None
    local, _at, domain = email.partition("@")
    return f"{local[:1]}{MASKED}@{domain}"


def masked_phone(phone: str | None) -> str | None:
    """The last four digits."""
    return f"***{phone[-4:]}" if phone else None
