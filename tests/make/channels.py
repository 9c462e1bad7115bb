"""Accounts of channels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from saleor_aftercare.channels.account_values import write_secrets
from saleor_aftercare.channels.models import ChannelAccount, ChannelKind
from saleor_aftercare.core.models import Shop

from .base import NOON, serial

#: What a mailbox is told; nobody answers there.
IMAP = {"host": "imap.shop.test", "port": "993", "security": "tls", "username": "care"}
SMTP = {"host": "smtp.shop.test", "port": "465", "security": "tls", "username": "care"}


def make_channel_account(
    shop: Shop,
    *,
    hook: str = "a-secret-door",
    config: Mapping[str, Mapping[str, str]] | None = None,
    hidden: Mapping[str, Mapping[str, str]] | None = None,
    **values: Any,
) -> ChannelAccount:
    """A mailbox that hears by IMAP and sends by SMTP; ``hidden`` are its secret fields by section."""
    secret = {"imap": {"password": "in"}, "smtp": {"password": "out"}} if hidden is None else hidden
    return ChannelAccount.objects.create(
        **{
            "shop": shop,
            "kind": ChannelKind.EMAIL,
            "name": "Support",
            "address": f"care-{serial()}@shop.test",
            "incoming": "imap",
            "outgoing": "smtp",
            "config": {"imap": IMAP, "smtp": SMTP} if config is None else config,
            "secrets": write_secrets({"hook": hook, "fields": secret}),
            "created_at": NOON,
            **values,
        }
    )
