"""Declared withdrawals: reading them, and what a storefront needs to offer the function."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import graphene
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import Order, OrderLine
from saleor_aftercare.core import links
from saleor_aftercare.core.errors import InvalidInput, NotFound
from saleor_aftercare.core.ids import own_pk, to_global_id
from saleor_aftercare.core.models import Event, StoredFile
from saleor_aftercare.inbox.models import CaseKind
from saleor_aftercare.mail.models import OutboundMessage
from saleor_aftercare.policies import queries as policies
from saleor_aftercare.returns.models import Return
from saleor_aftercare.withdrawals import letters, notices, queries
from saleor_aftercare.withdrawals.models import Withdrawal, WithdrawalLine, WithdrawalState
from saleor_aftercare.withdrawals.queries import LineOffer, WithdrawalView
from saleor_aftercare.withdrawals.words import STATUTORY, labels_of, words_of

from .core.context import Context
from .core.loaders import bulk, group_by, nothing, related, row_of
from .core.paging import Page, connection_of, newest_first
from .core.scalars import DateTimeType, Node, value_of
from .files import FileType
from .orders import OrderType, order_of
from .return_lines import TimelineEntry
from .return_types import ReturnType
from .threads import ticket_of_case
from .withdrawal_types import (
    RefundDutyEnum,
    WithdrawalAcknowledgement,
    WithdrawalExceptionType,
    WithdrawalFlagEnum,
    WithdrawalInfo,
    WithdrawalLabels,
    WithdrawalLineType,
    WithdrawalOfferType,
    WithdrawalStateEnum,
    WithdrawalViewEnum,
)
from .words import PUBLIC

# -- what belongs to withdrawals, in bulk ----------------------------------------------------------------------------


@bulk(Withdrawal, nothing)
def acknowledgement_of(ctx: Context, pks: Collection[int]) -> Mapping[int, OutboundMessage | None]:
    """The letter that acknowledged each declaration."""
    rows = OutboundMessage.objects.filter(
        shop=ctx.shop, subject_type="withdrawal", subject_id__in=pks, kind="withdrawals/acknowledged"
    ).defer("text", "html", "headers")
    return {row.subject_id: row for row in rows if row.subject_id is not None}


@bulk(Withdrawal, list[Event])
def events_of_withdrawal(ctx: Context, pks: Collection[int]) -> Mapping[int, list[Event]]:
    """What happened to each declaration, oldest first."""
    rows = list(Event.objects.filter(shop=ctx.shop, subject="withdrawal", subject_id__in=pks).order_by("pk"))
    return group_by(rows, lambda row: row.subject_id)


def find_withdrawal(ctx: Context, which: Q, *, field: str = "id") -> Withdrawal:
    """The declaration that the asking person may see; raises NotFound otherwise."""
    row = Withdrawal.objects.filter(ctx.mine("order__"), which).select_related("order", "policy").first()
    if row is None:
        raise NotFound(_("There is no such withdrawal."), field)
    ctx.meet([row])
    row.shop = ctx.shop
    if row.order is not None:
        row.order.shop = ctx.shop
    return row


class WithdrawalType(graphene.ObjectType):
    """A consumer's statement that they withdraw from a contract, and what became of it."""

    class Meta:
        name = "Withdrawal"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    number = graphene.String(required=True, description="The number that people use, such as WD-1001.")
    state = graphene.Field(WithdrawalStateEnum, required=True, description="How far it is.")
    state_since = graphene.Field(DateTimeType, required=True, description="Since when.")
    name = graphene.String(required=True, description="Who declared it.")
    email = graphene.String(required=True, description="Where the acknowledgement goes.")
    contract = graphene.String(required=True, description="The order number as it was written.")
    statement = graphene.String(required=True, description="The whole statement, word for word.")
    goods = graphene.String(required=True, description="The goods in the declarer's own words, or empty.")
    whole_contract = graphene.Boolean(required=True, description="The whole contract is meant.")
    language = graphene.String(required=True, description="The language of the statement.")
    declared_at = graphene.Field(DateTimeType, required=True, description="The moment of the confirmation.")
    acknowledgement = graphene.Field(WithdrawalAcknowledgement, description="The acknowledgement of receipt.")
    order = graphene.Field(OrderType, description="Null until it was found.")
    lines = graphene.List(
        graphene.NonNull(WithdrawalLineType), required=True, description="What it names; empty for all of it."
    )
    exceptions = graphene.List(
        graphene.NonNull(WithdrawalExceptionType), required=True, description="What the law excepts of it."
    )
    offers = graphene.List(
        graphene.NonNull(WithdrawalOfferType),
        required=True,
        description="What it can cover, for staff who say which goods are meant; select it for one withdrawal only.",
    )
    return_ = graphene.Field(ReturnType, name="return", description="The return that was made for it.")
    flags = graphene.List(graphene.NonNull(WithdrawalFlagEnum), required=True, description="Staff only.")
    notices = graphene.List(
        graphene.NonNull(graphene.String), required=True, description="The flags as sentences. Staff only."
    )
    period_ends_on = graphene.Date(description="The last day to declare, inclusive; null before everything arrived.")
    period_estimated = graphene.Boolean(required=True, description="Nobody has confirmed the arrival it counts from.")
    period_explained = graphene.String(
        description="How the period was counted. Staff only; select it for one withdrawal only."
    )
    send_back_by = graphene.Date(description="The last day, inclusive, to send the goods off.")
    refund_due_on = graphene.Date(description="The last day, inclusive, for the money.")
    refund_duty = graphene.Field(RefundDutyEnum, required=True, description="How pressing the refund is.")
    sent_proof_at = graphene.Field(DateTimeType, description="The customer showed that the goods are on their way.")
    proof_tracking_number = graphene.String(description="The number that they gave.")
    proofs = graphene.List(graphene.NonNull(FileType), required=True, description="Receipts that they gave.")
    out_of_scope_reason = graphene.String(description="What the declarer was told; null unless out of scope.")
    decided_by = graphene.String(description="Who of the staff decided last. Staff only.")
    status_url = graphene.String(required=True, description="The declarer's page about it; opens without signing in.")
    ticket = graphene.Field("saleor_aftercare.graphql.inbox.TicketType", description="The conversation about it.")
    timeline = graphene.List(graphene.NonNull(TimelineEntry), required=True, description="What happened, oldest first.")
    actions = graphene.List(
        graphene.NonNull(graphene.String),
        required=True,
        description="match, carry_out, out_of_scope, reopen, prove: what the asking person may do now.",
    )

    @staticmethod
    def resolve_id(root: Withdrawal, _info: Any) -> str:
        return to_global_id("Withdrawal", root.pk)

    @staticmethod
    def resolve_acknowledgement(root: Withdrawal, info: graphene.ResolveInfo) -> OutboundMessage | None:
        info.context.meet([root])
        found: OutboundMessage | None = acknowledgement_of(info.context, root.pk)
        return found

    @staticmethod
    def resolve_order(root: Withdrawal, info: graphene.ResolveInfo) -> Order | None:
        return order_of(info.context, root.order_id) if root.order_id is not None else None

    @staticmethod
    def resolve_lines(root: Withdrawal, info: graphene.ResolveInfo) -> list[WithdrawalLine]:
        return related(info.context, root, "lines")

    @staticmethod
    def resolve_exceptions(root: Withdrawal, info: graphene.ResolveInfo) -> list[tuple[int, str]]:
        words = words_of(root.language)
        known = [one for one in root.exceptions if row_of(info.context, OrderLine, one["line"]) is not None]
        return [(one["line"], words.exceptions.get(one["exclusion"], "")) for one in known]

    @staticmethod
    def resolve_offers(root: Withdrawal, info: graphene.ResolveInfo) -> list[LineOffer]:
        ctx: Context = info.context
        if not ctx.is_staff or root.order_id is None:
            return []
        order = order_of(ctx, root.order_id)
        offers = queries.offers_of(order, at=ctx.at)
        ctx.meet([one.order_line for one in offers])
        return offers

    @staticmethod
    def resolve_return_(root: Withdrawal, info: graphene.ResolveInfo) -> Return | None:
        return row_of(info.context, Return, root.ret_id)

    @staticmethod
    def resolve_flags(root: Withdrawal, info: graphene.ResolveInfo) -> list[str]:
        return root.flags if info.context.is_staff else []

    @staticmethod
    def resolve_notices(root: Withdrawal, info: graphene.ResolveInfo) -> list[str]:
        root.repeats = row_of(info.context, Withdrawal, root.repeats_id)
        return notices.notices_of(root) if info.context.is_staff else []

    @staticmethod
    def resolve_period_explained(root: Withdrawal, info: graphene.ResolveInfo) -> str | None:
        ctx: Context = info.context
        if not ctx.is_staff or root.order_id is None:
            return None
        order, policy = order_of(ctx, root.order_id), root.policy or policies.policy_of(ctx.shop)
        order.shop = ctx.shop
        period = queries.judge_on(order, policy, day=queries.today_of(ctx.shop, root.declared_at))
        return notices.period_explained(period, days=policy.withdrawal_days)

    @staticmethod
    def resolve_refund_duty(root: Withdrawal, info: graphene.ResolveInfo) -> str:
        ctx: Context = info.context
        root.ret = row_of(ctx, Return, root.ret_id)
        if root.ret is not None:
            related(ctx, root.ret, "lines")
        return queries.duty_of(root, today=ctx.at.astimezone(queries.zone_of(ctx.shop)).date())

    @staticmethod
    def resolve_proof_tracking_number(root: Withdrawal, _info: Any) -> str | None:
        return root.proof_tracking or None

    @staticmethod
    def resolve_proofs(root: Withdrawal, info: graphene.ResolveInfo) -> list[StoredFile]:
        return related(info.context, root, "proofs")

    @staticmethod
    def resolve_out_of_scope_reason(root: Withdrawal, _info: Any) -> str | None:
        return root.out_of_scope_reason if root.state == WithdrawalState.OUT_OF_SCOPE else None

    @staticmethod
    def resolve_decided_by(root: Withdrawal, info: graphene.ResolveInfo) -> str | None:
        return (root.decided_by or None) if info.context.is_staff else None

    @staticmethod
    def resolve_status_url(root: Withdrawal, _info: Any) -> str:
        return letters.status_url(root)

    @staticmethod
    def resolve_ticket(root: Withdrawal, info: graphene.ResolveInfo) -> Any:
        return ticket_of_case(info.context, CaseKind.WITHDRAWAL, Withdrawal, root.pk)

    @staticmethod
    def resolve_timeline(root: Withdrawal, info: graphene.ResolveInfo) -> list[Event]:
        ctx: Context = info.context
        ctx.meet([root])
        events = events_of_withdrawal(ctx, root.pk)
        return events if ctx.is_staff else [one for one in events if one.kind in PUBLIC]

    @staticmethod
    def resolve_actions(root: Withdrawal, info: graphene.ResolveInfo) -> list[str]:
        in_force = root.state == WithdrawalState.OPEN
        prove = ["prove"] if in_force and root.sent_proof_at is None else []
        if not info.context.is_staff:
            return prove
        possible = ["reopen" if one == "look_again" else one for one in root.actions if one != "settle"]
        if root.state == WithdrawalState.OUT_OF_SCOPE:
            possible = ["reopen"]
        if in_force and root.ret_id is None:
            possible = ["carry_out", *possible]
        return possible + prove


WithdrawalConnection = connection_of(WithdrawalType, "Withdrawal")


class WithdrawalQueries(graphene.ObjectType):
    """Reading withdrawals."""

    withdrawal_info = graphene.Field(
        WithdrawalInfo,
        language=graphene.String(description="Of the labels; without it that of this request."),
        order_number=graphene.String(description="To be filled in on the page."),
        required=True,
        description="Link and labels of the withdrawal function. Needs no token, but the header `Saleor-Api-Url`.",
    )
    withdrawal = graphene.Field(
        WithdrawalType,
        id=graphene.ID(description="By global id,"),
        number=graphene.String(description="or by number."),
        description="One withdrawal; staff any of the shop, customers and guests those of their orders.",
    )
    withdrawals = graphene.Field(
        WithdrawalConnection,
        view=graphene.Argument(WithdrawalViewEnum, description="Which list; all when not said."),
        search=graphene.String(description="A number, an order's number, or an e-mail address. Staff only."),
        first=graphene.Int(description="Rows of a page, 1 to 100; 50 when not said."),
        after=graphene.String(description="The `endCursor` of the page before."),
        required=True,
        description="Withdrawals, newest first; customers and guests see those of their orders.",
    )

    @staticmethod
    def resolve_withdrawal_info(
        _root: None, info: graphene.ResolveInfo, *, language: str | None = None, order_number: str | None = None
    ) -> WithdrawalInfo:
        shop = info.context.shop
        policy = policies.policy_of(shop)
        code = (language or translation.get_language() or "en")[:20]
        labels = labels_of(code)
        return WithdrawalInfo(
            available=queries.offers_the_right(shop),
            url=links.withdraw(shop, order=(order_number or "")[:100], language=code),
            language=code,
            link_label=labels.withdraw,
            confirm_label=labels.confirm,
            period_days=policy.withdrawal_days,
            countries=sorted(policy.withdrawal_countries) if policy.withdrawal_enabled else [],
            labels=[
                WithdrawalLabels(language=one, link_label=both.withdraw, confirm_label=both.confirm)
                for one, both in STATUTORY.items()
            ],
        )

    @staticmethod
    def resolve_withdrawal(
        _root: None, info: graphene.ResolveInfo, *, id: str | None = None, number: str | None = None
    ) -> Withdrawal:
        if (id is None) == (number is None):
            raise InvalidInput(_("Give either the id or the number."), "id")
        if id is not None:
            return find_withdrawal(info.context, Q(pk=own_pk("Withdrawal", id)))
        return find_withdrawal(info.context, Q(number=(number or "").strip().upper()), field="number")

    @staticmethod
    def resolve_withdrawals(
        _root: None,
        info: graphene.ResolveInfo,
        *,
        view: Any = None,
        search: str | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> Page:
        ctx: Context = info.context
        mine = ctx.mine("order__")
        which = WithdrawalView(value_of(view)) if view is not None else WithdrawalView.ALL
        rows = queries.withdrawals_in(ctx.shop, which, search=(search or "") if ctx.is_staff else "", at=ctx.at)
        return newest_first(ctx, rows.filter(mine), first=first, after=after)
