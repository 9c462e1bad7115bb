"""Reads about withdrawals; every one takes the shop, or a row of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet, Sum, prefetch_related_objects
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import DeliverySource, Order, OrderLine
from saleor_aftercare.core import tokens
from saleor_aftercare.core.errors import NotFound
from saleor_aftercare.core.models import Shop
from saleor_aftercare.core.texts import is_storable
from saleor_aftercare.policies import queries as policies
from saleor_aftercare.policies.models import Exclusion, ReturnPolicy, ReturnShippingPayer
from saleor_aftercare.returns.eligibility import eligibility
from saleor_aftercare.returns.models import GIVEN_UP_STATES, Return, ReturnLine, ReturnState

from .models import Withdrawal, WithdrawalState
from .policy import Coverage, Duty, OrderFacts, ParcelFacts, Period, coverage, judge_period, refund_duty

#: Refunds that are due within so many days stand in the list "due soon".
SOON_DAYS = 5


# -- one declaration -------------------------------------------------------------------------------------------------


def get_withdrawal(shop: Shop, pk: int) -> Withdrawal:
    """A declaration of this shop; raises NotFound."""
    return _one(Withdrawal.objects.filter(shop=shop, pk=pk))


def get_withdrawal_of_job(pk: int) -> Withdrawal:
    """The declaration that a job of ours is about."""
    return _one(Withdrawal.objects.filter(pk=pk))


def find_withdrawal(shop: Shop, number: str) -> Withdrawal:
    """A declaration of this shop by the number that people read; raises NotFound."""
    return _one(Withdrawal.objects.filter(shop=shop, number=number.strip().upper()))


def status_token(withdrawal: Withdrawal) -> str:
    """The token of the link in the letters: opens the status page for reading."""
    return tokens.sign("withdrawal-status", withdrawal.pk)


def withdrawal_by_status_token(shop: Shop, number: str, token: str) -> Withdrawal:
    """What a mailed link opens; raises InvalidInput for a forged link, NotFound for another declaration's."""
    pk = tokens.unsign("withdrawal-status", token, max_age=None)
    return _one(Withdrawal.objects.filter(shop=shop, number=number, pk=pk))


def receipt_token(withdrawal: Withdrawal) -> str:
    """The token of the page that follows the confirmation; it opens what was declared, and nothing of what we know."""
    return tokens.sign("withdrawal-receipt", withdrawal.pk)


def withdrawal_by_receipt(shop: Shop, token: str) -> Withdrawal:
    """What a receipt is about, for a day; raises InvalidInput or NotFound."""
    pk = tokens.unsign("withdrawal-receipt", token, max_age=timedelta(days=1))
    return _one(Withdrawal.objects.filter(shop=shop, pk=pk))


def _one(rows: QuerySet[Withdrawal]) -> Withdrawal:
    found = rows.select_related("shop__settings", "order", "ret", "policy").first()
    if found is None:
        raise NotFound(_("There is no such withdrawal."))
    if found.order is not None:
        found.order.shop = found.shop
    return found


# -- lists -----------------------------------------------------------------------------------------------------------


class WithdrawalView(StrEnum):
    """The lists of the Dashboard."""

    OPEN = "open"
    DUE_SOON = "due_soon"  #: in force, and the refund is due within a few days, or was
    UNMATCHED = "unmatched"
    NEEDS_STAFF = "needs_staff"  #: in force, and no return could be made without a person
    OUT_OF_SCOPE = "out_of_scope"
    SETTLED = "settled"
    ALL = "all"


def withdrawals_in(shop: Shop, view: WithdrawalView, *, search: str = "", at: datetime) -> QuerySet[Withdrawal]:
    """The declarations of a list, unordered; ``search`` is a number, an order's number or an e-mail address."""
    rows = Withdrawal.objects.filter(shop=shop).filter(_in_view(view, today=today_of(shop, at)))
    if not is_storable(search):
        return rows.none()
    if search := search.strip():
        bare = search.lstrip("#")
        rows = rows.filter(Q(number=bare.upper()) | Q(order__number=bare) | Q(contract=bare) | Q(email=search.lower()))
    return rows


def _in_view(view: WithdrawalView, *, today: date) -> Q:
    in_force = Q(state=WithdrawalState.OPEN)
    return {
        WithdrawalView.OPEN: in_force,
        WithdrawalView.DUE_SOON: in_force & Q(refund_due_on__lte=today + timedelta(days=SOON_DAYS)),
        WithdrawalView.UNMATCHED: Q(state=WithdrawalState.UNMATCHED),
        WithdrawalView.NEEDS_STAFF: in_force & Q(ret=None),
        WithdrawalView.OUT_OF_SCOPE: Q(state=WithdrawalState.OUT_OF_SCOPE),
        WithdrawalView.SETTLED: Q(state=WithdrawalState.SETTLED),
        WithdrawalView.ALL: Q(),
    }[view]


def withdrawals_of_order(order: Order) -> list[Withdrawal]:
    """All declarations about an order, newest first."""
    return list(Withdrawal.objects.filter(order=order).order_by("-pk"))


def offers_the_right(shop: Shop) -> bool:
    """Whether the shop delivers anywhere where the law gives a right to withdraw; one query."""
    rows = ReturnPolicy.objects.filter(shop=shop).order_by("-version")
    newest = rows.values_list("withdrawal_enabled", "withdrawal_countries").first()
    if newest is None:
        return is_offered(policies.policy_of(shop))
    enabled, countries = newest
    return enabled and bool(countries)


def is_offered(policy: ReturnPolicy) -> bool:
    """Whether a policy gives the right to withdraw anywhere."""
    return policy.withdrawal_enabled and bool(policy.withdrawal_countries)


# -- the period ------------------------------------------------------------------------------------------------------


def today_of(shop: Shop, at: datetime) -> date:
    """The day in the shop's time zone."""
    return at.astimezone(zone_of(shop)).date()


def zone_of(shop: Shop) -> ZoneInfo:
    """The shop's time zone, by which its days are counted."""
    return ZoneInfo(shop.settings.time_zone)


def country_of(order: Order) -> str:
    """The country of delivery; of the invoice where nothing was to be delivered; "" where nobody knows."""
    return str((order.shipping_address or order.billing_address or {}).get("country", ""))


def facts_of(order: Order, policy: ReturnPolicy) -> OrderFacts:
    """What the period of an order follows from; four queries at most."""
    prefetch_related_objects([order], "lines", "fulfillments__lines")
    zone = zone_of(order.shop)
    lines = {line.pk: line for line in order.lines.all()}
    sent: dict[int, int] = {}
    parcels = []
    for parcel in order.fulfillments.all():
        units = [unit for unit in parcel.lines.all() if unit.dispatched_quantity]
        if not parcel.dispatched or parcel.status == "CANCELED" or not units:
            continue
        for unit in units:
            sent[unit.order_line_id] = sent.get(unit.order_line_id, 0) + unit.dispatched_quantity
        delivered = parcel.delivered_at
        parcels.append(
            ParcelFacts(
                dispatched_on=parcel.shipped_at.astimezone(zone).date(),
                delivered_on=delivered.astimezone(zone).date() if delivered else None,
                estimated=parcel.delivered_source == DeliverySource.ESTIMATE,
                goods=any(lines[unit.order_line_id].is_shipping_required for unit in units),
            )
        )
    unsent_goods = any(
        line.is_shipping_required and not line.is_gift_card and sent.get(line.pk, 0) < line.quantity
        for line in lines.values()
    )
    return OrderFacts(
        days=policies.withdrawal_period_of(policy, country_of(order)),
        country=country_of(order),
        canceled=order.canceled,
        unsent_goods=unsent_goods,
        parcels=tuple(parcels),
    )


def period_of(order: Order, *, at: datetime, policy: ReturnPolicy | None = None) -> Period:
    """The period to withdraw from an order as it stands at ``at``."""
    return judge_on(order, policy or policies.policy_of(order.shop), day=today_of(order.shop, at))


def judge_on(order: Order, policy: ReturnPolicy, *, day: date) -> Period:
    """The period to withdraw from an order, by what is known now, for a declaration on ``day``."""
    return judge_period(facts_of(order, policy), today=day)


# -- what of an order can be withdrawn from --------------------------------------------------------------------------


@dataclass(frozen=True)
class LineOffer:
    """An order line, and how far a declaration can cover it."""

    order_line: OrderLine
    sent: int  #: units with the customer, and not asked back
    unsent: int  #: units that never left the warehouse, and not withdrawn from
    coverage: Coverage
    exclusion: Exclusion | str  #: why it is an exception, or under which condition it is covered
    who_pays: ReturnShippingPayer

    @property
    def excepted(self) -> bool:
        """There is no right to withdraw from it."""
        return self.coverage == Coverage.EXCEPTED

    @property
    def left(self) -> int:
        """Units that a declaration can cover."""
        return 0 if self.excepted else self.sent + self.unsent


def offers_of(order: Order, *, at: datetime, policy: ReturnPolicy | None = None) -> list[LineOffer]:
    """Every line of an order that was bought, in its order, exceptions included."""
    withdrawn = _unsent_withdrawn(order)
    offers = []
    for one in eligibility(order, at=at, policy=policy):
        line, facts = one.order_line, one.facts
        if not line.quantity:
            continue
        waiting = max(0, facts.bought - facts.shipped - withdrawn.get(line.pk, 0))
        exclusion = one.judgement.exclusion
        covered = coverage(exclusion, supplied=facts.shipped > 0, is_gift_card=line.is_gift_card)
        offers.append(
            LineOffer(
                order_line=line,
                sent=facts.returnable,
                unsent=waiting,
                coverage=covered,
                exclusion="gift_card" if line.is_gift_card and covered == Coverage.CONDITIONAL else exclusion,
                who_pays=one.judgement.who_pays,
            )
        )
    return offers


def _unsent_withdrawn(order: Order) -> dict[int, int]:
    rows = ReturnLine.objects.filter(ret__order=order).exclude(ret__state__in=GIVEN_UP_STATES)
    found = rows.values("order_line_id").annotate(units=Sum("unsent")).order_by()
    return {row["order_line_id"]: row["units"] for row in found}


# -- the refund ------------------------------------------------------------------------------------------------------

#: The goods were sent, says nobody yet.
_NOT_ON_THEIR_WAY = (ReturnState.REQUESTED, ReturnState.MORE_INFO, ReturnState.APPROVED, ReturnState.EXPIRED)


def goods_out(withdrawal: Withdrawal, ret: Return | None) -> bool:
    """Whether the refund may still wait: sent goods are neither back nor proved to be on their way (art. 13(3))."""
    if ret is None or withdrawal.sent_proof_at is not None or ret.sent_at is not None:
        return False
    return ret.state in _NOT_ON_THEIR_WAY and any(row.quantity > row.unsent for row in ret.lines.all())


def duty_of(withdrawal: Withdrawal, *, today: date) -> Duty:
    """How the refund of a declaration stands."""
    if withdrawal.state != WithdrawalState.OPEN:
        return Duty.NONE
    return refund_duty(due_on=withdrawal.refund_due_on, goods_out=goods_out(withdrawal, withdrawal.ret), today=today)


def with_returns(rows: Sequence[Withdrawal]) -> list[Withdrawal]:
    """The declarations with what :func:`duty_of` asks for, in two queries."""
    rows = list(rows)
    prefetch_related_objects(rows, "ret__lines")
    return rows


@dataclass(frozen=True)
class Waiting:
    """How many declarations wait, in all shops."""

    in_force: int
    unmatched: int
    overdue: int  #: the refund was due, and need not wait for the goods


def waiting(*, at: datetime) -> Waiting:
    """Count what waits for somebody; one query."""
    in_force = Q(state=WithdrawalState.OPEN)
    withheld = Q(sent_proof_at=None, ret__sent_at=None, ret__state__in=_NOT_ON_THEIR_WAY)
    seen = Withdrawal.objects.filter(state__in=[WithdrawalState.OPEN, WithdrawalState.UNMATCHED]).aggregate(
        in_force=Count("pk", filter=in_force),
        unmatched=Count("pk", filter=Q(state=WithdrawalState.UNMATCHED)),
        overdue=Count("pk", filter=in_force & Q(refund_due_on__lt=at.date()) & ~withheld),
    )
    return Waiting(**seen)
