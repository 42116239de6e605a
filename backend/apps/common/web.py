"""The support interface at `/`: one page, whose script shows a screen for each of its addresses.

Its files are static files with hashed names; the page itself is asked for each time. Where nothing has been built
(`make web`), a plain page says so, and where else to go.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csp import get_nonce
from django.shortcuts import render
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

# The first segment of each address that the script knows (frontend/src/app/routes.tsx).
SCREENS = "sign-in", "orders", "customers", "products", "users", "account"
# What the build leaves where the nonce of the request belongs (frontend/vite.config.ts).
NONCE = b"__CSP_NONCE__"
# The style tags that its components make at run time carry the nonce; scripts have none, and are files of this host.
PAGE_POLICY: dict[str, Any] = {
    **settings.SECURE_CSP,
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF, CSP.NONCE],
}


@csrf_exempt  # It changes nothing: a POST is told so.
@require_safe
@csp_override(PAGE_POLICY)
def page(request: HttpRequest) -> HttpResponse:
    """The page of every screen. A screen that is not there is the script's to tell."""
    try:
        built = (settings.WEB_DIST / "index.html").read_bytes()
    except OSError:
        response = render(request, "not_built.html")
    else:
        response = HttpResponse(built.replace(NONCE, str(get_nonce(request)).encode()))
    response["Cache-Control"] = "no-cache"
    return response
