"""The ASGI entry. Views are synchronous: prefer WSGI where you can choose."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "saleor_aftercare.service.settings")

application = get_asgi_application()
