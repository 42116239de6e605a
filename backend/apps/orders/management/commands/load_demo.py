"""`manage.py load_demo`: a small shop to look at, and accounts to look at it with."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from apps.authentication.models import User
from apps.common.commands import DeskCommand
from apps.common.errors import DomainError, Invalid, Unavailable
from apps.orders import demo


class Command(DeskCommand):
    help = (
        "Load the demo customers, products, orders and accounts, as far as they are not here yet, and show the "
        "accounts. Refused with DEBUG off: everybody knows their password."
    )

    def handle(self, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("The demo accounts have a password that everybody knows: none is made with DEBUG off.")
        try:
            accounts = demo.load()
        except Invalid as error:
            flaws = " ".join(problem["detail"] for problem in error.facts["errors"])
            raise CommandError(f"DEMO_PASSWORD cannot be used: {flaws}") from error
        except Unavailable:
            raise
        except DomainError as error:
            raise CommandError(f"The demo data does not fit what is here: {error.code} {error.facts}") from error
        self.stdout.write("  Demo accounts:")
        for username in demo.ACCOUNTS:
            self.stdout.write(f"    {username:<10} {_shown(accounts.get(username))}")


def _shown(user: User | None) -> str:
    """What the account is now, and its password where that is the demo's: it may be somebody's own of that name."""
    if user is None:
        return "not made: there is an administrator already"
    roles = ", ".join(user.groups.order_by("name").values_list("name", flat=True)) or "no role"
    password = settings.DEMO_PASSWORD if user.check_password(settings.DEMO_PASSWORD) else "(a password of its own)"
    return f"{roles:<10} {password:<24} {user.get_full_name()}".rstrip()
