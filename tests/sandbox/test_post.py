"""The practice post: what people write to the shop becomes conversations in Aftercare."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from saleor_aftercare.inbox.models import Ticket, TicketMessage
from saleor_aftercare.mail.models import OutboundMessage
from saleor_aftercare.mail.reading import message
from saleor_aftercare.sandbox.aftercare import Aftercare
from saleor_aftercare.sandbox.mailbox import Mail
from saleor_aftercare.sandbox.post import ADDRESS, Letter, Post, compose
from saleor_aftercare.service.wsgi import application

pytestmark = pytest.mark.django_db

AT = "Sun, 22 Nov 2026 12:00:00 +0000"
JADE = "jade.guerrero@example.com"


def mail(**changes):
    """A letter of the shop's, as the mailbox shows it."""
    values = {
        "name": "1",
        "subject": "Your return",
        "sender": f"Kaze & Kettle <{ADDRESS}>",
        "recipients": (JADE,),
        "sent_at": datetime(2026, 11, 22, 12, tzinfo=UTC),
        "text": "Hello Jade,\nis it broken?",
        "html": "",
        "headers": (("Message-ID", "<one@shop.example>"), ("Reply-To", f"care+token@{ADDRESS.split('@')[1]}")),
        "attachments": (),
    }
    return Mail(**(values | changes))


@pytest.fixture
def post(house):
    """The post of a shop whose merchant has added the mailbox."""
    http = httpx.Client(transport=httpx.WSGITransport(app=application), base_url="https://aftercare.test")
    made = Post(Aftercare(house.saleor, http, "https://aftercare.test", "https://practice.test"))
    made.set_up()
    made.set_up()
    return made


def test_an_answer_quotes_what_it_answers_and_names_it():
    read = message.read(compose(Letter("Jade", JADE, "Re: Your return", "Yes.", answers=mail()), at=AT).as_bytes())

    assert [one.address for one in read.to] == ["care+token@shop.example"]
    assert [(key.kind, key.value) for key in read.keys if key.kind == "in_reply_to"] == [
        ("in_reply_to", "one@shop.example")
    ]
    assert read.new_text.strip() == "Yes."
    assert "is it broken?" in read.text


@pytest.mark.parametrize(
    ("style", "kind"), [("plain", "message"), ("japanese", "message"), ("away", "auto_reply"), ("bounce", "bounce")]
)
def test_mails_come_in_the_ways_that_the_intake_tells_apart(style, kind):
    letter = Letter("山田 花子", "hanako@example.com", "ケトルについて", "ふたが閉まりません。", mail(), style)

    read = message.read(compose(letter, at=AT).as_bytes())

    assert read.kind == kind
    if style != "bounce":
        assert read.new_text.strip() == "ふたが閉まりません。"


def test_a_mail_to_the_shop_becomes_a_conversation_and_the_answer_to_its_letter_joins_it(house, post):
    post.send(Letter("Jade Guerrero", JADE, "The lid does not close", "What can I do?"))
    house.settle()

    ticket = Ticket.objects.get()
    assert (ticket.channel, ticket.subject, ticket.customer_email) == ("email", "The lid does not close", JADE)

    letter = OutboundMessage.objects.filter(subject_type="ticket", subject_id=ticket.pk).latest("pk")
    answered = mail(headers=(("Message-ID", letter.message_id),))
    post.send(Letter("Jade Guerrero", JADE, "Re: The lid does not close", "One thing more.", answers=answered))
    house.settle()

    said = TicketMessage.objects.filter(ticket=ticket, kind="customer").order_by("pk")
    assert [one.body.strip() for one in said] == ["What can I do?", "One thing more."]
