"""Users and groups in the admin: nobody climbs here either, for the services decide."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_lazy as said_by_django
from django.views.decorators.debug import sensitive_post_parameters
from unfold.decorators import display

from apps.authentication import groups, passwords, policy, services
from apps.authentication.admin_forms import GRANTS, GroupForm, NewUserForm, OwnPasswordForm, TwiceTyped, UserForm
from apps.authentication.models import User
from apps.authentication.policy import MANAGE_USERS
from apps.authentication.roles import ROLES
from apps.authentication.views import UserCollection
from apps.common.administration.forms import RowForm
from apps.common.administration.pages import ReadOnlyPage, ServicePage, actor
from apps.common.administration.tables import column, short
from apps.common.errors import DomainError, Forbidden
from apps.common.text import fold

# Django's catalogues have these words already, in every language.
SET_PASSWORD = said_by_django("Set password")
PASSWORD_SET = said_by_django("Password changed successfully.")

admin.site.password_change_form = OwnPasswordForm
admin.site.unregister(Group)


class TrailedPage(ServicePage):
    """Rows whose services leave the trail: a second entry of Django's would tell it twice."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """`trail` has told of it."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """`trail` has told of it, if anything changed."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:
        """`trail` tells of it."""


@admin.register(User)
class UserPage(TrailedPage):
    form, add_form = UserForm, NewUserForm
    list_display = ("username", "email", "full_name", "role_labels", "is_active", "last_seen", "since")
    list_filter = ("is_active", "groups")
    sortable_by = ("username", "since")
    ordering = ("username_folded",)
    search_help_text = _("A part of the username, the e-mail or a name")
    add_fieldsets = (
        (None, {"fields": ("username", "email", ("first_name", "last_name"), ("password", "again"), "roles")}),
    )
    fieldsets = (
        (None, {"fields": ("username", "email", ("first_name", "last_name"), "is_active", "roles")}),
        (_("Known of the account"), {"fields": (("is_superuser", "is_staff"), ("last_login", "date_joined"))}),
    )
    readonly_fields = ("is_superuser", "is_staff", "last_login", "date_joined")
    change_form_outer_before_template = "administration/account.html"
    full_name = column("get_full_name", _("name"), lambda name: name())
    last_seen = column("last_login", _("last sign-in"), short)
    since = column("date_joined", _("since"), short, ordering="date_joined")

    def search(self, request: HttpRequest, rows: QuerySet, text: str) -> QuerySet:
        return UserCollection(request=request).search(rows, text)

    def register(self, request: HttpRequest, form: RowForm) -> User:
        return services.register_user(actor=actor(request), **form.values)

    def change(self, request: HttpRequest, form: Any) -> User:
        return services.change_user(
            actor=actor(request), pk=form.instance.pk, values=form.values, expected=form.seen_values()
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("groups")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        return self.readonly_fields if obj is None else ("username", *self.readonly_fields)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and request.user.has_perm(MANAGE_USERS)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        allowed = super().has_change_permission(request, obj) and request.user.has_perm(MANAGE_USERS)
        return allowed and (obj is None or _may_touch(request.user, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Accounts are deactivated: what they did stays theirs."""
        return False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.password_view)
        return [path("<path:object_id>/password/", view, name="authentication_user_password"), *super().get_urls()]

    @method_decorator(sensitive_post_parameters())
    def password_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Give somebody else a new password. One's own takes the current one: that page is another."""
        user = self.found(request, object_id)
        if user.pk == request.user.pk:
            return HttpResponseRedirect(reverse("admin:password_change"))
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        form = TwiceTyped(request.POST or None)
        if form.is_valid() and self._given(request, user, form):
            self.message_user(request, PASSWORD_SET, messages.SUCCESS)
            return self.back(user)
        context = {
            **self.admin_site.each_context(request),
            "title": SET_PASSWORD,
            "subtitle": str(user),
            "opts": self.opts,
            "form": form,
            "verb": SET_PASSWORD,
        }
        return TemplateResponse(request, "administration/password.html", context)

    def _given(self, request: HttpRequest, user: User, form: TwiceTyped) -> bool:
        try:
            passwords.set_password(actor=actor(request), pk=user.pk, new=form.values["password"])
        except DomainError as error:
            form.tell(error)
            return False
        return True

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        password = {
            "url": reverse("admin:authentication_user_password", args=(object_id,)),
            "text": SET_PASSWORD,
        }
        return super().change_view(request, object_id, form_url, {"password": password, **(extra_context or {})})

    @display(description=_("roles"), label=True)
    def role_labels(self, user: User) -> list[str]:
        return services.role_names(user)

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        """The same, where the form shows them and may not change them."""
        return ", ".join(services.role_names(user))


@admin.register(Group)
class GroupPage(TrailedPage):
    """The four roles are shown as they are: each `migrate` writes them again. A shop makes its own beside them."""

    form = add_form = GroupForm
    list_display = ("name", "members")
    sortable_by = ("name",)
    ordering = ("name",)
    search_help_text = _("A part of the name")
    what_deleting_does = _("Its members lose what it lets them do. It cannot be brought back.")
    members = column("member_count", _("members"))

    def search(self, request: HttpRequest, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(name__icontains=text)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(member_count=Count("user"))

    def register(self, request: HttpRequest, form: RowForm) -> Group:
        return self._save(request, None, form)

    def change(self, request: HttpRequest, form: RowForm) -> Group:
        return self._save(request, form.instance.pk, form)

    def remove(self, request: HttpRequest, row: Group) -> None:
        groups.delete_group(actor=actor(request), pk=row.pk)

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return super().has_change_permission(request, obj) and not _is_role(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not _is_role(obj)

    def get_fields(self, request: HttpRequest, obj: Group | None = None) -> tuple[str, ...]:
        """Boxes, or what is ticked for who may not tick."""
        editable = obj is None or self.has_change_permission(request, obj)
        return ("name", "permissions" if editable else "ticked")

    @admin.display(description=_("permissions"))
    def ticked(self, group: Group) -> str:
        held = set(groups.permission_names(group))
        return "\n".join(str(words) for name, words in GRANTS.items() if name in held)

    def _save(self, request: HttpRequest, pk: int | None, form: RowForm) -> Group:
        permissions = frozenset(form.values.get("permissions", ()))
        return groups.save_group(actor=actor(request), pk=pk, name=form.values["name"], permissions=permissions)


@admin.register(LogEntry)
class TrailPage(ReadOnlyPage):
    """Who changed whose access. What other pages of the admin leave in the same table stands in their histories."""

    list_display = ("when", "who", "did", "kind", "name", "what")
    list_filter = ("action_flag",)
    sortable_by = ()
    ordering = ("-id",)
    search_help_text = _("A part of the username of who did it, or of what was changed")
    fields = (("when", "who"), ("did", "kind", "name"), "what")
    when = column("action_time", _("when"), short)
    who = column("user", _("who"))
    did = column("get_action_flag_display", _("action"), lambda flag: flag())
    kind = column("content_type", _("kind"), lambda content_type: content_type.name)
    name = column("object_repr", _("name"))
    what = column("get_change_message", _("what changed"), lambda message: message())

    def search(self, request: HttpRequest, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(Q(user__username_folded__contains=fold(text)) | Q(object_repr__icontains=text))

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        kinds = [model._meta.model_name for model in (User, Group)]
        rows = super().get_queryset(request).filter(content_type__model__in=kinds)
        return rows.select_related("user", "content_type")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: LogEntry | None = None) -> bool:
        return request.user.has_perm(MANAGE_USERS)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Who changed whose access"), **(extra_context or {})})


def _is_role(group: Group | None) -> bool:
    return group is not None and group.name in ROLES


def _may_touch(actor: Any, user: User) -> bool:
    try:
        policy.require_can_manage(actor, user)
    except Forbidden:
        return False
    return True
