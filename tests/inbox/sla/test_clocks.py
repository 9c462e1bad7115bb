"""The deadlines of conversations as rows: what starts, stops, pauses and moves them, and who is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saleor_aftercare.core import jobs
from saleor_aftercare.core.events import SYSTEM
from saleor_aftercare.core.models import Event, Shop
from saleor_aftercare.inbox import actions
from saleor_aftercare.inbox.actions import hearing, thread
from saleor_aftercare.inbox.models import MessageKind, Priority, Ticket, TicketChannel, TicketMessage
from saleor_aftercare.inbox.sla import editing, queries
from saleor_aftercare.inbox.sla import tasks as sla_tasks
from saleor_aftercare.inbox.sla.actions import move_log, recompute, recompute_tickets
from saleor_aftercare.inbox.sla.models import SlaClock, SlaEvent, SlaPolicy
from tests.make import DAY, HOUR, NOON, make_message, make_shop, make_ticket

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
#: Monday to Friday, nine to five, an hour's lunch.
OFFICE: dict[str, Any] = {
    "time_zone": "Asia/Tokyo",
    "hours": {
        day: [{"start": "09:00", "end": "12:00"}, {"start": "13:00", "end": "17:00"}]
        for day in ("mon", "tue", "wed", "thu", "fri")
    },
    "holidays": {"country": "JP"},
}
#: Friday before a Japanese bank holiday, 16:00 in Tokyo.
FRIDAY = datetime(2025, 7, 18, 7, 0, tzinfo=UTC)


def save_calendar(shop: Shop, document: dict[str, Any] = OFFICE, **values: Any) -> Any:
    given_values = {
        "pk": None,
        "version": 0,
        "name": "Office",
        "is_default": True,
        "at": NOON,
        "actor": SYSTEM,
    } | values
    return editing.save_calendar(shop, document=document, **given_values)


def save_policy(shop: Shop, targets: dict[str, Any], when: dict[str, Any] | None = None, **values: Any) -> SlaPolicy:
    document: dict[str, Any] = {"targets": targets} | ({"when": when} if when else {})
    given_values = {"key": None, "version": 0, "name": "All", "calendar_pk": None, "at": NOON, "actor": SYSTEM} | values
    return editing.save_policy(shop, document=document, **given_values)


def write(shop: Shop, at: datetime, **values: Any) -> Ticket:
    """A customer's new conversation."""
    ticket = hearing.open_ticket(
        shop,
        **{
            "subject": "Grinder",
            "channel": TicketChannel.EMAIL,
            "language": "en",
            "customer_name": "Ada",
            "customer_email": "ada@customer.test",
            "user_id": "",
            "order": None,
            "at": at,
        }
        | values,
    )
    hear(ticket, at)
    return fresh(ticket)


def hear(ticket: Ticket, at: datetime) -> TicketMessage:
    return actions.receive_message(
        ticket,
        body="It does not grind.",
        author_name="Ada",
        author_email="ada@customer.test",
        attachments=(),
        source=None,
        at=at,
    )


def say(ticket: Ticket, at: datetime, *, automatic: bool = False) -> TicketMessage:
    """Somebody, or something, of the shop answers."""
    locked = thread.lock(ticket)
    message = thread.add(
        locked,
        MessageKind.STAFF,
        "Please try again.",
        "Mei",
        "",
        attachments=(),
        source=None,
        at=at,
        is_automatic=automatic,
    )
    if not automatic:
        locked.move("answer", at=at)
    thread.set_newest(locked, message, at=at)
    return message


def move(ticket: Ticket, action: str, at: datetime, **columns: Any) -> None:
    locked = thread.lock(ticket)
    locked.move(action, at=at)
    thread.change(locked, at=at, **columns)


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.select_related("shop").get(pk=ticket.pk)


def clock(ticket: Ticket, target: str = "first_response") -> SlaClock:
    return SlaClock.objects.get(ticket=ticket, target=target)


def state_of(ticket: Ticket) -> list[Any]:
    columns = ("target", "policy", "state", "started_at", "due_at", "warn_at", "stopped_at")
    dates = Ticket.objects.filter(pk=ticket.pk).values_list("due_at", "breach_at").get()
    return [dates, *SlaClock.objects.filter(ticket=ticket).order_by("target").values_list(*columns)]


def told(kind: str) -> list[dict[str, Any]]:
    return list(Event.objects.filter(kind=kind).order_by("pk").values_list("data", flat=True))


def watch(at: datetime) -> None:
    """What beat does, at this moment."""
    sla_tasks.watch_all(at=at)
    jobs.run_due()


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
    ticket = hearing.open_ticket(
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
    stepwise = state_of(ticket)

    SlaClock.objects.filter(ticket=ticket).delete()
    Ticket.objects.filter(pk=ticket.pk).update(due_at=None, breach_at=None)
    recompute(fresh(ticket), at=at)

    assert state_of(ticket) == stepwise
