"""What a return comes to: the sum that is shown, and that is then carried out exactly so.

``preview_settlement`` asks Saleor; ``work_out`` does everything else, from our rows and Saleor's answer, so that
``actions.settle_return`` can do it once more under the return's lock. Both have the fingerprint of all that went in.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from saleor_aftercare.compensation import queries as money
from saleor_aftercare.compensation.actions import Parts, Recipient
from saleor_aftercare.compensation.ledger import Ledger
from saleor_aftercare.compensation.models import Settlement, StoreCredit
from saleor_aftercare.compensation.plan import Plan, RefundRoute, plan_refund
from saleor_aftercare.connection.models import Order, ShopSettings
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.money import Money
from saleor_aftercare.policies.bases import duties
from saleor_aftercare.policies.models import LegalBasis, ReasonOption, Resolution, TenderOrder
from saleor_aftercare.policies.queries import as_rules
from saleor_aftercare.replacements.models import Purpose, Replacement, ReplacementState

from .breakdown import ZERO, Breakdown, Bucket, Goods, Item, ItemKind, Terms, break_down
from .due import Prices, bucket_of, conditions_of, settled_elsewhere, units_before, units_due
from .forecast import RequestPreview, preview_request
from .models import GIVEN_UP_STATES, Return, ReturnLine
from .notices import Notice, notices_of

__all__ = [
    "Deduction",
    "Options",
    "RequestPreview",
    "SaleorState",
    "SettlementPreview",
    "item_to_json",
    "preview_request",
    "preview_settlement",
    "read_state",
    "work_out",
]

MAX_REASON = 500


@dataclass(frozen=True, kw_only=True)
class Deduction:
    """Taken off a line's price for value that the goods have lost."""

    line: int  #: ReturnLine.pk
    amount: Money
    reason: str  #: for the customer


@dataclass(frozen=True, kw_only=True)
class Options:
    """What staff decide about a settlement; without them, all is as the rules say."""

    route: RefundRoute = RefundRoute.ORIGINAL
    deductions: tuple[Deduction, ...] = ()  #: in place of those that the lines have
    waive_fees: bool = False
    goodwill_shipping: bool = False  #: outbound shipping goes back though the rules do not say so


@dataclass(frozen=True, kw_only=True)
class SaleorState:
    """An order's money in Saleor at one moment."""

    ledger: Ledger
    cheapest_shipping: Decimal | None  #: of the shipping methods that the order could have had; None: not known


@dataclass(frozen=True, kw_only=True)
class SettlementPreview:
    """The whole of what would happen, now."""

    breakdown: Breakdown
    plan: Plan
    available: Money  #: the most that may still be given back on the order, in any way
    refunded: Money  #: given back on the whole order so far, by whomever
    notices: tuple[Notice, ...]
    parts: Parts
    fingerprint: str

    @property
    def possible(self) -> bool:
        """Whether nothing stands in the way of carrying it out."""
        return not any(notice.blocks for notice in self.notices)


def preview_settlement(ret: Return, *, at: datetime, options: Options | None = None) -> SettlementPreview:
    """What settling ``ret`` would be, by Saleor's figures of this moment.

    Raises InvalidInput (field ``deductions.N.FIELD``), and what ``connection.client.call`` raises.
    """
    return work_out(ret, read_state(ret.order, at=at), options or Options(), at=at)


def read_state(order: Order, *, at: datetime) -> SaleorState:
    """Ask Saleor for the order's money; our copy of the order is brought up to date on the way."""
    ledger, answer = money.read_money(order, at=at)
    order.refresh_from_db()
    prices = [Money.read(one["price"]["amount"], order.currency).amount for one in answer.get("shippingMethods") or ()]
    return SaleorState(ledger=ledger, cheapest_shipping=min(prices, default=None))


def work_out(ret: Return, state: SaleorState, options: Options, *, at: datetime) -> SettlementPreview:
    """The preview from our rows and from what Saleor said; see :func:`preview_settlement`."""
    order, ledger = ret.order, state.ledger
    lines = list(ret.lines.select_related("order_line").order_by("pk"))
    goods = _goods(ret, lines, options)
    ours = money.reserved(order, ledger)
    issued = list(money.credits_of(order))
    sales = list(_replacements(order))
    terms = _terms(ret, lines, goods, state, options, ours.total, issued, sales)
    breakdown = break_down(goods, terms)
    plan = plan_refund(
        ledger,
        order.money(breakdown.refund),
        reserved=ours.by_transaction,
        tender_order=TenderOrder(ret.policy.tender_order),
        route=options.route,
    )
    available = order.money(max((terms.money or ZERO) + terms.gift_cards - terms.taken_elsewhere, ZERO))
    parts = _parts(ret, lines, breakdown, plan, at=at)
    notices = notices_of(ret, lines, breakdown, plan, ledger)
    return SettlementPreview(
        breakdown=breakdown,
        plan=plan,
        available=available,
        refunded=ledger.refunded(),
        notices=notices,
        parts=parts,
        fingerprint=_fingerprint(ret, state, terms, goods, parts, options),
    )


# -- what goes in --------------------------------------------------------------------------------------------------


def _goods(ret: Return, lines: Sequence[ReturnLine], options: Options) -> list[Goods]:
    prices = Prices(ret.order)
    before = units_before([ret])[ret.pk]
    settled = settled_elsewhere(ret.order, without=ret.pk)
    rules = {rule.position: rule for rule in as_rules(ret.policy).rules}
    cuts = _deductions(lines, options, ret.order.currency)
    goods = []
    for line in lines:
        rule = rules.get(line.rule_position or -1) or (rules[max(rules)] if rules else None)
        key = line.order_line_id
        units = prices.of(key, taken=before.get(key, 0), want=units_due(line), settled=settled.get(key, ZERO))
        amount, reason = cuts.get(line.pk, (line.deduction, line.deduction_reason))
        goods.append(
            Goods(
                line=line.pk,
                name=_name(line),
                units=units.units,
                amount=units.amount,
                tax=units.tax,
                bucket=bucket_of(line.resolution, gift=ret.is_gift),
                kept=line.kept,
                deduction=amount,
                deduction_reason=reason,
                **conditions_of(rule, line.legal_basis, line.resolution, ret.order.currency),
            )
        )
    return goods


def _deductions(lines: Sequence[ReturnLine], options: Options, currency: str) -> dict[int, tuple[Decimal, str]]:
    known = {line.pk: line for line in lines}
    cuts = {}
    for n, cut in enumerate(options.deductions):
        line = known.get(cut.line)
        if line is None:
            raise InvalidInput(_("This item is not part of the return."), f"deductions.{n}.lineId")
        if cut.amount.currency != currency or cut.amount.amount < 0 or cut.amount.rounded() != cut.amount:
            raise InvalidInput(
                _("The amount must be 0 %(currency)s or more.") % {"currency": currency}, f"deductions.{n}.amount"
            )
        if cut.amount and not duties(line.legal_basis).deduction_allowed:
            raise InvalidInput(_("Nothing may be kept back for these goods."), f"deductions.{n}.amount")
        reason = cut.reason.strip()
        if (cut.amount and not reason) or len(reason) > MAX_REASON:
            raise InvalidInput(_("Please give the reason; the customer will read it."), f"deductions.{n}.reason")
        cuts[cut.line] = (cut.amount.amount, reason)
    return cuts


def _terms(
    ret: Return,
    lines: Sequence[ReturnLine],
    goods: Sequence[Goods],
    state: SaleorState,
    options: Options,
    reserved: Money,
    issued: Sequence[StoreCredit],
    sales: Sequence[Replacement],
) -> Terms:
    order = ret.order
    shipping, standard = _shipping(ret, lines, goods, state.cheapest_shipping, options)
    here = [one for one in sales if one.subject == "return" and one.subject_id == ret.pk]
    chosen = [one for one in issued if not one.restores]
    given = [one for one in issued if (one.subject, one.subject_id) == ("return", ret.pk)]
    refunded = money.counting(order).filter(subject="return", subject_id=ret.pk)
    settled = Settlement.objects.filter(subject="return", subject_id=ret.pk, shop_id=ret.shop_id)
    given_exchange = sum(settled.values_list("exchange", flat=True), ZERO) if here else ZERO
    elsewhere = sum((one.credit - one.rest for one in sales if one not in here), ZERO)
    restored = money.value_of((one for one in given if one.restores), order.currency)
    return Terms(
        currency=order.currency,
        shipping=shipping,
        standard_shipping=standard,
        waive_fees=options.waive_fees,
        given_refund=sum((one.amount for one in refunded), ZERO) + restored.amount,
        given_credit=money.value_of((one for one in given if not one.restores), order.currency).amount,
        given_exchange=given_exchange,
        exchange_price=sum((one.credit - one.rest + one.due for one in here), ZERO) if here else None,
        money=state.ledger.available(others=reserved).amount,
        gift_cards=money.gift_cards_left(order).amount,
        taken_elsewhere=money.value_of(chosen, order.currency).amount + elsewhere + given_exchange,
        tender_order=TenderOrder(ret.policy.tender_order),
    )


def _replacements(order: Order) -> Sequence[Replacement]:
    """Goods that went, or will go, out in place of others of this order."""
    rows = Replacement.objects.filter(order=order, purpose=Purpose.EXCHANGE)
    return list(rows.exclude(state=ReplacementState.CANCELED))


def _shipping(
    ret: Return, lines: Sequence[ReturnLine], goods: Sequence[Goods], cheapest: Decimal | None, options: Options
) -> tuple[Decimal, bool]:
    """Outbound shipping that goes back, and whether it is only what standard delivery would have cost.

    With the last unit of the order for which the customer wants the value back: on withdrawal what standard delivery
    would have cost (CRD art. 13(2)), under the guarantee all of it, else what the shop has promised.
    """
    order = ret.order
    paid_back = {one.line for one in goods if one.bucket in {Bucket.REFUND, Bucket.CREDIT} and one.units}
    bases = {LegalBasis(line.legal_basis) for line in lines if line.pk in paid_back}
    if not paid_back or not order.shipping or _shipping_was_given(ret):
        return ZERO, False
    if options.goodwill_shipping:
        return order.shipping, False
    if not _whole_order(ret, goods):
        return ZERO, False
    if LegalBasis.WITHDRAWAL in bases:
        standard = order.shipping if cheapest is None else min(order.shipping, cheapest)
        return standard, standard < order.shipping
    owed = all(duties(basis).refunds_outbound_shipping for basis in bases)
    return (order.shipping, False) if owed or ret.policy.refund_original_shipping else (ZERO, False)


def _whole_order(ret: Return, goods: Sequence[Goods]) -> bool:
    """Whether with this return every unit of the order has come back for its value."""
    bought = sum(line.quantity for line in ret.order.lines.all())
    earlier = (
        ReturnLine.objects.filter(ret__order_id=ret.order_id, ret_id__lt=ret.pk)
        .exclude(ret__state__in=GIVEN_UP_STATES)
        .exclude(resolution__in=[Resolution.REPAIR, Resolution.EXCHANGE])
    )
    here = sum(one.units for one in goods if one.bucket in {Bucket.REFUND, Bucket.CREDIT})
    return here + sum(map(units_due, earlier)) >= bought


def _shipping_was_given(ret: Return) -> bool:
    rows = Settlement.objects.filter(order_id=ret.order_id).exclude(subject="return", subject_id=ret.pk)
    kinds = {ItemKind.SHIPPING.value, ItemKind.STANDARD_SHIPPING.value}
    return any(item["kind"] in kinds for items in rows.values_list("items", flat=True) for item in items)


# -- what comes out ------------------------------------------------------------------------------------------------


def _parts(ret: Return, lines: Sequence[ReturnLine], breakdown: Breakdown, plan: Plan, *, at: datetime) -> Parts:
    order = ret.order
    settings = ShopSettings.objects.get(shop_id=ret.shop_id)
    days = settings.store_credit_valid_days
    today = at.astimezone(ZoneInfo(settings.time_zone)).date()
    return Parts(
        items=[item_to_json(item, breakdown.currency) for item in breakdown.items],
        refunds=plan.parts,
        gift_card=order.money(breakdown.gift_card),
        credit=order.money(breakdown.credit),
        bonus=order.money(breakdown.bonus),
        exchange=order.money(breakdown.exchange),
        recipient=Recipient(
            email=ret.contact_email,
            name=ret.contact_name,
            user_id=order.user_id if settings.store_credit_assigned and not ret.is_gift else "",
        ),
        credit_expires_on=today + timedelta(days=days) if days else None,
        reason_reference=_reason_reference(ret, lines),
    )


def item_to_json(item: Item, currency: str) -> dict[str, Any]:
    """A line of the sum as a settlement keeps it: amounts as text, in major units."""
    return {
        "kind": item.kind.value,
        "label": item.label,
        "amount": Money(item.amount, currency).wire(),
        "line": item.line,
        "name": item.name,
        "units": item.units,
        "tax": None if item.tax is None else Money(item.tax, currency).wire(),
        "percent": None if item.percent is None else f"{item.percent.normalize():f}",
        "reason": item.reason,
    }


def _reason_reference(ret: Return, lines: Sequence[ReturnLine]) -> str:
    """The shop's refund reason in Saleor for the reasons of the return; empty where they have none, or several."""
    options = ReasonOption.objects.filter(shop_id=ret.shop_id, code__in={line.reason for line in lines})
    pages = set(options.values_list("saleor_refund_reference", flat=True))
    return pages.pop() if len(pages) == 1 else ""


def _fingerprint(
    ret: Return, state: SaleorState, terms: Terms, goods: Sequence[Goods], parts: Parts, options: Options
) -> str:
    """A digest of all that went in and all that comes out: another one means that something has changed."""
    payments = [(p.id, p.left.wire(), p.refunded.wire(), p.pending.wire()) for p in state.ledger.payments]
    basis: Mapping[str, Any] = {
        "return": (ret.pk, ret.state, ret.policy_id),
        "order": (str(ret.order.total), str(ret.order.shipping), ret.order.status),
        "payments": payments,
        "terms": asdict(terms),
        "goods": [asdict(one) for one in goods],
        "parts": asdict(parts) | {"items": [{**item, "label": ""} for item in parts.items], "credit_expires_on": ""},
        "options": asdict(options),
    }
    text = json.dumps(basis, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _name(line: ReturnLine) -> str:
    return " ".join(filter(None, (line.order_line.product_name, line.order_line.variant_name)))
