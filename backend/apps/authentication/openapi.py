"""How the OpenAPI document says that one signs in. Importing it is enough: drf-spectacular finds the classes."""

from typing import Any

from drf_spectacular.authentication import SessionScheme
from drf_spectacular.contrib.rest_framework_simplejwt import SimpleJWTScheme


class TokenScheme(SimpleJWTScheme):
    target_class = "apps.authentication.backends.TokenAuthentication"
    name = "token"


class CookieScheme(SessionScheme):
    target_class = "apps.authentication.backends.CookieAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        description = "With unsafe methods, X-CSRFToken too."
        return {**super().get_security_definition(auto_schema), "description": description}
