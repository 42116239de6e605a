"""The first administrator: somebody has to be able to sign in before anybody can be registered."""

from django.contrib.auth.models import Group

from apps.authentication import policy, services, trail
from apps.authentication.models import User
from apps.authentication.roles import ADMIN
from apps.common.retry import transactional


@transactional
def create_first_administrator(*, username: str, email: str, password: str) -> User | None:
    """Create a superuser in Admin, unless there is an administrator already: then None, and nothing changes.

    Processes that start together wait for each other at the Admin group, so exactly one of them creates. Raises
    what `register_user` raises, and `Group.DoesNotExist` where there are no roles yet.
    """
    Group.objects.select_for_update().get(name=ADMIN)
    if policy.administrators().exists():
        return None
    user = services.register_user(actor=None, username=username, email=email, password=password, roles=[ADMIN])
    make_superuser(user)
    return user


def make_superuser(user: User) -> None:
    """Let this account do all; told in the trail. In the caller's transaction: nobody but a command may do so."""
    user.is_superuser = True
    user.save(update_fields=["is_superuser"])
    trail.changed(None, user, fields=["is_superuser"])
