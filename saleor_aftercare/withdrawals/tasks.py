"""What happens after a declaration, each step in a job of its own."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import Order
from saleor_aftercare.connection.orders import look_up_order
from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import AftercareError, ProviderError, ProviderUnavailable, Refused
from saleor_aftercare.core.events import CUSTOMER, SYSTEM, publish
from saleor_aftercare.core.jobs import handles
from saleor_aftercare.core.models import Job
from saleor_aftercare.policies.models import Exclusion, LegalBasis
from saleor_aftercare.returns.actions import UnitsAsked, request_return
from saleor_aftercare.returns.models import Return

from . import actions, letters, queries
from .events import WithdrawalRefundDue, WithdrawalReturnFailed, WithdrawalReturnMade
from .models import Flag, Withdrawal, WithdrawalState
from .policy import Duty
from .queries import LineOffer
from .statements import goods_name, order_numbers
from .words import Words, words_of

#: Tries at a Saleor that does not answer, before staff are told that an order could not be looked for yet.
_PATIENCE = 3


@handles("withdrawals.look_up")
def look_up(job: Job) -> None:
    """Find the order of a declaration by its number and e-mail; without one, staff look.

    A Saleor that is away is asked again later, but staff hear of the declaration soon.
    """
    withdrawal = Withdrawal.objects.select_related("shop", "order").get(pk=job.payload["withdrawal"])
    at = clock.now()
    if withdrawal.state == WithdrawalState.OPEN and withdrawal.looked_up_at is None:
        actions.judge(withdrawal, at=at, actor=SYSTEM)
        return
    if withdrawal.state != WithdrawalState.UNMATCHED:
        return
    try:
        order = _find(withdrawal)
    except ProviderUnavailable:
        if job.attempts >= _PATIENCE:
            actions.note_unmatched(withdrawal, at=at)
        raise
    except ProviderError:
        actions.note_unmatched(withdrawal, at=at)
        raise
    if order is None:
        actions.note_unmatched(withdrawal, at=at)
    else:
        actions.match(withdrawal, order=order, at=at, actor=SYSTEM)


def _find(withdrawal: Withdrawal) -> Order | None:
    for number in order_numbers(withdrawal.contract):
        order = look_up_order(withdrawal.shop, number=number, email=withdrawal.email, at=clock.now())
        if order is not None:
            return order
    return None


@handles("withdrawals.make_return")
def make_return(job: Job) -> None:
    """Make the return of a declaration in force, once, and tell the declarer what it covers."""
    withdrawal = queries.get_withdrawal_of_job(job.payload["withdrawal"])
    at = clock.now()
    if withdrawal.state != WithdrawalState.OPEN or withdrawal.ret_id is not None:
        return
    try:
        with transaction.atomic():
            locked = Withdrawal.objects.select_for_update().get(pk=withdrawal.pk)
            if locked.state != WithdrawalState.OPEN or locked.ret_id is not None:
                return
            ret = _make(withdrawal)
            withdrawal.ret = ret
            withdrawal.save(update_fields=["ret"])
            letters.write_in_force(withdrawal, ret, _excepted(withdrawal), at=at)
            publish(WithdrawalReturnMade(withdrawal.pk, number=ret.number), shop=withdrawal.shop, at=at)
    except AftercareError as error:
        _note_failure(withdrawal, error.message)


def _make(withdrawal: Withdrawal) -> Return:
    at = clock.now()
    assert withdrawal.order is not None  # noqa: S101  in force: the table holds it to that
    wanted = {line.order_line_id: line.quantity for line in withdrawal.lines.all()}
    units = []
    for offer in queries.offers_of(withdrawal.order, at=at, policy=withdrawal.policy):
        most = offer.sent + offer.unsent if wanted else offer.left
        quantity = min(wanted.get(offer.order_line.pk, 0), most) if wanted else most
        if quantity:
            units.append(_units(offer, quantity))
    if not units:
        raise Refused(_("Nothing of this order is left to come back."), "lines")
    ret = request_return(withdrawal.order, units=units, note="", at=at, actor=CUSTOMER, source="withdrawal")
    # The money is due from the declaration, not from the day on which its order was found.
    Return.objects.filter(pk=ret.pk).update(refund_due_on=withdrawal.refund_due_on)
    ret.refund_due_on = withdrawal.refund_due_on
    return ret


def _units(offer: LineOffer, quantity: int) -> UnitsAsked:
    # What never left the warehouse comes first: the less has to travel, the better for everybody.
    return UnitsAsked(
        order_line=offer.order_line,
        quantity=quantity,
        reason="",
        unsent=min(quantity, offer.unsent),
        legal_basis=LegalBasis.WITHDRAWAL,
    )


def _excepted(withdrawal: Withdrawal) -> list[str]:
    """The exceptions as the declarer reads them: which goods, and why."""
    assert withdrawal.order is not None  # noqa: S101
    words = words_of(withdrawal.language)
    lines = {line.pk: line for line in withdrawal.order.lines.all()}
    return [
        f"{goods_name(lines[one['line']])}: {exception_text(words, one['exclusion'])}"
        for one in withdrawal.exceptions
        if one["line"] in lines
    ]


def exception_text(words: Words, exclusion: Exclusion | str) -> str:
    """Why a line is an exception, in the words of a language."""
    return words.exceptions.get(str(exclusion), words.excepted)


@transaction.atomic
def _note_failure(withdrawal: Withdrawal, problem: str) -> None:
    locked = Withdrawal.objects.select_for_update(of=("self",)).select_related("shop").get(pk=withdrawal.pk)
    if locked.ret_id is not None:
        return
    locked.flags = [*(flag for flag in locked.flags if flag != Flag.RETURN_FAILED), Flag.RETURN_FAILED.value]
    locked.problem = problem[:500]
    locked.save(update_fields=["flags", "problem"])
    publish(WithdrawalReturnFailed(locked.pk), shop=locked.shop, at=clock.now())


@handles("withdrawals.remind")
def remind(job: Job) -> None:
    """Tell staff that a refund is due, if it still is and need not wait for the goods."""
    withdrawal = queries.get_withdrawal_of_job(job.payload["withdrawal"])
    at = clock.now()
    duty = queries.duty_of(withdrawal, today=queries.today_of(withdrawal.shop, at))
    if duty in {Duty.RUNNING, Duty.OVERDUE} and withdrawal.refund_due_on is not None:
        publish(
            WithdrawalRefundDue(
                withdrawal.pk, due_on=withdrawal.refund_due_on.isoformat(), overdue=duty == Duty.OVERDUE
            ),
            shop=withdrawal.shop,
            at=at,
        )
