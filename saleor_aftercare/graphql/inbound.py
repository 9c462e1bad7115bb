"""Mails as they came: what a message keeps of its own, and those that could not be read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import graphene
from django.utils.translation import gettext as _

from saleor_aftercare.channels import actions as channels
from saleor_aftercare.channels.models import ChannelAccount, InboundMessage, InboundState
from saleor_aftercare.core.errors import NotFound
from saleor_aftercare.core.ids import own_pk, to_global_id
from saleor_aftercare.core.models import StoredFile
from saleor_aftercare.inbox import html_views
from saleor_aftercare.inbox.actions.resending import resend
from saleor_aftercare.inbox.models import MessageKind, Ticket, TicketChannel, TicketMessage

from .core.context import MANAGE_ORDERS, Context
from .core.loaders import bulk, nothing, row_of
from .core.mutations import AftercareMutation
from .core.paging import Page, connection_of, newest_first
from .core.scalars import DateTimeType, Node, enum_from
from .files import FileType

InboundStateEnum = enum_from(
    InboundState,
    {
        "RECEIVED": "Stored; it will be read in a moment.",
        "FILED": "It became a message, or a line of a conversation.",
        "IGNORED": "Nothing that anybody must see; `outcome` says why.",
        "FAILED": "It could not be read or filed; it can be tried again.",
    },
    "What became of a mail.",
)


class MessageHtml(graphene.ObjectType):
    """The HTML of a mail, made safe; to be shown in a frame, where it can do nothing."""

    url = graphene.String(
        required=True, description="Absolute, signed address; shows the HTML for 15 minutes, without remote content."
    )
    remote_url = graphene.String(
        description="The same with pictures on other people's servers, which learn who reads; null when there are none."
    )

    @staticmethod
    def resolve_url(root: TicketMessage, _info: Any) -> str:
        return html_views.signed_url(root, remote=False)

    @staticmethod
    def resolve_remote_url(root: TicketMessage, _info: Any) -> str | None:
        return html_views.signed_url(root, remote=True) if root.has_remote_content else None


class MailGuess(graphene.ObjectType):
    """Something about a mail that it did not say, or said wrongly."""

    where = graphene.String(required=True, description="mail, part 1.2, header subject, attachment 3.")
    declared = graphene.String(required=True, description="What the mail says; may be empty.")
    used = graphene.String(required=True, description="What was taken instead; may be empty.")
    why = graphene.String(required=True, description="One sentence, in English.")


class MailOfMessage:
    """What a message that came by mail keeps besides its words. Staff only: customers get empty answers."""

    is_mail = graphene.Boolean(required=True, description="The customer sent it by mail. Staff only, else false.")
    has_quoted = graphene.Boolean(required=True, description="`quoted` is not empty. Staff only, else false.")
    has_html = graphene.Boolean(required=True, description="`html` is there. Staff only, else false.")
    quoted = graphene.String(required=True, description="What it quotes of older messages, folded away. Staff only.")
    is_automatic = graphene.Boolean(
        required=True, description="A machine wrote it, such as an out-of-office answer; it answers nothing."
    )
    html = graphene.Field(MessageHtml, description="The mail as its sender laid it out. Staff only.")
    raw = graphene.Field(FileType, description="The mail as it came, while it is kept. Staff only.")
    guesses = graphene.List(
        graphene.NonNull(MailGuess), required=True, description="What had to be guessed to read it. Staff only."
    )

    @staticmethod
    def resolve_is_mail(root: TicketMessage, info: graphene.ResolveInfo) -> bool:
        return info.context.is_staff and root.inbound_id is not None and root.channel == TicketChannel.EMAIL

    @staticmethod
    def resolve_has_quoted(root: TicketMessage, info: graphene.ResolveInfo) -> bool:
        return info.context.is_staff and root.quoted != ""

    @staticmethod
    def resolve_has_html(root: TicketMessage, info: graphene.ResolveInfo) -> bool:
        return info.context.is_staff and root.html_id is not None

    @staticmethod
    def resolve_quoted(root: TicketMessage, info: graphene.ResolveInfo) -> str:
        return root.quoted if info.context.is_staff else ""

    @staticmethod
    def resolve_html(root: TicketMessage, info: graphene.ResolveInfo) -> TicketMessage | None:
        return root if info.context.is_staff and root.html_id is not None else None

    @staticmethod
    def resolve_raw(root: TicketMessage, info: graphene.ResolveInfo) -> StoredFile | None:
        inbound = _inbound(info.context, root)
        return row_of(info.context, StoredFile, inbound.raw_id) if inbound is not None else None

    @staticmethod
    def resolve_guesses(root: TicketMessage, info: graphene.ResolveInfo) -> list[dict[str, str]]:
        inbound = _inbound(info.context, root)
        return inbound.guesses if inbound is not None else []


def _inbound(ctx: Context, message: TicketMessage) -> InboundMessage | None:
    if not ctx.is_staff or message.kind != MessageKind.CUSTOMER:
        return None
    return row_of(ctx, InboundMessage, message.inbound_id)


@bulk(InboundMessage, nothing)
def ticket_of_inbound(ctx: Context, pks: Collection[int]) -> Mapping[int, int | None]:
    """The conversation that each mail stands in."""
    rows = TicketMessage.objects.filter(shop=ctx.shop, inbound__in=pks).values_list("inbound_id", "ticket_id")
    found = dict(rows)
    ctx.announce(("row", Ticket), found.values())
    return found


class InboundMessageType(graphene.ObjectType):
    """A mail as it came."""

    class Meta:
        name = "InboundMessage"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    account_name = graphene.String(required=True, description="Of the mailbox that it came by.")
    received_at = graphene.Field(DateTimeType, required=True, description="When.")
    state = graphene.Field(InboundStateEnum, required=True, description="What became of it.")
    outcome = graphene.String(
        required=True,
        description="In a word: new_ticket, follow_up, thread:token, auto:token, own_mail, own_address, copy, loop, …",
    )
    error = graphene.String(required=True, description="Why it could not be read; may be empty.")
    raw = graphene.Field(FileType, description="The bytes, while they are kept.")
    ticket = graphene.Field("saleor_aftercare.graphql.inbox.TicketType", description="Where it stands, if anywhere.")

    @staticmethod
    def resolve_id(root: InboundMessage, _info: Any) -> str:
        return to_global_id("InboundMessage", root.pk)

    @staticmethod
    def resolve_account_name(root: InboundMessage, info: graphene.ResolveInfo) -> str:
        account = row_of(info.context, ChannelAccount, root.account_id)
        return account.name if account is not None else ""

    @staticmethod
    def resolve_raw(root: InboundMessage, info: graphene.ResolveInfo) -> StoredFile | None:
        return row_of(info.context, StoredFile, root.raw_id)

    @staticmethod
    def resolve_ticket(root: InboundMessage, info: graphene.ResolveInfo) -> Ticket | None:
        return row_of(info.context, Ticket, ticket_of_inbound(info.context, root.pk))


InboundMessageConnection = connection_of(InboundMessageType, "InboundMessage")


class InboundQueries(graphene.ObjectType):
    """What the mailboxes brought."""

    inbound_messages = graphene.Field(
        InboundMessageConnection,
        required=True,
        state=InboundStateEnum(description="Only these."),
        first=graphene.Int(description="1 to 100; 50 when nothing is said."),
        after=graphene.String(description="Only those after this cursor."),
        description="Newest first. Staff only.",
    )
    ticket_message = graphene.Field(
        "saleor_aftercare.graphql.inbox.TicketMessageType",
        id=graphene.ID(required=True, description="The message."),
        description="One message, with fresh addresses of its files. Staff only.",
    )

    @staticmethod
    def resolve_ticket_message(_root: Any, info: graphene.ResolveInfo, *, id: str) -> TicketMessage:
        ctx: Context = info.context
        ctx.staff(MANAGE_ORDERS)
        message = _message(ctx, id)
        ctx.meet([message])
        return message

    @staticmethod
    def resolve_inbound_messages(
        _root: Any,
        info: graphene.ResolveInfo,
        *,
        state: str | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> Page:
        ctx: Context = info.context
        ctx.staff(MANAGE_ORDERS)
        rows = InboundMessage.objects.filter(shop=ctx.shop)
        if state is not None:
            rows = rows.filter(state=InboundState(state))
        return newest_first(ctx, rows, first=first, after=after)


class InboundRetry(AftercareMutation):
    """Read a mail once more that could not be read."""

    class Arguments:
        id = graphene.ID(required=True, description="The mail.")

    permissions = (MANAGE_ORDERS,)
    inbound_message = graphene.Field(InboundMessageType, description="As it is now; it is read in the background.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> InboundRetry:
        return cls(inbound_message=channels.try_again(ctx.shop, own_pk("InboundMessage", id), at=ctx.at))


class InboundDismiss(AftercareMutation):
    """Somebody has looked at a mail that could not be read: nothing more is to be done with it."""

    class Arguments:
        id = graphene.ID(required=True, description="The mail.")

    permissions = (MANAGE_ORDERS,)
    inbound_message = graphene.Field(InboundMessageType, description="As it is now.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> InboundDismiss:
        return cls(inbound_message=channels.dismiss(ctx.shop, own_pk("InboundMessage", id)))


class TicketMessageResend(AftercareMutation):
    """Send an answer again whose mail failed, was lost or came back: the same words to the same address."""

    class Arguments:
        id = graphene.ID(required=True, description="The message.")

    permissions = (MANAGE_ORDERS,)
    message = graphene.Field("saleor_aftercare.graphql.inbox.TicketMessageType", description="As it is now.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> TicketMessageResend:
        return cls(message=resend(_message(ctx, id), at=ctx.at, staff=ctx.staff().member))


def _message(ctx: Context, id: str) -> TicketMessage:
    """A message of a conversation that the asking person may see; raises NotFound."""
    rows = TicketMessage.objects.select_related("ticket__shop", "shop").filter(shop=ctx.shop)
    found = rows.filter(pk=own_pk("TicketMessage", id)).first()
    if found is None or not ctx.access.may_see(found.ticket):
        raise NotFound(_("There is no such message."), "id")
    return found


class InboundMutations(graphene.ObjectType):
    """What staff do with mails as they came."""

    inbound_retry = InboundRetry.Field()
    inbound_dismiss = InboundDismiss.Field()
    ticket_message_resend = TicketMessageResend.Field()
