"""Carrying out a refund, step by step, each written down before it is taken.

Whenever a worker dies, the next run finds the refund's state and its commands, and goes on from there. Nothing is
sent twice: see ``connection.commands``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.commands import carry_out, write_command
from saleor_aftercare.connection.models import CommandState, ShopCommand
from saleor_aftercare.connection.shop import speaking_to_staff
from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import ProviderUnavailable
from saleor_aftercare.core.jobs import MAX_ATTEMPTS, handles, schedule
from saleor_aftercare.core.models import Job

from . import actions, queries
from .ledger import Grant, Ledger, Payment
from .models import Refund, RefundMethod, RefundState

log = structlog.get_logger(__name__)

#: How often to look again whether Saleor's figures are final, in seconds.
SETTLING_POLL_S = (1, 2, 5, 15, 60)
#: A payment app may take days (Saleor itself gives up on an answer after five minutes); then a person looks.
RESULT_POLL_S = (2, 5, 15, 60, 120, 300, 900, 3600, 3 * 3600, 12 * 3600, 24 * 3600)


@handles("compensation.refund")
def run_refund(job: Job) -> None:
    """Take a refund as far as it goes now."""
    refund = Refund.objects.select_related("shop", "order__shop").get(pk=job.payload["refund"])
    # What goes wrong is written down for the shop's staff, in the shop's language.
    with speaking_to_staff(refund.shop):
        _take_further(refund, job, at=clock.now())


def _take_further(refund: Refund, job: Job, *, at: datetime) -> None:
    if refund.state == RefundState.PENDING and not _start(refund, job, at=at):
        return
    if refund.state != RefundState.PROCESSING:
        return
    try:
        if refund.method == RefundMethod.MANUAL:
            _record_manual(refund, at=at)
        else:
            _grant_and_request(refund, at=at)
    except ProviderUnavailable:
        if job.attempts < MAX_ATTEMPTS:
            raise
        actions.ask_staff(refund, reason=_("Saleor did not answer for a long time."), at=at)


def _start(refund: Refund, job: Job, *, at: datetime) -> bool:
    """Judge the refund against Saleor's figures and choose the payment; False when it failed that test.

    Older refunds of the order that Saleor does not show yet come first, so two at once cannot both take the last.
    Raises ProviderUnavailable for a while when something else is under way on the order's payments: Saleor's figures
    are not final then.
    """
    ledger, _answer = queries.read_money(refund.order, at=at)
    ours = queries.reserved(refund.order, ledger, before=refund.pk)
    available = queries.left_for_refund(refund, ledger, ours)
    if available < refund.money:
        wait_for_what_is_under_way(ledger, job)
        amount = f"{available.wire()} {available.currency}"
        actions.fail(refund, reason=_("Only %(amount)s can still be refunded.") % {"amount": amount}, at=at)
        return False
    transaction_id, means = "", refund.means
    if refund.method == RefundMethod.PAYMENT_APP:
        payment = _payment_for(refund, ledger, ours)
        if payment is None:
            wait_for_what_is_under_way(ledger, job)
            actions.fail(refund, reason=_("No payment app can refund that much on a single payment."), at=at)
            return False
        transaction_id, means = payment.id, payment.means
    refund.move("start", at=at, transaction_id=transaction_id, means=means)
    return True


def wait_for_what_is_under_way(ledger: Ledger, job: Job) -> None:
    """Raise ProviderUnavailable while another refund of the order awaits its answer, for some minutes at most."""
    if ledger.grants_pending() and job.attempts <= len(SETTLING_POLL_S):
        raise ProviderUnavailable(
            "Another refund of the order is under way.", retry_after_s=SETTLING_POLL_S[job.attempts - 1]
        )


def _payment_for(refund: Refund, ledger: Ledger, ours: queries.Reserved) -> Payment | None:
    """The payment that was planned; where none was, or a new try has to look elsewhere, one that can give it all."""
    planned = ledger.payment(refund.transaction_id)
    if planned is not None and refund.money <= ledger.free(planned, reserved=ours.by_transaction):
        return planned
    if refund.transaction_id and refund.retry_of_id is None:
        return None
    return ledger.payment_for(refund.money, reserved=ours.by_transaction)


def _grant_and_request(refund: Refund, *, at: datetime) -> None:
    promise = {
        "amount": refund.money.wire(),
        "reason": f"{refund.reference}{f': {refund.note}' if refund.note else ''}",
        "transactionId": refund.transaction_id,
    }
    if refund.reason_reference:
        promise["reasonReference"] = refund.reason_reference
    grant = _step(refund, "grant_refund", {"id": refund.order.saleor_id, "input": promise}, at=at)
    if grant is None:
        return
    request = _step(refund, "request_refund", {"grantedRefundId": grant.response["granted_refund"]}, at=at)
    if request is None:
        return
    with transaction.atomic():
        # Together: a refund that waits for an answer always has a job that looks for it.
        refund.move("hand_over", at=at)
        schedule(
            "compensation.refund_result",
            key=f"refund-result:{refund.pk}",
            shop=refund.shop,
            due_at=at,
            payload={"refund": refund.pk, "grant": grant.response["granted_refund"]},
            again=True,
        )


def _record_manual(refund: Refund, *, at: datetime) -> None:
    message = f"{refund.reference}{f': {refund.note}' if refund.note else ''}"
    done = _step(
        refund,
        "manual_refund",
        {
            "id": refund.order.saleor_id,
            "transaction": {
                "name": "Manual refund",
                "pspReference": f"aftercare-{refund.reference}-{refund.pk}",
                "amountRefunded": {"amount": refund.money.wire(), "currency": refund.currency},
            },
            "event": {"message": message},
        },
        at=at,
    )
    if done is not None:
        actions.settle(refund, at=at)


def _step(refund: Refund, kind: str, request: dict[str, Any], *, at: datetime) -> ShopCommand | None:
    """Carry out one command of a refund; None when Saleor refused it, and the refund has failed."""
    command = write_command(
        refund.shop,
        kind=kind,
        reference=f"refund:{refund.pk}:{kind}",
        subject=("refund", refund.pk),
        order_id=refund.order.saleor_id,
        request=request,
        at=at,
    )
    command.shop = refund.shop
    carry_out(command, at=at)
    if command.state == CommandState.FAILED:
        actions.fail(refund, reason=command.error, at=at)
        return None
    return command


@handles("compensation.refund_result")
def find_result(job: Job) -> None:
    """See what the payment app did; looks again, less and less often, until Saleor says."""
    refund = Refund.objects.select_related("shop", "order__shop").get(pk=job.payload["refund"])
    if refund.state == RefundState.AWAITING_PROVIDER:
        with speaking_to_staff(refund.shop):
            _look_for_the_answer(refund, job, at=clock.now())


def _look_for_the_answer(refund: Refund, job: Job, *, at: datetime) -> None:
    ledger, _answer = queries.read_money(refund.order, at=at)
    grant = ledger.grant(job.payload["grant"])
    if grant is not None and grant.status == "SUCCESS":
        _settle_by(refund, grant, at=at)
    elif grant is not None and grant.status == "FAILURE":
        actions.fail(refund, reason=grant.message or _("The payment app refused the refund."), at=at)
    elif job.attempts > len(RESULT_POLL_S):
        actions.ask_staff(refund, reason=_("The payment app has not answered. Look at the payment itself."), at=at)
    else:
        raise ProviderUnavailable(
            "The payment app has not answered yet.", retry_after_s=RESULT_POLL_S[job.attempts - 1]
        )


def _settle_by(refund: Refund, grant: Grant, *, at: datetime) -> None:
    """Saleor calls a grant a success even when the payment app gave back less."""
    if grant.paid < refund.money:
        actions.ask_staff(
            refund,
            reason=_("The payment app gave back %(paid)s of %(asked)s %(currency)s.")
            % {"paid": grant.paid.wire(), "asked": refund.money.wire(), "currency": refund.currency},
            at=at,
        )
        return
    actions.settle(refund, at=at)
