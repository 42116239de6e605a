"""What gunicorn serves."""

import os
from collections.abc import Iterable
from functools import cache
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from gunicorn.http.errors import NoMoreData

from config.serving import TooLarge

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django = get_wsgi_application()

from apps.authentication import expiry  # noqa: E402 - these need the apps, which are there now
from apps.common import background  # noqa: E402
from apps.customers import names  # noqa: E402
from apps.dashboard import settling  # noqa: E402


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Django, with the whole body at hand: who sends it slowly keeps nothing but a thread waiting.

    It takes a request without Content-Length for one without a body: what comes in chunks (RFC 9112, 7.1) is read
    before. Of each body, one byte more than it may have is the most that is read; the API refuses that as all else,
    elsewhere (forms) it is refused here. A body that ends too soon is none: half a form is a form, too.
    """
    most, length = settings.DATA_UPLOAD_MAX_MEMORY_SIZE, int(environ.get("CONTENT_LENGTH") or 0)
    if "HTTP_TRANSFER_ENCODING" in environ and environ.get("wsgi.input_terminated"):
        body = environ["wsgi.input"].read(most + 1)
        environ |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
    elif length:
        wanted = min(length, most + 1)
        body = environ["wsgi.input"].read(wanted)
        if len(body) < wanted:
            raise NoMoreData(body)
        environ["wsgi.input"] = BytesIO(body)
    if int(environ.get("CONTENT_LENGTH") or 0) > most and not environ["PATH_INFO"].startswith("/api/"):
        raise TooLarge
    return django(environ, start_response)


settler = cache(settling.Settler)  # Its first look is taken when the first round is due: then the database is there.

if settings.TOTALS_EVERY:
    background.every(settings.TOTALS_EVERY, "totals", lambda: settler().round())
if settings.NAMES_EVERY:
    background.every(settings.NAMES_EVERY, "names", names.list_names)
if settings.EXPIRED_EVERY:
    background.every(settings.EXPIRED_EVERY, "expired", expiry.forget_expired)
