"""What became of letters after they left: they came back, or were called spam. Told by mails and by mail services."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from saleor_aftercare.core.errors import ProviderUnavailable
from saleor_aftercare.core.events import publish
from saleor_aftercare.core.models import Shop
from saleor_aftercare.mail.models import DeliveryState, OutboundMessage, SuppressionReason
from saleor_aftercare.mail.naming import letters_called
from saleor_aftercare.mail.suppression import suppress

from .events import LetterBounced, LetterComplained


def letter_by(shop: Shop, message_id: str) -> OutboundMessage | None:
    """The letter of this Message-ID, with or without brackets; ours, or the one that its mail service gave it."""
    bare = message_id.strip().strip("<>")
    if not bare or len(bare) > 198:
        return None
    letters = OutboundMessage.objects.select_related("shop").filter(letters_called([bare]), shop=shop)
    return letters.order_by("-pk").first()


@transaction.atomic
def letter_bounced(
    letter: OutboundMessage,
    *,
    recipients: Collection[str],
    permanent: bool,
    status: str = "",
    said: str = "",
    at: datetime,
) -> bool:
    """A letter came back; True when that is news.

    An address that does not exist is not written to any more, by whichever letter it was found out. The letter itself
    has come back when its customer is among ``recipients`` (any case), or nobody is named, or only an address that
    we did not write to: the customer's server forwards there. ``status`` is RFC 3463's code (``5.1.1``), ``said`` what
    the other server said; both may be empty.

    Raises:
        ProviderUnavailable: the letter is still being handed over; its fate is known in a moment.
    """
    locked = OutboundMessage.objects.select_for_update(of=("self",)).select_related("shop").get(pk=letter.pk)
    if locked.state in {DeliveryState.PENDING, DeliveryState.SENDING}:
        raise ProviderUnavailable("The letter is still being sent.", retry_after_s=30)
    written_to = {locked.to_email.lower(), *(one.lower() for one in locked.cc)}
    named = {one.lower() for one in recipients}
    known = named & written_to
    failed = known or {locked.to_email.lower()}
    if permanent:
        for email in sorted(failed):
            suppress(locked.shop, email, reason=SuppressionReason.BOUNCED, at=at)
    if locked.to_email.lower() not in failed or locked.state not in {DeliveryState.SENT, DeliveryState.UNKNOWN}:
        return False
    locked.move("bounce", at=at, error=f"{status} {said}".strip()[:500])
    publish(
        LetterBounced(
            locked.pk,
            about=locked.subject_type,
            about_id=locked.subject_id,
            letter_kind=locked.kind,
            permanent=permanent,
            status=status[:10],
        ),
        shop=locked.shop,
        at=at,
    )
    return True


@transaction.atomic
def letter_complained(letter: OutboundMessage, *, at: datetime) -> bool:
    """Somebody called a letter spam: what they did not ask for stops; True when that is news."""
    if not suppress(letter.shop, letter.to_email, reason=SuppressionReason.COMPLAINED, at=at):
        return False
    publish(
        LetterComplained(letter.pk, about=letter.subject_type, about_id=letter.subject_id, letter_kind=letter.kind),
        shop=letter.shop,
        at=at,
    )
    return True
