"""Putting a return right: money, credit, goods in exchange, or nothing at all."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Sum
from django.utils.translation import gettext as _

from saleor_aftercare.compensation.actions import lock_orders, start_settlement
from saleor_aftercare.compensation.actions.settlements import find_settlement
from saleor_aftercare.compensation.models import Settlement, SettlementState
from saleor_aftercare.core.errors import Conflict, PermissionDenied, Refused
from saleor_aftercare.core.events import Actor, publish
from saleor_aftercare.core.money import Money
from saleor_aftercare.policies.models import LegalBasis, Resolution
from saleor_aftercare.replacements.models import Purpose, Replacement, ReplacementState
from saleor_aftercare.returns.events import ReturnResolutionChanged
from saleor_aftercare.returns.models import Return, ReturnLine, ReturnState
from saleor_aftercare.returns.settlement import Options, SettlementPreview, read_state, work_out

S = ReturnState

#: A declared withdrawal may be paid back before the goods are here: the law leaves no more than 14 days.
_BEFORE_ARRIVAL: Final = frozenset({S.APPROVED, S.IN_TRANSIT, S.LOST, S.ARRIVED, S.EXPIRED})


def can_settle(ret: Return, *, owed: Collection[int] | None = None) -> bool:
    """Whether it is time to settle: the goods are here or stay with the customer, or the law does not wait.

    Once more after that, where what was given in exchange is not sent after all. ``owed`` saves its query to whoever
    has asked ``owed_instead`` about many returns.
    """
    if ret.state == S.RESOLVED:
        return ret.pk in (owed_instead([ret.pk]) if owed is None else owed)
    return ret.state == S.RECEIVED or (ret.legal_basis == LegalBasis.WITHDRAWAL and ret.state in _BEFORE_ARRIVAL)


def owed_instead(rets: Collection[int]) -> set[int]:
    """C3: which of these returns gave goods in exchange that were canceled since, and nothing else for them yet.

    Keys in, keys out; one query, however many they are.
    """
    sent = Replacement.objects.filter(
        shop_id=OuterRef("ret__shop"), subject="return", subject_id=OuterRef("ret"), purpose=Purpose.EXCHANGE
    )
    gave = Settlement.objects.filter(
        shop_id=OuterRef("ret__shop"), subject="return", subject_id=OuterRef("ret"), exchange__gt=0
    )
    lines = ReturnLine.objects.filter(ret__in=rets, ret__state=S.RESOLVED, resolution=Resolution.EXCHANGE)
    owed = lines.filter(Exists(gave), Exists(sent.filter(state=ReplacementState.CANCELED)))
    return set(owed.exclude(Exists(sent.exclude(state=ReplacementState.CANCELED))).values_list("ret", flat=True))


def settle_return(
    ret: Return,
    *,
    fingerprint: str,
    key: str,
    note: str,
    at: datetime,
    actor: Actor,
    options: Options | None = None,
    limit: Money | None = None,
) -> Settlement:
    """Carry out what was previewed: exactly that, or nothing. The same ``key`` again returns the first settlement.

    Saleor is asked first; then everything is worked out once more with the order and the return locked. With nothing
    to give the return is settled all the same, which closes it. ``limit`` is the most that this person may give on a
    case, with what was given before. Must not run inside a transaction: it calls out.

    Raises:
        Conflict: the amounts are no longer those of ``fingerprint``, it is not time yet, or a settlement is under way.
        Refused: something stands in the way, such as a payment that no app can refund.
        PermissionDenied: it is more than ``limit``.
        InvalidInput: an unusable ``key``, ``note`` or deduction.
    """
    subject = ("return", ret.pk)
    if known := find_settlement(ret.order, key=key, subject=subject):
        return known
    state = read_state(ret.order, at=at)
    with transaction.atomic():
        # Whoever takes money from one of these orders has its lock; always in the same order.
        order = lock_orders({*state.ledgers, ret.order_id}, shop_id=ret.shop_id)[ret.order_id]
        if known := find_settlement(order, key=key, subject=subject):
            return known
        rows = Return.objects.select_for_update(of=("self",)).select_related("shop", "order__shop", "policy")
        locked = rows.get(pk=ret.pk)
        preview = work_out(locked, state, options or Options(), at=at)
        _check(locked, preview, fingerprint)
        if limit is not None:
            _check_limit(locked, preview.parts.total, limit)
        _keep_choices(locked, options or Options(), at=at, actor=actor)
        return start_settlement(
            locked.order,
            parts=preview.parts,
            key=key,
            subject=subject,
            label=locked.number,
            note=note,
            at=at,
            actor=actor,
        )


def _check(ret: Return, preview: SettlementPreview, fingerprint: str) -> None:
    if not can_settle(ret):
        raise Conflict(_("It is settled when the goods have arrived, and only once; reload and look again."))
    under_way = Settlement.objects.filter(shop_id=ret.shop_id, subject="return", subject_id=ret.pk)
    if under_way.filter(state=SettlementState.RUNNING).exists():
        raise Conflict(_("A settlement of this return is under way; reload and look again."))
    if preview.fingerprint != fingerprint:
        raise Conflict(_("The amounts have changed; look at them again."), "fingerprint")
    for notice in preview.notices:
        if notice.blocks:
            raise Refused(notice.message)


def _check_limit(ret: Return, total: Money, limit: Money) -> None:
    given = F("refund") + F("credit") + F("exchange")
    earlier = Settlement.objects.filter(shop_id=ret.shop_id, subject="return", subject_id=ret.pk)
    before = earlier.aggregate(given=Sum(given))["given"] or Decimal(0)
    if limit.amount < total.amount + before:
        raise PermissionDenied(
            _("This is above your limit of %(limit)s %(currency)s; please ask a colleague.")
            % {"limit": limit.wire(), "currency": limit.currency}
        )


def _keep_choices(ret: Return, options: Options, *, at: datetime, actor: Actor) -> None:
    """What staff decided stands on the return from now on: a later settlement goes by it."""
    for cut in options.deductions:
        ret.lines.filter(pk=cut.line).update(deduction=cut.amount.amount, deduction_reason=cut.reason.strip())
    if (charges := options.import_charges) is not None:
        note = charges.note.strip() if charges.amount else ""
        Return.objects.filter(pk=ret.pk).update(import_charges=charges.amount.amount, import_charges_note=note)
    if options.instead is not None:
        what = Resolution.STORE_CREDIT if ret.is_gift else options.instead
        for line in ret.lines.filter(resolution=Resolution.EXCHANGE):
            line.resolution = what
            line.save(update_fields=["resolution"])
            change = ReturnResolutionChanged(ret.pk, line=line.pk, before=Resolution.EXCHANGE, after=what)
            publish(change, shop=ret.shop, at=at, actor=actor)
