"""Django's database backends, with fewer round trips: what a busy connection need not ask, it does not ask."""

import time

from django.db.backends.base.base import BaseDatabaseWrapper

BELIEVED = 1.0  # seconds for which a connection that answered is taken to be there still


class SeldomAsked(BaseDatabaseWrapper):
    """Asks a connection whether it still stands once a second, not once a request.

    One that is lost in between fails at its next statement, as one that is lost a moment after it was asked does:
    a write starts over on another (`apps.common.retry`), a read answers 503 and Django drops the connection.
    """

    _stood_at = 0.0

    def close_if_health_check_failed(self) -> None:
        now = time.monotonic()
        if self.connection is not None and now < self._stood_at + BELIEVED:
            # For the whole request: asked at the end of a transaction, PostgreSQL would begin another one.
            self.health_check_done = True
            return
        super().close_if_health_check_failed()
        self._stood_at = now
