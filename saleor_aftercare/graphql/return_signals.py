"""What staff alone see beside a return: how often somebody sends goods back, and what does not fit."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import graphene

from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.returns.models import Return
from saleor_aftercare.returns.signals import Velocity
from saleor_aftercare.returns.warnings import Mismatch, warnings_of

from .core.context import Context
from .core.loaders import bulk
from .core.scalars import MoneyType
from .orders import order_of


@bulk(Return, list[Mismatch])
def warnings_of_return(ctx: Context, pks: Collection[int]) -> Mapping[int, list[Mismatch]]:
    """What does not fit about each return."""
    rows = [ctx.rows[Return][pk] for pk in pks]
    for row in rows:
        row.order = order_of(ctx, row.order_id)
    return warnings_of(rows)


class ReturnWarning(graphene.ObjectType):
    """Something that staff should look at; nothing is done about it by itself."""

    code = graphene.String(
        required=True,
        description="order_canceled, order_edited, units_gone, promotion, gift_stays, parcel_moved, "
        "saleor_unreachable, order_gone.",
    )
    message = graphene.String(required=True, description="In the asking person's language.")
    line_id = graphene.ID(description="The return's line that it is about.")

    @staticmethod
    def resolve_line_id(root: Mismatch, _info: Any) -> str | None:
        return to_global_id("ReturnLine", root.line) if root.line is not None else None


class ReturnVelocity(graphene.ObjectType):
    """Other returns of a person, or from an address, within some days."""

    days = graphene.Int(required=True, description="Counted back from now.")
    returns = graphene.Int(required=True, description="How many, cancelled ones left out.")
    statutory = graphene.Int(required=True, description="Of these, on grounds that are the customer's right.")
    orders = graphene.Int(required=True, description="Orders of the person; 0 for an address.")
    value = graphene.Field(
        MoneyType, required=True, description="Of the goods in the returns, in the order's currency."
    )
    bought = graphene.Field(MoneyType, required=True, description="Of the goods that the person bought, likewise.")
    share_percent = graphene.Int(description="How much of what was bought came back; null for an address.")

    @staticmethod
    def resolve_share_percent(root: Velocity, _info: Any) -> int | None:
        return root.share_percent


class ReturnSignals(graphene.ObjectType):
    """History to weigh, never a verdict: it cannot be held against a withdrawal or the legal guarantee."""

    person = graphene.List(
        graphene.NonNull(ReturnVelocity), required=True, description="By account or e-mail: 30, 180 and 365 days."
    )
    address = graphene.List(
        graphene.NonNull(ReturnVelocity), required=True, description="By delivery address, whoever lives there."
    )
    people_at_address = graphene.Int(required=True, description="Customers with returns from there within a year.")
    wrong_items = graphene.Int(required=True, description="Units within a year in whose place something else came.")
    missing_units = graphene.Int(required=True, description="Units within a year that were not in the parcel.")
    rejected_units = graphene.Int(required=True, description="Units within a year that were not accepted.")
    history_counts = graphene.Boolean(
        required=True, description="Whether it may be held against this return at all, by what it rests on."
    )
