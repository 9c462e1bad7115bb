"""Two conversations become one, and nothing is lost on the way there and back."""

from __future__ import annotations

import pytest

from saleor_aftercare.channels.models import ChannelAccount, ChannelKind, ChatSession
from saleor_aftercare.core.errors import Conflict, InvalidInput, Refused
from saleor_aftercare.core.models import Event
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
)
from saleor_aftercare.people.actions import person_of
from saleor_aftercare.people.models import IdentityKind
from tests.inbox.test_staff import answer
from tests.make import DAY, HOUR, NOON, make_message, make_order, make_shop, make_staff, make_ticket

from .merges import ADA, LATER, begin, bodies, fresh, merge, picture, undo

S = TicketState
pytestmark = pytest.mark.django_db
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
        actions.Said(
            source="inbound:9",
            channel=TicketChannel.EMAIL,
            sender=actions.Sender(IdentityKind.EMAIL, ADA),
            ticket=third,
            body="And now?",
            at=LATER,
        ),
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
