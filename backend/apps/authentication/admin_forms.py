"""The forms of users, groups and passwords in the admin. What they take is what the API takes."""

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.models import Group, Permission
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from unfold.forms import AdminOwnPasswordChangeForm
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminEmailInputWidget,
    UnfoldAdminPasswordWidget,
    UnfoldAdminTextInputWidget,
)

from apps.authentication import groups, passwords, services
from apps.authentication.models import User
from apps.authentication.serializers import RegisterInput, UserChange
from apps.common.administration.forms import InputForm, RowForm
from apps.common.administration.site import bound_passwords
from apps.common.inputs import Input, StrictString
from apps.common.text import MAX_PASSWORD


class PasswordLine(Input):
    password = StrictString(max_length=MAX_PASSWORD, trim_whitespace=False)


class GroupInput(Input):
    name = StrictString(max_length=150)
    permissions = serializers.ListField(child=StrictString(max_length=201), required=False)


class TwiceTyped(InputForm):
    """A password that nobody can read while typing it is typed twice."""

    input_class: ClassVar[type[Input]] = PasswordLine

    password = forms.CharField(
        label=_("Password"), strip=False, widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"})
    )
    again = forms.CharField(
        label=_("The same password again"),
        strip=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
    )

    def clean_again(self) -> str:
        if self.cleaned_data["again"] != self.cleaned_data.get("password"):
            raise forms.ValidationError(_("The two passwords differ."), code="mismatch")
        return self.cleaned_data["again"]

    def body(self) -> dict[str, Any]:
        return {name: value for name, value in super().body().items() if name != "again"}


def _role_choices() -> list[tuple[str, str]]:
    return [(name, name) for name in Group.objects.order_by("name").values_list("name", flat=True)]


class UserForm(RowForm):
    input_class: ClassVar[type[Input]] = UserChange

    email = forms.CharField(label=capfirst(_("e-mail")), max_length=254, widget=UnfoldAdminEmailInputWidget)
    roles = forms.MultipleChoiceField(
        label=capfirst(_("roles")),
        choices=_role_choices,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )

    class Meta:
        model = User
        fields = ("first_name", "last_name", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            self.initial["roles"] = services.role_names(self.instance)

    def seen_values(self) -> dict[str, Any]:
        """What the page shows of the account: the service compares it once the row is locked."""
        return {name: self.initial[name] for name in self.values}


class NewUserForm(TwiceTyped, UserForm):
    input_class: ClassVar[type[Input]] = RegisterInput

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name")


def _permission_choices() -> list[tuple[str, str]]:
    """Only what the code asks for somewhere: a box that changes nothing is a lie."""
    rows = Permission.objects.select_related("content_type").order_by("content_type__app_label", "codename")
    named = ((f"{row.content_type.app_label}.{row.codename}", row.name) for row in rows)
    return [(key, name) for key, name in named if key in groups.GRANTABLE]


class GroupForm(RowForm):
    input_class = GroupInput

    name = forms.CharField(label=capfirst(_("name")), max_length=150, widget=UnfoldAdminTextInputWidget)
    permissions = forms.MultipleChoiceField(
        label=capfirst(_("permissions")),
        choices=_permission_choices,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("Nobody grants what they lack."),
    )

    class Meta:
        model = Group
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            self.initial["permissions"] = groups.permission_names(self.instance)


class OwnPasswordForm(AdminOwnPasswordChangeForm):
    """One's own password, for which one knows the current one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bound_passwords(self)

    def save(self, *_args: Any, **_kwargs: Any) -> User:
        passwords.change_password(
            user=self.user, current=self.cleaned_data["old_password"], new=self.cleaned_data["new_password1"]
        )
        self.user.refresh_from_db()
        return self.user
