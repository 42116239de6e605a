"""`manage.py load_demo`: a small shop to look at, and four accounts to look at it with."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

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
        known = accounts["admin"].check_password(settings.DEMO_PASSWORD)
        password = settings.DEMO_PASSWORD if known else "the one they were made with (DEMO_PASSWORD is another now)"
        self.stdout.write(f"  Demo accounts, password: {password}")
        for username, (first_name, last_name, role) in demo.ACCOUNTS.items():
            self.stdout.write(f"    {username:<10} {role:<10} {first_name} {last_name}")
