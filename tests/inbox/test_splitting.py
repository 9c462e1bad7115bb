"""One conversation becomes two; what happens when several people merge, part and answer at once."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saleor_aftercare.core.errors import AftercareError, Conflict, InvalidInput, Refused
from saleor_aftercare.core.jobs import run_due
from saleor_aftercare.core.models import Event
from saleor_aftercare.inbox import actions
from saleor_aftercare.inbox.models import (
    CaseKind,
    MessageKind,
    Ticket,
    TicketLink,
    TicketMerge,
    TicketMessage,
    TicketState,
)
from tests.inbox.test_staff import answer
from tests.make import DAY, HOUR, NOON, make_message, make_shop, make_staff

from .merges import ADA, LATER, begin, bodies, fresh, merge, picture, undo

S = TicketState
pytestmark = pytest.mark.django_db


# -- splitting ---------------------------------------------------------------------------------------------------


def test_some_messages_become_a_conversation_of_their_own_and_come_back():
    shop = make_shop()
    ticket = begin(shop, "It is broken.")
    second = make_message(ticket, body="Also: do you sell spoons?", created_at=NOON + HOUR)
    before = bodies(ticket)

    done = actions.split_ticket(ticket, [second.pk], subject=" Spoons ", at=LATER, staff=None)

    other = done.other
    assert (other.subject, other.state, other.customer_email, other.person) == ("Spoons", S.NEW, ADA, ticket.person)
    assert (bodies(ticket), bodies(other)) == (["It is broken."], ["Also: do you sell spoons?"])
    assert fresh(ticket).last_message_preview == "It is broken."
    assert other.number != ticket.number
    actions.add_note(other, body="Yes, we do.", at=LATER, staff=make_staff(shop))

    undo(done)

    assert bodies(ticket) == [*before, "Yes, we do."]
    assert (fresh(other).state, fresh(other).merged_into) == (S.MERGED, ticket)


def test_what_cannot_be_split_is_named():
    shop = make_shop()
    ticket = begin(shop, "A")
    make_message(ticket, body="B")
    mine = list(ticket.messages.values_list("pk", flat=True))
    strange = begin(shop, "C").messages.values_list("pk", flat=True)[0]

    def refused(keys: list[int], subject: str = "Spoons") -> tuple[type[AftercareError], str | None]:
        with pytest.raises(AftercareError) as error:
            actions.split_ticket(ticket, keys, subject=subject, at=LATER, staff=None)
        return type(error.value), error.value.field

    assert refused([]) == (InvalidInput, "messageIds")
    assert refused([strange]) == (InvalidInput, "messageIds")
    assert refused(mine) == (Refused, "messageIds")
    assert refused(mine[:1], subject=" ") == (InvalidInput, "subject")
    assert Ticket.objects.count() == 2


def test_staff_come_back_to_what_was_over_in_a_conversation_that_follows_it():
    shop = make_shop()
    past = begin(shop, "It is broken.")
    mei = make_staff(shop, name="Mei")
    with pytest.raises(Conflict, match="still goes on"):
        actions.follow_up(past, subject="The spare part", at=LATER, staff=mei)
    actions.move_ticket(past, "solve", at=NOON, staff=None)
    actions.move_ticket(past, "close", at=NOON, staff=None)

    on = actions.follow_up(past, subject="The spare part", at=LATER, staff=mei)

    assert (on.follows, on.assignee_id, on.person, on.due_at) == (past, mei.pk, past.person, None)
    assert (on.subject, on.customer_email, on.state, on.unread) == ("The spare part", ADA, S.NEW, False)
    assert fresh(past).state == S.CLOSED
    assert past.messages.get(event="ticket.followed").event_data == {"by": "Mei", "number": on.number}


# -- at once -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_who_merge_crosswise_one_wins(at_once: Any):
    shop = make_shop()
    a, b = begin(shop, "A"), begin(shop, "B")

    found = at_once([lambda: merge(a, b).pk, lambda: merge(b, a).pk])

    assert found.count("CONFLICT") == 1
    assert Ticket.objects.filter(state=S.MERGED).count() == TicketMerge.objects.count() == 1
    alive = Ticket.objects.exclude(state=S.MERGED).get()
    assert bodies(alive) == ["A", "B"]


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_leaves_while_its_conversation_is_merged_is_in_the_kept_one_or_was_refused(at_once: Any):
    shop = make_shop()
    mei = make_staff(shop)
    kept, other = begin(shop, "A"), begin(shop, "B")

    found = at_once([lambda: merge(kept, other).pk, lambda: answer(other, "We look.", staff=mei).pk])

    said = list(TicketMessage.objects.filter(kind=MessageKind.STAFF).values_list("ticket", flat=True))
    assert said == ([] if "CONFLICT" in found else [kept.pk])
    assert fresh(other).state == S.MERGED


def test_an_answer_that_is_held_leaves_from_the_conversation_that_goes_on():
    shop = make_shop()
    kept, other = begin(shop, "A"), begin(shop, "B")
    held = answer(other, "We look.", sending=actions.Sending(hold_s=10), staff=make_staff(shop))

    merge(kept, other)
    with time_machine.travel(LATER + HOUR, tick=False):
        run_due()

    message = TicketMessage.objects.get(pk=held.pk)
    assert (message.ticket, message.held_until) == (kept, None)
    assert message.outbound is not None
    assert (fresh(kept).state, fresh(other).state) == (S.PENDING, S.MERGED)


@pytest.mark.django_db(transaction=True)
def test_two_who_take_a_merge_back_at_once_take_it_back_once(at_once: Any):
    shop = make_shop()
    done = merge(begin(shop, "A"), begin(shop, "B"))

    found = at_once([lambda: undo(done).pk, lambda: undo(done).pk])

    assert found.count("CONFLICT") == 1
    assert Event.objects.filter(kind="ticket.merge_undone").count() == 1


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=5), start=st.data())
def test_any_merges_taken_back_in_the_reverse_order_return_everything(steps: list[tuple[int, int]], start: Any):
    shop = make_shop()
    tickets = [begin(shop, f"T{n}") for n in range(4)]
    for n, ticket in enumerate(tickets):
        actions.change_tags(ticket, add=[actions.find_or_create_tag(shop, f"tag{n % 2}")], at=NOON, staff=None)
        TicketLink.objects.create(shop=shop, ticket=ticket, kind=CaseKind.REPAIR, case_id=n)
        match start.draw(st.sampled_from(["new", "answered", "solved", "snoozed", "waiting"])):
            case "answered":
                answer(ticket)
            case "solved":
                actions.move_ticket(ticket, "solve", at=NOON, staff=None)
            case "snoozed":
                actions.snooze(ticket, until=NOON + DAY, at=NOON, staff=None)
            case "waiting":
                actions.move_ticket(ticket, "wait_for_others", at=NOON, staff=None)
    before = picture(shop)

    done = []
    for keep, drop in steps:
        try:
            done.append(merge(tickets[keep], tickets[drop]))
        except (Conflict, InvalidInput):
            continue
    for one in reversed(done):
        undo(one)

    after = picture(shop)
    # Deadlines may have been counted anew in between; what is promised is the same.
    assert {name: rows for name, rows in after.items() if name != "clocks"} == {
        name: rows for name, rows in before.items() if name != "clocks"
    }
