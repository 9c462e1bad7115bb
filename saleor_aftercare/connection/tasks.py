"""Applying what webhooks brought."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import structlog
from django.db import transaction
from django.utils.dateparse import parse_datetime

from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.events import publish
from saleor_aftercare.core.jobs import handles, schedule
from saleor_aftercare.core.models import Job, Shop

from .events import CustomerDeleted, OrderMoneyChanged
from .install import check_connection, disconnect
from .models import InboundWebhook, Order, WebhookState
from .orders import remember_order
from .webhooks import parse

log = structlog.get_logger(__name__)

_MONEY = {"OrderRefunded", "OrderFullyRefunded", "OrderUpdated"}


@handles("connection.apply_webhook")
def apply_webhook(job: Job) -> None:
    """Apply one stored delivery, once."""
    hook = InboundWebhook.objects.select_related("shop").get(pk=job.payload["webhook"])
    if hook.state in {WebhookState.APPLIED, WebhookState.IGNORED}:
        return
    try:
        with transaction.atomic():
            state = _apply(hook.shop, parse(bytes(hook.body)))
            _settle(hook, state)
    except InvalidInput as error:
        # Saleor sends what it could not build as null with errors; the truth is one question away.
        _settle(hook, WebhookState.FAILED, error.message)
        schedule("connection.reconcile", key=f"repair:{hook.pk}", shop=hook.shop, due_at=clock.now())


def _settle(hook: InboundWebhook, state: WebhookState, error: str = "") -> None:
    InboundWebhook.objects.filter(pk=hook.pk).update(state=state, error=error[:500])


def _apply(shop: Shop, payload: dict[str, Any]) -> WebhookState:
    kind = payload["__typename"]
    issued_at = _issued_at(payload)
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
        disconnect(shop, app_id=shop.app_id, at=at)
    else:
        schedule("connection.reconcile", key=f"status:{at.isoformat()}", shop=shop, due_at=clock.now())
    return WebhookState.APPLIED


def _issued_at(payload: dict[str, Any]) -> datetime:
    text = payload.get("issuedAt")
    moment = parse_datetime(text) if isinstance(text, str) else None
    if moment is None or moment.tzinfo is None:
        raise InvalidInput("The delivery does not say when.", "issuedAt")
    return moment


@handles("connection.reconcile")
def reconcile_one(job: Job) -> None:
    """Compare one shop with its Saleor now, because a delivery could not be applied."""
    from .reconcile import run

    if job.shop is not None and check_connection(job.shop, at=clock.now()):
        run(job.shop, at=clock.now())
