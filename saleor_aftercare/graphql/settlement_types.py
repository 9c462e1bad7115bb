"""What returns come to, as types: the sum before it is given, its parts, and store credit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import graphene

from saleor_aftercare.compensation.models import (
    SettlementState,
    StoreCredit,
    StoreCreditState,
)
from saleor_aftercare.compensation.plan import PlannedPart, RefundRoute
from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.core.money import Money
from saleor_aftercare.parcels.handing import ways_before
from saleor_aftercare.returns.breakdown import LABELS, Breakdown, ItemKind
from saleor_aftercare.returns.settlement import (
    RequestPreview,
    SettlementPreview,
    item_to_json,
)

from .compensation import RefundMethodEnum, may_pay
from .core.context import Context
from .core.scalars import DateTimeType, DecimalType, MoneyType, Node, enum_from
from .parcels import ParcelHandoverEnum

SettlementStateEnum = enum_from(
    SettlementState,
    {
        "RUNNING": "Its parts are under way.",
        "DONE": "Every part is given, or there was nothing to give.",
        "FAILED": "A part failed; the others are given.",
        "NEEDS_STAFF": "Of a part it is not clear whether it was given; a person looks.",
    },
    "How far a settlement is.",
)
StoreCreditStateEnum = enum_from(
    StoreCreditState,
    {
        "PENDING": "Decided; nothing was sent yet.",
        "ISSUING": "Saleor is being told.",
        "ISSUED": "The gift card can be used.",
        "FAILED": "No gift card was made.",
        "NEEDS_STAFF": "It is not clear what happened; a person looks.",
    },
    "How far a store credit is.",
)
RefundRouteEnum = enum_from(
    RefundRoute,
    {
        "ORIGINAL": "To the means of payment that were used, by as many refunds as it takes.",
        "REMAINDER": "The same; what no payment app can give back, the merchant pays by other means.",
        "MANUAL": "All of it by other means, such as a bank transfer; Saleor is told so.",
        "CREDIT": "To the means of payment; what no payment app can give back becomes store credit, without a bonus.",
    },
    "How staff want money to go back.",
)
SettlementItemKind = enum_from(
    ItemKind,
    {
        "GOODS": "The price paid for units that came back.",
        "KEPT_GOODS": "The price paid for units that need not come back.",
        "EXCHANGED_GOODS": "What units that came in exchange counted for; paid with the order of `orderNumber`.",
        "EXCHANGE_DIFFERENCE": "What was paid on top for units that came in exchange, with the order of `orderNumber`.",
        "DEDUCTION": "Taken off for value that the goods have lost.",
        "RESTOCKING_FEE": "The share of the price that the shop's rules keep back.",
        "SHIPPING": "Outbound shipping.",
        "STANDARD_SHIPPING": "Outbound shipping, as far as standard delivery would have cost.",
        "IMPORT_CHARGES": "Duties and charges on import that go back with goods which cross a customs border.",
        "RETURN_FEE": "What the shop's rules take for the way back.",
        "ALREADY_GIVEN": "Given for this return before, or under way.",
        "NOT_AVAILABLE": "Due, but the order does not hold as much any more.",
        "BONUS": "What the shop adds to store credit.",
    },
    "What a line of the sum is.",
    name="SettlementItemKind",
)


class SettlementItem(graphene.ObjectType):
    """A line of the sum; negative for what is kept back."""

    kind = graphene.Field(SettlementItemKind, required=True, description="What it is.")
    label = graphene.String(required=True, description="The same in the asking person's language.")
    amount = graphene.Field(MoneyType, required=True, description="Tax included.")
    line_id = graphene.ID(description="The return's line that it is about.")
    name = graphene.String(required=True, description="Of the goods, or empty.")
    units = graphene.Int(description="How many units.")
    tax = graphene.Field(MoneyType, description="The part of the amount that is tax, where Saleor has told.")
    percent = graphene.Field(DecimalType, description="Of a fee or bonus that is a share.")
    reason = graphene.String(required=True, description="Why, of a deduction or of import charges; else empty.")
    order_number = graphene.String(description="Of the order that it was paid with; null: with the return's own order.")

    @staticmethod
    def resolve_label(root: Mapping[str, Any], _info: Any) -> str:
        kind = root["kind"]
        return str(LABELS[ItemKind(kind)]) if kind in set(ItemKind) else str(root["label"])

    @staticmethod
    def resolve_amount(root: Mapping[str, Any], _info: Any) -> Money:
        return Money.read(root["amount"], root["currency"])

    @staticmethod
    def resolve_tax(root: Mapping[str, Any], _info: Any) -> Money | None:
        return None if root.get("tax") is None else Money.read(root["tax"], root["currency"])

    @staticmethod
    def resolve_percent(root: Mapping[str, Any], _info: Any) -> Decimal | None:
        return None if root.get("percent") is None else Decimal(root["percent"])

    @staticmethod
    def resolve_order_number(root: Mapping[str, Any], _info: Any) -> str | None:
        return root.get("order") or None

    @staticmethod
    def resolve_line_id(root: Mapping[str, Any], _info: Any) -> str | None:
        return None if root.get("line") is None else to_global_id("ReturnLine", root["line"])


class RefundPart(graphene.ObjectType):
    """A refund as it is planned: one for each payment that gives something back."""

    method = graphene.Field(RefundMethodEnum, required=True, description="How.")
    amount = graphene.Field(MoneyType, required=True, description="How much.")
    means = graphene.String(required=True, description="The payment in people's words, such as a card's name.")
    order_number = graphene.String(
        description="Of the order whose payment it is, where that is not the return's own: its goods came in exchange."
    )

    @staticmethod
    def resolve_method(root: ShownPart, _info: Any) -> str:
        return root.part.method.value

    @staticmethod
    def resolve_amount(root: ShownPart, _info: Any) -> Money:
        return root.part.amount

    @staticmethod
    def resolve_means(root: ShownPart, _info: Any) -> str:
        return root.part.means


@dataclass(frozen=True)
class ShownPart:
    """A planned refund, with the number of another order whose payment it is."""

    part: PlannedPart
    order_number: str | None


class SettlementNotice(graphene.ObjectType):
    """What staff should know first."""

    code = graphene.String(required=True, description="Machine name.")
    message = graphene.String(required=True, description="The same in the asking person's language.")
    blocks = graphene.Boolean(required=True, description="It has to be dealt with before anything can be given.")


class Sum:
    """What previews and settlements have in common."""

    items = graphene.List(graphene.NonNull(SettlementItem), required=True, description="The sum, line by line.")
    refund = graphene.Field(MoneyType, required=True, description="Money, to the means of payment.")
    credit = graphene.Field(MoneyType, required=True, description="Store credit, bonus and gift card part included.")
    bonus = graphene.Field(MoneyType, required=True, description="Of the credit, what the shop adds.")
    exchange = graphene.Field(MoneyType, required=True, description="Used up by goods in exchange.")


def _money(breakdown: Breakdown, amount: Decimal) -> Money:
    return Money(amount, breakdown.currency).rounded()


class _BreakdownSum(Sum):
    """The sum of what has a ``breakdown``."""

    total = graphene.Field(MoneyType, required=True, description="Everything that would be given.")

    @staticmethod
    def resolve_items(root: Any, _info: Any) -> list[dict[str, Any]]:
        currency = root.breakdown.currency
        return [item_to_json(item, currency) | {"currency": currency} for item in root.breakdown.items]

    @staticmethod
    def resolve_total(root: Any, _info: Any) -> Money:
        return _money(root.breakdown, root.breakdown.total)

    @staticmethod
    def resolve_refund(root: Any, _info: Any) -> Money:
        return _money(root.breakdown, root.breakdown.refund)

    @staticmethod
    def resolve_credit(root: Any, _info: Any) -> Money:
        return _money(root.breakdown, root.breakdown.credit + root.breakdown.gift_card)

    @staticmethod
    def resolve_bonus(root: Any, _info: Any) -> Money:
        return _money(root.breakdown, root.breakdown.bonus)

    @staticmethod
    def resolve_exchange(root: Any, _info: Any) -> Money:
        return _money(root.breakdown, root.breakdown.exchange)


class SettlementPreviewType(_BreakdownSum, graphene.ObjectType):
    """What settling a return would be, computed by the server from Saleor's figures now; it is then done exactly so."""

    class Meta:
        name = "SettlementPreview"

    gift_card = graphene.Field(
        MoneyType, required=True, description="Of the credit: what a gift card had paid, on a new one."
    )
    difference = graphene.Field(
        MoneyType,
        required=True,
        description="What the customer pays on top for dearer goods; negative: what cheaper ones leave over.",
    )
    available = graphene.Field(
        MoneyType, required=True, description="The most that may still be given back on the order."
    )
    refunded = graphene.Field(MoneyType, required=True, description="Refunded on the whole order so far, by whomever.")
    parts = graphene.List(graphene.NonNull(RefundPart), required=True, description="The refunds that it takes.")
    notices = graphene.List(
        graphene.NonNull(SettlementNotice), required=True, description="What to know first; what blocks comes first."
    )
    possible = graphene.Boolean(required=True, description="Nothing stands in the way.")
    crosses_border = graphene.Boolean(
        required=True, description="The goods cross a customs border: import charges may be given back with them."
    )
    exchange_canceled = graphene.Boolean(
        required=True,
        description="Goods were promised in exchange and are not sent: `options.instead` says what is given for them.",
    )
    fingerprint = graphene.String(required=True, description="Of all of it; give it to returnSettle.")

    @staticmethod
    def resolve_gift_card(root: SettlementPreview, _info: Any) -> Money:
        return _money(root.breakdown, root.breakdown.gift_card)

    @staticmethod
    def resolve_difference(root: SettlementPreview, _info: Any) -> Money:
        return _money(root.breakdown, root.breakdown.difference)

    @staticmethod
    def resolve_parts(root: SettlementPreview, _info: Any) -> list[ShownPart]:
        return [ShownPart(part, root.order_numbers.get(part.order or 0)) for part in root.plan.parts]


class ReturnRequestPreview(_BreakdownSum, graphene.ObjectType):
    """What a customer may expect if everything arrives as they say; the lines of the sum have no ids yet."""

    shipping_is_at_most = graphene.Boolean(
        required=True, description="Of the outbound shipping less may go back: what standard delivery would have cost."
    )

    handover_choices = graphene.List(
        graphene.NonNull(ParcelHandoverEnum),
        required=True,
        description="How the parcel may be handed in, for `returnRequestCreate`: what the label provider can do.",
    )

    @staticmethod
    def resolve_handover_choices(root: RequestPreview, info: graphene.ResolveInfo) -> list[str]:
        ctx: Context = info.context
        return list(ways_before(ctx.shop, payer=root.payer, provider=ctx.settings.label_provider))

    @staticmethod
    def resolve_items(root: RequestPreview, _info: Any) -> list[dict[str, Any]]:
        currency = root.breakdown.currency
        return [item_to_json(item, currency) | {"currency": currency, "line": None} for item in root.breakdown.items]


class StoreCreditType(graphene.ObjectType):
    """A gift card of the shop's Saleor, issued in place of money."""

    class Meta:
        name = "StoreCredit"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    amount = graphene.Field(MoneyType, required=True, description="Bonus included.")
    bonus = graphene.Field(MoneyType, required=True, description="What the shop added.")
    restores = graphene.Boolean(required=True, description="What a gift card had paid of the order, on a new one.")
    state = graphene.Field(StoreCreditStateEnum, required=True, description="How far it is.")
    code = graphene.String(required=True, description="Its last characters; the whole is in the customer's letter.")
    expires_on = graphene.String(description="The last day, as YYYY-MM-DD; null: it does not expire.")
    gift_card_id = graphene.ID(description="Saleor's global id of the gift card; staff only.")
    failure = graphene.String(description="Why there is none; staff only.")
    issued_at = graphene.Field(DateTimeType, description="Since when it can be used.")
    actions = graphene.List(
        graphene.NonNull(graphene.String), required=True, description="What may be done now: reveal, or nothing."
    )

    @staticmethod
    def resolve_id(root: StoreCredit, _info: Any) -> str:
        return to_global_id("StoreCredit", root.pk)

    @staticmethod
    def resolve_amount(root: StoreCredit, _info: Any) -> Money:
        return root.money

    @staticmethod
    def resolve_bonus(root: StoreCredit, _info: Any) -> Money:
        return root.bonus_money

    @staticmethod
    def resolve_code(root: StoreCredit, _info: Any) -> str:
        return root.masked

    @staticmethod
    def resolve_expires_on(root: StoreCredit, _info: Any) -> str | None:
        return root.expires_on.isoformat() if root.expires_on else None

    @staticmethod
    def resolve_gift_card_id(root: StoreCredit, info: graphene.ResolveInfo) -> str | None:
        return (root.gift_card_id or None) if info.context.is_staff else None

    @staticmethod
    def resolve_failure(root: StoreCredit, info: graphene.ResolveInfo) -> str | None:
        return (root.failure or None) if info.context.is_staff else None

    @staticmethod
    def resolve_actions(root: StoreCredit, info: graphene.ResolveInfo) -> list[str]:
        return ["reveal"] if root.state == StoreCreditState.ISSUED and may_pay(info.context) else []
