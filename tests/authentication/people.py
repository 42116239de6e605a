"""People to register and to change, as the tests of users speak of them."""

from itertools import count

from apps.authentication.models import User
from tests.conftest import PASSWORD

REGISTER = "/api/v1/auth/register"
FORBIDDEN = (403, "permission_denied")
_numbers = count(1)


def a_newcomer(**fields):
    number = next(_numbers)
    return {"username": f"newcomer{number}", "email": f"newcomer{number}@example.com", "password": PASSWORD} | fields


def one(user):
    return f"/api/v1/users/{user.pk}"


def state_of(user):
    fields = ("username", "email", "first_name", "last_name", "is_active", "is_superuser", "is_staff", "password")
    row = User.objects.get(pk=user.pk)
    return {name: getattr(row, name) for name in fields}, sorted(row.groups.values_list("name", flat=True))
