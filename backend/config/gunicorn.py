"""How the application is served: some workers, some threads each, and a graceful end."""

import sys
from pathlib import Path

import environ

BACKEND = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BACKEND))  # This file is read before gunicorn looks at --chdir.

from apps.common import logs  # noqa: E402
from config.serving import choose_core, share_one_heap  # noqa: E402

share_one_heap()
env = environ.Env()
if (BACKEND.parent / ".env").exists():
    env.read_env(BACKEND.parent / ".env", overwrite=False)

bind = f"{env.str('BIND', '127.0.0.1')}:{env.int('PORT', 8000)}"
workers = env.int("WEB_CONCURRENCY", 2)
worker_class = "config.serving.Worker"
logger_class = "config.serving.NoAccessLog"
threads = env.int("WEB_THREADS", 8)
timeout = 60  # seconds
graceful_timeout = 30
keepalive = 30
limit_request_line = 8190  # bytes, the most there is: a link to the next page repeats its filters
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
control_socket_disable = True
forwarded_allow_ips = ""  # Whom to believe about addresses and schemes is TRUSTED_PROXIES' to say: gunicorn believes
# whoever comes from this machine, a path (SCRIPT_NAME) included.
if env.bool("WEB_PINNED", True):
    pre_fork = choose_core

logconfig_dict = logs.configure(env.str("LOG_LEVEL", "INFO"))
logconfig_dict["loggers"] |= {
    "gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True, "qualname": "gunicorn.error"},
    # One line per request is ours (apps.common.requests): this one would show the query.
    "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False, "qualname": "gunicorn.access"},
}
