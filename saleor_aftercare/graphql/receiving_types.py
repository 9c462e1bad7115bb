"""The warehouse's view of returns, as types: what to expect, what came, where it goes.

They know no e-mail address, no price and no conversation, so that a worker with only that permission sees none.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import graphene
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import Order, OrderLine
from saleor_aftercare.connection.warehouses import Warehouse, suggested_warehouse
from saleor_aftercare.core.errors import NotFound
from saleor_aftercare.core.ids import own_pk, to_global_id
from saleor_aftercare.core.models import StoredFile
from saleor_aftercare.policies.models import Resolution
from saleor_aftercare.policies.queries import reason_labels
from saleor_aftercare.returns import reception
from saleor_aftercare.returns.goods import Inspection, Reception
from saleor_aftercare.returns.models import Return, ReturnLine, ReturnState

from .core.context import Context
from .core.loaders import bulk, group_by, related, row_of
from .core.scalars import DateTimeType, Node
from .files import FileType
from .receiving_words import (
    BookingEnum,
    DispositionEnum,
    GradeEnum,
    warehouse_staff,
)
from .returns import ReturnShippingPayerEnum, ReturnStateEnum


@bulk(Return, list[ReturnLine])
def lines_of(ctx: Context, pks: Collection[int]) -> Mapping[int, list[ReturnLine]]:
    """Each return's lines with their order lines."""
    rows = list(ReturnLine.objects.filter(ret_id__in=pks).select_related("order_line").order_by("pk"))
    ctx.meet(rows)
    return group_by(rows, lambda row: row.ret_id)


@bulk(ReturnLine, list[Inspection])
def inspections_of(ctx: Context, pks: Collection[int]) -> Mapping[int, list[Inspection]]:
    """Each line's inspections, oldest first."""
    rows = list(Inspection.objects.filter(line_id__in=pks, shop=ctx.shop).order_by("pk"))
    ctx.meet(rows)
    return group_by(rows, lambda row: row.line_id)


@bulk(Return, list[Reception])
def receptions_of(ctx: Context, pks: Collection[int]) -> Mapping[int, list[Reception]]:
    """Each return's parcels, in the order in which they were opened."""
    rows = list(Reception.objects.filter(ret_id__in=pks, shop=ctx.shop).order_by("position"))
    ctx.meet(rows)
    return group_by(rows, lambda row: row.ret_id)


def find_receiving(ctx: Context, id: str, *, field: str = "id") -> Return:
    """The return of this id for somebody at the warehouse; raises PermissionDenied or NotFound."""
    person = warehouse_staff(ctx)
    return receiving_one(ctx, Q(pk=own_pk("ReceivingReturn", id, field=field), shop=person.shop), field)


def find_receiving_line(ctx: Context, id: str, *, field: str = "lineId") -> ReturnLine:
    """The same for a line of a return."""
    person = warehouse_staff(ctx)
    rows = ReturnLine.objects.filter(pk=own_pk("ReceivingLine", id, field=field), ret__shop=person.shop)
    line = rows.select_related("order_line", "ret").first()
    if line is None:
        raise NotFound(_("There is no such item."), field)
    return line


def receiving_one(ctx: Context, which: Q, field: str) -> Return:
    """The return of this condition, which names the shop; raises NotFound(field)."""
    ret = Return.objects.filter(which).select_related("order").first()
    if ret is None:
        raise NotFound(_("There is no such return."), field)
    ret.shop = ret.order.shop = ctx.shop
    ctx.meet([ret])
    return ret


def _labels(ctx: Context) -> dict[str, str]:
    held: dict[str, dict[str, str]] = ctx.loaded.setdefault("reason labels", {})
    language = get_language() or "en"
    if language not in held:
        held[language] = reason_labels(ctx.shop, language)
    return held[language]


class WarehouseType(graphene.ObjectType):
    """A place that Saleor counts stocks of."""

    class Meta:
        name = "Warehouse"

    id = graphene.ID(required=True, description="Saleor's global id.")
    name = graphene.String(required=True, description="As the shop calls it.")


class ReceivingInspection(graphene.ObjectType):
    """What was found about some units, and where they went."""

    class Meta:
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    return_ = graphene.Field(
        "saleor_aftercare.graphql.receiving_types.ReceivingReturn", name="return", required=True, description="Of what."
    )
    line = graphene.Field(
        "saleor_aftercare.graphql.receiving_types.ReceivingLine", required=True, description="Of which."
    )
    quantity = graphene.Int(required=True, description="Units.")
    grade = graphene.Field(GradeEnum, required=True, description="Their state.")
    disposition = graphene.Field(DispositionEnum, required=True, description="Where they go.")
    warehouse = graphene.Field(WarehouseType, description="Into whose stock; null for what goes to none.")
    note = graphene.String(required=True, description="What was found, or empty.")
    serial_numbers = graphene.List(
        graphene.NonNull(graphene.String), required=True, description="Of the units, as far as they were read."
    )
    repair_number = graphene.String(description="The repair that has the units; null for none.")
    photos = graphene.List(graphene.NonNull(FileType), required=True, description="Pictures of it.")
    inspected_at = graphene.Field(DateTimeType, required=True, description="When.")
    inspected_by = graphene.String(required=True, description="By whom.")
    voided = graphene.Boolean(required=True, description="It was wrong, and counts no more.")
    booking = graphene.Field(BookingEnum, required=True, description="How far it is on the way into the stock.")
    booking_error = graphene.String(description="What Saleor said when it refused.")
    restocked_at = graphene.Field(DateTimeType, description="Since when the stock has them.")

    @staticmethod
    def resolve_id(root: Inspection, _info: Any) -> str:
        return to_global_id("ReceivingInspection", root.pk)

    @staticmethod
    def resolve_line(root: Inspection, info: graphene.ResolveInfo) -> ReturnLine | None:
        return row_of(info.context, ReturnLine, root.line_id)

    @staticmethod
    def resolve_return_(root: Inspection, info: graphene.ResolveInfo) -> Return | None:
        line = row_of(info.context, ReturnLine, root.line_id)
        return row_of(info.context, Return, line.ret_id) if line else None

    @staticmethod
    def resolve_warehouse(root: Inspection, _info: Any) -> Warehouse | None:
        return Warehouse(root.warehouse_id, root.warehouse_name) if root.warehouse_id else None

    @staticmethod
    def resolve_photos(root: Inspection, info: graphene.ResolveInfo) -> list[StoredFile]:
        return related(info.context, root, "photos")

    @staticmethod
    def resolve_repair_number(root: Inspection, _info: Any) -> str | None:
        return root.repair_number or None

    @staticmethod
    def resolve_voided(root: Inspection, _info: Any) -> bool:
        return root.voided_at is not None

    @staticmethod
    def resolve_booking_error(root: Inspection, _info: Any) -> str | None:
        return root.booking_error or None


class ReceivingLine(graphene.ObjectType):
    """Units of one kind in a return, as the warehouse counts them."""

    class Meta:
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    product_name = graphene.String(required=True, description="As the customer ordered it.")
    variant_name = graphene.String(required=True, description="Size, colour and the like, or empty.")
    sku = graphene.String(required=True, description="Or empty.")
    thumbnail_url = graphene.String(description="A small picture of the product.")
    quantity = graphene.Int(required=True, description="Units asked back.")
    approved = graphene.Int(required=True, description="Units that the shop takes.")
    unsent = graphene.Int(required=True, description="Of these, units that never left the warehouse.")
    kept = graphene.Boolean(required=True, description="The customer keeps them; they will not come.")
    received = graphene.Int(required=True, description="Units that are here.")
    wrong = graphene.Int(required=True, description="Units in whose place something else came.")
    rejected = graphene.Int(required=True, description="Of the received ones, not accepted.")
    reject_reason = graphene.String(description="What the customer reads about that.")
    outstanding = graphene.Int(required=True, description="Units that may still come.")
    to_inspect = graphene.Int(required=True, description="Accepted units that nobody has judged.")
    for_repair = graphene.Boolean(
        required=True, description="They are repaired for the customer, and are not the shop's to sell or throw away."
    )
    reason = graphene.String(required=True, description="Why they come back, in the asking person's language.")
    photos = graphene.List(graphene.NonNull(FileType), required=True, description="The customer's pictures.")
    inspections = graphene.List(
        graphene.NonNull(ReceivingInspection), required=True, description="Oldest first, also those taken back."
    )

    @staticmethod
    def resolve_id(root: ReturnLine, _info: Any) -> str:
        return to_global_id("ReceivingLine", root.pk)

    @staticmethod
    def _bought(root: ReturnLine, info: graphene.ResolveInfo) -> OrderLine:
        return row_of(info.context, OrderLine, root.order_line_id) or root.order_line

    @staticmethod
    def resolve_product_name(root: ReturnLine, info: graphene.ResolveInfo) -> str:
        return ReceivingLine._bought(root, info).product_name

    @staticmethod
    def resolve_variant_name(root: ReturnLine, info: graphene.ResolveInfo) -> str:
        return ReceivingLine._bought(root, info).variant_name

    @staticmethod
    def resolve_sku(root: ReturnLine, info: graphene.ResolveInfo) -> str:
        return ReceivingLine._bought(root, info).sku

    @staticmethod
    def resolve_thumbnail_url(root: ReturnLine, info: graphene.ResolveInfo) -> str | None:
        return ReceivingLine._bought(root, info).thumbnail_url or None

    @staticmethod
    def resolve_approved(root: ReturnLine, _info: Any) -> int:
        return reception.approved_of(root)

    @staticmethod
    def resolve_received(root: ReturnLine, _info: Any) -> int:
        return reception.counted(root)

    @staticmethod
    def resolve_wrong(root: ReturnLine, _info: Any) -> int:
        return root.quantity_wrong

    @staticmethod
    def resolve_rejected(root: ReturnLine, _info: Any) -> int:
        return root.quantity_rejected

    @staticmethod
    def resolve_reject_reason(root: ReturnLine, _info: Any) -> str | None:
        return root.reject_reason or None

    @staticmethod
    def resolve_outstanding(root: ReturnLine, _info: Any) -> int:
        return reception.outstanding(root)

    @staticmethod
    def resolve_to_inspect(root: ReturnLine, info: graphene.ResolveInfo) -> int:
        judged = sum(one.quantity for one in inspections_of(info.context, root.pk) if one.voided_at is None)
        return max(0, reception.inspectable(root) - judged)

    @staticmethod
    def resolve_for_repair(root: ReturnLine, _info: Any) -> bool:
        return root.resolution == Resolution.REPAIR

    @staticmethod
    def resolve_reason(root: ReturnLine, info: graphene.ResolveInfo) -> str:
        return _labels(info.context).get(root.reason, root.reason)

    @staticmethod
    def resolve_photos(root: ReturnLine, info: graphene.ResolveInfo) -> list[StoredFile]:
        return related(info.context, root, "photos")

    @staticmethod
    def resolve_inspections(root: ReturnLine, info: graphene.ResolveInfo) -> list[Inspection]:
        return inspections_of(info.context, root.pk)


class ReceivingParcel(graphene.ObjectType):
    """A parcel of a return, opened and counted."""

    position = graphene.Int(required=True, description="In the return, from 1.")
    received_at = graphene.Field(DateTimeType, required=True, description="When.")
    received_by = graphene.String(required=True, description="By whom.")
    note = graphene.String(required=True, description="For staff, or empty.")
    photos = graphene.List(graphene.NonNull(FileType), required=True, description="Pictures of the parcel.")

    @staticmethod
    def resolve_photos(root: Reception, info: graphene.ResolveInfo) -> list[StoredFile]:
        return related(info.context, root, "photos")


class ReceivingSendBack(graphene.ObjectType):
    """The way home of rejected goods."""

    payer = graphene.Field(ReturnShippingPayerEnum, description="Who pays for it; null until decided.")
    stored_until = graphene.Field(graphene.Date, description="The last day, inclusive, on which they are kept.")
    tracking_number = graphene.String(required=True, description="Or empty.")
    sent_at = graphene.Field(DateTimeType, description="When they left.")

    @staticmethod
    def resolve_payer(root: Return, _info: Any) -> str | None:
        return root.sendback_payer or None

    @staticmethod
    def resolve_stored_until(root: Return, _info: Any) -> Any:
        return root.sendback_stored_until

    @staticmethod
    def resolve_tracking_number(root: Return, _info: Any) -> str:
        return root.sendback_tracking

    @staticmethod
    def resolve_sent_at(root: Return, _info: Any) -> Any:
        return root.sendback_sent_at


class ReceivingReturn(graphene.ObjectType):
    """A return as the warehouse sees it."""

    class Meta:
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    number = graphene.String(required=True, description="Such as RMA-1001.")
    state = graphene.Field(ReturnStateEnum, required=True, description="How far it is.")
    state_since = graphene.Field(DateTimeType, required=True, description="Since when.")
    order_number = graphene.String(required=True, description="The order that the goods are of.")
    sender_name = graphene.String(required=True, description="Who sends them.")
    send_by = graphene.Field(graphene.Date, description="The last day on which the customer should hand them in.")
    lines = graphene.List(graphene.NonNull(ReceivingLine), required=True, description="What comes back.")
    parcels = graphene.List(graphene.NonNull(ReceivingParcel), required=True, description="Opened so far.")
    seen = graphene.Int(required=True, description="How many those are; send it back with `receivingReceive`.")
    to_inspect = graphene.Int(required=True, description="Accepted units that nobody has judged.")
    send_back = graphene.Field(ReceivingSendBack, description="Null unless something was rejected.")
    suggested_warehouse = graphene.Field(
        WarehouseType,
        description="Where its goods should go. May ask Saleor: select it for one return, not in lists.",
    )
    actions = graphene.List(
        graphene.NonNull(graphene.String),
        required=True,
        description="arrive, receive, reject, send_back: what may be done now.",
    )

    @staticmethod
    def resolve_id(root: Return, _info: Any) -> str:
        return to_global_id("ReceivingReturn", root.pk)

    @staticmethod
    def _order(root: Return, info: graphene.ResolveInfo) -> Order:
        return row_of(info.context, Order, root.order_id) or root.order

    @staticmethod
    def resolve_order_number(root: Return, info: graphene.ResolveInfo) -> str:
        return ReceivingReturn._order(root, info).number

    @staticmethod
    def resolve_sender_name(root: Return, info: graphene.ResolveInfo) -> str:
        if root.is_gift:
            return root.gift_recipient_name
        return ReceivingReturn._order(root, info).customer_name

    @staticmethod
    def resolve_send_by(root: Return, _info: Any) -> Any:
        return root.expires_on

    @staticmethod
    def resolve_lines(root: Return, info: graphene.ResolveInfo) -> list[ReturnLine]:
        return lines_of(info.context, root.pk)

    @staticmethod
    def resolve_parcels(root: Return, info: graphene.ResolveInfo) -> list[Reception]:
        return receptions_of(info.context, root.pk)

    @staticmethod
    def resolve_seen(root: Return, info: graphene.ResolveInfo) -> int:
        return len(receptions_of(info.context, root.pk))

    @staticmethod
    def resolve_to_inspect(root: Return, _info: Any) -> int:
        return root.uninspected

    @staticmethod
    def resolve_send_back(root: Return, info: graphene.ResolveInfo) -> Return | None:
        return root if any(line.quantity_rejected for line in lines_of(info.context, root.pk)) else None

    @staticmethod
    def resolve_suggested_warehouse(root: Return, info: graphene.ResolveInfo) -> Warehouse | None:
        ctx: Context = info.context
        return suggested_warehouse(ctx.shop, ctx.settings, ReceivingReturn._order(root, info))

    @staticmethod
    def resolve_actions(root: Return, info: graphene.ResolveInfo) -> list[str]:
        possible = [one for one in root.actions if one in {"arrive", "receive"}]
        lines = lines_of(info.context, root.pk)
        if root.state == ReturnState.RECEIVED:
            possible += ["receive"] if any(map(reception.outstanding, lines)) else []
            possible += ["reject"] if root.uninspected else []
        if root.sendback_sent_at is None and any(line.quantity_rejected for line in lines):
            possible.append("send_back")
        return possible
