"""Orders as Aftercare knows them: lines, parcels, and what of them may be returned."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import graphene
from django.utils.translation import gettext as _

from saleor_aftercare.connection import orders
from saleor_aftercare.connection.auth import Guest, Principal, Staff
from saleor_aftercare.connection.models import DeliverySource, Fulfillment, FulfillmentLine, Order, OrderLine
from saleor_aftercare.core import limits
from saleor_aftercare.core.decision import Verdict
from saleor_aftercare.core.errors import InvalidInput, NotFound, PermissionDenied
from saleor_aftercare.core.ids import from_global_id
from saleor_aftercare.core.money import Money, quantum
from saleor_aftercare.policies.rules import reason_text
from saleor_aftercare.returns import queries
from saleor_aftercare.returns.queries import LineEligibility

from .core.context import MANAGE_ORDERS, Context
from .core.loaders import bulk, related, row_of
from .core.mutations import AftercareMutation
from .core.paging import Page, connection_of, newest_first
from .core.scalars import DateTimeType, MoneyType, Node, enum_from
from .order_withdrawals import OrderWithdrawals

VerdictEnum = enum_from(
    Verdict,
    {
        "ACCEPT": "May be returned; nobody has to decide.",
        "ASK_STAFF": "May be asked for; the shop's staff decide.",
        "REFUSE": "Cannot be returned.",
    },
    "What the shop's rules say.",
)
DeliverySourceEnum = enum_from(
    DeliverySource,
    {
        "CARRIER": "The carrier reported it.",
        "CUSTOMER": "The customer said so.",
        "STAFF": "The shop's staff noted it.",
        "ESTIMATE": "Reckoned from the day of dispatch.",
    },
    "Who says that a parcel arrived.",
)


# -- what belongs to orders, in bulk ---------------------------------------------------------------------------


@bulk(Order, dict[int, LineEligibility])
def eligibility_of_order(ctx: Context, pks: Collection[int]) -> Mapping[int, dict[int, LineEligibility]]:
    """Per order, what the rules say of each of its lines, by the line's key."""
    found = queries.eligibilities([ctx.rows[Order][pk] for pk in pks], at=ctx.at)
    return {pk: {one.order_line.pk: one for one in lines} for pk, lines in found.items()}


def order_of(ctx: Context, pk: int) -> Order:
    """The order that a row of ours points to."""
    order = row_of(ctx, Order, pk)
    if order is None:
        raise NotFound(_("There is no such order."))
    return order


def find_order(ctx: Context, saleor_id: str, *, field: str = "id") -> Order:
    """The order of a Saleor id that the asking person may see, asking Saleor when it is new to us.

    Raises NotFound otherwise, be it another customer's, another shop's, or nobody's.
    """
    ctx.reader()
    missing = NotFound(_("There is no such order."), field)
    try:
        from_global_id("Order", saleor_id)
        order = _known_or_fetched(ctx, saleor_id)
    except (InvalidInput, NotFound):
        raise missing from None
    if not ctx.covers(order):
        raise missing
    ctx.meet([order])
    return order


def count_question(ctx: Context) -> None:
    """Nobody has so many orders that are new to us: more questions are guesses, and each costs Saleor one."""
    limits.hit("unknown-order", f"{ctx.shop.pk}:{_who(ctx.somebody)}", limit=30, per=timedelta(minutes=1))


def _known_or_fetched(ctx: Context, saleor_id: str) -> Order:
    try:
        return orders.get_order(ctx.shop, saleor_id)
    except NotFound:
        count_question(ctx)
        return orders.fetch_order(ctx.shop, saleor_id, at=ctx.at)


def _who(person: Principal) -> str:
    if isinstance(person, Guest):
        return f"order {person.order.pk}"
    return person.member.user_id if isinstance(person, Staff) else person.user_id


def find_line(order: Order, saleor_id: str, *, field: str) -> OrderLine:
    """A line of this order by Saleor's id; raises NotFound."""
    line = order.lines.filter(saleor_id=saleor_id).first()
    if line is None:
        raise NotFound(_("There is no such line in this order."), field)
    return line


# -- types -----------------------------------------------------------------------------------------------------


class EligibilityType(graphene.ObjectType):
    """Whether units of a line may be returned now, and why not."""

    class Meta:
        name = "Eligibility"

    verdict = graphene.Field(VerdictEnum, required=True, description="What the shop's rules say.")
    reasons = graphene.List(
        graphene.NonNull(graphene.String),
        required=True,
        description="Machine codes: window_passed, final_sale, nothing_left, not_shipped, gift_card, "
        "order_canceled, needs_review.",
    )
    messages = graphene.List(
        graphene.NonNull(graphene.String),
        required=True,
        description="The same in the asking person's language.",
    )
    returnable_until = graphene.Field(
        DateTimeType,
        description="Last moment (inclusive day, shop's time zone) at which it is accepted; "
        "null while nothing was delivered.",
    )

    @staticmethod
    def resolve_messages(root: LineEligibility, _info: Any) -> list[str]:
        return [reason_text(code) for code in root.reasons]

    @staticmethod
    def resolve_returnable_until(root: LineEligibility, info: graphene.ResolveInfo) -> datetime | None:
        if root.until is None:
            return None
        ctx: Context = info.context
        zone = ZoneInfo(ctx.settings.time_zone)
        midnight = datetime.combine(root.until + timedelta(days=1), time(), tzinfo=zone)
        return midnight.astimezone(UTC) - timedelta(seconds=1)


class OrderLineType(graphene.ObjectType):
    """A line of an order."""

    class Meta:
        name = "OrderLine"

    id = graphene.ID(required=True, description="Saleor's global id.")
    product_name = graphene.String(required=True, description="As it was called when it was bought.")
    variant_name = graphene.String(required=True, description="As it was called when it was bought.")
    sku = graphene.String(description="Stock keeping unit, where it has one.")
    quantity = graphene.Int(required=True, description="Units bought.")
    thumbnail_url = graphene.String(description="A small picture of the product.")
    product_id = graphene.ID(description="Saleor's global id; null when the product is gone.")
    variant_id = graphene.ID(description="Saleor's global id; null when the variant is gone.")
    unit_price = graphene.Field(
        MoneyType, required=True, description="What one unit cost after all discounts, rounded down."
    )
    returnable_quantity = graphene.Int(required=True, description="How many units may be asked back now.")
    eligibility = graphene.Field(
        EligibilityType, required=True, description="What the shop's rules say of a return now."
    )

    @staticmethod
    def resolve_id(root: OrderLine, _info: Any) -> str:
        return root.saleor_id

    @staticmethod
    def resolve_sku(root: OrderLine, _info: Any) -> str | None:
        return root.sku or None

    @staticmethod
    def resolve_thumbnail_url(root: OrderLine, _info: Any) -> str | None:
        return root.thumbnail_url or None

    @staticmethod
    def resolve_product_id(root: OrderLine, _info: Any) -> str | None:
        return root.product_id or None

    @staticmethod
    def resolve_variant_id(root: OrderLine, _info: Any) -> str | None:
        return root.variant_id or None

    @staticmethod
    def resolve_unit_price(root: OrderLine, info: graphene.ResolveInfo) -> Money:
        currency = order_of(info.context, root.order_id).currency
        unit = quantum(currency)
        each = root.total / max(root.quantity, 1)
        return Money(each // unit * unit, currency)

    @staticmethod
    def resolve_returnable_quantity(root: OrderLine, info: graphene.ResolveInfo) -> int:
        return _eligibility(info.context, root).returnable

    @staticmethod
    def resolve_eligibility(root: OrderLine, info: graphene.ResolveInfo) -> LineEligibility:
        return _eligibility(info.context, root)


def _eligibility(ctx: Context, line: OrderLine) -> LineEligibility:
    order_of(ctx, line.order_id)
    of_order: dict[int, LineEligibility] = eligibility_of_order(ctx, line.order_id)
    return of_order[line.pk]


class FulfillmentLineType(graphene.ObjectType):
    """Units of one order line in a parcel."""

    class Meta:
        name = "FulfillmentLine"

    order_line_id = graphene.ID(required=True, description="Saleor's global id of the order line.")
    quantity = graphene.Int(
        required=True, description="Units that were sent in it, those that came back since included."
    )

    @staticmethod
    def resolve_order_line_id(root: FulfillmentLine, info: graphene.ResolveInfo) -> str:
        line = row_of(info.context, OrderLine, root.order_line_id)
        return line.saleor_id if line is not None else ""

    @staticmethod
    def resolve_quantity(root: FulfillmentLine, _info: Any) -> int:
        return root.dispatched_quantity


class FulfillmentType(graphene.ObjectType):
    """A parcel."""

    class Meta:
        name = "Fulfillment"

    id = graphene.ID(required=True, description="Saleor's global id; Saleor may have deleted it since.")
    number = graphene.Int(required=True, description="Its number in the order, from 1.")
    status = graphene.String(required=True, description="Saleor's FulfillmentStatus.")
    tracking_number = graphene.String(required=True, description="The carrier's number, or empty.")
    shipped_at = graphene.Field(DateTimeType, required=True, description="When it was sent.")
    delivered_at = graphene.Field(
        DateTimeType, description="When it arrived, as far as anybody knows; null before dispatch."
    )
    delivered_source = graphene.Field(DeliverySourceEnum, description="Who says when it arrived.")
    delivered_confidence = graphene.Int(description="How far that is to be believed, in percent.")
    lines = graphene.List(graphene.NonNull(FulfillmentLineType), required=True, description="What was in it.")

    @staticmethod
    def resolve_id(root: Fulfillment, _info: Any) -> str:
        return root.saleor_id

    @staticmethod
    def resolve_delivered_source(root: Fulfillment, _info: Any) -> str | None:
        return root.delivered_source or None

    @staticmethod
    def resolve_lines(root: Fulfillment, info: graphene.ResolveInfo) -> list[FulfillmentLine]:
        return related(info.context, root, "lines")


class OrderType(OrderWithdrawals, graphene.ObjectType):
    """An order, as Aftercare knows it."""

    class Meta:
        name = "Order"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Saleor's global id.")
    number = graphene.String(required=True, description="The number that people use.")
    placed_at = graphene.Field(DateTimeType, required=True, description="When it was placed.")
    status = graphene.String(required=True, description="Saleor's OrderStatus.")
    currency = graphene.String(required=True, description="ISO 4217.")
    total = graphene.Field(MoneyType, required=True, description="All that was paid for it.")
    shipping_price = graphene.Field(MoneyType, required=True, description="The part of it for shipping.")
    customer_name = graphene.String(required=True, description="Who bought it.")
    customer_email = graphene.String(required=True, description="The address it was made with.")
    language = graphene.String(required=True, description="The customer's language, such as en or ja.")
    lines = graphene.List(
        graphene.NonNull(OrderLineType), required=True, description="What was bought, in the order's own order."
    )
    fulfillments = graphene.List(
        graphene.NonNull(FulfillmentType), required=True, description="Its parcels, by number."
    )
    returns = graphene.List(
        graphene.NonNull("saleor_aftercare.graphql.returns.ReturnType"),
        required=True,
        description="Its returns, newest first.",
    )

    @staticmethod
    def resolve_id(root: Order, _info: Any) -> str:
        return root.saleor_id

    @staticmethod
    def resolve_total(root: Order, _info: Any) -> Money:
        return root.money(root.total)

    @staticmethod
    def resolve_shipping_price(root: Order, _info: Any) -> Money:
        return root.money(root.shipping)

    @staticmethod
    def resolve_customer_email(root: Order, _info: Any) -> str:
        return root.email

    @staticmethod
    def resolve_lines(root: Order, info: graphene.ResolveInfo) -> list[OrderLine]:
        # A line that an edit took out of the order keeps its row, without units.
        return [line for line in related(info.context, root, "lines") if line.quantity]

    @staticmethod
    def resolve_fulfillments(root: Order, info: graphene.ResolveInfo) -> list[Fulfillment]:
        return related(info.context, root, "fulfillments")

    @staticmethod
    def resolve_returns(root: Order, info: graphene.ResolveInfo) -> list[Any]:
        return sorted(related(info.context, root, "returns"), key=lambda ret: -ret.pk)


OrderConnection = connection_of(OrderType, "Order")


class OrderQueries(graphene.ObjectType):
    """Reading orders."""

    order = graphene.Field(
        OrderType,
        id=graphene.ID(required=True, description="Saleor's global id of the order."),
        description="An order as Aftercare knows it, by Saleor's global id. Customers and guests see only their own.",
    )
    orders = graphene.Field(
        OrderConnection,
        first=graphene.Int(description="Rows of a page, 1 to 100; 50 when not said."),
        after=graphene.String(description="The `endCursor` of the page before."),
        required=True,
        description="The signed-in customer's orders, newest first.",
    )

    @staticmethod
    def resolve_order(_root: None, info: graphene.ResolveInfo, *, id: str) -> Order:
        return find_order(info.context, id)

    @staticmethod
    def resolve_orders(
        _root: None, info: graphene.ResolveInfo, *, first: int | None = None, after: str | None = None
    ) -> Page:
        ctx: Context = info.context
        if isinstance(ctx.somebody, Staff):
            raise PermissionDenied(_("This is for customers; staff ask customer(email:) { orders }."))
        rows = Order.objects.filter(ctx.mine()).exclude(status="DRAFT")
        return newest_first(ctx, rows, first=first, after=after, by="placed_at")


# -- mutations -------------------------------------------------------------------------------------------------


class DeliveryConfirm(AftercareMutation):
    """Note that a parcel arrived. Staff with MANAGE_ORDERS."""

    class Arguments:
        fulfillment_id = graphene.ID(required=True, description="Saleor's global id of the fulfilment.")
        at = graphene.Argument(DateTimeType, description="When it arrived; now when not said.")

    permissions = (MANAGE_ORDERS,)
    order = graphene.Field(OrderType, description="The order with the parcel.")

    @classmethod
    def perform(cls, ctx: Context, *, fulfillment_id: str, at: datetime | None = None) -> DeliveryConfirm:
        row = (
            Fulfillment.objects.select_related("order", "shop").filter(shop=ctx.shop, saleor_id=fulfillment_id).first()
        )
        if row is None:
            raise NotFound(_("There is no such parcel."), "fulfillmentId")
        orders.confirm_delivery(
            row, source=DeliverySource.STAFF, delivered_at=at or ctx.at, at=ctx.at, actor=ctx.somebody.actor
        )
        return cls(order=row.order)


class OrderMutations(graphene.ObjectType):
    """What staff note about orders."""

    delivery_confirm = DeliveryConfirm.Field()
