"""What gunicorn serves."""

import os
from collections.abc import Iterable
from functools import cache
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from gunicorn.http.errors import NoMoreData

from config.serving import TooLarge, close_after

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django = get_wsgi_application()

from apps.authentication import expiry  # noqa: E402 - these need the apps, which are there now
from apps.common import background  # noqa: E402
from apps.customers import names  # noqa: E402
from apps.dashboard import settling  # noqa: E402


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Django, with the whole body at hand: who sends it slowly keeps nothing but a thread waiting.

    The API refuses a body that is too long as it refuses all else; elsewhere (forms) it is refused here.
    """
    length = _read_body(environ)
    if length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        if not environ["PATH_INFO"].startswith("/api/"):
            raise TooLarge
        close_after(start_response)  # The rest is not read: a request that comes behind it would not be found.
    return django(environ, start_response)


def _read_body(environ: dict[str, Any]) -> int:
    """Put the body into memory, of a longer one than may be a byte more than that; how long it says that it is."""
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if "HTTP_TRANSFER_ENCODING" in environ and environ.get("wsgi.input_terminated"):
        # In chunks (RFC 9112, 7.1). Without a Content-Length, Django would take it for no body.
        body = environ["wsgi.input"].read(most)
        length = len(body)
        environ["CONTENT_LENGTH"] = str(length)
    elif length:
        wanted = min(length, most)
        body = environ["wsgi.input"].read(wanted)
        if len(body) < wanted:
            raise NoMoreData(body)  # Half a form is a form, too: one that ends too soon is none.
    else:
        return 0
    environ["wsgi.input"] = BytesIO(body)
    return length


settler = cache(settling.Settler)  # Its first look is taken when the first round is due: then the database is there.

if settings.TOTALS_EVERY:
    background.every(settings.TOTALS_EVERY, "totals", lambda: settler().round())
if settings.NAMES_EVERY:
    background.every(settings.NAMES_EVERY, "names", names.list_names)
if settings.EXPIRED_EVERY:
    background.every(settings.EXPIRED_EVERY, "expired", expiry.forget_expired)
