"""Withdrawals: the enums and the small types around one."""

from __future__ import annotations

from typing import Any

import graphene

from saleor_aftercare.connection.models import OrderLine
from saleor_aftercare.mail.models import OutboundMessage
from saleor_aftercare.withdrawals.models import Flag, WithdrawalLine, WithdrawalState
from saleor_aftercare.withdrawals.policy import Coverage, Duty
from saleor_aftercare.withdrawals.queries import LineOffer, WithdrawalView

from .core.loaders import row_of
from .core.scalars import DateTimeType, enum_from
from .orders import OrderLineType

WithdrawalStateEnum = enum_from(
    WithdrawalState,
    {
        "UNMATCHED": "Declared for a contract that was not found; staff look.",
        "OPEN": "In force: goods come back, money is due.",
        "SETTLED": "Everything was given back.",
        "OUT_OF_SCOPE": "There was no such right here, says staff, with the reason.",
    },
    "How far a declared withdrawal is.",
)
WithdrawalFlagEnum = enum_from(
    Flag,
    {
        "LATE": "The period had ended, counted from a confirmed delivery.",
        "PERHAPS_LATE": "It had ended if the parcel arrived when we think; nobody has confirmed that.",
        "ORDER_CANCELED": "The order was cancelled.",
        "NO_RIGHT": "The rules know no right to withdraw for the country of delivery.",
        "GOODS_IN_WORDS": "Some goods were named in words; staff say which lines they are.",
        "REPEATED": "Another declaration covers the same contract.",
        "NOTHING_LEFT": "Everything has come back, or is on its way back, already.",
        "ALL_EXCEPTED": "Every line is an exception (CRD art. 16).",
        "RETURN_FAILED": "The return could not be made.",
    },
    "What staff should know of a declaration.",
    "WithdrawalFlag",
)
WithdrawalViewEnum = enum_from(
    WithdrawalView,
    {
        "OPEN": "In force.",
        "DUE_SOON": "In force, and the refund is due within five days, or was.",
        "UNMATCHED": "No order was found.",
        "NEEDS_STAFF": "In force, and no return was made yet.",
        "OUT_OF_SCOPE": "Out of scope.",
        "SETTLED": "Settled.",
        "ALL": "All of them.",
    },
    "The lists of withdrawals.",
)
RefundDutyEnum = enum_from(
    Duty,
    {
        "NONE": "Nothing is due (any more).",
        "WITHHELD": "May wait for the goods or a proof of sending, whichever is first.",
        "RUNNING": "Due by the date.",
        "OVERDUE": "The date has passed.",
    },
    "How pressing the refund of a withdrawal is.",
    "WithdrawalRefundDuty",
)
CoverageEnum = enum_from(
    Coverage,
    {
        "COVERED": "Can be withdrawn from.",
        "CONDITIONAL": "Can be withdrawn from as long as a seal is unbroken, or a gift card unused.",
        "EXCEPTED": "No right to withdraw (CRD art. 16).",
    },
    "What a declaration does to an order line.",
    "WithdrawalCoverage",
)


class WithdrawalLineType(graphene.ObjectType):
    """Units of one order line that a declaration names."""

    class Meta:
        name = "WithdrawalLine"

    order_line = graphene.Field(OrderLineType, required=True, description="What was bought.")
    quantity = graphene.Int(required=True, description="How many pieces.")

    @staticmethod
    def resolve_order_line(root: WithdrawalLine, info: graphene.ResolveInfo) -> OrderLine | None:
        return row_of(info.context, OrderLine, root.order_line_id)


class WithdrawalExceptionType(graphene.ObjectType):
    """A line that a declaration covers and that the law excepts (CRD art. 16)."""

    class Meta:
        name = "WithdrawalException"

    order_line = graphene.Field(OrderLineType, required=True, description="What was bought.")
    reason = graphene.String(required=True, description="Why, in the declarer's language.")

    @staticmethod
    def resolve_order_line(root: tuple[int, str], info: graphene.ResolveInfo) -> OrderLine | None:
        return row_of(info.context, OrderLine, root[0])

    @staticmethod
    def resolve_reason(root: tuple[int, str], _info: Any) -> str:
        return root[1]


class WithdrawalOfferType(graphene.ObjectType):
    """An order line, and how far a declaration can cover it now."""

    class Meta:
        name = "WithdrawalOffer"

    order_line = graphene.Field(OrderLineType, required=True, description="What was bought.")
    sent = graphene.Int(required=True, description="Units with the customer, and not asked back.")
    unsent = graphene.Int(required=True, description="Units that never left the warehouse.")
    coverage = graphene.Field(CoverageEnum, required=True, description="Whether it is an exception.")

    @staticmethod
    def resolve_order_line(root: LineOffer, _info: Any) -> OrderLine:
        return root.order_line


class WithdrawalAcknowledgement(graphene.ObjectType):
    """The acknowledgement of receipt, on its way or there."""

    written_at = graphene.Field(DateTimeType, required=True, description="When it was written.")
    state = graphene.String(required=True, description="pending, sending, sent, failed or unknown.")
    email = graphene.String(required=True, description="Where it went.")
    error = graphene.String(description="Why it could not be sent. Staff only.")

    @staticmethod
    def resolve_written_at(root: OutboundMessage, _info: Any) -> Any:
        return root.created_at

    @staticmethod
    def resolve_email(root: OutboundMessage, _info: Any) -> str:
        return root.to_email

    @staticmethod
    def resolve_error(root: OutboundMessage, info: graphene.ResolveInfo) -> str | None:
        return (root.error or None) if info.context.is_staff else None


class WithdrawalLabels(graphene.ObjectType):
    """The statutory labels in one language (CRD art. 11a)."""

    language = graphene.String(required=True, description="ISO 639-1.")
    link_label = graphene.String(required=True, description="What the link to the function says.")
    confirm_label = graphene.String(required=True, description="What the button that declares says, and nothing else.")


class WithdrawalInfo(graphene.ObjectType):
    """What a storefront needs to offer the withdrawal function."""

    available = graphene.Boolean(required=True, description="The shop delivers where the law gives the right.")
    url = graphene.String(required=True, description="The function, for the footer of every page; for guests, too.")
    language = graphene.String(required=True, description="The language of the labels below.")
    link_label = graphene.String(required=True, description="What the link must say, or something as clear.")
    confirm_label = graphene.String(required=True, description="What the second button must say.")
    period_days = graphene.Int(required=True, description="Days after the last goods have arrived.")
    countries = graphene.List(
        graphene.NonNull(graphene.String), required=True, description="Of delivery, ISO 3166-1 alpha-2."
    )
    labels = graphene.List(
        graphene.NonNull(WithdrawalLabels), required=True, description="In all official languages of the Union."
    )
