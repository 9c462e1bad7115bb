"""Papers and files of the packing table: return forms for outgoing parcels, shipping lists for carriers' programs."""

from __future__ import annotations

from typing import Any

import graphene
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import Order
from saleor_aftercare.core import links
from saleor_aftercare.core.errors import InvalidInput, NotFound
from saleor_aftercare.core.ids import own_pk, to_global_id
from saleor_aftercare.core.models import StoredFile
from saleor_aftercare.parcels import lists
from saleor_aftercare.parcels.models import CarrierFile, Parcel, ParcelState
from saleor_aftercare.parcels.queries import printed_number, to_export
from saleor_aftercare.providers.labels.lists.base import MAX_FILE_BYTES
from saleor_aftercare.returns import enclosures

from .core.context import MANAGE_ORDERS, Context
from .core.loaders import row_of
from .core.mutations import AftercareMutation
from .core.scalars import DateTimeType, Upload
from .files import FileType
from .orders import OrderType

#: Lists that are looked back at.
MOST_LISTS = 50


class WaitingParcel(graphene.ObjectType):
    """A return parcel that is to go into a carrier's list."""

    id = graphene.ID(required=True, description="Global id of the parcel.")
    number = graphene.String(required=True, description="What stands on the slip.")
    customer_name = graphene.String(required=True, description="Who sends it.")
    error = graphene.String(description="Why it fits no list; null when it does.")
    waiting_since = graphene.Field(DateTimeType, required=True, description="Since when.")

    @staticmethod
    def resolve_id(root: Parcel, _info: Any) -> str:
        return to_global_id("Parcel", root.pk)

    @staticmethod
    def resolve_number(root: Parcel, _info: Any) -> str:
        return printed_number(root)

    @staticmethod
    def resolve_customer_name(root: Parcel, _info: Any) -> str:
        return root.order.customer_name if root.order is not None else ""

    @staticmethod
    def resolve_error(root: Parcel, _info: Any) -> str | None:
        return root.error or None

    @staticmethod
    def resolve_waiting_since(root: Parcel, _info: Any) -> Any:
        return root.state_since


class CarrierListType(graphene.ObjectType):
    """A file that was made for a carrier's own program."""

    class Meta:
        name = "CarrierList"

    id = graphene.ID(required=True, description="Global id, opaque.")
    provider = graphene.String(required=True, description="Slug of the label provider.")
    file = graphene.Field(FileType, required=True, description="To import into the program.")
    parcel_count = graphene.Int(required=True, description="Parcels in it.")
    open_count = graphene.Int(required=True, description="Of these, parcels whose tracking numbers have not come back.")
    made_by = graphene.String(required=True, description="Who made it.")
    created_at = graphene.Field(DateTimeType, required=True, description="When it was made.")
    read_back_at = graphene.Field(DateTimeType, description="When numbers of it were first read back.")

    @staticmethod
    def resolve_id(root: CarrierFile, _info: Any) -> str:
        return to_global_id("CarrierList", root.pk)

    @staticmethod
    def resolve_file(root: CarrierFile, info: graphene.ResolveInfo) -> StoredFile | None:
        return row_of(info.context, StoredFile, root.file_id)


class PaperQueries(graphene.ObjectType):
    """What waits at the packing table."""

    orders_to_dispatch = graphene.List(
        graphene.NonNull(OrderType),
        required=True,
        days=graphene.Int(default_value=1, description="Shipped within so many days, 0 to 31."),
        description="What is packed now, newest first, at most 100: not shipped yet, or shipped lately. Staff only.",
    )
    parcels_to_list = graphene.List(
        graphene.NonNull(WaitingParcel),
        required=True,
        provider=graphene.String(required=True, description="Slug of a label provider that works by lists."),
        description="Parcels that wait for this carrier's next list, oldest first, at most 200. Staff only.",
    )
    carrier_lists = graphene.List(
        graphene.NonNull(CarrierListType),
        required=True,
        provider=graphene.String(description="Of this label provider only."),
        description="The newest 50 lists. Staff only.",
    )

    @staticmethod
    def resolve_orders_to_dispatch(_root: Any, info: graphene.ResolveInfo, *, days: int) -> Any:
        ctx: Context = info.context
        ctx.staff(MANAGE_ORDERS)
        if not 0 <= days <= 31:
            raise InvalidInput(_("A whole number from %(low)d to %(high)d.") % {"low": 0, "high": 31}, "days")
        rows = enclosures.orders_to_dispatch(ctx.shop, at=ctx.at, days=days)
        ctx.meet(rows)
        return rows

    @staticmethod
    def resolve_parcels_to_list(_root: Any, info: graphene.ResolveInfo, *, provider: str) -> Any:
        ctx: Context = info.context
        ctx.staff(MANAGE_ORDERS)
        lists.list_provider(ctx.shop, provider)
        return list(to_export(ctx.shop, provider).select_related("order")[: lists.MAX_LISTED])

    @staticmethod
    def resolve_carrier_lists(_root: Any, info: graphene.ResolveInfo, *, provider: str | None = None) -> Any:
        ctx: Context = info.context
        ctx.staff(MANAGE_ORDERS)
        return _with_counts(ctx, provider)


def _with_counts(ctx: Context, provider: str | None, pk: int | None = None) -> list[CarrierFile]:
    rows = CarrierFile.objects.filter(shop=ctx.shop).select_related("file").order_by("-pk")
    if provider:
        rows = rows.filter(provider=provider)
    if pk is not None:
        rows = rows.filter(pk=pk)
    found = list(rows[:MOST_LISTS])
    counts = {
        row["carrier_files"]: row
        for row in Parcel.objects.filter(carrier_files__in=found)
        .values("carrier_files")
        .annotate(all=Count("pk"), open=Count("pk", filter=Q(state=ParcelState.AWAITING_NUMBER)))
    }
    for one in found:
        row = counts.get(one.pk, {"all": 0, "open": 0})
        one.parcel_count, one.open_count = row["all"], row["open"]  # type: ignore[attr-defined]
    ctx.meet(found)
    return found


class ReturnFormsPrint(AftercareMutation):
    """Set the return forms of some orders, a sheet each, to be enclosed in the outgoing parcels."""

    class Arguments:
        order_ids = graphene.List(
            graphene.NonNull(graphene.ID), required=True, description="Saleor's global ids, 1 to 100."
        )

    permissions = (MANAGE_ORDERS,)
    url = graphene.String(description="Absolute, signed address of the PDF, for 15 minutes; open it in a new tab.")

    @classmethod
    def perform(cls, ctx: Context, *, order_ids: list[str]) -> ReturnFormsPrint:
        if not 0 < len(order_ids) <= enclosures.MAX_FORMS:
            limit = {"limit": enclosures.MAX_FORMS}
            raise InvalidInput(_("Choose 1 to %(limit)d orders.") % limit, "orderIds")
        known = dict(Order.objects.filter(shop=ctx.shop, saleor_id__in=order_ids).values_list("saleor_id", "pk"))
        for n, one in enumerate(order_ids):
            if one not in known:
                raise NotFound(_("There is no such order."), f"orderIds.{n}")
        keys = [known[one] for one in order_ids]
        enclosures.return_forms(ctx.shop, orders=keys, at=ctx.at)
        return cls(url=links.paper(ctx.shop, "return-forms", keys))


class CarrierListCreate(AftercareMutation):
    """Make the file for a carrier's own program with the parcels that wait for it."""

    class Arguments:
        provider = graphene.String(required=True, description="Slug of a label provider that works by lists.")
        parcel_ids = graphene.List(
            graphene.NonNull(graphene.ID),
            description="Only these; also ones of an earlier list whose numbers have not come back.",
        )

    permissions = (MANAGE_ORDERS,)
    carrier_list = graphene.Field(CarrierListType, description="The new list.")

    @classmethod
    def perform(cls, ctx: Context, *, provider: str, parcel_ids: list[str] | None = None) -> CarrierListCreate:
        staff = ctx.staff()
        chosen = None
        if parcel_ids is not None:
            chosen = [own_pk("Parcel", one, field=f"parcelIds.{n}") for n, one in enumerate(parcel_ids)]
        made = lists.export_list(ctx.shop, provider=provider, parcels=chosen, at=ctx.at, actor=staff.actor)
        return cls(carrier_list=_with_counts(ctx, None, made.pk)[0])


class CarrierListReadBack(AftercareMutation):
    """Read the tracking numbers out of the file that a carrier's program has exported. Twice changes nothing."""

    class Arguments:
        provider = graphene.String(required=True, description="Slug of a label provider that works by lists.")
        file = Upload(required=True, description="CSV in Shift_JIS, or UTF-8 with a byte-order mark; at most 5 MB.")

    permissions = (MANAGE_ORDERS,)
    labeled = graphene.List(graphene.NonNull(graphene.String), description="Numbers that have a label now.")
    known = graphene.List(graphene.NonNull(graphene.String), description="Numbers that had one already.")
    unknown = graphene.List(graphene.NonNull(graphene.String), description="Numbers of no parcel of this carrier.")
    closed = graphene.List(
        graphene.NonNull(graphene.String), description="Parcels that were given up, or have another tracking number."
    )

    @classmethod
    def perform(cls, ctx: Context, *, provider: str, file: Any) -> CarrierListReadBack:
        staff = ctx.staff()
        data = file.read(MAX_FILE_BYTES + 1)
        read = lists.read_back(ctx.shop, provider=provider, data=data, at=ctx.at, actor=staff.actor)
        return cls(labeled=read.labeled, known=read.known, unknown=read.unknown, closed=read.closed)


class PaperMutations(graphene.ObjectType):
    """What staff do at the packing table."""

    return_forms_print = ReturnFormsPrint.Field()
    carrier_list_create = CarrierListCreate.Field()
    carrier_list_read_back = CarrierListReadBack.Field()
