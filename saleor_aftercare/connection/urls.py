"""Saleor's doors."""

from django.urls import path

from .install import register_view
from .manifest import manifest_view
from .webhooks import webhook_view

urlpatterns = [
    path("manifest.json", manifest_view),
    path("register", register_view),
    path("webhooks/", webhook_view),
]
