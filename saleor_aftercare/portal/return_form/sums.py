"""What a request comes to, as the server works it out and will carry it out."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from saleor_aftercare.core.money import Money
from saleor_aftercare.policies.models import Resolution
from saleor_aftercare.portal.sums import Sum, SumRow, row_of
from saleor_aftercare.returns.settlement import preview_request

from .draft import Picked, ReturnForm
from .offers import Offers


def sum_of(form: ReturnForm, offers: Offers, proposed: Mapping[int, Resolution] | None = None) -> Sum | None:
    """The sum of what is wished for now; the recipient of a gift sees none.

    ``proposed`` are wishes that are ticked on the page and not chosen yet, by order line.
    """
    if form.visit.is_gift or not form.picked:
        return None
    wishes = {one.pk: one.resolution or (proposed or {}).get(one.pk) for one in form.picked}
    preview = preview_request(
        form.order,
        [one.asked(wishes[one.pk]) for one in form.picked],
        at=form.visit.at,
        policy=form.policy,
        eligible=form.eligible,
        faults={code: reason.fault for code, reason in form.reasons.items()},
    )
    breakdown = preview.breakdown
    rows = [row_of(form.visit, item, breakdown.currency) for item in breakdown.items]
    due, rest = exchange_of(form, offers, wishes)
    money = form.visit.words.money

    def total(label: str, amount: Decimal, detail: str = "") -> list[SumRow]:
        return [SumRow(label, money(Money(amount, breakdown.currency).rounded()), detail)] if amount else []

    bonus = _("%(amount)s of it as a bonus") % {"amount": money(form.order.money(breakdown.bonus))}
    totals = [
        *total(_("Refund"), breakdown.refund + breakdown.gift_card + min(rest, breakdown.exchange)),
        *total(_("Store credit"), breakdown.credit, bonus if breakdown.bonus else ""),
        *total(_("Exchange for goods worth"), max(breakdown.exchange - rest, Decimal(0)) + due),
        *total(_("You pay for the exchange"), due),
    ]
    return Sum(rows=rows, totals=totals, notes=notes_of(form, wishes, at_most=preview.shipping_is_at_most))


def exchange_of(form: ReturnForm, offers: Offers, wishes: Mapping[int, Resolution | None]) -> tuple[Decimal, Decimal]:
    """What the customer pays on top for what they want in exchange, and what is left over, all lines together."""
    difference = Decimal(0)
    for one in form.picked:
        if wishes[one.pk] == Resolution.EXCHANGE:
            offer = offers.find(one, chosen_variant(one, offers))
            difference += offer.difference * one.quantity if offer else Decimal(0)
    return max(difference, Decimal(0)), max(-difference, Decimal(0))


def chosen_variant(one: Picked, offers: Offers) -> str:
    """What is wished for in exchange, or proposed."""
    return one.variant_id or offers.first(one)


def notes_of(form: ReturnForm, wishes: Mapping[int, Resolution | None], *, at_most: bool) -> list[str]:
    """What the sum depends on."""
    notes = [_("This holds when everything arrives complete and in the condition that you describe.")]
    if at_most:
        notes.append(_("Of the outbound shipping, what standard delivery would have cost is refunded at least."))
    if form.order.gift_cards and Resolution.REFUND in wishes.values():
        notes.append(_("What was paid with a gift card goes back on a new gift card."))
    if Resolution.REPAIR in wishes.values():
        notes.append(_("A repair within the guarantee costs you nothing; else we ask you before we begin."))
    return notes
