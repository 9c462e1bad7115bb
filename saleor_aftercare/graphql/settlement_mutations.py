"""Settling returns, trying again what failed, and looking at the code of a store credit."""

from __future__ import annotations

from typing import Any

import graphene
from django.utils.translation import gettext as _

from saleor_aftercare.compensation import queries
from saleor_aftercare.compensation.actions import retry_settlement, reveal_code
from saleor_aftercare.connection.auth import confirm_staff
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.ids import own_pk
from saleor_aftercare.policies.models import LegalBasis, Resolution
from saleor_aftercare.returns.actions import UnitsAsked, settle_return
from saleor_aftercare.returns.settlement import RequestPreview, preview_request

from .compensation import HANDLE_PAYMENTS
from .core.context import MANAGE_ORDERS, Context
from .core.mutations import AftercareMutation
from .core.scalars import value_of
from .orders import find_line, find_order
from .policy_types import ResolutionEnum
from .returns import ReturnType, find_return
from .settlement_types import ReturnRequestPreview, StoreCreditType
from .settlements import SettlementOptionsInput, SettlementType, options_of


class ReturnSettleInput(graphene.InputObjectType):
    """What was previewed, and is to be done exactly so."""

    fingerprint = graphene.String(required=True, description="Of the preview that was shown.")
    idempotency_key = graphene.String(
        required=True,
        description="Any text the caller makes once per press of the button; gives once however often it comes.",
    )
    note = graphene.String(default_value="", description="For the shop's own books; up to 500 characters.")
    options = SettlementOptionsInput(description="The same as in the preview.")


class ReturnSettle(AftercareMutation):
    """Give what is due for a return: money, store credit, or nothing at all, which closes it.

    Also needs HANDLE_PAYMENTS. Everything is worked out once more; where anything differs from the preview of
    `fingerprint` the error is CONFLICT, and nothing was given. Saleor is asked whether the person is still signed in.
    """

    class Arguments:
        id = graphene.ID(required=True, description="The return.")
        input = ReturnSettleInput(required=True, description="What was previewed.")

    permissions = (MANAGE_ORDERS, HANDLE_PAYMENTS)
    return_ = graphene.Field(ReturnType, name="return", description="The return.")
    settlement = graphene.Field(SettlementType, description="The settlement, under way.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, input: Any) -> ReturnSettle:
        staff = ctx.staff()
        ret = find_return(ctx, id)
        options = options_of(input.options, ret.order.currency)
        confirm_staff(staff)
        settlement = settle_return(
            ret,
            fingerprint=input.fingerprint,
            key=input.idempotency_key,
            note=input.note or "",
            at=ctx.at,
            actor=staff.actor,
            options=options,
            limit=ctx.access.money_limit(ret.order.currency),
        )
        return cls(return_=ret, settlement=settlement)


class SettlementRetry(AftercareMutation):
    """Try again what failed or is unclear; what was given stays as it is. Also needs HANDLE_PAYMENTS."""

    class Arguments:
        id = graphene.ID(required=True, description="The settlement.")

    permissions = (MANAGE_ORDERS, HANDLE_PAYMENTS)
    settlement = graphene.Field(SettlementType, description="The settlement, at work again.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> SettlementRetry:
        staff = ctx.staff()
        settlement = queries.get_settlement(ctx.shop, own_pk("Settlement", id))
        confirm_staff(staff)
        return cls(settlement=retry_settlement(settlement, at=ctx.at, actor=staff.actor))


class StoreCreditReveal(AftercareMutation):
    """The whole code of a store credit; who asked for it is noted. Also needs HANDLE_PAYMENTS."""

    class Arguments:
        id = graphene.ID(required=True, description="The store credit.")

    permissions = (MANAGE_ORDERS, HANDLE_PAYMENTS)
    store_credit = graphene.Field(StoreCreditType, description="The store credit.")
    code = graphene.String(description="Its code: whoever has it can use it.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> StoreCreditReveal:
        staff = ctx.staff()
        credit = queries.get_store_credit(ctx.shop, own_pk("StoreCredit", id))
        confirm_staff(staff)
        return cls(store_credit=credit, code=reveal_code(credit, at=ctx.at, actor=staff.actor))


class ReturnRequestPreviewLineInput(graphene.InputObjectType):
    """Units of one order line that somebody thinks of sending back."""

    order_line_id = graphene.ID(required=True, description="Saleor's global id of the order line.")
    quantity = graphene.Int(required=True, description="Units, at least 1.")
    reason = graphene.String(default_value="", description="Code of a reason of the shop.")
    resolution = graphene.Field(ResolutionEnum, default_value=Resolution.REFUND, description="What is wanted for them.")


class ReturnRequestPreviewInput(graphene.InputObjectType):
    """What somebody thinks of sending back."""

    order_id = graphene.ID(required=True, description="Saleor's global id of the order.")
    lines = graphene.List(
        graphene.NonNull(ReturnRequestPreviewLineInput), required=True, description="Each order line once."
    )
    withdrawal = graphene.Boolean(default_value=False, description="As a declared withdrawal from the contract.")


class SettlementQueries(graphene.ObjectType):
    """What a return would come to."""

    return_request_preview = graphene.Field(
        ReturnRequestPreview,
        input=ReturnRequestPreviewInput(required=True, description="What is to come back."),
        description="What a return would give, before it is asked for. Customers and guests for their own orders.",
    )

    @staticmethod
    def resolve_return_request_preview(_root: None, info: graphene.ResolveInfo, *, input: Any) -> RequestPreview:
        ctx: Context = info.context
        order = find_order(ctx, input.order_id, field="orderId")
        if len({one.order_line_id for one in input.lines}) != len(input.lines):
            raise InvalidInput(_("An item is listed twice."), "lines")
        for n, one in enumerate(input.lines):
            if one.quantity < 1:
                raise InvalidInput(_("The quantity must be at least 1."), f"lines.{n}.quantity")
        basis = LegalBasis.WITHDRAWAL if input.withdrawal else None
        units = [
            UnitsAsked(
                order_line=find_line(order, one.order_line_id, field=f"lines.{n}.orderLineId"),
                quantity=one.quantity,
                reason=one.reason or "",
                resolution=value_of(one.resolution) or Resolution.REFUND,
                legal_basis=basis,
            )
            for n, one in enumerate(input.lines)
        ]
        return preview_request(order, units, at=ctx.at)


class SettlementMutations(graphene.ObjectType):
    """What staff give for returns."""

    return_settle = ReturnSettle.Field()
    settlement_retry = SettlementRetry.Field()
    store_credit_reveal = StoreCreditReveal.Field()
