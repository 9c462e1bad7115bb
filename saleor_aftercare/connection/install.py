"""Becoming an app of a Saleor, and noticing that we no longer are one.

Saleor's registration request is not signed: anybody can send one. So the API URL must be on the allow-list, and
the token must prove itself by answering for us at that URL before anything is stored.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import SplitResult, urlsplit

import structlog
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from saleor_aftercare.core import clock, limits
from saleor_aftercare.core.errors import (
    AftercareError,
    InvalidInput,
    PermissionDenied,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
)
from saleor_aftercare.core.headers import client_ip
from saleor_aftercare.core.jobs import schedule
from saleor_aftercare.core.models import Shop

from . import client
from .jwks import fetch_jwks
from .manifest import PERMISSIONS, parse_version
from .shop import free_handle, new_settings

log = structlog.get_logger(__name__)


def check_allowed(api_url: str) -> None:
    """Raise PermissionDenied unless this Saleor may install the app."""
    allowed = settings.ALLOWED_SALEOR_URLS
    if "*" not in allowed and api_url not in allowed:
        raise PermissionDenied(
            _("This Saleor is not allowed to install the app. Add its API URL to ALLOWED_SALEOR_URLS."),
            "Saleor-Api-Url",
        )


def register(api_url: str, token: str, *, at: datetime) -> Shop:
    """Make or renew the tenant of ``api_url`` after the token proved itself there.

    A re-install brings a new app id and token to the same tenant: its cases, settings and history stay.

    Raises:
        InvalidInput: the URL or token is unusable.
        PermissionDenied: the URL is not allowed.
        ProviderError, ProviderUnavailable: that Saleor does not confirm the token, or cannot be reached.
    """
    parts = _address(api_url)
    check_allowed(api_url)
    if not token or len(token) > 500 or not token.isascii():
        raise InvalidInput(_("auth_token is missing."), "auth_token")
    known = Shop.objects.filter(saleor_api_url=api_url).first()
    version = known.schema_version if known else parse_version("")
    try:
        data = client.call_url(api_url, token, "installation", version, {})
    except client.TokenRejected:
        raise ProviderError(_("That Saleor does not know this token."), "auth_token") from None
    app, info = data.get("app") or {}, data.get("shop") or {}
    if not app.get("id"):
        raise ProviderError(_("That Saleor does not know this token."), "auth_token")
    jwks = fetch_jwks(api_url)
    with transaction.atomic():
        shop, created = Shop.objects.select_for_update().get_or_create(
            saleor_api_url=api_url,
            defaults={
                "handle": free_handle(api_url),
                "app_id": app["id"],
                "app_token": token,
                "connected_at": at,
                "reconciled_to": at - timedelta(days=30),
            },
        )
        shop.app_id, shop.app_token = app["id"], token
        shop.jwks, shop.jwks_fetched_at = jwks, clock.real_now()
        shop.connected_at, shop.disconnected_at = at, None
        _describe(shop, app, info)
        shop.save()
        new_settings(
            shop,
            dashboard_url=f"{parts.scheme}://{parts.netloc}/dashboard/",
            company_address=info.get("companyAddress"),
        )
        # Saleor makes the app active only after our answer.
        schedule("connection.reconcile", key="reconcile", shop=shop, due_at=at + timedelta(minutes=1), again=True)
    log.info("app_installed", shop=shop.pk, again=not created, saleor=shop.saleor_version)
    return shop


def _address(api_url: str) -> SplitResult:
    """Raise InvalidInput unless it is a plain http(s) address."""
    try:
        parts = urlsplit(api_url)
        plain = parts.scheme in {"http", "https"} and parts.hostname and not parts.username and parts.port != 0
    except ValueError:
        plain = False
    if not plain or len(api_url) > 500 or not api_url.isascii() or not api_url.isprintable() or " " in api_url:
        raise InvalidInput(_("Saleor-Api-Url must be the address of a GraphQL API."), "Saleor-Api-Url")
    return parts


def _describe(shop: Shop, app: dict[str, Any], info: dict[str, Any]) -> None:
    shop.name = str(info.get("name") or "")[:200]
    shop.saleor_version = str(info.get("version") or "")[:20]
    shop.permissions = sorted(p["code"] for p in app.get("permissions") or ())


def check_connection(shop: Shop, *, at: datetime) -> bool:
    """Ask Saleor who we are there and note what changed; False when we are nobody (uninstalled, revoked, inactive).

    A deactivated app cannot be told from a revoked token, so the token is kept: when Saleor knows it again, the
    shop is connected again.

    Raises ProviderUnavailable when Saleor cannot be asked.
    """
    if not shop.app_token:
        return False
    try:
        data = client.call_anyway(shop, "installation")
    except client.TokenRejected as error:
        if error.inside_answer:
            raise
        data = {}
    app = data.get("app") or {}
    if app.get("id") != shop.app_id:
        _disconnect(shop, app_id=shop.app_id, at=at)
        return False
    _describe(shop, app, data.get("shop") or {})
    if not shop.connected:
        log.info("app_connected_again", shop=shop.pk)
    shop.disconnected_at = None
    rows = Shop.objects.filter(pk=shop.pk, app_id=shop.app_id).exclude(app_token="")
    return bool(
        rows.update(
            name=shop.name, saleor_version=shop.saleor_version, permissions=shop.permissions, disconnected_at=None
        )
    )


def missing_permissions(shop: Shop) -> list[str]:
    """What the merchant did not grant, or took back."""
    return [p for p in PERMISSIONS if p not in shop.permissions]


def uninstall(shop: Shop, *, app_id: str, at: datetime) -> None:
    """The installation ``app_id`` is over for good; a newer installation of the same shop is left alone."""
    _disconnect(shop, app_id=app_id, at=at)
    if Shop.objects.filter(pk=shop.pk, app_id=app_id).update(app_token=""):
        log.info("app_uninstalled", shop=shop.pk)
        shop.refresh_from_db()


def _disconnect(shop: Shop, *, app_id: str, at: datetime) -> None:
    rows = Shop.objects.filter(pk=shop.pk, app_id=app_id, disconnected_at=None)
    if rows.update(disconnected_at=at):
        log.warning("app_disconnected", shop=shop.pk)
        shop.refresh_from_db()


_STATUS: dict[type[AftercareError], int] = {PermissionDenied: 403, ProviderUnavailable: 503, RateLimited: 429}


@csrf_exempt
@require_POST
def register_view(request: HttpRequest) -> HttpResponse:
    """``/saleor/register``. Saleor shows ``error.message`` of a refusal to the person who installs."""
    try:
        limits.hit("register", client_ip(request), limit=30, per=timedelta(minutes=1))
        shop = register(request.headers.get("Saleor-Api-Url", ""), _auth_token(request), at=clock.now())
    except AftercareError as error:
        status = next((s for kind, s in _STATUS.items() if isinstance(error, kind)), 400)
        log.warning("install_refused", reason=error.code, field=error.field)
        return JsonResponse(
            {"error": {"code": error.code, "message": error.message, "field": error.field}}, status=status
        )
    return JsonResponse({"success": True, "shop": shop.handle})


def _auth_token(request: HttpRequest) -> str:
    try:
        body = json.loads(request.body)
        return str(body["auth_token"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise InvalidInput(_('The body must be JSON {"auth_token": "…"}.'), "auth_token") from None
