"""Messengers: what customers say there becomes conversations, and an answer that did not leave says so in its own."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.channels import messengers
from saleor_aftercare.channels.accounts import note_problem
from saleor_aftercare.channels.events import MessageNotSent
from saleor_aftercare.channels.models import ChannelAccount, InboundState
from saleor_aftercare.connection.shop import speaking_to_staff
from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import ProviderError, ProviderUnavailable
from saleor_aftercare.core.events import reacts_to
from saleor_aftercare.core.jobs import handles
from saleor_aftercare.core.models import Event, Job
from saleor_aftercare.inbox.actions import Extras, Said, Sender, add_line, hear
from saleor_aftercare.inbox.actions.messengers import newest_conversation, unsay
from saleor_aftercare.inbox.models import TicketChannel, TicketMessage
from saleor_aftercare.providers.messengers.base import What


@handles(messengers.READ)
def file_messages(job: Job) -> None:
    """Read what an account was told, in order, each event in a transaction of its own.

    Not a reaction to an event each: those run side by side, and what somebody wrote would change its order.
    """
    account = ChannelAccount.objects.select_related("shop").get(pk=job.payload["account"])
    with speaking_to_staff(account.shop):
        try:
            for heard in messengers.read_events(account, at=clock.now()):
                _file(account, heard)
        except ProviderUnavailable:
            raise
        except ProviderError as error:
            note_problem(account, error.message, at=clock.now())
            raise


@transaction.atomic
def _file(account: ChannelAccount, heard: messengers.Heard) -> None:
    inbound, told = heard.inbound, heard.told
    match told.what:
        case What.SAID:
            outcome = _hear(account, heard)
        case What.UNSENT:
            message = unsay(account.shop, source=_source(account, told.message_id), at=told.at)
            outcome = "unsent" if message else "unsent_unknown"
        case What.UNFOLLOWED:
            outcome = _left(account, heard)
        case _:
            outcome = told.what.value
    said = told.what in {What.SAID, What.UNSENT}
    messengers.settle(inbound, InboundState.FILED if said else InboundState.IGNORED, outcome=outcome)


def _hear(account: ChannelAccount, heard: messengers.Heard) -> str:
    told = heard.told
    problem = _("[A file is missing] %(reason)s") % {"reason": heard.problem} if heard.problem else ""
    found = hear(
        account.shop,
        Said(
            source=_source(account, told.message_id),
            channel=TicketChannel(account.kind),
            sender=Sender(
                messengers.IDENTITIES[account.kind],
                told.sender,
                name=heard.name,
                language=heard.language,
                verified_at=told.at,  # the messenger's signature says who wrote
            ),
            body="\n".join(part for part in (told.text, problem) if part),
            subject=" ".join(told.text.split())[:80] or _("Message by %(channel)s") % {"channel": account.name},
            account=account,
            join_running=True,
            attachments=heard.files,
            extras=Extras(inbound=heard.inbound),
            at=told.at,
        ),
    )
    return "new_ticket" if found.opened else "conversation"


def _left(account: ChannelAccount, heard: messengers.Heard) -> str:
    """They blocked the account: whoever answers has to know that it does not arrive."""
    ticket = newest_conversation(account, heard.told.sender)
    if ticket is not None:
        add_line(ticket, event="line.unfollowed", data={}, source=f"inbound:{heard.inbound.pk}", at=heard.told.at)
    return "unfollowed"


def _source(account: ChannelAccount, message_id: str) -> str:
    return f"{account.kind}:{account.pk}:{message_id}"


@reacts_to(MessageNotSent)
def tell_that_an_answer_did_not_leave(event: Event) -> None:
    """Where staff look: in the conversation that it belongs to."""
    message = TicketMessage.objects.filter(shop=event.shop, sent=event.subject_id).select_related("ticket").first()
    if message is not None:
        kind = "message.lost" if event.data["maybe"] else "message.not_sent"
        add_line(message.ticket, event=kind, data={}, source=f"event:{event.pk}", at=event.at)
