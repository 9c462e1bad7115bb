"""What of a conversation its customer sees, and that no text in it becomes more than text."""

from __future__ import annotations

import pytest

from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.inbox.models import CaseKind, MessageKind, TicketMessage
from saleor_aftercare.mail.models import DeliveryState
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
    make_spare_part,
    make_staff,
    make_ticket,
)

pytestmark = pytest.mark.django_db
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
