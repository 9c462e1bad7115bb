"""Phones that scan at the warehouse: paired by a link that the Dashboard shows, for one working day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core import limits, tokens
from saleor_aftercare.core.errors import InvalidInput, NotFound, Unauthenticated
from saleor_aftercare.core.models import Shop

from .models import ScannerPhone

#: What a paired phone may do, and nothing else; no permission of Saleor's.
RECEIVING: Final = "AFTERCARE_RECEIVING"
#: How long the link in the QR code can be opened.
LINK_LIFETIME: Final = timedelta(minutes=10)
#: How long a paired phone may scan.
LIFETIME: Final = timedelta(hours=12)
#: Links that one person can make in an hour.
MAX_LINKS: Final = 30
TOKEN_PREFIX: Final = "scan_"  # noqa: S105  how a phone's token begins, not one


def offer_pairing(member: StaffMember, *, at: datetime) -> tuple[ScannerPhone, str]:
    """A phone to be, and the secret of the link that makes it one; raises RateLimited."""
    limits.hit("scanner-link", f"{member.shop_id}:{member.pk}", limit=MAX_LINKS, per=timedelta(hours=1))
    secret = tokens.random_token()
    phone = ScannerPhone.objects.create(
        shop=member.shop,
        member=member,
        pairing_digest=tokens.digest(secret),
        pairing_expires_at=at + LINK_LIFETIME,
        created_at=at,
    )
    return phone, secret


@transaction.atomic
def pair(shop: Shop, secret: str, *, device: str, at: datetime) -> tuple[ScannerPhone, str]:
    """Trade the secret of a link, once, for the phone's own token.

    Raises InvalidInput: the link was opened before, is too old, or never was one.
    """
    rows = ScannerPhone.objects.select_for_update(of=("self",)).select_related("shop", "member")
    phone = rows.filter(shop=shop, pairing_digest=tokens.digest(secret), revoked_at=None).first()
    if phone is None or phone.token_digest is not None or phone.pairing_expires_at <= at:
        raise InvalidInput(
            _("This link was used already, or is older than 10 minutes. Show a new one in the Dashboard."), "link"
        )
    token = tokens.random_token(TOKEN_PREFIX)
    phone.token_digest, phone.device = tokens.digest(token), device[:100]
    phone.paired_at, phone.expires_at = at, at + LIFETIME
    phone.save(update_fields=["token_digest", "device", "paired_at", "expires_at"])
    return phone, token


def phone_of(token: str, *, at: datetime) -> ScannerPhone:
    """The paired phone of a token; raises Unauthenticated when its day is over, or somebody revoked it."""
    rows = ScannerPhone.objects.select_related("shop", "member").filter(
        token_digest=tokens.digest(token), revoked_at=None, expires_at__gt=at, shop__disconnected_at=None
    )
    phone = rows.first()
    if phone is None:
        raise Unauthenticated(_("This phone is not paired any more. Show a new code in the Dashboard."))
    return phone


def phones_of(shop: Shop, *, at: datetime) -> QuerySet[ScannerPhone]:
    """The phones that may scan now, newest first."""
    rows = ScannerPhone.objects.filter(shop=shop, revoked_at=None, expires_at__gt=at)
    return rows.select_related("member").order_by("-pk")


def revoke(shop: Shop, pk: int, *, at: datetime) -> ScannerPhone:
    """Let a phone scan no more; raises NotFound."""
    phone = ScannerPhone.objects.filter(shop=shop, pk=pk).select_related("member").first()
    if phone is None:
        raise NotFound(_("There is no such phone."))
    if phone.revoked_at is None:
        phone.revoked_at = at
        phone.save(update_fields=["revoked_at"])
    return phone


def prune(*, at: datetime) -> int:
    """Forget phones a month after their day; returns how many."""
    return ScannerPhone.objects.filter(created_at__lt=at - timedelta(days=30)).delete()[0]
