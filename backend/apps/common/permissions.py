"""Who may do what is asked of Django's permissions; what a view does not name is closed."""

from typing import Any, Final

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

READ: Final = ""  # Any signed-in user.
PUBLIC: Final = "public"  # Everybody, signed in or not.


class MayAct(BasePermission):
    """The project's only permission class. A view maps its methods to permissions; an unnamed method is closed."""

    def has_permission(self, request: Request, view: Any) -> bool:
        method = "GET" if request.method == "HEAD" else str(request.method)
        permissions = getattr(view, "permissions", {})
        if method == "OPTIONS" or not hasattr(view, method.lower()):
            return bool(request.user.is_authenticated) or PUBLIC in permissions.values()  # Goes on, to a 405.
        needed = permissions.get(method)
        if needed == PUBLIC:
            return True
        if needed is None or not request.user.is_authenticated:
            return False
        return needed == READ or request.user.has_perm(needed)
