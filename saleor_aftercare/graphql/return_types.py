"""The return as a type: who may see what of it, and what may be done with it."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from types import SimpleNamespace
from typing import Any

import graphene
from django.db.models import Q
from django.utils.translation import gettext as _

from saleor_aftercare.compensation.models import Refund, SettlementState
from saleor_aftercare.connection.models import Order
from saleor_aftercare.core import links
from saleor_aftercare.core.errors import NotFound
from saleor_aftercare.core.ids import own_pk, to_global_id
from saleor_aftercare.core.models import Event
from saleor_aftercare.inbox.models import CaseKind
from saleor_aftercare.parcels.models import Parcel, ParcelState
from saleor_aftercare.policies.bases import duties
from saleor_aftercare.policies.models import ReturnPolicy
from saleor_aftercare.policies.rules import reason_text
from saleor_aftercare.replacements.models import Replacement
from saleor_aftercare.returns import queries
from saleor_aftercare.returns.actions import can_settle
from saleor_aftercare.returns.models import Return, ReturnLine, ReturnState
from saleor_aftercare.returns.signals import signals_of
from saleor_aftercare.returns.warnings import Mismatch

from . import words
from .compensation import RefundType, may_pay
from .core.context import Context
from .core.loaders import bulk, group_by, related, row_of
from .core.scalars import DateTimeType, Node
from .orders import OrderType, VerdictEnum, order_of
from .parcels import ParcelHandoverEnum, ParcelType, parcels_of_return
from .policy_types import LegalBasisEnum, ReturnShippingPayerEnum
from .replacements import ReplacementType, replacements_of_return
from .return_enums import ReturnHitchEnum, ReturnStateEnum
from .return_lines import ReturnLabelType, ReturnLineType, TimelineEntry
from .return_signals import ReturnSignals, ReturnWarning, warnings_of_return
from .settlements import SettlementFields, credits_of_return, is_owed_instead, settlements_of_return
from .threads import ticket_of_case

#: What the API calls the moves of the workflow, and who may make them.
STAFF_ACTIONS: Mapping[str, str] = {
    "approve": "approve",
    "decline": "decline",
    "ask": "ask",
    "receive": "receive",
    "cancel": "cancel",
    "renew": "renew",
    "ship": "mark_sent",
    "arrive": "mark_arrived",
    "lose": "mark_lost",
    "keep": "keep_items",
    "resolve": "close",
}
CUSTOMER_ACTIONS: Mapping[str, str] = {"cancel": "cancel", "answer": "answer"}


@bulk(Return, list[Refund])
def refunds_of_return(ctx: Context, pks: Collection[int]) -> Mapping[int, list[Refund]]:
    """Each return's refunds, newest first."""
    rows = list(Refund.objects.filter(shop=ctx.shop, subject="return", subject_id__in=pks).order_by("-pk"))
    ctx.meet(rows)
    return group_by(rows, lambda row: row.subject_id)


@bulk(Return, list[Event])
def events_of_return(ctx: Context, pks: Collection[int]) -> Mapping[int, list[Event]]:
    """What happened to each return, to its settlements, refunds, store credits and replacements, oldest first."""
    owners = {
        "return": {pk: pk for pk in pks},
        "refund": {refund.pk: pk for pk in pks for refund in refunds_of_return(ctx, pk)},
        "settlement": {one.pk: pk for pk in pks for one in settlements_of_return(ctx, pk)},
        "store_credit": {one.pk: pk for pk in pks for one in credits_of_return(ctx, pk)},
        "replacement": {one.pk: pk for pk in pks for one in replacements_of_return(ctx, pk)},
    }
    about = Q()
    for subject, keys in owners.items():
        if keys:
            about |= Q(subject=subject, subject_id__in=keys)
    rows = list(Event.objects.filter(about, shop=ctx.shop).order_by("pk"))
    return group_by(rows, lambda row: owners[row.subject][row.subject_id])


def find_return(ctx: Context, id: str, *, field: str = "id") -> Return:
    """The return of this id that the asking person may see; raises NotFound otherwise."""
    return return_seen(ctx, Q(pk=own_pk("Return", id, field=field)), field)


def mine(ctx: Context) -> Q:
    """The returns that the asking person may see: a gift's recipient asked without the payer knowing."""
    allowed = ctx.mine("order__")
    return allowed if ctx.is_staff else allowed & Q(gift_recipient_email="")


def return_seen(ctx: Context, which: Q, field: str) -> Return:
    """The one return of ``which`` that the asking person may see; raises NotFound."""
    ret = Return.objects.filter(mine(ctx), which).select_related("order", "policy").first()
    if ret is None:
        raise NotFound(_("There is no such return."), field)
    ret.order.shop = ret.shop = ctx.shop
    ctx.meet([ret.order, ret])
    return ret


def _or_null(name: str) -> Any:
    """A resolver: empty columns are null in the API."""
    return staticmethod(lambda root, _info: getattr(root, name) or None)


def _for_staff(name: str) -> Any:
    """A resolver of a column that staff alone see."""
    return staticmethod(lambda root, info: (getattr(root, name) or None) if info.context.is_staff else None)


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
    source = graphene.String(required=True, description="portal, api, staff, withdrawal or warehouse.")
    order = graphene.Field(OrderType, required=True, description="The order that the goods are of.")
    lines = graphene.List(graphene.NonNull(ReturnLineType), required=True, description="What comes back.")
    replacements = graphene.List(
        graphene.NonNull(ReplacementType), required=True, description="What goes out in exchange, oldest first."
    )
    note = graphene.String(required=True, description="The customer's own words, or empty.")
    legal_basis = graphene.Field(LegalBasisEnum, required=True, description="What it rests on as a whole.")
    legal_basis_text = graphene.String(required=True, description="What follows from that, in plain words.")
    policy_version = graphene.Int(required=True, description="The version of the rules that the customer saw.")
    verdict = graphene.Field(VerdictEnum, required=True, description="What the rules said when it was asked for.")
    policy_messages = graphene.List(
        graphene.NonNull(graphene.String),
        required=True,
        description="Why the rules said so, in the asking person's language.",
    )
    who_pays_return_shipping = graphene.Field(ReturnShippingPayerEnum, required=True, description="For the way back.")
    question = graphene.String(description="What the shop wants to know before it decides; null for nothing.")
    answer = graphene.String(description="The customer's newest answer to a question; null for none.")
    decline_reason = graphene.String(description="Why it, or a part of it, was declined; null when nothing was.")
    override_reason = graphene.String(description="Why staff went beyond the rules. Staff only.")
    overridden_by = graphene.String(description="Who did. Staff only.")
    closing_note = graphene.String(description="Why it was closed without giving anything. Staff only.")
    hitch = graphene.Field(
        ReturnHitchEnum, description="Why it does not go on: the goods wait for a new label. Null while it does."
    )
    handover = graphene.Field(
        ParcelHandoverEnum, required=True, description="How the parcel would be handed in, as it was asked for."
    )
    expires_on = graphene.Date(description="The last day, inclusive, to send the parcel.")
    sent_at = graphene.Field(DateTimeType, description="When the parcel was handed over.")
    arrived_at = graphene.Field(DateTimeType, description="When it arrived at the warehouse.")
    received_at = graphene.Field(DateTimeType, description="When it was opened, or nothing was to be waited for.")
    refund_due_on = graphene.Date(description="The last day, inclusive, that the law leaves for the money.")
    advance_exchange = graphene.Boolean(required=True, description="The replacement is sent before the goods are back.")
    advance_due_on = graphene.Date(description="By then the goods must be on their way in an advance exchange.")
    is_gift = graphene.Boolean(required=True, description="The recipient of a gift asked; the payer is told nothing.")
    gift_recipient_name = graphene.String(description="Who that is. Staff only.")
    gift_recipient_email = graphene.String(description="Where letters go then. Staff only.")
    sendback_payer = graphene.Field(
        ReturnShippingPayerEnum, description="Who pays for sending back what was not accepted; null for nothing."
    )
    sendback_stored_until = graphene.Date(description="The last day, inclusive, that it is kept for the customer.")
    sendback_tracking_number = graphene.String(description="Of the parcel to the customer.")
    parcels = graphene.List(graphene.NonNull(ParcelType), required=True, description="In the order of their making.")
    label = graphene.Field(ReturnLabelType, description="Of the first parcel that can be sent; null until then.")
    recorded_in_saleor = graphene.Boolean(required=True, description="Recorded in Saleor as returned goods.")
    refund = graphene.Field(RefundType, description="The newest refund of it.")
    warnings = graphene.List(
        graphene.NonNull(ReturnWarning), required=True, description="What does not fit. Staff only; empty for others."
    )
    signals = graphene.Field(
        ReturnSignals, description="History of person and address (staff only). Select it for one return, not in lists."
    )
    ticket = graphene.Field("saleor_aftercare.graphql.inbox.TicketType", description="The conversation about it.")
    status_url = graphene.String(description="The customer's page about it; opens without signing in.")
    timeline = graphene.List(graphene.NonNull(TimelineEntry), required=True, description="What happened, oldest first.")
    actions = graphene.List(
        graphene.NonNull(graphene.String),
        required=True,
        description="approve, decline, ask, override, receive, settle, cancel, renew, mark_sent, mark_arrived, "
        "mark_lost, keep_items, change_resolution, close, answer, add_photos: what the asking person may do now.",
    )

    resolve_question = _or_null("question")
    resolve_hitch = _or_null("hitch")
    resolve_answer = _or_null("answer")
    resolve_decline_reason = _or_null("decline_reason")
    resolve_sendback_payer = _or_null("sendback_payer")
    resolve_override_reason = _for_staff("override_reason")
    resolve_overridden_by = _for_staff("overridden_by")
    resolve_closing_note = _for_staff("closing_note")
    resolve_gift_recipient_name = _for_staff("gift_recipient_name")
    resolve_gift_recipient_email = _for_staff("gift_recipient_email")

    @staticmethod
    def resolve_id(root: Return, _info: Any) -> str:
        return to_global_id("Return", root.pk)

    @staticmethod
    def resolve_order(root: Return, info: graphene.ResolveInfo) -> Order:
        return order_of(info.context, root.order_id)

    @staticmethod
    def resolve_replacements(root: Return, info: graphene.ResolveInfo) -> list[Replacement]:
        return replacements_of_return(info.context, root.pk)

    @staticmethod
    def resolve_lines(root: Return, info: graphene.ResolveInfo) -> list[ReturnLine]:
        return related(info.context, root, "lines")

    @staticmethod
    def resolve_legal_basis_text(root: Return, _info: Any) -> str:
        return duties(root.legal_basis).words()

    @staticmethod
    def resolve_policy_version(root: Return, info: graphene.ResolveInfo) -> int:
        policy = row_of(info.context, ReturnPolicy, root.policy_id)
        return policy.version if policy is not None else root.policy.version

    @staticmethod
    def resolve_policy_messages(root: Return, _info: Any) -> list[str]:
        return [reason_text(code) for code in root.verdict_reasons]

    @staticmethod
    def resolve_who_pays_return_shipping(root: Return, _info: Any) -> str:
        return root.payer or "customer"

    @staticmethod
    def resolve_sendback_tracking_number(root: Return, _info: Any) -> str | None:
        return root.sendback_tracking or None

    @staticmethod
    def resolve_parcels(root: Return, info: graphene.ResolveInfo) -> list[Parcel]:
        info.context.meet([root])
        return parcels_of_return(info.context, root.pk)

    @staticmethod
    def resolve_label(root: Return, info: graphene.ResolveInfo) -> Parcel | None:
        info.context.meet([root])
        parcels = parcels_of_return(info.context, root.pk)
        return next((one for one in parcels if one.state == ParcelState.READY and (one.a6 or one.a4)), None)

    @staticmethod
    def resolve_recorded_in_saleor(root: Return, _info: Any) -> bool:
        return root.recorded_at is not None

    @staticmethod
    def resolve_refund(root: Return, info: graphene.ResolveInfo) -> Refund | None:
        return next(iter(refunds_of_return(info.context, root.pk)), None)

    @staticmethod
    def resolve_warnings(root: Return, info: graphene.ResolveInfo) -> list[Mismatch]:
        ctx: Context = info.context
        ctx.meet([root])
        return warnings_of_return(ctx, root.pk) if ctx.is_staff else []

    @staticmethod
    def resolve_signals(root: Return, info: graphene.ResolveInfo) -> Any:
        ctx: Context = info.context
        if not ctx.is_staff:
            return None
        root.order = order_of(ctx, root.order_id)
        found = signals_of(root, at=ctx.at)
        fields = {one.name: getattr(found, one.name) for one in dataclasses.fields(found)}
        return SimpleNamespace(**fields, history_counts=duties(root.legal_basis).history_counts)

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
        return actions_of(info.context, root)


def actions_of(ctx: Context, ret: Return) -> list[str]:
    """What the asking person may do with a return now, by the workflow and what stands beside it."""
    table = STAFF_ACTIONS if ctx.is_staff else CUSTOMER_ACTIONS
    possible = [table[one] for one in ret.actions if one in table]
    if ret.state not in {ReturnState.DECLINED, ReturnState.CANCELED, ReturnState.RESOLVED}:
        possible.append("add_photos")
    if not ctx.is_staff:
        return possible
    if "decline" in possible and not duties(ret.legal_basis).needs_approval:
        possible.remove("decline")
    if ret.state in {ReturnState.REQUESTED, ReturnState.MORE_INFO, ReturnState.APPROVED}:
        possible.append("override")
    if ret.state not in {ReturnState.DECLINED, ReturnState.CANCELED, ReturnState.RESOLVED}:
        possible.append("change_resolution")
    owed = {ret.pk} if ret.state == ReturnState.RESOLVED and may_pay(ctx) and is_owed_instead(ctx, ret.pk) else set()
    if can_settle(ret, owed=owed) and may_pay(ctx):
        under_way = [one for one in settlements_of_return(ctx, ret.pk) if one.state == SettlementState.RUNNING]
        possible += [] if under_way else ["settle"]
    return possible
