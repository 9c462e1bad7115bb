"""Reading what waits at the warehouse; for people who may manage products or orders, and for paired phones."""

from __future__ import annotations

from typing import Any

import graphene
from django.db.models import Q
from django.utils.translation import gettext as _

from saleor_aftercare.connection.warehouses import Warehouse, warehouses_of
from saleor_aftercare.core.errors import InvalidInput, NotFound
from saleor_aftercare.returns import worklists
from saleor_aftercare.returns.goods import StrayParcel
from saleor_aftercare.returns.models import Return
from saleor_aftercare.returns.scanning import Candidate, find_by_scan
from saleor_aftercare.returns.stock import may_book
from saleor_aftercare.returns.worklists import Worklist

from .core.context import Context
from .core.paging import Page, capped_count, connection_of, newest_first
from .core.scalars import value_of
from .receiving_finds import ReceivingCandidate, StrayParcelType
from .receiving_types import (
    ReceivingInspection,
    ReceivingReturn,
    WarehouseType,
    find_receiving,
    receiving_one,
)
from .receiving_words import WorklistEnum, warehouse_staff


class ReceivingCounts(graphene.ObjectType):
    """How much waits; null where it is more than 10,000."""

    expected = graphene.Int(description="Parcels that may come any day.")
    arrived = graphene.Int(description="Parcels that are here, unopened.")
    to_inspect = graphene.Int(description="Returns with units that nobody has judged.")
    to_restock = graphene.Int(description="Inspections whose units are not in the stock yet.")
    to_send_back = graphene.Int(description="Returns with rejected units that wait to go home.")
    stray = graphene.Int(description="Parcels that nobody expected.")
    may_book_stock = graphene.Boolean(
        required=True, description="The app may change stocks (MANAGE_PRODUCTS); else they are booked by hand."
    )


ReceivingReturnConnection = connection_of(ReceivingReturn, "ReceivingReturn")
ReceivingInspectionConnection = connection_of(ReceivingInspection, "ReceivingInspection")
StrayParcelConnection = connection_of(StrayParcelType, "StrayParcel")

_FIRST = "Rows of a page, 1 to 100; 50 when not said."
_AFTER = "The `endCursor` of the page before."


class ReceivingQueries(graphene.ObjectType):
    """Reading what waits at the warehouse; staff with MANAGE_PRODUCTS or MANAGE_ORDERS."""

    receiving_scan = graphene.Field(
        graphene.List(graphene.NonNull(ReceivingCandidate), required=True),
        required=True,
        code=graphene.String(required=True, description="As it was scanned or typed: a number, a barcode, a name."),
        description="What a code may belong to, surest first (warehouse staff).",
    )
    receiving_return = graphene.Field(
        ReceivingReturn,
        id=graphene.ID(description="By global id,"),
        number=graphene.String(description="or by number."),
        description="One return (warehouse staff).",
    )
    receiving_returns = graphene.Field(
        ReceivingReturnConnection,
        required=True,
        worklist=graphene.Argument(WorklistEnum, required=True, description="Which list."),
        first=graphene.Int(description=_FIRST),
        after=graphene.String(description=_AFTER),
        description="What waits, newest first (warehouse staff).",
    )
    receiving_bookings = graphene.Field(
        ReceivingInspectionConnection,
        required=True,
        first=graphene.Int(description=_FIRST),
        after=graphene.String(description=_AFTER),
        description="Inspected units that are not in Saleor's stock yet, newest first (warehouse staff).",
    )
    stray_parcels = graphene.Field(
        StrayParcelConnection,
        required=True,
        open_only=graphene.Boolean(default_value=True, description="Leave out those that are dealt with."),
        first=graphene.Int(description=_FIRST),
        after=graphene.String(description=_AFTER),
        description="Parcels that nobody expected, newest first (warehouse staff).",
    )
    stray_parcel = graphene.Field(
        StrayParcelType,
        number=graphene.String(required=True, description="Such as STR-1001."),
        description="One of them (warehouse staff).",
    )
    receiving_counts = graphene.Field(
        ReceivingCounts, required=True, description="How much waits on each list (warehouse staff)."
    )
    warehouses = graphene.Field(
        graphene.List(graphene.NonNull(WarehouseType), required=True),
        required=True,
        description="The warehouses of the shop's Saleor, by name; asks Saleor (warehouse staff).",
    )

    @staticmethod
    def resolve_receiving_scan(_root: None, info: graphene.ResolveInfo, *, code: str) -> list[Candidate]:
        ctx: Context = info.context
        found = find_by_scan(warehouse_staff(ctx).shop, code)
        ctx.meet([one.ret for one in found if one.ret is not None])
        ctx.meet([one.stray for one in found if one.stray is not None])
        return found

    @staticmethod
    def resolve_receiving_return(
        _root: None, info: graphene.ResolveInfo, *, id: str | None = None, number: str | None = None
    ) -> Return:
        ctx: Context = info.context
        if (id is None) == (number is None):
            raise InvalidInput(_("Give either the id or the number."), "id")
        if id is not None:
            return find_receiving(ctx, id)
        person = warehouse_staff(ctx)
        return receiving_one(ctx, Q(number=(number or "").strip().upper(), shop=person.shop), "number")

    @staticmethod
    def resolve_receiving_returns(
        _root: None, info: graphene.ResolveInfo, *, worklist: Any, first: int | None = None, after: str | None = None
    ) -> Page:
        ctx: Context = info.context
        rows = worklists.returns_on(warehouse_staff(ctx).shop, Worklist(value_of(worklist)))
        return newest_first(ctx, rows, first=first, after=after)

    @staticmethod
    def resolve_receiving_bookings(
        _root: None, info: graphene.ResolveInfo, *, first: int | None = None, after: str | None = None
    ) -> Page:
        ctx: Context = info.context
        return newest_first(ctx, worklists.bookings(warehouse_staff(ctx).shop), first=first, after=after)

    @staticmethod
    def resolve_stray_parcels(
        _root: None,
        info: graphene.ResolveInfo,
        *,
        open_only: bool = True,
        first: int | None = None,
        after: str | None = None,
    ) -> Page:
        ctx: Context = info.context
        rows = worklists.strays(warehouse_staff(ctx).shop, open_only=open_only)
        return newest_first(ctx, rows, first=first, after=after)

    @staticmethod
    def resolve_stray_parcel(_root: None, info: graphene.ResolveInfo, *, number: str) -> StrayParcel:
        ctx: Context = info.context
        shop = warehouse_staff(ctx).shop
        found = worklists.strays(shop, open_only=False).filter(number=number.strip().upper()).first()
        if found is None:
            raise NotFound(_("There is no such parcel."), "number")
        ctx.meet([found])
        return found

    @staticmethod
    def resolve_receiving_counts(_root: None, info: graphene.ResolveInfo) -> dict[str, Any]:
        shop = warehouse_staff(info.context).shop
        lists = {one.value: capped_count(worklists.returns_on(shop, one)) for one in Worklist}
        return lists | {
            "to_restock": capped_count(worklists.bookings(shop)),
            "stray": capped_count(worklists.strays(shop)),
            "may_book_stock": may_book(shop),
        }

    @staticmethod
    def resolve_warehouses(_root: None, info: graphene.ResolveInfo) -> list[Warehouse]:
        return warehouses_of(warehouse_staff(info.context).shop)
