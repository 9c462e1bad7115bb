"""The inbox: its lists, what changed in it, and what people do in it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import graphene
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from saleor_aftercare.connection.auth import Staff
from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.errors import InvalidInput, NotFound
from saleor_aftercare.core.ids import own_pk
from saleor_aftercare.inbox import actions, queries
from saleor_aftercare.inbox.models import Ticket, TicketChannel, TicketMessage
from saleor_aftercare.inbox.queries import ChangedTickets, TicketView, ViewCount

from .core.context import MANAGE_ORDERS, Context
from .core.mutations import AftercareMutation
from .core.paging import Edge, Page, capped_count, decode_cursor, encode_cursor, page_size
from .core.scalars import Upload, enum_from, value_of
from .files import keep_attachments
from .inbox import StaffMemberType, TicketConnection, TicketMessageType, TicketType
from .orders import find_order
from .threads import find_ticket, one_ticket

TicketViewEnum = enum_from(
    TicketView,
    {
        "ASSIGNED_TO_ME": "Active, and mine.",
        "UNASSIGNED": "Active, and nobody's.",
        "OPEN": "Active: somebody still has something to do.",
        "OVERDUE": "An answer was due before now.",
        "RETURNS": "Active, about a return.",
        "REPAIRS": "Active, about a repair.",
        "PARTS": "Active, about a spare part.",
        "PENDING": "The customer's turn.",
        "SOLVED": "Done.",
        "SPAM": "Not customers' messages.",
        "ALL": "All but spam.",
    },
    "The lists of the inbox.",
)


class TicketViewCount(graphene.ObjectType):
    """How many tickets a view holds."""

    view = graphene.Field(TicketViewEnum, required=True, description="The view.")
    count = graphene.Int(required=True, description="Capped: 100 means 100 or more.")


class Changes(graphene.ObjectType):
    """What changed in the inbox since a cursor."""

    cursor = graphene.String(required=True, description="For the next call.")
    tickets = graphene.List(
        graphene.NonNull(TicketType), required=True, description="Changed since; some may be told twice."
    )
    counts = graphene.List(
        graphene.NonNull(TicketViewCount), description="The badges anew; null when nothing has changed."
    )
    truncated = graphene.Boolean(required=True, description="More than could be listed: refetch.")

    @staticmethod
    def resolve_counts(root: ChangedTickets, info: graphene.ResolveInfo) -> list[ViewCount] | None:
        return _counts(info.context) if root.tickets else None


def _counts(ctx: Context) -> list[ViewCount]:
    me = ctx.staff(MANAGE_ORDERS).member
    return queries.view_counts(ctx.shop, me=me, at=ctx.at, visible=ctx.access.ticket_filter)


class InboxQueries(graphene.ObjectType):
    """Reading the inbox; staff with MANAGE_ORDERS."""

    tickets = graphene.Field(
        TicketConnection,
        view=graphene.Argument(TicketViewEnum, default_value=TicketView.OPEN, description="Which list."),
        search=graphene.String(description="A number (#1001), an e-mail, or words of subject and name."),
        first=graphene.Int(description="Rows of a page, 1 to 100; 50 when not said."),
        after=graphene.String(description="The `endCursor` of the page before."),
        required=True,
        description="Conversations, newest message first. Staff with MANAGE_ORDERS.",
    )
    ticket_counts = graphene.List(
        graphene.NonNull(TicketViewCount),
        required=True,
        description="The badges of the views. Staff with MANAGE_ORDERS.",
    )
    ticket = graphene.Field(
        TicketType,
        id=graphene.ID(description="By global id,"),
        number=graphene.Int(description="or by number."),
        description="One conversation. Staff with MANAGE_ORDERS.",
    )
    changes_since = graphene.Field(
        Changes,
        cursor=graphene.String(description="From the call before."),
        required=True,
        description="What changed since a cursor: cheap to poll. No cursor: returns the newest cursor and no "
        "changes. Staff with MANAGE_ORDERS.",
    )
    staff_members = graphene.List(
        graphene.NonNull(StaffMemberType),
        required=True,
        description="Whom tickets can be given to, by name. Staff with MANAGE_ORDERS.",
    )

    @staticmethod
    def resolve_tickets(
        _root: None,
        info: graphene.ResolveInfo,
        *,
        view: Any,
        search: str | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> Page:
        ctx: Context = info.context
        me = ctx.staff(MANAGE_ORDERS).member
        which = TicketView(value_of(view) or TicketView.OPEN)
        size = page_size(first)
        words = search or ""
        key: Any = decode_cursor(after, datetime, int) if after is not None else None
        mine: dict[str, Any] = {"search": words, "me": me, "at": ctx.at, "visible": ctx.access.ticket_filter}
        rows = queries.tickets_page(ctx.shop, which, limit=size, after=key, **mine)
        ctx.meet(rows[:size])
        return Page(
            edges=[Edge(row, encode_cursor(row.last_message_at, row.pk)) for row in rows[:size]],
            has_next_page=len(rows) > size,
            has_previous_page=after is not None,
            count=lambda: capped_count(queries.tickets_in(ctx.shop, which, **mine)),
        )

    @staticmethod
    def resolve_ticket_counts(_root: None, info: graphene.ResolveInfo) -> list[ViewCount]:
        return _counts(info.context)

    @staticmethod
    def resolve_ticket(
        _root: None,
        info: graphene.ResolveInfo,
        *,
        id: str | None = None,
        number: int | None = None,
    ) -> Ticket:
        ctx: Context = info.context
        ctx.staff(MANAGE_ORDERS)
        if (id is None) == (number is None):
            raise InvalidInput(_("Give either the id or the number."), "id")
        return find_ticket(ctx, id) if id is not None else one_ticket(ctx, Q(number=number), "number")

    @staticmethod
    def resolve_changes_since(_root: None, info: graphene.ResolveInfo, *, cursor: str | None = None) -> ChangedTickets:
        ctx: Context = info.context
        ctx.staff(MANAGE_ORDERS)
        changed = queries.changes_since(ctx.shop, cursor, visible=ctx.access.ticket_filter)
        ctx.meet(changed.tickets)
        return changed

    @staticmethod
    def resolve_staff_members(_root: None, info: graphene.ResolveInfo) -> list[StaffMember]:
        ctx: Context = info.context
        ctx.staff(MANAGE_ORDERS)
        return queries.staff_of(ctx.shop)


# -- mutations -------------------------------------------------------------------------------------------------


class MessageSendInput(graphene.InputObjectType):
    """What the customer has to say."""

    order_id = graphene.ID(required=True, description="Saleor's global id of the order that it is about.")
    body = graphene.String(required=True, description="Markdown, up to 50,000 characters.")
    attachments = graphene.List(
        graphene.NonNull(Upload), default_value=[], description="Up to 6 pictures, PDF or text files of 10 MB each."
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
    solve = graphene.Boolean(default_value=False, description="And the ticket is done.")


class TicketUpdateInput(graphene.InputObjectType):
    """action: one of ticket.actions."""

    action = graphene.String(description="A move to make.")
    subject = graphene.String(description="Another subject, up to 300 characters.")


class MessageSend(AftercareMutation):
    """The customer writes to the shop about an order, or a case. Customers and guests, about their own orders."""

    class Arguments:
        input = MessageSendInput(required=True, description="What the customer has to say.")

    message = graphene.Field(TicketMessageType, description="The message as the shop got it.")

    @classmethod
    def perform(cls, ctx: Context, *, input: Any) -> MessageSend:
        if isinstance(ctx.reader(), Staff):
            raise InvalidInput(_("Staff answer customers by ticketReply."), "orderId")
        order = find_order(ctx, input.order_id, field="orderId")
        with transaction.atomic():
            message = actions.message_about_order(
                order,
                body=input.body,
                attachments=keep_attachments(ctx, input.attachments, "attachments"),
                channel=TicketChannel.API,
                at=ctx.at,
            )
        return cls(message=message)


class TicketReply(AftercareMutation):
    """Mails the customer.

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
        seen = own_pk("TicketMessage", input.last_seen_message_id, field="lastSeenMessageId")
        with transaction.atomic():
            message = actions.reply(
                ticket,
                body=input.body,
                last_seen_message_id=seen,
                force=bool(input.force),
                attachments=keep_attachments(ctx, input.attachments, "attachments"),
                solve=bool(input.solve),
                at=ctx.at,
                staff=ctx.staff().member,
            )
        return cls(ticket=message.ticket, message=message)


class TicketNoteAdd(AftercareMutation):
    """Write something that never leaves the shop."""

    class Arguments:
        id = graphene.ID(required=True, description="The ticket.")
        body = graphene.String(required=True, description="Markdown, up to 50,000 characters.")

    permissions = (MANAGE_ORDERS,)
    ticket = graphene.Field(TicketType, description="The ticket with the note.")
    message = graphene.Field(TicketMessageType, description="The note.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, body: str) -> TicketNoteAdd:
        ticket = find_ticket(ctx, id)
        message: TicketMessage = actions.add_note(ticket, body=body, at=ctx.at, staff=ctx.staff().member)
        return cls(ticket=message.ticket, message=message)


class TicketAssign(AftercareMutation):
    """Give a ticket to somebody. assigneeId null unassigns; omitted assigneeId with toMe: true takes it."""

    class Arguments:
        id = graphene.ID(required=True, description="The ticket.")
        assignee_id = graphene.ID(description="Somebody of staffMembers, or null for nobody.")
        to_me = graphene.Boolean(description="Take it.")

    permissions = (MANAGE_ORDERS,)
    ticket = graphene.Field(TicketType, description="The ticket, given.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, **given: Any) -> TicketAssign:
        me = ctx.staff().member
        ticket = find_ticket(ctx, id)
        if ("assignee_id" in given) == bool(given.get("to_me")):
            raise InvalidInput(_("Say either who takes it, or that you do."), "assigneeId")
        assignee: StaffMember | None = me
        if "assignee_id" in given:
            assignee = _colleague(ctx, given["assignee_id"])
        return cls(ticket=actions.assign(ticket, assignee=assignee, at=ctx.at, staff=me))


def _colleague(ctx: Context, given: str | None) -> StaffMember | None:
    if given is None:
        return None
    pk = own_pk("StaffMember", given, field="assigneeId")
    member = StaffMember.objects.filter(shop=ctx.shop, pk=pk).first()
    if member is None:
        raise NotFound(_("There is no such person."), "assigneeId")
    return member


class TicketUpdate(AftercareMutation):
    """Make one of ticket.actions, or give the ticket another subject."""

    class Arguments:
        id = graphene.ID(required=True, description="The ticket.")
        input = TicketUpdateInput(required=True, description="What to change.")

    permissions = (MANAGE_ORDERS,)
    ticket = graphene.Field(TicketType, description="The ticket, changed.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, input: Any) -> TicketUpdate:
        ticket = find_ticket(ctx, id)
        changed = actions.update(
            ticket, action=input.action, subject=input.subject, at=ctx.at, staff=ctx.staff().member
        )
        return cls(ticket=changed)


class TicketMarkRead(AftercareMutation):
    """Marks the thread as read for the team."""

    class Arguments:
        id = graphene.ID(required=True, description="The ticket.")

    permissions = (MANAGE_ORDERS,)
    ticket = graphene.Field(TicketType, description="The ticket, read.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> TicketMarkRead:
        return cls(ticket=actions.mark_read(find_ticket(ctx, id), at=ctx.at))


class InboxMutations(graphene.ObjectType):
    """What people do in the inbox."""

    message_send = MessageSend.Field()
    ticket_reply = TicketReply.Field()
    ticket_note_add = TicketNoteAdd.Field()
    ticket_assign = TicketAssign.Field()
    ticket_update = TicketUpdate.Field()
    ticket_mark_read = TicketMarkRead.Field()
