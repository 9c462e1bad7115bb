"""What staff read about declarations: what happened, what to look at, and how the period was counted."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from .models import Flag, Withdrawal
from .policy import Period, PeriodState
from .words import day

#: Sentences that customers may read too.
PUBLIC: Final = {
    "withdrawal.declared": gettext_noop("The withdrawal was declared, and acknowledged."),
    "withdrawal.matched": gettext_noop("The order was found; the withdrawal is in force."),
    "withdrawal.return_made": gettext_noop("The return %(number)s was made for the withdrawal."),
    "withdrawal.proof_given": gettext_noop("The customer showed that the goods are on their way."),
    "withdrawal.out_of_scope": gettext_noop("There is no right to withdraw here."),
    "withdrawal.reopened": gettext_noop("The withdrawal is looked at again."),
    "withdrawal.settled": gettext_noop("The withdrawal is settled."),
}
#: Sentences for staff alone.
INTERNAL: Final = {
    "withdrawal.unmatched": gettext_noop("No order was found for the withdrawal; please look for it."),
    "withdrawal.return_failed": gettext_noop("No return could be made for the withdrawal; please look."),
    "withdrawal.refund_due": gettext_noop("The refund of the withdrawal is due; please settle it."),
}


def _written(value: date | None) -> str:
    return day(value, get_language() or "en") if value is not None else ""


def notices_of(withdrawal: Withdrawal) -> list[str]:
    """One sentence per flag, in the present language, in the order of weight."""
    ends_on = _written(withdrawal.period_ends_on)
    number = withdrawal.repeats.number if withdrawal.repeats is not None else ""
    sentences = {
        Flag.LATE: _(
            "The period to withdraw ended on %(date)s, before this was declared. If nothing speaks for the"
            " customer, mark it as out of scope with the reason; else carry it out."
        )
        % {"date": ends_on},
        Flag.PERHAPS_LATE: _(
            "The period would have ended on %(date)s if the parcel arrived when we think. Nobody has"
            " confirmed that, so the withdrawal is in force."
        )
        % {"date": ends_on},
        Flag.ORDER_CANCELED: _("The order was cancelled: there is nothing to send back. See that the money is."),
        Flag.NO_RIGHT: _("Your return rules know no right to withdraw for the country of delivery."),
        Flag.GOODS_IN_WORDS: _("Some goods are named in words only. Say which lines they are."),
        Flag.REPEATED: _("%(number)s covers the same contract already; this one will be settled with it.")
        % {"number": number},
        Flag.NOTHING_LEFT: _("Everything of this order has come back, or is on its way, in other returns."),
        Flag.ALL_EXCEPTED: _("Every line is an exception to the right to withdraw, by your return rules."),
        Flag.RETURN_FAILED: _("No return could be made: %(problem)s") % {"problem": withdrawal.problem},
    }
    return [sentences[Flag(flag)] for flag in withdrawal.flags if flag in Flag.values]


def period_explained(period: Period, *, days: int) -> str:
    """How the period of an order was counted, in a sentence."""
    if period.state == PeriodState.CANCELED:
        return _("The order was cancelled.")
    if period.state == PeriodState.NO_RIGHT:
        return _("Your return rules know no right to withdraw for the country of delivery.")
    if period.state == PeriodState.NOT_BEGUN:
        return _("Not everything has arrived: the period of %(days)d days has not begun.") % {"days": days}
    blanks = {"date": _written(period.counted_from), "end": _written(period.ends_on), "days": days}
    if period.estimated:
        return _("By estimate the last parcel arrives on %(date)s; %(days)d days end on %(end)s.") % blanks
    return _("The last parcel arrived on %(date)s; %(days)d days end on %(end)s.") % blanks
