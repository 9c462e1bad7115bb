"""A macro on many conversations: planned for each, shown as one summary, and done as it was shown, once each.

Every conversation has a key of its own, so that a worker that is lost half-way, or two at once, do nothing twice; and
its own plan, so that what is no longer as it was shown is left alone and named.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db.models import F
from django.utils.translation import gettext as _

from saleor_aftercare.connection.shop import speaking_to_staff
from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import AftercareError, Conflict, NotFound, ProviderUnavailable
from saleor_aftercare.core.events import Actor
from saleor_aftercare.core.models import ActorKind
from saleor_aftercare.core.money import Money
from saleor_aftercare.inbox.models import Ticket
from saleor_aftercare.team.access import access_of

from . import macros
from .bulk_changes import values_of
from .bulk_orders import Traces, Undo, traces_of, undo_of
from .macro_steps import Scene, Step
from .models import BulkAction, BulkItem, BulkState, Macro, MacroRun

#: Conversations of one macro: each is worked out by itself, twice.
MAX_MACRO_TICKETS: Final = 500
#: Conversations of one job; the next goes on, so that no lease runs out although each may ask Saleor.
PER_JOB: Final = 40
HANDLE_PAYMENTS: Final = "HANDLE_PAYMENTS"


@dataclass(frozen=True)
class PlanLine:
    """What a macro would do to one of the conversations."""

    ticket: Ticket
    amounts: tuple[Money, ...]
    problem: str
    steps: tuple[str, ...]


@dataclass(frozen=True)
class BulkPlan:
    """What a macro would do to all of them."""

    macro: Macro
    lines: tuple[PlanLine, ...]
    undo: Undo
    letters: int  #: answers that customers would get
    moves_money: bool

    @property
    def possible(self) -> int:
        """To how many it can be done."""
        return sum(not line.problem for line in self.lines)

    @property
    def totals(self) -> list[Money]:
        """What would be given, by currency."""
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for line in self.lines:
            for amount in () if line.problem else line.amounts:
                sums[amount.currency] += amount.amount
        return [Money(amount, currency) for currency, amount in sorted(sums.items())]


def plan_of(row: BulkAction) -> BulkPlan:
    """What was worked out for an action; in two queries."""
    items = list(BulkItem.objects.filter(bulk=row, plan__isnull=False).select_related("ticket").order_by("pk"))
    planned = [(item, _worked_out(item)) for item in items]
    lines = tuple(
        PlanLine(
            item.ticket,
            tuple(Money(Decimal(amount), currency) for amount, currency in plan["amounts"]),
            plan["problem"],
            tuple(plan["steps"]),
        )
        for item, plan in planned
    )
    steps = [Step.from_json(one) for one in row.values["steps"]]
    letters = sum(step.do == "reply" for step in steps) * sum(not line.problem for line in lines)
    macro = Macro.objects.get(shop=row.shop_id, pk=row.values["macro"])
    money = any(plan["money"] and not plan["problem"] for _item, plan in planned)
    return BulkPlan(macro, lines, undo_of(steps), letters, money)


def _worked_out(item: BulkItem) -> dict[str, Any]:
    if item.plan is None:
        raise LookupError("Nothing was planned for this conversation")
    plan: dict[str, Any] = item.plan
    return plan


def scene_of(row: BulkAction, ticket: Ticket, at: datetime) -> Scene:
    """A conversation as whoever asked may act on it now: their role is looked up anew."""
    permissions = frozenset(row.values["permissions"])
    return Scene(
        ticket=ticket,
        staff=row.member,
        actor=Actor(ActorKind.STAFF, row.member.display_name, row.member.pk),
        access=access_of(row.shop, row.member, permissions),
        may_pay=HANDLE_PAYMENTS in permissions,
        at=at,
    )


def work(pk: int) -> BulkAction | None:
    """Plan or do some conversations of an action; returns it when there is more to do.

    Raises ProviderUnavailable while another worker is at the next one.
    """
    for _turn in range(PER_JOB):
        row = BulkAction.objects.select_related("shop", "member").get(pk=pk)
        if row.state not in {BulkState.PLANNING, BulkState.RUNNING}:
            return None
        at = clock.now()
        if row.done >= len(row.keys):
            _finish(row, at)
            return None
        with speaking_to_staff(row.shop):
            try:
                macro = macros.get_macro(row.shop, row.values["macro"])
            except NotFound:
                _finish(row, at, "stop")
                return None
            one = _plan_one if row.state == BulkState.PLANNING else _do_one
            one(row, macro, row.keys[row.done], at)
        # Whoever was stopped, or overtaken by another worker, counts nothing.
        BulkAction.objects.filter(pk=pk, state=row.state, done=row.done).update(done=F("done") + 1)
    return BulkAction.objects.select_related("shop").get(pk=pk)


def _finish(row: BulkAction, at: datetime, action: str = "") -> None:
    try:
        row.move(action or ("plan" if row.state == BulkState.PLANNING else "finish"), at=at)
    except Conflict:
        return  # somebody stopped it, or another worker was faster


def _ticket(row: BulkAction, key: int) -> Ticket | None:
    return Ticket.objects.select_related("shop", "order").filter(shop=row.shop_id, pk=key).first()


def _plan_one(row: BulkAction, macro: Macro, key: int, at: datetime) -> None:
    ticket = _ticket(row, key)
    if ticket is None:
        return
    plan = macros.plan(macro, scene_of(row, ticket, at))
    problem = next((f"{one.summary}: {one.problem}" for one in plan.steps if one.problem), "")
    money = [one.amount for one in plan.steps if one.moves_money and one.amount is not None]
    worked_out = {
        "fingerprint": plan.fingerprint,
        "steps": [one.summary for one in plan.steps],
        "amounts": [[str(amount.amount), amount.currency] for amount in money],
        "money": plan.moves_money,
        "problem": problem[:300],
    }
    values = {"plan": worked_out, "problem": problem[:300]}
    BulkItem.objects.update_or_create(bulk=row, ticket=ticket, defaults=values)


def _do_one(row: BulkAction, macro: Macro, key: int, at: datetime) -> None:
    item = BulkItem.objects.filter(bulk=row, ticket=key).first()
    ticket = _ticket(row, key)
    if item is None or ticket is None or item.problem or item.after:
        return
    scene, traces = scene_of(row, ticket, at), traces_of(row)
    try:
        if not scene.access.may_see(ticket):
            raise NotFound(_("There is no such conversation."), "id")
        run = _run(item, macro, scene, traces)
    except AftercareError as error:
        if isinstance(error, ProviderUnavailable):
            raise
        item.problem = error.message[:300]
    else:
        item.after = {"run": run.pk} | values_of(ticket, traces)
        failed = next((one for one in run.steps if one["state"] == "failed"), None)
        item.problem = f"{failed['summary']}: {failed['error']}"[:300] if failed else ""
        if item.before == {name: item.after[name] for name in item.before}:
            item.before = {}
    item.save(update_fields=["before", "after", "problem"])


def _run(item: BulkItem, macro: Macro, scene: Scene, traces: Traces) -> MacroRun:
    key = f"bulk-{item.bulk_id}-{item.ticket_id}"
    known = MacroRun.objects.filter(shop=macro.shop_id, key=macros.key_of(scene.staff, key)).first()
    if known is None:
        # Written down before anything is done, so that it can be taken back although the worker may be lost.
        item.before = values_of(scene.ticket, traces)
        item.save(update_fields=["before"])
        run = macros.run(macro, scene, key=key, fingerprint=_worked_out(item)["fingerprint"])
    else:
        try:
            run = macros.resume(known, scene)
        except Conflict as error:
            raise _later(error.message) from None
    states = {one["state"] for one in run.steps}
    if "failed" not in states and states != {"done"}:
        raise _later(_("This is being done at this moment."))
    return run


def _later(why: str) -> ProviderUnavailable:
    return ProviderUnavailable(why, retry_after_s=int(macros.LOST_AFTER.total_seconds()))
