"""Telephone calls: who calls, what was said of it, and whom somebody promised to call back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import graphene
from django.db.models import QuerySet

from saleor_aftercare.channels import calls
from saleor_aftercare.channels.models import Call, CallOutcome
from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.ids import own_pk, to_global_id
from saleor_aftercare.core.phones import e164, national
from saleor_aftercare.inbox.actions.calls import log_call
from saleor_aftercare.inbox.models import Ticket, TicketMessage
from saleor_aftercare.people.models import Person
from saleor_aftercare.people.queries import get_person

from .core.context import MANAGE_ORDERS, Context
from .core.loaders import bulk, nothing, row_of
from .core.mutations import AftercareMutation
from .core.paging import Page, connection_of, newest_first
from .core.scalars import DateTimeType, Node, enum_from, enum_of, value_of
from .people import PersonType
from .threads import find_ticket

CallOutcomeEnum = enum_from(
    CallOutcome,
    {
        "ANSWERED": "Somebody talked.",
        "MISSED": "The customer called, and nobody took it.",
        "NO_ANSWER": "We called, and nobody took it.",
        "BUSY": "The line was busy.",
        "VOICEMAIL": "An answering machine took it.",
        "FAILED": "It could not be connected.",
    },
    "How a call went.",
)
CallListEnum = enum_of(
    "CallList",
    {
        "ALL": "Every call.",
        "MISSED": "Customers whose call nobody took.",
        "CALL_BACK": "Whom somebody promised to call, and has not yet; the next due first.",
    },
    "Which calls to list.",
)


class CallType(graphene.ObjectType):
    """A telephone call, noted by staff or told by the telephone system."""

    class Meta:
        name = "Call"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    is_inbound = graphene.Boolean(required=True, description="The customer called.")
    number = graphene.String(required=True, description="Of the other side, E.164; empty: withheld.")
    number_shown = graphene.String(required=True, description="The same as people in the shop's country write it.")
    person = graphene.Field(PersonType, description="Who is known by that number.")
    member = graphene.Field("saleor_aftercare.graphql.inbox.StaffMemberType", description="Who talked, or noted it.")
    outcome = graphene.Field(CallOutcomeEnum, description="How it went; null while it rings or goes on.")
    started_at = graphene.Field(DateTimeType, required=True, description="When it began.")
    answered_at = graphene.Field(DateTimeType, description="When it was taken, as the telephone system told.")
    duration_seconds = graphene.Int(description="Of talking.")
    call_back_at = graphene.Field(DateTimeType, description="When somebody promised to call.")
    called_back_at = graphene.Field(DateTimeType, description="When that was done.")
    ticket = graphene.Field(
        "saleor_aftercare.graphql.inbox.TicketType", description="The conversation that tells of it."
    )

    @staticmethod
    def resolve_id(root: Call, _info: Any) -> str:
        return to_global_id("Call", root.pk)

    @staticmethod
    def resolve_number_shown(root: Call, info: graphene.ResolveInfo) -> str:
        return national(root.number, region=_home(info.context)) if root.number else ""

    @staticmethod
    def resolve_person(root: Call, info: graphene.ResolveInfo) -> Person | None:
        return row_of(info.context, Person, root.person_id)

    @staticmethod
    def resolve_member(root: Call, info: graphene.ResolveInfo) -> StaffMember | None:
        return row_of(info.context, StaffMember, root.member_id)

    @staticmethod
    def resolve_outcome(root: Call, _info: Any) -> str | None:
        return root.outcome or None

    @staticmethod
    def resolve_duration_seconds(root: Call, _info: Any) -> int | None:
        return root.duration_s

    @staticmethod
    def resolve_ticket(root: Call, info: graphene.ResolveInfo) -> Ticket | None:
        ctx: Context = info.context
        ctx.meet([root])
        found = ticket_of_call(ctx, root.pk)
        ticket = row_of(ctx, Ticket, found) if found is not None else None
        return ticket if ticket is not None and ctx.access.may_see(ticket) else None


@bulk(Call, nothing)
def ticket_of_call(ctx: Context, pks: Collection[int]) -> Mapping[int, int]:
    """The conversation of each call; announces them."""
    rows = TicketMessage.objects.filter(shop=ctx.shop, call__in=pks).order_by("pk").values_list("call_id", "ticket_id")
    found = dict(rows)
    ctx.announce(("row", Ticket), found.values())
    return found


def _home(ctx: Context) -> str:
    return str(ctx.settings.return_address.get("country", ""))


CallConnection = connection_of(CallType, "Call")


class CallOfMessage:
    """The call that a message tells of."""

    call = graphene.Field(CallType, description="The telephone call that it tells of. Staff only.")

    @staticmethod
    def resolve_call(root: TicketMessage, info: graphene.ResolveInfo) -> Call | None:
        ctx: Context = info.context
        return row_of(ctx, Call, root.call_id) if ctx.is_staff else None


class CallerType(graphene.ObjectType):
    """Who is known by a telephone number."""

    class Meta:
        name = "Caller"

    number = graphene.String(required=True, description="E.164.")
    number_shown = graphene.String(required=True, description="As people in the shop's country write it.")
    person = graphene.Field(PersonType, description="Null: nobody whom the shop knows.")
    calls = graphene.List(
        graphene.NonNull(CallType), required=True, description="The last five calls with this number."
    )


class CallQueries(graphene.ObjectType):
    """Reading calls; staff with MANAGE_ORDERS."""

    calls = graphene.Field(
        CallConnection,
        which=CallListEnum(required=True, description="Which."),
        first=graphene.Int(description="Rows, 1 to 100; 50 when nothing is said."),
        after=graphene.String(description="Only those after this cursor."),
        required=True,
        description="Calls, the newest first (staff with MANAGE_ORDERS).",
    )
    call_back_count = graphene.Int(
        required=True, description="Promised calls whose time has come (staff with MANAGE_ORDERS)."
    )
    ringing_calls = graphene.List(
        graphene.NonNull(CallType),
        required=True,
        description="Calls that ring or go on at this moment, at most 20 (staff with MANAGE_ORDERS).",
    )
    caller = graphene.Field(
        CallerType,
        number=graphene.String(required=True, description="As somebody would dial it."),
        description="Who calls from a number; null when it is none (staff with MANAGE_ORDERS).",
    )

    @staticmethod
    def resolve_calls(
        _root: None, info: graphene.ResolveInfo, *, which: Any, first: int | None = None, after: str | None = None
    ) -> Page:
        ctx: Context = info.context
        ctx.staff(MANAGE_ORDERS)
        rows = Call.objects.filter(shop=ctx.shop)
        match value_of(which):
            case "MISSED":
                rows = rows.filter(is_inbound=True, outcome=CallOutcome.MISSED)
            case "CALL_BACK":
                rows = _promised(ctx)
                return newest_first(ctx, rows, first=first, after=after, by="call_back_at")
        return newest_first(ctx, rows, first=first, after=after, by="started_at")

    @staticmethod
    def resolve_call_back_count(_root: None, info: graphene.ResolveInfo) -> int:
        ctx: Context = info.context
        ctx.staff(MANAGE_ORDERS)
        return _promised(ctx).filter(call_back_at__lte=ctx.at)[:100].count()

    @staticmethod
    def resolve_ringing_calls(_root: None, info: graphene.ResolveInfo) -> list[Call]:
        ctx: Context = info.context
        ctx.staff(MANAGE_ORDERS)
        rows = calls.ringing(ctx.shop, at=ctx.at)
        ctx.meet(rows)
        return rows

    @staticmethod
    def resolve_caller(_root: None, info: graphene.ResolveInfo, *, number: str) -> dict[str, Any] | None:
        ctx: Context = info.context
        ctx.staff(MANAGE_ORDERS)
        normal = e164(number, region=_home(ctx))
        if normal is None:
            return None
        last = list(Call.objects.filter(shop=ctx.shop, number=normal).order_by("-started_at")[:5])
        ctx.meet(last)
        return {
            "number": normal,
            "number_shown": national(normal, region=_home(ctx)),
            "person": calls.person_by_number(ctx.shop, normal),
            "calls": last,
        }


def _promised(ctx: Context) -> QuerySet[Call]:
    return Call.objects.filter(shop=ctx.shop, call_back_at__isnull=False, called_back_at=None)


class CallInput(graphene.InputObjectType):
    """A call as somebody notes it."""

    ticket_id = graphene.ID(
        description="The conversation that it was about; left out: that with the number, or a new one."
    )
    person_id = graphene.ID(description="Who it was with; left out: whoever is known by the number.")
    is_inbound = graphene.Boolean(required=True, description="The customer called.")
    number = graphene.String(description="As somebody would dial it; left out: withheld.")
    outcome = CallOutcomeEnum(required=True, description="How it went.")
    started_at = graphene.Field(DateTimeType, description="When; left out: now.")
    duration_seconds = graphene.Int(description="Of talking, at most 24 hours.")
    note = graphene.String(description="What was said, for the shop alone; at most 50,000 characters.")
    call_back_at = graphene.Field(DateTimeType, description="When to call back; reminds whoever promised.")


class CallLog(AftercareMutation):
    """Note a call. One that somebody talked in answers the customer and counts as handled."""

    class Arguments:
        input = CallInput(required=True, description="The call.")

    permissions = (MANAGE_ORDERS,)
    call = graphene.Field(CallType, description="The call.")
    ticket = graphene.Field(
        "saleor_aftercare.graphql.inbox.TicketType",
        description="Where it stands now; null when that is another team's.",
    )

    @classmethod
    def perform(cls, ctx: Context, *, input: Any) -> CallLog:
        message = log_call(
            ctx.shop,
            ticket=find_ticket(ctx, input.ticket_id, field="ticketId") if input.get("ticket_id") else None,
            person=get_person(ctx.shop, own_pk("Person", input.person_id, field="personId"))
            if input.get("person_id")
            else None,
            is_inbound=input.is_inbound,
            number=input.get("number") or "",
            outcome=value_of(input.outcome),
            started_at=input.get("started_at") or ctx.at,
            duration_s=input.get("duration_seconds"),
            note=input.get("note") or "",
            call_back_at=input.get("call_back_at"),
            staff=ctx.staff().member,
            at=ctx.at,
        )
        return cls(call=message.call, ticket=message.ticket if ctx.access.may_see(message.ticket) else None)


class CallBackSet(AftercareMutation):
    """Promise to call a customer back, at another time, or not any more."""

    class Arguments:
        id = graphene.ID(required=True, description="Of the call.")
        at = graphene.Argument(DateTimeType, description="When; null takes the promise back.")

    permissions = (MANAGE_ORDERS,)
    call = graphene.Field(CallType, description="The call.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, at: datetime | None = None) -> CallBackSet:
        call = calls.get_call(ctx.shop, own_pk("Call", id))
        return cls(call=calls.promise_call_back(call, due_at=at, at=ctx.at))


class CallBackDone(AftercareMutation):
    """The customer was called back, or needs no call any more."""

    class Arguments:
        id = graphene.ID(required=True, description="Of the call that it was promised in.")

    permissions = (MANAGE_ORDERS,)
    call = graphene.Field(CallType, description="The call.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> CallBackDone:
        call = calls.get_call(ctx.shop, own_pk("Call", id))
        return cls(call=calls.call_back_done(call, at=ctx.at))


class CallMutations(graphene.ObjectType):
    """What is done about calls."""

    call_log = CallLog.Field()
    call_back_set = CallBackSet.Field()
    call_back_done = CallBackDone.Field()


__all__ = ["CallMutations", "CallOfMessage", "CallQueries"]
