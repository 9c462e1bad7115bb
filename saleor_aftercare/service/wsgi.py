"""The WSGI entry, for granian or any other server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "saleor_aftercare.service.settings")

application = get_wsgi_application()
