"""Reactions as jobs: apart from each other, in any order, twice, and after a new installation."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import Max

from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.core import clock, jobs
from saleor_aftercare.core.events import publish
from saleor_aftercare.core.models import Event, Job, JobState, Shop
from saleor_aftercare.followups import actions as followups
from saleor_aftercare.followups.models import FollowUpAnswer, FollowUpState
from saleor_aftercare.inbox import queries
from saleor_aftercare.inbox.models import CaseKind, Ticket
from saleor_aftercare.mail.events import MailFailed
from saleor_aftercare.parts import actions as parts
from saleor_aftercare.repairs import actions as repairs
from saleor_aftercare.returns import actions as returns
from saleor_aftercare.sandbox import (
    uninstall,
)
from tests.crash import dies_at_statement
from tests.make import NOON, make_followup, make_staff, make_ticket

from .tale import (
    ARRIVED,
    MEI,
    REQUESTED,
    ask_back,
    said,
    sell,
    story,
    subjects,
    wish,
)

pytestmark = pytest.mark.django_db


# -- isolation and order ---------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("unreliable")
def test_a_reaction_that_crashes_stops_no_other_and_is_tried_again(house, mailoutbox):
    _placed, order = sell(house)
    house.expected_crashes = [("core.react", "crashed: RuntimeError")]

    ret = ask_back(order)
    house.settle()

    assert subjects(mailoutbox) == [REQUESTED["en"].format(number=ret.number)]
    assert story(Ticket.objects.get()) == ["return.requested"]
    crashed = Job.objects.get(error__startswith="crashed")
    assert (crashed.state, crashed.attempts) == (JobState.PENDING, 1)
    assert crashed.due_at > clock.now()


def test_steps_that_overtake_the_opening_of_the_ticket_are_told_all_the_same(house, mailoutbox):
    _placed, order = sell(house)
    ret = ask_back(order)
    returns.approve_return(ret, at=clock.now(), actor=MEI)
    repair = repairs.request_repair(house.shop, description="Broken", **wish(house, order))
    repairs.accept_repair(repair, at=clock.now(), actor=MEI)
    part = parts.request_spare_part(house.shop, part_description="Spring", quantity=1, **wish(house, order))
    parts.accept_spare_part(part, at=clock.now(), actor=MEI)
    in_reverse()

    house.settle()

    ticket = Ticket.objects.get()
    told = story(ticket)
    assert len(told) == len(set(told)) == 8
    for case in ("return", "repair", "spare_part"):
        lines = [line for line in told if line.startswith(case + ".")]
        assert lines[:2] == [f"{case}.requested", f"{case}.{'approved' if case == 'return' else 'accepted'}"]
    assert sorted(said(ticket)) == ["Broken", "One is broken.", "Spring"]
    assert house.failed_jobs() == []


def in_reverse() -> None:
    """Let the newest of the waiting reactions run first, as several workers may."""
    waiting = Job.objects.filter(kind="core.react", state=JobState.PENDING)
    start = clock.now() - timedelta(hours=1)
    for n, job in enumerate(waiting.order_by("-pk")):
        Job.objects.filter(pk=job.pk).update(due_at=start + timedelta(seconds=n))


def test_every_reaction_may_run_twice(house, mailoutbox):
    _placed, order = sell(house)
    ret = ask_back(order)
    returns.approve_return(ret, at=clock.now(), actor=MEI)
    house.settle()
    before = (subjects(mailoutbox), story(Ticket.objects.get()), said(Ticket.objects.get()))

    Job.objects.filter(kind="core.react").update(state=JobState.PENDING, finished_at=None)
    house.settle()

    assert subjects(mailoutbox) == []
    assert (story(Ticket.objects.get()), said(Ticket.objects.get())) == before[1:]
    assert len(before[0]) == 1


def test_a_worker_that_dies_at_any_statement_neither_doubles_nor_loses_a_word():
    for n in range(1, 80):
        followup = make_followup(state=FollowUpState.SENT)
        followups.answer(followup, answer=FollowUpAnswer.SOMETHING_WRONG, comment="The lid", at=NOON)
        if not dies_at_statement(n, jobs.run_due):
            break
        Job.objects.filter(state=JobState.RUNNING).update(lease_until=NOON)
        jobs.take_back_expired_leases()
        jobs.run_due()

        assert said(Ticket.objects.get(shop=followup.shop)) == ["The lid"], n
    assert n > 10


# -- leaving and coming back -----------------------------------------------------------------------------------------


def test_what_was_there_is_there_again_after_a_new_installation(house, mailoutbox, days_later):
    _placed, order = sell(house, "ja")
    ticket = make_ticket(shop=house.shop, number=9001)
    member = make_staff(house.shop)
    ShopSettings.objects.update(sender_name="Kaze")
    before = house.shop

    uninstall(house.saleor, house.saleor.installed("saleor.aftercare"))
    house.settle()
    assert not house.shop.connected
    house.installer.install("https://aftercare.test/saleor/manifest.json")
    house.settle()

    assert Shop.objects.get() == before
    assert house.shop.connected
    assert house.shop.app_token != before.app_token
    assert ShopSettings.objects.get().sender_name == "Kaze"
    assert queries.get_ticket(house.shop, pk=ticket.pk) == ticket
    assert queries.staff_of(house.shop) == [member]
    assert Event.objects.aggregate(newest=Max("pk"))["newest"] is not None
    days_later(house, 8)
    assert subjects(mailoutbox) == [ARRIVED["ja"].format(order=order.number)]


# -- letters that do not arrive --------------------------------------------------------------------------------------


def test_a_letter_that_did_not_arrive_is_told_where_staff_look(house):
    _placed, order = sell(house)
    ret = ask_back(order)
    house.settle()
    shop = house.shop
    other = make_ticket(shop=shop, number=9001, messages=())

    for about, about_id in (("return", ret.pk), ("ticket", other.pk), ("followup", 1), ("", None)):
        failed = MailFailed(1, letter_kind="inbox/reply", about=about, about_id=about_id)
        publish(failed, shop=shop, at=clock.now())
    house.settle()

    assert story(queries.ticket_of_case(shop, CaseKind.RETURN, ret.pk)) == ["return.requested", "mail.failed"]
    assert story(other) == ["mail.failed"]
    assert house.failed_jobs() == []
