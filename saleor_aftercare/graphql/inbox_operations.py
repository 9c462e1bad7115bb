"""The inbox: its lists, what changed in it, and what people do in it."""

from __future__ import annotations

from typing import Any

import graphene
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from saleor_aftercare.connection.auth import Staff
from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.errors import InvalidInput, NotFound
from saleor_aftercare.core.ids import own_pk
from saleor_aftercare.desk.views import View
from saleor_aftercare.inbox import actions, queries
from saleor_aftercare.inbox.list_statements import TicketOrder
from saleor_aftercare.inbox.lists import TicketView
from saleor_aftercare.inbox.models import Presence, Ticket, TicketChannel
from saleor_aftercare.inbox.presence import present_in
from saleor_aftercare.inbox.queries import ChangedTickets

from .core.context import MANAGE_ORDERS, Context
from .core.mutations import AftercareMutation
from .core.paging import Page
from .core.projections import Finished
from .core.scalars import Upload, value_of
from .drafts import TicketPresenceType
from .files import keep_attachments
from .inbox import StaffMemberType, TicketConnection, TicketMessageType, TicketType
from .orders import find_order
from .threads import find_ticket, one_ticket
from .ticket_rows import TICKET_ROWS
from .view_lists import (
    InboxViewCount,
    TicketOrderEnum,
    TicketViewCount,
    TicketViewEnum,
    counts_of_all_views,
    counts_of_standard_views,
    list_in,
    page_of_tickets,
    view_by_id,
)


class Changes(graphene.ObjectType):
    """What changed in the inbox since a cursor."""

    cursor = graphene.String(required=True, description="For the next call.")
    tickets = graphene.List(
        graphene.NonNull(TicketType), required=True, description="Changed since; some may be told twice."
    )
    counts = graphene.List(
        graphene.NonNull(TicketViewCount), description="The badges anew; null when nothing has changed."
    )
    view_counts = graphene.List(
        graphene.NonNull(InboxViewCount),
        description="The badges of all views, saved ones too, anew; null when nothing has changed.",
    )
    truncated = graphene.Boolean(required=True, description="More than could be listed: refetch.")
    presence = graphene.List(
        graphene.NonNull(TicketPresenceType),
        required=True,
        description="Who else looks at a conversation at this moment, 50 at most.",
    )

    @staticmethod
    def resolve_presence(_root: ChangedTickets, info: graphene.ResolveInfo) -> list[Presence]:
        ctx: Context = info.context
        there = present_in(ctx.shop, at=ctx.at, besides=ctx.staff(MANAGE_ORDERS).member)
        return [one for one in there if ctx.access.may_see(one.ticket)]

    @staticmethod
    def resolve_counts(root: ChangedTickets, info: graphene.ResolveInfo) -> list[dict[str, Any]] | None:
        return counts_of_standard_views(info.context) if root.tickets else None

    @staticmethod
    def resolve_view_counts(root: ChangedTickets, info: graphene.ResolveInfo) -> list[dict[str, Any]] | None:
        return counts_of_all_views(info.context) if root.tickets else None


class InboxQueries(graphene.ObjectType):
    """Reading the inbox; staff with MANAGE_ORDERS."""

    tickets = graphene.Field(
        TicketConnection,
        view=graphene.Argument(TicketViewEnum, default_value=TicketView.OPEN, description="Which list."),
        view_id=graphene.ID(description="Or any list of `inboxViews`, saved ones too, by its id."),
        search=graphene.String(
            description="Words that messages hold, phrases in quotes, and operators (is:overdue, tag:vip, order:1001)."
        ),
        order=graphene.Argument(TicketOrderEnum, description="What stands first; the view's own when not said."),
        thorough=graphene.Boolean(
            description="Common words are searched for in all messages, which takes its time; without it in the newest"
            " ones, and `totalCount` is null where older ones are left out."
        ),
        first=graphene.Int(description="Rows of a page, 1 to 100; 50 when not said."),
        after=graphene.String(description="The `endCursor` of the page before."),
        required=True,
        description="Conversations in the order of their view. Staff with MANAGE_ORDERS.",
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
        view_id: str | None = None,
        search: str | None = None,
        order: Any = None,
        thorough: bool | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> Page | Finished:
        ctx: Context = info.context
        standard = TicketView(value_of(view) or TicketView.OPEN)
        chosen = view_by_id(ctx, view_id) if view_id is not None else View(standard=standard)
        sorted_by = TicketOrder(value_of(order)) if order is not None else None
        tickets = list_in(ctx, chosen, search or "", sorted_by, thorough=bool(thorough))
        return page_of_tickets(tickets, ctx, first, after, TICKET_ROWS.page(info))

    @staticmethod
    def resolve_ticket_counts(_root: None, info: graphene.ResolveInfo) -> list[dict[str, Any]]:
        return counts_of_standard_views(info.context)

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
    ticket_assign = TicketAssign.Field()
    ticket_mark_read = TicketMarkRead.Field()
