"""By which channel an answer leaves and what it is signed with; whom a note tells."""

from __future__ import annotations

import pytest

from saleor_aftercare.channels.models import ChannelAccount, ChannelKind
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.inbox import actions
from saleor_aftercare.inbox.actions.replies import release
from saleor_aftercare.inbox.models import MessageKind, ReplyDraft, TicketChannel, TicketState
from saleor_aftercare.team.models import Notice, Profile
from tests.make import NOON, make_shop, make_staff, make_ticket

from .replying import LATER, TEN_S, answer, fresh

pytestmark = pytest.mark.django_db


# -- by which channel ------------------------------------------------------------------------------------------------


def test_without_an_address_nothing_is_sent_and_the_reason_is_said():
    ticket = make_ticket(customer_email="", channel=TicketChannel.PHONE)

    with pytest.raises(InvalidInput, match="no e-mail address"):
        answer(ticket, staff=make_staff(ticket.shop))


def test_an_answer_in_a_chat_does_not_wait_because_the_visitor_reads_on_from_what_was_said_last():
    ticket = make_ticket(channel=TicketChannel.CHAT)

    said = answer(ticket, staff=make_staff(ticket.shop), hold_s=10)

    assert said.held_until is None
    assert fresh(ticket).state == TicketState.PENDING


def test_further_readers_get_the_letter_too():
    ticket = make_ticket()

    said = answer(ticket, staff=make_staff(ticket.shop), cc=["Ken@X.test", "ken@x.test"])

    assert said.outbound is not None
    assert said.outbound.cc == ["ken@x.test"]


def test_what_cannot_leave_any_more_is_a_draft_again_and_the_thread_says_so():
    shop = make_shop()
    mei = make_staff(shop)
    account = ChannelAccount.objects.create(
        shop=shop, kind=ChannelKind.LINE, name="LINE", incoming="line", created_at=NOON
    )
    ticket = make_ticket(shop=shop, channel=TicketChannel.LINE, account=account)
    held = answer(ticket, staff=mei, hold_s=10)
    account.enabled = False
    account.save()

    release(held.pk, at=LATER + TEN_S)

    assert ReplyDraft.objects.get(ticket=ticket).body == "Please try again."
    line = ticket.messages.order_by("-pk").first()
    assert line is not None
    assert (line.kind, line.event) == (MessageKind.SYSTEM, "reply.not_sent")
    with pytest.raises(InvalidInput) as refused:
        answer(ticket, staff=mei)
    assert refused.value.field == "channel"
    assert answer(ticket, staff=mei, channel="email").outbound is not None


def test_the_signature_of_the_account_speaks_the_customers_language_and_names_who_answers():
    shop = make_shop()
    mei = make_staff(shop)
    Profile.objects.create(
        shop=shop, member=mei, writing={"undo_s": 5, "signatures": {"ja": "*田中*"}, "afterwards": "stay"}
    )
    account = ChannelAccount.objects.create(
        shop=shop,
        kind=ChannelKind.EMAIL,
        name="Support",
        address="care@komorebi.test",
        signatures={
            "ja": "{{ staff.signature }}\n{{ shop.name }}{{ staff.phone }}",
            "en": "{{ staff.name }}, {{ account.name }}",
        },
        created_at=NOON,
    )

    japanese = answer(make_ticket(shop=shop, account=account, language="ja"), staff=mei).outbound
    english = answer(make_ticket(shop=shop, account=account), staff=mei).outbound
    none = answer(make_ticket(shop=shop), staff=mei).outbound

    assert japanese is not None
    assert "*田中*\nKomorebi Coffee" in japanese.text
    assert "<em>田中</em>" in japanese.html
    assert english is not None
    assert "Mei Tanaka, Support" in english.text
    assert none is not None
    assert "Mei Tanaka" in none.text


# -- notes -----------------------------------------------------------------------------------------------------------


def test_who_is_mentioned_in_a_note_is_told_once_and_the_writer_is_not():
    ticket = make_ticket()
    mei, ken = make_staff(ticket.shop, name="Mei"), make_staff(ticket.shop, name="Ken")

    for _press in range(2):
        message = actions.add_note(
            ticket, body="@Ken please look", mentions=[ken.pk, mei.pk], key="n1", at=LATER, staff=mei
        )

    assert message.mentions == sorted([mei.pk, ken.pk])
    notice = Notice.objects.get()
    assert (notice.member, notice.kind, notice.subject_id) == (ken, "mention", ticket.pk)
    assert notice.data == {"number": ticket.number, "subject": "Hand grinder", "by": "Mei"}


def test_nobody_of_another_shop_is_mentioned():
    ticket = make_ticket()

    with pytest.raises(InvalidInput) as refused:
        actions.add_note(ticket, body="@Eve", mentions=[make_staff().pk], at=LATER, staff=make_staff(ticket.shop))

    assert refused.value.field == "mentions"
    assert ticket.messages.count() == 1
