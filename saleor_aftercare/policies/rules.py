"""What a shop's promises mean for one order line: pure decisions, no database, clock or network.

Everything counts in whole days of the shop's time zone, which is why dates come in and no times: a day that
daylight saving makes longer or shorter is one day.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.decision import Decision, Verdict
from saleor_aftercare.core.money import Money

from .law import guaranteed_until, last_day
from .models import (
    AfterWindow,
    Exclusion,
    Fault,
    LegalBasis,
    Preset,
    Resolution,
    ReturnShippingPayer,
    TenderOrder,
    WindowStart,
)

#: Machine codes of what speaks against a return, and what customers are told.
REASONS: Mapping[str, str] = {
    "order_canceled": gettext_noop("This order was cancelled."),
    "gift_card": gettext_noop("Gift cards cannot be returned."),
    "not_shipped": gettext_noop("This item has not been shipped yet."),
    "nothing_left": gettext_noop("Everything of this item has been returned already, or is on its way back."),
    "final_sale": gettext_noop("This item is excluded from returns."),
    "hygiene": gettext_noop("This item cannot be returned for reasons of hygiene once its seal was opened."),
    "custom_made": gettext_noop("This item was made to your specifications and cannot be returned."),
    "perishable": gettext_noop("This item spoils or expires quickly and cannot be returned."),
    "digital": gettext_noop("Digital content cannot be returned once it was supplied."),
    "sealed_media": gettext_noop("Recordings and software cannot be returned once their seal was opened."),
    "window_passed": gettext_noop("The return period has passed; we will look at your request in person."),
    "window_over": gettext_noop("The return period has passed."),
    "guarantee": gettext_noop("The legal guarantee covers faulty goods; we will look at your request in person."),
    "needs_review": gettext_noop("We look at every request before we approve it."),
    "value_above_limit": gettext_noop("We look at returns of this value in person."),
    "reason_needs_review": gettext_noop("We look at requests for this reason in person."),
    "many_returns": gettext_noop("We will look at your request in person."),
    "exchanged_before": gettext_noop("This was exchanged before; we look at the next request in person."),
}

#: What somebody may choose whose goods are faulty, whatever the rule offers (Dir. (EU) 2019/771, art. 13).
GUARANTEE_RESOLUTIONS = (Resolution.REPAIR, Resolution.EXCHANGE, Resolution.REFUND)


def reason_text(code: str) -> str:
    """What a verdict's reason says in the present language; the code itself for one that this release lacks."""
    return _(REASONS[code]) if code in REASONS else code


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What holds for some goods. A condition without values matches everything; amounts are major units by currency."""

    position: int
    name: str = ""
    channels: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    product_types: frozenset[str] = frozenset()
    collections: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    skus: frozenset[str] = frozenset()
    metadata: Mapping[str, str] = field(default_factory=dict)
    digital: bool = False  #: only what needs no shipping
    exclusion: Exclusion = Exclusion.NONE
    window_days: int = 30
    window_from: WindowStart = WindowStart.DELIVERED
    grace_days: int = 0
    after_window: AfterWindow = AfterWindow.ASK_STAFF
    who_pays: ReturnShippingPayer = ReturnShippingPayer.CUSTOMER
    return_fee: Mapping[str, Decimal] = field(default_factory=dict)
    restocking_percent: Decimal = Decimal(0)
    resolutions: tuple[Resolution, ...] = (Resolution.REFUND,)
    store_credit_bonus_percent: Decimal = Decimal(0)

    @property
    def is_for_everything(self) -> bool:
        """It has no condition."""
        lists = (self.channels, self.countries, self.product_types, self.collections, self.products, self.skus)
        return not any(lists) and not self.metadata and not self.digital

    def matches(self, facts: LineFacts) -> bool:
        """Whether every condition of the rule holds for the line."""
        return (
            _one_of(facts.channel, self.channels)
            and _one_of(facts.country, self.countries)
            and _one_of(facts.product_type, self.product_types)
            and (not self.collections or not self.collections.isdisjoint(facts.collections))
            and _one_of(facts.product_id, self.products)
            and _one_of(facts.sku, self.skus)
            and all(facts.metadata.get(key) == value for key, value in self.metadata.items())
            and not (self.digital and facts.is_shipping_required)
        )


def _one_of(value: str, allowed: Collection[str]) -> bool:
    return not allowed or value in allowed


@dataclass(frozen=True, kw_only=True)
class ReturnAddress:
    """Where parcels from some countries go instead of the shop's own return address."""

    countries: frozenset[str]
    address: PostalAddress


@dataclass(frozen=True, kw_only=True)
class Policy:
    """A version of a shop's promises. ``rules`` are in their order, and the last one matches everything.

    Equal policies promise the same: lists whose order means nothing are sets.
    """

    rules: tuple[Rule, ...]
    preset: Preset = Preset.CUSTOM
    auto_approve: bool = False
    auto_approve_limit: Mapping[str, Decimal] = field(default_factory=dict)
    auto_approve_reasons: frozenset[str] = frozenset()
    auto_approve_max_returns: int | None = None
    keep_item_limit: Mapping[str, Decimal] = field(default_factory=dict)
    evidence: Mapping[str, int] = field(default_factory=dict)
    refund_original_shipping: bool = True
    withdrawal_enabled: bool = True
    withdrawal_countries: frozenset[str] = frozenset()
    withdrawal_days: int = 14
    return_addresses: tuple[ReturnAddress, ...] = ()
    ship_within_days: int = 14
    advance_exchange_days: int = 14
    tender_order: TenderOrder = TenderOrder.CARD_FIRST
    statement: Mapping[str, str] = field(default_factory=dict)  #: the merchant's own words, by language

    def rule_for(self, facts: LineFacts) -> Rule:
        """The first rule that matches; there always is one."""
        return next(rule for rule in self.rules if rule.matches(facts))


@dataclass(frozen=True, kw_only=True)
class LineFacts:
    """What is known of one order line; dates are days in the shop's time zone."""

    sku: str
    product_id: str  #: Saleor global ID
    product_type: str  #: name
    collections: frozenset[str]  #: slugs
    metadata: Mapping[str, str]  #: of the product, public
    channel: str  #: slug
    country: str  #: of the delivery address, ISO 3166-1 alpha-2; empty for none
    is_gift_card: bool
    is_shipping_required: bool
    order_canceled: bool
    bought: int  #: units in the order now
    shipped: int  #: units that ever left the warehouse
    returnable: int  #: of these, units still with the customer and not asked back
    ordered_on: date
    last_dispatched: date | None  #: of the last parcel with units of this line
    last_delivered: date | None  #: likewise
    #: Of the last parcel of the whole order that brought goods; None while goods are still to arrive.
    order_delivered: date | None


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What the rules say about a line, and by which of them."""

    verdict: Verdict
    reasons: tuple[str, ...]  #: machine codes, see ``REASONS``; empty for a plain yes
    rule: Rule
    until: date | None  #: the last day of the window, inclusive, without grace; None while it has not begun
    resolutions: tuple[Resolution, ...]  #: what may be chosen, as offered
    who_pays: ReturnShippingPayer
    exclusion: Exclusion  #: why the goods are excluded; a fault overrules it
    bases: tuple[LegalBasis, ...]  #: on which a request may rest now, strongest for the customer first

    @property
    def decision(self) -> Decision:
        """Verdict and reasons, to be put together with those of other lines."""
        return Decision(self.verdict, self.reasons)


def judge(policy: Policy, facts: LineFacts, *, today: date, reason_fault: Fault | None = None) -> Judgement:
    """Say what may become of a line that somebody wants to send back today.

    ``reason_fault`` is whose doing the reason is, None while no reason was chosen: then the answer is the one for
    somebody who simply does not want the goods, and ``bases`` tells whether a fault would open another door.

    Faulty goods (the merchant's or the carrier's doing) are never refused for an exclusion or a deadline of the
    shop: within the legal guarantee they are a case for staff. A window that passed leads to staff, or to a refusal
    where the rule says so; never while the customer may still withdraw.
    """
    rule = policy.rule_for(facts)
    faulty = reason_fault in {Fault.MERCHANT, Fault.CARRIER}
    until = window_end(rule, facts)
    in_window = until is None or today <= until + timedelta(days=rule.grace_days)
    guaranteed = is_guaranteed(facts, today=today)
    withdrawable = withdrawal_is_open(policy, rule, facts, today=today)
    refused = rule.after_window == AfterWindow.REFUSE and not faulty and not withdrawable
    verdict, reasons = _verdict(
        policy, rule, facts, faulty=faulty, in_window=in_window, guaranteed=guaranteed, refused_later=refused
    )
    return Judgement(
        verdict=verdict,
        reasons=reasons,
        rule=rule,
        until=until,
        resolutions=tuple(dict.fromkeys((*rule.resolutions, *GUARANTEE_RESOLUTIONS))) if faulty else rule.resolutions,
        who_pays=ReturnShippingPayer.MERCHANT if faulty else rule.who_pays,
        exclusion=rule.exclusion,
        bases=_bases(policy, rule, facts, today=today, in_window=in_window, faulty=faulty),
    )


def _impossible(facts: LineFacts) -> str:
    """Why nothing can come back, whatever anybody's right is; empty when something can."""
    for reason, applies in (
        ("order_canceled", facts.order_canceled),
        ("gift_card", facts.is_gift_card),
        ("not_shipped", facts.shipped == 0),
        ("nothing_left", facts.returnable == 0),
    ):
        if applies:
            return reason
    return ""


def _verdict(
    policy: Policy,
    rule: Rule,
    facts: LineFacts,
    *,
    faulty: bool,
    in_window: bool,
    guaranteed: bool,
    refused_later: bool,
) -> tuple[Verdict, tuple[str, ...]]:
    if impossible := _impossible(facts):
        return Verdict.REFUSE, (impossible,)
    if faulty and guaranteed and (rule.exclusion or not in_window):
        return Verdict.ASK_STAFF, ("guarantee",)
    if rule.exclusion and not faulty:
        return Verdict.REFUSE, (rule.exclusion.value,)
    if not in_window:
        return (Verdict.REFUSE, ("window_over",)) if refused_later else (Verdict.ASK_STAFF, ("window_passed",))
    if rule.exclusion:
        return Verdict.ASK_STAFF, ("reason_needs_review",)
    if not policy.auto_approve:
        return Verdict.ASK_STAFF, ("needs_review",)
    return Verdict.ACCEPT, ()


def _bases(
    policy: Policy, rule: Rule, facts: LineFacts, *, today: date, in_window: bool, faulty: bool
) -> tuple[LegalBasis, ...]:
    if impossible := _impossible(facts):
        open_before_dispatch = impossible == "not_shipped" and withdrawal_is_open(policy, rule, facts, today=today)
        return (LegalBasis.WITHDRAWAL,) if open_before_dispatch else ()
    if faulty:
        covered = is_guaranteed(facts, today=today) or (in_window and not rule.exclusion)
        return (LegalBasis.GUARANTEE,) if covered else (LegalBasis.GOODWILL,)
    bases = []
    if withdrawal_is_open(policy, rule, facts, today=today):
        bases.append(LegalBasis.WITHDRAWAL)
    if in_window and not rule.exclusion:
        bases.append(LegalBasis.VOLUNTARY)
        if Resolution.EXCHANGE in rule.resolutions:
            bases.append(LegalBasis.EXCHANGE)
    if is_guaranteed(facts, today=today):
        bases.append(LegalBasis.GUARANTEE)
    if not rule.exclusion and not in_window:
        bases.append(LegalBasis.GOODWILL)
    return tuple(bases)


def window_end(rule: Rule, facts: LineFacts) -> date | None:
    """The last day of the window, inclusive, without grace; None while it has not begun.

    With ``window_days=30`` what was delivered on the 1st may be returned until the 31st. Delivery and dispatch mean
    the last parcel with units of the line: the window does not begin while units of it are still to be sent. What
    needs no shipping is delivered when it is dispatched.
    """
    if rule.window_from == WindowStart.ORDERED:
        return facts.ordered_on + timedelta(days=rule.window_days)
    if facts.shipped < facts.bought:
        return None
    delivered = facts.last_delivered if facts.is_shipping_required else facts.last_delivered or facts.last_dispatched
    start = facts.last_dispatched if rule.window_from == WindowStart.DISPATCHED else delivered
    return start + timedelta(days=rule.window_days) if start is not None else None


def is_guaranteed(facts: LineFacts, *, today: date) -> bool:
    """Whether the law makes the seller liable for faults that show today, as far as we know the country's law."""
    start = facts.last_delivered or facts.last_dispatched
    until = guaranteed_until(facts.country, start) if start is not None else None
    return until is not None and today <= until


def withdrawal_is_open(policy: Policy, rule: Rule, facts: LineFacts, *, today: date) -> bool:
    """Whether the statutory right of withdrawal is open for this line.

    Open from the order on, until ``withdrawal_days`` after the order's last goods arrived (art. 9(2)(b); what is not
    carried counts from its own supply), see ``law.last_day``. Of the exclusions only the shop's own FINAL_SALE leaves
    the right alone: the others are the law's (CRD 2011/83/EU, art. 16).
    """
    if not policy.withdrawal_enabled or facts.country not in policy.withdrawal_countries:
        return False
    if rule.exclusion not in {Exclusion.NONE, Exclusion.FINAL_SALE} or facts.order_canceled:
        return False
    delivered = facts.order_delivered if facts.is_shipping_required else facts.last_delivered or facts.last_dispatched
    if delivered is None or facts.shipped < facts.bought:
        return True
    return today <= last_day(delivered, policy.withdrawal_days, country=facts.country)


def auto_approval(policy: Policy, *, value: Money, reasons: Collection[str], returns_in_180_days: int) -> Decision:
    """Say whether a request within the rules needs a person, and why.

    ``value`` is the gross price of the order's returns taken together, this one included: a request split into
    several is worth as much as before. ``returns_in_180_days`` are the person's earlier returns.
    """
    if not policy.auto_approve:
        return Decision(Verdict.ASK_STAFF, ("needs_review",))
    limit = policy.auto_approve_limit.get(value.currency)
    most = policy.auto_approve_max_returns
    fine = policy.auto_approve_reasons
    against = tuple(
        reason
        for reason, applies in (
            ("value_above_limit", limit is not None and value.amount > limit),
            (
                "reason_needs_review",
                bool(fine) and not fine.issuperset(reasons),
            ),
            ("many_returns", most is not None and returns_in_180_days > most),
        )
        if applies
    )
    return Decision(Verdict.ASK_STAFF, against) if against else Decision(Verdict.ACCEPT)


def keeps_item(policy: Policy, *, collective_net: Money) -> bool:
    """Whether goods of so little value stay with the customer.

    ``collective_net`` is the price without tax of all units of the order in returns, this one and earlier ones: it
    does not help to ask for them one by one.
    """
    limit = policy.keep_item_limit.get(collective_net.currency)
    return limit is not None and collective_net.amount <= limit


def evidence_for(policy: Policy, reason: str) -> int:
    """How many photos a request with this reason needs."""
    return policy.evidence.get(reason, 0)
