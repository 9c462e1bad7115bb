"""Parcels that nobody expected, and the phones that scan them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import graphene
from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.access import phones
from saleor_aftercare.access.models import ScannerPhone
from saleor_aftercare.connection.auth import Staff
from saleor_aftercare.connection.models import Order, ShopSettings
from saleor_aftercare.connection.warehouses import Warehouse, warehouse
from saleor_aftercare.core import links
from saleor_aftercare.core.errors import NotFound, PermissionDenied
from saleor_aftercare.core.ids import own_pk, to_global_id
from saleor_aftercare.printing.codes import link_picture
from saleor_aftercare.returns import strays, worklists
from saleor_aftercare.returns.actions import UnitsAsked, mark_arrived, request_return
from saleor_aftercare.returns.models import ReturnState

from .core.context import MANAGE_ORDERS, Context
from .core.mutations import AftercareMutation
from .core.scalars import DateTimeType, Node, Upload
from .files import keep_photos
from .order_numbers import find_order_by_number
from .orders import OrderType, find_line, find_order
from .receiving_finds import StrayParcelType
from .receiving_types import WarehouseType, find_receiving
from .receiving_words import MANAGE_PRODUCTS, warehouse_staff
from .settings import EDITORS


class StrayParcelCreateInput(graphene.InputObjectType):
    """What can be said about a parcel that nobody expected; at least something."""

    code = graphene.String(default_value="", description="What was scanned.")
    sender = graphene.String(default_value="", description="What stands on it.")
    contents = graphene.String(default_value="", description="What is in it.")
    photos = graphene.List(graphene.NonNull(Upload), default_value=[], description="Up to 6 pictures of 10 MB each.")
    key = graphene.String(required=True, description="Made once per parcel; counts once however often it comes.")


class StrayParcelReturnLineInput(graphene.InputObjectType):
    """Units of an order that were in the parcel."""

    order_line_id = graphene.ID(required=True, description="Saleor's global id of the order line.")
    quantity = graphene.Int(required=True, description="Units, at least 1.")


class StrayParcelCreate(AftercareMutation):
    """Keep a parcel in mind that belongs to no return that anybody could find."""

    class Arguments:
        input = StrayParcelCreateInput(required=True, description="What can be said about it.")

    stray_parcel = graphene.Field(StrayParcelType, description="The parcel, with its number.")

    @classmethod
    def perform(cls, ctx: Context, *, input: Any) -> StrayParcelCreate:
        person = warehouse_staff(ctx)
        with transaction.atomic():
            stray = strays.note_stray(
                person.shop,
                code=input.code or "",
                sender=input.sender or "",
                contents=input.contents or "",
                photos=keep_photos(ctx, input.photos, "photos"),
                key=input.key,
                at=ctx.at,
                actor=person.actor,
            )
        return cls(stray_parcel=stray)


class StrayParcelMatch(AftercareMutation):
    """Say which return a parcel belongs to; receiving it is the next step."""

    class Arguments:
        id = graphene.ID(required=True, description="The parcel.")
        return_id = graphene.ID(required=True, description="The return (a ReceivingReturn's id).")

    stray_parcel = graphene.Field(StrayParcelType, description="The parcel.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, return_id: str) -> StrayParcelMatch:
        person = warehouse_staff(ctx)
        stray = worklists.get_stray(person.shop, own_pk("StrayParcel", id))
        ret = find_receiving(ctx, return_id, field="returnId")
        return cls(stray_parcel=strays.match_stray(stray, ret, at=ctx.at, actor=person.actor))


class StrayParcelClose(AftercareMutation):
    """Say what became of a parcel otherwise."""

    class Arguments:
        id = graphene.ID(required=True, description="The parcel.")
        resolution = graphene.String(required=True, description="Handed to a neighbour, sent on, thrown away.")

    stray_parcel = graphene.Field(StrayParcelType, description="The parcel.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, resolution: str) -> StrayParcelClose:
        person = warehouse_staff(ctx)
        stray = worklists.get_stray(person.shop, own_pk("StrayParcel", id))
        return cls(stray_parcel=strays.close_stray(stray, resolution=resolution, at=ctx.at, actor=person.actor))


class StrayParcelReturnCreate(AftercareMutation):
    """Start a return for a parcel that came without one, and match them; needs MANAGE_ORDERS.

    The return waits for a decision as any other; receiving it pays nothing.
    """

    class Arguments:
        id = graphene.ID(required=True, description="The parcel.")
        order_id = graphene.ID(required=True, description="Saleor's global id of the order that it belongs to.")
        lines = graphene.List(
            graphene.NonNull(StrayParcelReturnLineInput), required=True, description="What was in it."
        )
        reason = graphene.String(required=True, description="Code of a reason of the shop.")

    permissions = (MANAGE_ORDERS,)
    stray_parcel = graphene.Field(StrayParcelType, description="The parcel, matched.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, order_id: str, lines: list[Any], reason: str) -> StrayParcelReturnCreate:
        person = warehouse_staff(ctx)
        stray = worklists.get_stray(person.shop, own_pk("StrayParcel", id))
        order = find_order(ctx, order_id, field="orderId")
        units = [
            UnitsAsked(find_line(order, one.order_line_id, field=f"lines.{n}.orderLineId"), one.quantity, reason)
            for n, one in enumerate(lines)
        ]
        with transaction.atomic():
            ret = request_return(
                order,
                units=units,
                note="",
                at=ctx.at,
                actor=person.actor,
                source="warehouse",
                override=_("The parcel %(number)s is here already.") % {"number": stray.number},
            )
            if ret.state == ReturnState.APPROVED:
                mark_arrived(ret, at=ctx.at, actor=person.actor)  # no label is needed any more
            strays.match_stray(stray, ret, at=ctx.at, actor=person.actor)
        return cls(stray_parcel=stray)


class ScannerPhoneType(graphene.ObjectType):
    """A phone that scans at the warehouse."""

    class Meta:
        name = "ScannerPhone"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    device = graphene.String(required=True, description="What kind of phone it is, as far as it says.")
    member = graphene.String(required=True, description="Who scans with it.")
    paired_at = graphene.Field(DateTimeType, required=True, description="Since when.")
    expires_at = graphene.Field(DateTimeType, required=True, description="Until when.")

    @staticmethod
    def resolve_id(root: ScannerPhone, _info: Any) -> str:
        return to_global_id("ScannerPhone", root.pk)

    @staticmethod
    def resolve_member(root: ScannerPhone, _info: Any) -> str:
        return root.member.display_name


class ScannerPhoneOffer(AftercareMutation):
    """A link, and its QR code, that makes a phone scan in the asking person's name for twelve hours.

    The link works once, within ten minutes.
    """

    url = graphene.String(description="To be opened on the phone.")
    picture = graphene.String(description="The same as a QR code: SVG in a data: address.")
    expires_at = graphene.Field(DateTimeType, description="When the link ends.")

    @classmethod
    def perform(cls, ctx: Context) -> ScannerPhoneOffer:
        person = _person(ctx)
        phone, secret = phones.offer_pairing(person.member, at=ctx.at)
        # Behind the #, so that no server on the way, and no log, ever has it.
        url = f"{links.absolute(f'/scan/{person.shop.handle}/')}#{quote(secret)}"
        return cls(url=url, picture=link_picture(url), expires_at=phone.pairing_expires_at)


class ScannerPhonePair(AftercareMutation):
    """Trade a link for the phone's own token; for the phone's page, which sends no token."""

    class Arguments:
        link = graphene.String(required=True, description="What stands behind the # of the link.")
        device = graphene.String(default_value="", description="What kind of phone it is.")

    token = graphene.String(description="Bearer of this API, for receiving goods only.")
    expires_at = graphene.Field(DateTimeType, description="Until when it opens anything.")

    @classmethod
    def perform(cls, ctx: Context, *, link: str, device: str = "") -> ScannerPhonePair:
        phone, token = phones.pair(ctx.shop, link, device=device or "", at=ctx.at)
        return cls(token=token, expires_at=phone.expires_at)


class ScannerPhoneRevoke(AftercareMutation):
    """Let a phone scan no more: one's own, or any for people who may manage orders or products."""

    class Arguments:
        id = graphene.ID(required=True, description="The phone.")

    phone = graphene.Field(ScannerPhoneType, description="The phone.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> ScannerPhoneRevoke:
        return cls(phone=phones.revoke(_person(ctx).shop, own_pk("ScannerPhone", id), at=ctx.at))


class DefaultWarehouseSet(AftercareMutation):
    """Choose where returned goods go by default; null: where they came from."""

    class Arguments:
        warehouse_id = graphene.ID(description="Saleor's.")

    warehouse = graphene.Field(WarehouseType, description="The choice.")

    @classmethod
    def perform(cls, ctx: Context, *, warehouse_id: str | None = None) -> DefaultWarehouseSet:
        person = ctx.staff()
        if not any(person.may(one) for one in (*EDITORS, MANAGE_PRODUCTS)):
            raise PermissionDenied(_("You need the permission %(code)s.") % {"code": EDITORS[0]})
        place = warehouse(person.shop, warehouse_id, field="warehouseId") if warehouse_id else Warehouse("", "")
        ShopSettings.objects.filter(shop=person.shop).update(
            default_warehouse_id=place.id, default_warehouse_name=place.name[:250]
        )
        return cls(warehouse=place if place.id else None)


def _person(ctx: Context) -> Staff:
    """Somebody at the warehouse in person: a phone makes no further phones."""
    person = warehouse_staff(ctx)
    if not person.token:
        raise PermissionDenied(_("This is done in the Dashboard."))
    return person


class StrayParcelQueries(graphene.ObjectType):
    """Phones, and the shop's choice of a warehouse; staff with MANAGE_PRODUCTS or MANAGE_ORDERS."""

    scanner_phones = graphene.Field(
        graphene.List(graphene.NonNull(ScannerPhoneType), required=True),
        required=True,
        description="The phones that may scan now, newest first (warehouse staff).",
    )
    stray_parcel_orders = graphene.Field(
        graphene.List(graphene.NonNull(OrderType), required=True),
        required=True,
        text=graphene.String(required=True, description="A number, an e-mail, or a part of the customer's name."),
        description="Orders whose goods a parcel may hold, newest first, at most 20; a number that is new to us is "
        "asked of Saleor (MANAGE_ORDERS).",
    )
    default_warehouse = graphene.Field(
        WarehouseType, description="Where returned goods go; null: where they came from (warehouse staff)."
    )

    @staticmethod
    def resolve_scanner_phones(_root: None, info: graphene.ResolveInfo) -> list[ScannerPhone]:
        ctx: Context = info.context
        return list(phones.phones_of(_person(ctx).shop, at=ctx.at)[:100])

    @staticmethod
    def resolve_stray_parcel_orders(_root: None, info: graphene.ResolveInfo, *, text: str) -> list[Order]:
        ctx: Context = info.context
        shop = ctx.staff(MANAGE_ORDERS).shop
        number = text.strip().lstrip("#")
        if number.isdigit():
            try:
                return [find_order_by_number(ctx, number, field="text")]
            except NotFound:
                return []
        found = strays.orders_like(shop, text)
        ctx.meet(found)
        return found

    @staticmethod
    def resolve_default_warehouse(_root: None, info: graphene.ResolveInfo) -> Warehouse | None:
        ctx: Context = info.context
        warehouse_staff(ctx)
        chosen = ctx.settings
        if not chosen.default_warehouse_id:
            return None
        return Warehouse(chosen.default_warehouse_id, chosen.default_warehouse_name)


class StrayParcelMutations(graphene.ObjectType):
    """What is done with parcels that nobody expected, with phones, and the choice of a warehouse."""

    stray_parcel_create = StrayParcelCreate.Field()
    stray_parcel_match = StrayParcelMatch.Field()
    stray_parcel_close = StrayParcelClose.Field()
    stray_parcel_return_create = StrayParcelReturnCreate.Field()
    scanner_phone_offer = ScannerPhoneOffer.Field()
    scanner_phone_pair = ScannerPhonePair.Field()
    scanner_phone_revoke = ScannerPhoneRevoke.Field()
    default_warehouse_set = DefaultWarehouseSet.Field()
