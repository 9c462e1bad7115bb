"""The inbox over the API: lists, threads, answers, and what of a conversation its customer sees."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.inbox.models import CaseKind, MessageKind, Ticket, TicketMessage, TicketState
from saleor_aftercare.mail.models import DeliveryState, OutboundMessage
from tests.graphql.api import as_customer, as_guest, as_staff, shop_with_key
from tests.make import (
    DAY,
    HOUR,
    NOON,
    make_file,
    make_letter,
    make_message,
    make_order,
    make_repair,
    make_return,
    make_shop,
    make_spare_part,
    make_staff,
    make_ticket,
)

pytestmark = pytest.mark.django_db

LIST = """query ($view: TicketView, $search: String, $first: Int, $after: String) {
  tickets(view: $view, search: $search, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { number } }
  }
}"""


def numbers(answer: Any) -> list[int]:
    return [edge["node"]["number"] for edge in answer.data["tickets"]["edges"]]


# -- lists -------------------------------------------------------------------------------------------------------------


def test_the_newest_message_comes_first_and_other_shops_do_not():
    shop = shop_with_key()
    old = make_ticket(shop=shop)
    new = make_ticket(shop=shop, messages=("one", "two"))
    make_ticket(shop=make_shop())

    answer = as_staff(shop).ask(LIST)

    assert numbers(answer) == [new.number, old.number]
    assert answer.data["tickets"]["totalCount"] == 2


def test_pages_follow_each_other_without_gaps_although_moments_repeat():
    shop = shop_with_key()
    made = [make_ticket(shop=shop).number for _ in range(5)]
    staff = as_staff(shop)

    seen: list[int] = []
    after = None
    for _page in range(3):
        answer = staff.ask(LIST, first=2, after=after)
        seen += numbers(answer)
        info = answer.data["tickets"]["pageInfo"]
        assert info["hasPreviousPage"] is (after is not None)
        after = info["endCursor"]

    assert seen == made[::-1]
    assert info["hasNextPage"] is False


def test_a_row_that_arrives_meanwhile_moves_no_page():
    shop = shop_with_key()
    first, second = make_ticket(shop=shop), make_ticket(shop=shop)
    staff = as_staff(shop)
    after = staff.ask(LIST, first=1).data["tickets"]["pageInfo"]["endCursor"]
    make_ticket(shop=shop, messages=("one", "two", "three"))

    assert numbers(staff.ask(LIST, first=1, after=after)) == [first.number]
    assert second.number not in numbers(staff.ask(LIST, first=5, after=after))


@pytest.mark.parametrize("first", [0, -1, 101])
def test_page_sizes_are_bounded(first: int):
    answer = as_staff(shop_with_key()).ask(LIST, first=first)

    assert (answer.code, answer.body["errors"][0]["extensions"]["field"]) == ("INVALID", "first")


@pytest.mark.parametrize("after", ["", "x", "W10", "WzFd", "bnVsbA", "Wzk5OTk5OTk5OTk5OTk5OTk5OTk5XQ", "x" * 500])
def test_foreign_cursors_are_named(after: str):
    answer = as_staff(shop_with_key()).ask(LIST, after=after)

    assert (answer.code, answer.body["errors"][0]["extensions"]["field"]) == ("INVALID", "after")


def test_views_and_counts_agree():
    shop = shop_with_key()
    me = make_staff(shop)
    mine = make_ticket(shop=shop, assignee=me)
    overdue = make_ticket(shop=shop, due_at=NOON - HOUR)
    spam = make_ticket(shop=shop, state=TicketState.SPAM)
    staff = as_staff(shop, member=me)

    counts = {one["view"]: one["count"] for one in staff.ask("{ ticketCounts { view count } }").data["ticketCounts"]}

    assert numbers(staff.ask(LIST, view="ASSIGNED_TO_ME")) == [mine.number]
    assert numbers(staff.ask(LIST, view="OVERDUE")) == [overdue.number]
    assert numbers(staff.ask(LIST, view="SPAM")) == [spam.number]
    assert (counts["ASSIGNED_TO_ME"], counts["UNASSIGNED"], counts["OPEN"], counts["OVERDUE"]) == (1, 1, 2, 1)


def test_tickets_are_found_by_number_and_by_words():
    shop = shop_with_key()
    wanted = make_ticket(shop=shop, subject="Broken handle")
    make_ticket(shop=shop)
    staff = as_staff(shop)

    assert numbers(staff.ask(LIST, view="ALL", search=f"#{wanted.number}")) == [wanted.number]
    assert numbers(staff.ask(LIST, view="ALL", search="broken")) == [wanted.number]
    assert numbers(staff.ask(LIST, view="ALL", search="%")) == []


def test_changes_are_told_once_known():
    shop = shop_with_key()
    ticket = make_ticket(shop=shop)
    staff = as_staff(shop)
    query = "query ($c: String) { changesSince(cursor: $c) { cursor truncated tickets { number } counts { view } } }"
    start = staff.ask(query).data["changesSince"]

    staff.ask(
        "mutation ($id: ID!) { ticketAssign(id: $id, toMe: true) { errors { code } } }",
        id=to_global_id("Ticket", ticket.pk),
    )
    after = staff.ask(query, c=start["cursor"]).data["changesSince"]

    assert (start["tickets"], start["counts"]) == ([], None)
    assert [one["number"] for one in after["tickets"]] == [ticket.number]
    assert after["counts"]
    assert after["truncated"] is False


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
        "actions": ["wait", "solve", "spam"],
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


# -- what the customer sees --------------------------------------------------------------------------------------------

THREAD = """query ($id: ID!) { return(id: $id) { ticket {
  number unread dueAt overdue actions lastMessageAt lastMessagePreview lastMessageKind lastMessageId
  assignee { email } customer { email }
  messages { totalCount edges { node { kind body authorName authorEmail delivery deliveryError event } } }
} } }"""


def test_customers_and_guests_see_what_was_said_openly_and_nothing_else():
    order = make_order(shop_with_key(), delivered=NOON - DAY)
    ret = make_return(order)
    member = make_staff(order.shop)
    ticket = make_ticket(order, about=(CaseKind.RETURN, ret.pk), assignee=member, due_at=NOON - HOUR)
    reply = make_message(
        ticket,
        kind=MessageKind.STAFF,
        body="We will look.",
        outbound=make_letter(order.shop, state=DeliveryState.FAILED, error="550 secret"),
    )
    make_message(ticket, kind=MessageKind.NOTE, body="SECRET note", created_at=NOON + HOUR)
    make_message(ticket, kind=MessageKind.SYSTEM, body="", event="ticket.assigned", event_data={"by": "SECRET"})

    for asker in (as_customer(order), as_guest(order)):
        answer = asker.ask(THREAD, id=to_global_id("Return", ret.pk))
        seen = answer.data["return"]["ticket"]
        assert seen == {
            "number": ticket.number,
            "unread": False,
            "dueAt": None,
            "overdue": False,
            "actions": [],
            "lastMessageAt": reply.created_at.isoformat(),
            "lastMessagePreview": "We will look.",
            "lastMessageKind": "STAFF",
            "lastMessageId": to_global_id("TicketMessage", reply.pk),
            "assignee": None,
            "customer": None,
            "messages": {
                "totalCount": 2,
                "edges": [
                    {"node": {"kind": kind, "body": body, "authorName": author, "authorEmail": None,
                              "delivery": None, "deliveryError": None, "event": None}}
                    for kind, body, author in (
                        ("CUSTOMER", "It does not grind.", "Ada Example"),
                        ("STAFF", "We will look.", "Mei Tanaka"),
                    )
                ],
            },
        }  # fmt: skip
        assert "SECRET" not in str(answer.body)


def test_a_conversation_in_which_nothing_was_said_openly_is_none_for_the_customer():
    order = make_order(shop_with_key(), delivered=NOON - DAY)
    ret = make_return(order)
    ticket = make_ticket(order, messages=(), about=(CaseKind.RETURN, ret.pk))
    make_message(ticket, kind=MessageKind.NOTE, body="SECRET")

    assert as_customer(order).ask(THREAD, id=to_global_id("Return", ret.pk)).data["return"]["ticket"] is None


def test_a_customers_ticket_shows_no_case_of_somebody_else():
    order = make_order(shop_with_key(), delivered=NOON - DAY)
    ret = make_return(order)
    ticket = make_ticket(order, about=(CaseKind.RETURN, ret.pk))
    ticket.links.create(shop=order.shop, kind=CaseKind.REPAIR, case_id=make_repair(make_order(order.shop)).pk)
    ticket.links.create(shop=order.shop, kind=CaseKind.SPARE_PART, case_id=make_spare_part(shop=order.shop).pk)

    seen = as_customer(order).ask(
        """query ($id: ID!) { return(id: $id) { ticket {
          returns { number } repairRequests { id } sparePartRequests { id } } } }""",
        id=to_global_id("Return", ret.pk),
    )

    assert seen.data["return"]["ticket"] == {
        "returns": [{"number": ret.number}],
        "repairRequests": [],
        "sparePartRequests": [],
    }


def test_a_customers_message_joins_the_conversation():
    order = make_order(shop_with_key())
    ticket = make_ticket(order)

    payload = (
        as_customer(order)
        .ask(
            "mutation ($i: MessageSendInput!) { messageSend(input: $i) { message { kind body } errors { code } } }",
            i={"orderId": order.saleor_id, "body": "Any news?"},
        )
        .payload("messageSend")
    )

    assert payload["message"] == {"kind": "CUSTOMER", "body": "Any news?"}
    assert TicketMessage.objects.filter(ticket=ticket).count() == 2


def test_files_of_a_message_open_by_signed_addresses():
    ticket = make_ticket(shop=shop_with_key())
    message = make_message(ticket, body="See")
    message.attachments.add(make_file(ticket.shop, name="見積.pdf"))

    (edge,) = (
        as_staff(ticket.shop)
        .ask(
            """query ($id: ID!) { ticket(id: $id) {
              messages(last: 1) { edges { node { attachments { name sizeBytes url } } } } } }""",
            id=to_global_id("Ticket", ticket.pk),
        )
        .data["ticket"]["messages"]["edges"]
    )

    (file,) = edge["node"]["attachments"]
    assert (file["name"], file["sizeBytes"]) == ("見積.pdf", 16)
    assert file["url"].startswith("https://aftercare.test/files/")


XSS = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "![x](https://tracker.test/pixel.gif)",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&colon;alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](https://a.test \"title' onmouseover='alert(1)\")",
    "<svg/onload=alert(1)>",
    "<iframe src=https://evil.test></iframe>",
    "<style>*{background:url(https://tracker.test)}</style>",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "<math><mtext></p><script>alert(1)</script>",
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    "<form action=https://evil.test><input name=p></form>",
    "<base href=https://evil.test>",
    "<meta http-equiv=refresh content=0>",
]


@pytest.mark.parametrize("text", XSS)
def test_no_text_becomes_more_than_text(text: str):
    ticket = make_ticket(shop=shop_with_key(), messages=(text,))

    (edge,) = (
        as_staff(ticket.shop)
        .ask(
            "query ($id: ID!) { ticket(id: $id) { messages { edges { node { body bodyHtml } } } } }",
            id=to_global_id("Ticket", ticket.pk),
        )
        .data["ticket"]["messages"]["edges"]
    )

    html = edge["node"]["bodyHtml"].lower()
    assert edge["node"]["body"] == text
    for tag in ("<script", "<img", "<svg", "<iframe", "<style", "<form", "<input", "<base", "<meta", "<math"):
        assert tag not in html
    assert 'href="javascript' not in html
    assert 'href="data' not in html
    assert " onmouseover=" not in html.replace("&#39; onmouseover=&#39;", "").replace("' onmouseover='", "")


def test_links_open_elsewhere_and_tell_nothing():
    ticket = make_ticket(shop=shop_with_key(), messages=("[here](https://a.test/?b=1&c)",))

    answer = as_staff(ticket.shop).ask(
        "query ($id: ID!) { ticket(id: $id) { messages { edges { node { bodyHtml } } } } }",
        id=to_global_id("Ticket", ticket.pk),
    )

    html = answer.data["ticket"]["messages"]["edges"][0]["node"]["bodyHtml"]
    assert html == (
        '<p><a target="_blank" href="https://a.test/?b=1&amp;c" rel="noopener noreferrer nofollow">here</a></p>\n'
    )


def test_staff_members_are_listed_by_name_for_their_own_shop():
    shop = shop_with_key()
    me = make_staff(shop, name="Zoe")
    make_staff(shop, name="Ann", email="ann@komorebi.test")
    make_staff()

    found = as_staff(shop, member=me).ask("{ staffMembers { name isMe } }").data["staffMembers"]

    assert found == [{"name": "Ann", "isMe": False}, {"name": "Zoe", "isMe": True}]


CUSTOMER = """query ($email: String, $user: ID) { customer(email: $email, userId: $user) {
  email name userId orders { number } tickets(first: 1) { number } returns { number }
  repairRequests { number } sparePartRequests { number }
} }"""


def test_all_about_a_customer_by_address_or_by_account():
    shop = shop_with_key()
    order = make_order(shop, delivered=NOON - DAY)
    ret, repair, part = make_return(order), make_repair(order), make_spare_part(order)
    make_ticket(order)
    newest = make_ticket(order, messages=("1", "2"))
    make_order(make_shop(), email=order.email, user_id=order.user_id)
    staff = as_staff(shop)

    by_address = staff.ask(CUSTOMER, email=order.email.upper()).data["customer"]
    by_account = staff.ask(CUSTOMER, user=order.user_id).data["customer"]

    assert by_address == by_account
    assert by_address == {
        "email": order.email,
        "name": "Ada Example",
        "userId": order.user_id,
        "orders": [{"number": order.number}],
        "tickets": [{"number": newest.number}],
        "returns": [{"number": ret.number}],
        "repairRequests": [{"number": repair.number}],
        "sparePartRequests": [{"number": part.number}],
    }


def test_nothing_known_of_somebody_is_null():
    shop = shop_with_key()
    order = make_order(make_shop())
    staff = as_staff(shop)

    assert staff.ask(CUSTOMER, email=order.email).data == {"customer": None}
    assert staff.ask(CUSTOMER, user=order.user_id).data == {"customer": None}
    assert staff.ask(CUSTOMER).code == "INVALID"


def test_a_repair_alone_makes_somebody_known():
    repair = make_repair(shop=shop_with_key())

    found = as_staff(repair.shop).ask(CUSTOMER, email=repair.customer_email).data["customer"]

    assert (found["name"], found["repairRequests"]) == ("Ada Example", [{"number": repair.number}])


def test_a_reply_due_later_is_not_overdue():
    ticket = make_ticket(shop=shop_with_key(), due_at=NOON + timedelta(seconds=1))

    answer = as_staff(ticket.shop).ask(
        "query ($id: ID!) { ticket(id: $id) { overdue } }", id=to_global_id("Ticket", ticket.pk)
    )

    assert answer.data["ticket"] == {"overdue": False}
