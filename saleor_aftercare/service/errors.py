"""Optional error reports to Sentry, without people in them."""

import sentry_sdk
from sentry_sdk.integrations.celery import CeleryIntegration
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.types import Event, Hint

from saleor_aftercare import __version__


def report_to_sentry(dsn: str) -> None:
    """Send unhandled errors with their stack, never with local variables, bodies, addresses or cookies."""
    sentry_sdk.init(
        dsn=dsn,
        release=__version__,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        traces_sample_rate=0.0,
        before_send=strip_request,
        before_breadcrumb=lambda crumb, hint: None,
        integrations=[DjangoIntegration(), CeleryIntegration()],
    )


def strip_request(event: Event, hint: Hint) -> Event:
    """Keep the method; addresses carry signed links, headers carry tokens."""
    request = event.get("request")
    if request is not None:
        event["request"] = {"method": request.get("method")}
    event.pop("user", None)
    return event
