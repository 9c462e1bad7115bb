"""What a notice says, and where it leads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from saleor_aftercare.connection.shop import settings_of
from saleor_aftercare.core.models import Shop

from .models import NoticeKind

SENTENCES: Final[Mapping[str, str]] = {
    NoticeKind.MENTION: gettext_noop("%(by)s mentioned you in #%(number)s."),
    NoticeKind.ASSIGNED: gettext_noop("#%(number)s is yours now."),
    NoticeKind.REPLIED: gettext_noop("The customer wrote in #%(number)s."),
    NoticeKind.DUE_SOON: gettext_noop("#%(number)s needs an answer soon."),
    NoticeKind.BREACHED: gettext_noop("The answer to #%(number)s is late."),
    NoticeKind.CALL_BACK: gettext_noop("A customer waits for a call (#%(number)s)."),
    NoticeKind.RULE: gettext_noop("Rule “%(by)s” points you to #%(number)s."),
}


def sentence(kind: str, data: Mapping[str, Any]) -> str:
    """The notice as a sentence in the active language."""
    blanks = {"by": str(data.get("by", "")), "number": str(data.get("number", ""))}
    return _(SENTENCES[NoticeKind(kind)]) % blanks


def link(shop: Shop, data: Mapping[str, Any]) -> str:
    """The conversation in the shop's Dashboard; empty where we do not know where that is."""
    base, number = settings_of(shop).dashboard_url, str(data.get("number", ""))
    if not base or not number.isdigit():
        return ""
    return f"{base.rstrip('/')}/extensions/app/{quote(shop.app_id, safe='')}/inbox/tickets/{number}"
