"""The states of a parcel."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from saleor_aftercare.core.errors import Conflict
from saleor_aftercare.parcels.models import PARCEL_WORKFLOW, UNSENT_STATES, Parcel, ParcelState
from tests.machines import assert_one_winner, illegal_pairs, legal_moves, unreachable
from tests.make import NOON
from tests.make.parcels import make_parcel

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("state", "action", "target"), legal_moves(PARCEL_WORKFLOW))
def test_each_move_of_the_table_is_made(state, action, target):
    parcel = make_parcel(state=state)

    parcel.move(action, at=NOON)

    assert Parcel.objects.get(pk=parcel.pk).state == target


@pytest.mark.parametrize(("state", "action"), illegal_pairs(PARCEL_WORKFLOW))
def test_no_other_move_is_possible(state, action):
    with pytest.raises(Conflict):
        PARCEL_WORKFLOW.target(state, action)


def test_every_state_can_be_reached():
    assert unreachable(PARCEL_WORKFLOW, first=ParcelState.WANTED) == set()


def test_two_who_move_one_parcel_cannot_both_win():
    assert_one_winner(lambda: make_parcel(state=ParcelState.READY), "void")


def test_whatever_was_not_sent_can_be_given_up_and_still_arrive():
    for state in UNSENT_STATES:
        assert PARCEL_WORKFLOW.target(state, "void") == ParcelState.VOID
        assert PARCEL_WORKFLOW.target(state, "arrive") == ParcelState.ARRIVED


@pytest.mark.parametrize(
    "values",
    [{"state": "gone"}, {"cost": 3, "cost_currency": ""}],
)
def test_the_database_refuses_what_makes_no_sense(values):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_parcel(**values)


def test_a_reference_is_used_once_in_a_shop():
    first = make_parcel(expires_on=date(2025, 7, 1))

    with pytest.raises(IntegrityError), transaction.atomic():
        make_parcel(first.order, reference=first.reference)
