"""Which conversations one took part in: what was merged into it, split from it, and follows it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import graphene

from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.inbox.actions import last_merges
from saleor_aftercare.inbox.models import Ticket, TicketMerge

from .core.context import Context
from .core.loaders import bulk, row_of
from .core.scalars import DateTimeType, Node
from .ticket_marks import internal

#: Followers that a conversation shows.
MAX_FOLLOWERS = 20


class TicketMergeType(graphene.ObjectType):
    """Two conversations became one, or one became two; taken back by ticketMergeUndo."""

    class Meta:
        name = "TicketMerge"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    at = graphene.Field(DateTimeType, required=True, description="When.")
    is_split = graphene.Boolean(required=True, description="`other` was made of messages of `kept`.")
    kept = graphene.Field(
        "saleor_aftercare.graphql.inbox.TicketType", description="The one that goes on; null when it is not yours."
    )
    other = graphene.Field(
        "saleor_aftercare.graphql.inbox.TicketType", description="The other one; null when it is not yours."
    )

    @staticmethod
    def resolve_id(root: TicketMerge, _info: Any) -> str:
        return to_global_id("TicketMerge", root.pk)

    @staticmethod
    def resolve_kept(root: TicketMerge, info: graphene.ResolveInfo) -> Ticket | None:
        return visible(info.context, root.kept_id)

    @staticmethod
    def resolve_other(root: TicketMerge, info: graphene.ResolveInfo) -> Ticket | None:
        return visible(info.context, root.other_id)


def visible(ctx: Context, pk: int | None) -> Ticket | None:
    """A ticket by key, if the asking member of staff may see it."""
    row = row_of(ctx, Ticket, pk)
    return row if row is not None and ctx.access.may_see(row) else None


@bulk(Ticket, list[Ticket])
def followers_of(ctx: Context, pks: Collection[int]) -> dict[int, list[Ticket]]:
    """The conversations that go on from each; in one query."""
    found: dict[int, list[Ticket]] = {}
    rows = Ticket.objects.filter(ctx.access.ticket_filter, shop=ctx.shop, follows__in=pks).order_by("pk")
    for row in rows:
        if row.follows_id is not None:
            found.setdefault(row.follows_id, []).append(row)
    ctx.meet([row for rows in found.values() for row in rows])
    return found


class JoinsOfTicket:
    """How a conversation hangs together with others; staff only."""

    merged_into = graphene.Field(
        "saleor_aftercare.graphql.inbox.TicketType", description="Where it goes on. Staff only."
    )
    follows = graphene.Field(
        "saleor_aftercare.graphql.inbox.TicketType", description="The closed one that it goes on from. Staff only."
    )
    followed_by = graphene.List(
        graphene.NonNull("saleor_aftercare.graphql.inbox.TicketType"),
        required=True,
        description="Those that go on from this one, oldest first. Staff only.",
    )
    merges = graphene.List(
        graphene.NonNull(TicketMergeType),
        required=True,
        description="Merges and splits that can still be taken back, newest first. Staff only.",
    )

    @staticmethod
    def resolve_merged_into(root: Any, info: graphene.ResolveInfo) -> Ticket | None:
        row = internal(root, info)
        return visible(info.context, row.merged_into_id) if row else None

    @staticmethod
    def resolve_follows(root: Any, info: graphene.ResolveInfo) -> Ticket | None:
        row = internal(root, info)
        return visible(info.context, row.follows_id) if row else None

    @staticmethod
    def resolve_followed_by(root: Any, info: graphene.ResolveInfo) -> list[Ticket]:
        row = internal(root, info)
        return followers_of(info.context, row.pk)[:MAX_FOLLOWERS] if row else []

    @staticmethod
    def resolve_merges(root: Any, info: graphene.ResolveInfo) -> list[TicketMerge]:
        row = internal(root, info)
        if row is None:
            return []
        found = merges_of(info.context, row.pk)
        info.context.announce(("row", Ticket), [pk for one in found for pk in (one.kept_id, one.other_id)])
        return found


@bulk(Ticket, list[TicketMerge])
def merges_of(ctx: Context, pks: Collection[int]) -> dict[int, list[TicketMerge]]:
    """What each ticket took part in and can be taken back; in one query."""
    return last_merges(ctx.shop, pks, at=ctx.at)
