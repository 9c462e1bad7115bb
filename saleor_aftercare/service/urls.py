"""The service's doors: the app's own, and those for whoever runs it."""

from django.urls import include, path

from saleor_aftercare.service.health import healthz, readyz
from saleor_aftercare.service.home import home
from saleor_aftercare.service.metrics import metrics

urlpatterns = [
    path("", home),
    path("healthz", healthz),
    path("readyz", readyz),
    path("metrics", metrics),
    path("", include("saleor_aftercare.urls")),
]

# Names that Django looks up here; the portal answers customers with its own pages and leaves the rest to Django.
handler400 = "saleor_aftercare.portal.errors.bad_request"
handler403 = "saleor_aftercare.portal.errors.permission_denied"
handler404 = "saleor_aftercare.portal.errors.page_not_found"
handler500 = "saleor_aftercare.portal.errors.server_error"
