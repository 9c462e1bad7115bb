"""One conversation over the API: reading it, answering, assigning, closing."""

from __future__ import annotations

from typing import Any

import pytest

from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.inbox.models import CaseKind, MessageKind, Ticket, TicketMessage, TicketState
from saleor_aftercare.mail.models import OutboundMessage
from tests.graphql.api import as_staff, shop_with_key
from tests.make import (
    DAY,
    HOUR,
    NOON,
    make_message,
    make_order,
    make_repair,
    make_return,
    make_spare_part,
    make_staff,
    make_ticket,
)

pytestmark = pytest.mark.django_db
# -- one ticket --------------------------------------------------------------------------------------------------------


def test_a_ticket_shows_all_to_staff():
    shop = shop_with_key()
    order = make_order(shop, delivered=NOON - DAY)
    ret, repair, part = make_return(order), make_repair(order), make_spare_part(order)
    member = make_staff(shop, name="Ken Sato")
    ticket = make_ticket(order, assignee=member, due_at=NOON - HOUR, about=(CaseKind.RETURN, ret.pk))
    ticket.links.create(shop=shop, kind=CaseKind.REPAIR, case_id=repair.pk)
    ticket.links.create(shop=shop, kind=CaseKind.SPARE_PART, case_id=part.pk)

    seen = (
        as_staff(shop, member=member)
        .ask(
            """query ($id: ID!) { ticket(id: $id) {
          number subject state channel language customerName customerEmail createdAt lastMessageAt
          lastMessagePreview lastMessageKind unread dueAt overdue lastMessageId actions
          assignee { name email isMe } order { id } customer { email userId name language }
          returns { number } repairRequests { number } sparePartRequests { number }
        } }""",
            id=to_global_id("Ticket", ticket.pk),
        )
        .data["ticket"]
    )

    assert seen == {
        "number": ticket.number,
        "subject": "Hand grinder",
        "state": "NEW",
        "channel": "PORTAL",
        "language": "en",
        "customerName": "Ada Example",
        "customerEmail": order.email,
        "createdAt": "2025-06-02T12:00:00+00:00",
        "lastMessageAt": "2025-06-02T12:00:00+00:00",
        "lastMessagePreview": "It does not grind.",
        "lastMessageKind": "CUSTOMER",
        "unread": True,
        "dueAt": "2025-06-02T11:00:00+00:00",
        "overdue": True,
        "lastMessageId": to_global_id("TicketMessage", ticket.last_message_id),
        "actions": ["wait", "wait_for_others", "snooze", "solve", "spam", "merge"],
        "assignee": {"name": "Ken Sato", "email": member.email, "isMe": True},
        "order": {"id": order.saleor_id},
        "customer": {
            "email": order.email,
            "userId": order.user_id,
            "name": "Ada Example",
            "language": "en",
        },
        "returns": [{"number": ret.number}],
        "repairRequests": [{"number": repair.number}],
        "sparePartRequests": [{"number": part.number}],
    }


MESSAGES = """query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
  ticket(id: $id) { messages(first: $first, after: $after, last: $last, before: $before) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { node { body } }
  } }
}"""


def bodies(answer: Any) -> list[str]:
    return [edge["node"]["body"] for edge in answer.data["ticket"]["messages"]["edges"]]


def test_messages_are_paged_from_both_ends():
    ticket = make_ticket(shop=shop_with_key(), messages=("1", "2", "3", "4", "5"))
    staff = as_staff(ticket.shop)
    id = to_global_id("Ticket", ticket.pk)  # noqa: A001

    newest = staff.ask(MESSAGES, id=id, last=2)
    info = newest.data["ticket"]["messages"]["pageInfo"]
    earlier = staff.ask(MESSAGES, id=id, last=2, before=info["startCursor"])
    oldest = staff.ask(MESSAGES, id=id, first=2)
    following = staff.ask(MESSAGES, id=id, first=9, after=oldest.data["ticket"]["messages"]["pageInfo"]["endCursor"])

    assert bodies(newest) == ["4", "5"]
    assert (info["hasPreviousPage"], info["hasNextPage"]) == (True, False)
    assert newest.data["ticket"]["messages"]["totalCount"] == 5
    assert bodies(earlier) == ["2", "3"]
    assert bodies(oldest) == ["1", "2"]
    assert bodies(following) == ["3", "4", "5"]
    assert following.data["ticket"]["messages"]["pageInfo"]["hasNextPage"] is False


def test_a_reply_is_mailed_and_takes_the_ticket():
    ticket = make_ticket(shop=shop_with_key())
    member = make_staff(ticket.shop, name="Ken Sato")

    payload = (
        as_staff(ticket.shop, member=member)
        .ask(
            """mutation ($id: ID!, $seen: ID!) {
          ticketReply(id: $id, input: {body: "**Sorry!**", lastSeenMessageId: $seen}) {
            ticket { state unread assignee { name } dueAt lastMessageKind }
            message { kind body bodyHtml authorName authorEmail delivery } errors { code }
          }
        }""",
            id=to_global_id("Ticket", ticket.pk),
            seen=to_global_id("TicketMessage", ticket.last_message_id),
        )
        .payload("ticketReply")
    )

    assert payload["ticket"] == {
        "state": "PENDING",
        "unread": False,
        "assignee": {"name": "Ken Sato"},
        "dueAt": None,
        "lastMessageKind": "STAFF",
    }
    assert payload["message"] == {
        "kind": "STAFF",
        "body": "**Sorry!**",
        "bodyHtml": "<p><strong>Sorry!</strong></p>\n",
        "authorName": "Ken Sato",
        "authorEmail": member.email,
        "delivery": "PENDING",
    }
    assert OutboundMessage.objects.get().to_email == ticket.customer_email


REPLY = """mutation ($id: ID!, $seen: ID!, $force: Boolean, $body: String!) {
  ticketReply(id: $id, input: {body: $body, lastSeenMessageId: $seen, force: $force}) { errors { code field } }
}"""


def test_a_reply_to_an_old_state_of_the_thread_is_refused_unless_forced():
    ticket = make_ticket(shop=shop_with_key())
    seen = to_global_id("TicketMessage", ticket.last_message_id)
    make_message(ticket, body="And the lid is gone.")
    staff = as_staff(ticket.shop)
    id = to_global_id("Ticket", ticket.pk)  # noqa: A001

    assert staff.ask(REPLY, id=id, seen=seen, body="Hm").refusal("ticketReply") == ("STALE_THREAD", None)
    assert not OutboundMessage.objects.exists()
    assert staff.ask(REPLY, id=id, seen=seen, body="Hm", force=True).payload("ticketReply")


@pytest.mark.parametrize("body", ["", "   ", "x" * 50_001, "a\0b"])
def test_empty_and_endless_replies_are_named(body: str):
    ticket = make_ticket(shop=shop_with_key())

    answer = as_staff(ticket.shop).ask(
        REPLY,
        id=to_global_id("Ticket", ticket.pk),
        seen=to_global_id("TicketMessage", ticket.last_message_id),
        body=body,
    )

    assert answer.refusal("ticketReply") == ("INVALID", "body")
    assert TicketMessage.objects.count() == 1


ASSIGN = """mutation ($id: ID!, $to: ID) { ticketAssign(id: $id, assigneeId: $to) {
  ticket { assignee { name } } errors { code field } } }"""


def test_tickets_are_given_taken_and_given_up():
    ticket = make_ticket(shop=shop_with_key())
    member = make_staff(ticket.shop, name="Ken Sato")
    staff = as_staff(ticket.shop)
    id = to_global_id("Ticket", ticket.pk)  # noqa: A001

    given = staff.ask(ASSIGN, id=id, to=to_global_id("StaffMember", member.pk)).payload("ticketAssign")
    dropped = staff.ask(ASSIGN, id=id, to=None).payload("ticketAssign")

    assert given["ticket"]["assignee"] == {"name": "Ken Sato"}
    assert dropped["ticket"]["assignee"] is None


def test_a_ticket_cannot_be_given_to_another_shops_staff():
    ticket = make_ticket(shop=shop_with_key())

    answer = as_staff(ticket.shop).ask(
        ASSIGN, id=to_global_id("Ticket", ticket.pk), to=to_global_id("StaffMember", make_staff().pk)
    )

    assert answer.refusal("ticketAssign") == ("NOT_FOUND", "assigneeId")


@pytest.mark.parametrize("how", ["", ", toMe: true, assigneeId: null", ", toMe: false"])
def test_who_takes_a_ticket_must_be_said_once(how: str):
    ticket = make_ticket(shop=shop_with_key())

    answer = as_staff(ticket.shop).ask(
        f'mutation {{ ticketAssign(id: "{to_global_id("Ticket", ticket.pk)}"{how}) {{ errors {{ code field }} }} }}'
    )

    assert answer.refusal("ticketAssign") == ("INVALID", "assigneeId")


def test_a_move_the_workflow_does_not_know_is_a_conflict():
    ticket = make_ticket(shop=shop_with_key())

    answer = as_staff(ticket.shop).ask(
        """mutation ($id: ID!) { ticketUpdate(id: $id, input: {action: "close"}) { errors { code field } } }""",
        id=to_global_id("Ticket", ticket.pk),
    )

    assert answer.refusal("ticketUpdate") == ("CONFLICT", None)
    assert Ticket.objects.get().state == TicketState.NEW


def test_marking_as_read_and_renaming():
    ticket = make_ticket(shop=shop_with_key())
    staff = as_staff(ticket.shop)
    id = to_global_id("Ticket", ticket.pk)  # noqa: A001

    read = staff.ask("mutation ($id: ID!) { ticketMarkRead(id: $id) { ticket { unread } errors { code } } }", id=id)
    named = staff.ask(
        'mutation ($id: ID!) { ticketUpdate(id: $id, input: {subject: "Lid"}) { ticket { subject } errors { code } } }',
        id=id,
    )

    assert read.payload("ticketMarkRead")["ticket"] == {"unread": False}
    assert named.payload("ticketUpdate")["ticket"] == {"subject": "Lid"}


def test_system_lines_are_sentences_in_the_readers_language():
    ticket = make_ticket(shop=shop_with_key())
    make_message(
        ticket, kind=MessageKind.SYSTEM, body="", event="ticket.assigned", event_data={"by": "Mei", "to": "<Ken>"}
    )
    staff = as_staff(ticket.shop)
    system = "messages(last: 1) { edges { node { event body bodyHtml } } }"
    query = f'{{ ticket(id: "{to_global_id("Ticket", ticket.pk)}") {{ {system} }} }}'

    (english,) = staff.ask(query).data["ticket"]["messages"]["edges"]

    assert english["node"] == {
        "event": "ticket.assigned",
        "body": "Mei gave this to <Ken>.",
        "bodyHtml": "<p>Mei gave this to &lt;Ken&gt;.</p>",
    }
