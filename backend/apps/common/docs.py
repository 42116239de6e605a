"""/docs, /redoc and /api/schema, all from this server: no page loads anything from another host."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils import translation
from django.utils.csp import CSP
from django.utils.decorators import method_decorator
from django.views.decorators.csp import csp_override
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

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


READ_ONLY = ["get", "head"]  # DRF's own answer to OPTIONS would be rendered by the page's template.
RENDERERS: dict[str, type[BaseRenderer]] = {"yaml": OpenApiYamlRenderer, "json": OpenApiJsonRenderer}


class Schema(SpectacularAPIView):
    """The OpenAPI 3.1 document, as YAML or as JSON, in the language of the reader or in that of `?lang=`."""

    content_negotiation_class = AsAsked
    permission_classes = [AllowAny]
    authentication_classes: list[Any] = []
    http_method_names = READ_ONLY

    @extend_schema(exclude=True)
    def get(self, request: Request, *_args: Any, **_kwargs: Any) -> HttpResponse:
        renderer = request.accepted_renderer
        asked = request.query_params.get("lang")
        language = asked if asked in dict(settings.LANGUAGES) else translation.get_language()
        charset = f"; charset={renderer.charset}" if renderer.charset else ""
        return HttpResponse(
            document(language, renderer.format),
            content_type=f"{renderer.media_type}{charset}",
            headers={"Content-Disposition": f'inline; filename="{self._get_filename(request, None)}"'},
        )


@cache
def document(language: str, form: str) -> str | bytes:
    """The whole of it, written once per process: that takes a tenth of a second, and anybody may ask."""
    with translation.override(language):
        schema = SpectacularAPIView.generator_class().get_schema(public=True)
        return RENDERERS[form]().render(schema)


@method_decorator(csp_override(PAGE_POLICY), name="dispatch")
class Swagger(SpectacularSwaggerSplitView):
    """Swagger UI, its script as a file of its own so that the policy allows no inline script."""

    permission_classes = [AllowAny]
    authentication_classes: list[Any] = []
    http_method_names = READ_ONLY
    url_name = "schema"


@method_decorator(csp_override(PAGE_POLICY), name="dispatch")
class Redoc(SpectacularRedocView):
    permission_classes = [AllowAny]
    authentication_classes: list[Any] = []
    http_method_names = READ_ONLY
    url_name = "schema"
    template_name = "redoc.html"
