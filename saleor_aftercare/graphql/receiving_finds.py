"""What was found: parcels that nobody expected, and what a scanned code may belong to."""

from __future__ import annotations

from typing import Any

import graphene

from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.core.models import StoredFile
from saleor_aftercare.returns.goods import StrayParcel
from saleor_aftercare.returns.models import Return
from saleor_aftercare.returns.scanning import Candidate

from .core.loaders import related, row_of
from .core.scalars import DateTimeType, Node
from .files import FileType
from .receiving_types import ReceivingReturn
from .receiving_words import MatchEnum, StrayStateEnum


class StrayParcelType(graphene.ObjectType):
    """A parcel that arrived without a return that anybody could find."""

    class Meta:
        name = "StrayParcel"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    number = graphene.String(required=True, description="Such as STR-1001; write it on the parcel.")
    state = graphene.Field(StrayStateEnum, required=True, description="How far it is.")
    found_at = graphene.Field(DateTimeType, required=True, description="When it arrived.")
    found_by = graphene.String(required=True, description="Who noted it.")
    code = graphene.String(required=True, description="What was scanned, or empty.")
    sender = graphene.String(required=True, description="What stands on it, or empty.")
    contents = graphene.String(required=True, description="What is in it, or empty.")
    resolution = graphene.String(required=True, description="What became of it, or empty.")
    photos = graphene.List(graphene.NonNull(FileType), required=True, description="Pictures of it.")
    return_ = graphene.Field(ReceivingReturn, name="return", description="The return that it belongs to.")
    actions = graphene.List(graphene.NonNull(graphene.String), required=True, description="match, close.")

    @staticmethod
    def resolve_id(root: StrayParcel, _info: Any) -> str:
        return to_global_id("StrayParcel", root.pk)

    @staticmethod
    def resolve_photos(root: StrayParcel, info: graphene.ResolveInfo) -> list[StoredFile]:
        return related(info.context, root, "photos")

    @staticmethod
    def resolve_return_(root: StrayParcel, info: graphene.ResolveInfo) -> Return | None:
        return row_of(info.context, Return, root.ret_id)


class ReceivingCandidate(graphene.ObjectType):
    """What a scanned code may belong to."""

    match = graphene.Field(MatchEnum, required=True, description="Why.")
    return_ = graphene.Field(ReceivingReturn, name="return", description="The return.")
    stray_parcel = graphene.Field(StrayParcelType, description="The parcel that nobody expected.")
    order_number = graphene.String(description="The order, also where it has no return.")
    sender_name = graphene.String(description="Its customer.")

    @staticmethod
    def resolve_return_(root: Candidate, _info: Any) -> Return | None:
        return root.ret

    @staticmethod
    def resolve_stray_parcel(root: Candidate, _info: Any) -> StrayParcel | None:
        return root.stray

    @staticmethod
    def resolve_order_number(root: Candidate, _info: Any) -> str | None:
        return root.order.number if root.order else None

    @staticmethod
    def resolve_sender_name(root: Candidate, _info: Any) -> str | None:
        return root.order.customer_name if root.order else None
