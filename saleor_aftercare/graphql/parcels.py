"""Parcels on their way back: labels, what they cost, where they are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import graphene
from django.utils.translation import gettext as _

from saleor_aftercare.core import files
from saleor_aftercare.core.errors import NotFound
from saleor_aftercare.core.ids import own_pk, to_global_id
from saleor_aftercare.core.models import ActorKind, StoredFile
from saleor_aftercare.core.money import Money
from saleor_aftercare.parcels import queries
from saleor_aftercare.parcels.actions import choices_of
from saleor_aftercare.parcels.handing import way_of, ways_of
from saleor_aftercare.parcels.models import Handover, Parcel, ParcelState, TrackingEvent, TrackingStatus
from saleor_aftercare.parcels.sheets import last_day
from saleor_aftercare.policies.models import ReturnShippingPayer
from saleor_aftercare.returns.models import Return

from .core.context import Context
from .core.loaders import bulk
from .core.scalars import DateTimeType, MoneyType, Node, enum_from

ParcelStateEnum = enum_from(
    ParcelState,
    {
        "WANTED": "A label is to be bought or made.",
        "AWAITING_NUMBER": "The label comes from elsewhere: staff upload it, or the carrier's program sends it.",
        "UNKNOWN": "The provider's answer was lost: perhaps a label was bought.",
        "FAILED": "The provider said no; staff choose another way.",
        "READY": "The customer has what is needed to send it.",
        "IN_TRANSIT": "It was handed over.",
        "ARRIVED": "It is at the warehouse.",
        "LOST": "The carrier does not have it any more.",
        "RETURNED": "The carrier brought it back to the customer.",
        "VOID": "It was given up before it was used.",
        "EXPIRED": "The carrier does not take the label any more.",
    },
    "How far a parcel is.",
)
TrackingStatusEnum = enum_from(
    TrackingStatus,
    {
        "INFO": "Told, and nothing follows from it.",
        "HANDED_OVER": "The carrier has it.",
        "IN_TRANSIT": "On its way.",
        "OUT_FOR_DELIVERY": "It arrives today.",
        "DELIVERED": "It arrived.",
        "FAILED_ATTEMPT": "Nobody took it in.",
        "LOST": "The carrier does not have it any more.",
        "RETURNED_TO_SENDER": "It goes back to its sender.",
    },
    "What was said of a parcel.",
)
ParcelPayerEnum = enum_from(
    ReturnShippingPayer,
    {"CUSTOMER": "The customer pays the carrier.", "MERCHANT": "The shop pays the carrier."},
    "Who pays the carrier.",
    name="ParcelPayer",
)
ParcelWantedByEnum = enum_from(
    ActorKind,
    {"STAFF": "A member of the staff.", "CUSTOMER": "The customer.", "SYSTEM": "The approval of the case."},
    "Who asked for a parcel.",
    name="ParcelWantedBy",
)


@bulk(Return, list[Parcel])
def parcels_of_return(ctx: Context, pks: Collection[int]) -> Mapping[int, list[Parcel]]:
    """Each return's parcels with their files and news, in the order of their making."""
    found = queries.parcels_of(ctx.shop, "return", pks)
    ctx.meet([parcel for parcels in found.values() for parcel in parcels])
    return found


ParcelHandoverEnum = enum_from(
    Handover,
    {
        "LABEL": "With the printed label on it.",
        "DROPOFF": "Showing a code, where the counter prints the label: nobody needs a printer.",
    },
    "How a parcel is handed in.",
    name="ParcelHandover",
)


class TrackingEventType(graphene.ObjectType):
    """Something that was heard of a parcel."""

    class Meta:
        name = "TrackingEvent"

    status = graphene.Field(TrackingStatusEnum, required=True, description="What it means.")
    description = graphene.String(required=True, description="In the carrier's own words, or empty.")
    location = graphene.String(required=True, description="Where, or empty.")
    source = graphene.String(required=True, description="Who said so: a provider, webhook, staff, customer.")
    at = graphene.Field(DateTimeType, required=True, description="When it happened.")
    heard_at = graphene.Field(DateTimeType, required=True, description="When we heard of it.")


def _measured(name: str) -> Any:
    """A resolver of what staff measured."""
    return staticmethod(lambda root, info: getattr(root, name) if info.context.is_staff else None)


class ParcelType(graphene.ObjectType):
    """One parcel of a case on its way back to the shop, with its label."""

    class Meta:
        name = "Parcel"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    number = graphene.String(required=True, description="As printed on the label: RMA-1001, or RMA-1001-2.")
    position = graphene.Int(required=True, description="In the case, from 1.")
    state = graphene.Field(ParcelStateEnum, required=True, description="How far it is.")
    state_since = graphene.Field(DateTimeType, required=True, description="Since when.")
    provider = graphene.String(description="Where the label comes from: a LabelProvider's slug. Staff only.")
    carrier = graphene.String(
        description="Who carries it; null while nobody knows, `printable` for our own label that any carrier takes."
    )
    tracking_number = graphene.String(description="The carrier's number, where there is one.")
    tracking_url = graphene.String(description="Where it can be followed.")
    payer = graphene.Field(ParcelPayerEnum, required=True, description="Who pays the carrier.")
    cost = graphene.Field(
        MoneyType, description="What the label costs the shop, where the provider says so. Staff only."
    )
    expires_on = graphene.Date(description="The last day, inclusive, on which the carrier takes it.")
    send_by = graphene.Date(description="The customer's own deadline: ours, or the label's when that is earlier.")
    a6_url = graphene.String(name="a6Url", description="The label as PDF, for label paper; signed, for 15 minutes.")
    a4_url = graphene.String(
        name="a4Url",
        description="Our own label with packing slip and steps, for office paper; null for a carrier's label.",
    )
    slip_url = graphene.String(
        description="A packing slip for the parcel, A4, with number, lines and steps and without prices; signed, for "
        "15 minutes. Our own A4 sheet holds the same."
    )
    customs_url = graphene.String(description="What customs want to see on the parcel, as PDF; signed, for 15 minutes.")
    dropoff_code = graphene.String(description="What a shop counter scans in place of a printed label.")
    dropoff_url = graphene.String(description="The same as a picture of a QR code; signed, for 15 minutes.")
    handover = graphene.Field(
        ParcelHandoverEnum, required=True, description="How it is handed in, of the ways that there are."
    )
    handover_choices = graphene.List(
        graphene.NonNull(ParcelHandoverEnum),
        required=True,
        description="The ways that whoever sends it may choose between now: what the provider can do, or gave.",
    )
    length_cm = graphene.Int(description="As staff measured it; null where nobody did. Staff only.")
    width_cm = graphene.Int(description="As staff measured it; null where nobody did. Staff only.")
    height_cm = graphene.Int(description="As staff measured it; null where nobody did. Staff only.")
    weight_g = graphene.Int(description="With packing, as staff weighed it; null where nobody did. Staff only.")
    error = graphene.String(description="What went wrong with the provider. Staff only.")
    voiding = graphene.Boolean(required=True, description="The provider is being asked to take the label back.")
    wanted_by = graphene.Field(ParcelWantedByEnum, required=True, description="Who asked for it.")
    created_at = graphene.Field(DateTimeType, required=True, description="When it was asked for.")
    events = graphene.List(
        graphene.NonNull(TrackingEventType), required=True, description="What was heard of it, newest first."
    )
    actions = graphene.List(
        graphene.NonNull(graphene.String),
        required=True,
        description="replace, choose_handover, retry, upload, void, mark_sent, mark_arrived, mark_lost, mark_returned, "
        "set_tracking: what the asking person may do now.",
    )

    @staticmethod
    def resolve_id(root: Parcel, _info: Any) -> str:
        return to_global_id("Parcel", root.pk)

    @staticmethod
    def resolve_number(root: Parcel, _info: Any) -> str:
        return queries.printed_number(root)

    @staticmethod
    def resolve_provider(root: Parcel, info: graphene.ResolveInfo) -> str | None:
        return root.provider if info.context.is_staff else None

    @staticmethod
    def resolve_carrier(root: Parcel, _info: Any) -> str | None:
        return root.carrier or None

    @staticmethod
    def resolve_tracking_number(root: Parcel, _info: Any) -> str | None:
        return root.tracking_number or None

    @staticmethod
    def resolve_tracking_url(root: Parcel, _info: Any) -> str | None:
        return root.tracking_url or None

    @staticmethod
    def resolve_cost(root: Parcel, info: graphene.ResolveInfo) -> Money | None:
        known = root.cost is not None and info.context.is_staff
        return Money(root.cost, root.cost_currency).rounded() if known and root.cost is not None else None

    @staticmethod
    def resolve_send_by(root: Parcel, _info: Any) -> Any:
        return last_day(root.send_by, root.expires_on)

    @staticmethod
    def resolve_a6_url(root: Parcel, _info: Any) -> str | None:
        return _address(root, root.a6)

    @staticmethod
    def resolve_a4_url(root: Parcel, _info: Any) -> str | None:
        return _address(root, root.a4)

    @staticmethod
    def resolve_slip_url(root: Parcel, _info: Any) -> str | None:
        return _address(root, root.slip)

    @staticmethod
    def resolve_handover(root: Parcel, _info: Any) -> str:
        return way_of(root)

    @staticmethod
    def resolve_handover_choices(root: Parcel, _info: Any) -> list[str]:
        return list(ways_of(root))

    resolve_length_cm = _measured("length_cm")
    resolve_width_cm = _measured("width_cm")
    resolve_height_cm = _measured("height_cm")
    resolve_weight_g = _measured("weight_g")

    @staticmethod
    def resolve_customs_url(root: Parcel, _info: Any) -> str | None:
        return _address(root, root.customs)

    @staticmethod
    def resolve_dropoff_code(root: Parcel, _info: Any) -> str | None:
        return (root.dropoff_code or None) if _usable(root) else None

    @staticmethod
    def resolve_dropoff_url(root: Parcel, _info: Any) -> str | None:
        return _address(root, root.dropoff_image)

    @staticmethod
    def resolve_error(root: Parcel, info: graphene.ResolveInfo) -> str | None:
        return (root.error or None) if info.context.is_staff else None

    @staticmethod
    def resolve_voiding(root: Parcel, _info: Any) -> bool:
        return root.void_wanted_at is not None

    @staticmethod
    def resolve_events(root: Parcel, _info: Any) -> list[TrackingEvent]:
        return list(queries.events_of(root))

    @staticmethod
    def resolve_actions(root: Parcel, info: graphene.ResolveInfo) -> list[str]:
        choices = choices_of(root)
        return list(choices.staff if info.context.is_staff else choices.customer)


def _usable(parcel: Parcel) -> bool:
    """Nobody is to print what the carrier does not take (again)."""
    return parcel.state not in {ParcelState.VOID, ParcelState.EXPIRED, ParcelState.RETURNED}


def _address(parcel: Parcel, file: StoredFile | None) -> str | None:
    return files.signed_url(file) if file is not None and _usable(parcel) else None


def find_parcel(ctx: Context, id: str, *, field: str = "id") -> Parcel:
    """The parcel of this id that the asking person may see; raises NotFound otherwise."""
    rows = Parcel.objects.filter(ctx.mine("order__"), pk=own_pk("Parcel", id, field=field))
    parcel = rows.select_related("order").first()
    if parcel is None:
        raise NotFound(_("There is no such parcel."), field)
    parcel.shop = ctx.shop
    return parcel
