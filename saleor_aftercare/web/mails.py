"""The HTML of a customer's mail, in a page that can do nothing: no script, no form, no origin, nothing from elsewhere.

It was made safe before it was stored (``mail.showing``). The Dashboard shows it in a frame; the address is signed for
some minutes and says whether pictures on other people's servers may be fetched, which tells them who reads.
"""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from saleor_aftercare.core import files
from saleor_aftercare.core.errors import InvalidInput, NotFound
from saleor_aftercare.inbox import html_views
from saleor_aftercare.mail.showing import shown

from .files import gone
from .frames import dashboards_of

#: Links open pages of their own, outside of the sandbox; nothing else is let out of it.
SANDBOX: Final = "sandbox allow-popups allow-popups-to-escape-sandbox"


@require_safe
@xframe_options_exempt
def mail_html(request: HttpRequest, token: str) -> HttpResponse:
    """The page of a signed address."""
    try:
        mail = html_views.open_signed(token)
    except InvalidInput as error:
        return gone(410, error.message)
    except NotFound as error:
        return gone(404, error.message)
    addresses = {file.pk: files.signed_url(file) for file in mail.pictures}
    body = shown(mail.html, addresses, remote=mail.remote)
    response = render(request, "aftercare/web/mail.html", {"body": body, "language": mail.language})
    response["Content-Security-Policy"] = policy(mail.remote, dashboards_of(mail.shop.saleor_api_url))
    response["X-Content-Type-Options"] = "nosniff"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = f"private, max-age={int(files.URL_LIFETIME.total_seconds())}"
    return response


def policy(remote: bool, dashboards: tuple[str, ...]) -> str:
    """What the page may do: show pictures, ours or also others', and its own styles."""
    pictures = f"{settings.PUBLIC_URL} data:" + (" https: http:" if remote else "")
    ancestors = " ".join(("'self'", *dashboards))
    return (
        f"default-src 'none'; img-src {pictures}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
        f" {SANDBOX}; frame-ancestors {ancestors}"
    )
