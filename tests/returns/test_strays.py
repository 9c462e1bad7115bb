"""Parcels that nobody expected."""

from __future__ import annotations

from typing import Any

import pytest

from saleor_aftercare.core.errors import AftercareError, Conflict, InvalidInput
from saleor_aftercare.returns.goods import STRAY_WORKFLOW, StrayParcel, StrayState
from saleor_aftercare.returns.strays import close_stray, match_stray, note_stray
from tests.machines import assert_one_winner, illegal_pairs, legal_moves, unreachable
from tests.make import NOON, make_shop
from tests.returns.test_reception import MEI, expected

pytestmark = pytest.mark.django_db


def stray(shop: Any = None, **values: Any) -> StrayParcel:
    given = {"code": "4035", "sender": "", "contents": "", "photos": (), "at": NOON, "actor": MEI}
    return note_stray(shop or make_shop(), **given | values)


def test_c1_12_a_parcel_without_a_return_is_kept_in_mind_and_matched():
    """C1.12: a parcel arrives with no RMA."""
    ret = expected()
    found = stray(ret.shop, sender="  Hana   Sato ", key="k")
    again = stray(ret.shop, key="k")

    match_stray(found, ret, at=NOON, actor=MEI)

    assert (found, found.number, found.sender) == (again, "STR-1001", "Hana Sato")
    assert (found.state, found.ret) == (StrayState.MATCHED, ret)
    with pytest.raises(Conflict):
        close_stray(found, resolution="Thrown away.", at=NOON, actor=MEI)


def test_a_parcel_of_another_shop_is_not_matched_here():
    with pytest.raises(AftercareError, match="no such return"):
        match_stray(stray(), expected(), at=NOON, actor=MEI)


def test_a_parcel_of_which_nothing_is_said_is_none_and_each_end_has_its_words():
    with pytest.raises(InvalidInput) as refused:
        stray(code=" ")
    assert refused.value.field == "contents"
    found = stray()
    with pytest.raises(InvalidInput):
        close_stray(found, resolution=" ", at=NOON, actor=MEI)
    close_stray(found, resolution="It was our neighbour's.", at=NOON, actor=MEI)
    assert StrayParcel.objects.get().state == StrayState.CLOSED


def lone(state: str = StrayState.OPEN) -> StrayParcel:
    found = stray()
    ret = expected() if state == StrayState.MATCHED else None
    StrayParcel.objects.filter(pk=found.pk).update(state=state, ret=ret)
    return StrayParcel.objects.get(pk=found.pk)


@pytest.mark.parametrize(("state", "action", "target"), legal_moves(STRAY_WORKFLOW))
def test_each_legal_move_of_a_stray_parcel(state, action, target):
    row = lone(state)
    row.move(action, at=NOON, **({"ret": expected()} if action == "match" else {}))
    assert StrayParcel.objects.get().state == target


@pytest.mark.parametrize(("state", "action"), illegal_pairs(STRAY_WORKFLOW))
def test_each_illegal_move_of_a_stray_parcel(state, action):
    row = lone(state)
    with pytest.raises(Conflict):
        row.move(action, at=NOON)
    assert StrayParcel.objects.get().state == state


def test_the_race_for_a_stray_parcel_and_all_its_states():
    assert_one_winner(lone, "close")
    assert unreachable(STRAY_WORKFLOW, first=StrayState.OPEN) == set()
