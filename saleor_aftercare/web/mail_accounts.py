"""The doors of mailboxes: where mail services deliver, and where signing in to a mailbox's keeper begins and ends."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Protocol

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from saleor_aftercare.channels import mail_hooks, oauth
from saleor_aftercare.channels.accounts import account_at_hook
from saleor_aftercare.channels.models import ChannelAccount
from saleor_aftercare.channels.polling import poll_soon
from saleor_aftercare.core import clock, tokens
from saleor_aftercare.core.errors import AftercareError, NotFound, RateLimited, Unauthenticated
from saleor_aftercare.providers.deliveries import Delivery

_COOKIE: Final = "aftercare_mailbox"
_STATUS: Final = ((Unauthenticated, 401), (NotFound, 404), (RateLimited, 429))


# -- mail services -----------------------------------------------------------------------------------------------------


@csrf_exempt
@require_http_methods(["POST", "HEAD", "GET"])
def inbound(request: HttpRequest, key: str) -> HttpResponse:
    """Mails that came to a mailbox which a service keeps."""
    return _deliver(request, key, mail_hooks.hear)


@csrf_exempt
@require_http_methods(["POST", "HEAD", "GET"])
def tracking(request: HttpRequest, key: str) -> HttpResponse:
    """What became of letters."""
    return _deliver(request, key, mail_hooks.listen)


class _Take(Protocol):
    def __call__(self, account: ChannelAccount, delivery: Delivery, *, at: datetime) -> int: ...


def _deliver(request: HttpRequest, key: str, take: _Take) -> HttpResponse:
    """Anything but 200 keeps the service trying; several ask with HEAD or GET whether anybody is here."""
    try:
        account = account_at_hook(key)
        if request.method != "POST":
            return HttpResponse("ok", content_type="text/plain")
        delivery = Delivery(request.read(), request.META)
        return JsonResponse({"taken": take(account, delivery, at=clock.now())})
    except AftercareError as error:
        status = next((status for kind, status in _STATUS if isinstance(error, kind)), 503)
        return JsonResponse({"errors": [{"message": error.message, "code": error.code}]}, status=status)


# -- signing in --------------------------------------------------------------------------------------------------------


@require_GET
def start(request: HttpRequest, state: str) -> HttpResponse:
    """Go on to whoever keeps the mailbox, and remember this browser: what comes back counts here only."""
    try:
        url = oauth.consent_url(state, at=clock.now())
    except AftercareError as error:
        return _say(request, _("The mailbox was not connected."), error.message, status=400)
    response = HttpResponseRedirect(url)
    response.set_cookie(
        _COOKIE,
        tokens.sign("channel-oauth-browser", tokens.digest(state)),
        max_age=int(oauth.LIFETIME.total_seconds()),
        path=oauth.CALLBACK,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    """Whoever keeps the mailbox sends the browser back."""
    state, code = request.GET.get("state", ""), request.GET.get("code", "")
    try:
        held = tokens.unsign("channel-oauth-browser", request.COOKIES.get(_COOKIE, ""), max_age=oauth.LIFETIME)
        if not tokens.same(str(held), tokens.digest(state)):
            raise Unauthenticated(_("This browser did not begin it; please start again in the Dashboard."))
        if not code or len(code) > 4000:
            raise Unauthenticated(_("Access was not allowed."))
        account = oauth.finish(state, code, at=clock.now())
    except AftercareError as error:
        return _say(request, _("The mailbox was not connected."), error.message, status=400)
    poll_soon(account, at=clock.now())
    words = _("%(address)s is connected. You can close this window and go back to the Dashboard.")
    return _say(request, _("The mailbox is connected."), words % {"address": account.address}, status=200)


def _say(request: HttpRequest, title: str, text: str, *, status: int) -> HttpResponse:
    context = {"title": title, "text": text}
    response = render(request, "aftercare/web/notice.html", context, status=status)
    response.delete_cookie(_COOKIE, path=oauth.CALLBACK)
    response["Referrer-Policy"] = "no-referrer"
    return response
