"""Replacement orders when something breaks, or somebody touches them halfway: one order, or none, and we know which."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from saleor_aftercare.core import clock, jobs
from saleor_aftercare.core.models import Job
from saleor_aftercare.replacements import actions, watch
from saleor_aftercare.replacements.models import ReplacementState
from saleor_aftercare.sandbox.ordering import complete_draft, delete_draft
from tests.crash import dies_at_statement

from .story import (
    BLACK,
    MEI,
    again,
    come_to_rest,
    draft_of,
    let_minutes_pass,
    made_orders,
    plan,
    start,
    total,
    variant,
)

pytestmark = pytest.mark.django_db

R = ReplacementState


# -- drafts that somebody touched --------------------------------------------------------------------------------------


def test_a_draft_that_was_left_is_found_and_finished(house):
    row = plan(house)
    draft = draft_of(house, row)

    come_to_rest(house)

    assert (again(row).state, draft.status, len(made_orders(house))) == (R.PLACED, "UNFULFILLED", 1)


def test_a_draft_that_staff_completed_themselves_is_taken_as_it_is(house):
    row = plan(house)
    draft = draft_of(house, row)
    draft.shipping_method = house.saleor.state.shipping_methods[0].id
    complete_draft(house.saleor, draft)

    come_to_rest(house)

    assert (again(row).state, len(made_orders(house))) == (R.PLACED, 1)


def test_a_draft_that_staff_deleted_is_not_made_again_behind_their_back(house):
    row = plan(house)
    delete_draft(house.saleor, draft_of(house, row))

    come_to_rest(house)
    assert (again(row).state, made_orders(house)) == (R.NEEDS_STAFF, [])

    actions.retry_replacement(again(row), at=clock.now(), actor=MEI)
    come_to_rest(house)
    assert (again(row).state, len(made_orders(house))) == (R.PLACED, 1)


def test_a_draft_that_somebody_made_dearer_is_not_completed(house):
    row = plan(house)
    draft = draft_of(house, row)
    from saleor_aftercare.sandbox.ordering import add_lines, discount_order, set_shipping
    from saleor_aftercare.sandbox.pricing import reprice

    set_shipping(house.saleor, draft, house.saleor.state.shipping_methods[0].id)
    add_lines(house.saleor, draft, [{"variant_id": variant(house, BLACK).id, "quantity": 1}])
    reprice(house.saleor, draft)
    discount_order(house.saleor, draft, {"value_type": "FIXED", "value": Decimal(1), "reason": "A friend"})

    come_to_rest(house)

    row = again(row)
    assert (row.state, draft.status) == (R.NEEDS_STAFF, "DRAFT")


def test_an_address_that_nothing_reaches_needs_a_person(house):
    placed = house.sell([(BLACK, 1)], email="jade.guerrero@example.com")
    row = plan(house, order=house.order(placed))
    house.saleor.state.shipping_methods.clear()

    start(row)
    house.settle()

    assert again(row).state == R.NEEDS_STAFF


# -- faults ----------------------------------------------------------------------------------------------------------

STEPS = ["AftercareDraftCreate", "AftercareDraftUpdate", "AftercareDraftDiscount", "AftercareDraftComplete"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("fault", ["lost", "500", "timeout"])
def test_whatever_gets_lost_there_is_one_order(house, step, fault):
    row = start(plan(house))
    house.saleor.faults.add(fault, operation=step)

    come_to_rest(house)

    (order,) = made_orders(house)
    assert (again(row).state, order.status, total(order)) == (R.PLACED, "UNFULFILLED", Decimal(0))
    assert len(order.discounts) == 1


def test_a_refused_token_fails_it_and_a_person_can_try_again(house):
    row = start(plan(house))
    house.saleor.faults.add("token", operation="AftercareDraftCreate")
    come_to_rest(house)
    assert again(row).state == R.FAILED

    actions.retry_replacement(again(row), at=clock.now(), actor=MEI)
    come_to_rest(house)

    assert (again(row).state, len(made_orders(house))) == (R.PLACED, 1)


def test_a_saleor_that_stays_away_is_given_up_and_a_person_is_asked(house):
    row = start(plan(house))
    house.saleor.faults.add("500", times=10_000)
    for _round in range(jobs.MAX_ATTEMPTS + 1):
        jobs.run_due()
        let_minutes_pass()

    assert again(row).state == R.NEEDS_STAFF


def the_job_of(row):
    """The replacement's own job, leased; everything else has run before."""
    own = Job.objects.filter(key=f"replacement:{row.pk}")
    own.update(due_at=clock.now() + timedelta(days=1))
    jobs.run_due()
    own.update(due_at=clock.now())
    (job,) = jobs.claim(1)
    return job


@pytest.mark.parametrize("worth", ["139.00", "159.00"], ids=["even", "dearer"])
def test_a_worker_killed_before_any_statement_never_makes_two_orders(house, worth):
    row = plan(house, worth=worth)
    statement, died = 0, True
    while died:
        statement += 1
        copy = plan(house, worth=worth, order=row.order, key=f"copy:{statement}", case_number=f"RMA-{statement}")
        start(copy)
        job = the_job_of(copy)
        died = dies_at_statement(statement, lambda job=job: jobs.run(job))
        come_to_rest(house)
        mine = [o for o in made_orders(house) if o.external_reference == copy.external_reference]
        assert [o.status for o in mine] == ["UNFULFILLED"], statement
        assert again(copy).state == (R.PLACED if worth == "139.00" else R.AWAITING_PAYMENT), statement
    assert statement > 20


def test_two_staff_start_the_same_replacement_and_one_order_is_made(house):
    row = plan(house)
    stale = again(row)

    start(row)
    assert start(stale).state == R.PENDING
    house.settle()

    assert len(made_orders(house)) == 1


def test_an_order_that_nobody_works_on_is_taken_up_again(house):
    row = start(plan(house))
    Job.objects.filter(key=f"replacement:{row.pk}").delete()
    with time_machine.travel(clock.real_now() + timedelta(hours=2)):
        watch.watch_all(at=clock.now())
        house.settle()

        assert again(row).state == R.PLACED
