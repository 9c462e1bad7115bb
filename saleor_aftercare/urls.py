"""The doors of the app, for the service or another Django project to include at its root."""

from django.urls import include, path
from django.urls.resolvers import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    path("saleor/", include("saleor_aftercare.connection.urls")),
]
