"""How the application is served: some workers, some threads each, and a graceful end."""

import sys
from pathlib import Path

BACKEND = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BACKEND))  # This file is read before gunicorn looks at --chdir.

from apps.common import logs  # noqa: E402
from config import environment as env  # noqa: E402
from config.serving import choose_core, share_one_heap  # noqa: E402

share_one_heap()

bind = f"{env.text('BIND', '127.0.0.1')}:{env.whole('PORT', 8000)}"
workers = env.whole("WEB_CONCURRENCY", 2, least=1)
worker_class = "config.serving.Worker"
logger_class = "config.serving.NoAccessLog"
threads = env.whole("WEB_THREADS", 8, least=1)
timeout = 60  # seconds
graceful_timeout = 30
keepalive = 30
limit_request_line = 8190  # bytes, the most there is: a link to the next page repeats its filters
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
control_socket_disable = True
forwarded_allow_ips = ""  # Whom to believe about addresses and schemes is TRUSTED_PROXIES' to say: gunicorn believes
# whoever comes from this machine, a path (SCRIPT_NAME) included.
if env.flag("WEB_PINNED", True):
    pre_fork = choose_core

logconfig_dict = logs.configure(env.level("LOG_LEVEL", "INFO"))
logconfig_dict["loggers"] |= {
    "gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True, "qualname": "gunicorn.error"},
    # One line per request is ours (apps.common.requests): this one would show the query.
    "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False, "qualname": "gunicorn.access"},
}
