"""What staff do in the inbox: answer, note, assign, move, rename, look."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.errors import Conflict, InvalidInput, StaleThread
from saleor_aftercare.core.models import Job
from saleor_aftercare.inbox import actions, queries
from saleor_aftercare.inbox.models import (
    STAFF_ACTIONS,
    TICKET_WORKFLOW,
    MessageKind,
    Ticket,
    TicketMessage,
    TicketState,
)
from saleor_aftercare.mail.models import OutboundMessage, Purpose
from tests.machines import assert_one_winner, illegal_pairs, legal_moves, unreachable
from tests.make import DAY, HOUR, NOON, make_file, make_message, make_order, make_shop, make_staff, make_ticket

pytestmark = pytest.mark.django_db

LATER = NOON + 2 * HOUR


def answer(ticket: Ticket, body: str = "Please try *again*.", **values: Any) -> TicketMessage:
    seen = TicketMessage.objects.filter(ticket=ticket).order_by("-pk").values_list("pk", flat=True).first()
    given = {"last_seen_message_id": seen or 0, "force": False, "attachments": (), "at": LATER} | values
    given.setdefault("staff", None)
    staff = given.pop("staff") or make_staff(ticket.shop)
    return actions.reply(ticket, body=body, staff=staff, **given)


def note(ticket: Ticket, body: str, *, staff: StaffMember) -> TicketMessage:
    return actions.add_note(ticket, body=body, at=LATER, staff=staff)


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def nothing_left(ticket: Ticket, before: Any) -> bool:
    same = Ticket.objects.filter(pk=ticket.pk).values().get() == before
    return same and not OutboundMessage.objects.exists() and not Job.objects.exists()


# -- answering -------------------------------------------------------------------------------------------------------


def test_an_answer_is_mailed_once_and_it_is_the_customers_turn():
    ticket = make_ticket(make_order(language="ja"), subject="ミルの故障")
    mei = make_staff(ticket.shop, name="Mei Tanaka")

    message = answer(ticket, " もう一度 *お試し* ください。 ", staff=mei)

    now = fresh(ticket)
    assert (now.state, now.unread, now.due_at, now.assignee) == (TicketState.PENDING, False, None, mei)
    assert (now.last_message_id, now.last_message_kind) == (message.pk, MessageKind.STAFF)
    assert (message.author_name, message.author_email) == ("Mei Tanaka", mei.email)
    letter = OutboundMessage.objects.get()
    assert message.outbound == letter
    assert letter.subject == f"[#{ticket.number}] ミルの故障"
    assert (letter.to_email, letter.language, letter.purpose) == (ticket.customer_email, "ja", Purpose.CONVERSATION)
    assert "もう一度 お試し ください。" in letter.text or "もう一度 *お試し* ください。" in letter.text
    assert "It does not grind." in letter.text  # what it answers
    assert Job.objects.filter(kind="mail.send").count() == 1


def test_an_answer_to_what_nobody_has_read_is_refused_unless_meant():
    ticket = make_ticket()
    seen = ticket.messages.get().pk
    make_message(ticket, body="Never mind, it works.")
    before = Ticket.objects.filter(pk=ticket.pk).values().get()

    with pytest.raises(StaleThread, match="1 new"):
        answer(ticket, last_seen_message_id=seen)
    assert nothing_left(ticket, before)

    answer(ticket, last_seen_message_id=seen, force=True)
    assert fresh(ticket).state == TicketState.PENDING


@pytest.mark.parametrize("kind", [MessageKind.NOTE, MessageKind.STAFF])
def test_a_colleagues_note_or_answer_makes_a_thread_stale_too(kind):
    ticket = make_ticket()
    seen = ticket.messages.get().pk
    make_message(ticket, kind=kind)

    with pytest.raises(StaleThread):
        answer(ticket, last_seen_message_id=seen)


def test_system_lines_make_no_thread_stale():
    ticket = make_ticket()
    seen = ticket.messages.get().pk
    actions.add_line(ticket, event="mail.failed", data={}, source="event:1", at=NOON)

    assert answer(ticket, last_seen_message_id=seen).kind == MessageKind.STAFF


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_the_same_moment_mail_the_customer_once(at_once):
    ticket = make_ticket()
    seen, clerks = ticket.messages.get().pk, [make_staff(ticket.shop) for _ in range(3)]

    outcomes = at_once([lambda c=c: answer(ticket, last_seen_message_id=seen, staff=c).kind for c in clerks])

    assert sorted(outcomes) == ["STALE_THREAD", "STALE_THREAD", "staff"]
    assert OutboundMessage.objects.count() == 1


def test_who_answers_takes_the_ticket_unless_somebody_has_it():
    shop = make_shop()
    mei, ken = make_staff(shop), make_staff(shop)
    ticket = make_ticket(shop=shop, assignee=ken)

    answer(ticket, staff=mei)

    assert fresh(ticket).assignee == ken


def test_an_answer_may_solve_the_ticket():
    ticket = make_ticket()

    answer(ticket, sending=actions.Sending(move="solve"))

    assert fresh(ticket).state == TicketState.SOLVED


def test_an_answer_to_a_solved_ticket_waits_for_the_customer_again():
    ticket = make_ticket(state=TicketState.SOLVED)

    answer(ticket)

    assert fresh(ticket).state == TicketState.PENDING


def test_letters_of_a_conversation_refer_to_each_other():
    ticket = make_ticket()

    first, second, third = (answer(ticket, f"Answer {n}").outbound for n in range(3))

    assert first is not None
    assert second is not None
    assert third is not None
    assert "In-Reply-To" not in first.headers
    assert second.headers["In-Reply-To"] == first.message_id
    assert third.headers["In-Reply-To"] == second.message_id
    assert third.headers["References"] == f"{first.message_id} {second.message_id}"


def test_attachments_are_on_the_message_and_in_the_mail():
    ticket = make_ticket()
    file = make_file(ticket.shop, name="manual.pdf")

    message = answer(ticket, attachments=[file])

    assert list(message.attachments.all()) == [file]
    assert message.outbound is not None
    assert list(message.outbound.attachments.all()) == [file]


def test_notes_are_never_mailed_and_never_the_customers_to_read():
    order = make_order()
    ticket = make_ticket(order)
    mei = make_staff(order.shop)
    secret = actions.add_note(ticket, body="Knows the owner. SECRET", at=NOON, staff=mei)

    letter = answer(ticket, staff=mei).outbound

    assert letter is not None
    assert "SECRET" not in letter.text + letter.html
    assert secret.outbound is None
    assert secret not in queries.public_messages_about([order.pk])
    assert {m.kind for m in queries.public_messages_about([order.pk])} == {MessageKind.CUSTOMER, MessageKind.STAFF}


def test_markup_of_customers_is_text_in_the_answers_history_and_of_staff_is_cleaned():
    ticket = make_ticket(messages=["<script>alert('customer')</script><b>bold</b>"])

    letter = answer(ticket, "**Yes** <script>alert('staff')</script><img src=x onerror=alert(1)>").outbound

    assert letter is not None
    assert "<script" not in letter.html
    assert "<img src=x" not in letter.html
    assert "&lt;b&gt;bold&lt;/b&gt;" in letter.html
    assert "<strong>Yes</strong>" in letter.html


@pytest.mark.parametrize("body", ["", "  \n", "x" * 50_001, "nul \0"])
@pytest.mark.parametrize("say", [answer, note])
def test_what_is_no_message_is_refused(say, body):
    ticket, mei = make_ticket(), make_staff()
    before = Ticket.objects.filter(pk=ticket.pk).values().get()

    with pytest.raises(InvalidInput) as refused:
        say(ticket, body, staff=mei)

    assert refused.value.field == "body"
    assert nothing_left(ticket, before)


@pytest.mark.parametrize("state", [TicketState.CLOSED, TicketState.SPAM])
def test_where_nobody_listens_nothing_is_mailed(state):
    ticket = make_ticket(state=state)
    before = Ticket.objects.filter(pk=ticket.pk).values().get()

    with pytest.raises(Conflict):
        answer(ticket)

    assert nothing_left(ticket, before)
    assert ticket.messages.count() == 1


# -- notes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", list(TicketState))
def test_a_note_changes_neither_state_nor_who_waits(state):
    ticket = make_ticket(state=state, unread=True)
    before = fresh(ticket)

    written = actions.add_note(ticket, body=" <b>VIP</b> ", at=LATER, staff=make_staff(ticket.shop))

    now = fresh(ticket)
    assert written.body == "<b>VIP</b>"
    assert (now.state, now.unread, now.due_at, now.assignee) == (state, True, before.due_at, None)
    assert (now.last_message_kind, now.last_message_at) == (MessageKind.NOTE, LATER)
    assert not OutboundMessage.objects.exists()


# -- assigning -------------------------------------------------------------------------------------------------------


def test_a_ticket_is_given_to_somebody_and_given_up_and_both_are_told_once():
    shop = make_shop()
    mei, ken = make_staff(shop, name="Mei Tanaka"), make_staff(shop, name="Ken Sato")
    ticket = make_ticket(shop=shop, messages=())

    for assignee in (ken, ken, None, None):
        ticket = actions.assign(ticket, assignee=assignee, at=LATER, staff=mei)

    assert ticket.assignee_id is None
    assert fresh(ticket).assignee is None
    assert list(ticket.messages.order_by("pk").values_list("event", "event_data")) == [
        ("ticket.assigned", {"by": "Mei Tanaka", "to": "Ken Sato"}),
        ("ticket.unassigned", {"by": "Mei Tanaka", "to": ""}),
    ]


def test_a_ticket_cannot_be_given_to_another_shops_staff():
    ticket = make_ticket(messages=())

    with pytest.raises(InvalidInput) as refused:
        actions.assign(ticket, assignee=make_staff(), at=LATER, staff=make_staff(ticket.shop))

    assert refused.value.field == "assigneeId"
    assert fresh(ticket).assignee is None
    assert not ticket.messages.exists()


# -- moving ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("state", "action", "after"), legal_moves(TICKET_WORKFLOW))
def test_legal_moves(state, action, after):
    ticket = make_ticket(state=TicketState(state))

    ticket.move(action, at=LATER)

    assert fresh(ticket).state == after


@pytest.mark.parametrize(("state", "action"), illegal_pairs(TICKET_WORKFLOW))
def test_illegal_pairs(state, action):
    ticket = make_ticket(state=TicketState(state))
    before = Ticket.objects.values().get()

    with pytest.raises(Conflict):
        ticket.move(action, at=LATER)

    assert Ticket.objects.values().get() == before


def test_two_moves_at_once_have_one_winner():
    assert_one_winner(make_ticket, "solve")


def test_every_state_can_be_reached():
    assert unreachable(TICKET_WORKFLOW, first=TicketState.NEW) == set()


@pytest.mark.parametrize(
    ("state", "action", "after"), [move for move in legal_moves(TICKET_WORKFLOW) if move[1] in STAFF_ACTIONS]
)
def test_a_button_moves_the_ticket_and_the_thread_tells_who(state, action, after):
    ticket = make_ticket(state=TicketState(state), messages=())
    mei = make_staff(ticket.shop, name="Mei Tanaka")

    moved = actions.update(ticket, action=action, subject=None, at=LATER, staff=mei)

    assert moved.state == fresh(ticket).state == after
    line = ticket.messages.get()
    assert (line.event, line.event_data) == (f"ticket.{action}", {"by": "Mei Tanaka", "from": state, "to": after})


@pytest.mark.parametrize(
    ("state", "action"), [pair for pair in illegal_pairs(TICKET_WORKFLOW) if pair[1] in STAFF_ACTIONS]
)
def test_a_button_that_came_too_late_changes_nothing(state, action):
    ticket = make_ticket(state=TicketState(state), messages=())
    before = Ticket.objects.values().get()

    with pytest.raises(Conflict):
        actions.update(ticket, action=action, subject="New", at=LATER, staff=make_staff(ticket.shop))

    assert Ticket.objects.values().get() == before
    assert not ticket.messages.exists()


@pytest.mark.parametrize("action", ["answer", "hear", "explode", ""])
def test_what_is_no_button_is_no_action(action):
    ticket = make_ticket()

    with pytest.raises(InvalidInput) as refused:
        actions.update(ticket, action=action, subject=None, at=LATER, staff=make_staff(ticket.shop))

    assert refused.value.field == "action"


def test_nobody_waits_for_an_answer_in_what_is_solved_or_spam():
    solved, spam = make_ticket(), make_ticket()
    mei = make_staff(solved.shop)

    actions.update(solved, action="solve", subject=None, at=LATER, staff=mei)
    actions.update(spam, action="spam", subject=None, at=LATER, staff=mei)

    assert fresh(solved).due_at is None
    assert (fresh(spam).due_at, fresh(spam).unread) == (None, False)


def test_who_was_taken_for_a_spammer_gets_an_answer_in_time():
    ticket = make_ticket(state=TicketState.SPAM)

    actions.update(ticket, action="not_spam", subject=None, at=LATER, staff=make_staff(ticket.shop))

    assert (fresh(ticket).state, fresh(ticket).due_at) == (TicketState.OPEN, LATER + DAY)


# -- renaming and reading --------------------------------------------------------------------------------------------


def test_a_subject_is_one_line():
    ticket = make_ticket()

    renamed = actions.update(ticket, action=None, subject="  New\r\n subject ", at=LATER, staff=make_staff(ticket.shop))

    assert renamed.subject == fresh(ticket).subject == "New subject"
    assert fresh(ticket).updated_at == LATER


@pytest.mark.parametrize("subject", ["", " \n ", "x" * 301, "nul \0", "half \udc4b"])
def test_what_is_no_subject_is_refused_and_no_move_is_made(subject):
    ticket = make_ticket()
    before = Ticket.objects.values().get()

    with translation.override("ja"), pytest.raises(InvalidInput) as refused:
        actions.update(ticket, action="solve", subject=subject, at=LATER, staff=make_staff(ticket.shop))

    assert refused.value.field == "subject"
    assert Ticket.objects.values().get() == before


def test_looking_marks_as_read_and_looking_again_changes_nothing():
    ticket = make_ticket(unread=True)

    actions.mark_read(ticket, at=LATER)
    actions.mark_read(ticket, at=LATER + DAY)

    assert fresh(ticket).unread is False
    assert fresh(ticket).updated_at == LATER
