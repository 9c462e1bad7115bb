"""Spare-part requests: reading them, asking for them, and saying yes or no."""

from __future__ import annotations

from typing import Any

import graphene
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import Order, OrderLine
from saleor_aftercare.core.errors import InvalidInput, NotFound
from saleor_aftercare.core.ids import own_pk, to_global_id
from saleor_aftercare.core.models import StoredFile
from saleor_aftercare.inbox.models import CaseKind
from saleor_aftercare.parts import actions
from saleor_aftercare.parts.models import SparePartRequest, SparePartState

from .asking import about_product
from .core.context import MANAGE_ORDERS, Context
from .core.loaders import related, row_of
from .core.mutations import AftercareMutation
from .core.paging import Page, connection_of, newest_first
from .core.scalars import DateTimeType, Node, Upload, enum_from, value_of
from .files import FileType, keep_photos
from .orders import OrderLineType, OrderType
from .threads import ticket_of_case

SparePartStateEnum = enum_from(
    SparePartState,
    {
        "REQUESTED": "The customer asked; nobody has decided.",
        "ACCEPTED": "The part was identified, and will be sent or offered.",
        "DECLINED": "Staff said no, with the reason.",
        "CANCELED": "The customer does not want it any more.",
    },
    "How far a spare-part request is.",
)
#: Moves that staff make here; cancelling is the customer's, on their own page.
STAFF_ACTIONS = ("accept", "decline")


def find_spare_part(ctx: Context, which: Q, *, field: str = "id") -> SparePartRequest:
    """The spare-part request that the asking person may see; raises NotFound otherwise."""
    row = SparePartRequest.objects.filter(ctx.mine("order__"), which).select_related("order").first()
    if row is None:
        raise NotFound(_("There is no such spare-part request."), field)
    ctx.meet([row])
    return row


class SparePartRequestType(graphene.ObjectType):
    """A part for one product; bought here (an order) or anywhere (a name and a serial number)."""

    class Meta:
        name = "SparePartRequest"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    number = graphene.String(required=True, description="The number that people use, such as PRT-1001.")
    state = graphene.Field(SparePartStateEnum, required=True, description="How far it is.")
    requested_at = graphene.Field(DateTimeType, required=True, description="When it was asked for.")
    customer_name = graphene.String(required=True, description="Who asked.")
    customer_email = graphene.String(required=True, description="Where answers go.")
    order = graphene.Field(OrderType, description="The order that the product is of; null when not bought here.")
    order_line = graphene.Field(OrderLineType, description="The line of that order.")
    product_name = graphene.String(required=True, description="The product that the part is for.")
    serial_number = graphene.String(required=True, description="As the customer typed it, or empty.")
    part_description = graphene.String(required=True, description="Which part, in the customer's own words.")
    quantity = graphene.Int(required=True, description="How many of it.")
    photos = graphene.List(graphene.NonNull(FileType), required=True, description="The customer's photos.")
    decline_reason = graphene.String(description="What the customer was told; null unless declined.")
    ticket = graphene.Field("saleor_aftercare.graphql.inbox.TicketType", description="The conversation about it.")
    actions = graphene.List(
        graphene.NonNull(graphene.String), required=True, description="accept, decline: what staff may do now."
    )

    @staticmethod
    def resolve_id(root: SparePartRequest, _info: Any) -> str:
        return to_global_id("SparePartRequest", root.pk)

    @staticmethod
    def resolve_order(root: SparePartRequest, info: graphene.ResolveInfo) -> Order | None:
        return row_of(info.context, Order, root.order_id)

    @staticmethod
    def resolve_order_line(root: SparePartRequest, info: graphene.ResolveInfo) -> OrderLine | None:
        return row_of(info.context, OrderLine, root.order_line_id)

    @staticmethod
    def resolve_photos(root: SparePartRequest, info: graphene.ResolveInfo) -> list[StoredFile]:
        return related(info.context, root, "photos")

    @staticmethod
    def resolve_decline_reason(root: SparePartRequest, _info: Any) -> str | None:
        return root.decline_reason or None

    @staticmethod
    def resolve_ticket(root: SparePartRequest, info: graphene.ResolveInfo) -> Any:
        return ticket_of_case(info.context, CaseKind.SPARE_PART, SparePartRequest, root.pk)

    @staticmethod
    def resolve_actions(root: SparePartRequest, info: graphene.ResolveInfo) -> list[str]:
        return [one for one in root.actions if one in STAFF_ACTIONS] if info.context.is_staff else []


SparePartRequestConnection = connection_of(SparePartRequestType, "SparePartRequest")


class SparePartQueries(graphene.ObjectType):
    """Reading spare-part requests."""

    spare_part_request = graphene.Field(
        SparePartRequestType,
        id=graphene.ID(description="By global id,"),
        number=graphene.String(description="or by number."),
        description="One spare-part request; staff any of the shop, customers and guests those of their orders.",
    )
    spare_part_requests = graphene.Field(
        SparePartRequestConnection,
        state=graphene.List(graphene.NonNull(SparePartStateEnum), description="In any of these states."),
        first=graphene.Int(description="Rows of a page, 1 to 100; 50 when not said."),
        after=graphene.String(description="The `endCursor` of the page before."),
        required=True,
        description="Spare-part requests, newest first; customers and guests see those of their orders.",
    )

    @staticmethod
    def resolve_spare_part_request(
        _root: None,
        info: graphene.ResolveInfo,
        *,
        id: str | None = None,
        number: str | None = None,
    ) -> SparePartRequest:
        if (id is None) == (number is None):
            raise InvalidInput(_("Give either the id or the number."), "id")
        if id is not None:
            return find_spare_part(info.context, Q(pk=own_pk("SparePartRequest", id)))
        return find_spare_part(info.context, Q(number=(number or "").strip().upper()), field="number")

    @staticmethod
    def resolve_spare_part_requests(
        _root: None,
        info: graphene.ResolveInfo,
        *,
        state: list[Any] | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> Page:
        ctx: Context = info.context
        rows = SparePartRequest.objects.filter(ctx.mine("order__"))
        if state is not None:
            rows = rows.filter(state__in=value_of(state))
        return newest_first(ctx, rows, first=first, after=after)


class SparePartRequestCreateInput(graphene.InputObjectType):
    """Which part, and of what: an order's line, or any product by its name."""

    order_id = graphene.ID(description="Saleor's global id of the order, when it was bought here.")
    order_line_id = graphene.ID(description="Saleor's global id of the line in that order.")
    product_name = graphene.String(description="What it is; taken from the order line when not said.")
    serial_number = graphene.String(default_value="", description="As it stands on the product.")
    part_description = graphene.String(required=True, description="Which part, in the customer's own words.")
    quantity = graphene.Int(default_value=1, description="How many of it, at least 1.")
    photos = graphene.List(graphene.NonNull(Upload), default_value=[], description="Up to 6 pictures of 10 MB each.")


class SparePartRequestCreate(AftercareMutation):
    """Ask for a spare part. Customers and guests; staff for an order's customer."""

    class Arguments:
        input = SparePartRequestCreateInput(required=True, description="Which part, and of what.")

    spare_part_request = graphene.Field(SparePartRequestType, description="The new spare-part request.")

    @classmethod
    def perform(cls, ctx: Context, *, input: Any) -> SparePartRequestCreate:
        about = about_product(ctx, input)
        with transaction.atomic():
            row = actions.request_spare_part(
                ctx.shop,
                **about,
                serial_number=input.serial_number or "",
                part_description=input.part_description,
                quantity=1 if input.quantity is None else input.quantity,
                photos=keep_photos(ctx, input.photos, "photos"),
                at=ctx.at,
                actor=ctx.somebody.actor,
            )
        return cls(spare_part_request=row)


class SparePartRequestAccept(AftercareMutation):
    """Say that the customer will get the part, or an offer for it."""

    class Arguments:
        id = graphene.ID(required=True, description="The spare-part request.")

    permissions = (MANAGE_ORDERS,)
    spare_part_request = graphene.Field(SparePartRequestType, description="The spare-part request, accepted.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> SparePartRequestAccept:
        row = find_spare_part(ctx, Q(pk=own_pk("SparePartRequest", id)))
        return cls(spare_part_request=actions.accept_spare_part(row, at=ctx.at, actor=ctx.somebody.actor))


class SparePartRequestDecline(AftercareMutation):
    """Say no, with the reason that the customer will read."""

    class Arguments:
        id = graphene.ID(required=True, description="The spare-part request.")
        reason = graphene.String(required=True, description="For the customer, in their language.")

    permissions = (MANAGE_ORDERS,)
    spare_part_request = graphene.Field(SparePartRequestType, description="The spare-part request, declined.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, reason: str) -> SparePartRequestDecline:
        row = find_spare_part(ctx, Q(pk=own_pk("SparePartRequest", id)))
        actor = ctx.somebody.actor
        return cls(spare_part_request=actions.decline_spare_part(row, reason=reason, at=ctx.at, actor=actor))


class SparePartMutations(graphene.ObjectType):
    """What people do with spare-part requests."""

    spare_part_request_create = SparePartRequestCreate.Field()
    spare_part_request_accept = SparePartRequestAccept.Field()
    spare_part_request_decline = SparePartRequestDecline.Field()
