"""What gunicorn serves."""

import os
from functools import cache

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from apps.common import background  # noqa: E402 - these need the apps, which are there now
from apps.customers import names  # noqa: E402
from apps.dashboard import settling  # noqa: E402

settler = cache(settling.Settler)  # Its first look is taken when the first round is due: then the database is there.

if settings.TOTALS_EVERY:
    background.every(settings.TOTALS_EVERY, "totals", lambda: settler().round())
if settings.NAMES_EVERY:
    background.every(settings.NAMES_EVERY, "names", names.list_names)
