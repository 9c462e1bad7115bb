"""System checks: what a deployment gets wrong in ways that only show later."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from saleor_aftercare.conf import ANY_SALEOR, SETTINGS


@register()
def check_settings(*, app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Hold the host's settings module to the list in ``conf.py``."""
    found: list[CheckMessage] = []
    for setting in SETTINGS:
        if not hasattr(settings, setting.name):
            found.append(Error(f"{setting.name} is missing: {setting.meaning}.", id="aftercare.E001"))
        elif not isinstance(getattr(settings, setting.name), setting.types):
            kind = type(getattr(settings, setting.name)).__name__
            found.append(Error(f"{setting.name} cannot be a {kind}: {setting.meaning}.", id="aftercare.E002"))
    return found


@register(deploy=True)
def check_deployment(*, app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Name what is fine at a desk and not in front of customers."""
    found: list[CheckMessage] = []
    if ANY_SALEOR in settings.ALLOWED_SALEOR_URLS:
        found.append(Warning("ALLOWED_SALEOR_URLS lets any Saleor install the app.", id="aftercare.W001"))
    if settings.GRAPHQL_INTROSPECTION:
        found.append(Warning("GRAPHQL_INTROSPECTION shows the schema to everybody.", id="aftercare.W002"))
    if settings.OUTBOUND_PRIVATE_ADDRESSES:
        found.append(
            Warning("OUTBOUND_PRIVATE_ADDRESSES lets merchants' addresses reach our own network.", id="aftercare.W004")
        )
    if settings.AFTERCARE_CLOCK_FILE:
        found.append(
            Warning("AFTERCARE_CLOCK_FILE lets a file move the clock; it is meant for the demo.", id="aftercare.W003")
        )
    return found
