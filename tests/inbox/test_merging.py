"""Two conversations become one, or one becomes two, and nothing is lost on the way there and back."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saleor_aftercare.channels.models import ChannelAccount, ChannelKind, ChatSession
from saleor_aftercare.core.errors import AftercareError, Conflict, InvalidInput, Refused
from saleor_aftercare.core.jobs import run_due
from saleor_aftercare.core.models import Event, Shop
from saleor_aftercare.inbox import actions
from saleor_aftercare.inbox.models import (
    CaseKind,
    MessageKind,
    Priority,
    ReplyDraft,
    Ticket,
    TicketChannel,
    TicketLink,
    TicketMerge,
    TicketMessage,
    TicketState,
    TicketTag,
)
from saleor_aftercare.inbox.sla.models import SlaClock, SlaEvent
from saleor_aftercare.people.actions import person_of
from saleor_aftercare.people.models import IdentityKind
from tests.inbox.test_staff import answer
from tests.make import DAY, HOUR, NOON, make_message, make_order, make_shop, make_staff, make_ticket

S = TicketState
pytestmark = pytest.mark.django_db
LATER = NOON + 2 * HOUR
ADA = "ada@customer.test"


def begin(shop: Shop, body: str, *, at: Any = NOON, email: str = ADA) -> Ticket:
    """A conversation as it really begins."""
    heard = actions.hear(
        shop,
        source=f"{email}:{body}",
        channel=TicketChannel.EMAIL,
        sender=actions.Sender(IdentityKind.EMAIL, email, name="Ada"),
        email=email,
        subject=body,
        body=body,
        at=at,
    )
    return heard.ticket


def merge(kept: Ticket, other: Ticket, **given: Any) -> TicketMerge:
    return actions.merge_tickets(kept, other, **({"at": LATER, "staff": None} | given))


def undo(done: TicketMerge, **given: Any) -> TicketMerge:
    return actions.undo_merge(done, **({"at": LATER, "staff": None} | given))


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def bodies(ticket: Ticket) -> list[str]:
    return list(ticket.messages.exclude(kind=MessageKind.SYSTEM).order_by("pk").values_list("body", flat=True))


_KEPT_COLUMNS = (
    *("pk", "state", "subject", "priority", "order", "person", "assignee", "team", "fields", "wake_at", "merged_into"),
    *("customer_email", "due_at", "breach_at", "last_message_at", "last_message_kind", "last_message_preview"),
)


def picture(shop: Shop) -> dict[str, Any]:
    """Everything that a merge may touch, without the lines that tell of it."""
    return {
        "tickets": list(Ticket.objects.filter(shop=shop).order_by("pk").values(*_KEPT_COLUMNS)),
        "messages": list(
            TicketMessage.objects.filter(shop=shop)
            .exclude(kind=MessageKind.SYSTEM)
            .order_by("pk")
            .values("pk", "ticket", "source", "body", "kind")
        ),
        "links": list(TicketLink.objects.filter(shop=shop).order_by("pk").values()),
        "tags": sorted(TicketTag.objects.filter(ticket__shop=shop).values_list("ticket", "tag")),
        "drafts": list(ReplyDraft.objects.filter(shop=shop).order_by("pk").values("pk", "ticket", "body")),
        "chats": list(ChatSession.objects.filter(shop=shop).order_by("pk").values_list("pk", "ticket_id")),
        "clocks": sorted(
            SlaClock.objects.filter(ticket__shop=shop).values_list("ticket", "target", "started_at", "due_at")
        ),
        "log": list(
            SlaEvent.objects.filter(shop=shop, message__isnull=False).order_by("pk").values_list("pk", "ticket")
        ),
    }


# -- merging -----------------------------------------------------------------------------------------------------


def test_everything_goes_on_in_the_kept_one_and_messages_keep_their_keys_and_sources():
    shop = make_shop()
    kept, other = begin(shop, "It is broken."), begin(shop, "Any news?", at=NOON + HOUR)
    keys = dict(TicketMessage.objects.values_list("pk", "source"))
    TicketLink.objects.create(shop=shop, ticket=other, kind=CaseKind.RETURN, case_id=7)
    actions.change_tags(other, add=[actions.find_or_create_tag(shop, "Glass")], at=NOON, staff=None)
    actions.set_priority(other, Priority.HIGH, at=NOON, staff=None)

    done = merge(kept, other, staff=make_staff(shop, name="Mei"))

    kept, other = fresh(kept), fresh(other)
    assert bodies(kept) == ["It is broken.", "Any news?"]
    assert dict(TicketMessage.objects.exclude(kind=MessageKind.SYSTEM).values_list("pk", "source")) == keys
    assert (kept.links.get().case_id, kept.tags.get().name, kept.priority) == (7, "Glass", Priority.HIGH)
    assert (kept.last_message_preview, kept.last_message_at, kept.unread) == ("Any news?", NOON + HOUR, True)
    assert (other.state, other.merged_into, other.unread, other.due_at) == (S.MERGED, kept, False, None)
    assert kept.messages.get(event="ticket.merged").event_data == {"by": "Mei", "number": other.number}
    assert other.messages.get(event="ticket.merged_into").event_data == {"by": "Mei", "number": kept.number}
    event = Event.objects.get(kind="ticket.merged")
    assert (event.subject_id, event.data) == (kept.pk, {"other": other.pk, "merge": done.pk})


def test_the_earlier_promise_holds_for_both():
    shop = make_shop()
    kept, other = begin(shop, "Later.", at=NOON + 5 * HOUR), begin(shop, "Earlier.", at=NOON)

    merge(kept, other, at=NOON + 6 * HOUR)

    assert fresh(kept).due_at == NOON + DAY


def test_what_comes_to_the_merged_one_later_goes_to_the_kept_one():
    """C7: merged(into); a later mail in the old thread."""
    shop = make_shop()
    kept, other, third = begin(shop, "One."), begin(shop, "Two."), begin(shop, "Three.")
    merge(other, third)
    merge(kept, other)

    heard = actions.hear(
        shop,
        source="inbound:9",
        channel=TicketChannel.EMAIL,
        sender=actions.Sender(IdentityKind.EMAIL, ADA),
        ticket=third,
        body="And now?",
        at=LATER,
    )

    assert heard.ticket == kept
    assert bodies(kept) == ["One.", "Two.", "Three.", "And now?"]
    with pytest.raises(Conflict, match=f"goes on in #{kept.number}"):
        answer(fresh(other))


@pytest.mark.parametrize(
    ("kept_state", "other_state", "after"),
    [
        (S.PENDING, S.NEW, S.OPEN),
        (S.SOLVED, S.OPEN, S.OPEN),
        (S.ON_HOLD, S.OPEN, S.OPEN),
        (S.WAITING, S.PENDING, S.WAITING),
        (S.NEW, S.SOLVED, S.NEW),
        (S.SOLVED, S.SOLVED, S.SOLVED),
    ],
)
def test_when_the_shop_has_to_act_in_one_it_has_to_in_both(
    kept_state: TicketState, other_state: TicketState, after: TicketState
):
    shop = make_shop()
    kept, other = (
        make_ticket(shop=shop, state=state, customer_email=ADA, wake_at=LATER if state == S.ON_HOLD else None)
        for state in (kept_state, other_state)
    )

    done = merge(kept, other, at=NOON)
    assert fresh(kept).state == after

    undo(done, at=NOON)
    assert (fresh(kept).state, fresh(other).state) == (kept_state, other_state)


def test_different_customers_do_not_read_each_other_unless_staff_mean_it():
    shop = make_shop()
    kept, other = begin(shop, "Mine."), begin(shop, "Yours.", email="ken@customer.test")
    before = picture(shop)

    with pytest.raises(Refused, match="different customers"):
        merge(kept, other)
    assert picture(shop) == before

    merge(kept, other, across_customers=True)
    assert bodies(kept) == ["Mine.", "Yours."]


def test_two_addresses_of_one_person_are_one_customer():
    shop = make_shop()
    kept, other = begin(shop, "From work.", email="mei@work.test"), begin(shop, "From home.", email="mei@home.test")
    person = person_of(shop, kind=IdentityKind.EMAIL, value="mei@work.test", at=NOON)
    Ticket.objects.update(person=person)

    merge(kept, other)

    assert bodies(kept) == ["From work.", "From home."]


def test_there_are_no_rings_and_nothing_is_merged_into_what_is_over():
    shop = make_shop()
    a, b = begin(shop, "A"), begin(shop, "B")
    merge(a, b)

    with pytest.raises(Conflict):
        merge(b, a)
    with pytest.raises(Conflict):
        merge(begin(shop, "C"), b)
    for state in (S.CLOSED, S.SPAM):
        with pytest.raises(Conflict):
            merge(make_ticket(shop=shop, state=state, customer_email=ADA), begin(shop, f"to {state}"))
        with pytest.raises(Conflict):
            merge(begin(shop, f"from {state}"), make_ticket(shop=shop, state=state, customer_email=ADA))
    for other in (a, begin(make_shop(), "A")):
        with pytest.raises(InvalidInput):
            merge(a, other)

    assert TicketMerge.objects.count() == 1


def test_drafts_survive_also_where_somebody_writes_in_both():
    shop = make_shop()
    mei, ken = make_staff(shop), make_staff(shop)
    kept, other = begin(shop, "A"), begin(shop, "B")
    draft = {"shop": shop, "is_note": False, "updated_at": NOON}
    ReplyDraft.objects.create(ticket=kept, member=mei, body="To A.", **draft)
    ReplyDraft.objects.create(ticket=other, member=mei, body="To B.", **draft)
    ReplyDraft.objects.create(ticket=other, member=ken, body="From Ken.", **draft)

    done = merge(kept, other)
    held = ReplyDraft.objects.filter(ticket=kept).order_by("pk").values_list("body", flat=True)
    assert list(held) == ["To A.\n\nTo B.", "From Ken."]

    undo(done)
    held = ReplyDraft.objects.filter(ticket=other).order_by("pk").values_list("body", flat=True)
    assert list(held) == ["To B.", "From Ken."]


def test_a_running_chat_goes_along():
    shop = make_shop()
    account = ChannelAccount.objects.create(shop=shop, kind=ChannelKind.CHAT, name="Chat", created_at=NOON)
    kept, other = begin(shop, "A"), begin(shop, "B")
    chat = ChatSession.objects.create(
        shop=shop, account=account, token_digest="d", ticket_id=other.pk, language="en", seen_at=NOON, created_at=NOON
    )

    merge(kept, other)

    chat.refresh_from_db()
    assert chat.ticket_id == kept.pk


# -- taken back --------------------------------------------------------------------------------------------------


def test_taken_back_both_are_as_they_were_and_what_was_said_since_stays():
    shop = make_shop()
    order = make_order(shop=shop, email=ADA)
    kept, other = begin(shop, "A"), begin(shop, "B")
    actions.link_order(other, order, at=NOON, staff=None)
    actions.change_tags(other, add=[actions.find_or_create_tag(shop, "Glass")], at=NOON, staff=None)
    before = picture(shop)

    done = merge(kept, other)
    assert fresh(kept).order == order
    undo(done)

    assert picture(shop) == before
    assert TicketMerge.objects.get().undone_at == LATER


def test_changes_made_since_the_merge_are_not_taken_back_with_it():
    shop = make_shop()
    kept, other = begin(shop, "A"), begin(shop, "B")
    actions.set_priority(other, Priority.HIGH, at=NOON, staff=None)
    done = merge(kept, other)
    actions.set_priority(kept, Priority.URGENT, at=LATER, staff=None)
    message = make_message(fresh(kept), body="C")

    undo(done)

    assert (fresh(kept).priority, fresh(other).priority) == (Priority.URGENT, Priority.HIGH)
    assert TicketMessage.objects.get(pk=message.pk).ticket == kept


def test_it_is_taken_back_once_within_thirty_days_and_the_later_one_first():
    shop = make_shop()
    a, b, c = (begin(shop, name) for name in "ABC")
    first, second = merge(b, c), merge(a, b)

    with pytest.raises(Conflict, match="later merge"):
        undo(first)
    undo(second)
    with pytest.raises(Conflict, match="already"):
        undo(second)
    with pytest.raises(Conflict, match="30 days"):
        undo(first, at=LATER + 31 * DAY)

    assert actions.last_merges(shop, [a.pk, b.pk], at=LATER) == {a.pk: [], b.pk: [first]}
    assert bodies(b) == ["B", "C"]


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
