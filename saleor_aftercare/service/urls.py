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
