"""JSON as RFC 8259 means it, read strictly and within bounds."""

import json
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import IO, Any, NoReturn

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser

MAX_TOLD = 50  # letters of a name


class PayloadTooLarge(APIException):
    status_code = 413
    default_code = "payload_too_large"


class StrictJSONParser(BaseParser):
    """Refuses NaN, doubled keys, other encodings than UTF-8 and bodies over the limit; keeps decimals exact."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,  # noqa: ARG002
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002
    ) -> Any:
        raw = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        if len(raw) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise PayloadTooLarge
        try:
            return _decoder.decode(raw.decode("utf-8"))
        except _Doubled as error:
            raise ParseError(_("The name “%(name)s” stands twice in one object.") % {"name": error.args[0]}) from error
        except UnicodeDecodeError as error:
            raise ParseError(_("The body is not in UTF-8, as JSON is.")) from error
        # Of ValueError: integers of 4,301 digits; of ArithmeticError: exponents of 19.
        except (ValueError, ArithmeticError, RecursionError) as error:
            raise ParseError(_("The body is not valid JSON.")) from error


class _Doubled(ValueError):
    """A name that stands twice in one object: which of its values is meant?"""


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _refuse_doubled_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        ((name, _times),) = Counter(name for name, _value in pairs).most_common(1)
        raise _Doubled(name[:MAX_TOLD])
    return found


# Made once: it keeps nothing from one text to the next.
_decoder = json.JSONDecoder(
    parse_float=Decimal, parse_constant=_refuse_constant, object_pairs_hook=_refuse_doubled_keys
)
