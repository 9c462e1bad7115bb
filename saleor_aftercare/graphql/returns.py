"""Returns: reading them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import graphene
from django.db.models import Q
from django.utils.translation import gettext as _

from saleor_aftercare.compensation.models import Refund, SettlementState
from saleor_aftercare.connection.models import Order, OrderLine
from saleor_aftercare.core import files, links
from saleor_aftercare.core.errors import InvalidInput, NotFound
from saleor_aftercare.core.ids import own_pk, to_global_id
from saleor_aftercare.core.models import ActorKind, Event, StoredFile
from saleor_aftercare.core.money import Money
from saleor_aftercare.inbox.models import CaseKind
from saleor_aftercare.policies.models import ReturnPolicy
from saleor_aftercare.policies.rules import reason_text
from saleor_aftercare.returns import queries
from saleor_aftercare.returns.actions import can_settle
from saleor_aftercare.returns.models import Return, ReturnLabel, ReturnLine, ReturnReason, ReturnState

from . import words
from .compensation import RefundType, may_pay
from .core.context import Context
from .core.loaders import bulk, group_by, nothing, related, row_of
from .core.paging import Page, connection_of, newest_first
from .core.scalars import DateTimeType, MoneyType, Node, enum_from, value_of
from .files import FileType
from .orders import OrderLineType, OrderType, VerdictEnum, order_of
from .policy_types import ReturnShippingPayerEnum
from .settlements import SettlementFields, credits_of_return, settlements_of_return
from .threads import ticket_of_case

ReturnStateEnum = enum_from(
    ReturnState,
    {
        "REQUESTED": "The customer asked; nobody has decided.",
        "MORE_INFO": "Staff asked something back; the customer's turn.",
        "EXPIRED": "No parcel came in time.",
        "IN_TRANSIT": "The parcel was handed to a carrier.",
        "LOST": "The carrier does not have the parcel any more.",
        "ARRIVED": "The parcel is at the warehouse, unopened.",
        "APPROVED": "The shop wants the goods; the label is ready or being made.",
        "DECLINED": "Staff said no, with the reason.",
        "RECEIVED": "Opened, counted and judged, or the customer keeps the goods: money can be put right.",
        "RESOLVED": "The refund is settled, or there was nothing to give back.",
        "CANCELED": "The customer keeps the goods.",
    },
    "How far a return is.",
)
ReturnReasonEnum = enum_from(
    ReturnReason,
    {
        "DEFECTIVE": "It does not work.",
        "WRONG_ITEM": "Another item arrived.",
        "NOT_AS_DESCRIBED": "It differs from its description.",
        "TOO_SMALL": "It is too small.",
        "TOO_LARGE": "It is too large.",
        "DAMAGED_IN_TRANSIT": "It arrived damaged.",
        "CHANGED_MIND": "The customer does not want it any more.",
        "OTHER": "Another reason; the note says which.",
    },
    "Why a customer sends something back.",
)


# -- what belongs to returns, in bulk --------------------------------------------------------------------------


@bulk(Return, nothing)
def label_of_return(ctx: Context, pks: Collection[int]) -> Mapping[int, ReturnLabel | None]:
    """Each return's label with its two files."""
    rows = ReturnLabel.objects.filter(ret_id__in=pks).select_related("a6", "a4")
    return {row.ret_id: row for row in rows}


@bulk(Return, list[Refund])
def refunds_of_return(ctx: Context, pks: Collection[int]) -> Mapping[int, list[Refund]]:
    """Each return's refunds, newest first."""
    rows = list(Refund.objects.filter(shop=ctx.shop, subject="return", subject_id__in=pks).order_by("-pk"))
    ctx.meet(rows)
    return group_by(rows, lambda row: row.subject_id)


@bulk(Return, dict[int, Money])
def amounts_of_return(ctx: Context, pks: Collection[int]) -> Mapping[int, dict[int, Money]]:
    """What the units of each return cost, by the key of the return's line."""
    rows = [ctx.rows[Return][pk] for pk in pks]
    for row in rows:
        row.order = order_of(ctx, row.order_id)
        related(ctx, row, "lines")
        related(ctx, row.order, "lines")
    return queries.amounts_of(rows)


@bulk(Return, list[Event])
def events_of_return(ctx: Context, pks: Collection[int]) -> Mapping[int, list[Event]]:
    """What happened to each return, to its settlements, refunds and store credits, oldest first."""
    owners = {
        "return": {pk: pk for pk in pks},
        "refund": {refund.pk: pk for pk in pks for refund in refunds_of_return(ctx, pk)},
        "settlement": {one.pk: pk for pk in pks for one in settlements_of_return(ctx, pk)},
        "store_credit": {one.pk: pk for pk in pks for one in credits_of_return(ctx, pk)},
    }
    about = Q()
    for subject, owner in owners.items():
        if owner:
            about |= Q(subject=subject, subject_id__in=owner)
    rows = list(Event.objects.filter(about, shop=ctx.shop).order_by("pk"))
    return group_by(rows, lambda row: owners[row.subject][row.subject_id])


def find_return(ctx: Context, id: str, *, field: str = "id") -> Return:
    """The return of this id that the asking person may see; raises NotFound otherwise."""
    return _seen(ctx, Q(pk=own_pk("Return", id, field=field)), field)


def _seen(ctx: Context, which: Q, field: str) -> Return:
    ret = Return.objects.filter(ctx.mine("order__"), which).select_related("order", "policy").first()
    if ret is None:
        raise NotFound(_("There is no such return."), field)
    ret.order.shop = ret.shop = ctx.shop
    ctx.meet([ret.order, ret])
    return ret


# -- types -----------------------------------------------------------------------------------------------------


class ReturnLineType(graphene.ObjectType):
    """Units of one order line on their way back."""

    class Meta:
        name = "ReturnLine"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    order_line = graphene.Field(OrderLineType, required=True, description="What was bought.")
    quantity = graphene.Int(required=True, description="Units asked back.")
    quantity_received = graphene.Int(description="Units that arrived; null until the parcel was opened.")
    reason = graphene.Field(ReturnReasonEnum, required=True, description="Why.")
    note = graphene.String(required=True, description="The customer's own words, or empty.")
    photos = graphene.List(graphene.NonNull(FileType), required=True, description="The customer's photos.")
    amount = graphene.Field(MoneyType, required=True, description="Price paid for these units after all discounts.")

    @staticmethod
    def resolve_id(root: ReturnLine, _info: Any) -> str:
        return to_global_id("ReturnLine", root.pk)

    @staticmethod
    def resolve_order_line(root: ReturnLine, info: graphene.ResolveInfo) -> OrderLine | None:
        return row_of(info.context, OrderLine, root.order_line_id)

    @staticmethod
    def resolve_photos(root: ReturnLine, info: graphene.ResolveInfo) -> list[StoredFile]:
        return related(info.context, root, "photos")

    @staticmethod
    def resolve_amount(root: ReturnLine, info: graphene.ResolveInfo) -> Money:
        return amounts_of_return(info.context, root.ret_id)[root.pk]


class ReturnLabelType(graphene.ObjectType):
    """The label to stick on the parcel."""

    class Meta:
        name = "ReturnLabel"

    number = graphene.String(required=True, description="The return's number, as printed and in the codes.")
    carrier = graphene.String(required=True, description="Who carries it, or how.")
    tracking_number = graphene.String(description="The carrier's number, where there is one.")
    a6_url = graphene.String(
        required=True, name="a6Url", description="PDF for label paper; absolute, signed, for 15 minutes."
    )
    a4_url = graphene.String(
        required=True, name="a4Url", description="PDF for office paper; absolute, signed, for 15 minutes."
    )
    created_at = graphene.Field(DateTimeType, required=True, description="When it was made.")

    @staticmethod
    def resolve_number(root: ReturnLabel, info: graphene.ResolveInfo) -> str:
        ret = row_of(info.context, Return, root.ret_id)
        return ret.number if ret is not None else ""

    @staticmethod
    def resolve_tracking_number(root: ReturnLabel, _info: Any) -> str | None:
        return root.tracking_number or None

    @staticmethod
    def resolve_a6_url(root: ReturnLabel, _info: Any) -> str:
        return files.signed_url(root.a6)

    @staticmethod
    def resolve_a4_url(root: ReturnLabel, _info: Any) -> str:
        return files.signed_url(root.a4)


class TimelineEntry(graphene.ObjectType):
    """Something that happened to a case."""

    at = graphene.Field(DateTimeType, required=True, description="When.")
    event = graphene.String(required=True, description="Machine name, such as return.approved.")
    text = graphene.String(required=True, description="The same as a sentence in the asking person's language.")
    actor = graphene.String(description="Who of the staff did it; null for customers and ourselves. Staff only.")

    @staticmethod
    def resolve_event(root: Event, _info: Any) -> str:
        return root.kind

    @staticmethod
    def resolve_text(root: Event, _info: Any) -> str:
        return words.sentence(root.kind, root.data)

    @staticmethod
    def resolve_actor(root: Event, info: graphene.ResolveInfo) -> str | None:
        named = info.context.is_staff and root.actor_kind == ActorKind.STAFF
        return (root.actor_name or None) if named else None


class ReturnType(SettlementFields, graphene.ObjectType):
    """Goods of one order on their way back, from request to resolution."""

    class Meta:
        name = "Return"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    number = graphene.String(required=True, description="The number that people use, such as RMA-1001.")
    state = graphene.Field(ReturnStateEnum, required=True, description="How far it is.")
    state_since = graphene.Field(DateTimeType, required=True, description="Since when.")
    requested_at = graphene.Field(DateTimeType, required=True, description="When it was asked for.")
    order = graphene.Field(OrderType, required=True, description="The order that the goods are of.")
    lines = graphene.List(graphene.NonNull(ReturnLineType), required=True, description="What comes back.")
    note = graphene.String(required=True, description="The customer's own words, or empty.")
    verdict = graphene.Field(VerdictEnum, required=True, description="What the rules said when it was asked for.")
    policy_messages = graphene.List(
        graphene.NonNull(graphene.String),
        required=True,
        description="Why the rules said so, in the asking person's language.",
    )
    who_pays_return_shipping = graphene.Field(
        ReturnShippingPayerEnum, required=True, description="By the rules that the customer saw."
    )
    decline_reason = graphene.String(description="What the customer was told; null unless declined.")
    label = graphene.Field(ReturnLabelType, description="Null until it was made.")
    recorded_in_saleor = graphene.Boolean(required=True, description="Recorded in Saleor as returned goods.")
    refund = graphene.Field(RefundType, description="The newest refund of it.")
    ticket = graphene.Field("saleor_aftercare.graphql.inbox.TicketType", description="The conversation about it.")
    status_url = graphene.String(description="The customer's page about it; opens without signing in.")
    timeline = graphene.List(graphene.NonNull(TimelineEntry), required=True, description="What happened, oldest first.")
    actions = graphene.List(
        graphene.NonNull(graphene.String),
        required=True,
        description="approve, decline, receive, settle, cancel: what the asking person may do now.",
    )

    @staticmethod
    def resolve_id(root: Return, _info: Any) -> str:
        return to_global_id("Return", root.pk)

    @staticmethod
    def resolve_order(root: Return, info: graphene.ResolveInfo) -> Order:
        return order_of(info.context, root.order_id)

    @staticmethod
    def resolve_lines(root: Return, info: graphene.ResolveInfo) -> list[ReturnLine]:
        return related(info.context, root, "lines")

    @staticmethod
    def resolve_policy_messages(root: Return, _info: Any) -> list[str]:
        return [reason_text(code) for code in root.verdict_reasons]

    @staticmethod
    def resolve_who_pays_return_shipping(root: Return, info: graphene.ResolveInfo) -> str:
        rules = row_of(info.context, ReturnPolicy, root.policy_id)
        return rules.who_pays if rules is not None else root.policy.who_pays

    @staticmethod
    def resolve_decline_reason(root: Return, _info: Any) -> str | None:
        return root.decline_reason or None

    @staticmethod
    def resolve_label(root: Return, info: graphene.ResolveInfo) -> ReturnLabel | None:
        info.context.meet([root])
        label: ReturnLabel | None = label_of_return(info.context, root.pk)
        return label

    @staticmethod
    def resolve_recorded_in_saleor(root: Return, _info: Any) -> bool:
        return root.recorded_at is not None

    @staticmethod
    def resolve_refund(root: Return, info: graphene.ResolveInfo) -> Refund | None:
        return next(iter(refunds_of_return(info.context, root.pk)), None)

    @staticmethod
    def resolve_ticket(root: Return, info: graphene.ResolveInfo) -> Any:
        return ticket_of_case(info.context, CaseKind.RETURN, Return, root.pk)

    @staticmethod
    def resolve_status_url(root: Return, info: graphene.ResolveInfo) -> str:
        return links.return_status(info.context.shop, root.number, queries.status_token(root))

    @staticmethod
    def resolve_timeline(root: Return, info: graphene.ResolveInfo) -> list[Event]:
        ctx: Context = info.context
        events = events_of_return(ctx, root.pk)
        return events if ctx.is_staff else [one for one in events if one.kind in words.PUBLIC]

    @staticmethod
    def resolve_actions(root: Return, info: graphene.ResolveInfo) -> list[str]:
        ctx: Context = info.context
        possible = [one for one in root.actions if one in {"approve", "decline", "receive", "cancel"}]
        if not ctx.is_staff:
            return [one for one in possible if one == "cancel"]
        if can_settle(root) and may_pay(ctx):
            under_way = [one for one in settlements_of_return(ctx, root.pk) if one.state == SettlementState.RUNNING]
            possible += [] if under_way else ["settle"]
        return possible


ReturnConnection = connection_of(ReturnType, "Return")


class ReturnQueries(graphene.ObjectType):
    """Reading returns."""

    return_ = graphene.Field(
        ReturnType,
        name="return",
        id=graphene.ID(description="By global id,"),
        number=graphene.String(description="or by number."),
        description="The return being discussed; staff any of the shop, customers and guests their own.",
    )
    returns = graphene.Field(
        ReturnConnection,
        state=graphene.List(graphene.NonNull(ReturnStateEnum), description="In any of these states."),
        search=graphene.String(description="A return's or order's number, or the order's e-mail, exactly."),
        first=graphene.Int(description="Rows of a page, 1 to 100; 50 when not said."),
        after=graphene.String(description="The `endCursor` of the page before."),
        required=True,
        description="Returns, newest first; customers and guests see their own.",
    )

    @staticmethod
    def resolve_return_(
        _root: None,
        info: graphene.ResolveInfo,
        *,
        id: str | None = None,
        number: str | None = None,
    ) -> Return:
        ctx: Context = info.context
        if (id is None) == (number is None):
            raise InvalidInput(_("Give either the id or the number."), "id")
        if id is not None:
            return find_return(ctx, id)
        return _seen(ctx, Q(number=(number or "").strip().upper()), "number")

    @staticmethod
    def resolve_returns(
        _root: None,
        info: graphene.ResolveInfo,
        *,
        state: list[Any] | None = None,
        search: str | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> Page:
        ctx: Context = info.context
        rows = Return.objects.filter(ctx.mine("order__"))
        if state is not None:
            rows = rows.filter(state__in=value_of(state))
        if text := (search or "").strip():
            rows = rows.filter(
                Q(number=text.upper()) | Q(order__number=text.lstrip("#")) | Q(order__email=text.lower())
            )
        return newest_first(ctx, rows, first=first, after=after)
