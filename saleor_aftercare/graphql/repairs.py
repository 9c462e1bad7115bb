"""Repair requests: reading them, asking for them, and saying yes or no."""

from __future__ import annotations

from typing import Any

import graphene
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import Order, OrderLine
from saleor_aftercare.core import files
from saleor_aftercare.core.errors import InvalidInput, NotFound
from saleor_aftercare.core.ids import own_pk, to_global_id
from saleor_aftercare.core.models import StoredFile
from saleor_aftercare.inbox.models import CaseKind
from saleor_aftercare.repairs import actions
from saleor_aftercare.repairs.models import RepairFor, RepairRequest, RepairState

from .asking import about_product
from .core.context import MANAGE_ORDERS, Context
from .core.loaders import related, row_of
from .core.mutations import AftercareMutation
from .core.paging import Page, connection_of, newest_first
from .core.scalars import DateTimeType, Node, Upload, enum_from, value_of
from .files import FileType, keep_photos
from .orders import OrderLineType, OrderType
from .threads import ticket_of_case

RepairStateEnum = enum_from(
    RepairState,
    {
        "REQUESTED": "The customer asked; nobody has decided.",
        "ACCEPTED": "The product may be sent in; the intake slip is ready.",
        "CHECKED_IN": "The product is here, to be repaired.",
        "DECLINED": "Staff said no, with the reason.",
        "CANCELED": "The customer does not want it any more.",
    },
    "How far a repair request is.",
)
RepairForEnum = enum_from(
    RepairFor,
    {
        "CUSTOMER": "Who bought it, or asked.",
        "RECIPIENT": "The recipient of a gift; the payer of the order is told nothing.",
        "SHOP": "The shop, which took it back and refurbishes it; nobody outside hears of it.",
    },
    "Whose product is repaired.",
)
#: Moves that staff make here; cancelling is the customer's, on their own page.
STAFF_ACTIONS = ("accept", "decline", "check_in", "take_back")


def _visible(ctx: Context) -> Q:
    """What the asking person may see: staff all of the shop; others what is repaired for them."""
    return ctx.mine("order__") if ctx.is_staff else ctx.mine("order__") & Q(for_whom=RepairFor.CUSTOMER)


def find_repair(ctx: Context, which: Q, *, field: str = "id") -> RepairRequest:
    """The repair request that the asking person may see; raises NotFound otherwise."""
    row = RepairRequest.objects.filter(_visible(ctx), which).select_related("order").first()
    if row is None:
        raise NotFound(_("There is no such repair request."), field)
    ctx.meet([row])
    return row


class RepairRequestType(graphene.ObjectType):
    """One product to be repaired; bought here (an order) or anywhere (a name and a serial number)."""

    class Meta:
        name = "RepairRequest"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    number = graphene.String(required=True, description="The number that people use, such as REP-1001.")
    state = graphene.Field(RepairStateEnum, required=True, description="How far it is.")
    requested_at = graphene.Field(DateTimeType, required=True, description="When it was asked for.")
    for_whom = graphene.Field(RepairForEnum, required=True, description="Whose product it is.")
    customer_name = graphene.String(required=True, description="Who asked; empty for the shop's own.")
    customer_email = graphene.String(required=True, description="Where answers go; empty for the shop's own.")
    quantity = graphene.Int(required=True, description="Units.")
    return_number = graphene.String(description="The return that handed the units over; null for none.")
    checked_in_at = graphene.Field(DateTimeType, description="Since when the product is here.")
    findings = graphene.String(description="What the warehouse found (staff); null for nothing.")
    order = graphene.Field(OrderType, description="The order that the product is of; null when not bought here.")
    order_line = graphene.Field(OrderLineType, description="The line of that order.")
    product_name = graphene.String(required=True, description="What is broken.")
    serial_number = graphene.String(
        required=True, description="As the customer typed it or the warehouse read it; of several units by commas."
    )
    description = graphene.String(required=True, description="What is wrong, in the customer's own words.")
    photos = graphene.List(
        graphene.NonNull(FileType), required=True, description="The customer's photos, then the warehouse's."
    )
    decline_reason = graphene.String(description="What the customer was told; null unless declined.")
    intake_slip_url = graphene.String(
        description="PDF to put into the parcel; absolute, signed, for 15 minutes. Null until it was made."
    )
    ticket = graphene.Field("saleor_aftercare.graphql.inbox.TicketType", description="The conversation about it.")
    actions = graphene.List(
        graphene.NonNull(graphene.String),
        required=True,
        description="accept, decline, check_in, take_back: what staff may do now.",
    )

    @staticmethod
    def resolve_id(root: RepairRequest, _info: Any) -> str:
        return to_global_id("RepairRequest", root.pk)

    @staticmethod
    def resolve_order(root: RepairRequest, info: graphene.ResolveInfo) -> Order | None:
        return row_of(info.context, Order, root.order_id)

    @staticmethod
    def resolve_order_line(root: RepairRequest, info: graphene.ResolveInfo) -> OrderLine | None:
        return row_of(info.context, OrderLine, root.order_line_id)

    @staticmethod
    def resolve_return_number(root: RepairRequest, _info: Any) -> str | None:
        return root.return_number or None

    @staticmethod
    def resolve_findings(root: RepairRequest, info: graphene.ResolveInfo) -> str | None:
        return (root.findings or None) if info.context.is_staff else None

    @staticmethod
    def resolve_photos(root: RepairRequest, info: graphene.ResolveInfo) -> list[StoredFile]:
        return related(info.context, root, "photos")

    @staticmethod
    def resolve_decline_reason(root: RepairRequest, _info: Any) -> str | None:
        return root.decline_reason or None

    @staticmethod
    def resolve_intake_slip_url(root: RepairRequest, info: graphene.ResolveInfo) -> str | None:
        slip = row_of(info.context, StoredFile, root.intake_slip_id)
        return files.signed_url(slip) if slip is not None else None

    @staticmethod
    def resolve_ticket(root: RepairRequest, info: graphene.ResolveInfo) -> Any:
        return ticket_of_case(info.context, CaseKind.REPAIR, RepairRequest, root.pk)

    @staticmethod
    def resolve_actions(root: RepairRequest, info: graphene.ResolveInfo) -> list[str]:
        return [one for one in root.actions if one in STAFF_ACTIONS] if info.context.is_staff else []


RepairRequestConnection = connection_of(RepairRequestType, "RepairRequest")


class RepairQueries(graphene.ObjectType):
    """Reading repair requests."""

    repair_request = graphene.Field(
        RepairRequestType,
        id=graphene.ID(description="By global id,"),
        number=graphene.String(description="or by number."),
        description="One repair request; staff any of the shop, customers and guests those of their orders.",
    )
    repair_requests = graphene.Field(
        RepairRequestConnection,
        state=graphene.List(graphene.NonNull(RepairStateEnum), description="In any of these states."),
        first=graphene.Int(description="Rows of a page, 1 to 100; 50 when not said."),
        after=graphene.String(description="The `endCursor` of the page before."),
        required=True,
        description="Repair requests, newest first; customers and guests see those of their orders.",
    )

    @staticmethod
    def resolve_repair_request(
        _root: None,
        info: graphene.ResolveInfo,
        *,
        id: str | None = None,
        number: str | None = None,
    ) -> RepairRequest:
        if (id is None) == (number is None):
            raise InvalidInput(_("Give either the id or the number."), "id")
        if id is not None:
            return find_repair(info.context, Q(pk=own_pk("RepairRequest", id)))
        return find_repair(info.context, Q(number=(number or "").strip().upper()), field="number")

    @staticmethod
    def resolve_repair_requests(
        _root: None,
        info: graphene.ResolveInfo,
        *,
        state: list[Any] | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> Page:
        ctx: Context = info.context
        rows = RepairRequest.objects.filter(_visible(ctx))
        if state is not None:
            rows = rows.filter(state__in=value_of(state))
        return newest_first(ctx, rows, first=first, after=after)


class RepairRequestCreateInput(graphene.InputObjectType):
    """What is to be repaired: an order's line, or any product by its name."""

    order_id = graphene.ID(description="Saleor's global id of the order, when it was bought here.")
    order_line_id = graphene.ID(description="Saleor's global id of the line in that order.")
    product_name = graphene.String(description="What it is; taken from the order line when not said.")
    serial_number = graphene.String(default_value="", description="As it stands on the product.")
    description = graphene.String(required=True, description="What is wrong, in the customer's own words.")
    photos = graphene.List(graphene.NonNull(Upload), default_value=[], description="Up to 6 pictures of 10 MB each.")


class RepairRequestCreate(AftercareMutation):
    """Ask for a repair. Customers and guests; staff for an order's customer."""

    class Arguments:
        input = RepairRequestCreateInput(required=True, description="What is broken, and how.")

    repair_request = graphene.Field(RepairRequestType, description="The new repair request.")

    @classmethod
    def perform(cls, ctx: Context, *, input: Any) -> RepairRequestCreate:
        about = about_product(ctx, input)
        with transaction.atomic():
            row = actions.request_repair(
                ctx.shop,
                **about,
                serial_number=input.serial_number or "",
                description=input.description,
                photos=keep_photos(ctx, input.photos, "photos"),
                at=ctx.at,
                actor=ctx.somebody.actor,
            )
        return cls(repair_request=row)


class RepairRequestAccept(AftercareMutation):
    """Say that the product may be sent in; the intake slip is made and mailed."""

    class Arguments:
        id = graphene.ID(required=True, description="The repair request.")

    permissions = (MANAGE_ORDERS,)
    repair_request = graphene.Field(RepairRequestType, description="The repair request, accepted.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> RepairRequestAccept:
        row = find_repair(ctx, Q(pk=own_pk("RepairRequest", id)))
        return cls(repair_request=actions.accept_repair(row, at=ctx.at, actor=ctx.somebody.actor))


class RepairRequestDecline(AftercareMutation):
    """Say no, with the reason that the customer will read."""

    class Arguments:
        id = graphene.ID(required=True, description="The repair request.")
        reason = graphene.String(required=True, description="For the customer, in their language.")

    permissions = (MANAGE_ORDERS,)
    repair_request = graphene.Field(RepairRequestType, description="The repair request, declined.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, reason: str) -> RepairRequestDecline:
        row = find_repair(ctx, Q(pk=own_pk("RepairRequest", id)))
        actor = ctx.somebody.actor
        return cls(repair_request=actions.decline_repair(row, reason=reason, at=ctx.at, actor=actor))


class RepairRequestCheckIn(AftercareMutation):
    """The product is here; the customer is told that it is being repaired."""

    class Arguments:
        id = graphene.ID(required=True, description="The repair request.")
        findings = graphene.String(default_value="", description="What was found, for staff.")
        photos = graphene.List(graphene.NonNull(Upload), default_value=[], description="Up to 6, of 10 MB each.")

    permissions = (MANAGE_ORDERS,)
    repair_request = graphene.Field(RepairRequestType, description="The repair request, checked in.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, findings: str = "", photos: Any = ()) -> RepairRequestCheckIn:
        row = find_repair(ctx, Q(pk=own_pk("RepairRequest", id)))
        with transaction.atomic():
            actions.check_in_repair(
                row,
                findings=findings or "",
                photos=keep_photos(ctx, photos or [], "photos"),
                at=ctx.at,
                actor=ctx.somebody.actor,
            )
        return cls(repair_request=row)


class RepairRequestTakeBack(AftercareMutation):
    """Do not repair what is here after all. Nobody is told by it: write to the customer, whose product it may be."""

    class Arguments:
        id = graphene.ID(required=True, description="The repair request.")

    permissions = (MANAGE_ORDERS,)
    repair_request = graphene.Field(RepairRequestType, description="The repair request, ended.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> RepairRequestTakeBack:
        row = find_repair(ctx, Q(pk=own_pk("RepairRequest", id)))
        return cls(repair_request=actions.take_back_repair(row, at=ctx.at, actor=ctx.somebody.actor))


class RepairMutations(graphene.ObjectType):
    """What people do with repair requests."""

    repair_request_create = RepairRequestCreate.Field()
    repair_request_accept = RepairRequestAccept.Field()
    repair_request_decline = RepairRequestDecline.Field()
    repair_request_check_in = RepairRequestCheckIn.Field()
    repair_request_take_back = RepairRequestTakeBack.Field()
