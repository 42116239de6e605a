"""Credentials and users as they come in (checked), and users as they go out (documented; made by `snapshots`)."""

from typing import Any, ClassVar

from rest_framework import serializers

from apps.authentication.models import USERNAME
from apps.common.inputs import NOT_A_LIST, Input, StrictBoolean, StrictString
from apps.common.openapi import example
from apps.common.text import MAX_PASSWORD

PERSON = {
    "id": 3,
    "username": "maria",
    "email": "maria@example.com",
    "first_name": "Maria",
    "last_name": "Souza",
    "roles": ["Operator"],
    "is_superuser": False,
}
USER = {**PERSON, "is_active": True, "date_joined": "2026-11-23T12:00:00.000000Z"}
ME = {**PERSON, "permissions": ["customers.view_personal_data", "orders.add_order", "orders.move_order"]}
TOKENS = {"access": "eyJ…", "refresh": "eyJ…"}


@example({"username": "operator", "password": "demo-password"})
class Credentials(Input):
    username = StrictString(max_length=254, help_text="Username or e-mail.")
    password = StrictString(max_length=MAX_PASSWORD, trim_whitespace=False)


@example({"refresh": "eyJ…"})
class RefreshInput(Input):
    refresh = StrictString(max_length=4096)


@example({"current_password": "demo-password", "new_password": "a-much-better-one"})
class PasswordInput(Input):
    current_password = StrictString(max_length=MAX_PASSWORD, trim_whitespace=False)
    new_password = StrictString(max_length=MAX_PASSWORD, trim_whitespace=False)


class RolesInput(serializers.ListField):
    """Names of groups."""

    MOST = 50
    default_error_messages: ClassVar[dict[str, Any]] = {"not_a_list": NOT_A_LIST}

    child = StrictString(max_length=150)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "max_length": self.MOST, **kwargs})

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, list) and len(data) > self.MOST:
            self.fail("max_length", max_length=self.MOST)  # Before each is looked at: a body holds half a million.
        return super().to_internal_value(data)


class EmailLine(StrictString, serializers.EmailField):
    """An e-mail address, in small letters."""

    def to_internal_value(self, data: Any) -> str:
        return super().to_internal_value(data).lower()


@example(
    {
        "username": "maria",
        "email": "maria@example.com",
        "password": "a-long-pass-phrase",
        "first_name": "Maria",
        "last_name": "Souza",
        "roles": ["Operator"],
    }
)
class RegisterInput(Input):
    username = StrictString(max_length=150, validators=[USERNAME])
    email = EmailLine(max_length=254)
    password = StrictString(max_length=MAX_PASSWORD, trim_whitespace=False)
    first_name = StrictString(max_length=150, required=False, allow_blank=True)
    last_name = StrictString(max_length=150, required=False, allow_blank=True)
    roles = RolesInput()


@example({"roles": ["Operator"], "is_active": True})
class UserChange(Input):
    email = EmailLine(max_length=254, required=False)
    first_name = StrictString(max_length=150, required=False, allow_blank=True)
    last_name = StrictString(max_length=150, required=False, allow_blank=True)
    is_active = StrictBoolean(required=False)
    roles = RolesInput()


class PersonOutput(serializers.Serializer):
    id = serializers.IntegerField()
    username = serializers.CharField()
    email = serializers.CharField()
    first_name = serializers.CharField(allow_blank=True)
    last_name = serializers.CharField(allow_blank=True)
    roles = serializers.ListField(child=serializers.CharField())
    is_superuser = serializers.BooleanField()


@example(USER)
class UserOutput(PersonOutput):
    is_active = serializers.BooleanField()
    date_joined = serializers.DateTimeField()


@example(ME)
class MeOutput(PersonOutput):
    permissions = serializers.ListField(child=serializers.CharField(), help_text="orders.add_order, …")


@example(TOKENS)
class TokenPairOutput(serializers.Serializer):
    access = serializers.CharField()
    refresh = serializers.CharField()


@example({**TOKENS, "user": ME})
class TokenSignInOutput(TokenPairOutput):
    user = MeOutput()


@example({"user": ME, "csrf_token": "pXU9…"})
class SessionSignInOutput(serializers.Serializer):
    user = MeOutput()
    csrf_token = serializers.CharField(help_text="To be sent as X-CSRFToken with unsafe methods.")
