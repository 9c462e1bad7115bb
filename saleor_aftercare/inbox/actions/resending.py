"""A letter that did not arrive is sent once more, because somebody of the shop says so."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.channels import messages
from saleor_aftercare.channels.models import ChannelMessage
from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.errors import Conflict
from saleor_aftercare.inbox.models import TicketMessage
from saleor_aftercare.mail import letters, suppression
from saleor_aftercare.mail.models import OutboundMessage

from .lines import add_line


@transaction.atomic
def resend(message: TicketMessage, *, at: datetime, staff: StaffMember) -> TicketMessage:
    """Send the letter of a message again that failed, was lost or came back: the same words to the same address.

    Whoever asks for it knows that the mailbox works again, so that it may be written to. A customer who called our
    letters spam, or said no to some, still gets none of those.

    Raises:
        Conflict: it was not mailed, or it is on its way or has arrived.
    """
    if message.sent is not None:
        return _resend_by_messenger(message, message.sent, at=at, staff=staff)
    if message.outbound_id is None:
        raise Conflict(_("This message was not sent by mail."), "id")
    letter = OutboundMessage.objects.select_for_update(of=("self",)).select_related("shop").get(pk=message.outbound_id)
    if "retry" not in letter.actions:
        raise Conflict(_("This mail does not wait to be sent again."), "id")
    suppression.lift(letter.shop, letter.to_email)
    letters.retry(letter, at=at)
    add_line(
        message.ticket,
        event="mail.resent",
        data={"by": staff.display_name, "letter": letter.pk},
        source=f"resent:{letter.pk}:{at.isoformat()}",
        at=at,
    )
    return message


def _resend_by_messenger(
    message: TicketMessage, sent: ChannelMessage, *, at: datetime, staff: StaffMember
) -> TicketMessage:
    """The same by a messenger; of one that is unknown it may be the second copy, which whoever asks for it knows."""
    locked = ChannelMessage.objects.select_for_update(of=("self",)).select_related("shop").get(pk=sent.pk)
    if "retry" not in locked.actions:
        raise Conflict(_("This message does not wait to be sent again."), "id")
    messages.retry(locked, at=at)
    add_line(
        message.ticket,
        event="message.resent",
        data={"by": staff.display_name},
        source=f"resent:messenger:{locked.pk}:{at.isoformat()}",
        at=at,
    )
    return message
