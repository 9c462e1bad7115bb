"""Applying what webhooks brought."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import structlog
from django.db import transaction
from django.utils.dateparse import parse_datetime

from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import InvalidInput, ProviderUnavailable
from saleor_aftercare.core.events import publish
from saleor_aftercare.core.jobs import handles
from saleor_aftercare.core.models import Job, Shop

from .events import CustomerDeleted, OrderMoneyChanged
from .install import uninstall
from .models import InboundWebhook, Order, WebhookState
from .orders import remember_order
from .reconcile import reconcile, schedule_one
from .webhooks import KEPT_FOR, parse

log = structlog.get_logger(__name__)

_MONEY = {"OrderRefunded", "OrderFullyRefunded", "OrderFullyPaid"}


@handles("connection.apply_webhook")
def apply_webhook(job: Job) -> None:
    """Apply one stored delivery, once."""
    hook = InboundWebhook.objects.select_related("shop").get(pk=job.payload["webhook"])
    if hook.state in {WebhookState.APPLIED, WebhookState.IGNORED}:
        return
    try:
        with transaction.atomic():
            _settle(hook, _apply(hook.shop, parse(bytes(hook.body)), received_at=hook.received_at))
    except InvalidInput as error:
        # Saleor sends what it could not build as null with errors; the truth is one question away.
        _settle(hook, WebhookState.FAILED, error.message)
        schedule_one(hook.shop, at=clock.now())


def _settle(hook: InboundWebhook, state: WebhookState, error: str = "") -> None:
    InboundWebhook.objects.filter(pk=hook.pk).update(state=state, error=error[:500])


def _apply(shop: Shop, payload: dict[str, Any], *, received_at: datetime) -> WebhookState:
    kind = payload["__typename"]
    issued_at = _issued_at(payload)
    if issued_at < received_at - KEPT_FOR:
        # Somebody replays what we have forgotten; Saleor gives up on a delivery long before.
        return WebhookState.IGNORED
    if kind.startswith(("Order", "Fulfillment")):
        if not isinstance(payload.get("order"), dict):
            raise InvalidInput("The delivery carries no order.", "order")
        order = remember_order(shop, payload["order"], issued_at=issued_at)
        if kind in _MONEY:
            publish(OrderMoneyChanged(order.pk), shop=shop, at=issued_at)
        return WebhookState.APPLIED
    if kind in {"CustomerUpdated", "CustomerDeleted"}:
        return _apply_customer(shop, kind, payload.get("user"), issued_at)
    if kind in {"AppDeleted", "AppStatusChanged"}:
        return _apply_app(shop, kind, payload.get("app"), issued_at)
    return WebhookState.IGNORED


def _apply_customer(shop: Shop, kind: str, user: Any, at: datetime) -> WebhookState:
    if not isinstance(user, dict) or not user.get("id"):
        raise InvalidInput("The delivery carries no customer.", "user")
    if user.get("isStaff"):
        # Staff using the Dashboard change their own metadata all the time.
        return WebhookState.IGNORED
    if kind == "CustomerDeleted":
        publish(CustomerDeleted(shop.pk, user_id=user["id"]), shop=shop, at=at)
        return WebhookState.APPLIED
    language = str(user.get("languageCode") or "").lower().replace("_", "-")[:10]
    if language:
        Order.objects.filter(shop=shop, user_id=user["id"]).exclude(language=language).update(language=language)
    return WebhookState.APPLIED


def _apply_app(shop: Shop, kind: str, app: Any, at: datetime) -> WebhookState:
    if not isinstance(app, dict) or app.get("id") != shop.app_id:
        return WebhookState.IGNORED
    if kind == "AppDeleted":
        uninstall(shop, app_id=shop.app_id, at=at)
    else:
        schedule_one(shop, at=clock.now())
    return WebhookState.APPLIED


def _issued_at(payload: dict[str, Any]) -> datetime:
    text = payload.get("issuedAt")
    moment = parse_datetime(text) if isinstance(text, str) else None
    if moment is None or moment.tzinfo is None:
        raise InvalidInput("The delivery does not say when.", "issuedAt")
    return moment


@handles("connection.reconcile")
def reconcile_one(job: Job) -> None:
    """Compare one shop with its Saleor. A Saleor that is away is asked again by the next round, minutes from now."""
    if job.shop is None:
        raise LookupError("A reconcile job without a shop")
    try:
        reconcile(job.shop, at=clock.now())
    except ProviderUnavailable as error:
        log.warning("reconcile_postponed", shop=job.shop.pk, reason=error.code)
