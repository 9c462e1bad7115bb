"""Handled contacts: the figures of a month, closing it, and taking its list out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import graphene
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core import links
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.ids import own_pk, to_global_id
from saleor_aftercare.desk import handled
from saleor_aftercare.desk.models import HandledContact, MonthClose
from saleor_aftercare.inbox.models import Ticket
from saleor_aftercare.team.models import Team

from .core.context import MANAGE_ORDERS, Context
from .core.loaders import bulk, row_of
from .core.mutations import AftercareMutation
from .core.paging import Page, connection_of, newest_first
from .core.scalars import DateTimeType, Node
from .policies import editor
from .ticket_marks import internal

#: Months that are offered to choose from.
MOST_MONTHS = 60


class HandledTally(graphene.ObjectType):
    """How many contacts somebody answered, for a team, by a channel."""

    member = graphene.Field("saleor_aftercare.graphql.inbox.StaffMemberType", required=True, description="Who.")
    team_name = graphene.String(description="For which team; null: for none.")
    channel = graphene.String(required=True, description="By which channel.")
    contacts = graphene.Int(required=True, description="So many count.")
    void = graphene.Int(required=True, description="So many do not count after all.")

    @staticmethod
    def resolve_member(root: handled.Tally, info: graphene.ResolveInfo) -> StaffMember | None:
        return row_of(info.context, StaffMember, root.member_id)

    @staticmethod
    def resolve_team_name(root: handled.Tally, info: graphene.ResolveInfo) -> str | None:
        return _name_of_team(info.context, root.team_id)


class HandledMonth(graphene.ObjectType):
    """The handled contacts of a month."""

    month = graphene.Date(required=True, description="Its first day.")
    closed_at = graphene.Field(DateTimeType, description="When it became final; null: it is open.")
    closed_by = graphene.String(description="Who closed it; null: nobody, or by itself.")
    digest = graphene.String(description="SHA-256 over its rows, as they were when it was closed.")
    digest_holds = graphene.Boolean(description="The rows of today give the same digest; null while open.")
    may_close = graphene.Boolean(required=True, description="It is over, and open.")
    total = graphene.Int(required=True, description="Contacts that count.")
    tallies = graphene.List(graphene.NonNull(HandledTally), required=True, description="By member, team and channel.")


class HandledContactType(graphene.ObjectType):
    """A contact that a person answered."""

    class Meta:
        name = "HandledContact"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    channel = graphene.String(required=True, description="By which it came.")
    contacted_at = graphene.Field(DateTimeType, required=True, description="When the customer wrote or called.")
    answered_at = graphene.Field(DateTimeType, required=True, description="When somebody answered.")
    void_reason = graphene.String(required=True, description="Why it does not count; empty: it does.")
    member = graphene.Field("saleor_aftercare.graphql.inbox.StaffMemberType", required=True, description="Who.")
    team_name = graphene.String(description="The team that the conversation was with; null: none.")
    ticket_number = graphene.Int(required=True, description="The conversation.")
    subject = graphene.String(required=True, description="What the conversation is about.")

    @staticmethod
    def resolve_id(root: HandledContact, _info: Any) -> str:
        return to_global_id("HandledContact", root.pk)

    @staticmethod
    def resolve_member(root: HandledContact, info: graphene.ResolveInfo) -> StaffMember | None:
        return row_of(info.context, StaffMember, root.member_id)

    @staticmethod
    def resolve_team_name(root: HandledContact, info: graphene.ResolveInfo) -> str | None:
        return _name_of_team(info.context, root.team_id)

    @staticmethod
    def resolve_ticket_number(root: HandledContact, info: graphene.ResolveInfo) -> int:
        return _ticket(info.context, root).number

    @staticmethod
    def resolve_subject(root: HandledContact, info: graphene.ResolveInfo) -> str:
        return _ticket(info.context, root).subject


def _name_of_team(ctx: Context, pk: int | None) -> str | None:
    team = row_of(ctx, Team, pk)
    return team.name if team is not None else None


def _ticket(ctx: Context, contact: HandledContact) -> Ticket:
    ticket = row_of(ctx, Ticket, contact.ticket_id)
    if ticket is None:
        raise LookupError(f"Handled contact {contact.pk} belongs to a conversation of another shop")
    return ticket


@bulk(Ticket, list[HandledContact])
def contacts_of_ticket(ctx: Context, pks: Collection[int]) -> Mapping[int, list[HandledContact]]:
    """What was counted of each conversation."""
    return handled.contacts_of(ctx.shop, pks)


class HandledOfTicket:
    """What of a conversation was counted; staff only."""

    handled_contacts = graphene.List(
        graphene.NonNull(HandledContactType), required=True, description="In the order of the answers. Staff only."
    )

    @staticmethod
    def resolve_handled_contacts(root: Any, info: graphene.ResolveInfo) -> list[HandledContact]:
        row = internal(root, info)
        return contacts_of_ticket(info.context, row.pk) if row else []


class HandledQueries(graphene.ObjectType):
    """Reading what was counted; staff with MANAGE_ORDERS."""

    handled_month = graphene.Field(
        HandledMonth,
        month=graphene.Date(required=True, description="The first day of a month."),
        required=True,
        description="The handled contacts of a month. Staff with MANAGE_ORDERS.",
    )
    handled_months = graphene.List(
        graphene.NonNull(graphene.Date),
        required=True,
        description="The months with handled contacts, the newest first, at most 60. Staff with MANAGE_ORDERS.",
    )

    handled_contacts = graphene.Field(
        connection_of(HandledContactType, "HandledContact"),
        month=graphene.Date(required=True, description="The first day of a month."),
        member_id=graphene.ID(description="Only what this person answered."),
        void=graphene.Boolean(description="Only what does not count (true), or what does (false)."),
        first=graphene.Int(description="At most so many, up to 100."),
        after=graphene.String(description="Cursor of the last one seen."),
        required=True,
        description="The contacts of a month, the newest answers first. Staff with MANAGE_ORDERS.",
    )

    @staticmethod
    def resolve_handled_contacts(
        _root: None,
        info: graphene.ResolveInfo,
        *,
        month: date,
        member_id: str | None = None,
        void: bool | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> Page:
        ctx: Context = info.context
        shop = ctx.staff(MANAGE_ORDERS).shop
        member = own_pk("StaffMember", member_id, field="memberId") if member_id is not None else None
        rows = handled.contacts_in(shop, _first_day(month), member_id=member, void=void)
        return newest_first(ctx, rows, first=first, after=after, by="answered_at")

    @staticmethod
    def resolve_handled_month(_root: None, info: graphene.ResolveInfo, *, month: date) -> dict[str, Any]:
        ctx: Context = info.context
        ctx.staff(MANAGE_ORDERS)
        return _month(ctx, _first_day(month))

    @staticmethod
    def resolve_handled_months(_root: None, info: graphene.ResolveInfo) -> list[date]:
        return handled.months_of(info.context.staff(MANAGE_ORDERS).shop, limit=MOST_MONTHS)


def _first_day(month: date) -> date:
    if month.day != 1:
        raise InvalidInput(_("Not a month."), "month")
    return month


def _month(ctx: Context, month: date) -> dict[str, Any]:
    closed = MonthClose.objects.select_related("by").filter(shop=ctx.shop, month=month).first()
    tallies = handled.tallies(ctx.shop, month)
    ctx.announce(("row", StaffMember), [one.member_id for one in tallies])
    ctx.announce(("row", Team), [one.team_id for one in tallies if one.team_id is not None])
    return {
        "month": month,
        "closed_at": closed.at if closed else None,
        "closed_by": closed.by.display_name if closed and closed.by else None,
        "digest": closed.digest if closed else None,
        "digest_holds": closed.digest == handled.digest_of(ctx.shop, month) if closed else None,
        "may_close": closed is None and handled.is_over(ctx.shop, month, at=ctx.at),
        "total": sum(one.contacts for one in tallies),
        "tallies": tallies,
    }


class HandledMonthClose(AftercareMutation):
    """Make a month's contacts final. Needs MANAGE_SETTINGS or MANAGE_APPS."""

    class Arguments:
        month = graphene.Date(required=True, description="The first day of a month that is over.")

    month = graphene.Field(HandledMonth, description="As it is now.")

    @classmethod
    def perform(cls, ctx: Context, *, month: date) -> HandledMonthClose:
        editor(ctx)
        staff = ctx.staff()
        handled.close_month(staff.shop, month=month, by=staff.member, at=ctx.at, actor=staff.actor)
        return cls(month=_month(ctx, month))


class HandledContactVoid(AftercareMutation):
    """Say that a contact of an open month does not count, or that it does. Needs MANAGE_SETTINGS or MANAGE_APPS."""

    class Arguments:
        id = graphene.ID(required=True, description="Which.")
        reason = graphene.String(required=True, description="duplicate, test, spam, other; empty: it counts.")

    contact = graphene.Field(HandledContactType, description="As it is now.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, reason: str) -> HandledContactVoid:
        editor(ctx)
        staff = ctx.staff()
        pk = own_pk("HandledContact", id)
        return cls(contact=handled.set_void(staff.shop, pk=pk, reason=reason, at=ctx.at, actor=staff.actor))


class HandledContactsExport(AftercareMutation):
    """A link to a month's list as CSV, good for 15 minutes. Needs MANAGE_ORDERS."""

    class Arguments:
        month = graphene.Date(required=True, description="The first day of a month.")

    permissions = (MANAGE_ORDERS,)
    url = graphene.String(description="Where the list is fetched.")

    @classmethod
    def perform(cls, ctx: Context, *, month: date) -> HandledContactsExport:
        first = _first_day(month).isoformat()
        return cls(url=links.handled_contacts(ctx.shop, first, language=get_language() or "en"))


class HandledMutations(graphene.ObjectType):
    """What is counted."""

    handled_month_close = HandledMonthClose.Field()
    handled_contact_void = HandledContactVoid.Field()
    handled_contacts_export = HandledContactsExport.Field()
