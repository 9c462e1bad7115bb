"""Hearing from Saleor: verify, store once, answer; a job does the rest.

Answers: 200 stored (or known already), 400 not a delivery, 401 not from an installed shop's Saleor for this
installation, 413 too large. Anything that is our own trouble becomes a 5xx, so that Saleor sends it again.
"""

from __future__ import annotations

import hashlib
import time
from datetime import datetime, timedelta
from typing import Any

import orjson
import structlog
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from saleor_aftercare.core import clock, jobs
from saleor_aftercare.core.errors import AftercareError, InvalidInput, NotFound, Unauthenticated
from saleor_aftercare.core.models import Shop

from .jwks import verify_detached
from .models import InboundWebhook
from .shop import installed_shop

log = structlog.get_logger(__name__)

MAX_BYTES = 5 * 1024 * 1024
#: Bodies hold people's addresses, and are of no use once applied; Saleor itself keeps failed ones for 14 days.
KEPT_FOR = timedelta(days=30)

# One statement, one round trip, one commit: the delivery and the job that will look at it.
_STORE = """
WITH hook AS (
    INSERT INTO aftercare_inboundwebhook (shop_id, digest, kind, body, received_at, state, error)
    VALUES (%(shop)s, %(digest)s, %(kind)s, %(body)s, %(at)s, 'received', '')
    ON CONFLICT (shop_id, digest) DO NOTHING RETURNING id
)
INSERT INTO aftercare_job (shop_id, kind, key, payload, due_at, state, attempts, error)
SELECT %(shop)s, 'connection.apply_webhook', 'webhook:' || hook.id, jsonb_build_object('webhook', hook.id),
       %(at)s, 'pending', 0, '' FROM hook
"""


def receive(shop: Shop, body: bytes, signature: str) -> bool:
    """Verify and store a delivery; False when it was stored before.

    Raises:
        Unauthenticated: not signed by this shop's Saleor, or meant for another installation.
        InvalidInput: signed, but not the JSON that we subscribed to.
    """
    verify_detached(shop, body, signature)
    payload = parse(body)
    recipient = payload.get("recipient")
    if not isinstance(recipient, dict) or recipient.get("id") != shop.app_id:
        raise Unauthenticated("This delivery is meant for another installation.", "recipient")
    with connection.cursor() as cursor:
        cursor.execute(
            _STORE,
            {
                "shop": shop.pk,
                "digest": hashlib.sha256(body).hexdigest(),
                "kind": payload["__typename"],
                "body": body,
                "at": clock.now(),
            },
        )
        fresh = bool(cursor.rowcount == 1)
    if fresh:
        transaction.on_commit(jobs.wake_soon)
    return fresh


def parse(body: bytes) -> dict[str, Any]:
    """A delivery's JSON root; raises InvalidInput when it cannot be one of ours."""
    try:
        payload = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise InvalidInput("The body is no JSON.", "body") from None
    if not isinstance(payload, dict) or not isinstance(payload.get("__typename"), str):
        raise InvalidInput("The body does not say what happened.", "__typename")
    if len(payload["__typename"]) > 80:
        raise InvalidInput("The body does not say what happened.", "__typename")
    return payload


def prune(*, at: datetime, batch: int = 1000) -> int:
    """Delete deliveries of more than 30 days ago; returns how many."""
    deleted = 0
    old = InboundWebhook.objects.filter(received_at__lt=at - KEPT_FOR)
    while pks := list(old.values_list("pk", flat=True)[:batch]):
        deleted += InboundWebhook.objects.filter(pk__in=pks).delete()[0]
    return deleted


@csrf_exempt
@require_POST
def webhook_view(request: HttpRequest) -> HttpResponse:
    """``/saleor/webhooks/``."""
    if len(request.body) > MAX_BYTES:
        return _refusal(413, "INVALID", "The body is larger than 5 MB.", "body")
    api_url = request.headers.get("Saleor-Api-Url", "")
    try:
        fresh = _receive(api_url, request.body, request.headers.get("Saleor-Signature", ""))
    except Unauthenticated as error:
        log.warning("webhook_refused", reason=error.message)
        return _refusal(401, error.code, error.message, error.field)
    except InvalidInput as error:
        log.warning("webhook_unreadable", reason=error.message)
        return _refusal(400, error.code, error.message, error.field)
    except AftercareError as error:  # Saleor's keys could not be fetched: ours to mend, theirs to send again
        log.warning("webhook_postponed", reason=error.code)
        return _refusal(503, error.code, error.message, error.field)
    return JsonResponse({"stored": fresh})


def _refusal(status: int, code: str, message: str, field: str | None) -> HttpResponse:
    return JsonResponse({"error": {"code": code, "message": message, "field": field}}, status=status)


#: Reading the tenant anew for every delivery would cost as much as storing it.
_REMEMBER_S = 5.0
_remembered: dict[str, tuple[float, Shop]] = {}


def _receive(api_url: str, body: bytes, signature: str) -> bool:
    """Receive with a remembered shop; a delivery that fails so is tried once more with a fresh one."""
    remembered = api_url in _remembered
    try:
        return receive(_shop(api_url), body, signature)
    except Unauthenticated:
        if not remembered:
            raise
        _remembered.pop(api_url, None)
        return receive(_shop(api_url), body, signature)


def _shop(api_url: str) -> Shop:
    until, shop = _remembered.get(api_url, (0.0, None))
    if shop is None or time.monotonic() > until:
        try:
            shop = installed_shop(api_url)
        except NotFound:
            raise Unauthenticated("The app is not installed in that shop.", "Saleor-Api-Url") from None
        _remembered[api_url] = (time.monotonic() + _REMEMBER_S, shop)
    return shop


def forget_shops() -> None:
    """Read tenants anew: after a registration in this process, and between tests."""
    _remembered.clear()
