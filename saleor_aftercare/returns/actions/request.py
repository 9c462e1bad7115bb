"""Asking to send units back: the one way in, for customers, gift recipients, staff and declared withdrawals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from saleor_aftercare.connection.models import Order, OrderLine
from saleor_aftercare.core import texts
from saleor_aftercare.core.decision import Decision, Verdict
from saleor_aftercare.core.errors import Conflict, InvalidInput, Refused
from saleor_aftercare.core.events import SYSTEM, Actor, publish
from saleor_aftercare.core.ids import next_number
from saleor_aftercare.core.models import ActorKind, StoredFile
from saleor_aftercare.parcels.handing import ways_before
from saleor_aftercare.parcels.models import Handover
from saleor_aftercare.policies import queries as policies
from saleor_aftercare.policies.bases import basis_for, duties
from saleor_aftercare.policies.models import (
    LegalBasis,
    Resolution,
    ReturnPolicy,
    ReturnShippingPayer,
)
from saleor_aftercare.policies.reasons import Reason
from saleor_aftercare.policies.rules import Judgement, Policy, auto_approval, reason_text
from saleor_aftercare.returns.eligibility import LineEligibility, collective_value, eligibility
from saleor_aftercare.returns.events import ReturnRequested
from saleor_aftercare.returns.models import Return, ReturnLine, ReturnState
from saleor_aftercare.returns.signals import address_key_of, voluntary_returns_before

from .checking import check_form, checked_answers, checked_resolution
from .decide import approve_return

#: How long a page with older rules may stay open, as a draft of it may: then the customer reads the new ones.
DRAFT_LIFETIME: Final = timedelta(days=2)
#: From so many exchanges of the same goods on, a person looks at the next request.
EXCHANGES_UNSEEN: Final = 2


@dataclass(frozen=True)
class UnitsAsked:
    """Units of one order line that somebody wants to send back."""

    order_line: OrderLine
    quantity: int
    reason: str  #: code of a reason of the shop
    note: str = ""
    photos: tuple[StoredFile, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)  #: to the reason's questions, by their code
    resolution: str = Resolution.REFUND
    exchange_variant_id: str = ""  #: Saleor global ID; empty for the same again
    exchange_name: str = ""  #: as the customer saw it
    unsent: int = 0  #: of ``quantity``, units that never left the warehouse (withdrawals only)
    legal_basis: LegalBasis | None = None  #: given for declared withdrawals; else it follows from the request


@dataclass(frozen=True)
class GiftRecipient:
    """Who asks for a gift that they were given. The payer learns nothing of it, and they learn no price."""

    email: str
    name: str = ""
    language: str = ""


@transaction.atomic
def request_return(
    order: Order,
    *,
    units: Sequence[UnitsAsked],
    note: str,
    at: datetime,
    actor: Actor,
    source: str = "portal",
    gift: GiftRecipient | None = None,
    override: str = "",
    policy_version: int | None = None,
    advance_exchange: bool = False,
    handover: str = Handover.LABEL,
) -> Return:
    """Ask to send units back; approved at once where the policy, or the law, needs nobody's decision.

    The order's row is locked while units are counted: two requests for the last unit cannot both win. The request
    is judged by the policy that ``policy_version`` names, the one that was shown, if it was in force within the last
    two days. ``override`` is why staff go beyond the rules: nothing but the count of units holds then. ``handover``
    is how the customer would hand the parcel in, of the ways that are offered for who pays.

    Raises:
        InvalidInput: field ``lines``, ``lines.N.FIELD`` (quantity, reason, answers.CODE, photos, note, resolution or
            exchangeVariantId), ``note``, ``overrideReason``, ``policyVersion``, ``handover``,
            ``giftRecipient.email|name``.
        Refused: the policy says no to a line (field ``lines.N``), or fewer units are left (``lines.N.quantity``).
        Conflict: the rules have changed since they were shown (field ``policyVersion``).
    """
    by_staff = actor.kind == ActorKind.STAFF
    trusted = actor.kind != ActorKind.CUSTOMER
    override = texts.one_line(override, "overrideReason", limit=500)
    if (override or advance_exchange) and not trusted:
        raise Refused(_("Only the shop's staff may do this."), "overrideReason" if override else "advanceExchange")
    check_form(order, [(u.order_line, u.quantity, u.note, u.photos) for u in units], note)
    locked = Order.objects.select_for_update(of=("self",)).select_related("shop__settings").get(pk=order.pk)
    policy = policy_shown(locked, policy_version, at=at)
    rules = policies.as_rules(policy)
    today = at.astimezone(ZoneInfo(locked.shop.settings.time_zone)).date()
    case = _Case(is_gift=gift is not None, trusted=trusted, override=bool(override))
    eligible = {one.order_line.pk: one for one in eligibility(locked, at=at, policy=policy)}
    reasons = {
        one.code: one
        for one in policies.reasons_of(locked.shop, staff=trusted, language=locked.language, policy=policy)
    }
    judged = []
    for n, asked in enumerate(units):
        reason = reasons.get(asked.reason)
        if reason is None and (asked.reason or asked.legal_basis != LegalBasis.WITHDRAWAL):
            raise InvalidInput(_("Please choose a reason."), f"lines.{n}.reason")
        line = eligible[asked.order_line.pk]
        judgement = line.judged(rules, today=today, fault=reason.fault if reason else None)
        judged.append(_judged(case, n, asked, line, judgement, reason))
    decision = Decision.worst([one.decision for one in judged])
    payer = _payer(judged)
    if handover not in ways_before(locked.shop, payer=payer, provider=locked.shop.settings.label_provider):
        raise InvalidInput(_("This way of handing the parcel in is not offered."), "handover")
    ret = Return.objects.create(
        shop=locked.shop,
        number=f"RMA-{next_number(locked.shop, 'return')}",
        order=locked,
        policy=policy,
        state=ReturnState.REQUESTED,
        state_since=at,
        verdict=decision.verdict,
        verdict_reasons=list(decision.reasons),
        note=note.strip(),
        requested_at=at,
        source=source,
        legal_basis=_strongest([one.basis for one in judged]),
        payer=payer,
        handover=handover,
        address_key=address_key_of(locked),
        override_reason=override,
        overridden_by=actor.name[:200] if override else "",
        advance_exchange=advance_exchange,
        refund_due_on=_refund_due(judged, at=at, zone=ZoneInfo(locked.shop.settings.time_zone)),
        **_gift_columns(gift),
    )
    for one in judged:
        one.keep(ret)
    publish(ReturnRequested(ret.pk, by_staff=by_staff), shop=ret.shop, at=at, actor=actor)
    if not override:
        _approve_at_once(ret, judged, decision, rules, at=at)
    return ret


def policy_shown(order: Order, version: int | None, *, at: datetime) -> ReturnPolicy:
    """The policy of that version, if a page that showed it may still be open; the one in force for None.

    Raises InvalidInput for a version that never was, Conflict for one that was replaced more than two days ago.
    """
    current = policies.policy_of(order.shop)
    if version is None or version == current.version:
        return current
    shown = ReturnPolicy.objects.filter(shop=order.shop, version=version).prefetch_related("rules").first()
    if shown is None:
        raise InvalidInput(_("There is no such version of the return rules."), "policyVersion")
    replaced_at = ReturnPolicy.objects.values_list("created_at", flat=True).get(shop=order.shop, version=version + 1)
    if at - replaced_at > DRAFT_LIFETIME:
        raise Conflict(
            _("The return rules have changed since this page was opened. Please look at them and send it again."),
            "policyVersion",
        )
    return shown


# -- one line ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Case:
    """What holds for every line of a request."""

    is_gift: bool
    trusted: bool  #: staff, or ourselves: no photos are asked for
    override: bool


@dataclass(frozen=True)
class _Judged:
    """A line that may come back, and on which terms."""

    asked: UnitsAsked
    line: LineEligibility
    judgement: Judgement
    basis: LegalBasis
    decision: Decision
    answers: Mapping[str, str]

    @property
    def payer(self) -> ReturnShippingPayer:
        return duties(self.basis).payer or self.judgement.who_pays

    def keep(self, ret: Return) -> ReturnLine:
        asked = self.asked
        row = ReturnLine.objects.create(
            ret=ret,
            order_line=asked.order_line,
            quantity=asked.quantity,
            unsent=asked.unsent,
            reason=asked.reason,
            note=asked.note.strip(),
            answers=dict(self.answers),
            resolution=asked.resolution,
            exchange_variant_id=asked.exchange_variant_id,
            exchange_name=asked.exchange_name[:400],
            legal_basis=self.basis,
            rule_position=self.judgement.rule.position,
        )
        row.photos.set(asked.photos)
        return row


def _judged(
    case: _Case, n: int, asked: UnitsAsked, line: LineEligibility, judgement: Judgement, reason: Reason | None
) -> _Judged:
    declared = asked.legal_basis == LegalBasis.WITHDRAWAL
    if judgement.verdict == Verdict.REFUSE and not declared and not case.override:
        raise Refused(" ".join(map(reason_text, judgement.reasons)), f"lines.{n}")
    _check_units(n, asked, line)
    answers: Mapping[str, str] = {}
    if reason is not None and not declared:
        answers = checked_answers(reason, asked.answers, field=f"lines.{n}.answers")
        if not case.trusted and len(asked.photos) < reason.photos_required:
            wanted = ngettext(
                "Please add at least %(count)d photo, so that we can see it.",
                "Please add at least %(count)d photos, so that we can see it.",
                reason.photos_required,
            )
            raise InvalidInput(wanted % {"count": reason.photos_required}, f"lines.{n}.photos")
    checked_resolution(
        asked.resolution,
        offered=tuple(Resolution) if case.override or declared else judgement.resolutions,
        is_gift=case.is_gift,
        exchange_variant_id=asked.exchange_variant_id,
        field=f"lines.{n}",
    )
    basis = asked.legal_basis or basis_for(
        judgement, fault=reason.fault if reason else None, resolution=asked.resolution, override=case.override
    )
    decision = judgement.decision
    if not duties(basis).needs_approval:
        decision = Decision(Verdict.ACCEPT)
    elif line.exchanges >= EXCHANGES_UNSEEN and decision.verdict == Verdict.ACCEPT:
        decision = Decision(Verdict.ASK_STAFF, ("exchanged_before",))
    return _Judged(asked, line, judgement, LegalBasis(basis), decision, answers)


def _check_units(n: int, asked: UnitsAsked, line: LineEligibility) -> None:
    sent = asked.quantity - asked.unsent
    left = line.facts.returnable
    if asked.unsent:
        waiting = max(0, line.facts.bought - line.facts.shipped)
        if not 0 <= asked.unsent <= min(asked.quantity, waiting):
            raise Refused(_("Only %(left)d of these are still with us.") % {"left": waiting}, f"lines.{n}.unsent")
    if sent > left:
        raise Refused(_("Only %(left)d of these can be returned now.") % {"left": left}, f"lines.{n}.quantity")


# -- the request as a whole ----------------------------------------------------------------------------------------

#: The basis with the most duties names the case, where its lines rest on several.
_STRENGTH: Final = (
    LegalBasis.WITHDRAWAL,
    LegalBasis.GUARANTEE,
    LegalBasis.WARRANTY,
    LegalBasis.VOLUNTARY,
    LegalBasis.EXCHANGE,
    LegalBasis.GOODWILL,
)


def _strongest(bases: Sequence[LegalBasis]) -> LegalBasis:
    return min(bases, key=_STRENGTH.index)


def _payer(judged: Sequence[_Judged]) -> ReturnShippingPayer:
    """One parcel has one payer: the shop, as soon as it owes the way back of anything in it."""
    ours = any(one.payer == ReturnShippingPayer.MERCHANT for one in judged)
    return ReturnShippingPayer.MERCHANT if ours else ReturnShippingPayer.CUSTOMER


def _refund_due(judged: Sequence[_Judged], *, at: datetime, zone: ZoneInfo) -> date | None:
    days = [days for one in judged if (days := duties(one.basis).refund_days) is not None]
    return at.astimezone(zone).date() + timedelta(days=min(days)) if days else None


def _gift_columns(gift: GiftRecipient | None) -> dict[str, str]:
    if gift is None:
        return {}
    return {
        "gift_recipient_email": texts.email(gift.email, "giftRecipient.email"),
        "gift_recipient_name": texts.one_line(gift.name, "giftRecipient.name", limit=200),
        "gift_recipient_language": gift.language[:10],
    }


def _approve_at_once(
    ret: Return, judged: Sequence[_Judged], decision: Decision, rules: Policy, *, at: datetime
) -> None:
    """Where nobody has to decide: by law, or because every condition of the policy's own automation holds."""
    if decision.verdict == Verdict.ACCEPT and any(duties(one.basis).needs_approval for one in judged):
        history = 0
        if any(duties(one.basis).history_counts for one in judged) and rules.auto_approve_max_returns is not None:
            history = voluntary_returns_before(ret, days=180, at=at)
        decision = auto_approval(
            rules,
            value=ret.order.money(collective_value(ret.order)),
            reasons={one.asked.reason for one in judged if duties(one.basis).needs_approval},
            returns_in_180_days=history,
        )
        if decision.verdict != Verdict.ACCEPT:
            Return.objects.filter(pk=ret.pk).update(verdict=decision.verdict, verdict_reasons=list(decision.reasons))
            ret.verdict, ret.verdict_reasons = decision.verdict, list(decision.reasons)
    if decision.verdict == Verdict.ACCEPT:
        try:
            with transaction.atomic():
                approve_return(ret, at=at, actor=SYSTEM)
        except Refused:
            # There is no return address, or no way to make a label: staff see the request, and what is missing.
            ret.refresh_from_db(fields=["state", "state_since", "expires_on", "advance_due_on", "question"])
