"""Putting a return right: money, credit, goods in exchange, or nothing at all."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.compensation.actions import start_settlement
from saleor_aftercare.compensation.actions.settlements import find_settlement
from saleor_aftercare.compensation.models import Settlement, SettlementState
from saleor_aftercare.connection.models import Order
from saleor_aftercare.core.errors import Conflict, Refused
from saleor_aftercare.core.events import Actor
from saleor_aftercare.policies.models import LegalBasis
from saleor_aftercare.returns.models import Return, ReturnState
from saleor_aftercare.returns.settlement import Options, SettlementPreview, read_state, work_out

S = ReturnState

#: A declared withdrawal may be paid back before the goods are here: the law leaves no more than 14 days.
_BEFORE_ARRIVAL: Final = frozenset({S.APPROVED, S.IN_TRANSIT, S.LOST, S.ARRIVED, S.EXPIRED})


def can_settle(ret: Return) -> bool:
    """Whether it is time to settle: the goods are here or stay with the customer, or the law does not wait."""
    return ret.state == S.RECEIVED or (ret.legal_basis == LegalBasis.WITHDRAWAL and ret.state in _BEFORE_ARRIVAL)


def settle_return(
    ret: Return, *, fingerprint: str, key: str, note: str, at: datetime, actor: Actor, options: Options | None = None
) -> Settlement:
    """Carry out what was previewed: exactly that, or nothing. The same ``key`` again returns the first settlement.

    Saleor is asked first; then everything is worked out once more with the order and the return locked. With nothing
    to give the return is settled all the same, which closes it. Must not run inside a transaction: it calls out.

    Raises:
        Conflict: the amounts are no longer those of ``fingerprint``, it is not time yet, or a settlement is under way.
        Refused: something stands in the way, such as a payment that no app can refund.
        InvalidInput: an unusable ``key``, ``note`` or deduction.
    """
    subject = ("return", ret.pk)
    if known := find_settlement(ret.order, key=key, subject=subject):
        return known
    state = read_state(ret.order, at=at)
    with transaction.atomic():
        order = Order.objects.select_for_update(of=("self",)).get(pk=ret.order_id)
        if known := find_settlement(order, key=key, subject=subject):
            return known
        rows = Return.objects.select_for_update(of=("self",)).select_related("shop", "order__shop", "policy")
        locked = rows.get(pk=ret.pk)
        preview = work_out(locked, state, options or Options(), at=at)
        _check(locked, preview, fingerprint)
        _keep_deductions(locked, options or Options())
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


def _keep_deductions(ret: Return, options: Options) -> None:
    for cut in options.deductions:
        ret.lines.filter(pk=cut.line).update(deduction=cut.amount.amount, deduction_reason=cut.reason.strip())
