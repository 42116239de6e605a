"""A Redis of the harness's own, so that killing and hanging it hurts nobody else's."""

import shutil
from contextlib import closing
from pathlib import Path

import redis

from tests.fire.programs import Program, free_port


class Redis(Program):
    """Keeps nothing on disk: a restart forgets every count, as a cache may."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        settings = {"bind": "127.0.0.1", "port": str(self.port), "save": "", "appendonly": "no", "dir": str(folder)}
        given = [part for name, value in settings.items() for part in (f"--{name}", value)]
        super().__init__([shutil.which("redis-server") or "redis-server", *given], folder / "redis.log")

    @staticmethod
    def missing() -> str | None:
        return None if shutil.which("redis-server") else "no redis-server is installed"

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def begin(self) -> float:
        """Start it, and wait until it answers; how many seconds that took."""
        self.start()
        return self.wait_until(self.answers)

    def answers(self) -> bool:
        try:
            with closing(redis.Redis.from_url(self.url, socket_timeout=0.5, socket_connect_timeout=0.5)) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False
