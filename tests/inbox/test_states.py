"""The moves of a conversation: put off, woken, closed by the clock, marked as spam."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.core.errors import Conflict, InvalidInput
from saleor_aftercare.core.jobs import run_due
from saleor_aftercare.core.models import Event, Job
from saleor_aftercare.inbox import actions
from saleor_aftercare.inbox.models import Ticket, TicketChannel, TicketState
from saleor_aftercare.inbox.snooze import LONGEST, SnoozePreset, presets
from saleor_aftercare.inbox.upkeep import close_solved
from saleor_aftercare.people.actions import person_of
from saleor_aftercare.people.models import IdentityKind
from tests.make import DAY, HOUR, NOON, make_order, make_shop, make_staff, make_ticket

S = TicketState
TOKYO, BERLIN = ZoneInfo("Asia/Tokyo"), ZoneInfo("Europe/Berlin")


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def told(ticket: Ticket) -> list[str]:
    return list(ticket.messages.exclude(event="").order_by("pk").values_list("event", flat=True))


# -- when it comes back ------------------------------------------------------------------------------------------


def shown(now: datetime, zone: ZoneInfo) -> list[tuple[str, str]]:
    return [(one.preset.value, one.at.astimezone(zone).strftime("%a %H:%M")) for one in presets(now, zone)]


def test_a_wednesday_morning_offers_four_moments():
    assert shown(datetime(2026, 11, 18, 9, 1, tzinfo=BERLIN), BERLIN) == [
        ("later_today", "Wed 13:00"),
        ("tomorrow", "Thu 09:00"),
        ("monday", "Mon 09:00"),
        ("next_week", "Wed 09:00"),
    ]


def test_in_the_afternoon_nothing_is_later_today():
    assert shown(datetime(2026, 11, 18, 15, 30, tzinfo=BERLIN), BERLIN)[0] == ("tomorrow", "Thu 09:00")


def test_on_mondays_next_week_and_monday_are_one():
    assert shown(datetime(2026, 11, 16, 20, 0, tzinfo=TOKYO), TOKYO) == [
        ("tomorrow", "Tue 09:00"),
        ("monday", "Mon 09:00"),
    ]


def test_the_night_in_which_the_clocks_go_forward_has_its_morning_at_nine():
    found = presets(datetime(2027, 3, 27, 22, 0, tzinfo=BERLIN), BERLIN)

    assert found[0].at == datetime(2027, 3, 28, 7, 0, tzinfo=UTC)


@given(
    now=st.integers(0, 15 * 366 * 24 * 60).map(lambda minutes: NOON + timedelta(minutes=minutes)),
    zone=st.sampled_from(
        [TOKYO, BERLIN, ZoneInfo("America/Sao_Paulo"), ZoneInfo("Australia/Lord_Howe"), ZoneInfo("UTC")]
    ),
)
def test_whatever_the_moment_presets_lie_ahead_in_order_and_within_eight_days(now: datetime, zone: ZoneInfo):
    found = presets(now, zone)

    moments = [one.at for one in found]
    assert moments == sorted(set(moments))
    assert all(now < one <= now + timedelta(days=8) for one in moments)
    assert SnoozePreset.TOMORROW in {one.preset for one in found}
    assert all(one.at.astimezone(zone).hour == 9 for one in found if one.preset != SnoozePreset.LATER_TODAY)


@pytest.mark.django_db
def test_a_snoozed_conversation_wakes_by_the_clock_as_new_news():
    ticket = make_ticket(unread=True)
    until = NOON + 3 * HOUR
    with time_machine.travel(NOON, tick=False):
        actions.snooze(ticket, until=until, at=NOON, staff=make_staff(ticket.shop, name="Mei"))
        run_due()
    held = fresh(ticket)
    assert (held.state, held.wake_at, held.unread) == (S.ON_HOLD, until, False)

    with time_machine.travel(until, tick=False):
        run_due()

    held = fresh(ticket)
    assert (held.state, held.wake_at, held.unread) == (S.OPEN, None, True)
    assert told(ticket) == ["ticket.snooze", "ticket.woken"]
    moves = Event.objects.filter(kind="ticket.moved").order_by("pk").values_list("actor_name", "data__action")
    assert list(moves) == [("Mei", "snooze"), ("", "wake")]


@pytest.mark.django_db
def test_put_off_once_more_it_sleeps_until_the_later_moment():
    ticket = make_ticket()
    with time_machine.travel(NOON, tick=False):
        actions.snooze(ticket, until=NOON + HOUR, at=NOON, staff=None)
        actions.snooze(ticket, until=NOON + 5 * HOUR, at=NOON, staff=None)
    with time_machine.travel(NOON + 2 * HOUR, tick=False):
        run_due()
    assert fresh(ticket).state == S.ON_HOLD

    with time_machine.travel(NOON + 5 * HOUR, tick=False):
        run_due()
    assert fresh(ticket).state == S.OPEN


@pytest.mark.django_db
def test_the_customer_wakes_it_earlier_and_the_clock_then_finds_nothing_to_do():
    ticket = make_ticket()
    actions.snooze(ticket, until=NOON + 5 * HOUR, at=NOON, staff=None)

    actions.receive_message(
        ticket,
        body="Any news?",
        author_name="Ada",
        author_email=ticket.customer_email,
        attachments=(),
        source=None,
        at=NOON + HOUR,
    )

    held = fresh(ticket)
    assert (held.state, held.wake_at, held.unread) == (S.OPEN, None, True)
    assert not actions.wake_when_due(ticket, at=NOON + 6 * HOUR)


@pytest.mark.django_db
@pytest.mark.parametrize("until", [NOON, NOON - HOUR, NOON + LONGEST + HOUR])
def test_nothing_is_put_off_to_the_past_or_for_years(until: datetime):
    ticket = make_ticket()

    with pytest.raises(InvalidInput) as refused:
        actions.snooze(ticket, until=until, at=NOON, staff=None)

    assert refused.value.field == "until"
    assert fresh(ticket).state == S.NEW
    assert not Job.objects.filter(kind="inbox.wake").exists()


@pytest.mark.django_db
def test_what_is_over_cannot_be_put_off():
    for state in (S.SOLVED, S.CLOSED, S.SPAM):
        with pytest.raises(Conflict):
            actions.snooze(make_ticket(state=state), until=NOON + DAY, at=NOON, staff=None)


# -- closed by the clock -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_was_solved_longer_ago_than_the_shop_says_is_closed_and_nothing_else():
    shop = make_shop()
    old = make_ticket(shop=shop, state=S.SOLVED, state_since=NOON - 15 * DAY)
    young = make_ticket(shop=shop, state=S.SOLVED, state_since=NOON - 13 * DAY)
    pending = make_ticket(shop=shop, state=S.PENDING, state_since=NOON - 90 * DAY)
    elsewhere = make_ticket(state=S.SOLVED, state_since=NOON - 15 * DAY)

    assert actions.close_solved(shop, days=14, at=NOON) == 1

    assert [fresh(one).state for one in (old, young, pending, elsewhere)] == [S.CLOSED, S.SOLVED, S.PENDING, S.SOLVED]
    assert Event.objects.get(kind="ticket.moved").data["action"] == "close"


@pytest.mark.django_db
def test_the_clock_closes_in_every_shop_after_its_own_days():
    quick, slow = (make_ticket(state=S.SOLVED, state_since=NOON - 5 * DAY) for _ in range(2))
    ShopSettings.objects.filter(shop=quick.shop).update(reopen_days=3)

    with time_machine.travel(NOON, tick=False):
        close_solved()
        run_due()

    assert [fresh(one).state for one in (quick, slow)] == [S.CLOSED, S.SOLVED]


@pytest.mark.django_db
def test_who_writes_about_an_order_after_the_grace_begins_a_conversation_that_follows_the_last():
    """C7: reopened inside a grace window, else a new linked ticket."""
    order = make_order()
    told_before = make_ticket(order, state=S.SOLVED, state_since=NOON - 20 * DAY)

    message = actions.message_about_order(
        order, body="It broke again.", attachments=(), channel=TicketChannel.PORTAL, at=NOON
    )

    assert message.ticket_id != told_before.pk
    assert message.ticket.follows == told_before
    assert fresh(told_before).state == S.SOLVED


@pytest.mark.django_db
def test_who_writes_about_an_order_within_the_grace_reopens():
    order = make_order()
    solved = make_ticket(order, state=S.SOLVED, state_since=NOON - 14 * DAY)

    message = actions.message_about_order(
        order, body="It broke again.", attachments=(), channel=TicketChannel.PORTAL, at=NOON
    )

    assert message.ticket_id == solved.pk
    assert fresh(solved).state == S.OPEN


# -- whose turn it is --------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("action", "before", "after"),
    [
        ("wait", S.OPEN, S.PENDING),
        ("wait_for_others", S.PENDING, S.WAITING),
        ("solve", S.WAITING, S.SOLVED),
        ("reopen", S.WAITING, S.OPEN),
        ("wake", S.ON_HOLD, S.OPEN),
        ("close", S.SOLVED, S.CLOSED),
    ],
)
def test_a_button_moves_it_and_the_thread_and_the_log_say_so(action: str, before: TicketState, after: TicketState):
    ticket = make_ticket(state=before)
    mei = make_staff(ticket.shop, name="Mei")

    moved = actions.move_ticket(ticket, action, at=NOON, staff=mei)

    assert moved.state == fresh(ticket).state == after
    assert told(ticket) == [f"ticket.{action}"]
    event = Event.objects.get(kind="ticket.moved")
    assert (event.actor_name, event.data["before"], event.data["after"]) == ("Mei", before, after)


@pytest.mark.django_db
def test_messages_and_merges_are_no_buttons():
    ticket = make_ticket()

    for action in ("hear", "answer", "merge", "unmerge", "snooze", "explode"):
        with pytest.raises(InvalidInput) as refused:
            actions.move_ticket(ticket, action, at=NOON, staff=None)
        assert refused.value.field == "action"

    assert fresh(ticket).state == S.NEW


# -- spam --------------------------------------------------------------------------------------------------------


def heard(ticket: Ticket, address: str, source: str) -> Any:
    return actions.hear(
        ticket.shop,
        actions.Said(
            source=source,
            channel=TicketChannel.EMAIL,
            sender=actions.Sender(IdentityKind.EMAIL, address),
            email=address,
            subject="You have won",
            body="Click here.",
            at=NOON + HOUR,
        ),
    )


@pytest.mark.django_db
def test_whoever_sent_spam_sends_spam_until_staff_say_otherwise():
    shop = make_shop()
    spammer = person_of(shop, kind=IdentityKind.EMAIL, value="win@casino.test", at=NOON)
    ticket = make_ticket(shop=shop, person=spammer, customer_email="win@casino.test")

    actions.move_ticket(ticket, "spam", at=NOON, staff=None)
    again = heard(ticket, "win@casino.test", "inbound:1")
    actions.move_ticket(ticket, "not_spam", at=NOON, staff=None)
    third = heard(ticket, "win@casino.test", "inbound:2")

    assert (again.ticket.state, again.ticket.unread) == (S.SPAM, False)
    assert third.ticket.state == S.NEW


@pytest.mark.django_db
def test_a_customer_whose_mail_looked_like_spam_once_is_heard_the_next_time():
    order = make_order()
    ticket = make_ticket(order)
    ticket.person = person_of(
        order.shop, kind=IdentityKind.EMAIL, value=order.email, verified_at=order.placed_at, at=NOON
    )
    ticket.save()

    actions.move_ticket(ticket, "spam", at=NOON, staff=None)

    assert heard(ticket, order.email, "inbound:1").ticket.state == S.NEW
