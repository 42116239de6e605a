"""The table of contents."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from apps.common import docs
from apps.common.health import health
from apps.common.web import SCREENS, page

# What is asked most stands first: the resolver makes a list of all that it tried before.
urlpatterns = [
    path("api/v1/", include("apps.orders.urls")),
    path("api/v1/", include("apps.products.urls")),
    path("api/v1/", include("apps.customers.urls")),
    path("api/v1/", include("apps.dashboard.urls")),
    path("api/v1/", include("apps.authentication.urls")),
    path("health", health),
    path("docs", docs.Swagger.as_view(), name="docs"),
    path("redoc", docs.Redoc.as_view(), name="redoc"),
    path("api/schema", docs.Schema.as_view(), name="schema"),
    path("admin", RedirectView.as_view(url="/admin/")),
    path("admin/", admin.site.urls),
    re_path(rf"^(?:(?:{'|'.join(SCREENS)})(?:/.*)?)?$", page),
]
