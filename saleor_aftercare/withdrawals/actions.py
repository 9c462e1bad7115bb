"""What people do with declarations of withdrawal, one function per verb.

A declaration takes effect by being made: nothing here can refuse one. What it is about is found out afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import Order, OrderLine
from saleor_aftercare.core import limits, texts
from saleor_aftercare.core.errors import Conflict, InvalidInput
from saleor_aftercare.core.events import CUSTOMER, Actor, publish
from saleor_aftercare.core.ids import next_number
from saleor_aftercare.core.jobs import schedule
from saleor_aftercare.core.models import Shop, StoredFile
from saleor_aftercare.policies import queries as policies
from saleor_aftercare.policies.models import ReturnPolicy
from saleor_aftercare.returns import actions as returns
from saleor_aftercare.returns.models import ReturnState

from . import letters, queries
from .deadlines import plan_reminders
from .events import (
    WithdrawalDeclared,
    WithdrawalMatched,
    WithdrawalOutOfScope,
    WithdrawalProofGiven,
    WithdrawalReopened,
    WithdrawalSettled,
    WithdrawalUnmatched,
)
from .models import HELD_BACK, Flag, Withdrawal, WithdrawalLine, WithdrawalState
from .policy import flags_of, refund_due, send_back_due
from .statements import Statement

MAX_REASON: Final = 5000
MAX_PROOFS: Final = 6
#: What one sender may declare. People declare once; whoever declares more often can still write a mail.
_LIMITS: Final = (("ip", 30), ("email", 10), ("order", 20))
_PER: Final = timedelta(hours=1)


# -- declaring -------------------------------------------------------------------------------------------------------


def count_declaration(shop: Shop, *, ip: str, email: str, contract: str) -> None:
    """Count one declaration of this address, for this mailbox and for this contract; raises RateLimited."""
    who = {"ip": ip, "email": f"{shop.pk}:{email}", "order": f"{shop.pk}:{contract.lower()}"}
    for name, limit in _LIMITS:
        if who[name]:
            limits.hit(f"withdrawal-{name}", who[name], limit=limit, per=_PER)


def declare(
    shop: Shop,
    *,
    key: str,
    statement: Statement,
    order: Order | None,
    source: str,
    at: datetime,
    ip: str = "",
    actor: Actor = CUSTOMER,
) -> Withdrawal:
    """Record a confirmed statement and write its acknowledgement, in one transaction; the same ``key`` once.

    ``order`` is that of somebody who is signed in; None for a guest, whose order a job looks for: whether it exists
    makes no difference here. ``at`` is the moment of the confirmation, which is what counts in law. Raises
    RateLimited for more than people declare, counted by ``ip``, mailbox and contract.
    """
    known = Withdrawal.objects.filter(shop=shop, key=key).first()
    if known is not None:
        return known
    count_declaration(shop, ip=ip, email=statement.email, contract=statement.contract)
    try:
        with transaction.atomic():
            return _declare(shop, key, statement, order, source, at, actor)
    except IntegrityError:
        # Pressed twice at the same moment: the other one declared it. Anything else is our bug and shows here.
        return Withdrawal.objects.get(shop=shop, key=key)


def _declare(
    shop: Shop, key: str, statement: Statement, order: Order | None, source: str, at: datetime, actor: Actor
) -> Withdrawal:
    policy = policies.policy_of(shop)
    today = queries.today_of(shop, at)
    withdrawal = Withdrawal.objects.create(
        shop=shop,
        number=f"WD-{next_number(shop, 'withdrawal')}",
        key=key,
        state=WithdrawalState.UNMATCHED if order is None else WithdrawalState.OPEN,
        state_since=at,
        name=statement.name,
        email=statement.email,
        contract=statement.contract,
        statement=statement.text,
        goods=statement.goods,
        whole_contract=statement.whole,
        language=statement.language,
        declared_at=at,
        acknowledged_at=at,
        source=source,
        order=order,
        policy=policy,
        send_back_by=send_back_due(today, country=queries.country_of(order) if order is not None else ""),
        refund_due_on=refund_due(today),
    )
    if order is not None:
        lines = {line.pk: line for line in order.lines.all()}
        _keep_lines(withdrawal, [(lines[one.line], one.quantity) for one in statement.units])
    letters.write_acknowledgement(withdrawal, policy, at=at)
    publish(WithdrawalDeclared(withdrawal.pk), shop=shop, at=at, actor=actor)
    schedule(
        "withdrawals.look_up",
        key=f"withdrawal:{withdrawal.pk}:look_up",
        shop=shop,
        due_at=at,
        payload={"withdrawal": withdrawal.pk},
    )
    return withdrawal


def _keep_lines(withdrawal: Withdrawal, chosen: Sequence[tuple[OrderLine, int]]) -> None:
    WithdrawalLine.objects.bulk_create(
        WithdrawalLine(withdrawal=withdrawal, order_line=line, quantity=quantity) for line, quantity in chosen
    )


# -- what it is about ------------------------------------------------------------------------------------------------


@transaction.atomic
def note_unmatched(withdrawal: Withdrawal, *, at: datetime) -> Withdrawal:
    """No order was found; staff look. Once."""
    locked = _lock(withdrawal)
    if locked.looked_up_at is None and locked.state == WithdrawalState.UNMATCHED:
        _write(locked, looked_up_at=at)
        publish(WithdrawalUnmatched(locked.pk), shop=locked.shop, at=at)
    return locked


@transaction.atomic
def match(
    withdrawal: Withdrawal,
    *,
    order: Order,
    chosen: Sequence[tuple[OrderLine, int]] | None = None,
    at: datetime,
    actor: Actor,
) -> Withdrawal:
    """Say which order a declaration is about, and have its return made where that needs nobody's eye.

    ``chosen`` are the units that staff understood it to mean; None leaves what was declared.

    Raises:
        InvalidInput: field ``orderId`` or ``lines``: another shop's order, or lines that are not of it.
        Conflict: it has an order already.
    """
    if order.shop_id != withdrawal.shop_id:
        raise InvalidInput(_("There is no such order."), "orderId")
    locked = _lock(withdrawal)
    if locked.state != WithdrawalState.UNMATCHED:
        raise Conflict(_("This declaration has its order already; reload and look again."))
    _check_lines(order, chosen)
    declared = queries.today_of(locked.shop, locked.declared_at)
    locked.move(
        "match",
        at=at,
        order=order,
        looked_up_at=locked.looked_up_at or at,
        decided_by=actor.name[:200],
        # Only now the consumer's country is known, whose holidays may give a few days more.
        send_back_by=send_back_due(declared, country=queries.country_of(order)),
    )
    if chosen is not None:
        _keep_lines(locked, chosen)
    return judge(locked, at=at, actor=actor)


@transaction.atomic
def judge(withdrawal: Withdrawal, *, at: datetime, actor: Actor) -> Withdrawal:
    """Work out what a declaration with an order covers, and go on to its return unless a person has to look first."""
    locked = _lock(withdrawal)
    order = locked.order
    if order is None or locked.state != WithdrawalState.OPEN:
        return locked
    policy = _policy(locked)
    # What counts is the day of the declaration, whenever its order was found.
    period = queries.judge_on(order, policy, day=queries.today_of(locked.shop, locked.declared_at))
    lines = {line.order_line_id: line.quantity for line in locked.lines.all()}
    offers = [o for o in queries.offers_of(order, at=at, policy=policy) if not lines or o.order_line.pk in lines]
    repeats = (
        Withdrawal.objects.filter(
            order=order, state__in=[WithdrawalState.OPEN, WithdrawalState.SETTLED], pk__lt=locked.pk
        )
        .order_by("pk")
        .first()
    )
    flags = flags_of(
        period,
        in_words=not locked.whole_contract and not lines,
        repeated=repeats is not None,
        left=sum(offer.sent + offer.unsent for offer in offers),
        covered=sum(offer.left for offer in offers),
    )
    _write(
        locked,
        flags=[flag.value for flag in flags],
        problem="",
        repeats=repeats if Flag.REPEATED in flags else None,
        exceptions=[{"line": o.order_line.pk, "exclusion": o.exclusion} for o in offers if o.excepted],
        period_ends_on=period.ends_on,
        period_estimated=period.estimated,
        looked_up_at=locked.looked_up_at or at,
    )
    publish(WithdrawalMatched(locked.pk, flags=tuple(locked.flags)), shop=locked.shop, at=at, actor=actor)
    if not HELD_BACK.intersection(flags):
        want_return(locked, at=at)
    plan_reminders(locked, at=at)
    return locked


def want_return(withdrawal: Withdrawal, *, at: datetime) -> None:
    """Have the return made by a job of its own, so that no trouble with it touches the declaration."""
    schedule(
        "withdrawals.make_return",
        key=f"withdrawal:{withdrawal.pk}:return",
        shop=withdrawal.shop,
        due_at=at,
        payload={"withdrawal": withdrawal.pk},
        again=True,
    )


@transaction.atomic
def carry_out(
    withdrawal: Withdrawal, *, chosen: Sequence[tuple[OrderLine, int]] | None, at: datetime, actor: Actor
) -> Withdrawal:
    """Staff looked: have the return made in spite of what held it back, for ``chosen`` or for all that is left.

    Raises:
        InvalidInput: field ``lines``.
        Conflict: it is not in force, or has its return already.
    """
    locked = _lock(withdrawal)
    if locked.state != WithdrawalState.OPEN or locked.order is None or locked.ret_id is not None:
        raise Conflict(_("This declaration waits for nothing; reload and look again."))
    _check_lines(locked.order, chosen)
    if chosen is not None:
        locked.lines.all().delete()
        _keep_lines(locked, chosen)
    _write(locked, flags=[f for f in locked.flags if f != Flag.RETURN_FAILED], problem="", decided_by=actor.name[:200])
    want_return(locked, at=at)
    return locked


def _check_lines(order: Order, chosen: Sequence[tuple[OrderLine, int]] | None) -> None:
    if chosen is None:
        return
    if not chosen:
        raise InvalidInput(_("Please choose at least one item."), "lines")
    if len({line.pk for line, _units in chosen}) != len(chosen):
        raise InvalidInput(_("An item is listed twice."), "lines")
    for line, units in chosen:
        if line.order_id != order.pk:
            raise InvalidInput(_("This item is not part of the order."), "lines")
        texts.whole_number(units, "lines", low=1, high=max(1, line.quantity))


# -- staff, and the proof of sending ---------------------------------------------------------------------------------


@transaction.atomic
def mark_out_of_scope(withdrawal: Withdrawal, *, reason: str, at: datetime, actor: Actor) -> Withdrawal:
    """There was no right to withdraw here, for this reason, which the declarer reads. Their return is called off.

    Raises:
        InvalidInput: ``reason`` is empty or too long.
        Conflict: it is settled, or the goods are under way already: then the return is the place to decide.
    """
    reason = texts.paragraphs(reason, "reason", limit=MAX_REASON)
    locked = _lock(withdrawal)
    ret = locked.ret
    if ret is not None and ret.state not in {ReturnState.CANCELED, ReturnState.DECLINED}:
        returns.cancel_return(ret, at=at, actor=actor)
    locked.move(
        "out_of_scope", at=at, out_of_scope_reason=reason, decided_by=actor.name[:200], ret=None, looked_up_at=at
    )
    letters.write_out_of_scope(locked, at=at)
    publish(WithdrawalOutOfScope(locked.pk), shop=locked.shop, at=at, actor=actor)
    return locked


@transaction.atomic
def reopen(withdrawal: Withdrawal, *, at: datetime, actor: Actor) -> Withdrawal:
    """Take "out of scope" back: in force again, or looked for again where no order was found. Raises Conflict."""
    locked = _lock(withdrawal)
    found = locked.order is not None
    locked.move("reopen" if found else "look_again", at=at, decided_by=actor.name[:200])
    publish(WithdrawalReopened(locked.pk), shop=locked.shop, at=at, actor=actor)
    return judge(locked, at=at, actor=actor) if found else locked


@transaction.atomic
def note_proof_of_sending(
    withdrawal: Withdrawal,
    *,
    tracking_number: str,
    files: Sequence[StoredFile],
    at: datetime,
    actor: Actor,
    sent_at: datetime | None = None,
) -> Withdrawal:
    """The consumer shows that the goods are on their way: from now on the refund does not wait for them (art. 13(3)).

    Raises:
        InvalidInput: neither a number nor a file was given (``trackingNumber``), or too many files (``files``).
        Conflict: it is not in force.
    """
    tracking_number = texts.one_line(tracking_number, "trackingNumber", limit=100)
    if not tracking_number and not files:
        raise InvalidInput(_("Enter the tracking number, or add the receipt."), "trackingNumber")
    locked = _lock(withdrawal)
    if locked.state != WithdrawalState.OPEN:
        raise Conflict(_("This withdrawal is not in force (any more)."))
    if locked.proofs.count() + len(files) > MAX_PROOFS:
        raise InvalidInput(_("At most %(limit)d photos.") % {"limit": MAX_PROOFS}, "files")
    locked.proofs.add(*files)
    _write(
        locked,
        sent_proof_at=locked.sent_proof_at or sent_at or at,
        proof_tracking=tracking_number or locked.proof_tracking,
    )
    publish(WithdrawalProofGiven(locked.pk), shop=locked.shop, at=at, actor=actor)
    if locked.ret is not None and locked.ret.state == ReturnState.APPROVED:
        returns.mark_sent(locked.ret, at=at, actor=actor)
    plan_reminders(locked, at=at)
    return locked


@transaction.atomic
def settle(withdrawal: Withdrawal, *, at: datetime) -> Withdrawal:
    """Everything was given back. Does nothing for one that is not in force."""
    locked = _lock(withdrawal)
    if locked.state == WithdrawalState.OPEN:
        locked.move("settle", at=at)
        publish(WithdrawalSettled(locked.pk), shop=locked.shop, at=at)
    return locked


@transaction.atomic
def look_at_the_period_again(withdrawal: Withdrawal) -> Withdrawal:
    """An arrival became known better: count the period anew. What was begun goes on."""
    locked = _lock(withdrawal)
    if locked.order is not None and locked.state == WithdrawalState.OPEN:
        day = queries.today_of(locked.shop, locked.declared_at)
        period = queries.judge_on(locked.order, _policy(locked), day=day)
        timing = {Flag.LATE, Flag.PERHAPS_LATE}
        flags = ([period.flag.value] if period.flag in timing else []) + [f for f in locked.flags if f not in timing]
        _write(locked, flags=flags, period_ends_on=period.ends_on, period_estimated=period.estimated)
    return locked


def _policy(withdrawal: Withdrawal) -> ReturnPolicy:
    return withdrawal.policy or policies.policy_of(withdrawal.shop)


def _lock(withdrawal: Withdrawal) -> Withdrawal:
    rows = Withdrawal.objects.select_for_update(of=("self",))
    locked = rows.select_related("shop__settings", "order", "ret", "policy").get(pk=withdrawal.pk)
    if locked.order is not None:
        locked.order.shop = locked.shop
    return locked


def _write(withdrawal: Withdrawal, **values: Any) -> None:
    for name, value in values.items():
        setattr(withdrawal, name, value)
    withdrawal.save(update_fields=list(values))
