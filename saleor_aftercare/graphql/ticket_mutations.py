"""What staff change about a conversation: whose turn it is, how it is marked, and what it is about."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import graphene
from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.core.errors import InvalidInput, NotFound
from saleor_aftercare.core.ids import own_pk
from saleor_aftercare.inbox import actions
from saleor_aftercare.inbox.models import CaseKind, Tag, Ticket
from saleor_aftercare.inbox.snooze import Moment, SnoozePreset, presets
from saleor_aftercare.people.models import Person
from saleor_aftercare.people.queries import present

from .case_finding import find_case
from .core.context import MANAGE_ORDERS, Context
from .core.mutations import AftercareMutation
from .core.scalars import DateTimeType, enum_from, value_of
from .inbox import TicketType
from .orders import find_order
from .threads import find_ticket
from .ticket_marks import TicketPriorityEnum

#: Fields and tags that one call names at most.
MAX_NAMED = 100

SnoozePresetEnum = enum_from(
    SnoozePreset,
    {
        "LATER_TODAY": "In three hours, at the next full hour.",
        "TOMORROW": "Tomorrow morning.",
        "MONDAY": "The coming Monday, in the morning.",
        "NEXT_WEEK": "In seven days, in the morning.",
    },
    "The usual moments to put something off to, on the shop's clock.",
)


class SnoozeMoment(graphene.ObjectType):
    """A preset and what it means now."""

    preset = graphene.Field(SnoozePresetEnum, required=True, description="Which one.")
    at = graphene.Field(DateTimeType, required=True, description="When that is.")


class TicketQueries(graphene.ObjectType):
    """What the inbox needs to know before it changes a conversation."""

    snooze_presets = graphene.List(
        graphene.NonNull(SnoozeMoment),
        required=True,
        description="What a conversation may be put off to now, soonest first. Staff with MANAGE_ORDERS.",
    )

    @staticmethod
    def resolve_snooze_presets(_root: None, info: graphene.ResolveInfo) -> list[Moment]:
        ctx: Context = info.context
        ctx.staff(MANAGE_ORDERS)
        return _presets(ctx)


def _presets(ctx: Context) -> list[Moment]:
    return presets(ctx.at, ZoneInfo(ctx.settings.time_zone))


class TicketFieldInput(graphene.InputObjectType):
    """What a field of the shop's own is to hold."""

    key = graphene.String(required=True, description="Which field.")
    value = graphene.String(description="As in answers; null or empty empties it.")


class TicketUpdateInput(graphene.InputObjectType):
    """What to change; what is not named stays. All of it happens, or nothing."""

    action = graphene.String(description="A move to make: one of ticket.actions that needs nothing more.")
    subject = graphene.String(description="Another subject, up to 300 characters.")
    language = graphene.String(description="Another language to answer in: en, ja.")
    priority = graphene.Argument(TicketPriorityEnum, description="How urgent it is.")
    fields = graphene.List(graphene.NonNull(TicketFieldInput), description="Fields of the shop's own.")
    add_tags = graphene.List(
        graphene.NonNull(graphene.String), description="Names of tags to mark it with; new ones are made."
    )
    remove_tags = graphene.List(graphene.NonNull(graphene.ID), description="Tags to take off.")
    person_id = graphene.ID(description="Who writes here.")


class TicketUpdate(AftercareMutation):
    """Make one of ticket.actions, or change what a conversation says of itself."""

    class Arguments:
        id = graphene.ID(required=True, description="The ticket.")
        input = TicketUpdateInput(required=True, description="What to change.")

    permissions = (MANAGE_ORDERS,)
    ticket = graphene.Field(TicketType, description="The ticket, changed.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, input: Any) -> TicketUpdate:
        ticket = find_ticket(ctx, id)
        who: dict[str, Any] = {"at": ctx.at, "staff": ctx.staff().member}
        with transaction.atomic():
            ticket = _mark(ctx, ticket, input, who)
            if input.person_id is not None:
                ticket = actions.set_person(ticket, find_person(ctx, input.person_id, "personId"), **who)
            if input.subject is not None or input.language is not None:
                ticket = actions.describe(ticket, subject=input.subject, language=input.language, **who)
            if input.action is not None:
                # Last: what the shop wants to know first may have been filled in by this very call.
                ticket = actions.move_ticket(ticket, input.action, **who)
        return cls(ticket=ticket)


def _mark(ctx: Context, ticket: Ticket, input: Any, who: dict[str, Any]) -> Ticket:
    for name in ("fields", "add_tags", "remove_tags"):
        if len(input.get(name) or ()) > MAX_NAMED:
            raise InvalidInput(_("At most %(limit)d.") % {"limit": MAX_NAMED}, name)
    if input.priority is not None:
        ticket = actions.set_priority(ticket, int(value_of(input.priority)), **who)
    if input.fields:
        ticket = actions.set_fields(ticket, {one.key: one.get("value") for one in input.fields}, **who)
    if input.add_tags or input.remove_tags:
        added = [_tag_named(ctx, name) for name in input.add_tags or ()]
        keys = [own_pk("Tag", one, field="removeTags") for one in input.remove_tags or ()]
        removed = Tag.objects.filter(shop=ctx.shop, pk__in=keys)
        ticket = actions.change_tags(ticket, add=added, remove=removed, **who)
    return ticket


def _tag_named(ctx: Context, name: str) -> Tag:
    try:
        return actions.find_or_create_tag(ctx.shop, name)
    except InvalidInput as error:
        raise InvalidInput(error.message, "addTags") from None


def find_person(ctx: Context, id: str, field: str = "id") -> Person:
    """A person of this shop whom the asking member of staff may see; raises NotFound."""
    missing = NotFound(_("There is no such person."), field)
    person = Person.objects.filter(shop=ctx.shop, pk=own_pk("Person", id, field=field)).first()
    if person is None:
        raise missing
    person = present(person)
    if not ctx.access.sees_all_customers:
        theirs = Ticket.objects.filter(ctx.access.ticket_filter, shop=ctx.shop, person=person)
        if not theirs.exists():
            raise missing
    ctx.meet([person])
    return person


class TicketSnooze(AftercareMutation):
    """Put a conversation off, until a moment or until the customer writes."""

    class Arguments:
        id = graphene.ID(required=True, description="The ticket.")
        until = DateTimeType(description="Either a moment, up to a year ahead,")
        preset = SnoozePresetEnum(description="or one of the usual moments, as it is now.")

    permissions = (MANAGE_ORDERS,)
    ticket = graphene.Field(TicketType, description="The ticket, put off.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, until: Any = None, preset: Any = None) -> TicketSnooze:
        ticket = find_ticket(ctx, id)
        if (until is None) == (preset is None):
            raise InvalidInput(_("Say either until when, or one of the usual moments."), "until")
        if preset is not None:
            wanted = value_of(preset)
            until = next((one.at for one in _presets(ctx) if one.preset == wanted), None)
            if until is None:
                raise InvalidInput(_("It is too late for that today."), "preset")
        return cls(ticket=actions.snooze(ticket, until=until, at=ctx.at, staff=ctx.staff().member))


class TicketOrderLink(AftercareMutation):
    """Say which order a conversation is about; its customer reads the conversation from then on."""

    class Arguments:
        id = graphene.ID(required=True, description="The ticket.")
        order_id = graphene.ID(description="Saleor's global id of the order; null for none.")
        across_customers = graphene.Boolean(
            default_value=False, description="Although it is somebody else's order than who writes; else refused."
        )

    permissions = (MANAGE_ORDERS,)
    ticket = graphene.Field(TicketType, description="The ticket, linked.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, across_customers: bool, order_id: str | None = None) -> TicketOrderLink:
        ticket = find_ticket(ctx, id)
        order = find_order(ctx, order_id, field="orderId") if order_id is not None else None
        linked = actions.link_order(
            ticket, order, across_customers=across_customers, at=ctx.at, staff=ctx.staff().member
        )
        return cls(ticket=linked)


class TicketCaseLink(AftercareMutation):
    """Let a return, repair, spare part or withdrawal be told in this conversation, and no longer in another."""

    class Arguments:
        id = graphene.ID(required=True, description="The ticket.")
        case_id = graphene.ID(required=True, description="Global id of the case.")
        across_customers = graphene.Boolean(
            default_value=False, description="Although it is somebody else's case than who writes; else refused."
        )

    permissions = (MANAGE_ORDERS,)
    ticket = graphene.Field(TicketType, description="The ticket, with the case.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, case_id: str, across_customers: bool) -> TicketCaseLink:
        ticket = find_ticket(ctx, id)
        case = find_case(ctx, case_id, field="caseId")
        linked = actions.link_case(
            ticket,
            kind=CaseKind(case.kind),
            case_id=case.pk,
            number=case.number,
            customer_email=case.customer_email,
            across_customers=across_customers,
            at=ctx.at,
            staff=ctx.staff().member,
        )
        return cls(ticket=linked)


class TicketMutations(graphene.ObjectType):
    """What staff change about conversations."""

    ticket_update = TicketUpdate.Field()
    ticket_snooze = TicketSnooze.Field()
    ticket_order_link = TicketOrderLink.Field()
    ticket_case_link = TicketCaseLink.Field()
