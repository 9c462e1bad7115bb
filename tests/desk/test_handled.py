"""Handled contacts: what counts, for whom, in which month, and that a closed month stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core import jobs, links
from saleor_aftercare.core.errors import Conflict, InvalidInput, NotFound, Refused
from saleor_aftercare.core.events import SYSTEM
from saleor_aftercare.core.models import Shop
from saleor_aftercare.desk import handled, tasks
from saleor_aftercare.desk.models import HandledContact, MonthClose
from saleor_aftercare.inbox import actions
from saleor_aftercare.inbox.actions import hearing, opening, thread
from saleor_aftercare.inbox.actions.merging import merge_tickets
from saleor_aftercare.inbox.models import MessageKind, Ticket, TicketChannel, TicketMessage
from saleor_aftercare.team.models import Team
from tests.make import DAY, HOUR, NOON, make_shop, make_staff

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
JUNE, JULY = date(2025, 6, 1), date(2025, 7, 1)
AFTER_JUNE = datetime(2025, 7, 5, tzinfo=UTC)


def begin(shop: Shop, channel: TicketChannel = TicketChannel.EMAIL, at: datetime = NOON, **values: Any) -> Ticket:
    ticket = opening.open_ticket(
        shop,
        subject="Grinder",
        channel=channel,
        language="en",
        customer_name="Ada",
        customer_email="ada@customer.test",
        user_id="",
        order=None,
        at=at,
        **values,
    )
    hear(ticket, at)
    return ticket


def hear(ticket: Ticket, at: datetime) -> TicketMessage:
    return actions.receive_message(
        ticket, body="Hello?", author_name="Ada", author_email="", attachments=(), source=None, at=at
    )


def say(ticket: Ticket, at: datetime, staff: StaffMember | None, *, solve: bool = False) -> TicketMessage:
    """Somebody answers; None: a machine of ours."""
    with transaction.atomic():
        locked = thread.lock(ticket)
        message = thread.add(
            locked,
            MessageKind.STAFF,
            "Try again.",
            "Mei",
            "",
            attachments=(),
            source=None,
            at=at,
            is_automatic=staff is None,
            staff=staff,
        )
        if staff is not None:
            locked.move("answer", at=at)
        if solve:
            locked.move("solve", at=at)
        thread.set_newest(locked, message, at=at)
    return message


def move(ticket: Ticket, action: str, at: datetime) -> None:
    locked = thread.lock(ticket)
    locked.move(action, at=at)
    thread.change(locked, at=at)


def counted(shop: Shop) -> list[tuple[Any, ...]]:
    rows = HandledContact.objects.filter(shop=shop).order_by("pk")
    return list(rows.values_list("contact_id", "answer_id", "member_id", "channel", "void_reason"))


# -- what counts ------------------------------------------------------------------------------------------------------


def test_a_contact_counts_once_for_the_first_person_who_answered():
    shop = make_shop()
    mei, ken = make_staff(shop), make_staff(shop)
    ticket = begin(shop)
    contact = ticket.messages.get()

    first, second = say(ticket, NOON + HOUR, mei), say(ticket, NOON + 2 * HOUR, ken)
    for answer in (second, first, first):
        handled.count(answer)

    assert counted(shop) == [(contact.pk, first.pk, mei.pk, "email", "")]


def test_every_mail_that_was_answered_is_a_contact_of_its_own():
    """Edge case C7: count handled contacts once per inbound contact answered."""
    shop = make_shop()
    mei = make_staff(shop)
    ticket = begin(shop)
    hear(ticket, NOON + MINUTE)

    handled.count(say(ticket, NOON + HOUR, mei))
    hear(ticket, NOON + 2 * HOUR)
    handled.count(say(ticket, NOON + 3 * HOUR, mei))

    assert len(counted(shop)) == 3


@pytest.mark.parametrize("channel", [TicketChannel.CHAT, TicketChannel.LINE])
def test_what_is_written_line_by_line_within_a_day_is_one_contact(channel):
    shop = make_shop()
    mei = make_staff(shop)
    ticket = begin(shop, channel)
    hear(ticket, NOON + MINUTE)

    handled.count(say(ticket, NOON + 2 * MINUTE, mei))
    hear(ticket, NOON + 3 * MINUTE)
    handled.count(say(ticket, NOON + 4 * MINUTE, mei))
    assert len(counted(shop)) == 1

    hear(ticket, NOON + DAY + HOUR)
    handled.count(say(ticket, NOON + DAY + 2 * HOUR, mei))
    assert len(counted(shop)) == 2


def test_machines_answer_nothing_and_ask_nothing():
    shop = make_shop()
    mei = make_staff(shop)
    ticket = begin(shop)
    handled.count(say(ticket, NOON + MINUTE, None))
    assert counted(shop) == []

    hearing.hear(
        shop,
        hearing.Said(
            source="inbound:1",
            channel=TicketChannel.EMAIL,
            sender=None,
            body="I am on holiday.",
            ticket=ticket,
            automatic=True,
            at=NOON + HOUR,
        ),
    )
    handled.count(say(ticket, NOON + 2 * HOUR, mei))

    assert [row[0] for row in counted(shop)] == [ticket.messages.order_by("pk").first().pk]


def test_what_was_solved_without_an_answer_does_not_count_even_when_it_is_reopened():
    """Edge case C7: reopen-without-reply is excluded."""
    shop = make_shop()
    mei = make_staff(shop)
    ticket = begin(shop)
    handled.count(say(ticket, NOON + HOUR, mei, solve=True))
    hear(ticket, NOON + 2 * HOUR)  # "Thanks!"
    move(ticket, "solve", NOON + 3 * HOUR)
    question = hear(ticket, NOON + 4 * HOUR)

    handled.count(say(ticket, NOON + 5 * HOUR, mei))

    assert [row[0] for row in counted(shop)] == [ticket.messages.order_by("pk").first().pk, question.pk]


def test_what_a_merge_brought_along_does_not_count_again():
    """Edge case C7: merges are excluded."""
    shop = make_shop()
    mei = make_staff(shop)
    kept, other = begin(shop), begin(shop, at=NOON + HOUR)
    merge_tickets(kept, other, across_customers=True, at=NOON + 2 * HOUR, staff=mei)

    handled.count(say(kept, NOON + 3 * HOUR, mei))

    assert len(counted(shop)) == 1


def test_spam_does_not_count_as_long_as_it_is_spam():
    shop = make_shop()
    mei = make_staff(shop)
    ticket = begin(shop)
    answer = say(ticket, NOON + HOUR, mei)
    handled.count(answer)

    assert handled.void_conversation(ticket, reason=handled.SPAM) == 1
    assert [row[-1] for row in counted(shop)] == ["spam"]
    assert handled.count_conversation_again(ticket, reason=handled.SPAM) == 1
    assert [row[-1] for row in counted(shop)] == [""]


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_count_one(at_once: Callable[[list[Callable[[], Any]]], list[Any]]):
    shop = make_shop()
    people = [make_staff(shop) for _n in range(4)]
    ticket = begin(shop)

    answers = at_once([lambda who=who: say(ticket, NOON + HOUR, who) for who in people])
    at_once([lambda one=one: handled.count(one) and None for one in answers])

    rows = counted(shop)
    assert len(rows) == 1
    assert rows[0][1] == min(answer.pk for answer in answers)


# -- months -----------------------------------------------------------------------------------------------------------


def one_of(shop: Shop, at: datetime = NOON, **values: Any) -> HandledContact:
    ticket = begin(shop, at=at - MINUTE, **values)
    return handled.count(say(ticket, at, make_staff(shop)))[0]


def close(shop: Shop, month: date = JUNE, at: datetime = AFTER_JUNE) -> MonthClose:
    return handled.close_month(shop, month=month, by=None, at=at, actor=SYSTEM)


def test_the_month_is_that_of_the_answer_in_the_shops_time_zone():
    shop = make_shop(settings={"time_zone": "Asia/Tokyo"})

    june = one_of(shop, datetime(2025, 6, 30, 14, 59, tzinfo=UTC))
    july = one_of(shop, datetime(2025, 6, 30, 15, 0, tzinfo=UTC))

    assert (june.month, july.month) == (JUNE, JULY)


def test_a_month_is_closed_with_its_figures_once_it_is_over():
    shop = make_shop()
    team = Team.objects.create(shop=shop, name="Berlin")
    first, void = one_of(shop, team_id=team.pk), one_of(shop)
    handled.set_void(shop, pk=void.pk, reason="duplicate", at=NOON, actor=SYSTEM)

    with pytest.raises(Refused, match="not over"):
        close(shop, at=datetime(2025, 6, 30, 23, 59, tzinfo=UTC))
    row = close(shop)

    assert row.digest == handled.digest_of(shop, JUNE)
    assert sorted(row.totals, key=lambda one: one["member"]) == [
        {"member": first.member_id, "team": team.pk, "channel": "email", "contacts": 1, "void": 0},
        {"member": void.member_id, "team": None, "channel": "email", "contacts": 0, "void": 1},
    ]
    with pytest.raises(Conflict):
        close(shop)
    with pytest.raises(InvalidInput):
        close(shop, month=date(2025, 6, 2))


def test_the_database_itself_refuses_every_change_of_a_closed_month():
    shop = make_shop()
    row = one_of(shop)
    closed = close(shop)
    spare = begin(shop, at=NOON).messages.get()

    attempts: list[Callable[[], Any]] = [
        lambda: HandledContact.objects.filter(pk=row.pk).update(void_reason="other"),
        lambda: HandledContact.objects.filter(pk=row.pk).update(month=JULY),
        lambda: HandledContact.objects.filter(pk=row.pk).delete(),
        lambda: HandledContact.objects.create(
            shop=shop,
            contact=spare,
            answer_id=row.answer_id,
            ticket_id=row.ticket_id,
            member_id=row.member_id,
            channel="email",
            contacted_at=NOON,
            answered_at=NOON,
            month=JUNE,
        ),
        lambda: MonthClose.objects.filter(pk=closed.pk).update(digest=""),
        lambda: MonthClose.objects.filter(pk=closed.pk).delete(),
    ]
    for attempt in attempts:
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()

    assert handled.digest_of(shop, JUNE) == closed.digest
    with pytest.raises(Refused, match="closed"):
        handled.set_void(shop, pk=row.pk, reason="other", at=AFTER_JUNE, actor=SYSTEM)
    assert handled.void_conversation(Ticket.objects.get(pk=row.ticket_id), reason=handled.SPAM) == 0


def test_an_answer_that_is_counted_late_goes_into_the_first_open_month():
    shop = make_shop()
    one_of(shop)
    close(shop)

    assert one_of(shop, NOON + HOUR).month == JULY


def test_a_month_closes_by_itself_on_the_fifth_of_the_next():
    shop = make_shop()
    one_of(shop)

    assert handled.months_to_close(shop, at=datetime(2025, 7, 4, 23, 59, tzinfo=UTC)) == []
    assert handled.months_to_close(shop, at=AFTER_JUNE) == [JUNE]
    tasks.close_all(at=AFTER_JUNE)
    jobs.run_due()

    assert MonthClose.objects.get(shop=shop).month == JUNE
    assert tasks.close_all(at=AFTER_JUNE) == 0


@pytest.mark.django_db(transaction=True)
def test_who_counts_while_the_month_is_closed_is_in_the_digest_or_in_the_next_month(at_once):
    shop = make_shop()
    one_of(shop)
    waiting = [say(begin(shop), NOON + HOUR, make_staff(shop)) for _n in range(6)]
    work: list[Callable[[], Any]] = [lambda one=one: handled.count(one) and None for one in waiting]

    at_once([*work[:3], lambda: close(shop) and None, *work[3:]])

    closed = MonthClose.objects.get(shop=shop)
    assert closed.digest == handled.digest_of(shop, JUNE)
    in_june = HandledContact.objects.filter(shop=shop, month=JUNE).count()
    assert sum(one["contacts"] for one in closed.totals) == in_june
    assert HandledContact.objects.filter(shop=shop).count() == 7


def test_another_shops_contacts_do_not_exist():
    shop, other = make_shop(), make_shop()
    row = one_of(other)

    with pytest.raises(NotFound):
        handled.set_void(shop, pk=row.pk, reason="other", at=NOON, actor=SYSTEM)
    assert handled.tallies(shop, JUNE) == []
    with pytest.raises(InvalidInput):
        handled.set_void(other, pk=row.pk, reason="because", at=NOON, actor=SYSTEM)


# -- taking them out --------------------------------------------------------------------------------------------------


def fetch(url: str) -> Any:
    return Client().get(url.removeprefix("https://aftercare.test"), secure=True)


def test_the_list_is_streamed_and_no_cell_is_a_formula():
    shop = make_shop(settings={"time_zone": "Asia/Tokyo"})
    team = Team.objects.create(shop=shop, name="@Berlin")
    ticket = begin(shop, team_id=team.pk)
    row = handled.count(say(ticket, NOON + HOUR, make_staff(shop, name='=HYPERLINK("x")', email="a@b.test")))[0]

    response = fetch(links.handled_contacts(shop, "2025-06-01", language="en"))

    assert response.streaming
    assert response["Content-Disposition"] == 'attachment; filename="handled-contacts-2025-06.csv"'
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    head, line = lines
    assert head.startswith("Contact,Conversation,Channel,Contacted at,Answered at,Answered by,")
    moments = "2025-06-02T21:00:00+09:00,2025-06-02T22:00:00+09:00"
    assert line == f'{row.pk},{ticket.number},email,{moments},"\'=HYPERLINK(""x"")",a@b.test,\'@Berlin,1,'


def test_a_list_of_ten_costs_as_many_statements_as_one_of_one(django_assert_num_queries):
    shop = make_shop()
    for _n in range(10):
        one_of(shop)

    with django_assert_num_queries(1):
        assert len(list(handled.rows_of(shop, JUNE))) == 10


def test_a_forged_or_old_link_opens_nothing():
    assert fetch("https://aftercare.test/exports/handled-contacts/forged/").status_code == 410
