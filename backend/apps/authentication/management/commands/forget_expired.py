"""`manage.py forget_expired`: deletes the sign-ins that have expired, by token and by session."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.authentication.expiry import forget_expired


class Command(BaseCommand):
    help = (
        "Delete the sign-ins that have expired, by token and by session. The servers do so by themselves "
        "(EXPIRED_EVERY); this is for doing it at once. May run beside live traffic."
    )

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"{sum(forget_expired())} expired sign-ins are forgotten.")
