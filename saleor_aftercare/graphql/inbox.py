"""The inbox: tickets and their messages, as staff see them and as the customer sees them."""

from __future__ import annotations

from typing import Any

import graphene
from django.utils.html import escape

from saleor_aftercare.connection.models import Order, StaffMember
from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.core.models import StoredFile
from saleor_aftercare.inbox.models import (
    STAFF_VERBS,
    CaseKind,
    MessageKind,
    Ticket,
    TicketChannel,
    TicketMessage,
    TicketState,
)
from saleor_aftercare.mail.markdown import render_markdown
from saleor_aftercare.mail.models import DeliveryState
from saleor_aftercare.mail.showing import typed_html
from saleor_aftercare.parts.models import SparePartRequest
from saleor_aftercare.repairs.models import RepairRequest
from saleor_aftercare.returns.models import Return
from saleor_aftercare.withdrawals.models import Withdrawal

from . import words
from .core.context import Context
from .core.loaders import related, row_of
from .core.paging import Page, connection_of
from .core.scalars import DateTimeType, Node, enum_from
from .files import FileType
from .orders import OrderType, order_of
from .threads import PublicTicket, cases_about, delivery_of, messenger_delivery_of, page_of_messages
from .ticket_parts import MessageParts, TicketParts

TicketStateEnum = enum_from(
    TicketState,
    {
        "NEW": "Nobody has answered yet.",
        "OPEN": "The shop's turn.",
        "PENDING": "The customer's turn.",
        "WAITING": "Somebody else's turn: a carrier, a maker, a workshop.",
        "ON_HOLD": "Put off until a moment, or until the customer writes.",
        "SOLVED": "Done; a new message reopens it.",
        "CLOSED": "Done for good; a new message opens another ticket.",
        "SPAM": "Not a customer's message.",
        "MERGED": "Goes on in another conversation.",
    },
    "Whose turn it is.",
)
TicketChannelEnum = enum_from(
    TicketChannel,
    {
        "PORTAL": "The customer's own pages.",
        "EMAIL": "E-mail.",
        "FORM": "The contact form.",
        "CHAT": "The chat window.",
        "PHONE": "A telephone call.",
        "LINE": "LINE.",
        "FOLLOW_UP": "An answer to something that the shop asked.",
        "API": "A storefront.",
        "STAFF": "Opened by staff for a customer.",
    },
    "How the conversation began.",
)
MessageKindEnum = enum_from(
    MessageKind,
    {
        "CUSTOMER": "The customer wrote it.",
        "STAFF": "An answer, mailed to the customer.",
        "NOTE": "Internal; never leaves the shop.",
        "SYSTEM": "One line about something that happened.",
    },
    "What kind of message it is.",
)
DeliveryStateEnum = enum_from(
    DeliveryState,
    {
        "PENDING": "Written, not handed over yet.",
        "SENDING": "Being handed to the mail server.",
        "SENT": "The mail server took it.",
        "FAILED": "The mail server refused it for good, or the address is not written to any more.",
        "UNKNOWN": "It may have left; nobody can tell.",
        "BOUNCED": "It came back; the customer does not have it.",
    },
    "How far a mail is.",
)
#: Channels whose customers type words, not Markdown: dashes under a name make no heading.
TYPED = frozenset({TicketChannel.EMAIL, TicketChannel.FORM, TicketChannel.CHAT, TicketChannel.LINE})

# -- types -----------------------------------------------------------------------------------------------------


class StaffMemberType(graphene.ObjectType):
    """Somebody of the shop's staff whom Aftercare has met."""

    class Meta:
        name = "StaffMember"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    name = graphene.String(required=True, description="The name to show.")
    email = graphene.String(required=True, description="Their address in Saleor.")
    is_me = graphene.Boolean(required=True, description="Whether this is the asking person.")

    @staticmethod
    def resolve_id(root: StaffMember, _info: Any) -> str:
        return to_global_id("StaffMember", root.pk)

    @staticmethod
    def resolve_name(root: StaffMember, _info: Any) -> str:
        return root.display_name

    @staticmethod
    def resolve_is_me(root: StaffMember, info: graphene.ResolveInfo) -> bool:
        person = info.context.principal
        return getattr(person, "member", None) == root


class TicketMessageType(MessageParts, graphene.ObjectType):
    """Something said in a ticket; never changed afterwards."""

    class Meta:
        name = "TicketMessage"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    kind = graphene.Field(MessageKindEnum, required=True, description="Who speaks, and to whom.")
    author_name = graphene.String(required=True, description="The name to show; empty for SYSTEM.")
    author_email = graphene.String(description="Staff only.")
    created_at = graphene.Field(DateTimeType, required=True, description="When.")
    body = graphene.String(
        required=True,
        description="Plain text as written. For SYSTEM a sentence in the asking person's language.",
    )
    body_html = graphene.String(
        required=True, description="Sanitised HTML rendered from the Markdown body; safe to insert."
    )
    language = graphene.String(required=True, description="Language of the conversation, e.g. en, ja.")
    attachments = graphene.List(graphene.NonNull(FileType), required=True, description="Files that came with it.")
    delivery = graphene.Field(
        DeliveryStateEnum, description="Delivery of a staff reply by mail; null for anything not mailed. Staff only."
    )
    delivery_error = graphene.String(description="What the mail server said against it. Staff only.")
    event = graphene.String(
        description="For SYSTEM rows: machine name, e.g. return.requested, return.approved, ticket.assigned."
    )

    @staticmethod
    def resolve_id(root: TicketMessage, _info: Any) -> str:
        return to_global_id("TicketMessage", root.pk)

    @staticmethod
    def resolve_author_email(root: TicketMessage, info: graphene.ResolveInfo) -> str | None:
        return (root.author_email or None) if info.context.is_staff else None

    @staticmethod
    def resolve_body(root: TicketMessage, info: graphene.ResolveInfo) -> str:
        return _sentence(root, info.context) if root.kind == MessageKind.SYSTEM else root.body

    @staticmethod
    def resolve_body_html(root: TicketMessage, info: graphene.ResolveInfo) -> str:
        if root.kind == MessageKind.SYSTEM:
            return f"<p>{escape(_sentence(root, info.context))}</p>"
        typed = root.kind == MessageKind.CUSTOMER and root.channel in TYPED
        # Pages of the Dashboard stand in a frame, where few other pages would open.
        return (typed_html(root.body) if typed else render_markdown(root.body)).replace("<a ", '<a target="_blank" ')

    @staticmethod
    def resolve_attachments(root: TicketMessage, info: graphene.ResolveInfo) -> list[StoredFile]:
        return related(info.context, root, "attachments")

    @staticmethod
    def resolve_delivery(root: TicketMessage, info: graphene.ResolveInfo) -> str | None:
        return _delivery(info.context, root)[0]

    @staticmethod
    def resolve_delivery_error(root: TicketMessage, info: graphene.ResolveInfo) -> str | None:
        return _delivery(info.context, root)[1] or None

    @staticmethod
    def resolve_event(root: TicketMessage, _info: Any) -> str | None:
        return root.event or None


def _sentence(message: TicketMessage, ctx: Context) -> str:
    # The settings are only read for lines that tell a moment.
    zone = ctx.settings.time_zone if "until" in message.event_data else "UTC"
    return words.sentence(message.event, message.event_data, time_zone=zone)


def _delivery(ctx: Context, message: TicketMessage) -> tuple[str | None, str | None]:
    if not ctx.is_staff:
        return None, None
    if message.sent_id is not None:
        return messenger_delivery_of(ctx, message.sent_id) or (None, None)
    return (delivery_of(ctx, message.outbound_id) if message.outbound_id is not None else None) or (None, None)


TicketMessageConnection = connection_of(TicketMessageType, "TicketMessage")


class TicketType(TicketParts, graphene.ObjectType):
    """One conversation with one customer. Customers see what was said openly, and nothing internal."""

    class Meta:
        name = "Ticket"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    number = graphene.Int(required=True, description="The number that people use.")
    subject = graphene.String(required=True, description="What it is about, in a line.")
    state = graphene.Field(TicketStateEnum, required=True, description="Whose turn it is.")
    channel = graphene.Field(TicketChannelEnum, required=True, description="How it began.")
    language = graphene.String(required=True, description="Language of the customer, e.g. en, ja.")
    assignee = graphene.Field(StaffMemberType, description="Who of the staff takes care of it. Staff only.")
    customer_name = graphene.String(required=True, description="The customer's name, or empty.")
    customer_email = graphene.String(required=True, description="Where answers go.")
    customer = graphene.Field(
        "saleor_aftercare.graphql.customers.CustomerType", description="All about this customer. Staff only."
    )
    created_at = graphene.Field(DateTimeType, required=True, description="When it began.")
    last_message_at = graphene.Field(DateTimeType, required=True, description="When somebody wrote last.")
    last_message_preview = graphene.String(required=True, description="How that message begins.")
    last_message_kind = graphene.Field(MessageKindEnum, required=True, description="Who wrote it.")
    unread = graphene.Boolean(required=True, description="The customer wrote and nobody has opened it since.")
    due_at = graphene.Field(
        DateTimeType, description="When a first human answer is due; null once answered. Staff only."
    )
    overdue = graphene.Boolean(required=True, description="That moment has passed.")
    order = graphene.Field(OrderType, description="The order that it is about.")
    returns = graphene.List(
        graphene.NonNull("saleor_aftercare.graphql.returns.ReturnType"),
        required=True,
        description="Returns that it is about.",
    )
    repair_requests = graphene.List(
        graphene.NonNull("saleor_aftercare.graphql.repairs.RepairRequestType"),
        required=True,
        description="Repairs that it is about.",
    )
    spare_part_requests = graphene.List(
        graphene.NonNull("saleor_aftercare.graphql.parts.SparePartRequestType"),
        required=True,
        description="Spare parts that it is about.",
    )
    withdrawals = graphene.List(
        graphene.NonNull("saleor_aftercare.graphql.withdrawals.WithdrawalType"),
        required=True,
        description="The declared withdrawals that it is about.",
    )
    messages = graphene.Field(
        TicketMessageConnection,
        first=graphene.Int(description="The oldest rows, 1 to 100; 50 when nothing is said."),
        after=graphene.String(description="Only those after this cursor."),
        last=graphene.Int(description="The newest rows, 1 to 100; not together with `first`."),
        before=graphene.String(description="Only those before this cursor."),
        required=True,
        description="Oldest first.",
    )
    last_message_id = graphene.ID(
        required=True,
        description="Id of the newest message; send it back as lastSeenMessageId with a reply.",
    )
    actions = graphene.List(
        graphene.NonNull(graphene.String),
        required=True,
        description="What may be done now (from the workflow table): solve, wait, wait_for_others, snooze, wake, "
        "reopen, close, merge, spam, not_spam.",
    )

    @staticmethod
    def resolve_id(root: Ticket, _info: Any) -> str:
        return to_global_id("Ticket", root.pk)

    @staticmethod
    def resolve_assignee(root: Ticket, info: graphene.ResolveInfo) -> StaffMember | None:
        return row_of(info.context, StaffMember, root.assignee_id)

    @staticmethod
    def resolve_customer(root: Ticket | PublicTicket, info: graphene.ResolveInfo) -> Any:
        from .customers import customer_of_ticket

        return customer_of_ticket(info.context, root) if isinstance(root, Ticket) else None

    @staticmethod
    def resolve_overdue(root: Ticket, info: graphene.ResolveInfo) -> bool:
        return root.due_at is not None and root.due_at < info.context.at

    @staticmethod
    def resolve_order(root: Ticket, info: graphene.ResolveInfo) -> Order | None:
        return order_of(info.context, root.order_id) if root.order_id is not None else None

    @staticmethod
    def resolve_returns(root: Ticket, info: graphene.ResolveInfo) -> list[Any]:
        return cases_about(info.context, root, CaseKind.RETURN, Return)

    @staticmethod
    def resolve_repair_requests(root: Ticket, info: graphene.ResolveInfo) -> list[Any]:
        return cases_about(info.context, root, CaseKind.REPAIR, RepairRequest)

    @staticmethod
    def resolve_spare_part_requests(root: Ticket, info: graphene.ResolveInfo) -> list[Any]:
        return cases_about(info.context, root, CaseKind.SPARE_PART, SparePartRequest)

    @staticmethod
    def resolve_withdrawals(root: Ticket, info: graphene.ResolveInfo) -> list[Any]:
        return cases_about(info.context, root, CaseKind.WITHDRAWAL, Withdrawal)

    @staticmethod
    def resolve_messages(
        root: Ticket,
        info: graphene.ResolveInfo,
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Page:
        return page_of_messages(info.context, root.pk, first, after, last, before)

    @staticmethod
    def resolve_last_message_id(root: Ticket, _info: Any) -> str:
        return to_global_id("TicketMessage", root.last_message_id)

    @staticmethod
    def resolve_actions(root: Ticket, _info: Any) -> list[str]:
        return [one for one in root.actions if one in STAFF_VERBS]


TicketConnection = connection_of(TicketType, "Ticket")
