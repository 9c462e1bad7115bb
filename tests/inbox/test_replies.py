"""Answers that wait a moment before they leave: taken back, released, stopped, sent once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from saleor_aftercare.core import jobs
from saleor_aftercare.core.errors import Conflict, InvalidInput
from saleor_aftercare.core.models import Job, JobState
from saleor_aftercare.inbox import actions, drafts
from saleor_aftercare.inbox.actions.replies import RELEASE, release
from saleor_aftercare.inbox.models import MessageKind, ReplyDraft, Ticket, TicketState
from saleor_aftercare.mail.models import OutboundMessage
from tests.make import HOUR, make_file, make_message, make_staff, make_ticket

from .replying import LATER, TEN_S, answer, answered, fresh

pytestmark = pytest.mark.django_db

# -- holding ---------------------------------------------------------------------------------------------------------


def test_a_held_answer_stands_in_the_thread_and_does_nothing_until_it_leaves():
    ticket = make_ticket()
    mei = make_staff(ticket.shop)

    held = answer(ticket, staff=mei, hold_s=10)

    before = fresh(ticket)
    assert held.held_until == LATER + TEN_S
    assert (before.state, before.assignee, before.last_message_id) == (TicketState.NEW, None, held.pk)
    assert before.due_at == ticket.due_at
    assert not OutboundMessage.objects.exists()
    assert answered() == []

    with time_machine.travel(LATER + TEN_S, tick=False):
        jobs.run_due()

    after = fresh(ticket)
    said = ticket.messages.get(pk=held.pk)
    assert (said.held_until, said.leaving, said.created_at) == (None, {}, LATER + TEN_S)
    assert said.outbound == OutboundMessage.objects.get()
    assert (after.state, after.assignee, after.due_at) == (TicketState.PENDING, mei, None)
    assert answered() == [{"message": held.pk, "staff": mei.pk, "is_first": True}]


def test_releasing_twice_sends_once():
    ticket = make_ticket()
    held = answer(ticket, staff=make_staff(ticket.shop), hold_s=10)

    release(held.pk, at=LATER + TEN_S)
    release(held.pk, at=LATER + TEN_S)

    assert OutboundMessage.objects.count() == 1
    assert len(answered()) == 1


def test_only_the_first_answer_is_the_first():
    ticket = make_ticket()
    mei = make_staff(ticket.shop)

    answer(ticket, staff=mei)
    answer(ticket, "And one thing more.", staff=mei)

    assert [one["is_first"] for one in answered()] == [True, False]


def test_what_the_customer_writes_while_an_answer_is_held_stays_unanswered():
    ticket = make_ticket()
    mei = make_staff(ticket.shop)
    held = answer(ticket, staff=mei, hold_s=10, move="solve")
    actions.receive_message(
        ticket,
        body="One more thing",
        author_name="",
        author_email="",
        attachments=(),
        source=None,
        at=LATER + 0.5 * TEN_S,
    )

    release(held.pk, at=LATER + TEN_S)

    now = fresh(ticket)
    assert (now.state, now.unread, now.assignee) == (TicketState.OPEN, True, mei)
    assert now.due_at is not None
    assert now.last_message_preview == "One more thing"


@pytest.mark.parametrize(
    ("move", "state"),
    [
        ("", TicketState.PENDING),
        ("solve", TicketState.SOLVED),
        ("wait_for_others", TicketState.WAITING),
        ("reopen", TicketState.OPEN),
    ],
)
def test_an_answer_may_make_a_move_with_it(move: str, state: TicketState):
    ticket = make_ticket()

    answer(ticket, staff=make_staff(ticket.shop), move=move)

    assert fresh(ticket).state == state


def test_an_answer_may_put_the_conversation_off():
    ticket = make_ticket()
    until = LATER + timedelta(days=3)

    answer(ticket, staff=make_staff(ticket.shop), move="snooze", until=until)

    assert (fresh(ticket).state, fresh(ticket).wake_at) == (TicketState.ON_HOLD, until)


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"move": "delete"}, "move"),
        ({"move": "snooze"}, "until"),
        ({"until": LATER + HOUR}, "until"),
        ({"move": "snooze", "until": LATER - HOUR}, "until"),
        ({"hold_s": 61}, "holdSeconds"),
        ({"hold_s": -1}, "holdSeconds"),
        ({"key": "k" * 61}, "key"),
        ({"cc": ["nobody"]}, "cc.0"),
        ({"cc": [f"c{n}@x.test" for n in range(11)]}, "cc"),
        ({"channel": "pigeon"}, "channel"),
        ({"channel": "line"}, "channel"),
    ],
)
def test_wishes_that_cannot_be_are_refused_and_name_their_field(wish: dict[str, Any], field: str):
    ticket = make_ticket()

    with pytest.raises(InvalidInput) as refused:
        answer(ticket, staff=make_staff(ticket.shop), **wish)

    assert refused.value.field == field
    assert ticket.messages.filter(kind=MessageKind.STAFF).count() == 0


def test_a_variable_that_nobody_filled_in_is_named_and_nothing_is_sent():
    ticket = make_ticket()

    with pytest.raises(InvalidInput, match=r"order\.number") as refused:
        answer(ticket, "Your order {{ order.number }} is on its way.", staff=make_staff(ticket.shop))

    assert refused.value.field == "body"
    assert not OutboundMessage.objects.exists()


# -- taking back -----------------------------------------------------------------------------------------------------


def test_an_answer_taken_back_is_a_draft_again_and_nothing_has_happened():
    ticket = make_ticket()
    mei = make_staff(ticket.shop)
    file = make_file(ticket.shop)
    before = Ticket.objects.filter(pk=ticket.pk).values().get()
    held = answer(ticket, staff=mei, hold_s=10, cc=["ken@x.test"], attachments=[file])

    draft = actions.take_back(held, staff=mei, at=LATER)

    with time_machine.travel(LATER + TEN_S, tick=False):
        jobs.run_due()
    assert (draft.body, draft.cc, list(draft.attachments.all())) == ("Please try again.", ["ken@x.test"], [file])
    assert not OutboundMessage.objects.exists()
    assert answered() == []
    after = Ticket.objects.filter(pk=ticket.pk).values().get()
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {"updated_at", "revision", "unread"}


def test_what_was_begun_meanwhile_stays_below_what_is_taken_back():
    ticket = make_ticket()
    mei = make_staff(ticket.shop)
    held = answer(ticket, "First.", staff=mei, hold_s=10)
    version = ReplyDraft.objects.filter(ticket=ticket).values_list("version", flat=True).first() or 0
    drafts.save_draft(ticket, staff=mei, is_note=False, body="Second.", version=version, at=LATER)

    draft = actions.take_back(held, staff=mei, at=LATER)

    assert draft.body == "First." + drafts.SEAM + "Second."


def test_nobody_takes_back_a_colleagues_answer_or_one_that_has_left():
    ticket = make_ticket()
    mei, ken = make_staff(ticket.shop), make_staff(ticket.shop)
    held = answer(ticket, staff=mei, hold_s=10)

    with pytest.raises(Conflict):
        actions.take_back(held, staff=ken, at=LATER)
    release(held.pk, at=LATER + TEN_S)
    with pytest.raises(Conflict):
        actions.take_back(held, staff=mei, at=LATER + TEN_S)

    assert OutboundMessage.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_taken_back_at_the_very_moment_of_release_it_either_leaves_or_comes_back(at_once):
    for _try in range(5):
        ticket = make_ticket()
        mei = make_staff(ticket.shop)
        held = answer(ticket, staff=mei, hold_s=10)

        outcomes = at_once(
            [
                lambda held=held: release(held.pk, at=LATER + TEN_S),
                lambda held=held, mei=mei: actions.take_back(held, staff=mei, at=LATER + TEN_S).body,
            ]
        )

        letters = OutboundMessage.objects.filter(shop=ticket.shop).count()
        assert (letters, "CONFLICT" in outcomes) in {(1, True), (0, False)}
        drafted = ReplyDraft.objects.filter(ticket=ticket, body="Please try again.").count()
        assert letters + drafted == 1


# -- once ------------------------------------------------------------------------------------------------------------


def test_the_same_press_of_the_button_sends_once_however_often_it_comes():
    ticket = make_ticket()
    mei = make_staff(ticket.shop)

    first = answer(ticket, staff=mei, key="k1", hold_s=10)
    release(first.pk, at=LATER + TEN_S)
    again = answer(ticket, staff=mei, key="k1", hold_s=10)
    other = answer(ticket, staff=mei, key="k2")

    assert first.pk == again.pk != other.pk
    assert OutboundMessage.objects.count() == 2


def test_a_press_that_was_taken_back_is_not_sent_when_its_request_comes_late():
    ticket = make_ticket()
    mei = make_staff(ticket.shop)
    held = answer(ticket, staff=mei, key="k1", hold_s=10)
    actions.take_back(held, staff=mei, at=LATER)

    with pytest.raises(Conflict, match="taken back"):
        answer(ticket, staff=mei, key="k1", hold_s=10)

    assert Job.objects.get(kind=RELEASE).state == JobState.CANCELLED
    assert ticket.messages.count() == 1


def test_a_colleague_may_use_the_same_key():
    ticket = make_ticket()
    answer(ticket, staff=make_staff(ticket.shop), key="k1")

    answer(ticket, staff=make_staff(ticket.shop), key="k1")

    assert OutboundMessage.objects.count() == 2


def test_ones_own_answer_and_a_machines_are_no_news_to_answer_to():
    ticket = make_ticket()
    mei = make_staff(ticket.shop)
    seen = ticket.messages.get().pk
    answer(ticket, staff=mei, hold_s=10)
    make_message(ticket, is_automatic=True, body="I am out of office.")

    more = actions.reply(
        ticket, body="P.S.", last_seen_message_id=seen, force=False, attachments=(), at=LATER, staff=mei
    )

    assert more.outbound is not None
