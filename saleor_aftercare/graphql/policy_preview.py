"""What a policy that is not saved yet would say about a real order."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import graphene

from saleor_aftercare.connection.models import Order, OrderLine
from saleor_aftercare.core.decision import Decision, Verdict
from saleor_aftercare.core.money import Money
from saleor_aftercare.policies.models import Fault
from saleor_aftercare.policies.rules import (
    Judgement,
    Policy,
    auto_approval,
    judge,
    keeps_item,
    reason_text,
)
from saleor_aftercare.returns import queries as returns

from .core.context import Context
from .core.scalars import DecimalType, MoneyType
from .orders import OrderLineType, VerdictEnum
from .policy_types import ExclusionEnum, ResolutionEnum, ReturnShippingPayerEnum, strings


@dataclass(frozen=True)
class LinePreview:
    """What would become of one line."""

    order_line: OrderLine
    judgement: Judgement
    if_faulty: Judgement
    returnable: int
    currency: str


@dataclass(frozen=True)
class OrderPreview:
    """What would become of an order, if all that may come back did."""

    lines: tuple[LinePreview, ...]
    value: Money
    approval: Decision
    keeps_items: bool


def preview(ctx: Context, order: Order, policy: Policy) -> OrderPreview:
    """Judge every line of the order by ``policy`` as of now; writes nothing."""
    today = ctx.at.astimezone(ZoneInfo(ctx.settings.time_zone)).date()
    lines = tuple(
        LinePreview(
            order_line=one.order_line,
            judgement=judge(policy, one.facts, today=today),
            if_faulty=judge(policy, one.facts, today=today, reason_fault=Fault.MERCHANT),
            returnable=one.facts.returnable,
            currency=order.currency,
        )
        for one in returns.eligibility(order, at=ctx.at)
    )
    gross = net = Decimal(0)
    for line in lines:
        if line.judgement.verdict != Verdict.REFUSE and line.order_line.quantity:
            share = Decimal(line.returnable) / line.order_line.quantity
            gross += line.order_line.total * share
            net += (line.order_line.total if line.order_line.net is None else line.order_line.net) * share
    value = order.money(gross)
    return OrderPreview(
        lines=lines,
        value=value,
        approval=auto_approval(policy, value=value, reasons=(), returns_in_180_days=0),
        keeps_items=bool(value) and keeps_item(policy, collective_net=order.money(net)),
    )


class ReturnPolicyPreviewLine(graphene.ObjectType):
    """What the policy would say about one line of the order, today."""

    order_line = graphene.Field(OrderLineType, required=True, description="The line.")
    verdict = graphene.Field(VerdictEnum, required=True, description="For goods that are simply not wanted.")
    messages = strings("What customers would be told against it.")
    if_faulty = graphene.Field(VerdictEnum, required=True, description="For goods that are faulty.")
    if_faulty_messages = strings("What customers with faulty goods would be told.")
    rule = graphene.Int(required=True, description="Which rule decides: its place, from 0.")
    rule_name = graphene.String(required=True, description="Its name.")
    returnable_quantity = graphene.Int(required=True, description="Units with the customer, not asked back yet.")
    until = graphene.String(description="Last day, inclusive (ISO 8601); null while the period has not begun.")
    exclusion = graphene.Field(ExclusionEnum, required=True, description="Why the goods are excluded.")
    resolutions = graphene.List(graphene.NonNull(ResolutionEnum), required=True, description="What may be chosen.")
    who_pays = graphene.Field(ReturnShippingPayerEnum, required=True, description="Who pays the way back.")
    return_fee = graphene.Field(MoneyType, description="Kept once per return; null for none.")
    restocking_percent = graphene.Field(DecimalType, required=True, description="Of the price, kept.")
    store_credit_bonus_percent = graphene.Field(DecimalType, required=True, description="On top.")

    @staticmethod
    def resolve_verdict(root: LinePreview, _info: Any) -> str:
        return root.judgement.verdict

    @staticmethod
    def resolve_messages(root: LinePreview, _info: Any) -> list[str]:
        return [reason_text(code) for code in root.judgement.reasons]

    @staticmethod
    def resolve_if_faulty(root: LinePreview, _info: Any) -> str:
        return root.if_faulty.verdict

    @staticmethod
    def resolve_if_faulty_messages(root: LinePreview, _info: Any) -> list[str]:
        return [reason_text(code) for code in root.if_faulty.reasons]

    @staticmethod
    def resolve_rule(root: LinePreview, _info: Any) -> int:
        return root.judgement.rule.position

    @staticmethod
    def resolve_rule_name(root: LinePreview, _info: Any) -> str:
        return root.judgement.rule.name

    @staticmethod
    def resolve_returnable_quantity(root: LinePreview, _info: Any) -> int:
        return root.returnable

    @staticmethod
    def resolve_until(root: LinePreview, _info: Any) -> str | None:
        return root.judgement.until.isoformat() if root.judgement.until else None

    @staticmethod
    def resolve_exclusion(root: LinePreview, _info: Any) -> str:
        return root.judgement.exclusion

    @staticmethod
    def resolve_resolutions(root: LinePreview, _info: Any) -> list[str]:
        return list(root.judgement.resolutions)

    @staticmethod
    def resolve_who_pays(root: LinePreview, _info: Any) -> str:
        return root.judgement.who_pays

    @staticmethod
    def resolve_return_fee(root: LinePreview, _info: Any) -> Money | None:
        fee = root.judgement.rule.return_fee.get(root.currency)
        return Money(fee, root.currency) if fee else None

    @staticmethod
    def resolve_restocking_percent(root: LinePreview, _info: Any) -> Decimal:
        return root.judgement.rule.restocking_percent

    @staticmethod
    def resolve_store_credit_bonus_percent(root: LinePreview, _info: Any) -> Decimal:
        return root.judgement.rule.store_credit_bonus_percent


class ReturnPolicyPreview(graphene.ObjectType):
    """What a policy would mean for one order, if it were in force."""

    lines = graphene.List(graphene.NonNull(ReturnPolicyPreviewLine), required=True, description="As in the order.")
    value = graphene.Field(MoneyType, required=True, description="Of everything that may come back.")
    approved_at_once = graphene.Boolean(required=True, description="Whether nobody has to look at such a return.")
    approval_messages = strings("Why somebody has to.")
    keeps_items = graphene.Boolean(required=True, description="The goods are worth too little to come back.")

    @staticmethod
    def resolve_approved_at_once(root: OrderPreview, _info: Any) -> bool:
        return root.approval.verdict == Verdict.ACCEPT

    @staticmethod
    def resolve_approval_messages(root: OrderPreview, _info: Any) -> list[str]:
        return [reason_text(code) for code in root.approval.reasons]
