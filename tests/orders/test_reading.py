"""What is plainly right is read quickly: always to the same request that the input class makes of it."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.common.errors import DomainError
from apps.orders import reading
from apps.orders.lifecycle import Status
from apps.orders.reading import order_request
from apps.orders.requests import Item, OrderRequest
from apps.orders.serializers import CancelInput, StatusInput

ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, False, 0, -1, 1.5, "", "1", [], {}, 2**63, "x" * 2001, "\x00", "\ud800", "12.345"]
)
ids = st.integers(1, 5) | ODD
amounts = (
    st.sampled_from(["0", "9.9", "9.90", "007.50", "-1", "1e5", " 1", "١", "9999999999.99", "0.00", "", " "]) | ODD
)
items = st.fixed_dictionaries(
    {"product_id": ids, "quantity": st.integers(1, 1_000_001) | ODD}, optional={"unit_price": amounts, "colour": ODD}
)
bodies = st.fixed_dictionaries(
    {"customer_id": ids, "items": st.lists(items, max_size=3) | ODD},
    optional={
        "freight": amounts,
        "notes": st.text(max_size=5) | ODD,
        "idempotency_key": st.sampled_from(["web-1", None]),
        "status": ODD,
    },
)


@given(body=bodies)
def test_the_quick_way_never_disagrees_with_the_thorough_one(body):
    quickly = reading._plain(body, "web-1")

    if quickly is not None:
        assert quickly == _thoroughly(body)


def test_a_plain_body_is_read_quickly():
    body = {"customer_id": 7, "items": [{"product_id": 12, "quantity": 2, "unit_price": "29.5"}], "freight": "9.90"}

    assert reading._plain(body, "web-1") == OrderRequest(
        7, (Item(12, 2, Decimal("29.50")),), "web-1", Decimal("9.90"), ""
    )


@pytest.mark.parametrize("notes", [False, 0, [], {}])
def test_what_is_empty_is_not_yet_text(notes):
    assert reading._plain({"customer_id": 7, "items": [{"product_id": 1, "quantity": 1}], "notes": notes}, "k") is None


notes = st.text(max_size=5) | st.sampled_from(["  x ", "x" * 500, "x" * 501, "a\nb"]) | ODD
cancellations = st.fixed_dictionaries({}, optional={"reason": notes, "note": ODD}) | ODD
moves = (
    st.fixed_dictionaries({}, optional={"status": st.sampled_from(Status.values) | ODD, "note": notes, "reason": ODD})
    | ODD
)


@given(body=moves)
def test_the_quick_way_to_a_move_never_disagrees_with_the_thorough_one(body):
    _agree(StatusInput, body)


@given(body=cancellations)
def test_the_quick_way_to_a_cancellation_never_disagrees_with_the_thorough_one(body):
    _agree(CancelInput, body)


@pytest.mark.parametrize(
    ("kind", "body", "read"),
    [
        (CancelInput, {}, {}),
        (CancelInput, {"reason": " Desistiu "}, {"reason": "Desistiu"}),
        (StatusInput, {"status": "ENVIADO"}, {"status": "ENVIADO"}),
        (StatusInput, {"status": "ENVIADO", "note": ""}, {"status": "ENVIADO", "note": None}),
    ],
)
def test_a_plain_move_is_read_quickly(kind, body, read):
    assert kind.plain(body) == read


def _agree(kind, body):
    plain = kind.plain(body)
    if plain is not None:
        given = kind(data=body)
        assert given.is_valid(), given.errors
        assert given.validated_data == plain


def _thoroughly(body):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "_plain", lambda body, key: None)
        patch.setattr(reading, "_unknown_ids", lambda body: [])
        try:
            return order_request(body, "web-1")
        except DomainError as refusal:
            return refusal
