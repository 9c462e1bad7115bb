"""LINE and the telephone of the practice shop: what customers say reaches the inbox, and answers reach them."""

from __future__ import annotations

import httpx
import pytest

from saleor_aftercare.channels.models import Call
from saleor_aftercare.inbox.models import Ticket, TicketMessage
from saleor_aftercare.providers import registry
from saleor_aftercare.providers.messengers.line import Line
from saleor_aftercare.sandbox.aftercare import Aftercare
from saleor_aftercare.sandbox.line import TOKEN
from saleor_aftercare.sandbox.messenger import Messenger, Telephone, line_id
from saleor_aftercare.service.wsgi import application

pytestmark = pytest.mark.django_db


@pytest.fixture
def aftercare(house):
    http = httpx.Client(transport=httpx.WSGITransport(app=application), base_url="https://aftercare.test")
    return Aftercare(house.saleor, http, "https://aftercare.test", "https://practice.test")


def test_a_line_message_becomes_a_conversation(house, aftercare):
    messenger = Messenger(aftercare)
    adapter = registry.MessengerKind(
        slug="line",
        name="LINE",
        credentials=Line.wants,
        build=lambda values: Line(values, transport=httpx.MockTransport(messenger.answer)),
    )
    messenger.set_up()
    hanako = house.saleor.user(email="hanako.yamada@example.com")

    messenger.say(hanako, "ふたが閉まりません。")
    messenger.say(hanako, "写真を送りましょうか?")
    with registry.offering_messenger(adapter):
        house.settle()

    ticket = Ticket.objects.get()
    assert (ticket.channel, ticket.customer_name) == ("line", "山田 花子")
    assert [one.body for one in TicketMessage.objects.filter(ticket=ticket, kind="customer").order_by("pk")] == [
        "ふたが閉まりません。",
        "写真を送りましょうか?",
    ]
    assert [one.by_shop for one in messenger.talk_with(hanako)] == [False, False]


def test_what_the_shop_sends_arrives_on_the_customers_telephone(house, aftercare):
    messenger = Messenger(aftercare)
    hanako = house.saleor.user(email="hanako.yamada@example.com")
    push = {"to": line_id(hanako), "messages": [{"type": "text", "text": "お待ちしております。"}]}

    answer = messenger.answer(
        httpx.Request(
            "POST", "https://line.invalid/v2/bot/message/push", json=push, headers={"authorization": f"Bearer {TOKEN}"}
        )
    )

    assert answer.status_code == 200
    assert [(one.text, one.by_shop) for one in messenger.talk_with(hanako)] == [("お待ちしております。", True)]


@pytest.mark.parametrize(("ends", "seconds"), [("answered", 184), ("missed", 0)])
def test_a_call_is_told_from_the_ringing_to_its_end(house, aftercare, ends, seconds):
    telephone = Telephone(aftercare)
    telephone.set_up()

    telephone.call("090-1234-5678", ends=ends)

    call = Call.objects.get()
    assert (call.number, call.outcome, call.duration_s or 0) == ("+819012345678", ends, seconds)
