"""What gunicorn serves."""

import os
from collections.abc import Iterable
from functools import cache
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django = get_wsgi_application()

from apps.authentication import expiry  # noqa: E402 - these need the apps, which are there now
from apps.common import background  # noqa: E402
from apps.customers import names  # noqa: E402
from apps.dashboard import settling  # noqa: E402


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Django, with the whole body at hand: who sends it slowly keeps nothing but a thread waiting.

    It takes a request without Content-Length for one without a body: what comes in chunks (RFC 9112, 7.1) is read up
    to one byte more than a body may have. Of one that says that it is longer nothing is read: it is refused.
    """
    most, length = settings.DATA_UPLOAD_MAX_MEMORY_SIZE, environ.get("CONTENT_LENGTH")
    if "HTTP_TRANSFER_ENCODING" in environ and environ.get("wsgi.input_terminated"):
        body = environ["wsgi.input"].read(most + 1)
        environ |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
    elif length and 0 < int(length) <= most:
        environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(int(length)))
    return django(environ, start_response)


settler = cache(settling.Settler)  # Its first look is taken when the first round is due: then the database is there.

if settings.TOTALS_EVERY:
    background.every(settings.TOTALS_EVERY, "totals", lambda: settler().round())
if settings.NAMES_EVERY:
    background.every(settings.NAMES_EVERY, "names", names.list_names)
if settings.EXPIRED_EVERY:
    background.every(settings.EXPIRED_EVERY, "expired", expiry.forget_expired)
