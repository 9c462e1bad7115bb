"""The fourth step: everything once more, with what follows from it, and the button that sends it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpResponse
from django.utils.translation import get_language

from saleor_aftercare.access import drafts
from saleor_aftercare.core.decision import Verdict
from saleor_aftercare.core.errors import AftercareError, NotFound, Refused
from saleor_aftercare.core.events import CUSTOMER
from saleor_aftercare.parcels.handing import ways_before
from saleor_aftercare.parcels.models import Handover
from saleor_aftercare.policies import queries as policies
from saleor_aftercare.policies.bases import basis_for, duties
from saleor_aftercare.policies.models import LegalBasis, Resolution, ReturnShippingPayer
from saleor_aftercare.policies.words import Clause, return_clause
from saleor_aftercare.portal import forms as shared
from saleor_aftercare.portal.visit import Visit, page
from saleor_aftercare.returns import actions

from .draft import Picked, ReturnForm
from .offers import offers_for
from .resolution import TITLES
from .sums import sum_of


@dataclass(frozen=True)
class Row:
    """A line as it is about to be sent."""

    picked: Picked
    wish: str
    basis: LegalBasis
    photos: list[shared.Attachment]


@page("GET", "POST")
def check(visit: Visit, number: str, key: str) -> HttpResponse:
    """Show it all once more; sending makes the return, once however often the button is pressed."""
    form = ReturnForm(visit, number, key)
    if (sent := form.sent) is not None:
        return sent
    if not form.is_wished:
        # What was filled in and does not hold any more is told; what was left out is just asked.
        begun = form.is_answered or any(one.reason is not None for one in form.picked)
        return form.go("resolution" if form.is_answered else "reasons", again=begun)
    offers = offers_for(form)
    if not offers.has_all(form.picked):
        return form.go("resolution", again=True)
    problems: list[shared.Problem] = []
    if visit.is_post:
        assert form.draft is not None  # noqa: S101  this step has one
        try:
            drafts.send_once(form.draft, lambda: send(form))
        except NotFound:
            raise
        except AftercareError as error:
            problems = [shared.Problem(error.message, "change_items")]
        else:
            assert form.sent is not None  # noqa: S101  it has just been sent
            return form.sent
    rows = [row_of(one) for one in form.picked]
    bases = [duties(row.basis) for row in rows]
    payer = payer_of(rows)
    ways = ways_of(form, payer)
    return form.render(
        "return_check.html",
        step=4,
        status=422 if problems else 200,
        problems=problems,
        rows=rows,
        note=str(form.data.get("note", "")),
        sum=sum_of(form, offers),
        we_pay=payer == ReturnShippingPayer.MERCHANT,
        has_fees=any(basis.fees_allowed for basis in bases),
        guarantee=any(row.basis == LegalBasis.GUARANTEE for row in rows),
        at_once=is_approved_at_once(form),
        address=address_of(form),
        hours=visit.settings.answer_within_hours,
        send_days=form.rules.ship_within_days,
        send_by=visit.words.day(visit.at + timedelta(days=form.rules.ship_within_days)),
        clause=clause_of(form),
        can_withdraw=not visit.is_gift and any(LegalBasis.WITHDRAWAL in one.one.judgement.bases for one in form.picked),
        version=form.policy.version,
        may_choose=len(ways) > 1,
        by_code=visit.request.POST.get("handover") == Handover.DROPOFF,
    )


def ways_of(form: ReturnForm, payer: ReturnShippingPayer) -> tuple[Handover, ...]:
    """How the parcel may be handed in: by what the shop's label provider can do, where the shop pays for the label."""
    return ways_before(form.visit.shop, payer=payer, provider=form.visit.settings.label_provider)


def row_of(one: Picked) -> Row:
    """A line with its wish in words, and what the request for it rests on."""
    wish = one.resolution or Resolution.REFUND
    words = str(TITLES[wish])
    if one.variant_name:
        words = f"{words}: {one.variant_name}"
    basis = basis_for(one.judgement, fault=one.reason.fault if one.reason else None, resolution=wish)
    return Row(one, words, LegalBasis(basis), [shared.attachment(photo) for photo in one.photos])


def payer_of(rows: list[Row]) -> ReturnShippingPayer:
    """One parcel has one payer: the shop, as soon as it owes the way back of anything in it."""
    payers = {duties(row.basis).payer or row.picked.judgement.who_pays for row in rows}
    return ReturnShippingPayer.MERCHANT if ReturnShippingPayer.MERCHANT in payers else ReturnShippingPayer.CUSTOMER


def is_approved_at_once(form: ReturnForm) -> bool:
    """As far as the rules tell without counting earlier returns: the page promises nothing that sending may break."""
    return (
        form.rules.auto_approve
        and form.rules.auto_approve_max_returns is None
        and not form.rules.auto_approve_limit
        and not form.rules.auto_approve_reasons
        and all(one.judgement.verdict == Verdict.ACCEPT for one in form.picked)
    )


def clause_of(form: ReturnForm) -> Clause | None:
    """The Japanese 返品特約, which the last screen has to show to whoever lives there."""
    if (form.order.shipping_address or {}).get("country") != "JP":
        return None
    return return_clause(form.rules, get_language() or "en", channel=form.order.channel)


def address_of(form: ReturnForm) -> tuple[str, ...]:
    """Where the parcel will go, line by line; nothing while the shop has not said."""
    country = str((form.order.shipping_address or {}).get("country", ""))
    try:
        visit = form.visit
        address = policies.return_address_for(visit.shop, form.policy, country, settings=visit.settings)
    except Refused:
        return ()
    return address.lines(get_language() or "en", country=True)


def send(form: ReturnForm) -> str:
    """Make the return; gives its number."""
    visit = form.visit
    session = visit.require_session()
    gift = None
    if visit.is_gift:
        gift = actions.GiftRecipient(email=session.email, name=session.name, language=get_language() or "")
    # What is not offered any more is not asked for: the label is what there is then.
    wish = visit.request.POST.get("handover", "")
    ways = ways_of(form, payer_of([row_of(one) for one in form.picked]))
    version = shared.whole_numbers([visit.request.POST.get("policy", "")])
    ret = actions.request_return(
        form.order,
        units=[one.asked() for one in form.picked],
        note=str(form.data.get("note", "")),
        at=visit.at,
        actor=CUSTOMER,
        source="portal",
        gift=gift,
        policy_version=version[0] if version else None,
        handover=wish if wish in ways else Handover.LABEL,
    )
    return str(ret.number)
