"""What a return comes to: the sum that is shown, and that is then carried out exactly so.

``preview_settlement`` asks Saleor; ``work_out`` does everything else, from our rows and Saleor's answer, so that
``actions.settle_return`` can do it once more under the return's lock. Both have the fingerprint of all that went in.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from saleor_aftercare.compensation import queries as money
from saleor_aftercare.compensation.actions import Parts, Recipient
from saleor_aftercare.compensation.ledger import Ledger
from saleor_aftercare.compensation.plan import Plan, PlannedPart, RefundRoute, plan_refund
from saleor_aftercare.connection.models import Order, ShopSettings
from saleor_aftercare.core.errors import Conflict, InvalidInput
from saleor_aftercare.core.money import Money
from saleor_aftercare.policies.bases import duties
from saleor_aftercare.policies.models import ReasonOption, Resolution, TenderOrder
from saleor_aftercare.policies.queries import as_rules

from .breakdown import ZERO, Breakdown, Bucket, Goods, Item, Terms, break_down
from .chains import Chain, Paid, chain_of
from .due import Prices, bucket_of, conditions_of, settled_elsewhere
from .forecast import RequestPreview, preview_request
from .funds import Draw, Funds, as_drawn, draw, funds_of
from .imports import ImportCharges, charges_due, crosses_customs_border
from .models import Return, ReturnLine
from .notices import Notice, Scene, notices_of
from .outbound import shipping_due
from .units import units_before, units_due

__all__ = [
    "Deduction",
    "ImportCharges",
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
    import_charges: ImportCharges | None = None  #: None: as the return has them
    #: What the goods become that were to be exchanged, where nothing is sent after all: a refund, or store credit.
    instead: Resolution | None = None


@dataclass(frozen=True, kw_only=True)
class SaleorState:
    """The money in Saleor at one moment, of an order and of those that it came in exchange for."""

    ledgers: Mapping[int, Ledger]  #: by the key of the order
    cheapest_shipping: Decimal | None  #: of the methods that what was bought could have had; None: not known


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
    crosses_border: bool  #: customs looked at the goods: import charges may be given back
    exchange_canceled: bool  #: goods were promised in exchange and are not sent: staff say what is given instead
    order_numbers: Mapping[int, str]  #: of the orders that hold the money, by key

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
    """Ask Saleor for the money of an order and of those before it; our copies are brought up to date on the way."""
    ledgers, cheapest = {}, None
    for one in chain_of(order).orders:
        ledgers[one.pk], answer = money.read_money(one, at=at)
        prices = [Money.read(m["price"]["amount"], one.currency).amount for m in answer.get("shippingMethods") or ()]
        cheapest = min(prices, default=None)
    order.refresh_from_db()
    return SaleorState(ledgers=ledgers, cheapest_shipping=cheapest)


def work_out(ret: Return, state: SaleorState, options: Options, *, at: datetime) -> SettlementPreview:
    """The preview from our rows and from what Saleor said; see :func:`preview_settlement`.

    Raises Conflict when Saleor was asked for other orders than hold the money now.
    """
    order, chain = ret.order, chain_of(ret.order)
    if any(one.pk not in state.ledgers for one in chain.orders):
        raise Conflict(_("Something changed meanwhile; reload and look again."))
    lines = list(ret.lines.select_related("order_line").order_by("pk"))
    goods, paid = _goods(ret, chain, lines, options)
    shipping = shipping_due(
        ret, chain, lines, goods, cheapest=state.cheapest_shipping, goodwill=options.goodwill_shipping
    )
    charges, why = charges_due(ret, options.import_charges)
    paid[chain.first.pk] = paid.get(chain.first.pk, ZERO) + shipping[0] + charges.amount
    funds = funds_of(ret, chain, state.ledgers, entitled=paid)
    terms = replace(
        _terms(ret, funds, options),
        shipping=shipping[0],
        standard_shipping=shipping[1],
        import_charges=charges.amount,
        import_charges_note=why,
    )
    breakdown = break_down(goods, terms)
    draws = draw(breakdown, funds.rows, TenderOrder(ret.policy.tender_order))
    breakdown = as_drawn(breakdown, draws)
    plan = _plan(ret, draws, options)
    if options.route == RefundRoute.CREDIT and plan.short:
        breakdown, draws, plan = _as_credit(breakdown, draws, plan)
    available = sum((fund.room for fund in funds.rows), ZERO)
    parts = _parts(ret, lines, breakdown, draws, plan, funds, options, at=at)
    scene = Scene(ret=ret, lines=lines, breakdown=breakdown, plan=plan, chain=chain, funds=funds, options=options)
    crosses = crosses_customs_border(ret)
    return SettlementPreview(
        breakdown=breakdown,
        plan=plan,
        available=order.money(available),
        refunded=funds.own.ledger.refunded(),
        notices=notices_of(scene, crosses_border=crosses),
        parts=parts,
        fingerprint=_fingerprint(ret, chain, state, terms, goods, parts, options),
        crosses_border=crosses,
        exchange_canceled=scene.nothing_is_sent,
        order_numbers={one.pk: one.number for one in chain.orders},
    )


# -- what goes in --------------------------------------------------------------------------------------------------


def _goods(
    ret: Return, chain: Chain, lines: Sequence[ReturnLine], options: Options
) -> tuple[list[Goods], dict[int, Decimal]]:
    """What is due for each line, and what of it was paid with which order."""
    prices = Prices(ret.order, chain)
    numbers = {order.pk: order.number for order in chain.orders}
    before = units_before([ret])[ret.pk]
    settled = settled_elsewhere(ret.order, without=ret.pk)
    rules = {rule.position: rule for rule in as_rules(ret.policy).rules}
    cuts = _deductions(lines, options, ret.order.currency)
    goods, paid = [], dict[int, Decimal]()
    for line in lines:
        rule = rules.get(line.rule_position or -1) or (rules[max(rules)] if rules else None)
        key = line.order_line_id
        units = prices.of(key, taken=before.get(key, 0), want=units_due(line), settled=settled.get(key, ZERO))
        amount, reason = cuts.get(line.pk, (line.deduction, line.deduction_reason))
        instead = options.instead if line.resolution == Resolution.EXCHANGE else None
        conditions = conditions_of(rule, line.legal_basis, instead or line.resolution, ret.order.currency)
        if instead:
            # The shop cannot send what it promised: no share of the price is kept back for that, and nothing added.
            conditions |= {"restocking_percent": ZERO, "bonus_percent": ZERO}
        bucket = bucket_of(instead or line.resolution, gift=ret.is_gift)
        for pk, part in units.paid or ((ret.order_id, units.amount),):
            paid[pk] = paid.get(pk, ZERO) + (part if bucket != Bucket.NOTHING else ZERO)
        goods.append(
            Goods(
                line=line.pk,
                name=_name(line),
                units=units.units,
                amount=units.amount,
                tax=units.tax,
                bucket=bucket,
                kept=line.kept,
                deduction=amount,
                deduction_reason=reason,
                paid_with=_by_number(units.paid, numbers),
                **conditions,
            )
        )
    return goods, paid


def _by_number(paid: Paid, numbers: Mapping[int, str]) -> tuple[tuple[str, Decimal], ...]:
    """What was paid with which order, as people read it: what was bought first comes first."""
    return tuple((numbers[pk], part) for pk, part in reversed(paid))


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


def _terms(ret: Return, funds: Funds, options: Options) -> Terms:
    """What the sum depends on besides the goods; several orders hold what they have room for."""
    own, exchange = funds.own, funds.exchange
    single = len(funds.rows) == 1
    return Terms(
        currency=ret.order.currency,
        waive_fees=options.waive_fees,
        given_refund=funds.given_refund + funds.given_later,
        given_credit=funds.given_credit,
        given_exchange=funds.given_exchange,
        exchange_price=sum((one.credit - one.rest + one.due for one in exchange), ZERO) if exchange else None,
        money=own.money if single else sum((fund.room for fund in funds.rows), ZERO),
        gift_cards=own.gift_cards if single else ZERO,
        taken_elsewhere=own.taken if single else ZERO,
        tender_order=TenderOrder(ret.policy.tender_order),
    )


# -- what comes out ------------------------------------------------------------------------------------------------


def _plan(ret: Return, draws: Sequence[Draw], options: Options) -> Plan:
    """Over which payments of which orders the money goes back."""
    parts, short = list[PlannedPart](), Money.zero(ret.order.currency)
    for one in draws:
        plan = plan_refund(
            one.fund.ledger,
            ret.order.money(one.refund),
            reserved=one.fund.reserved,
            tender_order=TenderOrder(ret.policy.tender_order),
            route=options.route,
        )
        elsewhere = None if one.fund.order.pk == ret.order_id else one.fund.order.pk
        parts += [replace(part, order=elsewhere) for part in plan.parts]
        short += plan.short
    return Plan(tuple(parts), short)


def _as_credit(breakdown: Breakdown, draws: Sequence[Draw], plan: Plan) -> tuple[Breakdown, list[Draw], Plan]:
    """What no payment app can give back becomes store credit, without a bonus; each order gives the same as before."""
    by_app: dict[int | None, Decimal] = {}
    for part in plan.parts:
        by_app[part.order] = by_app.get(part.order, ZERO) + part.amount.amount
    changed = []
    for n, one in enumerate(draws):
        able = by_app.get(one.fund.order.pk if n else None, ZERO)
        changed.append(replace(one, refund=able, credit=one.credit + one.refund - able))
    credit = breakdown.credit + plan.short.amount
    return replace(as_drawn(breakdown, changed), credit=credit), changed, replace(plan, short=plan.short - plan.short)


def _parts(
    ret: Return,
    lines: Sequence[ReturnLine],
    breakdown: Breakdown,
    draws: Sequence[Draw],
    plan: Plan,
    funds: Funds,
    options: Options,
    *,
    at: datetime,
) -> Parts:
    order = ret.order
    settings = ShopSettings.objects.get(shop_id=ret.shop_id)
    days = settings.store_credit_valid_days
    today = at.astimezone(ZoneInfo(settings.time_zone)).date()
    return Parts(
        items=[item_to_json(item, breakdown.currency) for item in breakdown.items],
        refunds=plan.parts,
        gift_cards={one.fund.order.pk: order.money(one.gift_card) for one in draws if one.gift_card},
        credit=order.money(breakdown.credit),
        credit_shares={one.fund.order.pk: order.money(one.credit) for one in draws if one.credit},
        bonus=order.money(breakdown.bonus),
        exchange=order.money(breakdown.exchange),
        recipient=Recipient(
            email=ret.contact_email,
            name=ret.contact_name,
            user_id=order.user_id if settings.store_credit_assigned and not ret.is_gift else "",
        ),
        credit_expires_on=today + timedelta(days=days) if days else None,
        reason_reference=_reason_reference(ret, lines),
        instead_of=funds.not_sent if options.instead else "",
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
        "order": item.order,
    }


def _reason_reference(ret: Return, lines: Sequence[ReturnLine]) -> str:
    """The shop's refund reason in Saleor for the reasons of the return; empty where they have none, or several."""
    options = ReasonOption.objects.filter(shop_id=ret.shop_id, code__in={line.reason for line in lines})
    pages = set(options.values_list("saleor_refund_reference", flat=True))
    return pages.pop() if len(pages) == 1 else ""


def _fingerprint(
    ret: Return,
    chain: Chain,
    state: SaleorState,
    terms: Terms,
    goods: Sequence[Goods],
    parts: Parts,
    options: Options,
) -> str:
    """A digest of all that went in and all that comes out: another one means that something has changed."""
    payments = [
        (pk, p.id, p.left.wire(), p.refunded.wire(), p.pending.wire())
        for pk, ledger in sorted(state.ledgers.items())
        for p in ledger.payments
    ]
    basis: Mapping[str, Any] = {
        "return": (ret.pk, ret.state, ret.policy_id),
        "orders": [(one.pk, str(one.total), str(one.shipping), one.canceled) for one in chain.orders],
        "makers": [(row.pk, row.state, str(row.credit), str(row.due), str(row.rest)) for row in chain.makers],
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
