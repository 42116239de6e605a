"""/docs, /redoc and /api/schema, all from this server: no page loads anything from another host."""

from typing import Any

from django.utils.csp import CSP
from django.utils.decorators import method_decorator
from django.views.decorators.csp import csp_override
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny

from apps.common.negotiation import AsAsked

# Both pages make their styles at run time, and Redoc its search worker.
PAGE_POLICY: dict[str, Any] = {
    "default-src": [CSP.SELF],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF, "data:"],
    "worker-src": [CSP.SELF, "blob:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}


class Schema(SpectacularAPIView):
    """The OpenAPI 3.1 document, as YAML or as JSON."""

    content_negotiation_class = AsAsked
    permission_classes = [AllowAny]
    authentication_classes: list[Any] = []


@method_decorator(csp_override(PAGE_POLICY), name="dispatch")
class Swagger(SpectacularSwaggerSplitView):
    """Swagger UI, its script as a file of its own so that the policy allows no inline script."""

    permission_classes = [AllowAny]
    authentication_classes: list[Any] = []
    url_name = "schema"


@method_decorator(csp_override(PAGE_POLICY), name="dispatch")
class Redoc(SpectacularRedocView):
    permission_classes = [AllowAny]
    authentication_classes: list[Any] = []
    url_name = "schema"
    template_name = "redoc.html"
