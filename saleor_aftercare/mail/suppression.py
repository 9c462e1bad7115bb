"""Whom we do not write to, and how a customer says no."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from saleor_aftercare.core import tokens
from saleor_aftercare.core.errors import NotFound
from saleor_aftercare.core.models import Shop

from .models import OutboundMessage, Purpose, Suppression, SuppressionReason

#: What nobody asked for: these letters offer a way out, and respect it.
UNASKED: Final = frozenset({Purpose.SERVICE, Purpose.MARKETING})


def blocking_reason(shop: Shop, email: str, purpose: str) -> SuppressionReason | None:
    """Why a letter for ``purpose`` may not go to ``email``; None when it may.

    A mailbox that does not exist gets nothing. Complaints and refusals stop only what nobody asked for: who said
    no to arrival checks still gets the label of a return.
    """
    reasons = set(Suppression.objects.filter(shop=shop, email=email.lower()).values_list("reason", flat=True))
    if SuppressionReason.BOUNCED in reasons:
        return SuppressionReason.BOUNCED
    if purpose in UNASKED:
        for reason in (SuppressionReason.OPTED_OUT, SuppressionReason.COMPLAINED):
            if reason in reasons:
                return reason
    return None


def suppress(shop: Shop, email: str, *, reason: SuppressionReason, at: datetime) -> bool:
    """Remember that an address is not to be written to, once per reason; True when that is news."""
    rows = Suppression.objects
    return rows.get_or_create(shop=shop, email=email.lower(), reason=reason, defaults={"created_at": at})[1]


def lift(shop: Shop, email: str) -> None:
    """Staff know that a mailbox works again: write to it. Who said no, or complained, is still left in peace."""
    Suppression.objects.filter(shop=shop, email=email.lower(), reason=SuppressionReason.BOUNCED).delete()


def opt_out(token: str, *, at: datetime) -> OutboundMessage:
    """Stop letters nobody asked for to whoever got the letter of this unsubscribe token; any number of times.

    Raises:
        InvalidInput: the token is not one of ours.
        NotFound: the letter is gone.
    """
    letter = letter_of(token)
    suppress(letter.shop, letter.to_email, reason=SuppressionReason.OPTED_OUT, at=at)
    return letter


def letter_of(token: str) -> OutboundMessage:
    """The letter that offered this unsubscribe token; raises as :func:`opt_out` does."""
    message_id = tokens.unsign("unsubscribe", token, max_age=None)
    letter = OutboundMessage.objects.select_related("shop").filter(message_id=message_id).first()
    if letter is None:
        raise NotFound(_("This link is not valid."), "token")
    return letter
