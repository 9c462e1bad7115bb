"""Mails as they came, over the API: what staff see of them, what customers do not, and what can be tried again."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from saleor_aftercare.channels.models import InboundMessage, InboundState
from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.core.models import Job, Shop
from saleor_aftercare.inbox.models import CaseKind, MessageKind, TicketChannel, TicketMessage
from saleor_aftercare.mail.models import DeliveryState, Suppression
from saleor_aftercare.team.models import Role, RoleRule
from tests.graphql.api import as_customer, as_staff, shop_with_key
from tests.inbox.mails import hear, make_mailbox, message_of, raw_mail
from tests.make import (
    NOON,
    make_letter,
    make_message,
    make_order,
    make_return,
    make_staff,
    make_suppression,
    make_ticket,
)

pytestmark = pytest.mark.django_db

PARTS = """messages(first: 20) { edges { node {
  kind body bodyHtml quoted isAutomatic html { url remoteUrl } raw { name url contentType }
  guesses { where declared used } delivery deliveryError
} } }"""
MESSAGES = f"query ($number: Int!) {{ ticket(number: $number) {{ {PARTS} }} }}"
PUBLIC = f"query ($id: ID!) {{ return(id: $id) {{ ticket {{ {PARTS} }} }} }}"
LIST = """query ($state: InboundState) { inboundMessages(state: $state) { totalCount edges { node {
  id accountName state outcome error raw { name } ticket { number }
} } } }"""
RETRY = "mutation ($id: ID!) { inboundRetry(id: $id) { inboundMessage { state } errors { field code } } }"
DISMISS = "mutation ($id: ID!) { inboundDismiss(id: $id) { inboundMessage { state } errors { field code } } }"
RESEND = "mutation ($id: ID!) { ticketMessageResend(id: $id) { message { delivery } errors { field code } } }"

HTML = """\
From: Ada <ada@customer.test>
To: support@komorebi.test
Subject: Hi
Content-Type: text/html; charset=utf-8

<p>New.</p><blockquote type="cite">Old.</blockquote><img src="https://t.example/p.gif">
"""


def failed(shop: Shop) -> InboundMessage:
    inbound = hear(make_mailbox(shop), raw_mail())
    InboundMessage.objects.filter(pk=inbound.pk).update(state=InboundState.FAILED, error="RecursionError")
    return inbound


def test_staff_see_what_a_mail_quotes_how_it_was_laid_out_and_the_mail_itself():
    shop = shop_with_key()
    inbound = hear(make_mailbox(shop), HTML.replace("\n", "\r\n").encode())
    number = message_of(inbound).ticket.number

    (edge,) = as_staff(shop).ask(MESSAGES, number=number).data["ticket"]["messages"]["edges"]

    node = edge["node"]
    assert (node["body"], node["quoted"], node["isAutomatic"]) == ("New.", "> Old.", False)
    assert node["html"]["url"].startswith("https://aftercare.test/mails/")
    assert node["html"]["remoteUrl"] not in {None, node["html"]["url"]}
    assert (node["raw"]["contentType"], node["raw"]["name"][-4:]) == ("message/rfc822", ".eml")


def test_words_of_a_mail_are_shown_as_they_were_typed():
    shop = shop_with_key()
    number = message_of(hear(make_mailbox(shop), raw_mail("1) a\nAda\n---"))).ticket.number

    (edge,) = as_staff(shop).ask(MESSAGES, number=number).data["ticket"]["messages"]["edges"]

    assert edge["node"]["bodyHtml"] == "<p>1) a<br>Ada<br>---</p>"


def test_customers_see_the_words_and_nothing_else_of_a_mail():
    shop = shop_with_key()
    order = make_order(shop, email="ada@customer.test")
    ret = make_return(order)
    ticket = make_ticket(order, messages=(), about=(CaseKind.RETURN, ret.pk))
    inbound = hear(make_mailbox(shop), HTML.encode())
    TicketMessage.objects.filter(inbound=inbound).update(ticket=ticket)

    data = as_customer(order).ask(PUBLIC, id=to_global_id("Return", ret.pk)).data

    (edge,) = data["return"]["ticket"]["messages"]["edges"]
    node = edge["node"]
    assert node["body"] == "New."
    assert {name: node[name] for name in ("quoted", "html", "raw", "guesses", "deliveryError")} == {
        "quoted": "",
        "html": None,
        "raw": None,
        "guesses": [],
        "deliveryError": None,
    }


def test_a_thread_of_mails_costs_as_many_statements_as_one_mail():
    shop = shop_with_key()
    box = make_mailbox(shop)
    first = hear(box, HTML.encode())
    ticket = message_of(first).ticket
    staff = as_staff(shop)

    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            staff.ask(MESSAGES, number=ticket.number)
        return len(seen)

    statements()
    one = statements()
    for turn in range(5):
        hear(box, raw_mail(f"More {turn}", subject=f"[#{ticket.number}]", In_Reply_To=f"<{turn}@customer.test>"))
    assert ticket.messages.filter(kind=MessageKind.CUSTOMER).count() == 6

    assert statements() == one


def test_mails_that_could_not_be_read_are_listed_and_tried_again():
    shop = shop_with_key()
    inbound = failed(shop)
    other = hear(make_mailbox(shop, address="sales@komorebi.test"), raw_mail())
    failed(shop_with_key())
    staff = as_staff(shop)

    (edge,) = staff.ask(LIST, state="FAILED").data["inboundMessages"]["edges"]
    every = staff.ask(LIST).data["inboundMessages"]

    assert (edge["node"]["accountName"], edge["node"]["error"]) == (inbound.account.name, "RecursionError")
    assert every["totalCount"] == 2
    assert every["edges"][0]["node"]["ticket"]["number"] == message_of(other).ticket.number
    answer = staff.ask(RETRY, id=edge["node"]["id"]).data["inboundRetry"]
    assert answer == {"inboundMessage": {"state": "RECEIVED"}, "errors": []}
    assert Job.objects.get(key=f"channels.read:{inbound.pk}").state == "pending"


def test_a_mail_that_somebody_has_looked_at_leaves_the_list():
    shop = shop_with_key()
    inbound = failed(shop)

    answer = as_staff(shop).ask(DISMISS, id=to_global_id("InboundMessage", inbound.pk)).data["inboundDismiss"]

    assert answer == {"inboundMessage": {"state": "IGNORED"}, "errors": []}
    inbound.refresh_from_db()
    assert (inbound.outcome, inbound.raw is not None) == ("dismissed", True)


@pytest.mark.parametrize("document", [RETRY, DISMISS])
def test_mails_of_another_shop_do_not_exist(document: str):
    inbound = failed(shop_with_key())

    data = as_staff(shop_with_key()).ask(document, id=to_global_id("InboundMessage", inbound.pk)).data

    ((payload,),) = ([one] for one in data.values())
    assert payload["errors"] == [{"field": "id", "code": "NOT_FOUND"}]
    inbound.refresh_from_db()
    assert inbound.state == InboundState.FAILED


def test_one_message_is_asked_for_with_fresh_addresses_by_whoever_may_see_its_conversation():
    shop = shop_with_key()
    message = message_of(hear(make_mailbox(shop), HTML.encode()))
    document = "query ($id: ID!) { ticketMessage(id: $id) { isMail hasQuoted hasHtml quoted } }"
    key = to_global_id("TicketMessage", message.pk)

    assert as_staff(shop).ask(document, id=key).data["ticketMessage"] == {
        "isMail": True,
        "hasQuoted": True,
        "hasHtml": True,
        "quoted": "> Old.",
    }
    assert as_staff(shop_with_key()).ask(document, id=key).code == "NOT_FOUND"


def test_a_letter_that_came_back_is_sent_again_to_an_address_that_is_written_to_again():
    shop = shop_with_key()
    ticket = make_ticket(shop=shop, customer_email="ada@customer.test", channel=TicketChannel.EMAIL)
    letter = make_letter(shop, state=DeliveryState.BOUNCED, to_email="ada@customer.test")
    message = make_message(ticket, kind=MessageKind.STAFF, outbound=letter)
    make_suppression(shop, "ada@customer.test")

    answer = as_staff(shop).ask(RESEND, id=to_global_id("TicketMessage", message.pk)).data["ticketMessageResend"]

    assert answer == {"message": {"delivery": "PENDING"}, "errors": []}
    assert not Suppression.objects.exists()
    assert ticket.messages.filter(event="mail.resent").count() == 1


@pytest.mark.parametrize("state", [DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.SENT])
def test_a_letter_that_is_on_its_way_or_arrived_is_not_sent_again(state: DeliveryState):
    shop = shop_with_key()
    letter = make_letter(shop, state=state)
    message = make_message(make_ticket(shop=shop), kind=MessageKind.STAFF, outbound=letter)

    answer = as_staff(shop).ask(RESEND, id=to_global_id("TicketMessage", message.pk)).data["ticketMessageResend"]

    assert answer["errors"] == [{"field": "id", "code": "CONFLICT"}]
    letter.refresh_from_db()
    assert letter.state == state


def test_outsourced_people_send_no_letters_again_but_those_of_their_own_conversations():
    shop = shop_with_key()
    member = make_staff(shop, groups=["Outside"], groups_at=NOON)
    RoleRule.objects.create(shop=shop, group_name="Outside", role=Role.OUTSOURCED)
    letter = make_letter(shop, state=DeliveryState.FAILED)
    message = make_message(make_ticket(shop=shop), kind=MessageKind.STAFF, outbound=letter)

    data = as_staff(shop, member=member).ask(RESEND, id=to_global_id("TicketMessage", message.pk)).data

    assert data["ticketMessageResend"]["errors"] == [{"field": "id", "code": "NOT_FOUND"}]
