"""Deadlines that are near or missed, and the log that they follow from."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saleor_aftercare.inbox.actions import thread
from saleor_aftercare.inbox.models import MessageKind, Priority, Ticket, TicketMessage
from saleor_aftercare.inbox.sla import queries
from saleor_aftercare.inbox.sla import tasks as sla_tasks
from saleor_aftercare.inbox.sla.actions import move_log, recompute
from saleor_aftercare.inbox.sla.models import SlaClock, SlaEvent
from tests.make import DAY, HOUR, NOON, make_message, make_shop, make_ticket

from .rows import (
    FRIDAY,
    MINUTE,
    clock,
    fresh,
    hear,
    move,
    save_calendar,
    save_policy,
    say,
    state_of,
    told,
    watch,
    write,
)

pytestmark = pytest.mark.django_db


# -- telling ----------------------------------------------------------------------------------------------------------


def test_a_warning_and_a_breach_are_told_once_each():
    shop = make_shop()
    save_policy(shop, {"first_response": {"calendar_minutes": 120, "warn_before_minutes": 30}})
    ticket = write(shop, NOON)

    for minutes in (80, 90, 91, 121, 122, 500):
        watch_at = NOON + minutes * MINUTE
        recompute(fresh(ticket), at=watch_at)

    warned, breached = told("ticket.sla_warned"), told("ticket.sla_breached")
    due_at = (NOON + 2 * HOUR).isoformat()
    assert warned == [{"target": "first_response", "policy": "All", "due_at": due_at}]
    assert breached == warned
    assert (clock(ticket).warned_at, clock(ticket).breached_at) == (NOON + 90 * MINUTE, NOON + 121 * MINUTE)


def test_the_watch_finds_what_is_due_by_itself():
    shop = make_shop()
    ticket = write(shop, NOON)

    watch(NOON + DAY + MINUTE)

    assert clock(ticket).state == "breached"
    assert len(told("ticket.sla_breached")) == 1
    assert fresh(ticket).due_at == NOON + DAY, "an overdue answer is still due"
    assert sla_tasks.watch_all(at=NOON + 2 * DAY) == 0


def test_a_late_answer_is_late_and_nobody_is_told_any_more():
    ticket = write(make_shop(), NOON)

    say(ticket, NOON + DAY + HOUR)

    assert (clock(ticket).state, clock(ticket).stopped_at) == ("breached", NOON + DAY + HOUR)
    assert told("ticket.sla_breached") == []


def test_a_deadline_that_moved_away_can_be_missed_again():
    shop = make_shop()
    policy = save_policy(shop, {"first_response": {"calendar_minutes": 60}})
    ticket = write(shop, NOON)
    recompute(fresh(ticket), at=NOON + 2 * HOUR)

    save_policy(shop, {"first_response": {"calendar_minutes": 600}}, key=policy.key, version=1, name="All")
    recompute(fresh(ticket), at=NOON + 3 * HOUR)
    assert (clock(ticket).state, clock(ticket).breached_at) == ("running", None)

    recompute(fresh(ticket), at=NOON + 11 * HOUR)
    assert len(told("ticket.sla_breached")) == 2


# -- the log ----------------------------------------------------------------------------------------------------------


def test_a_conversation_from_before_there_were_logs_gets_one_when_it_is_touched():
    ticket = make_ticket(messages=["It does not grind.", "Hello?"], due_at=None)
    make_message(ticket, kind=MessageKind.STAFF, created_at=NOON + 3 * HOUR)

    assert queries.explain_ticket(ticket, at=NOON + DAY)["targets"]["first_response"]["state"] == "met"
    assert SlaEvent.objects.count() == 0
    hear(ticket, NOON + 4 * HOUR)

    kinds = SlaEvent.objects.filter(ticket=ticket).order_by("at", "pk").values_list("kind", flat=True)
    assert sorted(kinds) == ["created", "customer_message", "customer_message", "customer_message", "staff_reply"]
    assert clock(ticket, "next_response").due_at == NOON + 28 * HOUR


def test_messages_take_what_they_were_to_the_clocks_along():
    shop = make_shop()
    kept, other = write(shop, NOON), write(shop, NOON + HOUR)
    say(other, NOON + 2 * HOUR)
    moved = list(other.messages.values_list("pk", flat=True))
    TicketMessage.objects.filter(pk__in=moved).update(ticket=kept)

    locked = thread.lock(kept)
    move_log(moved, to=locked)
    thread.change(locked, at=NOON + 3 * HOUR)
    move(other, "merge", NOON + 3 * HOUR, merged_into_id=kept.pk)

    assert (clock(kept).state, clock(kept).stopped_at) == ("met", NOON + 2 * HOUR)
    assert fresh(other).breach_at is None


def test_reading_a_conversation_asks_the_log_nothing():
    ticket = write(make_shop(), NOON)
    locked = thread.lock(ticket)

    with CaptureQueriesContext(connection) as captured:
        thread.change(locked, at=NOON + HOUR, unread=False)

    assert len(captured) == 1


steps = st.lists(
    st.tuples(
        st.integers(0, 3000),
        st.sampled_from(["hear", "say", "bot", "wait", "wait_for_others", "reopen", "solve", "urgent", "normal"]),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_working_everything_out_at_the_end_gives_what_step_by_step_gave(plan: list[tuple[int, str]]):
    shop = make_shop()
    save_calendar(shop)
    save_policy(shop, {"first_response": {"working_minutes": 60}}, {"priority": "urgent"}, name="Urgent")
    save_policy(shop, {"next_response": {"working_minutes": 90}, "resolution": {"calendar_minutes": 2000}})
    ticket = write(shop, FRIDAY)
    at = FRIDAY
    for minutes, what in sorted(plan):
        at = FRIDAY + minutes * MINUTE
        now = fresh(ticket)
        if what == "hear":
            hear(ticket, at)
        elif what in {"say", "bot"}:
            say(ticket, at, automatic=what == "bot")
        elif what in {"urgent", "normal"}:
            thread.change(thread.lock(ticket), at=at, priority=Priority[what.upper()])
        elif what in now.actions:
            move(ticket, what, at)
    # The last step may have changed nothing, and time went on until then.
    recompute(fresh(ticket), at=at)
    stepwise = state_of(ticket)

    SlaClock.objects.filter(ticket=ticket).delete()
    Ticket.objects.filter(pk=ticket.pk).update(due_at=None, breach_at=None)
    recompute(fresh(ticket), at=at)

    assert state_of(ticket) == stepwise
