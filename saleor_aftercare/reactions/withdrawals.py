"""Withdrawals: staff see them, and what happens to the goods and the money is noted on them."""

from __future__ import annotations

from saleor_aftercare.connection.events import FulfillmentDelivered
from saleor_aftercare.connection.models import Fulfillment
from saleor_aftercare.core import clock
from saleor_aftercare.core.events import reacts_to
from saleor_aftercare.core.models import ActorKind, Event
from saleor_aftercare.inbox.actions import add_system_line, note_case_changed, open_case_ticket
from saleor_aftercare.inbox.models import CaseKind, TicketChannel
from saleor_aftercare.returns.events import ReturnResolved, ReturnSent
from saleor_aftercare.returns.queries import get_return
from saleor_aftercare.withdrawals import actions
from saleor_aftercare.withdrawals.deadlines import plan_reminders
from saleor_aftercare.withdrawals.events import (
    WithdrawalMatched,
    WithdrawalOutOfScope,
    WithdrawalProofGiven,
    WithdrawalRefundDue,
    WithdrawalReopened,
    WithdrawalReturnFailed,
    WithdrawalReturnMade,
    WithdrawalSettled,
    WithdrawalUnmatched,
)
from saleor_aftercare.withdrawals.models import HELD_BACK, Withdrawal, WithdrawalState
from saleor_aftercare.withdrawals.queries import get_withdrawal

#: What somebody of the shop has to act on now.
_URGENT = frozenset({WithdrawalUnmatched.kind, WithdrawalReturnFailed.kind, WithdrawalRefundDue.kind})


@reacts_to(WithdrawalUnmatched, WithdrawalMatched)
def open_a_ticket_for_the_withdrawal(event: Event) -> None:
    """Once its order was looked for, so that it joins the conversation about that order."""
    withdrawal = get_withdrawal(event.shop, event.subject_id)
    order = withdrawal.order
    open_case_ticket(
        event.shop,
        case=CaseKind.WITHDRAWAL,
        case_id=withdrawal.pk,
        order=order,
        subject=f"{withdrawal.number} {withdrawal.contract}",
        customer_name=withdrawal.name,
        customer_email=withdrawal.email,
        user_id=order.user_id if order else "",
        language=withdrawal.language,
        channel=TicketChannel.API if withdrawal.source == "api" else TicketChannel.PORTAL,
        body=withdrawal.statement,
        attachments=(),
        source=f"withdrawal:{withdrawal.pk}",
        at=withdrawal.declared_at,
    )
    _tell(event)


@reacts_to(
    WithdrawalReturnMade,
    WithdrawalReturnFailed,
    WithdrawalProofGiven,
    WithdrawalRefundDue,
    WithdrawalOutOfScope,
    WithdrawalReopened,
    WithdrawalSettled,
)
def tell_the_withdrawals_story(event: Event) -> None:
    """One line per step."""
    _tell(event)


@reacts_to(ReturnSent)
def take_the_parcel_for_the_proof(event: Event) -> None:
    """A carrier has the goods of a withdrawal: the refund need not wait for more."""
    ret = get_return(event.shop, event.subject_id)
    for withdrawal in Withdrawal.objects.filter(shop=event.shop, ret=ret, state=WithdrawalState.OPEN):
        plan_reminders(withdrawal, at=clock.now())


@reacts_to(ReturnResolved)
def settle_the_withdrawal(event: Event) -> None:
    """What was due was given back: the declaration is done, and so are its repetitions."""
    rows = Withdrawal.objects.filter(shop=event.shop, state=WithdrawalState.OPEN)
    for withdrawal in rows.filter(ret_id=event.subject_id) | rows.filter(repeats__ret_id=event.subject_id):
        actions.settle(withdrawal, at=clock.now())


@reacts_to(FulfillmentDelivered)
def count_the_period_from_the_arrival(event: Event) -> None:
    """An arrival that was only estimated is known now."""
    parcel = Fulfillment.objects.get(shop=event.shop, pk=event.subject_id)
    for withdrawal in Withdrawal.objects.filter(shop=event.shop, order_id=parcel.order_id, state=WithdrawalState.OPEN):
        actions.look_at_the_period_again(withdrawal)


def _tell(event: Event) -> None:
    data = {**event.data, "by": event.actor_name if event.actor_kind == ActorKind.STAFF else ""}
    held_back = event.kind == WithdrawalMatched.kind and not HELD_BACK.isdisjoint(event.data["flags"])
    told = add_system_line(
        event.shop,
        CaseKind.WITHDRAWAL,
        event.subject_id,
        event=event.kind,
        data=data,
        source=f"event:{event.pk}",
        at=event.at,
        urgent=held_back or event.kind in _URGENT,
    )
    if told is None:
        # A step may be told before the ticket is open: several workers take jobs at once. It opens from its start.
        started = (
            Event.objects.select_related("shop")
            .filter(
                shop=event.shop,
                kind__in=[WithdrawalUnmatched.kind, WithdrawalMatched.kind],
                subject_id=event.subject_id,
                pk__lt=event.pk,
            )
            .first()
        )
        if started is not None:
            open_a_ticket_for_the_withdrawal(started)
            _tell(event)
    note_case_changed(event.shop, CaseKind.WITHDRAWAL, event.subject_id, at=event.at)
