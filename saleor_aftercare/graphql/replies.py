"""Answers and notes: sent, taken back before they leave, and told to whoever they mention."""

from __future__ import annotations

from typing import Any

import graphene
from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.errors import InvalidInput, NotFound
from saleor_aftercare.core.files import MAX_FILES
from saleor_aftercare.core.ids import own_pk
from saleor_aftercare.core.models import StoredFile
from saleor_aftercare.desk.canned import note_used
from saleor_aftercare.inbox import actions, drafts
from saleor_aftercare.inbox.actions.notes import MAX_MENTIONS
from saleor_aftercare.inbox.models import Ticket, TicketMessage

from .core.context import MANAGE_ORDERS, Context
from .core.mutations import AftercareMutation
from .core.scalars import DateTimeType, Upload, enum_of, value_of
from .drafts import TicketDraftType
from .files import keep_attachments
from .inbox import TicketChannelEnum, TicketMessageType, TicketType
from .threads import find_ticket

TicketReplyMoveEnum = enum_of(
    "TicketReplyMove",
    {
        "SOLVE": "It is done.",
        "WAIT_FOR_OTHERS": "It is somebody else's turn.",
        "REOPEN": "It stays the shop's turn.",
        "SNOOZE": "It is put off until a moment.",
    },
    "What an answer does besides; else it is the customer's turn.",
)


class TicketReplyInput(graphene.InputObjectType):
    """An answer to the customer."""

    body = graphene.String(required=True, description="Markdown, up to 50,000 characters.")
    last_seen_message_id = graphene.ID(
        required=True, description="The ticket's lastMessageId when the writer last looked."
    )
    force = graphene.Boolean(default_value=False, description="Send it although newer messages exist.")
    attachments = graphene.List(
        graphene.NonNull(Upload), default_value=[], description="Up to 6 pictures, PDF or text files of 10 MB each."
    )
    attachment_ids = graphene.List(
        graphene.NonNull(graphene.ID), default_value=[], description="Files that lie beside the writer's draft."
    )
    move = graphene.Field(TicketReplyMoveEnum, description="What it does besides.")
    until = graphene.Field(DateTimeType, description="Until when it is put off, with SNOOZE.")
    channel = graphene.Field(
        TicketChannelEnum, description="EMAIL, where the conversation's own channel is not to be used."
    )
    cc = graphene.List(
        graphene.NonNull(graphene.String), default_value=[], description="Up to 10 further readers of a mail."
    )
    hold_seconds = graphene.Int(default_value=0, description="How long it can be taken back before it leaves, 0 to 60.")
    key = graphene.String(
        default_value="",
        description="Any text the caller makes once per press of the button; sends once however often it comes.",
    )
    canned_reply_ids = graphene.List(
        graphene.NonNull(graphene.ID), default_value=[], description="Canned replies that it was made of; counts them."
    )


class TicketReply(AftercareMutation):
    """Answers the customer by the channel of the conversation: a mail, or a messenger.

    Refused with STALE_THREAD when a newer message than lastSeenMessageId exists, unless force.
    """

    class Arguments:
        id = graphene.ID(required=True, description="The ticket.")
        input = TicketReplyInput(required=True, description="The answer.")

    permissions = (MANAGE_ORDERS,)
    ticket = graphene.Field(TicketType, description="The ticket, answered.")
    message = graphene.Field(TicketMessageType, description="The answer.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, input: Any) -> TicketReply:
        ticket = find_ticket(ctx, id)
        me = ctx.staff().member
        if said := actions.said_before(ticket, key=input.key or "", staff=me):
            return cls(ticket=said.ticket, message=said)
        seen = own_pk("TicketMessage", input.last_seen_message_id, field="lastSeenMessageId")
        sending = actions.Sending(
            move=(value_of(input.move) or "").lower(),
            until=input.until,
            channel=value_of(input.channel) or "",
            cc=input.cc or [],
            hold_s=input.hold_seconds or 0,
            key=input.key or "",
        )
        canned = [own_pk("CannedReply", one, field=f"cannedReplyIds.{n}") for n, one in _few(input.canned_reply_ids)]
        with transaction.atomic():
            attached = _attached(ctx, ticket, me, input.attachment_ids)
            message = actions.reply(
                ticket,
                body=input.body,
                last_seen_message_id=seen,
                force=bool(input.force),
                attachments=[*attached, *keep_attachments(ctx, input.attachments, "attachments")],
                sending=sending,
                at=ctx.at,
                staff=me,
            )
            note_used(ctx.shop, canned, message=message, at=ctx.at)
        return cls(ticket=message.ticket, message=message)


def _few(given: list[str] | None) -> list[tuple[int, str]]:
    return list(enumerate(given or []))[:20]


def _attached(ctx: Context, ticket: Ticket, me: StaffMember, ids: list[str] | None) -> list[StoredFile]:
    if len(ids or []) > MAX_FILES:
        raise InvalidInput(_("At most %(limit)d files.") % {"limit": MAX_FILES}, "attachmentIds")
    keys = [own_pk("File", one, field=f"attachmentIds.{n}") for n, one in enumerate(ids or [])]
    return drafts.files_of(ticket, me, keys, field="attachmentIds") if keys else []


class TicketReplyTakeBack(AftercareMutation):
    """Take an answer back before it leaves; it is a draft again. CONFLICT once it has left."""

    class Arguments:
        message_id = graphene.ID(required=True, description="The answer.")

    permissions = (MANAGE_ORDERS,)
    ticket = graphene.Field(TicketType, description="The ticket, as it was.")
    draft = graphene.Field(TicketDraftType, description="The answer, as a draft.")

    @classmethod
    def perform(cls, ctx: Context, *, message_id: str) -> TicketReplyTakeBack:
        pk = own_pk("TicketMessage", message_id, field="messageId")
        message = TicketMessage.objects.filter(shop=ctx.shop, pk=pk).select_related("ticket").first()
        if message is None or not ctx.access.may_see(message.ticket):
            raise NotFound(_("There is no such message."), "messageId")
        draft = actions.take_back(message, staff=ctx.staff().member, at=ctx.at)
        return cls(ticket=Ticket.objects.get(pk=message.ticket_id), draft=draft)


class TicketNoteAdd(AftercareMutation):
    """Write something that never leaves the shop; who is mentioned is told."""

    class Arguments:
        id = graphene.ID(required=True, description="The ticket.")
        body = graphene.String(required=True, description="Markdown, up to 50,000 characters.")
        mentions = graphene.List(
            graphene.NonNull(graphene.ID), default_value=[], description="Who of the staff is named, 20 at most."
        )
        key = graphene.String(
            default_value="",
            description="Any text the caller makes once per press of the button; writes once however often it comes.",
        )

    permissions = (MANAGE_ORDERS,)
    ticket = graphene.Field(TicketType, description="The ticket with the note.")
    message = graphene.Field(TicketMessageType, description="The note.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, body: str, mentions: list[str], key: str) -> TicketNoteAdd:
        ticket = find_ticket(ctx, id)
        if len(mentions or []) > MAX_MENTIONS:
            raise InvalidInput(_("At most %(limit)d people.") % {"limit": MAX_MENTIONS}, "mentions")
        people = [own_pk("StaffMember", one, field=f"mentions.{n}") for n, one in enumerate(mentions or [])]
        message = actions.add_note(
            ticket, body=body, mentions=people, key=key or "", at=ctx.at, staff=ctx.staff().member
        )
        return cls(ticket=message.ticket, message=message)


class ReplyMutations(graphene.ObjectType):
    """What staff say."""

    ticket_reply = TicketReply.Field()
    ticket_reply_take_back = TicketReplyTakeBack.Field()
    ticket_note_add = TicketNoteAdd.Field()
