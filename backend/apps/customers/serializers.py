"""Customers as they come in (checked, normalised) and as they go out (documented; made by `snapshots`)."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.common.inputs import Input, OptionalString, StrictBoolean, StrictString
from apps.common.openapi import example
from apps.customers.identity import MASKED, clean_document, clean_phone
from apps.customers.models import ADDRESS_FIELDS

STATES = frozenset("AC AL AM AP BA CE DF ES GO MA MG MS MT PA PB PE PI PR RJ RN RO RR RS SC SE SP TO".split())


class AddressInput(Input):
    street = OptionalString(max_length=200)
    number = OptionalString(max_length=20)
    complement = OptionalString(max_length=100)
    district = OptionalString(max_length=100)
    city = OptionalString(max_length=100)
    state = OptionalString(max_length=2, help_text="SP")
    postal_code = OptionalString(max_length=10, help_text="01310-100")

    def validate_state(self, value: str | None) -> str | None:
        if value is not None and value.upper() not in STATES:
            raise serializers.ValidationError(_("Use the two letters of a Brazilian state, such as SP."))
        return value.upper() if value else None

    def validate_postal_code(self, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"\d{5}-?\d{3}", value, re.ASCII):
            raise serializers.ValidationError(_("A postal code (CEP) has eight digits."))
        return value.replace("-", "") if value else None


@example(
    {
        "name": "Padaria Pão de Mel Ltda.",
        "document": "11.222.333/0001-81",
        "email": "compras@paodemel.example",
        "phone": "(11) 98765-4321",
        "address": {
            "street": "Rua Augusta",
            "number": "1500",
            "city": "São Paulo",
            "state": "SP",
            "postal_code": "01304-001",
        },
    }
)
class CustomerInput(Input):
    """Only `name` is required. In a PATCH, what is absent stays; null clears."""

    name = StrictString(max_length=200)
    document = OptionalString(max_length=20, help_text="CPF or CNPJ, with or without punctuation: 529.982.247-25")
    email = OptionalString(max_length=254)
    phone = OptionalString(max_length=32, help_text="(11) 98765-4321")
    address = AddressInput(required=False, allow_null=True)
    is_active = StrictBoolean(required=False)

    def validate_document(self, value: str | None) -> str | None:
        try:
            return clean_document(value) if value else None
        except ValueError as error:
            raise serializers.ValidationError(_("This is not a valid CPF or CNPJ. Check the digits.")) from error

    def validate_email(self, value: str | None) -> str | None:
        if value and f"{MASKED}@" in value:  # Sent back by who is not shown the address: it would be lost.
            raise serializers.ValidationError(_("This is a masked address. Leave it out, and it stays as it is."))
        return serializers.EmailField(max_length=254).run_validation(value.lower()) if value else None

    def validate_phone(self, value: str | None) -> str | None:
        try:
            return clean_phone(value) if value else None
        except ValueError as error:
            raise serializers.ValidationError(_("This is not a telephone number. Include the area code.")) from error

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The address lies flat on the customer's row."""
        if "address" in attrs:
            address = attrs.pop("address")
            attrs |= dict.fromkeys(ADDRESS_FIELDS) if address is None else address
        return attrs


class AddressOutput(serializers.Serializer):
    street = serializers.CharField(allow_null=True)
    number = serializers.CharField(allow_null=True)
    complement = serializers.CharField(allow_null=True)
    district = serializers.CharField(allow_null=True)
    city = serializers.CharField(allow_null=True)
    state = serializers.CharField(allow_null=True)
    postal_code = serializers.CharField(allow_null=True)


@example(
    {
        "id": 7,
        "name": "Padaria Pão de Mel Ltda.",
        "document": "11222333000181",
        "document_type": "CNPJ",
        "email": "compras@paodemel.example",
        "phone": "+5511987654321",
        "address": {
            "street": "Rua Augusta",
            "number": "1500",
            "complement": None,
            "district": None,
            "city": "São Paulo",
            "state": "SP",
            "postal_code": "01304001",
        },
        "is_active": True,
        "created_at": "2026-11-23T12:00:00.000000Z",
        "updated_at": "2026-11-23T12:00:00.000000Z",
    }
)
class CustomerOutput(serializers.Serializer):
    """A customer. `document`, `email` and `phone` are masked for who may not see personal data."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    document = serializers.CharField(allow_null=True)
    document_type = serializers.ChoiceField(choices=["CPF", "CNPJ"], allow_null=True)
    email = serializers.CharField(allow_null=True)
    phone = serializers.CharField(allow_null=True)
    address = AddressOutput()
    is_active = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
