"""Django's database backends, with fewer round trips: what a busy connection need not ask, it does not ask."""

import time

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper

from apps.common import packets

BELIEVED = 1.0  # seconds for which a connection that answered is taken to be there still


class FewerTrips(BaseDatabaseWrapper):
    """Asks a connection whether it still stands once a second, not once a request; sends COMMIT with what waits for it.

    A connection that is lost in between fails at its next statement, as one that is lost a moment after it was asked
    does: a write starts over on another (`apps.common.retry`), a read answers 503 and Django drops the connection.
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

    def can_commit_with_pending(self) -> bool:
        """Is it the outermost block that is about to end, and with it the transaction?"""
        return self.in_atomic_block and not self.savepoint_ids and not self.needs_rollback

    def _commit(self) -> None:
        if not self.commit_with_pending():
            super()._commit()  # type: ignore[misc] # The stubs have not heard of it.

    def commit_with_pending(self) -> bool:
        """Did something wait for the COMMIT, and is it done? Whatever else goes wrong leaves no transaction open."""
        try:
            return packets.commit()
        except DatabaseError:
            raise  # Django rolls back.
        except BaseException:
            self.close()  # For anything else it does not: the next BEGIN would commit the half of it.
            raise

    def close(self) -> None:
        packets.forget()
        super().close()

    def _rollback(self) -> None:
        packets.forget()
        super()._rollback()  # type: ignore[misc]
