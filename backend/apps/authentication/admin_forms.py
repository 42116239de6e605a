"""The forms of users, groups and passwords in the admin. What they take is what the API takes."""

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.models import Group
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
from apps.common.errors import Text
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


# What each box of a group says: all that the code asks for somewhere. A box that changes nothing would be a lie.
GRANTS: dict[str, Text] = {
    "orders.view_order": _("Orders: look at them in the administration"),
    "orders.view_orderitem": _("Orders: look at their items in the administration"),
    "orders.view_statuschange": _("Orders: look at their history in the administration"),
    "orders.add_order": _("Orders: place"),
    "orders.move_order": _("Orders: confirm, pick, ship and deliver"),
    "orders.cancel_order": _("Orders: cancel"),
    "customers.view_customer": _("Customers: look at them in the administration"),
    "customers.view_personal_data": _("Customers: see documents, e-mails and phones unmasked"),
    "customers.add_customer": _("Customers: register"),
    "customers.change_customer": _("Customers: change"),
    "customers.delete_customer": _("Customers: delete and restore"),
    "products.view_product": _("Products: look at them in the administration"),
    "products.add_product": _("Products: register"),
    "products.change_product": _("Products: change"),
    "products.delete_product": _("Products: delete and restore"),
    "products.change_stock": _("Stock: count, receive and write off"),
    "products.view_stockmovement": _("Stock: look at its ledger in the administration"),
    "events.view_event": _("Events: look at them in the administration"),
    "authentication.view_user": _("Users: look at them in the administration"),
    "authentication.add_user": _("Users: register them in the administration"),
    "authentication.change_user": _("Users: change them in the administration"),
    "authentication.manage_users": _("Users: register and manage those of lower roles"),
    "authentication.manage_managers": _("Users: register and manage those who manage users"),
    "auth.view_group": _("Groups: look at them in the administration"),
    "auth.add_group": _("Groups: make"),
    "auth.change_group": _("Groups: change"),
    "auth.delete_group": _("Groups: delete"),
}


class GroupForm(RowForm):
    input_class = GroupInput

    name = forms.CharField(label=capfirst(_("name")), max_length=150, widget=UnfoldAdminTextInputWidget)
    permissions = forms.MultipleChoiceField(
        label=capfirst(_("permissions")),
        choices=list(GRANTS.items()),
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
