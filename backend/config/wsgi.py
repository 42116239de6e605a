"""What gunicorn serves."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

if settings.TOTALS_EVERY:
    from apps.dashboard import settling  # Needs the apps, which are there now.

    settling.in_background(settings.TOTALS_EVERY)
