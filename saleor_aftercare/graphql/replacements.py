"""Exchanges: what may be had, what was promised, and what staff do about it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

import graphene
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import OrderLine
from saleor_aftercare.core.errors import Conflict, NotFound, PermissionDenied, Refused
from saleor_aftercare.core.ids import from_global_id, own_pk, to_global_id
from saleor_aftercare.core.money import Money
from saleor_aftercare.replacements import actions, queries
from saleor_aftercare.replacements.models import Purpose, Replacement, ReplacementState
from saleor_aftercare.replacements.queries import ExchangeOption
from saleor_aftercare.returns.models import Return

from .core.context import MANAGE_ORDERS, Context
from .core.loaders import bulk, group_by
from .core.mutations import AftercareMutation
from .core.scalars import DateTimeType, MoneyType, Node, enum_from

ReplacementStateEnum = enum_from(
    ReplacementState,
    {
        "PLANNED": "Promised; its order is made when the goods are back.",
        "PENDING": "To be ordered now.",
        "CREATING": "Saleor is being told, step by step.",
        "OUT_OF_STOCK": "Sold out: offer something else, or the money.",
        "AWAITING_PAYMENT": "Ordered; the customer owes the difference.",
        "PLACED": "Ordered, and nothing is due any more; the shop ships it.",
        "SHIPPED": "On its way to the customer.",
        "FAILED": "Saleor refused; there is no order.",
        "NEEDS_STAFF": "An order may stand unfinished in Saleor; a person looks.",
        "CANCELED": "Nothing is sent.",
    },
    "How far goods in exchange are.",
)
ReplacementPurposeEnum = enum_from(
    Purpose,
    {"EXCHANGE": "Goods in place of others.", "CHARGE": "Money for goods that never came back."},
    "What an order that we make is for.",
    "ReplacementPurpose",
)

#: What the API calls the moves that staff may make.
_ACTIONS = {"retry": "retry", "cancel": "cancel", "reoffer": "reoffer"}


@bulk(Return, list[Replacement])
def replacements_of_return(ctx: Context, pks: Collection[int]) -> Mapping[int, list[Replacement]]:
    """Each return's replacements, oldest first."""
    rows = list(Replacement.objects.filter(shop=ctx.shop, subject="return", subject_id__in=pks).order_by("pk"))
    ctx.meet(rows)
    return group_by(rows, lambda row: row.subject_id)


class ReplacementLine(graphene.ObjectType):
    """Units that go out."""

    variant_id = graphene.ID(required=True, description="Saleor's id of the variant.")
    name = graphene.String(required=True, description="Product and variant, as they were called then.")
    sku = graphene.String(required=True, description="The shop's own number of it, or empty.")
    quantity = graphene.Int(required=True, description="How many.")
    due = graphene.Field(MoneyType, required=True, description="What the customer pays for them on top, all together.")
    return_line_id = graphene.ID(description="The line of the return that they replace.")

    @staticmethod
    def resolve_variant_id(root: dict[str, Any], _info: Any) -> str:
        return str(root["variant_id"])

    @staticmethod
    def resolve_name(root: dict[str, Any], _info: Any) -> str:
        return str(root["name"])

    @staticmethod
    def resolve_sku(root: dict[str, Any], _info: Any) -> str:
        return str(root["sku"])

    @staticmethod
    def resolve_quantity(root: dict[str, Any], _info: Any) -> int:
        return int(root["quantity"])

    @staticmethod
    def resolve_due(root: dict[str, Any], _info: Any) -> Money:
        paid = sum((Decimal(price) * units for price, units in root["units"]), Decimal(0))
        return Money(paid, root["currency"]).rounded()

    @staticmethod
    def resolve_return_line_id(root: dict[str, Any], _info: Any) -> str | None:
        return to_global_id("ReturnLine", root["return_line"]) if root["return_line"] else None


class ReplacementPriceChange(graphene.ObjectType):
    """The shop asks something else by now; the customer keeps what was promised."""

    name = graphene.String(required=True, description="The goods.")
    promised = graphene.Field(MoneyType, required=True, description="What the shop asked for a unit then.")
    now = graphene.Field(MoneyType, required=True, description="What it asks now.")


class ReplacementType(graphene.ObjectType):
    """Goods that go out in place of others, as an order of their own in Saleor."""

    class Meta:
        name = "Replacement"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    state = graphene.Field(ReplacementStateEnum, required=True, description="How far it is.")
    state_since = graphene.Field(DateTimeType, required=True, description="Since when.")
    purpose = graphene.Field(ReplacementPurposeEnum, required=True, description="What it is for.")
    lines = graphene.List(graphene.NonNull(ReplacementLine), required=True, description="What is sent.")
    due = graphene.Field(MoneyType, required=True, description="What the customer pays on top; zero: nothing.")
    rest = graphene.Field(MoneyType, required=True, description="What of the old goods' value is left over.")
    advance = graphene.Boolean(required=True, description="Sent before the old goods are back.")
    back_by = graphene.String(description="The last day for the old goods to be on their way, ISO 8601.")
    is_overdue = graphene.Boolean(required=True, description="That day has passed, and they are not.")
    order_number = graphene.String(description="The number of its order in Saleor.")
    order_id = graphene.ID(description="Saleor's id of that order; staff only.")
    payment_url = graphene.String(description="Where the customer pays what is due.")
    failure = graphene.String(description="Why it failed, or needs a person; staff only.")
    price_changes = graphene.List(
        graphene.NonNull(ReplacementPriceChange), required=True, description="Since the promise; staff only."
    )
    created_at = graphene.Field(DateTimeType, required=True, description="When it was promised.")
    placed_at = graphene.Field(DateTimeType, description="When its order stood, with nothing due any more.")
    actions = graphene.List(
        graphene.NonNull(graphene.String), required=True, description="What staff may do now: reoffer, retry, …"
    )

    @staticmethod
    def resolve_id(root: Replacement, _info: Any) -> str:
        return to_global_id("Replacement", root.pk)

    @staticmethod
    def resolve_lines(root: Replacement, _info: Any) -> list[dict[str, Any]]:
        return [{**line, "currency": root.currency} for line in root.lines]

    @staticmethod
    def resolve_due(root: Replacement, _info: Any) -> Money:
        return root.due_money

    @staticmethod
    def resolve_rest(root: Replacement, _info: Any) -> Money:
        return root.rest_money

    @staticmethod
    def resolve_back_by(root: Replacement, _info: Any) -> str | None:
        return root.back_by.isoformat() if root.back_by else None

    @staticmethod
    def resolve_is_overdue(root: Replacement, _info: Any) -> bool:
        return root.overdue_at is not None

    @staticmethod
    def resolve_order_number(root: Replacement, _info: Any) -> str | None:
        return root.saleor_order_number or None

    @staticmethod
    def resolve_order_id(root: Replacement, info: graphene.ResolveInfo) -> str | None:
        return (root.saleor_order_id or None) if info.context.is_staff else None

    @staticmethod
    def resolve_payment_url(root: Replacement, _info: Any) -> str | None:
        return (root.payment_url or None) if root.state == ReplacementState.AWAITING_PAYMENT else None

    @staticmethod
    def resolve_failure(root: Replacement, info: graphene.ResolveInfo) -> str | None:
        return (root.failure or None) if info.context.is_staff else None

    @staticmethod
    def resolve_price_changes(root: Replacement, info: graphene.ResolveInfo) -> list[dict[str, Any]]:
        if not info.context.is_staff:
            return []
        return [
            {name: Money.read(change[name], root.currency) for name in ("promised", "now")} | {"name": change["name"]}
            for change in root.changes
        ]

    @staticmethod
    def resolve_actions(root: Replacement, info: graphene.ResolveInfo) -> list[str]:
        if not info.context.is_staff:
            return []
        allowed = [_ACTIONS[one] for one in root.actions if one in _ACTIONS]
        if root.state == ReplacementState.PLACED and root.due:
            allowed.remove("cancel")
        if root.overdue_at is not None and root.state in {ReplacementState.PLACED, ReplacementState.SHIPPED}:
            allowed.append("charge")
        return allowed


class ExchangeOptionType(graphene.ObjectType):
    """A variant that a unit can be exchanged for, now. Nothing is reserved by looking."""

    class Meta:
        name = "ExchangeOption"

    variant_id = graphene.ID(required=True, description="Saleor's id of the variant.")
    name = graphene.String(required=True, description="Product and variant, in the order's language.")
    sku = graphene.String(required=True, description="The shop's own number of it, or empty.")
    price = graphene.Field(MoneyType, required=True, description="What the shop asks for a unit today.")
    due = graphene.Field(MoneyType, required=True, description="What the customer pays on top for a unit.")
    rest = graphene.Field(MoneyType, required=True, description="What of a unit's value is left over.")
    in_stock = graphene.Boolean(required=True, description="Whether at least one can be sent to the order's address.")
    available = graphene.Int(description="How many, as far as Saleor tells; null: any number, or not for you to see.")
    is_same = graphene.Boolean(required=True, description="The same variant again.")
    is_same_product = graphene.Boolean(required=True, description="A variant of the same product.")

    @staticmethod
    def resolve_in_stock(root: ExchangeOption, _info: Any) -> bool:
        return root.available is None or root.available > 0

    @staticmethod
    def resolve_available(root: ExchangeOption, info: graphene.ResolveInfo) -> int | None:
        return root.available if info.context.is_staff else None

    @staticmethod
    def resolve_is_same(root: ExchangeOption, _info: Any) -> bool:
        return root.same

    @staticmethod
    def resolve_is_same_product(root: ExchangeOption, _info: Any) -> bool:
        return root.same_product


class ReplacementQueries(graphene.ObjectType):
    """What may be had in exchange."""

    exchange_options = graphene.List(
        graphene.NonNull(ExchangeOptionType),
        required=True,
        order_line_id=graphene.ID(required=True, description="Saleor's id of the order's line."),
        search=graphene.String(default_value="", description="Other products, by name or SKU; staff only."),
        description="What a unit can be exchanged for: the variants of its product, with what each costs on top.",
    )

    @staticmethod
    def resolve_exchange_options(
        _root: None, info: graphene.ResolveInfo, order_line_id: str, search: str = ""
    ) -> list[ExchangeOption]:
        ctx: Context = info.context
        line = _line(ctx, order_line_id)
        if search.strip() and not ctx.is_staff:
            raise PermissionDenied(_("Only the shop's staff may do this."), "search")
        return queries.options_for(line, search=search)


def _line(ctx: Context, saleor_id: str) -> OrderLine:
    """The order line of that id that the asking person may see; raises NotFound."""
    ctx.reader()
    line = OrderLine.objects.select_related("order").filter(order__shop=ctx.shop, saleor_id=saleor_id).first()
    if line is None or not ctx.covers(line.order):
        raise NotFound(_("There is no such line."), "orderLineId")
    line.order.shop = ctx.shop
    return line


# -- mutations -----------------------------------------------------------------------------------------------------


def _found(ctx: Context, id: str) -> Replacement:
    row = queries.get_replacement(ctx.shop, own_pk("Replacement", id))
    row.shop = ctx.shop
    return row


class ReplacementMutation(AftercareMutation):
    """What all of these have in common."""

    class Meta:
        abstract = True

    permissions = (MANAGE_ORDERS,)


class ExchangeLineInput(graphene.InputObjectType):
    """What is offered in place of a line's goods."""

    return_line_id = graphene.ID(required=True, description="The line of the return.")
    variant_id = graphene.ID(required=True, description="Saleor's id of the variant offered.")


class ReturnExchangeReoffer(ReplacementMutation):
    """Offer other goods in exchange: for what is sold out, or before anything was ordered.

    Lines that are not named stay as they are. Where the goods are back already, the order is made at once.
    """

    class Arguments:
        id = graphene.ID(required=True, description="The replacement.")
        lines = graphene.List(
            graphene.NonNull(ExchangeLineInput), required=True, description="What is offered instead."
        )

    replacement = graphene.Field(ReplacementType, description="The replacement.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, lines: list[Any]) -> ReturnExchangeReoffer:
        row = _found(ctx, id)
        chosen = {own_pk("ReturnLine", one.return_line_id, field="lines"): _variant(one.variant_id) for one in lines}
        quote = queries.quote_again(row, chosen)
        if not quote.in_stock:
            raise Refused(_("This is sold out too."), "lines")
        return cls(replacement=actions.reoffer(row, lines=quote.lines, at=ctx.at, actor=ctx.staff().actor))


def _variant(saleor_id: str) -> str:
    from_global_id("ProductVariant", saleor_id, field="lines")
    return saleor_id


class ReplacementRetry(ReplacementMutation):
    """Let a replacement that failed, or waits for a person, go on from what Saleor shows."""

    class Arguments:
        id = graphene.ID(required=True, description="The replacement.")

    replacement = graphene.Field(ReplacementType, description="The replacement.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> ReplacementRetry:
        return cls(replacement=actions.retry_replacement(_found(ctx, id), at=ctx.at, actor=ctx.staff().actor))


class ReplacementCancel(ReplacementMutation):
    """Send nothing after all; what stands in Saleor already is taken back there."""

    class Arguments:
        id = graphene.ID(required=True, description="The replacement.")

    replacement = graphene.Field(ReplacementType, description="The replacement.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> ReplacementCancel:
        return cls(replacement=actions.cancel_replacement(_found(ctx, id), at=ctx.at, actor=ctx.staff().actor))


class ReplacementCharge(ReplacementMutation):
    """Ask the customer to pay for goods that were replaced in advance and never came back.

    Makes an order over what they are worth, of the product that stands for charges in the settings.
    """

    class Arguments:
        id = graphene.ID(required=True, description="The replacement that was sent in advance.")

    replacement = graphene.Field(ReplacementType, description="The charge.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> ReplacementCharge:
        row = _found(ctx, id)
        if row.overdue_at is None:
            raise Conflict(_("The old goods are not overdue."), "id")
        line = queries.find_charge(row.order, ctx.settings.charge_sku, row.credit_money)
        return cls(replacement=actions.charge_for(row, line=line, at=ctx.at, actor=ctx.staff().actor))


class ReplacementMutations(graphene.ObjectType):
    """What staff do about exchanges."""

    return_exchange_reoffer = ReturnExchangeReoffer.Field()
    replacement_retry = ReplacementRetry.Field()
    replacement_cancel = ReplacementCancel.Field()
    replacement_charge = ReplacementCharge.Field()
