"""The errors of the trade: each has a code, a kind and the status of the contract."""

import re

import pytest

from apps.common.errors import DomainError, Kind
from apps.common.problems import PLAIN, STATUS

# The table of the contract.
CONTRACT = {
    "validation_error": 400,
    "idempotency_key_required": 400,
    "not_authenticated": 401,
    "authentication_failed": 401,
    "token_not_valid": 401,
    "permission_denied": 403,
    "csrf_failed": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "payload_too_large": 413,
    "unsupported_media_type": 415,
    "insufficient_stock": 409,
    "invalid_transition": 409,
    "customer_inactive": 409,
    "product_inactive": 409,
    "price_changed": 409,
    "already_exists": 409,
    "customer_has_open_orders": 409,
    "product_has_open_orders": 409,
    "stock_below_reserved": 409,
    "last_admin": 409,
    "precondition_failed": 412,
    "precondition_required": 428,
    "idempotency_key_reused": 422,
    "rate_limited": 429,
    "account_locked": 429,
    "temporarily_unavailable": 503,
}
# What only the admin site can run into.
BESIDE_THE_API = {"already_done"}


def every_error(root=DomainError):
    for error in root.__subclasses__():
        yield error
        yield from every_error(error)


ERRORS = sorted({error for error in every_error() if error.__module__.startswith("apps.")}, key=lambda e: e.__name__)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_every_error_has_a_code_a_kind_and_a_title(error):
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", error.code)
    assert isinstance(error.kind, Kind)
    assert str(error.title).strip()


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_every_error_becomes_the_status_of_the_contract(error):
    if error.code not in BESIDE_THE_API:
        assert STATUS[error.kind] == CONTRACT[error.code]


def test_every_kind_has_a_status():
    assert set(STATUS) == set(Kind)


def test_every_code_of_the_contract_can_be_told():
    told = {error.code for error in ERRORS} | {code for code, _title, _detail in PLAIN.values()}

    assert set(CONTRACT) <= told


def test_no_two_errors_share_a_code():
    codes = [error.code for error in ERRORS]

    assert sorted(codes) == sorted(set(codes))


def test_what_has_no_error_of_its_own_has_the_status_of_the_contract_too():
    beyond = {"internal_error", "request_timeout", "uri_too_long", "headers_too_large"}
    told = {code: status for status, (code, *_texts) in PLAIN.items()}

    assert beyond <= told.keys()
    assert {code: status for code, status in told.items() if code not in beyond}.items() <= CONTRACT.items()
