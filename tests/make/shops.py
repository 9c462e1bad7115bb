"""Shops, their people, files, events and jobs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from saleor_aftercare.connection.models import (
    CommandState,
    InboundWebhook,
    ShopCommand,
    ShopSettings,
    StaffMember,
    WebhookState,
)
from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.core.models import Event, Job, JobState, Shop, StoredFile, StoredFileContent

from .base import DAY, NOON, serial

WAREHOUSE = PostalAddress(
    company="Komorebi Coffee",
    name="Returns desk",
    street1="1-2-3 Minamiaoyama",
    city="Minato-ku",
    country_area="Tokyo",
    postal_code="107-0062",
    country="JP",
    phone="+81 3 1234 5678",
)


def make_shop(*, connected: bool = True, settings: Mapping[str, Any] | None = None, **values: Any) -> Shop:
    """A connected shop with its settings row; ``settings`` overrides columns of ShopSettings."""
    n = serial()
    shop = Shop.objects.create(
        **{
            "saleor_api_url": f"https://shop-{n}.test/graphql/",
            "handle": f"shop-{n}",
            "name": "Komorebi Coffee",
            "app_id": to_global_id("App", n),
            "app_token": f"app-token-{n}",
            "saleor_version": "3.23.28",
            "permissions": ["MANAGE_ORDERS", "HANDLE_PAYMENTS"],
            "connected_at": NOON - 100 * DAY,
            "disconnected_at": None if connected else NOON,
        }
        | values
    )
    ShopSettings.objects.create(
        **{
            "shop": shop,
            "sender_name": "Komorebi Coffee",
            "sender_email": "care@komorebi.test",
            "return_address": WAREHOUSE.to_json(),
            "dashboard_url": f"https://shop-{n}.test/dashboard/",
            "allowed_origins": [f"https://store-{n}.test"],
        }
        | dict(settings or {})
    )
    return shop


def make_staff(shop: Shop | None = None, **values: Any) -> StaffMember:
    """Somebody of the shop's staff."""
    n = serial()
    return StaffMember.objects.create(
        **{
            "shop": shop or make_shop(),
            "user_id": to_global_id("User", 90_000 + n),
            "email": f"staff-{n}@komorebi.test",
            "name": "Mei Tanaka",
            "last_seen_at": NOON,
        }
        | values
    )


def make_file(
    shop: Shop | None = None,
    *,
    data: bytes = b"%PDF-1.7 example",
    name: str = "example.pdf",
    content_type: str = "application/pdf",
) -> StoredFile:
    """A stored file with its bytes."""
    file = StoredFile.objects.create(
        shop=shop or make_shop(),
        name=name,
        content_type=content_type,
        size_bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        created_at=NOON,
    )
    StoredFileContent.objects.create(file=file, data=data)
    return file


def make_event(shop: Shop | None = None, **values: Any) -> Event:
    """Something that happened; no reaction is scheduled."""
    return Event.objects.create(
        **{"shop": shop or make_shop(), "kind": "test.happened", "subject": "test", "subject_id": 1, "at": NOON}
        | values
    )


def make_job(shop: Shop | None = None, **values: Any) -> Job:
    """A job that is due."""
    n = serial()
    return Job.objects.create(
        **{
            "shop": shop or make_shop(),
            "kind": "test.nothing",
            "key": f"test-{n}",
            "due_at": NOON,
            "state": JobState.PENDING,
        }
        | values
    )


def make_webhook(shop: Shop | None = None, *, body: bytes = b"{}", **values: Any) -> InboundWebhook:
    """A delivery from Saleor, stored and not looked at yet."""
    return InboundWebhook.objects.create(
        **{
            "shop": shop or make_shop(),
            "digest": hashlib.sha256(body + str(serial()).encode()).hexdigest(),
            "kind": "OrderUpdated",
            "body": body,
            "received_at": NOON,
            "state": WebhookState.RECEIVED,
        }
        | values
    )


def make_command(shop: Shop | None = None, **values: Any) -> ShopCommand:
    """An effect in Saleor that is still to be had."""
    n = serial()
    return ShopCommand.objects.create(
        **{
            "shop": shop or make_shop(),
            "kind": "grant_refund",
            "reference": f"RMA-{n}/1:grant",
            "subject": "refund",
            "subject_id": n,
            "order_id": to_global_id("Order", n),
            "state": CommandState.PENDING,
            "state_since": NOON,
        }
        | values
    )
