"""Forms that know no rule: what was typed goes through the input class of the API, refusals come back as messages."""

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.utils.formats import get_format
from django.utils.translation import gettext_lazy as _

from apps.common.errors import AlreadyExists, DomainError, FieldProblem, Invalid, PreconditionFailed
from apps.common.inputs import Input
from apps.common.problems import field_problems

STALE = _("Somebody else changed this while you were looking at it. Open it again, and repeat your change.")
DELETED_TWIN = _("A deleted record has this value. Restore that one, or choose another value.")


class AmountField(forms.DecimalField):
    """An amount as the pages show it, in their language: 1.234,50, or R$ 42,90."""

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = value.strip().removeprefix("R$").strip()
            thousands, decimals = get_format("THOUSAND_SEPARATOR"), get_format("DECIMAL_SEPARATOR")
            if re.fullmatch(rf"\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+(?:{re.escape(decimals)}\d+)?", value):
                value = value.replace(thousands, "")
        return super().to_python(value)


class InputForm(forms.Form):
    """Checked by `input_class`, exactly as the API checks a body; `values` are what a service takes."""

    input_class: ClassVar[type[Input]]
    partial = False
    values: dict[str, Any]

    def body(self) -> dict[str, Any]:
        """What was typed, as a client of the API would send it."""
        return dict(self.cleaned_data)

    def clean(self) -> dict[str, Any]:
        given = self.input_class(data=self.body(), partial=self.partial)
        if given.is_valid():
            self.values = given.validated_data
        else:
            for problem in field_problems(given.errors):
                self._complain(problem.pointer, str(problem.detail))
        return self.cleaned_data

    def tell(self, error: DomainError) -> None:
        """Show a refusal: beside the field that it names, or above them all."""
        for pointer, text in explained(error):
            self._complain(pointer, text)

    def problems(self) -> list[FieldProblem]:
        """What is wrong, each with its field's name, for where there is no form to show it beside."""
        labels = {name: f"{field.label}: " for name, field in self.fields.items() if field.label}
        return [
            FieldProblem(f"/{name}", "invalid", labels.get(name, "") + " ".join(str(text) for text in texts))
            for name, texts in self.errors.items()
        ]

    def _complain(self, pointer: str, text: str) -> None:
        name = next((part for part in reversed(pointer.split("/")) if part in self.fields), None)
        if name is None or name not in self.errors:
            self.add_error(name, text)


class RowForm(InputForm, forms.ModelForm):
    """Edits a row that it never touches: a service does. Whoever saves has seen the row as it stands.

    `seen` travels with the page: a digest of the values shown. What the page does not show may change meanwhile
    (orders reserve stock while somebody describes the product); what it shows may not.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    refusal: ClassVar[DomainError | None] = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partial = self.instance.pk is not None
        self.fields["seen"].initial = self.mark

    def mark(self) -> str:
        """The digest of what the fields would show of the row now."""
        shown = {name: self.get_initial_for_field(field, name) for name, field in self.fields.items() if name != "seen"}
        return hashlib.sha256(json.dumps(shown, default=str, sort_keys=True).encode()).hexdigest()[:16]

    def body(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    def clean(self) -> dict[str, Any]:
        if self.partial and self.cleaned_data.get("seen") != self.mark():
            self.tell(PreconditionFailed())
        return super().clean()

    def _post_clean(self) -> None:
        """Django would write the values into the row and ask the database about it: both are the service's affair."""
        if self.refusal is not None:
            self.tell(self.refusal)


def explained(error: DomainError) -> Iterator[tuple[str, str]]:
    """A refusal in words for people: pairs of the pointer of a field ("" for none) and a sentence."""
    match error:
        case Invalid():
            for problem in error.facts["errors"]:
                yield problem["pointer"], problem["detail"]
        case PreconditionFailed():
            yield "", str(STALE)
        case AlreadyExists():
            text = DELETED_TWIN if error.facts.get("deleted") else error.title
            yield f"/{error.facts['field']}", str(text)
        case _:
            named = ", ".join(error.facts.get("orders", ()))
            yield "", f"{error.title} {error.explain()}" + (f" ({named})" if named else "")
