"""Accounts of the channels that are not mail, and what came by them."""

from __future__ import annotations

from typing import Any

from saleor_aftercare.channels.account_values import write_secrets
from saleor_aftercare.channels.models import Call, CallOutcome, ChannelAccount, ChannelKind
from saleor_aftercare.core.models import Shop
from saleor_aftercare.sandbox.line import SECRET, TOKEN

from .base import NOON, serial
from .shops import make_shop


def make_channel(
    shop: Shop | None = None,
    kind: ChannelKind = ChannelKind.EMAIL,
    *,
    fields: dict[str, dict[str, str]] | None = None,
    **values: Any,
) -> ChannelAccount:
    """An account that works; ``fields`` are secret ones by section."""
    n = serial()
    return ChannelAccount.objects.create(
        **{
            "shop": shop or make_shop(),
            "kind": kind,
            "name": f"Account {n}",
            "secrets": write_secrets({"hook": f"hook{n}", "fields": fields or {}}),
            "created_at": NOON,
        }
        | values
    )


def make_line(shop: Shop | None = None, **values: Any) -> ChannelAccount:
    """A LINE account of the stand-in."""
    fields = {"line": {"channel_secret": SECRET, "access_token": TOKEN}}
    defaults = {"incoming": "line", "outgoing": "line", "name": "LINE"}
    return make_channel(shop, ChannelKind.LINE, fields=fields, **(defaults | values))


def make_call(shop: Shop | None = None, **values: Any) -> Call:
    """A customer called, and somebody talked with them."""
    return Call.objects.create(
        **{
            "shop": shop or make_shop(),
            "is_inbound": True,
            "number": f"+8190{serial():08d}",
            "outcome": CallOutcome.ANSWERED,
            "started_at": NOON,
            "duration_s": 60,
        }
        | values
    )
