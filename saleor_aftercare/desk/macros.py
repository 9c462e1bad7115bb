"""Macros: steps that are done together, shown before they are done, and each with its own result."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import orjson
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.errors import AftercareError, Conflict, InvalidInput, NotFound, PermissionDenied
from saleor_aftercare.core.models import Shop
from saleor_aftercare.core.money import Money
from saleor_aftercare.core.texts import one_line
from saleor_aftercare.inbox.models import MessageKind, Ticket

from .macro_money import GIFTS, given_so_far
from .macro_steps import MONEY, OUTSIDE, Scene, Step, StepPlan, checked_step, perform, plan_step
from .models import Macro, MacroRun

MOST: Final = 200
MAX_STEPS: Final = 10
MAX_KEY: Final = 60
#: A step that has been under way for so long has lost its worker.
LOST_AFTER: Final = timedelta(minutes=2)


@dataclass(frozen=True)
class Plan:
    """What a macro would do to a conversation now."""

    steps: tuple[StepPlan, ...]
    fingerprint: str  #: of all that was shown

    @property
    def moves_money(self) -> bool:
        """Whether somebody gets money by it."""
        return any(one.moves_money for one in self.steps)

    @property
    def possible(self) -> bool:
        """Whether every step can be done."""
        return not any(one.problem for one in self.steps)


# -- the list ------------------------------------------------------------------------------------------------------


def macros_of(shop: Shop) -> QuerySet[Macro]:
    """The shop's macros, by name."""
    return Macro.objects.filter(shop=shop, archived_at=None).order_by("name", "pk")


def get_macro(shop: Shop, pk: int, *, field: str = "id") -> Macro:
    """One of them; raises NotFound(field)."""
    found = macros_of(shop).select_related("shop").filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such macro."), field)
    return found


def steps_of(macro: Macro) -> list[Step]:
    """Its steps, in order."""
    return [Step.from_json(one) for one in macro.steps]


@transaction.atomic
def save_macro(
    shop: Shop, *, name: str, steps: Sequence[Step], macro: Macro | None = None, version: int = 0, at: datetime
) -> Macro:
    """Add a macro, or change ``macro``, of which the editor had read ``version``.

    Raises:
        InvalidInput: "name", "steps", "steps.N.do", "steps.N.values" or "steps.N.texts…".
        Conflict: somebody saved or removed it meanwhile.
    """
    row = _row(shop, macro, version)
    row.name = one_line(name, "name", limit=100, required=True)
    if not 1 <= len(steps) <= MAX_STEPS:
        raise InvalidInput(_("Between 1 and %(limit)d steps.") % {"limit": MAX_STEPS}, "steps")
    row.steps = [checked_step(shop, one, f"steps.{n}").to_json() for n, one in enumerate(steps)]
    _check_gifts(steps)
    row.version += 1
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise InvalidInput(_("Another macro has this name."), "name") from None
    return row


@transaction.atomic
def remove_macro(macro: Macro, *, version: int, at: datetime) -> None:
    """Take it off the list; what was done with it stays on record. Raises Conflict."""
    row = _row(macro.shop, macro, version)
    row.archived_at = at
    row.version += 1
    row.save(update_fields=["archived_at", "version"])


def _check_gifts(steps: Sequence[Step]) -> None:
    """A second gift of a kind would have been shown without the first."""
    gifts = [one.do if one.do in GIFTS else "" for one in steps]
    for n, do in enumerate(gifts):
        if do and do in gifts[:n]:
            raise InvalidInput(_("A macro does this once at most."), f"steps.{n}.do")


def _row(shop: Shop, macro: Macro | None, version: int) -> Macro:
    if macro is None:
        Shop.objects.select_for_update(no_key=True).only("pk").get(pk=shop.pk)
        if macros_of(shop).count() >= MOST:
            raise InvalidInput(_("At most %(limit)d entries.") % {"limit": MOST}, "name")
        return Macro(shop=shop, version=0)
    row = Macro.objects.select_for_update(of=("self",)).get(pk=macro.pk)
    if row.version != version or row.archived_at is not None:
        raise Conflict(_("Somebody else has saved this meanwhile; reload and try again."), "version")
    return row


# -- before --------------------------------------------------------------------------------------------------------


def plan(macro: Macro, scene: Scene) -> Plan:
    """What it would do to a conversation now, step by step, in words; money by Saleor's figures of this moment.

    Nothing is changed. What cannot be done says why: ``StepPlan.problem``.
    """
    steps = _within_limit([plan_step(step, scene) for step in steps_of(macro)], scene)
    said = scene.ticket.messages.filter(is_automatic=False).exclude(kind=MessageKind.SYSTEM).order_by("-pk")
    newest = said.values_list("pk", flat=True).first()
    shown = [
        macro.pk,
        macro.version,
        scene.ticket.pk,
        scene.ticket.state,
        newest,
        [[one.do, one.summary, one.detail, one.fingerprint, one.problem] for one in steps],
    ]
    return Plan(steps, hashlib.sha256(orjson.dumps(shown)).hexdigest())


def _within_limit(steps: Sequence[StepPlan], scene: Scene) -> tuple[StepPlan, ...]:
    """The plans; those of steps with which somebody would give more than they may, all steps together, say so."""
    found, spent = list[StepPlan](), dict[str, Money]()
    for one in steps:
        problem = one.problem
        if one.moves_money and one.amount is not None and not problem:
            nothing = Money.zero(one.amount.currency)
            total = spent.get(nothing.currency, nothing) + one.amount
            spent[nothing.currency] = total
            try:
                scene.access.check_money(total + (one.before or nothing))
            except PermissionDenied as error:
                problem = error.message
        found.append(replace(one, problem=problem))
    return tuple(found)


# -- doing it ------------------------------------------------------------------------------------------------------


def run(macro: Macro, scene: Scene, *, key: str, fingerprint: str) -> MacroRun:
    """Do what was shown, exactly that, once per ``key``; a step that fails stops those behind it.

    Must not run inside a transaction: steps that move money ask Saleor.

    Raises:
        InvalidInput("key"): empty, or too long.
        Conflict: it would not be any more what was shown.
        InvalidInput("id"): a step cannot be done; the message says which and why.
    """
    if not 1 <= len(key) <= MAX_KEY or not key.isprintable():
        raise InvalidInput(_("At most %(limit)d characters.") % {"limit": MAX_KEY}, "key")
    own_key = key_of(scene.staff, key)
    if known := MacroRun.objects.filter(shop=macro.shop_id, key=own_key).first():
        return known
    now = plan(macro, scene)
    if now.fingerprint != fingerprint:
        raise Conflict(_("Something changed since this was shown; please look at it again."))
    if not now.possible:
        first = next(one for one in now.steps if one.problem)
        raise InvalidInput(f"{first.summary}: {first.problem}", "id")
    steps = [
        step.to_json()
        | {
            "summary": one.summary,
            "fingerprint": one.fingerprint,
            "case": one.case,
            "amount": [one.amount.wire(), one.amount.currency] if one.moves_money and one.amount else None,
            "state": "pending",
            "error": "",
        }
        for step, one in zip(steps_of(macro), now.steps, strict=True)
    ]
    row, made = MacroRun.objects.get_or_create(
        shop=macro.shop,
        key=own_key,
        defaults={
            "macro": macro,
            "ticket": scene.ticket,
            "member": scene.staff,
            "steps": steps,
            "created_at": scene.at,
        },
    )
    if made:
        Macro.objects.filter(pk=macro.pk).update(used=F("used") + 1)
        _go_on(row, scene)
    return row


def key_of(staff: StaffMember, key: str) -> str:
    """What a run is known by: everybody's keys are their own."""
    return f"{staff.pk}:{key}"


def retry(row: MacroRun, scene: Scene) -> MacroRun:
    """Try the step once more that failed, and go on behind it. Steps that were done stay done.

    A step that gives money gives what was shown then, or nothing. Raises Conflict when no step waits for that.
    """
    with transaction.atomic():
        locked = MacroRun.objects.select_for_update().get(pk=row.pk)
        stuck = [n for n, one in enumerate(locked.steps) if _may_be_tried(one, at=scene.at)]
        if not stuck or any(_is_under_way(one, at=scene.at) for one in locked.steps):
            raise Conflict(_("No step waits for another try."))
        for n in stuck:
            locked.steps[n] |= {"state": "pending", "error": ""}
        locked.save(update_fields=["steps"])
    _go_on(locked, scene)
    return locked


def resume(row: MacroRun, scene: Scene) -> MacroRun:
    """Go on with a run whose worker was lost half-way; a step that failed stays failed, and those behind it wait.

    Raises Conflict while a worker is at it.
    """
    with transaction.atomic():
        locked = MacroRun.objects.select_for_update().get(pk=row.pk)
        if any(_is_under_way(one, at=scene.at) for one in locked.steps):
            raise Conflict(_("This is being done at this moment."))
        for one in locked.steps:
            if one["state"] == "running":
                one["state"] = "pending"
        locked.save(update_fields=["steps"])
    _go_on(locked, scene)
    return locked


def _may_be_tried(step: dict[str, Any], *, at: datetime) -> bool:
    return step["state"] == "failed" or (step["state"] == "running" and not _is_under_way(step, at=at))


def _is_under_way(step: dict[str, Any], *, at: datetime) -> bool:
    return step["state"] == "running" and datetime.fromisoformat(step["at"]) > at - LOST_AFTER


def _go_on(row: MacroRun, scene: Scene) -> None:
    for n, step in enumerate(row.steps):
        if step["state"] == "done":
            continue
        if not _claim(row, n, at=scene.at):
            return
        try:
            _do(row, n, scene)
        except AftercareError as error:
            _note(row, n, state="failed", error=error.message[:300])
            return


def _do(row: MacroRun, n: int, scene: Scene) -> None:
    step, key = Step.from_json(row.steps[n]), f"macro-{row.pk}-{n}"
    fingerprint, case = row.steps[n]["fingerprint"], row.steps[n].get("case")
    if step.do in MONEY:
        _check_limit(row, n, scene)
    if step.do in OUTSIDE:
        # It may ask Saleor, which no transaction waits for.
        perform(step, scene, key=key, fingerprint=fingerprint, case=case)
        _note(row, n, state="done", error="")
        return
    # Done and noted in one, so that a worker that dies in between leaves nothing to be done twice.
    with transaction.atomic():
        perform(step, scene, key=key, fingerprint=fingerprint, case=case)
        _note(row, n, state="done", error="")


def _check_limit(row: MacroRun, n: int, scene: Scene) -> None:
    """Raise PermissionDenied where this step, with those before it, gives more than this person may give now."""
    if not row.steps[n].get("amount"):
        return
    currency = row.steps[n]["amount"][1]
    amounts = [one["amount"] for one in row.steps[: n + 1] if one.get("amount")]
    total = Money(sum((Decimal(amount) for amount, unit in amounts if unit == currency), Decimal(0)), currency)
    if row.steps[n]["do"] in GIFTS:
        total += given_so_far(scene.ticket, currency, apart_from=f"macro-{row.pk}-")
    scene.access.check_money(total)


def _claim(row: MacroRun, n: int, *, at: datetime) -> bool:
    """Take one step that waits; False when somebody else has it."""
    with transaction.atomic():
        locked = MacroRun.objects.select_for_update().get(pk=row.pk)
        if locked.steps[n]["state"] != "pending":
            return False
        locked.steps[n] |= {"state": "running", "at": at.isoformat()}
        locked.save(update_fields=["steps"])
    row.steps = locked.steps
    return True


def _note(row: MacroRun, n: int, **result: str) -> None:
    with transaction.atomic():
        locked = MacroRun.objects.select_for_update().get(pk=row.pk)
        locked.steps[n] |= result
        locked.save(update_fields=["steps"])
    row.steps = locked.steps


def get_run(shop: Shop, pk: int, *, staff: StaffMember) -> MacroRun:
    """One's own run of a macro; raises NotFound."""
    row = MacroRun.objects.filter(shop=shop, pk=pk, member=staff).select_related("macro__shop", "ticket__shop").first()
    if row is None:
        raise NotFound(_("There is no such run of a macro."), "id")
    return row


def ticket_of(row: MacroRun) -> Ticket:
    """The conversation of a run as it is now."""
    return Ticket.objects.select_related("shop", "order").get(pk=row.ticket_id)
