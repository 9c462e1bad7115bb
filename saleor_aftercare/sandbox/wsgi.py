"""The practice shop as a WSGI application; the demo runs it in one process with several threads."""

import os

# This process serves the practice shop and nothing else, whatever settings the shell names.
os.environ["DJANGO_SETTINGS_MODULE"] = "saleor_aftercare.sandbox.settings"

from django.core.wsgi import get_wsgi_application

from .current import current

application = get_wsgi_application()
current().hooks.start()
