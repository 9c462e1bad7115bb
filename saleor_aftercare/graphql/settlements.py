"""Settlements of returns: as they were, as they would be, and what staff decide about them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import graphene
from django.utils.translation import gettext as _

from saleor_aftercare.compensation.models import Refund, Settlement, SettlementState, StoreCredit
from saleor_aftercare.compensation.plan import RefundRoute
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.ids import own_pk, to_global_id
from saleor_aftercare.core.money import Money
from saleor_aftercare.policies.models import Resolution
from saleor_aftercare.returns.actions import owed_instead
from saleor_aftercare.returns.models import Return
from saleor_aftercare.returns.settlement import Deduction, ImportCharges, Options, preview_settlement

from .compensation import RefundType, may_pay
from .core.context import Context
from .core.loaders import bulk, group_by
from .core.scalars import DateTimeType, DecimalType, Node, value_of
from .policy_types import ResolutionEnum
from .settlement_types import RefundRouteEnum, SettlementPreviewType, SettlementStateEnum, StoreCreditType, Sum


@bulk(Return, list[Settlement])
def settlements_of_return(ctx: Context, pks: Collection[int]) -> Mapping[int, list[Settlement]]:
    """Each return's settlements, newest first."""
    rows = list(Settlement.objects.filter(shop=ctx.shop, subject="return", subject_id__in=pks).order_by("-pk"))
    ctx.meet(rows)
    return group_by(rows, lambda row: row.subject_id)


@bulk(Return, bool)
def is_owed_instead(ctx: Context, pks: Collection[int]) -> Mapping[int, bool]:
    """Whether each return's goods in exchange were canceled after they were given, and nothing was given for them."""
    del ctx  # keys of returns come from rows of this shop
    owed = owed_instead(pks)
    return {pk: pk in owed for pk in pks}


@bulk(Return, list[StoreCredit])
def credits_of_return(ctx: Context, pks: Collection[int]) -> Mapping[int, list[StoreCredit]]:
    """Each return's store credits."""
    rows = list(StoreCredit.objects.filter(shop=ctx.shop, subject="return", subject_id__in=pks).order_by("pk"))
    return group_by(rows, lambda row: row.subject_id)


@bulk(Settlement, list[Refund])
def refunds_of_settlement(ctx: Context, pks: Collection[int]) -> Mapping[int, list[Refund]]:
    """Each settlement's refunds that count: of one that was tried again, the newest try."""
    rows = list(Refund.objects.filter(shop=ctx.shop, settlement_id__in=pks, retry=None).order_by("pk"))
    ctx.meet(rows)
    return group_by(rows, lambda row: row.settlement_id or 0)


@bulk(Settlement, list[StoreCredit])
def credits_of_settlement(ctx: Context, pks: Collection[int]) -> Mapping[int, list[StoreCredit]]:
    """Each settlement's store credits."""
    rows = list(StoreCredit.objects.filter(shop=ctx.shop, settlement_id__in=pks).order_by("pk"))
    return group_by(rows, lambda row: row.settlement_id or 0)


class SettlementType(Sum, graphene.ObjectType):
    """One decision about a return: the sum as it was shown, and how far its parts are."""

    class Meta:
        name = "Settlement"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    state = graphene.Field(SettlementStateEnum, required=True, description="How far it is.")
    note = graphene.String(description="For the shop's own books; staff only.")
    decided_by = graphene.String(description="Who decided; staff only.")
    created_at = graphene.Field(DateTimeType, required=True, description="When it was decided.")
    finished_at = graphene.Field(DateTimeType, description="When the last part was given.")
    refunds = graphene.List(graphene.NonNull(RefundType), required=True, description="Its refunds, one per payment.")
    store_credits = graphene.List(graphene.NonNull(StoreCreditType), required=True, description="Its gift cards.")
    actions = graphene.List(
        graphene.NonNull(graphene.String), required=True, description="What may be done now: retry, or nothing."
    )

    @staticmethod
    def resolve_id(root: Settlement, _info: Any) -> str:
        return to_global_id("Settlement", root.pk)

    @staticmethod
    def resolve_items(root: Settlement, _info: Any) -> list[dict[str, Any]]:
        return [{**item, "currency": root.currency} for item in root.items]

    @staticmethod
    def resolve_refund(root: Settlement, _info: Any) -> Money:
        return root.money(root.refund)

    @staticmethod
    def resolve_credit(root: Settlement, _info: Any) -> Money:
        return root.money(root.credit)

    @staticmethod
    def resolve_bonus(root: Settlement, _info: Any) -> Money:
        return root.money(root.bonus)

    @staticmethod
    def resolve_exchange(root: Settlement, _info: Any) -> Money:
        return root.money(root.exchange)

    @staticmethod
    def resolve_note(root: Settlement, info: graphene.ResolveInfo) -> str | None:
        return (root.note or None) if info.context.is_staff else None

    @staticmethod
    def resolve_decided_by(root: Settlement, info: graphene.ResolveInfo) -> str | None:
        return (root.decided_by or None) if info.context.is_staff else None

    @staticmethod
    def resolve_refunds(root: Settlement, info: graphene.ResolveInfo) -> list[Refund]:
        return refunds_of_settlement(info.context, root.pk)

    @staticmethod
    def resolve_store_credits(root: Settlement, info: graphene.ResolveInfo) -> list[StoreCredit]:
        return credits_of_settlement(info.context, root.pk)

    @staticmethod
    def resolve_actions(root: Settlement, info: graphene.ResolveInfo) -> list[str]:
        ctx: Context = info.context
        unfinished = root.state in {SettlementState.FAILED, SettlementState.NEEDS_STAFF}
        if not unfinished or not may_pay(ctx) or root.subject != "return":
            return []
        # A newer settlement has taken the place of an older one.
        return ["retry"] if settlements_of_return(ctx, root.subject_id)[0].pk == root.pk else []


# -- what staff decide, and fields of Return ----------------------------------------------------------------------


class DeductionInput(graphene.InputObjectType):
    """Taken off a line's price for value that the goods have lost by more than trying them out."""

    line_id = graphene.ID(required=True, description="The return's line.")
    amount = graphene.Field(DecimalType, required=True, description="In major units; 0 takes a deduction back.")
    reason = graphene.String(required=True, description="For the customer.")


class ImportChargesInput(graphene.InputObjectType):
    """Duties, import tax and a carrier's fee for them, where the goods cross a customs border."""

    amount = graphene.Field(DecimalType, required=True, description="In major units; 0 takes them back.")
    note = graphene.String(required=True, description="What they are, and by which document; for the customer.")


class SettlementOptionsInput(graphene.InputObjectType):
    """What staff decide; all else follows from the rules."""

    route = graphene.Field(RefundRouteEnum, default_value=RefundRoute.ORIGINAL, description="How money goes back.")
    deductions = graphene.List(
        graphene.NonNull(DeductionInput), default_value=[], description="In place of those that the lines have."
    )
    waive_fees = graphene.Boolean(default_value=False, description="Keep no fee back.")
    goodwill_shipping = graphene.Boolean(
        default_value=False, description="Give outbound shipping back though no rule says so."
    )
    import_charges = graphene.Field(
        ImportChargesInput, description="Give these back; null: what an earlier settlement of the return gave."
    )
    instead = graphene.Field(
        ResolutionEnum,
        description="What is given for goods that were promised in exchange and canceled: REFUND or STORE_CREDIT.",
    )


def options_of(options: Any, currency: str) -> Options:
    """The options of an input; raises InvalidInput naming the field."""
    if options is None:
        return Options()
    cuts = []
    for n, cut in enumerate(options.deductions or ()):
        amount = Money.of(cut.amount, currency, field=f"options.deductions.{n}.amount")
        line = own_pk("ReturnLine", cut.line_id, field=f"options.deductions.{n}.lineId")
        cuts.append(Deduction(line=line, amount=amount, reason=cut.reason or ""))
    charges, instead = None, value_of(options.instead)
    if instead not in {None, Resolution.REFUND, Resolution.STORE_CREDIT}:
        raise InvalidInput(_("Please choose money or store credit."), "options.instead")
    if options.import_charges is not None:
        wanted = options.import_charges
        amount = Money.of(wanted.amount, currency, field="options.importCharges.amount")
        charges = ImportCharges(amount=amount, note=wanted.note or "")
    if len({cut.line for cut in cuts}) != len(cuts):
        raise InvalidInput(_("An item is listed twice."), "options.deductions")
    return Options(
        route=RefundRoute(value_of(options.route) or RefundRoute.ORIGINAL),
        deductions=tuple(cuts),
        waive_fees=bool(options.waive_fees),
        goodwill_shipping=bool(options.goodwill_shipping),
        import_charges=charges,
        instead=Resolution(instead) if instead else None,
    )


class SettlementFields:
    """What returns show of their settlements; a base of ReturnType."""

    settlements = graphene.List(
        graphene.NonNull(SettlementType),
        required=True,
        description="What was given, newest first. For the recipient or payer of a gift: empty.",
    )
    settlement_preview = graphene.Field(
        SettlementPreviewType,
        options=SettlementOptionsInput(description="What staff decide."),
        description="What settling it would be, by Saleor's figures now (staff only). "
        "Asks Saleor: select it for one return, not in lists.",
    )

    @staticmethod
    def resolve_settlements(root: Return, info: graphene.ResolveInfo) -> list[Settlement]:
        ctx: Context = info.context
        return [] if root.is_gift and not ctx.is_staff else settlements_of_return(ctx, root.pk)

    @staticmethod
    def resolve_settlement_preview(root: Return, info: graphene.ResolveInfo, *, options: Any = None) -> Any:
        ctx: Context = info.context
        if not ctx.is_staff:
            return None
        return preview_settlement(root, at=ctx.at, options=options_of(options, root.order.currency))
