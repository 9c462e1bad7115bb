"""The deadlines of conversations as rows: what starts, stops, pauses and moves them, and who is told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from saleor_aftercare.core import jobs
from saleor_aftercare.inbox.actions import opening, thread
from saleor_aftercare.inbox.models import Priority, Ticket, TicketChannel
from saleor_aftercare.inbox.sla import tasks as sla_tasks
from saleor_aftercare.inbox.sla.actions import recompute_tickets
from saleor_aftercare.inbox.sla.models import SlaClock, SlaEvent
from tests.make import DAY, HOUR, NOON, make_shop

from .rows import FRIDAY, MINUTE, clock, fresh, hear, move, save_calendar, save_policy, say, told, watch, write

pytestmark = pytest.mark.django_db


# -- the answer that every shop promises ---------------------------------------------------------------------------


def test_without_policies_an_answer_is_due_after_the_hours_of_the_settings():
    ticket = write(make_shop(settings={"answer_within_hours": 8}), NOON)

    assert (ticket.due_at, ticket.breach_at) == (NOON + 8 * HOUR, NOON + 8 * HOUR)
    assert (clock(ticket).state, clock(ticket).policy) == ("running", None)
    assert list(SlaEvent.objects.order_by("pk").values_list("kind", flat=True)) == ["created", "customer_message"]


def test_the_first_answer_of_a_person_stops_the_clock_and_a_machines_answer_does_not():
    ticket = write(make_shop(), NOON)

    say(ticket, NOON + MINUTE, automatic=True)
    assert fresh(ticket).due_at == NOON + DAY

    say(ticket, NOON + HOUR)
    now = fresh(ticket)
    assert (now.due_at, now.breach_at) == (None, None)
    assert (clock(ticket).state, clock(ticket).stopped_at, clock(ticket).elapsed_s) == ("met", NOON + HOUR, 3600)


def test_the_next_message_starts_the_next_clock_and_leaves_the_first_alone():
    """Edge case C7: an update target must not override the first response (zammad#5177)."""
    ticket = write(make_shop(), NOON)
    say(ticket, NOON + HOUR)

    hear(ticket, NOON + 2 * HOUR)

    assert (clock(ticket).state, clock(ticket).due_at) == ("met", NOON + DAY)
    assert (clock(ticket, "next_response").due_at, fresh(ticket).due_at) == (NOON + 26 * HOUR, NOON + 26 * HOUR)


def test_no_clock_runs_while_the_shop_answered_last():
    """Edge case C7: clock runs though agent answered last (zammad#3140)."""
    ticket = write(make_shop(), NOON)
    say(ticket, NOON + HOUR)

    watch(NOON + 100 * DAY)

    assert fresh(ticket).breach_at is None
    assert told("ticket.sla_breached") == []


def test_what_staff_open_for_a_customer_owes_nobody_a_first_answer():
    ticket = opening.open_ticket(
        make_shop(),
        subject="Call back",
        channel=TicketChannel.STAFF,
        language="en",
        customer_name="Ada",
        customer_email="ada@customer.test",
        user_id="",
        order=None,
        at=NOON,
    )

    say(ticket, NOON + HOUR)

    assert SlaClock.objects.count() == 0


def test_an_answer_that_is_taken_back_was_none():
    ticket = write(make_shop(), NOON)
    message = say(ticket, NOON + HOUR)

    message.delete()
    move(ticket, "reopen", NOON + HOUR + MINUTE)

    # A minute of the customer's turn does not count.
    assert fresh(ticket).due_at == NOON + DAY + MINUTE


# -- policies and calendars -------------------------------------------------------------------------------------------


def test_working_time_skips_lunch_the_weekend_and_a_japanese_holiday():
    """Edge cases C7: lunch break (chatwoot#14009, frappe#2212), holidays."""
    shop = make_shop()
    save_calendar(shop)
    policy = save_policy(shop, {"first_response": {"working_minutes": 300, "warn_before_minutes": 60}})

    ticket = write(shop, FRIDAY)

    # An hour on Friday, nothing on Monday (Marine Day), three before lunch on Tuesday, one after it.
    assert fresh(ticket).due_at == datetime(2025, 7, 22, 5, 0, tzinfo=UTC)
    assert clock(ticket).warn_at == datetime(2025, 7, 22, 3, 0, tzinfo=UTC)
    assert clock(ticket).policy == policy


def test_a_day_that_is_an_hour_shorter_has_an_hour_less_of_night_work():
    """Edge case C7: pause over midnight and time zones; the clocks of Berlin go forward on 30 March 2025."""
    shop = make_shop()
    nights = {"time_zone": "Europe/Berlin", "hours": {"sat": [{"start": "22:00", "end": "06:00"}]}}
    save_calendar(shop, nights)
    save_policy(shop, {"first_response": {"working_minutes": 7 * 60}})

    ticket = write(shop, datetime(2025, 3, 29, 12, 0, tzinfo=UTC))

    assert fresh(ticket).due_at == datetime(2025, 3, 30, 4, 0, tzinfo=UTC)


def test_pauses_are_those_that_the_policy_names():
    shop = make_shop()
    save_policy(
        shop,
        {
            "first_response": {"calendar_minutes": 120, "pause_on": []},
            "resolution": {"calendar_minutes": 600, "pause_on": ["pending_third_party"]},
        },
    )
    ticket = write(shop, NOON)

    move(ticket, "wait_for_others", NOON + HOUR)
    assert (clock(ticket, "resolution").state, clock(ticket, "resolution").due_at) == ("paused", None)
    assert (clock(ticket).state, clock(ticket).due_at) == ("running", NOON + 2 * HOUR)
    assert (fresh(ticket).due_at, fresh(ticket).breach_at) == (None, NOON + 2 * HOUR)

    move(ticket, "reopen", NOON + 4 * HOUR)
    assert clock(ticket, "resolution").due_at == NOON + 13 * HOUR


def test_a_snooze_pauses_and_its_end_starts_the_clock_again():
    ticket = write(make_shop(), NOON)

    move(ticket, "snooze", NOON + HOUR, wake_at=NOON + 5 * HOUR)
    assert (clock(ticket).state, fresh(ticket).breach_at) == ("paused", None)

    move(ticket, "wake", NOON + 5 * HOUR, wake_at=None)
    assert fresh(ticket).due_at == NOON + 28 * HOUR


def test_a_change_of_priority_keeps_the_time_that_was_used():
    """Edge case C7: priority or policy change keeps paused time (glpi#6902)."""
    shop = make_shop()
    save_policy(shop, {"resolution": {"calendar_minutes": 240}}, {"priority": "urgent"}, name="Urgent")
    save_policy(shop, {"resolution": {"calendar_minutes": 1440}})
    ticket = write(shop, NOON)
    move(ticket, "wait", NOON + HOUR)
    move(ticket, "reopen", NOON + 3 * HOUR)

    thread.change(thread.lock(ticket), at=NOON + 4 * HOUR, priority=Priority.URGENT)

    assert clock(ticket, "resolution").due_at == NOON + 6 * HOUR
    assert clock(ticket, "resolution").policy.name == "Urgent"
    assert SlaEvent.objects.filter(kind="priority_changed").get().data == {"priority": "urgent"}


def test_a_new_policy_reaches_every_running_conversation_in_the_background():
    shop, other = make_shop(), make_shop()
    tickets = [write(shop, NOON) for _n in range(3)]
    solved, foreign = write(shop, NOON), write(other, NOON)
    move(solved, "solve", NOON + MINUTE)

    save_policy(shop, {"first_response": {"calendar_minutes": 60}})
    jobs.run_due()

    assert [fresh(ticket).due_at for ticket in tickets] == [NOON + HOUR] * 3
    assert (fresh(solved).due_at, fresh(foreign).due_at) == (None, NOON + DAY)


def test_batches_of_running_conversations_follow_each_other(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sla_tasks, "BATCH", 2)
    shop = make_shop()
    tickets = [write(shop, NOON) for _n in range(5)]

    save_policy(shop, {"first_response": {"calendar_minutes": 60}})
    jobs.run_due()

    assert [fresh(ticket).due_at for ticket in tickets] == [NOON + HOUR] * 5


def test_working_out_twenty_conversations_takes_as_many_statements_as_one():
    shop = make_shop()
    save_calendar(shop)
    save_policy(shop, {"first_response": {"working_minutes": 60}}, {"tags": "vip-line"})
    tickets = [write(shop, NOON) for _n in range(21)]
    counts = []
    for some in (tickets[:1], tickets[1:]):
        rows = list(Ticket.objects.filter(pk__in=[one.pk for one in some]).select_related("shop"))
        with CaptureQueriesContext(
            connection,
        ) as captured:
            recompute_tickets(rows, shop=shop, at=NOON + HOUR)
        counts.append(len(captured))

    # A savepoint, what is promised (3), logs, tags, clocks; nothing is written when nothing is new.
    assert counts == [9, 9]


def test_the_calendar_that_has_no_more_openings_leaves_the_answer_that_every_shop_promises():
    shop = make_shop()
    fair = {"time_zone": "UTC", "openings": [{"date": "2025-06-02", "start": "13:00", "end": "18:00"}]}
    save_calendar(shop, fair)
    save_policy(shop, {"first_response": {"working_minutes": 60}})

    assert write(shop, NOON).due_at == NOON + 2 * HOUR
    assert write(shop, NOON + DAY).due_at == NOON + 2 * DAY
