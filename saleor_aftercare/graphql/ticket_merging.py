"""Two conversations become one, or one becomes two; and what of that can be taken back."""

from __future__ import annotations

import graphene
from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.core.errors import InvalidInput, NotFound
from saleor_aftercare.core.ids import own_pk
from saleor_aftercare.inbox import actions
from saleor_aftercare.inbox.models import Ticket, TicketMerge

from .core.context import MANAGE_ORDERS, Context
from .core.mutations import AftercareMutation
from .inbox import TicketType
from .threads import find_ticket
from .ticket_joins import TicketMergeType

#: Conversations that one call merges into another at most.
MAX_MERGED = 20


class TicketsMerge(AftercareMutation):
    """Let other conversations go on in this one: messages, cases, tags and drafts; all of them, or none."""

    class Arguments:
        id = graphene.ID(required=True, description="The ticket that goes on.")
        other_ids = graphene.List(
            graphene.NonNull(graphene.ID), required=True, description="Those that go on in it, up to 20."
        )
        across_customers = graphene.Boolean(
            default_value=False,
            description="Although they are with different customers, who will read each other's words; else refused.",
        )

    permissions = (MANAGE_ORDERS,)
    ticket = graphene.Field(TicketType, description="The ticket with everything.")
    merges = graphene.List(graphene.NonNull(TicketMergeType), description="What ticketMergeUndo takes back.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, other_ids: list[str], across_customers: bool) -> TicketsMerge:
        kept = find_ticket(ctx, id)
        if not 1 <= len(other_ids) <= MAX_MERGED:
            raise InvalidInput(_("Between 1 and %(limit)d.") % {"limit": MAX_MERGED}, "otherIds")
        others = [_other(ctx, one) for one in dict.fromkeys(other_ids)]
        with transaction.atomic():
            merges = [
                actions.merge_tickets(
                    kept, other, across_customers=across_customers, at=ctx.at, staff=ctx.staff().member
                )
                for other in others
            ]
        return cls(ticket=merges[-1].kept, merges=merges)


def _other(ctx: Context, id: str) -> Ticket:
    try:
        return find_ticket(ctx, id)
    except (InvalidInput, NotFound) as error:
        raise type(error)(error.message, "otherIds") from None


class TicketSplit(AftercareMutation):
    """Make a conversation of its own of some messages, with the same customer and about the same order."""

    class Arguments:
        id = graphene.ID(required=True, description="The ticket.")
        message_ids = graphene.List(
            graphene.NonNull(graphene.ID), required=True, description="Which messages leave; some have to stay."
        )
        subject = graphene.String(required=True, description="Of the new one, up to 300 characters.")

    permissions = (MANAGE_ORDERS,)
    ticket = graphene.Field(TicketType, description="The ticket without them.")
    other = graphene.Field(TicketType, description="The new one.")
    merge = graphene.Field(TicketMergeType, description="What ticketMergeUndo takes back.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, message_ids: list[str], subject: str) -> TicketSplit:
        ticket = find_ticket(ctx, id)
        keys = [own_pk("TicketMessage", one, field="messageIds") for one in message_ids]
        split = actions.split_ticket(ticket, keys, subject=subject, at=ctx.at, staff=ctx.staff().member)
        return cls(ticket=split.kept, other=split.other, merge=split)


class TicketMergeUndo(AftercareMutation):
    """Take a merge or a split back, within 30 days."""

    class Arguments:
        id = graphene.ID(required=True, description="The merge.")

    permissions = (MANAGE_ORDERS,)
    ticket = graphene.Field(TicketType, description="The one that was kept, or that was split.")
    other = graphene.Field(TicketType, description="The other one.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> TicketMergeUndo:
        merge = (
            TicketMerge.objects.filter(shop=ctx.shop, pk=own_pk("TicketMerge", id))
            .select_related("kept", "other")
            .first()
        )
        if merge is None or not (ctx.access.may_see(merge.kept) and ctx.access.may_see(merge.other)):
            raise NotFound(_("There is no such merge."), "id")
        undone = actions.undo_merge(merge, at=ctx.at, staff=ctx.staff().member)
        kept, other = (Ticket.objects.get(shop=ctx.shop, pk=pk) for pk in (undone.kept_id, undone.other_id))
        return cls(ticket=kept, other=other)


class TicketFollowUp(AftercareMutation):
    """Begin a conversation that goes on from a solved or closed one, with the same customer; it is yours."""

    class Arguments:
        id = graphene.ID(required=True, description="The ticket that is over.")
        subject = graphene.String(required=True, description="Of the new one, up to 300 characters.")

    permissions = (MANAGE_ORDERS,)
    ticket = graphene.Field(TicketType, description="The new one, in which nothing has been said yet.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, subject: str) -> TicketFollowUp:
        past = find_ticket(ctx, id)
        return cls(ticket=actions.follow_up(past, subject=subject, at=ctx.at, staff=ctx.staff().member))


class TicketMergeMutations(graphene.ObjectType):
    """Joining and parting conversations."""

    tickets_merge = TicketsMerge.Field()
    ticket_split = TicketSplit.Field()
    ticket_merge_undo = TicketMergeUndo.Field()
    ticket_follow_up = TicketFollowUp.Field()
