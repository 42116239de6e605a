"""One file, driven by the environment (see `.env.example`). Production refuses to start on weak values."""

import os
import secrets
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _
from redis.connection import parse_url

from apps.common import logs
from apps.common.errors import WHOLE
from apps.common.limits import Limit
from config import environment as env

BACKEND = Path(__file__).resolve().parent.parent
ROOT = env.ROOT
VERSION = "0.1.0"

DEBUG = env.flag("DEBUG", False)
TESTING = "pytest" in sys.modules


def _secret(name: str) -> str:
    """As it is written. `env.text` would take one that begins with `$` for the name of another variable."""
    return os.environ.get(name, "")


def _is_weak(key: str) -> bool:
    """Short, of few letters, or what a template has in its place. Chance writes no such words."""
    letters = "".join(letter for letter in key.casefold() if letter.isalnum())
    templates = ("changeme", "changethis", "replaceme", "replacethis", "yoursecret", "insecure", "placeholder")
    return len(key) < 32 or len(set(key)) < 8 or any(words in letters for words in templates)


def _secret_key() -> str:
    """The key from the environment; on a laptop one that is made once and kept beside the database."""
    key = _secret("SECRET_KEY")
    if not key and TESTING:
        return secrets.token_urlsafe(64)
    if not key and DEBUG:
        kept = ROOT / ".secret-key"
        if not kept.exists():
            kept.touch(mode=0o600)
            kept.write_text(secrets.token_urlsafe(64))
        return kept.read_text()
    if _is_weak(key):
        raise ImproperlyConfigured(
            "SECRET_KEY is missing or weak: set one of at least 32 random characters, for instance from "
            '`python -c "import secrets; print(secrets.token_urlsafe(64))"`. (With DEBUG=true one is made for you.)'
        )
    return key


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = env.listed(
    "ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]", "testserver"] if DEBUG or TESTING else []
)
CSRF_TRUSTED_ORIGINS = env.listed("CSRF_TRUSTED_ORIGINS")
TRUSTED_PROXIES = env.whole("TRUSTED_PROXIES", 0)

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "apps.common.administration.apps.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "apps.common",
    "apps.events",
    "apps.authentication",
    "apps.customers",
    "apps.products",
    "apps.orders",
    "apps.dashboard",
]

MIDDLEWARE = [
    "apps.common.requests.RequestMiddleware",
    "apps.common.problems.ProblemMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "apps.common.middleware.ContentSecurityPolicyMiddleware",
    "apps.common.middleware.WhiteNoiseMiddleware",
    "apps.common.middleware.LocaleMiddleware",
    "apps.common.throttling.RateLimitMiddleware",
    "apps.common.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "apps.common.middleware.AuthenticationMiddleware",
    "apps.common.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BACKEND / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# ── Database: the referee. READ COMMITTED everywhere: lock first, read after. ─────────────────────────────────

DB_ENGINE = env.text("DB_ENGINE", "sqlite")
# A client is not kept waiting for a database that hangs; a command may wait as long as its statement takes.
SERVING = "gunicorn" in sys.modules
DB_READ_TIMEOUT = env.whole("DB_READ_TIMEOUT", 15 if SERVING else 0)  # seconds; more than the wait for a lock
# On every node of a Galera cluster, what was told to be done is found: a node first does what the others have told it.
DB_SYNC_WAIT = env.flag("DB_SYNC_WAIT", False)
# "require": encrypted, or not at all. "verify": and only with the server that a certificate names, signed by DB_TLS_CA
# (a file) or, without that, by somebody whom the system trusts. Left out: as the driver likes.
DB_TLS, DB_TLS_CA = env.choice("DB_TLS", ("require", "verify")), env.text("DB_TLS_CA")
if DB_TLS_CA and DB_TLS != "verify":
    raise ImproperlyConfigured("DB_TLS_CA is looked at with DB_TLS=verify only.")
_TLS: dict[str, dict[str, dict[str, Any]]] = {
    "mysql": {
        "require": {"ssl_mode": "REQUIRED"},
        "verify": {"ssl_mode": "VERIFY_IDENTITY", "ssl": {"ca": DB_TLS_CA} if DB_TLS_CA else {}},
    },
    "postgresql": {
        "require": {"sslmode": "require"},
        "verify": {"sslmode": "verify-full", "sslrootcert": DB_TLS_CA or "system"},
    },
}
_SERVER = {
    "NAME": env.text("DB_NAME", "order_desk"),
    "USER": env.text("DB_USER", "order_desk"),
    "PASSWORD": _secret("DB_PASSWORD"),
    "HOST": env.text("DB_HOST", "127.0.0.1"),
    "PORT": env.text("DB_PORT"),
    "CONN_MAX_AGE": env.whole("DB_CONN_MAX_AGE", 60),
    "CONN_HEALTH_CHECKS": True,
}


def _sqlite_path(name: str) -> str:
    """A relative path counts from the root, whatever folder a program is started in."""
    return name if name == ":memory:" else str(ROOT / name)


_ENGINES: dict[str, dict[str, Any]] = {
    "sqlite": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": _sqlite_path(env.text("DB_NAME", "db.sqlite3")),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # A writer waits for its turn when it begins, not when it first writes: no deadlock, no lost update.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,  # seconds
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    },
    "mysql": _SERVER
    | {
        "ENGINE": "apps.common.databases.mysql",
        "TEST": {"CHARSET": "utf8mb4", "COLLATION": "utf8mb4_unicode_520_ci"},
        "OPTIONS": {
            "charset": "utf8mb4",
            "isolation_level": "read committed",
            "connect_timeout": 5,
            "read_timeout": DB_READ_TIMEOUT,
            "write_timeout": DB_READ_TIMEOUT,
            "init_command": "SET SESSION innodb_lock_wait_timeout=10, group_concat_max_len=1000000, "
            "sql_mode='STRICT_TRANS_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'"
            + (", wsrep_sync_wait=1" if DB_SYNC_WAIT else ""),
        },
    },
    "postgresql": _SERVER
    | {
        "ENGINE": "apps.common.databases.postgresql",
        "OPTIONS": {
            "connect_timeout": 5,
            # Its client library has no time-out for reading: the server ends a statement, a dead host is noticed.
            "tcp_user_timeout": 15_000,  # milliseconds
            "keepalives_idle": 5,
            "keepalives_interval": 3,
            "keepalives_count": 3,
            "options": "-c lock_timeout=10s -c default_transaction_isolation=read\\ committed "
            f"-c statement_timeout={DB_READ_TIMEOUT}s",
        },
    },
}
if DB_ENGINE not in _ENGINES:
    raise ImproperlyConfigured(f"DB_ENGINE is one of {', '.join(_ENGINES)}, not “{DB_ENGINE}”.")
DATABASES: dict[str, dict[str, Any]] = {"default": _ENGINES[DB_ENGINE]}
if DB_TLS and DB_ENGINE in _TLS:
    DATABASES["default"]["OPTIONS"] |= _TLS[DB_ENGINE][DB_TLS]

# ── Cache and rate limits: helpful, never trusted. Redis may vanish at any moment. ─────────────────────────────

REDIS_URL = env.checked("REDIS_URL", "", parse_url) or None
REDIS_TIMEOUT = 0.25  # seconds
CACHES: dict[str, Any] = {
    # What packages keep for themselves (the admin's search: objects, that are no JSON) stays in the process.
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "packages"},
    # What we keep (apps.common.kept) is shared where there is a Redis.
    "kept": {
        # Another version may keep other things under the same name.
        "KEY_PREFIX": f"order-desk:{VERSION}",
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    },
}
if REDIS_URL:
    CACHES["kept"] |= {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {
            "serializer": "apps.common.kept.JSONSerializer",
            "socket_timeout": REDIS_TIMEOUT,
            "socket_connect_timeout": REDIS_TIMEOUT,
            "retry": None,
        },
    }
RATE_LIMIT_ENABLED = env.flag("RATE_LIMIT_ENABLED", True)
RATE_LIMIT_DEFAULT = env.checked("RATE_LIMIT_DEFAULT", "600/minute", lambda text: Limit.parse("", text))
RATE_LIMIT_LOGIN = env.checked("RATE_LIMIT_LOGIN", "20/minute", lambda text: Limit.parse("", text))

# ── What is brought up to date beside the requests ────────────────────────────────────────────────────────────

# Seconds; 0: this server leaves it to others. The dashboard's totals by day, the names that searches look through, and
# the sign-ins that have expired.
TOTALS_EVERY = env.seconds("TOTALS_EVERY", 0 if TESTING else 10)
NAMES_EVERY = env.seconds("NAMES_EVERY", 0 if TESTING else 10)
EXPIRED_EVERY = env.seconds("EXPIRED_EVERY", 0 if TESTING else 3600)

# ── Sign-in ────────────────────────────────────────────────────────────────────────────────────────────────────

AUTH_USER_MODEL = "authentication.User"
AUTHENTICATION_BACKENDS = ["apps.authentication.backends.AccountBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=15),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=7),
    "ALGORITHM": "HS256",
    "SIGNING_KEY": SECRET_KEY,
    "AUTH_HEADER_TYPES": ("Bearer",),
    "LEEWAY": 10,  # seconds: the clocks of two machines do not agree, and one may read what the other has just signed
}
LOGIN_LOCK_AFTER = env.whole("LOGIN_LOCK_AFTER", 5, least=1)
LOGIN_LOCK = timedelta(minutes=env.whole("LOGIN_LOCK_MINUTES", 15, least=1))
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.flag("COOKIE_SECURE", not DEBUG)
SESSION_COOKIE_AGE = 14 * 24 * 3600  # seconds
CSRF_FAILURE_VIEW = "apps.common.problems.csrf_failure"
LOGIN_URL, LOGIN_REDIRECT_URL = "/admin/login/", "/admin/"

# ── The API ────────────────────────────────────────────────────────────────────────────────────────────────────

REQUIRE_IF_MATCH = env.flag("REQUIRE_IF_MATCH", False)
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000  # bytes
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "apps.authentication.backends.TokenAuthentication",
        "apps.authentication.backends.CookieAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["apps.common.permissions.MayAct"],
    "DEFAULT_PARSER_CLASSES": ["apps.common.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["apps.common.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "apps.common.negotiation.AlwaysJSON",
    "DEFAULT_PAGINATION_CLASS": "apps.common.pagination.ListPagination",
    "DEFAULT_FILTER_BACKENDS": [
        "apps.common.filters.ListFilter",
        "apps.common.filters.ListSearch",
        "apps.common.filters.ListOrdering",
    ],
    "DEFAULT_SCHEMA_CLASS": "apps.common.openapi.DocumentedSchema",
    "EXCEPTION_HANDLER": "apps.common.problems.handle",
    "NON_FIELD_ERRORS_KEY": WHOLE,
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Order Desk",
    "DESCRIPTION": "Customers, products with stock, and orders that are never doubled, oversold or lost.",
    "VERSION": VERSION,
    "OAS_VERSION": "3.1.0",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SORT_OPERATIONS": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "apps.common.openapi.share_parts",
    ],
    "ENUM_NAME_OVERRIDES": {"OrderStatus": "apps.orders.lifecycle.Status"},
}

# ── Pages ──────────────────────────────────────────────────────────────────────────────────────────────────────

SECURE_CSP = {
    "default-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
UNFOLD = {"SITE_TITLE": "Order Desk", "SITE_HEADER": "Order Desk", "SITE_SYMBOL": "receipt_long", "SITE_URL": None}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", False)
SECURE_REDIRECT_EXEMPT = [r"^health$"]  # Balancers and the container itself ask without TLS, from inside.
SECURE_HSTS_SECONDS = env.whole("SECURE_HSTS_SECONDS", 0)
# Whether every other name of the shop's domain speaks HTTPS, only the shop knows.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("SECURE_HSTS_INCLUDE_SUBDOMAINS", False)
SECURE_HSTS_PRELOAD = env.flag("SECURE_HSTS_PRELOAD", False)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

STATIC_URL = "/static/"
STATIC_ROOT = BACKEND / "staticfiles"
WEB_DIST = ROOT / "frontend" / "dist"  # What `make web` builds.
STATICFILES_DIRS = [("web", WEB_DIST)] if WEB_DIST.is_dir() else []
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG or TESTING  # Served, files are looked for once; a suite makes a thousand servers.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/web/assets/"  # Another content has another name.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# ── Language, time, logs ───────────────────────────────────────────────────────────────────────────────────────

LANGUAGE_CODE = "pt-br"
LANGUAGES = [("pt-br", _("Brazilian Portuguese")), ("en", _("English"))]
LOCALE_PATHS = [BACKEND / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "America/Sao_Paulo"

LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = logs.configure(env.level("LOG_LEVEL", "INFO"))

WELL_KNOWN_PASSWORD = "demo-password"  # noqa: S105 - it stands in the README: with DEBUG off it opens nothing
DEMO_PASSWORD = _secret("DEMO_PASSWORD") or WELL_KNOWN_PASSWORD

if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # Tests sign in hundreds of times.
