"""Why a mail would go where it would go: the same decision as the intake's, told and not done."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from saleor_aftercare.channels.models import InboundMessage
from saleor_aftercare.core.errors import NotFound
from saleor_aftercare.inbox.mail_inspect import inspect
from saleor_aftercare.inbox.models import Ticket, TicketMessage
from tests.inbox.mails import answer, hear, make_mailbox, raw_mail, ticket_of
from tests.make import NOON

pytestmark = pytest.mark.django_db


def test_it_says_which_conversation_a_mail_would_join_and_by_what():
    box = make_mailbox()
    ticket = ticket_of(hear(box))
    letter = answer(ticket)
    before = (InboundMessage.objects.count(), TicketMessage.objects.count())

    found = inspect(raw_mail("Here.", In_Reply_To=letter.message_id), handle=box.shop.handle, at=NOON)

    token = letter.message_id.strip("<>").partition("@")[0]
    assert found["threading"]["keys"][0] == {
        "kind": "token",
        "value": token,
        "where": "In-Reply-To",
        "verified": True,
    }
    assert found["intake"] == {
        "verb": "join",
        "why": "token",
        "contact": "ada@customer.test",
        "ticket": ticket.number,
        "may_belong_to": None,
        "considered": [
            {"key": "token", "value": token, "ticket": ticket.number, "state": "pending", "is_party": True},
            {
                "key": "in_reply_to",
                "value": letter.message_id.strip("<>"),
                "ticket": ticket.number,
                "state": "pending",
                "is_party": True,
            },
        ],
    }
    assert (InboundMessage.objects.count(), TicketMessage.objects.count()) == before


def test_the_page_about_the_format_shows_the_fields_of_the_intake():
    page = (Path(__file__).parents[2] / "docs" / "mail-inspect.md").read_text(encoding="utf-8")
    shown = json.loads(re.search(r"```json\n(.*?)```", page, re.DOTALL)[1])
    box = make_mailbox()
    letter = answer(ticket_of(hear(box)))

    found = inspect(raw_mail("Here.", In_Reply_To=letter.message_id), handle=box.shop.handle, at=NOON)["intake"]

    assert list(shown) == ["intake"]
    assert list(shown["intake"]) == list(found)
    assert list(shown["intake"]["considered"][0]) == list(found["considered"][0])


def test_it_says_why_a_stranger_gets_a_conversation_of_their_own():
    box = make_mailbox()
    ticket = ticket_of(hear(box))
    raw = raw_mail("Let me in.", sender="mallory@stranger.test", In_Reply_To=answer(ticket).message_id)

    found = inspect(raw, handle=box.shop.handle, at=NOON)["intake"]

    assert (found["verb"], found["ticket"], found["may_belong_to"]) == ("open", None, ticket.number)
    assert [one["is_party"] for one in found["considered"]] == [False, False]
    assert Ticket.objects.count() == 1


def test_a_mail_of_our_own_is_ignored_for_its_address():
    box = make_mailbox()

    found = inspect(raw_mail(sender="support@komorebi.test"), handle=box.shop.handle, at=NOON)["intake"]

    assert (found["verb"], found["why"], found["contact"]) == ("ignore", "own_address", "")


def test_there_is_no_other_shop():
    with pytest.raises(NotFound):
        inspect(raw_mail(), handle="nowhere", at=NOON)
