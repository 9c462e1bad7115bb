"""Deadlines from logs. What domains.md calls SLA traps (C7) stand in ``test_traps.py`` by their names."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.hours import BusinessCalendar, Hours, NoWorkingTime, Opening
from saleor_aftercare.inbox.sla.policies import Measure, Standing, Target
from saleor_aftercare.inbox.sla.targets import Pause, TargetState

from .logs import HOUR, NIGHTS, OFFICE, at, policy, report

S = TargetState
FOUR = policy(first_response=4, next_response=2, resolution=16)


def test_a_new_ticket_waits_for_an_answer_and_for_its_end():
    found = report("Mon 10:00 created", FOUR, now="Mon 11:00")

    first = found.first_response
    assert (first.state, first.started_at, first.due_at) == (S.RUNNING, at("Mon 10:00"), at("Mon 14:00"))
    assert (first.elapsed, first.remaining, first.stopped_at) == (HOUR, 3 * HOUR, None)
    assert found.next_response.state is S.NOT_APPLICABLE
    assert found.resolution.due_at == at("Wed 10:00")
    assert found.next_breach is first
    assert found.overdue == ()


def test_what_nobody_did_in_time_is_overdue():
    found = report("Mon 10:00 created", FOUR, now="Mon 14:01")

    assert found.first_response.state is S.BREACHED
    assert found.first_response.remaining == timedelta(0)
    assert found.overdue == (found.first_response,)
    assert found.next_breach is found.resolution


@pytest.mark.parametrize(("answered", "state"), [("Mon 13:59", S.MET), ("Mon 14:00", S.MET), ("Mon 14:01", S.BREACHED)])
def test_an_answer_at_the_very_deadline_is_in_time(answered, state):
    found = report(f"Mon 10:00 created\n{answered} staff_reply", FOUR, now="Tue 10:00")

    assert found.first_response.state is state
    assert found.first_response.stopped_at == at(answered)
    assert found.first_response.due_at == at("Mon 14:00")


@pytest.mark.parametrize(("now", "state"), [("Mon 14:00", S.RUNNING), ("Mon 14:01", S.BREACHED)])
def test_a_deadline_is_missed_only_after_it(now, state):
    assert report("Mon 10:00 created", FOUR, now=now).first_response.state is state


def test_what_ends_at_closing_time_is_late_in_the_evening():
    """Nobody worked between the deadline and the answer, and yet it came after the deadline."""
    found = report("Mon 13:00 created\nMon 20:00 staff_reply", FOUR, now="Tue 10:00").first_response

    assert (found.due_at, found.state, found.elapsed) == (at("Mon 17:00"), S.BREACHED, 4 * HOUR)


def test_a_warning_comes_in_working_time_before_the_deadline():
    target = Target(minutes=240, warn_before_minutes=90)
    found = report("Mon 15:00 created", policy(first_response=target), now="Mon 15:00").first_response

    assert (found.warn_at, found.due_at) == (at("Tue 09:30"), at("Tue 11:00"))


def test_calendar_time_counts_nights_and_weekends():
    target = Target(minutes=24 * 60, measure=Measure.CALENDAR)
    found = report("Fri 20:00 created", policy(first_response=target), now="Sat 08:00").first_response

    assert (found.due_at, found.elapsed) == (at("Sat 20:00"), 12 * HOUR)


def test_without_policies_a_person_answers_within_a_day():
    found = report("Fri 20:00 created", now="Sat 08:00", calendar=None)

    assert found.first_response.due_at == at("Sat 20:00")
    assert found.resolution.state is S.NOT_APPLICABLE
    assert found.resolution.why == "the policy default promises none"


@pytest.mark.parametrize("state", ["pending_customer", "pending_third_party", "on_hold"])
def test_a_clock_stands_still_while_it_is_somebody_elses_turn(state):
    text = f"Mon 10:00 created\nMon 11:00 {state}\nTue 10:00 open"

    waiting = report(text, FOUR, now="Mon 16:00").first_response
    going_on = report(text, FOUR, now="Tue 12:00").first_response

    assert (waiting.state, waiting.due_at, waiting.remaining) == (S.PAUSED, None, 3 * HOUR)
    assert waiting.pauses == (Pause(at("Mon 11:00"), None, Standing(state)),)
    assert (going_on.state, going_on.due_at, going_on.elapsed) == (S.RUNNING, at("Tue 13:00"), 3 * HOUR)
    assert going_on.pauses == (Pause(at("Mon 11:00"), at("Tue 10:00"), Standing(state)),)


def test_each_target_says_in_which_states_it_pauses():
    patient = policy(
        first_response=Target(minutes=240, pause_on=frozenset()),
        resolution=Target(minutes=240, pause_on=frozenset({Standing.PENDING_CUSTOMER})),
    )
    text = "Mon 10:00 created\nMon 11:00 on_hold\nMon 12:00 pending_customer\nMon 13:00 open"

    found = report(text, patient, now="Mon 13:00")

    assert found.first_response.due_at == at("Mon 14:00")
    assert found.resolution.due_at == at("Mon 15:00")


def test_a_snooze_ends_by_itself_and_its_deadline_is_known_before():
    text = "Mon 10:00 created\nMon 11:00 on_hold until=Tue_09:00"

    asleep = report(text, FOUR, now="Mon 12:00")
    awake = report(text, FOUR, now="Tue 10:00")

    assert (asleep.first_response.state, asleep.first_response.due_at) == (S.PAUSED, at("Tue 12:00"))
    assert asleep.next_breach is asleep.first_response
    assert (awake.first_response.state, awake.first_response.due_at) == (S.RUNNING, at("Tue 12:00"))
    assert awake.first_response.pauses == (Pause(at("Mon 11:00"), at("Tue 09:00"), Standing.ON_HOLD),)


def test_a_customer_who_writes_ends_every_wait_and_snooze():
    text = "Mon 10:00 created\nMon 11:00 on_hold until=Fri_09:00\nMon 12:00 customer_message"

    assert report(text, FOUR, now="Mon 13:00").first_response.due_at == at("Mon 15:00")


def test_what_is_used_up_when_a_pause_begins_is_due_when_it_ends():
    text = "Mon 10:00 created\nMon 14:00 pending_customer"

    paused = report(text, FOUR, now="Tue 10:00").first_response
    resumed = report(f"{text}\nTue 11:00 open", FOUR, now="Tue 11:00").first_response

    assert (paused.state, paused.due_at, paused.remaining) == (S.PAUSED, None, timedelta(0))
    assert (resumed.state, resumed.due_at) == (S.RUNNING, at("Tue 11:00"))


def test_what_was_missed_before_a_pause_stays_missed():
    text = "Mon 10:00 created\nMon 15:00 pending_customer"

    found = report(text, FOUR, now="Tue 10:00").first_response

    assert (found.state, found.due_at, found.elapsed) == (S.BREACHED, at("Mon 14:00"), 5 * HOUR)


def test_the_next_answer_is_due_from_the_first_unanswered_message():
    text = """
    Mon 10:00 created
    Mon 11:00 staff_reply
    Mon 12:00 customer_message
    Mon 13:00 customer_message
    """

    found = report(text, FOUR, now="Mon 13:30")

    assert found.first_response.state is S.MET
    assert (found.next_response.started_at, found.next_response.due_at) == (at("Mon 12:00"), at("Mon 14:00"))


def test_every_exchange_has_a_clock_of_its_own():
    text = """
    Mon 10:00 created
    Mon 11:00 staff_reply
    Mon 12:00 customer_message
    Mon 15:00 staff_reply
    Tue 09:00 customer_message
    """

    found = report(text, FOUR, now="Tue 10:00")

    assert [one.state for one in found.earlier_next_responses] == [S.BREACHED]
    assert (found.next_response.state, found.next_response.due_at) == (S.RUNNING, at("Tue 11:00"))


@pytest.mark.parametrize("kind", ["bot_reply", "internal_note", "customer_auto_reply", "assigned", "tags_changed"])
def test_only_a_persons_public_answer_stops_the_clock(kind):
    found = report(f"Mon 10:00 created\nMon 11:00 {kind}", FOUR, now="Mon 12:00")

    assert (found.first_response.state, found.first_response.due_at) == (S.RUNNING, at("Mon 14:00"))
    assert found.next_response.state is S.NOT_APPLICABLE


def test_an_auto_reply_of_the_customer_starts_nothing_and_opens_nothing():
    text = "Mon 10:00 created\nMon 11:00 staff_reply\nMon 11:00 pending_customer\nMon 11:01 customer_auto_reply"

    found = report(text, FOUR, now="Mon 15:00")

    assert found.next_response.state is S.NOT_APPLICABLE
    assert found.resolution.elapsed == HOUR
    assert found.history.standing is Standing.PENDING_CUSTOMER


def test_a_ticket_that_staff_open_waits_for_nobody_until_the_customer_writes():
    logged = "Mon 10:00 created by=staff"
    spoken = f"{logged}\nMon 10:00 staff_reply\nMon 12:00 customer_message"

    quiet = report(logged, FOUR, now="Tue 10:00")
    asked = report(f"{logged}\nMon 12:00 customer_message", FOUR, now="Mon 12:00")
    replied = report(spoken, FOUR, now="Mon 12:00")

    assert (quiet.first_response.state, quiet.first_response.why) == (S.NOT_APPLICABLE, "the customer has not written")
    assert asked.first_response.due_at == at("Mon 16:00")
    assert (replied.first_response.why, replied.next_response.due_at) == ("the shop spoke first", at("Mon 14:00"))


def test_a_resolution_goes_on_when_the_ticket_is_opened_again():
    text = "Mon 10:00 created\nMon 14:00 staff_reply\nMon 15:00 solved"

    solved = report(text, FOUR, now="Wed 16:00").resolution
    again = report(f"{text}\nWed 10:00 customer_message", FOUR, now="Wed 11:00").resolution

    assert (solved.state, solved.stopped_at, solved.elapsed) == (S.MET, at("Mon 15:00"), 5 * HOUR)
    assert (again.state, again.stopped_at, again.elapsed) == (S.RUNNING, None, 6 * HOUR)
    assert again.due_at == at("Thu 13:00")
    assert again.pauses == (Pause(at("Mon 15:00"), at("Wed 10:00"), Standing.SOLVED),)


def test_a_ticket_that_is_closed_was_resolved_when_it_was_solved():
    found = report("Mon 10:00 created\nMon 15:00 solved\nFri 15:00 closed", FOUR, now="Fri 16:00").resolution

    assert (found.state, found.stopped_at) == (S.MET, at("Mon 15:00"))


def test_a_message_within_the_grace_opens_the_ticket_again_and_a_later_one_does_not():
    graceful = policy(first_response=4, next_response=2, resolution=16, reopen_grace_minutes=24 * 60)
    text = "Mon 10:00 created\nMon 11:00 staff_reply\nMon 12:00 solved"

    soon = report(f"{text}\nTue 12:00 customer_message", graceful, now="Tue 12:00")
    late = report(f"{text}\nTue 12:01 customer_message", graceful, now="Tue 12:01")
    by_hand = report(f"{text}\nThu 10:00 reopened", graceful, now="Thu 11:00")

    assert (soon.next_response.due_at, soon.resolution.state) == (at("Tue 14:00"), S.RUNNING)
    assert (late.next_response.state, late.resolution.state) == (S.NOT_APPLICABLE, S.MET)
    assert late.history.warnings[-1].endswith("solved for good; it belongs to a new ticket")
    assert by_hand.resolution.elapsed == 3 * HOUR


def test_a_message_to_a_closed_ticket_belongs_to_a_new_one():
    text = "Mon 10:00 created\nMon 11:00 staff_reply\nMon 12:00 closed\nMon 13:00 customer_message"

    found = report(text, FOUR, now="Mon 14:00")

    assert found.history.standing is Standing.CLOSED
    assert found.next_response.state is S.NOT_APPLICABLE
    assert "belongs to a new ticket" in found.history.warnings[0]


def test_thanks_that_are_solved_without_an_answer_are_not_late_and_not_met():
    text = "Mon 10:00 created\nMon 11:00 staff_reply\nMon 12:00 solved\nMon 13:00 customer_message\nMon 14:00 solved"

    thanks = report(text, FOUR, now="Fri 10:00").next_response
    question = report(f"{text}\nTue 10:00 customer_message", FOUR, now="Tue 10:30")

    assert (thanks.state, thanks.why) == (S.NOT_APPLICABLE, "solved without an answer")
    assert thanks.stopped_at == at("Mon 14:00")
    assert (question.next_response.started_at, question.next_response.due_at) == (at("Tue 10:00"), at("Tue 12:00"))
    assert [one.state for one in question.earlier_next_responses] == [S.NOT_APPLICABLE]


def test_solving_too_late_and_without_an_answer_is_late():
    found = report("Mon 10:00 created\nMon 15:00 solved\nMon 15:00 closed", FOUR, now="Tue 10:00").first_response

    assert (found.state, found.why) == (S.BREACHED, "closed without an answer, and too late")
    assert found.stopped_at == at("Mon 15:00")


def test_the_first_answer_is_still_owed_when_an_unanswered_ticket_is_opened_again():
    text = "Mon 10:00 created\nMon 11:00 solved\nTue 10:00 customer_message"

    found = report(text, FOUR, now="Tue 10:00")

    assert (found.first_response.started_at, found.first_response.due_at) == (at("Mon 10:00"), at("Tue 13:00"))
    assert found.next_response.state is S.NOT_APPLICABLE


def test_an_answer_written_in_the_moment_of_solving_counts():
    found = report("Mon 10:00 created\nMon 11:00 solved\nMon 11:00 staff_reply", FOUR, now="Tue 10:00")

    assert (found.first_response.state, found.first_response.stopped_at) == (S.MET, at("Mon 11:00"))


@pytest.mark.parametrize(("kind", "back"), [("spam", "not_spam"), ("merged", "unmerged")])
def test_nobody_owes_an_answer_to_spam_and_merged_tickets_until_they_come_back(kind, back):
    text = f"Mon 10:00 created\nMon 11:00 {kind}\nMon 12:00 customer_message"

    gone = report(text, FOUR, now="Fri 10:00")
    returned = report(f"{text}\nTue 10:00 {back}", FOUR, now="Tue 10:00")

    assert {one.state for one in gone.targets} == {S.NOT_APPLICABLE}
    assert (gone.next_breach, gone.overdue) == (None, ())
    assert returned.first_response.due_at == at("Tue 13:00")


def test_next_breach_is_the_earliest_of_what_is_still_open():
    text = "Mon 10:00 created\nMon 11:00 staff_reply\nMon 16:30 customer_message"
    tight = policy(first_response=4, next_response=2, resolution=7)

    assert report(text, tight, now="Mon 16:30").next_breach.kind == "resolution"
    assert report(f"{text}\nMon 16:45 solved", tight, now="Mon 16:50").next_breach is None


def test_a_deadline_that_a_calendar_never_reaches_is_an_error_only_while_somebody_waits():
    once = BusinessCalendar(
        time_zone="Europe/Berlin",
        weekly=((),) * 7,
        openings=(Opening(day=at("Mon 00:00").date(), hours=Hours(540, 600)),),
    )

    with pytest.raises(NoWorkingTime):
        report("Mon 09:30 created", FOUR, now="Mon 12:00", calendar=once)
    met = report("Mon 09:30 created\nMon 09:45 staff_reply", policy(first_response=4), now="Mon 12:00", calendar=once)
    assert (met.first_response.state, met.first_response.due_at) == (S.MET, None)


def test_a_log_without_a_creation_is_refused():
    with pytest.raises(InvalidInput, match="there is no created event up to now"):
        report("Mon 10:00 customer_message", FOUR, now="Tue 10:00")
    with pytest.raises(InvalidInput, match="there is no created event up to now"):
        report("Wed 10:00 created", FOUR, now="Tue 10:00")


def test_intervals_add_up_to_what_has_passed_and_to_the_target():
    text = "Mon 16:00 created\nTue 10:00 on_hold\nTue 12:00 open"

    found = report(text, FOUR, now="Tue 12:30").first_response

    spans = [(one.interval.start, one.interval.end) for one in found.counted()]
    assert spans == [
        (at("Mon 16:00"), at("Mon 17:00")),
        (at("Tue 09:00"), at("Tue 10:00")),
        (at("Tue 12:00"), at("Tue 12:30")),
    ]
    until_due = [one.interval for one in found.counted_until_due()]
    assert sum((one.length for one in until_due), timedelta(0)) == 4 * HOUR
    assert until_due[-1].end == found.due_at == at("Tue 14:00")


def test_calendars_of_two_policies_each_count_their_own_time():
    day = policy("day", resolution=16)
    night = policy("night", resolution=16, calendar="nights")
    text = "Mon 09:00 created\nMon 17:00 policy_changed policy=night"

    found = report(text, day, night, now="Tue 00:00", calendars={"nights": NIGHTS}).resolution

    assert (found.elapsed, found.due_at) == (10 * HOUR, at("Tue 06:00"))
    assert [one.calendar for one in found.counted()] == [OFFICE, NIGHTS]
