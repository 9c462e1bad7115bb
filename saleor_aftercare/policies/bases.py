"""The legal bases that goods may come back on, and what each one obliges the seller to.

| basis | source |
|---|---|
| WITHDRAWAL | Consumer Rights Directive 2011/83/EU, art. 9 (14 days, no reason), 13 (all payments back within 14 |
| | days, with standard delivery, by the same means), 14 (direct cost of sending back, diminished value), 16 |
| GUARANTEE | Directive (EU) 2019/771, art. 10 (two years), 13 (repair, replacement, price back), 14 (free of charge), |
| | 16 (the seller bears the cost of the return); Japan: Civil Code art. 562-566 (契約不適合責任) |
| WARRANTY | what the guarantor promised: Directive (EU) 2019/771, art. 17 |
| VOLUNTARY, EXCHANGE | the shop's own promise; Japan: 特定商取引法 art. 15-3, as far as a clause was shown |
| GOODWILL | nothing: a person decided to be kind |

Not legal advice; states add to the directives.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from saleor_aftercare.core.decision import Verdict

from .law import REFUND_DAYS
from .models import Fault, LegalBasis, Resolution, ReturnShippingPayer
from .rules import Judgement


@dataclass(frozen=True, kw_only=True)
class BasisDuties:
    """What follows from a basis, whatever the shop's rules say."""

    basis: LegalBasis
    fees_allowed: bool  #: a return fee or a restocking share may be kept back
    needs_approval: bool  #: somebody, or the shop's rules, may say no
    refund_days: int | None  #: for the money, from the declaration; None: the law names no number of days
    refunds_outbound_shipping: bool  #: standard delivery goes back with the whole order; else the policy decides
    payer: ReturnShippingPayer | None  #: of the way back; None: the policy decides
    deduction_allowed: bool  #: for value that the goods lost by more than trying them out
    history_counts: bool  #: what the person sent back before may be held against this request
    same_means: bool  #: the customer cannot be made to take anything but the money, by the means they paid with
    text: Promise

    def words(self) -> str:
        """One or two plain sentences for staff and customers, in the present language."""
        return str(self.text)


_DUTIES: Final[Mapping[LegalBasis, BasisDuties]] = {
    duties.basis: duties
    for duties in (
        BasisDuties(
            basis=LegalBasis.WITHDRAWAL,
            fees_allowed=False,  # art. 13(1): all payments; 14(5): no liability beyond art. 13(2) and 14
            needs_approval=False,  # art. 9(1): without giving any reason; 11: the statement is enough
            refund_days=REFUND_DAYS,  # art. 13(1)
            refunds_outbound_shipping=True,  # art. 13(1) with 13(2): standard delivery only
            payer=None,  # art. 14(1): the consumer, unless the trader agreed to bear it
            deduction_allowed=True,  # art. 14(2): diminished value beyond necessary handling
            history_counts=False,
            same_means=True,  # art. 13(1): unless the consumer expressly agreed otherwise
            text=_(
                "The customer declared withdrawal from the contract. It needs no reason and no approval, costs no fee,"
                " and the money is due within 14 days."
            ),
        ),
        BasisDuties(
            basis=LegalBasis.VOLUNTARY,
            fees_allowed=True,
            needs_approval=True,
            refund_days=None,
            refunds_outbound_shipping=False,
            payer=None,
            deduction_allowed=True,
            history_counts=True,
            same_means=False,
            text=_("The shop takes goods back by its own rules: its period, fees and exclusions apply."),
        ),
        BasisDuties(
            basis=LegalBasis.EXCHANGE,
            fees_allowed=True,
            needs_approval=True,
            refund_days=None,
            refunds_outbound_shipping=False,
            payer=None,
            deduction_allowed=True,
            history_counts=True,
            same_means=False,
            text=_("The shop exchanges goods by its own rules: its period, fees and exclusions apply."),
        ),
        BasisDuties(
            basis=LegalBasis.GUARANTEE,
            fees_allowed=False,  # art. 14(1)(a), 2(14): free of charge, which includes postage and labour
            needs_approval=True,  # the seller may examine whether the goods conform
            refund_days=None,  # art. 14(1)(b): a reasonable time; 16(3): states set how the price is paid back
            refunds_outbound_shipping=True,  # art. 16(3)(b): the price paid goes back
            payer=ReturnShippingPayer.MERCHANT,  # art. 14(2), 16(3)(a): at the seller's expense
            deduction_allowed=False,  # art. 14(4): no payment for normal use before the replacement
            history_counts=False,
            same_means=True,
            text=_(
                "The goods are faulty, wrong, or were damaged on the way. The seller is liable: it costs the customer"
                " nothing, and the shop's own period and exclusions do not count."
            ),
        ),
        BasisDuties(
            basis=LegalBasis.WARRANTY,
            fees_allowed=False,  # art. 17(1): as promised, and no promise may take from the legal guarantee
            needs_approval=True,
            refund_days=None,
            refunds_outbound_shipping=False,
            payer=ReturnShippingPayer.MERCHANT,
            deduction_allowed=False,
            history_counts=False,
            same_means=False,
            text=_("A warranty was promised beyond the law; what was promised then is owed."),
        ),
        BasisDuties(
            basis=LegalBasis.GOODWILL,
            fees_allowed=True,
            needs_approval=True,
            refund_days=None,
            refunds_outbound_shipping=False,
            payer=None,
            deduction_allowed=True,
            history_counts=True,
            same_means=False,
            text=_("Nothing obliges the shop; a person decides what is offered."),
        ),
    )
}


def duties(basis: LegalBasis | str) -> BasisDuties:
    """What ``basis`` obliges the seller to; raises ValueError for a value that is none."""
    return _DUTIES[LegalBasis(basis)]


def basis_for(
    judgement: Judgement, *, fault: Fault | None, resolution: Resolution | str, override: bool = False
) -> LegalBasis:
    """The basis of one line of a request. A withdrawal is declared, never inferred, and has its own way in.

    A fault comes first: nobody loses the legal guarantee by asking for an exchange, or because staff had to go
    beyond the shop's rules for it.
    """
    if fault in {Fault.MERCHANT, Fault.CARRIER} and LegalBasis.GUARANTEE in judgement.bases:
        return LegalBasis.GUARANTEE
    beyond = judgement.verdict == Verdict.REFUSE or not {LegalBasis.VOLUNTARY, LegalBasis.EXCHANGE} & {*judgement.bases}
    if override or beyond:
        return LegalBasis.GOODWILL
    return LegalBasis.EXCHANGE if resolution == Resolution.EXCHANGE else LegalBasis.VOLUNTARY
