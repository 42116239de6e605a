"""Serializers for what comes in: right type or refused, known field or refused, all mistakes at once."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.common.columns import MoneyField
from apps.common.errors import MAX_PROBLEMS, WHOLE

UNKNOWN = _("This field is unknown, or may not be set here.")
# DRF's own words for these are misspelt in Portuguese.
BOUNDS: dict[str, Any] = {"min_value": _("Use at least {min_value}."), "max_value": _("Use at most {max_value}.")}
# What else DRF and Django say amiss there ("may be not null") our catalogue says right: it is asked before theirs.
MENDED = (
    _("This field may not be null."),
    _("This field may not be blank."),
    _("This list may not be empty."),
    _("Ensure this field has at least {min_length} characters."),
    _("The password is too similar to the %(verbose_name)s."),
)
NOT_A_LIST = _("Send a JSON list here.")
BIGGEST_ID = 2**63 - 1
AMOUNT = re.compile(r"-?[0-9]+(\.[0-9]+)?")


class Input(serializers.Serializer):
    """A body. A field that it does not know, or may not set, is a mistake and not a detail."""

    default_error_messages: ClassVar[dict[str, Any]] = {"invalid": _("Send a JSON object here.")}
    one_of: ClassVar[tuple[str, ...]] = ()  # Fields of which exactly one is sent; else `not_one` is told.
    not_one: ClassVar[Any] = ""

    @classmethod
    def plain(cls, body: Any) -> dict[str, Any] | None:  # noqa: ARG003 - not every class has a quick way
        """What this class makes of a body that is plainly right, without asking field by field; None: it has to ask."""
        return None

    @property
    def errors(self) -> Any:
        """What is wrong; of a body that is null, too, in the language of the caller: DRF's words for it are English."""
        if self.initial_data is None:
            return {WHOLE: [serializers.ErrorDetail(str(self.error_messages["null"]), "null")]}
        return super().errors

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return super().to_internal_value(data)  # Raises the "not an object" error.
        problems = self._unknown(data)
        if self.one_of and sum(name in data for name in self.one_of) != 1:
            problems[WHOLE] = [serializers.ErrorDetail(str(self.not_one), "one_of")]
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            if not isinstance(error.detail, dict):
                raise
            problems = {**error.detail, **problems}
        if problems:
            raise serializers.ValidationError(problems)
        return value

    def _unknown(self, data: Mapping[Any, Any]) -> dict[str, Any]:
        """What is wrong with names that are no fields: of all in the body, as many as are told. A body holds 130,000.

        An object that has one keeps one, so that none passes for sound.
        """
        body: Any = self.root
        room = getattr(body, "_room", MAX_PROBLEMS + 1)
        writable = {field.field_name for field in self._writable_fields}
        names = islice((str(name) for name in data if name not in writable), max(1, room))
        unknown = [serializers.ErrorDetail(str(UNKNOWN), "unknown_field")]
        problems: dict[str, Any] = {name: unknown for name in names}  # noqa: C420 - nobody changes it
        body._room = room - len(problems)
        return problems


class ListInput(serializers.ListSerializer[Any]):
    """A list of bodies."""

    default_error_messages: ClassVar[dict[str, Any]] = {"not_a_list": NOT_A_LIST}


def is_plain_text(value: Any, most: int) -> bool:
    """Is this a JSON string with which nothing can be wrong, of at most so many characters?"""
    return isinstance(value, str) and len(value) <= most and value.isprintable()  # No NUL, no lone surrogate.


class StrictInteger(serializers.IntegerField):
    """A JSON integer: not a string, not a fraction, not true."""

    default_error_messages = BOUNDS

    def to_internal_value(self, data: Any) -> int:
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return data


class Id(StrictInteger):
    """The id of a row."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 1, "max_value": BIGGEST_ID, **kwargs})


class StrictBoolean(serializers.BooleanField):
    """A JSON true or false, nothing that resembles one."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class StrictString(serializers.CharField):
    """A JSON string: numbers are not turned into text."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class OptionalString(StrictString):
    """Text that may be absent: null and "" both mean that it is."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "allow_null": True, "allow_blank": True, **kwargs})

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return super().run_validation(data) or None


class Money(serializers.DecimalField):
    """BRL: "58.90", or a JSON number of at most two decimals. Blank text is no amount, and not the same as null."""

    default_error_messages = {**BOUNDS, "max_decimal_places": _("An amount has at most two decimals.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_digits": MoneyField.MAX_DIGITS, "decimal_places": 2, **kwargs})

    def validate_empty_values(self, data: Any) -> tuple[bool, Any]:
        return serializers.Field.validate_empty_values(self, data)  # DRF's takes blank text for null.

    def to_internal_value(self, data: Any) -> Decimal:
        if isinstance(data, bool) or not isinstance(data, str | int | Decimal):
            self.fail("invalid")
        if isinstance(data, str) and not AMOUNT.fullmatch(data):
            self.fail("invalid")  # Decimal() would also take "1e5", "Infinity", "1_000" and the digits of all scripts.
        try:
            return super().to_internal_value(data).quantize(Decimal("0.01"))
        except InvalidOperation:
            self.fail("invalid")


class NoInput(Input):
    """An empty body, or {}."""
