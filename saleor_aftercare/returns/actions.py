"""What people do with returns, one function per verb."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.compensation.actions import start_refund
from saleor_aftercare.compensation.models import Refund
from saleor_aftercare.connection.models import Order, OrderLine
from saleor_aftercare.connection.shop import return_address_of
from saleor_aftercare.core.decision import Decision, Verdict
from saleor_aftercare.core.errors import Conflict, InvalidInput, Refused
from saleor_aftercare.core.events import SYSTEM, Actor, publish
from saleor_aftercare.core.files import MAX_FILES
from saleor_aftercare.core.ids import next_number
from saleor_aftercare.core.jobs import schedule
from saleor_aftercare.core.models import ActorKind, Shop, StoredFile
from saleor_aftercare.core.money import Money
from saleor_aftercare.policies.models import ReturnPolicy, ReturnShippingPayer

from . import queries
from .events import (
    ReturnApproved,
    ReturnCanceled,
    ReturnDeclined,
    ReturnReceived,
    ReturnRequested,
    ReturnResolved,
)
from .models import Return, ReturnLine, ReturnReason, ReturnState
from .policy import reason_text

MAX_NOTE = 5000


@dataclass(frozen=True)
class UnitsAsked:
    """Units of one order line that the customer wants to send back."""

    order_line: OrderLine
    quantity: int
    reason: str  #: a ReturnReason
    note: str = ""
    photos: tuple[StoredFile, ...] = ()


@transaction.atomic
def request_return(order: Order, *, units: Sequence[UnitsAsked], note: str, at: datetime, actor: Actor) -> Return:
    """Ask to send units back; approved at once where the policy accepts without asking staff.

    The order's row is locked while units are counted: two requests for the last unit cannot both win.

    Raises:
        InvalidInput: field ``lines``, ``lines.N.quantity``, ``lines.N.reason``, ``lines.N.photos`` or ``note``.
        Refused: the policy says no to a line (field ``lines.N``), or fewer units are left (``lines.N.quantity``).
    """
    _check_form(order, units, note)
    locked = Order.objects.select_for_update(of=("self",)).select_related("shop").get(pk=order.pk)
    policy = queries.policy_of(locked.shop)
    eligible = {e.order_line.pk: e for e in queries.eligibility(locked, at=at, policy=policy)}
    decisions = []
    for n, asked in enumerate(units):
        line = eligible[asked.order_line.pk]
        if line.verdict == Verdict.REFUSE:
            raise Refused(" ".join(map(reason_text, line.reasons)), f"lines.{n}")
        if asked.quantity > line.returnable:
            raise Refused(
                _("Only %(left)d of these can be returned now.") % {"left": line.returnable}, f"lines.{n}.quantity"
            )
        decisions.append(Decision(line.verdict, line.reasons))
    decision = Decision.worst(decisions)
    ret = Return.objects.create(
        shop=locked.shop,
        number=f"RMA-{next_number(locked.shop, 'return')}",
        order=locked,
        policy=policy,
        state=ReturnState.REQUESTED,
        state_since=at,
        verdict=decision.verdict,
        verdict_reasons=list(decision.reasons),
        note=note.strip(),
        requested_at=at,
    )
    for asked in units:
        row = ReturnLine.objects.create(
            ret=ret,
            order_line=asked.order_line,
            quantity=asked.quantity,
            reason=asked.reason,
            note=asked.note.strip(),
        )
        row.photos.set(asked.photos)
    publish(ReturnRequested(ret.pk, by_staff=actor.kind == ActorKind.STAFF), shop=ret.shop, at=at, actor=actor)
    if decision.verdict == Verdict.ACCEPT and _can_be_approved(ret):
        approve_return(ret, at=at, actor=SYSTEM)
    return ret


def _can_be_approved(ret: Return) -> bool:
    try:
        return_address_of(ret.shop)
    except Refused:
        return False
    return True


def _check_form(order: Order, units: Sequence[UnitsAsked], note: str) -> None:
    if not units:
        raise InvalidInput(_("Please choose at least one item."), "lines")
    if len({u.order_line.pk for u in units}) != len(units):
        raise InvalidInput(_("An item is listed twice."), "lines")
    if len(note) > MAX_NOTE:
        raise InvalidInput(_("At most %(limit)d characters.") % {"limit": MAX_NOTE}, "note")
    for n, asked in enumerate(units):
        if asked.order_line.order_id != order.pk:
            raise InvalidInput(_("This item is not part of the order."), f"lines.{n}")
        if asked.quantity < 1:
            raise InvalidInput(_("The quantity must be at least 1."), f"lines.{n}.quantity")
        if asked.reason not in ReturnReason.values:
            raise InvalidInput(_("Please choose a reason."), f"lines.{n}.reason")
        if len(asked.note) > MAX_NOTE:
            raise InvalidInput(_("At most %(limit)d characters.") % {"limit": MAX_NOTE}, f"lines.{n}.note")
        if len(asked.photos) > MAX_FILES:
            raise InvalidInput(_("At most %(limit)d photos.") % {"limit": MAX_FILES}, f"lines.{n}.photos")


@transaction.atomic
def approve_return(ret: Return, *, at: datetime, actor: Actor) -> Return:
    """Say that we want the goods; the label is made and mailed by a job.

    Raises Conflict, or Refused while the shop has no return address to print.
    """
    return_address_of(ret.shop)
    ret.move("approve", at=at)
    publish(ReturnApproved(ret.pk), shop=ret.shop, at=at, actor=actor)
    schedule("returns.make_label", key=f"return-label:{ret.pk}", shop=ret.shop, due_at=at, payload={"return": ret.pk})
    return ret


@transaction.atomic
def decline_return(ret: Return, *, reason: str, at: datetime, actor: Actor) -> Return:
    """Say no, with the reason that the customer will read. Raises InvalidInput("reason") or Conflict."""
    reason = reason.strip()
    if not reason or len(reason) > MAX_NOTE:
        raise InvalidInput(_("Please give the reason; the customer will read it."), "reason")
    ret.move("decline", at=at, decline_reason=reason)
    publish(ReturnDeclined(ret.pk), shop=ret.shop, at=at, actor=actor)
    return ret


@transaction.atomic
def cancel_return(ret: Return, *, at: datetime, actor: Actor) -> Return:
    """The customer keeps the goods; possible until they arrived. Raises Conflict."""
    ret.move("cancel", at=at)
    publish(ReturnCanceled(ret.pk), shop=ret.shop, at=at, actor=actor)
    return ret


@transaction.atomic
def receive_return(ret: Return, *, quantities: Mapping[int, int] | None, at: datetime, actor: Actor) -> Return:
    """The parcel was opened. ``quantities`` maps ReturnLine.pk to units that were in it; None: everything.

    A job records the units in Saleor as returned, without any refund.

    Raises:
        InvalidInput: ``lines`` names another return's line, none arrived, or more than were asked back.
        Conflict: the return is not APPROVED, or somebody received it first.
    """
    lines = list(ret.lines.all())
    arrived = {line.pk: line.quantity for line in lines} if quantities is None else dict(quantities)
    if set(arrived) - {line.pk for line in lines}:
        raise InvalidInput(_("This item is not part of the return."), "lines")
    if not any(arrived.values()):
        raise InvalidInput(_("Nothing has arrived? Then leave the return open, or decline it."), "lines")
    ret.move("receive", at=at)
    for line in lines:
        units = arrived.get(line.pk, 0)
        if not 0 <= units <= line.quantity:
            raise InvalidInput(
                _("Between 0 and %(most)d of these can have arrived.") % {"most": line.quantity}, "lines"
            )
        line.quantity_received = units
        line.save(update_fields=["quantity_received"])
    publish(ReturnReceived(ret.pk), shop=ret.shop, at=at, actor=actor)
    schedule("returns.record", key=f"return-record:{ret.pk}", shop=ret.shop, due_at=at, payload={"return": ret.pk})
    return ret


@transaction.atomic
def refund_return(
    ret: Return, *, amount: Money, method: str, key: str, note: str, at: datetime, actor: Actor
) -> Refund:
    """Give money back for goods that arrived; the same ``key`` again returns the same refund.

    ``amount`` is at most the goods' price and the shipping due, less what this return was already refunded; Saleor's
    own figures are asked once more before anything is sent.

    Raises:
        InvalidInput: ``amount`` or ``method`` is unusable.
        Refused: more than is due.
        Conflict: the goods are not here yet, or all was settled before.
    """
    locked = Return.objects.select_for_update(of=("self",)).select_related("shop", "order", "policy").get(pk=ret.pk)
    known = Refund.objects.filter(shop=locked.shop, key=key).first()
    if known is not None:
        if known.subject != "return" or known.subject_id != locked.pk:
            raise InvalidInput(_("This key was used for something else."), "idempotencyKey")
        return known
    if locked.state != ReturnState.RECEIVED:
        raise Conflict(_("A refund follows when the goods have arrived, and only once; reload and look again."))
    due = queries.goods_due(locked) + queries.shipping_due(locked)
    left = due - locked.order.money(queries.total_refunded(locked))
    if left < amount:
        raise Refused(
            _("At most %(amount)s is due for this return.") % {"amount": f"{left.wire()} {left.currency}"}, "amount"
        )
    return start_refund(
        locked.order,
        amount=amount,
        method=method,
        key=key,
        subject=("return", locked.pk),
        label=locked.number,
        note=note,
        at=at,
        actor=actor,
    )


@transaction.atomic
def resolve_return(ret: Return, *, at: datetime, actor: Actor = SYSTEM) -> Return:
    """Close a received return whose money is settled. Raises Conflict."""
    ret.move("resolve", at=at)
    publish(ReturnResolved(ret.pk), shop=ret.shop, at=at, actor=actor)
    return ret


_PLAIN = {
    "window_days",
    "who_pays",
    "auto_approve",
    "excluded_skus",
    "excluded_product_types",
    "refund_original_shipping",
}


@transaction.atomic
def save_policy(shop: Shop, *, values: Mapping[str, Any], at: datetime) -> ReturnPolicy:
    """Put new rules into force; open cases keep the version that their customers saw.

    Saving what is in force already makes no new version. Raises InvalidInput naming the column.
    """
    Shop.objects.select_for_update().get(pk=shop.pk)
    current = queries.policy_of(shop)
    fields = {name: getattr(current, name) for name in _PLAIN} | _checked_policy(values)
    if all(getattr(current, name) == value for name, value in fields.items()):
        return current
    return ReturnPolicy.objects.create(shop=shop, version=current.version + 1, created_at=at, **fields)


def _checked_policy(values: Mapping[str, Any]) -> dict[str, Any]:
    checked = dict(values)
    if unknown := set(checked) - _PLAIN:
        raise InvalidInput(f"Unknown: {sorted(unknown)}")
    days = checked.get("window_days", 0)
    if not isinstance(days, int) or not 0 <= days <= 3650:
        raise InvalidInput(_("A whole number from %(low)d to %(high)d.") % {"low": 0, "high": 3650}, "window_days")
    if "who_pays" in checked and checked["who_pays"] not in ReturnShippingPayer.values:
        raise InvalidInput(_("Please choose who pays."), "who_pays")
    for name in ("excluded_skus", "excluded_product_types"):
        if name in checked:
            entries = list(dict.fromkeys(str(v).strip() for v in checked[name] if str(v).strip()))
            if len(entries) > 1000 or any(len(e) > 200 for e in entries):
                raise InvalidInput(_("At most 1000 entries of 200 characters."), name)
            checked[name] = entries
    return checked
