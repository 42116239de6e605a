"""What the world sees of a user."""

from typing import Any

from apps.authentication.models import User
from apps.authentication.services import role_names
from apps.common.text import moment


def user_snapshot(user: User) -> dict[str, Any]:
    """The user as managers see it."""
    return {**_person(user), "is_active": user.is_active, "date_joined": moment(user.date_joined)}


def me_snapshot(user: User) -> dict[str, Any]:
    """The user as they see themselves, with what they may do."""
    return {**_person(user), "permissions": sorted(user.get_all_permissions())}


def _person(user: User) -> dict[str, Any]:
    return {
        "id": user.pk,
        "username": user.username,
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "roles": role_names(user),
        "is_superuser": user.is_superuser,
    }
