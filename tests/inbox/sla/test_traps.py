"""Where other help desks went wrong (C7 of the design's domains, by the numbers of their issues)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from saleor_aftercare.core.hours import BusinessCalendar, HolidayRule, weekly
from saleor_aftercare.inbox.sla.history import Rules
from saleor_aftercare.inbox.sla.policies import Conditions, Facts, Measure, Standing, Target
from saleor_aftercare.inbox.sla.targets import Pause, TargetState, evaluate

from .logs import HOUR, NIGHTS, OFFICE, at, log, policy, report

S = TargetState
LUNCH = BusinessCalendar(time_zone="Europe/Berlin", weekly=weekly([[(540, 720), (780, 1020)]] * 5 + [[]] * 2))
MONDAY_AND_THURSDAY = BusinessCalendar(
    time_zone="Europe/Berlin", weekly=weekly([[(540, 1020)], [], [], [(540, 1020)], [], [], []])
)
BOTH = policy(first_response=4, next_response=1)
URGENT = policy("urgent", when=Conditions(priority=frozenset({"high"})), first_response=1, resolution=8)
NORMAL = policy("normal", first_response=4, resolution=16)


def test_zammad_5177_a_target_for_updates_never_overrides_the_first_answer():
    text = "Mon 10:00 created\nMon 10:30 customer_message\nMon 11:00 customer_message"

    found = report(text, BOTH, now="Mon 12:30")

    assert (found.first_response.state, found.first_response.due_at) == (S.RUNNING, at("Mon 14:00"))
    assert found.next_response.state is S.NOT_APPLICABLE
    assert found.next_breach is found.first_response


def test_zammad_3140_no_clock_runs_after_the_agent_has_answered_last():
    text = "Mon 10:00 created\nMon 11:00 staff_reply\nMon 12:00 customer_message\nMon 12:30 staff_reply"

    found = report(text, BOTH, now="Fri 10:00")

    assert (found.first_response.state, found.next_response.state) == (S.MET, S.MET)
    assert (found.next_breach, found.overdue) == (None, ())


def test_zammad_3140_a_second_answer_in_a_row_changes_nothing():
    text = "Mon 10:00 created\nMon 11:00 staff_reply\nTue 12:00 staff_reply"

    found = report(text, BOTH, now="Fri 10:00")

    assert (found.first_response.stopped_at, found.next_response.state) == (at("Mon 11:00"), S.NOT_APPLICABLE)


def test_zammad_3410_a_metric_ends_with_its_answer_and_not_with_the_last_activity():
    text = """
    Mon 10:00 created
    Mon 11:00 staff_reply
    Tue 09:00 internal_note
    Wed 09:00 tags_changed tags=x
    Fri 09:00 solved
    """

    found = report(text, NORMAL, now="Fri 10:00")

    assert found.first_response.elapsed == HOUR
    assert (found.resolution.elapsed, found.resolution.stopped_at) == (31 * HOUR, at("Fri 09:00"))


@pytest.mark.parametrize("created", ["Mon 15:00", "Mon 16:59", "Fri 16:30", "Sat 03:00", "Sun 23:59"])
def test_zammad_4432_warnings_and_deadlines_fall_into_working_hours(created):
    target = Target(minutes=120, warn_before_minutes=60)

    found = report(f"{created} created", policy(first_response=target), now=created).first_response

    for moment in (found.warn_at, found.due_at):
        wall = moment.astimezone(ZoneInfo("Europe/Berlin"))
        assert 9 <= wall.hour < 17 or (wall.hour, wall.minute) == (17, 0)
        assert wall.weekday() < 5


def test_ticket_biz_break_a_pause_over_midnight_takes_its_working_time_only():
    """zammad's ticket_biz_break_spec: the pause lasts from one working day into the next."""
    text = "Mon 16:00 created\nMon 16:30 pending_customer\nTue 10:00 open"

    found = report(text, NORMAL, now="Tue 10:00").first_response

    assert (found.elapsed, found.due_at) == (HOUR / 2, at("Tue 13:30"))


def test_ticket_biz_break_a_pause_outside_the_hours_costs_nothing():
    text = "Mon 16:00 created\nMon 18:00 pending_customer\nTue 08:00 open"

    assert report(text, NORMAL, now="Tue 10:00").first_response.due_at == at("Tue 12:00")


def test_ticket_biz_break_a_pause_over_midnight_of_a_night_shift():
    text = "Mon 23:00 created\nMon 23:30 pending_customer\nTue 00:30 open"

    found = report(text, NORMAL, now="Tue 01:00", calendar=NIGHTS).first_response

    assert (found.elapsed, found.due_at) == (HOUR, at("Tue 04:00"))


def test_ticket_biz_break_the_calendars_zone_counts_and_not_the_writers():
    tokyo = replace(OFFICE, time_zone="Asia/Tokyo")

    found = report("Mon 09:00 created", NORMAL, now="Mon 09:00", calendar=tokyo).first_response

    assert found.due_at.astimezone(ZoneInfo("Asia/Tokyo")).isoformat() == "2026-11-17T13:00:00+09:00"


def test_glpi_6902_a_change_of_priority_keeps_used_and_paused_time():
    text = """
    Mon 10:00 created
    Mon 11:00 pending_customer
    Mon 13:00 open
    Mon 13:30 priority_changed priority=high
    """

    before = report(text, URGENT, NORMAL, now="Mon 13:29").resolution
    after = report(text, URGENT, NORMAL, now="Mon 13:30").resolution

    assert (before.due_at, after.due_at) == (at("Wed 12:00"), at("Tue 12:00"))
    assert before.pauses == after.pauses == (Pause(at("Mon 11:00"), at("Mon 13:00"), Standing.PENDING_CUSTOMER),)
    assert after.elapsed == 1.5 * HOUR


def test_glpi_6902_a_pause_keeps_what_it_was_when_it_happened():
    """The new policy would not have paused; the customer did not wait for us all the same."""
    stern = policy("stern", resolution=Target(minutes=960, pause_on=frozenset()))
    text = "Mon 10:00 created\nMon 11:00 pending_customer\nMon 13:00 open\nMon 14:00 policy_changed policy=stern"

    assert report(text, NORMAL, stern, now="Mon 14:00").resolution.due_at == at("Wed 12:00")


def test_glpi_6902_a_target_that_was_met_stays_met_whatever_changes_later():
    text = "Mon 10:00 created\nMon 12:00 staff_reply\nMon 13:00 priority_changed priority=high"

    found = report(text, URGENT, NORMAL, now="Tue 10:00").first_response

    assert (found.state, found.due_at) == (S.MET, at("Mon 14:00"))


def test_glpi_6902_a_policy_in_hours_by_the_clock_gives_way_to_one_in_working_hours():
    """Nobody worked on the weekend, so nothing of the working hours is used up."""
    day = policy("day", first_response=Target(minutes=24 * 60, measure=Measure.CALENDAR))
    team = policy("team", when=Conditions(team=frozenset({"care"})), first_response=4)
    text = "Fri 18:00 created\nMon+1 09:00 team_changed team=care"

    found = report(text, team, day, now="Mon+1 09:00").first_response

    assert (found.state, found.due_at) == (S.RUNNING, at("Mon+1 13:00"))


def test_glpi_15429_deadlines_do_not_depend_on_the_zone_in_which_times_are_written():
    events = log("Mon 10:00 created\nTue 12:00 pending_customer\nWed 12:00 open")
    rules = Rules(policies=[NORMAL], calendar=OFFICE)
    elsewhere = [replace(one, at=one.at.astimezone(timezone(timedelta(hours=-9.5)))) for one in events]

    first = evaluate(events, facts=Facts(), rules=rules, now=at("Thu 10:00")).resolution
    second = evaluate(elsewhere, facts=Facts(), rules=rules, now=at("Thu 10:00")).resolution

    assert first == second


def test_glpi_15429_a_shop_that_moves_keeps_what_was_used_up_where_it_was():
    moved = replace(OFFICE, time_zone="Asia/Tokyo")
    text = "Mon 15:00 created\nTue 00:00 calendar_changed calendar=tokyo"

    found = report(text, NORMAL, now="Tue 00:00", calendars={"tokyo": moved}).first_response

    assert found.elapsed == 2 * HOUR
    assert found.due_at == at("Tue 03:00")  # 11:00 in Tokyo, two hours after nine


def test_osticket_6739_a_week_of_monday_and_thursday():
    found = report("Fri 10:00 created", NORMAL, now="Fri 10:00", calendar=MONDAY_AND_THURSDAY)

    assert found.first_response.due_at == at("Mon+1 13:00")
    assert found.resolution.due_at == at("Thu+1 17:00")


@pytest.mark.parametrize(("created", "due"), [("Mon 10:00", "Mon 15:00"), ("Mon 12:30", "Mon 17:00")])
def test_chatwoot_14009_and_frappe_2212_lunch_does_not_count(created, due):
    assert report(f"{created} created", NORMAL, now=created, calendar=LUNCH).first_response.due_at == at(due)


def test_zammad_390_a_holiday_that_nobody_takes_is_worked():
    """Wednesday of that week is Repentance Day, in Saxony only."""
    day = at("Wed 00:00").date()
    saxony = replace(OFFICE, holidays=HolidayRule(country="DE", subdivision="SN"))
    working = replace(OFFICE, holidays=HolidayRule(country="DE", subdivision="SN", except_dates=frozenset({day})))

    assert report("Tue 16:00 created", NORMAL, now="Tue 16:00", calendar=saxony).first_response.due_at == at(
        "Thu 12:00"
    )
    assert report("Tue 16:00 created", NORMAL, now="Tue 16:00", calendar=working).first_response.due_at == at(
        "Wed 12:00"
    )


def test_frappe_helpdesk_3628_an_out_of_office_reply_does_not_reopen():
    text = "Mon 10:00 created\nMon 11:00 staff_reply\nMon 11:00 solved\nMon 11:01 customer_auto_reply"

    assert report(text, NORMAL, now="Tue 10:00").resolution.state is S.MET


def test_frappe_helpdesk_3465_a_message_long_after_solving_is_another_ticket():
    brief = policy(resolution=16, next_response=1, reopen_grace_minutes=7 * 24 * 60)
    text = "Mon 10:00 created\nMon 11:00 staff_reply\nMon 12:00 solved\nTue+1 10:00 customer_message"

    found = report(text, brief, now="Fri+1 10:00")

    assert found.resolution.state is S.MET
    assert found.next_response.state is S.NOT_APPLICABLE


# Logs as they really arrive.


def test_events_out_of_order_are_put_in_order():
    lines = ["Mon 12:00 customer_message", "Mon 10:00 created", "Mon 13:30 staff_reply", "Mon 11:00 staff_reply"]

    found = report("\n".join(lines), BOTH, now="Mon 14:00")

    assert (found.first_response.elapsed, found.next_response.elapsed) == (HOUR, 1.5 * HOUR)


def test_of_equal_times_the_one_given_first_happened_first():
    asked = "Mon 10:00 created\nMon 11:00 staff_reply\nMon 12:00 customer_message\nMon 12:00 staff_reply"
    said = "Mon 10:00 created\nMon 11:00 staff_reply\nMon 12:00 staff_reply\nMon 12:00 customer_message"

    assert report(asked, BOTH, now="Mon 12:00").next_response.state is S.MET
    assert report(said, BOTH, now="Mon 12:00").next_response.state is S.RUNNING


def test_the_creation_comes_first_even_when_it_is_told_last():
    found = report("Mon 10:00 staff_reply\nMon 10:00 created", BOTH, now="Mon 12:00")

    assert (found.first_response.state, found.first_response.elapsed) == (S.MET, timedelta(0))


def test_what_is_dated_before_the_creation_counts_as_right_after_it():
    found = report("Mon 10:00 created\nMon 09:58 staff_reply", BOTH, now="Mon 12:00")

    assert found.first_response.stopped_at == at("Mon 10:00")
    assert found.history.warnings == ["1 events are dated before the ticket's creation and count as right after it"]


def test_events_in_the_future_do_not_count_yet():
    found = report("Mon 10:00 created\nMon 13:00 staff_reply\nMon 12:00 solved", BOTH, now="Mon 11:00")

    assert (found.first_response.state, found.history.standing) == (S.RUNNING, Standing.OPEN)
    assert len(found.history.warnings) == 2


def test_an_event_heard_twice_happened_once():
    once = "Mon 10:00 created id=a\nMon 11:00 staff_reply id=b\nMon 12:00 customer_message id=c"
    twice = f"{once}\nMon 12:30 staff_reply id=b\nMon 11:00 staff_reply\nMon 11:00 staff_reply"

    found = report(twice, BOTH, now="Mon 12:45")

    assert found.next_response == report(once, BOTH, now="Mon 12:45").next_response
    assert found.history.warnings == [
        "events[3] repeats the event b and was left out",
        "events[5] (staff_reply) stands there twice and was left out",
    ]


def test_a_policy_named_on_the_ticket_holds_until_it_is_taken_off():
    text = "Mon 10:00 created\nMon 10:30 policy_changed policy=normal\nMon 11:00 priority_changed priority=high"

    pinned = report(text, URGENT, NORMAL, now="Mon 11:00").resolution
    free = report(f"{text}\nMon 12:00 policy_changed", URGENT, NORMAL, now="Mon 12:00").resolution

    assert (pinned.due_at, free.due_at) == (at("Wed 10:00"), at("Tue 10:00"))
