"""`manage.py forget_expired`: deletes what nobody asks for any more."""

from typing import Any

from apps.authentication.expiry import forget_expired
from apps.common.commands import DeskCommand


class Command(DeskCommand):
    help = (
        "Delete the sign-ins that have expired, by token and by session, old failed ones, and what is remembered of "
        "forms sent. The servers do so by themselves (EXPIRED_EVERY); this is for doing it at once. May run beside "
        "live traffic."
    )

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"{sum(forget_expired())} rows that have expired are forgotten.")
