"""What Saleor is to show as returned, when its order is no longer the one that we approved."""

from __future__ import annotations

import pytest

from saleor_aftercare.core import clock
from saleor_aftercare.core.models import Event, Job, JobState
from saleor_aftercare.returns.actions import UnitsAsked, approve_return, receive_return, request_return
from saleor_aftercare.returns.models import Return, ReturnReason, ReturnState
from saleor_aftercare.sandbox import ReturnedLine, return_products
from tests.compensation.scenes import MEI

pytestmark = pytest.mark.django_db


def test_units_returned_by_hand_after_the_approval_are_told_to_staff_and_not_recorded_twice(house):
    """C1.16: the parcel is here and stays received; a person compares the two."""
    placed = house.sell([(house.saleor.state.variants[0].sku, 2)])
    ours = house.order(placed)
    unit = UnitsAsked(ours.lines.get(), 2, ReturnReason.DEFECTIVE)
    ret = request_return(ours, units=[unit], note="", at=clock.now(), actor=MEI)
    approve_return(ret, at=clock.now(), actor=MEI)
    (parcel,) = house.saleor.order(placed.id).fulfillments
    by_hand = ReturnedLine(fulfillment_line=parcel.lines[0].id, quantity=1)
    return_products(house.saleor, house.saleor.order(placed.id), [by_hand])
    receive_return(ret, lines=None, at=clock.now(), actor=MEI)

    house.settle()

    ret = Return.objects.get(pk=ret.pk)
    assert (ret.state, ret.recorded_at, ret.lines.get().quantity_recorded) == (ReturnState.RECEIVED, None, 0)
    assert Event.objects.filter(kind="return.not_recorded", subject_id=ret.pk).count() == 1
    assert Job.objects.get(kind="returns.record").state == JobState.FAILED
    returned = [f for f in house.saleor.order(placed.id).fulfillments if f.status == "RETURNED"]
    assert [f.lines[0].quantity for f in returned] == [1]
