"""The site itself: its looks, its navigation, and the policy that its pages need."""

from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import unquote

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth import logout
from django.core.exceptions import BadRequest
from django.core.paginator import InvalidPage
from django.core.validators import MaxLengthValidator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils.csp import CSP
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csp import csp_override
from unfold.forms import AuthenticationForm
from unfold.sites import UnfoldAdminSite

from apps.common.administration import submissions
from apps.common.text import MAX_PASSWORD

# Alpine makes a function of each expression that it finds in a page: without 'unsafe-eval' nothing opens or closes.
# It also sizes the side bar with style attributes. Inline scripts and style sheets stay forbidden.
PAGE_POLICY: dict[str, Any] = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.UNSAFE_EVAL],
    "style-src": [CSP.SELF],
    "style-src-attr": [CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF, "data:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}

# What stands in the side bar: the models by name, each with its icon. Who may not see one does not find it here.
NAVIGATION: tuple[tuple[Any, dict[str, str]], ...] = (
    (_("Sales"), {"Order": "receipt_long", "Customer": "groups"}),
    (_("Stock"), {"Product": "inventory_2", "StockMovement": "swap_vert"}),
    (_("Administration"), {"User": "person", "Group": "shield_person", "LogEntry": "policy", "Event": "history"}),
)
# What Django calls its table of actions says little.
NAMES = {"LogEntry": _("Changes of access")}


class SignInForm(AuthenticationForm):
    error_messages: ClassVar = {
        **AuthenticationForm.error_messages,
        "invalid_login": _("Username or password is wrong, or this account may not enter the administration."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["username"]
        name.label = _("Username or e-mail")
        name.max_length = name.widget.attrs["maxlength"] = 254
        bound_passwords(self)


def bound_passwords(form: Form) -> None:
    """No password is longer than the API takes: with such a one nobody could sign in there."""
    for name, field in form.fields.items():
        if "password" in name:
            field.validators.append(MaxLengthValidator(MAX_PASSWORD))


class OrderDeskSite(UnfoldAdminSite):
    """Unfold, with a policy of its own for each page, all of it served from here."""

    login_form = SignInForm

    def admin_view(self, view: Callable[..., HttpResponse], cacheable: bool = False) -> Callable[..., HttpResponse]:
        return csp_override(PAGE_POLICY)(_readable(super().admin_view(view, cacheable)))

    @method_decorator(csp_override(PAGE_POLICY))
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().login(request, extra_context)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        # Unfold insists on its own form, which saves the user; Django takes `password_change_form`.
        response = AdminSite.password_change(self, request, extra_context)
        if response.status_code != 302:
            return response
        logout(request)  # A new password ends every session, this one too: as the API has it.
        messages.success(request, _("Your password is changed. Every sign-in has ended: sign in with the new one."))
        return HttpResponseRedirect(reverse(f"{self.name}:login"))

    def search(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        try:
            return super().search(request, extra_context)
        except (ValueError, InvalidPage) as error:  # Unfold takes the number of the page at its word.
            raise Http404 from error

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Colours come as a style sheet, not as an inline one, which the policy forbids."""
        looks = {
            "colors": None,
            "styles": [static("administration/desk.css")],
            "scripts": [static("administration/htmx.js"), static("administration/once.js")],
            submissions.FIELD: submissions.new_number(),
            "site_favicons": [{"rel": "icon", "type": "image/svg+xml", "href": static("administration/icon.svg")}],
        }
        return super().each_context(request) | looks

    def get_sidebar_list(self, request: HttpRequest) -> list[dict[str, Any]]:
        visible = {model["object_name"]: model for app in self.get_app_list(request) for model in app["models"]}
        return [
            {
                "title": title,
                "separator": bool(position),
                "items": [
                    {
                        "title": NAMES.get(name, visible[name]["name"]),
                        "icon": icon,
                        "link": visible[name]["admin_url"],
                        "active": request.path.startswith(visible[name]["admin_url"]),
                        "has_permission": True,
                    }
                    for name, icon in models.items()
                    if name in visible
                ],
            }
            for position, (title, models) in enumerate(NAVIGATION)
        ]


def _readable(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Refuse a NUL in the address: PostgreSQL cannot compare with it, and nobody types one."""

    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "\0" in unquote(request.get_full_path()):
            raise BadRequest
        return view(request, *args, **kwargs)

    return checked
