"""Goods that are with the customer again, or still, without a label that a carrier takes (C1.12, C1.14).

The label's end is not the return's: it stays approved until its own last day, and says what holds it up. So the units
stay asked for, a new label is one press away for the customer and for staff, and nothing waits unseen.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from saleor_aftercare.core.events import SYSTEM, Actor, publish
from saleor_aftercare.parcels.queries import stranded_parcels
from saleor_aftercare.returns.events import ReturnCameBack, ReturnLabelExpired
from saleor_aftercare.returns.models import Hitch, Return, ReturnState
from saleor_aftercare.returns.parcels import SUBJECT, can_be_sent, is_under_way

from .progress import await_parcel, last_day_to_send

S = ReturnState


@transaction.atomic
def mark_came_back(ret: Return, *, at: datetime, actor: Actor = SYSTEM) -> bool:
    """The carrier brought a parcel back to the customer: the goods are to be sent again, with a new last day.

    False, and nothing happens, while another parcel is on its way or here, when it was told before, or when nothing is
    expected any more.
    """
    locked = _locked(ret)
    if locked.state not in {S.APPROVED, S.IN_TRANSIT, S.LOST} or locked.hitch == Hitch.CAME_BACK:
        return False
    if is_under_way(locked) or not stranded_parcels(locked.shop, SUBJECT, locked.pk):
        return False
    again = {"hitch": Hitch.CAME_BACK, "sent_at": None, "expires_on": last_day_to_send(locked, at=at)}
    if locked.state == S.APPROVED:
        # The carrier said both at once: that it was handed in, and that it came back.
        Return.objects.filter(pk=locked.pk).update(**again)
        locked.refresh_from_db(fields=list(again))
    else:
        locked.move("come_back", at=at, **again)
    await_parcel(locked, at=at)
    publish(ReturnCameBack(locked.pk), shop=locked.shop, at=at, actor=actor)
    return True


@transaction.atomic
def mark_label_expired(ret: Return, *, at: datetime, actor: Actor = SYSTEM) -> bool:
    """A label expired unused. False, and nothing happens, while another one can be used, or when it was told before."""
    locked = _locked(ret)
    if locked.state != S.APPROVED or locked.hitch:
        return False
    if can_be_sent(locked) or not stranded_parcels(locked.shop, SUBJECT, locked.pk):
        return False
    Return.objects.filter(pk=locked.pk).update(hitch=Hitch.LABEL_EXPIRED)
    publish(ReturnLabelExpired(locked.pk), shop=locked.shop, at=at, actor=actor)
    return True


def _locked(ret: Return) -> Return:
    rows = Return.objects.select_for_update(of=("self",)).select_related("shop", "policy", "order")
    return rows.get(pk=ret.pk)
