"""Orders, their returns, and who does what about the money; for the tests of this folder and of the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from saleor_aftercare.compensation.models import Refund, StoreCredit
from saleor_aftercare.compensation.plan import RefundRoute
from saleor_aftercare.connection.models import CommandState, ShopCommand
from saleor_aftercare.core import clock, jobs
from saleor_aftercare.core.events import Actor
from saleor_aftercare.core.models import ActorKind, Job, JobState
from saleor_aftercare.returns import queries
from saleor_aftercare.returns.actions import UnitsAsked, approve_return, receive_return, request_return, settle_return
from saleor_aftercare.returns.models import Return, ReturnReason
from saleor_aftercare.returns.settlement import Options, SettlementPreview, preview_settlement
from saleor_aftercare.sandbox import fulfill, mark_as_paid, place_order, settle_refunds
from tests.house import House

MEI = Actor(ActorKind.STAFF, "Mei Tanaka", 1)


def received(house: House, *, quantity: int = 3, back: int = 1, paid: str = "card", **order: Any) -> tuple[Any, Return]:
    """An order of the practice shop and its return, already here and recorded in Saleor."""
    sku = order.pop("sku", house.saleor.state.variants[0].sku)
    if paid == "card":
        placed = house.sell([(sku, quantity)], **order)
    else:
        user = next(u for u in house.saleor.state.users if not u.is_staff)
        placed = place_order(house.saleor, user=user, lines=[(sku, quantity)], **order)
        mark_as_paid(house.saleor, placed)
        fulfill(house.saleor, placed)
        house.settle()
    ours = house.order(placed)
    ret = request_return(
        ours,
        units=[UnitsAsked(ours.lines.get(), back, ReturnReason.DEFECTIVE)],
        note="",
        at=clock.now(),
        actor=MEI,
    )
    approve_return(ret, at=clock.now(), actor=MEI)
    receive_return(ret, lines=None, at=clock.now(), actor=MEI)
    house.settle()
    return placed, queries.get_return(house.shop, ret.pk)


def look(ret: Return, *, route: RefundRoute = RefundRoute.ORIGINAL) -> SettlementPreview:
    """What staff see."""
    return preview_settlement(ret, at=clock.now(), options=Options(route=route))


def press(ret: Return, *, key: str = "press-1", route: RefundRoute = RefundRoute.ORIGINAL) -> Refund:
    """Staff look, and press the button for all that is due; returns its one refund."""
    settlement = settle_return(
        ret,
        fingerprint=look(ret, route=route).fingerprint,
        key=key,
        note="",
        at=clock.now(),
        actor=MEI,
        options=Options(route=route),
    )
    return settlement.refunds.get()


def paid_back(house: House, placed: Any) -> Decimal:
    """What the practice shop's payments show as given back."""
    return sum((t.refunded for t in house.saleor.order(placed.id).transactions), Decimal(0))


def let_minutes_pass() -> None:
    """What is under way has ended, leases have run out, and everything that waits is due."""
    past = clock.real_now() - timedelta(minutes=10)
    ShopCommand.objects.filter(state__in=[CommandState.SENDING, CommandState.UNKNOWN]).update(state_since=past)
    Job.objects.filter(state=JobState.RUNNING).update(lease_until=past)
    jobs.take_back_expired_leases()
    Job.objects.filter(state=JobState.PENDING, attempts__gt=0).update(due_at=past)


def the_job_of(refund: Refund) -> Job:
    """The refund's own job, leased; everything else has run before."""
    row = Job.objects.filter(kind="compensation.refund", payload__refund=refund.pk)
    row.update(due_at=clock.now() + timedelta(days=1))
    jobs.run_due()
    row.update(due_at=clock.now())
    (job,) = jobs.claim(1)
    return job


def the_job_of_credit(credit: StoreCredit) -> Callable[[], None]:
    """Running the job of a store credit, once; everything else has run before."""
    row = Job.objects.filter(kind="compensation.store_credit", payload__credit=credit.pk)
    row.update(due_at=clock.now() + timedelta(days=1))
    jobs.run_due()
    row.update(due_at=clock.now())
    (job,) = jobs.claim(1)
    return lambda: jobs.run(job)


def come_to_rest(house: House) -> None:
    """Let workers, Saleor and the payment app do all they have to do."""
    for _round in range(20):
        house.settle()
        settle_refunds(house.saleor)
        house.settle()
        tried = Job.objects.filter(state=JobState.PENDING, attempts__gt=0)
        if not tried.exists() and not Job.objects.filter(state=JobState.RUNNING).exists():
            return
        let_minutes_pass()
