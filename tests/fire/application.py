"""The application as in production: gunicorn with its real configuration, DEBUG off, a real key, several workers."""

import http.client
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.fire.programs import Program, free_port

ROOT = Path(__file__).resolve().parents[2]
WORKERS, THREADS = 3, 8
LIMIT = 100_000_000  # requests an hour: the limits are counted as in production, but refuse nobody here


class Application(Program):
    """gunicorn on a spare port of the loopback address."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self.port = free_port()
        self.settings = {**self._environment(), **settings}
        command = [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "backend/config/gunicorn.py")]
        command += ["--chdir", str(ROOT / "backend"), "config.wsgi:application"]
        super().__init__(command, folder / "application.log", env=self.settings)

    def begin(self) -> float:
        """Start it, and wait until it is well; how many seconds that took."""
        self.start()
        return self.wait_until(self.well)

    def well(self) -> bool:
        return self.health()[0] == 200

    def health(self) -> tuple[int, str]:
        """The answer of /health, (0, …) when there is none within two seconds."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/health")
            response = connection.getresponse()
            return response.status, response.read().decode()
        except (OSError, http.client.HTTPException) as error:
            return 0, type(error).__name__
        finally:
            connection.close()

    def kill_workers(self, most: int | None = None) -> int:
        """SIGKILL to so many workers, or to all; how many there were."""
        doomed = self.children()[:most]
        for pid in doomed:
            os.kill(pid, signal.SIGKILL)
        return len(doomed)

    def run(self, *arguments: str, **extra: str) -> str:
        """Run a Python program in the application's own environment, to its end."""
        return run_python(arguments, self.settings | extra)

    def _environment(self) -> dict[str, str]:
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        return inherited | {
            "DEBUG": "false",
            "SECRET_KEY": secrets.token_urlsafe(64),
            "ALLOWED_HOSTS": "127.0.0.1",
            "BIND": "127.0.0.1",
            "PORT": str(self.port),
            "WEB_CONCURRENCY": str(WORKERS),
            "WEB_THREADS": str(THREADS),
            "RATE_LIMIT_ENABLED": "true",
            "RATE_LIMIT_DEFAULT": f"{LIMIT}/hour",
            "RATE_LIMIT_LOGIN": f"{LIMIT}/hour",
            "LOG_LEVEL": "INFO",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONPATH": os.pathsep.join([str(ROOT / "backend"), str(ROOT)]),
        }


def run_python(arguments: Sequence[str], env: Mapping[str, str]) -> str:
    """Run it to its end and return what it printed. Raises RuntimeError with what it complained of."""
    done = subprocess.run(
        [sys.executable, *arguments], env=dict(env), cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"python {' '.join(arguments)} failed:\n{done.stdout[-1000:]}{done.stderr[-3000:]}")
    return done.stdout
