"""Money given back: refunds and their steps."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import graphene
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from saleor_aftercare.compensation import actions, queries
from saleor_aftercare.compensation.models import Refund, RefundMethod, RefundState
from saleor_aftercare.connection.auth import Staff, confirm_staff
from saleor_aftercare.connection.models import CommandState, ShopCommand
from saleor_aftercare.core.ids import own_pk, to_global_id

from .core.context import MANAGE_ORDERS, Context
from .core.loaders import bulk, group_by
from .core.mutations import AftercareMutation
from .core.scalars import DateTimeType, MoneyType, Node, enum_from

#: What a person needs to make money move, besides MANAGE_ORDERS.
HANDLE_PAYMENTS = "HANDLE_PAYMENTS"

RefundMethodEnum = enum_from(
    RefundMethod,
    {
        "PAYMENT_APP": "Granted and requested in Saleor; the payment app pays.",
        "MANUAL": "The merchant pays by other means, and Saleor is told so.",
    },
    "How money goes back.",
)
RefundStateEnum = enum_from(
    RefundState,
    {
        "PENDING": "Decided; nothing was sent yet.",
        "PROCESSING": "Saleor is being told, step by step.",
        "AWAITING_PROVIDER": "The payment app has not answered yet.",
        "SUCCEEDED": "The money is given back, says Saleor.",
        "FAILED": "Refused, and nothing was paid.",
        "NEEDS_STAFF": "It is not clear what happened; a person looks.",
    },
    "How far a refund is.",
)
CommandStateEnum = enum_from(
    CommandState,
    {
        "PENDING": "Not sent yet.",
        "SENDING": "A request is, or was, under way.",
        "SENT": "Saleor did it.",
        "FAILED": "Saleor refused it; nothing happened there.",
        "UNKNOWN": "Sent, and the answer was lost; Saleor is read before anything else.",
    },
    "How far one effect in Saleor is.",
)

STEPS = {
    "grant_refund": gettext_noop("Grant the refund in Saleor"),
    "request_refund": gettext_noop("Ask the payment app to pay"),
    "manual_refund": gettext_noop("Tell Saleor about the refund by hand"),
}


@bulk(Refund, list[ShopCommand])
def steps_of_refund(ctx: Context, pks: Collection[int]) -> Mapping[int, list[ShopCommand]]:
    """What was sent to Saleor for each refund, in order."""
    rows = ShopCommand.objects.filter(shop=ctx.shop, subject="refund", subject_id__in=pks).order_by("pk")
    return group_by(list(rows), lambda row: row.subject_id)


class RefundStep(graphene.ObjectType):
    """One effect in Saleor on the way to a refund."""

    kind = graphene.String(required=True, description="Machine name.")
    label = graphene.String(required=True, description="The same in the asking person's language.")
    state = graphene.Field(CommandStateEnum, required=True, description="How far it is.")
    at = graphene.Field(DateTimeType, description="Since when.")
    error = graphene.String(description="What Saleor said against it.")

    @staticmethod
    def resolve_label(root: ShopCommand, _info: Any) -> str:
        return _(STEPS[root.kind]) if root.kind in STEPS else root.kind

    @staticmethod
    def resolve_at(root: ShopCommand, _info: Any) -> Any:
        return root.state_since

    @staticmethod
    def resolve_error(root: ShopCommand, _info: Any) -> str | None:
        return root.error or None


class RefundType(graphene.ObjectType):
    """One amount going back."""

    class Meta:
        name = "Refund"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    amount = graphene.Field(MoneyType, required=True, description="How much.")
    means = graphene.String(required=True, description="The payment in people's words, or empty.")
    method = graphene.Field(RefundMethodEnum, required=True, description="How.")
    state = graphene.Field(RefundStateEnum, required=True, description="How far it is.")
    failure = graphene.String(description="Why it failed, or needs a person; staff only.")
    created_at = graphene.Field(DateTimeType, required=True, description="When it was decided.")
    settled_at = graphene.Field(DateTimeType, description="When the money was given back.")
    steps = graphene.List(
        graphene.NonNull(RefundStep), required=True, description="What was sent to Saleor; staff only."
    )
    actions = graphene.List(
        graphene.NonNull(graphene.String), required=True, description="What may be done now: retry, or nothing."
    )

    @staticmethod
    def resolve_id(root: Refund, _info: Any) -> str:
        return to_global_id("Refund", root.pk)

    @staticmethod
    def resolve_amount(root: Refund, _info: Any) -> Any:
        return root.money

    @staticmethod
    def resolve_failure(root: Refund, info: graphene.ResolveInfo) -> str | None:
        return (root.failure or None) if info.context.is_staff else None

    @staticmethod
    def resolve_steps(root: Refund, info: graphene.ResolveInfo) -> list[ShopCommand]:
        ctx: Context = info.context
        return steps_of_refund(ctx, root.pk) if ctx.is_staff else []

    @staticmethod
    def resolve_actions(root: Refund, info: graphene.ResolveInfo) -> list[str]:
        return [one for one in root.actions if one == "retry" and may_pay(info.context)]


def may_pay(ctx: Context) -> bool:
    """Whether the asking person may make money move."""
    return ctx.is_staff and isinstance(ctx.principal, Staff) and ctx.principal.may(HANDLE_PAYMENTS)


class RefundRetry(AftercareMutation):
    """Let a refund that needs a person look at Saleor again, and go on from what it finds there.

    Needs MANAGE_ORDERS and HANDLE_PAYMENTS.
    """

    class Arguments:
        id = graphene.ID(required=True, description="The refund.")

    permissions = (MANAGE_ORDERS, HANDLE_PAYMENTS)
    refund = graphene.Field(RefundType, description="The refund, at work again.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> RefundRetry:
        staff = ctx.staff()
        refund = queries.get_refund(ctx.shop, own_pk("Refund", id))
        confirm_staff(staff)
        return cls(refund=actions.retry_refund(refund, at=ctx.at, actor=staff.actor))


class CompensationMutations(graphene.ObjectType):
    """What staff do with refunds."""

    refund_retry = RefundRetry.Field()
