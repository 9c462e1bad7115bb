"""From raw mail to message: what people write, what machines write, and what nobody must ever lose (domains.md §5)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from saleor_aftercare.channels import actions as channels
from saleor_aftercare.channels.models import ChannelAccount, ChannelKind, InboundMessage, InboundState
from saleor_aftercare.core import files
from saleor_aftercare.core.errors import Conflict, NotFound
from saleor_aftercare.core.models import Job, JobState, StoredFile
from saleor_aftercare.inbox import intake, intake_mails
from saleor_aftercare.inbox.models import MessageKind, Ticket, TicketMessage, TicketState
from saleor_aftercare.mail.models import DeliveryState, OutboundMessage
from tests.inbox.mails import ADA, answer, hear, make_mailbox, message_of, post, raw_mail, ticket_of
from tests.make import DAY, NOON, make_shop

pytestmark = pytest.mark.django_db

MAILS = Path(__file__).parents[1] / "files" / "mails"
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

RICH = f"""\
From: {ADA}
To: support@komorebi.test
Subject: The handle
Message-ID: <rich@customer.test>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="m"

--m
Content-Type: multipart/related; boundary="r"

--r
Content-Type: text/html; charset=utf-8

<p style="color:red" onclick="x()">See <img src="cid:pic@x"><script>alert(1)</script>
<img src="https://tracker.example/p.gif?who=ada" alt="logo"></p>
<blockquote type="cite">Please send a photo.</blockquote>
--r
Content-Type: image/png; name="crack.png"
Content-ID: <pic@x>
Content-Transfer-Encoding: base64

{PNG}
--r--
--m
Content-Type: application/pdf; name="bill.pdf"
Content-Disposition: attachment; filename="../../bill.pdf"
Content-Transfer-Encoding: base64

JVBERi0xLjcgZXhhbXBsZQ==
--m--
"""


# -- people ----------------------------------------------------------------------------------------------------------


def test_words_are_what_is_new_and_what_is_quoted_is_kept_apart():
    box = make_mailbox()

    message = message_of(
        hear(box, raw_mail("Yes, both ways.\n\nOn Monday, Shop wrote:\n> Did you turn it?\n> Really?"))
    )

    assert message.body == "Yes, both ways."
    assert message.quoted == "On Monday, Shop wrote:\n> Did you turn it?\n> Really?"


def test_files_pictures_and_html_are_kept_and_nothing_in_the_html_acts():
    box = make_mailbox()

    message = message_of(hear(box, RICH.replace("\n", "\r\n").encode()))

    picture, bill = message.attachments.order_by("pk")
    assert (picture.name, picture.content_type) == ("crack.png", "image/png")
    assert (bill.name, bill.content_type, files.content_of(bill)) == (
        "bill.pdf",
        "application/pdf",
        b"%PDF-1.7 example",
    )
    assert message.html is not None
    html = files.content_of(message.html).decode()
    assert f'<img src="aftercare-file:{picture.pk}">' in html
    assert ("onclick" in html, "<script" in html, "alert(1)" in html) == (False, False, False)
    assert message.has_remote_content is True


def test_the_language_of_a_new_conversation_is_the_one_that_somebody_wrote_in():
    box = make_mailbox(make_shop(settings={"default_language": "ja"}))

    japanese = hear(box, raw_mail("ハンドルが回りません。", subject="=?utf-8?b?44Of44Or?="))
    english = hear(box, raw_mail("My grinder does not grind at all.", sender="bob@customer.test"))
    unclear = hear(box, raw_mail("OK", sender="eve@customer.test", subject="?"))

    assert [ticket_of(one).language for one in (japanese, english, unclear)] == ["ja", "en", "ja"]


def test_a_mail_without_words_or_subject_is_heard_all_the_same():
    box = make_mailbox()

    message = message_of(hear(box, raw_mail("", subject="")))

    assert (message.body, message.ticket.subject, message.ticket.state) == ("", "", TicketState.NEW)


def test_a_mail_without_a_sender_opens_a_conversation_that_nobody_can_be_answered_in():
    box = make_mailbox(auto_reply=True)

    ticket = ticket_of(hear(box, b"Subject: Hello\r\n\r\nIs anybody there?\r\n"))

    assert (ticket.customer_email, ticket.person, ticket.subject) == ("", None, "Hello")
    assert not OutboundMessage.objects.exists()


def test_an_address_of_a_japanese_telephone_that_no_standard_allows_is_a_person():
    box = make_mailbox(auto_reply=True)

    ticket = ticket_of(hear(box, raw_mail("届きません。", sender="taro..yamada.@docomo.ne.jp")))

    assert ticket.customer_email == "taro..yamada.@docomo.ne.jp"
    assert ticket.person.identities.get().value == "taro..yamada.@docomo.ne.jp"
    assert answer(ticket).state == DeliveryState.SENT
    assert [one.to for one in post()] == [['"taro..yamada."@docomo.ne.jp']] * 2


def test_null_bytes_and_half_characters_do_not_keep_a_mail_out():
    box = make_mailbox()

    message = message_of(hear(box, raw_mail("A\0B \udcff".encode("utf-8", "surrogateescape").decode("latin-1"))))

    assert message.body.startswith("AB")


def test_the_same_mail_by_two_mailboxes_is_one_message():
    shop = make_shop()
    first, second = make_mailbox(shop), make_mailbox(shop, address="sales@komorebi.test")
    raw = raw_mail(message_id="<both@customer.test>")

    hear(first, raw)
    copy = hear(second, b"Delivered-To: sales@komorebi.test\r\n" + raw)

    assert (copy.state, copy.outcome) == ("ignored", "copy")
    assert TicketMessage.objects.filter(kind=MessageKind.CUSTOMER).count() == 1


def test_a_message_id_that_a_sender_uses_twice_loses_no_mail():
    box = make_mailbox()

    hear(box, raw_mail("The first.", message_id="<same@customer.test>"))
    second = hear(box, raw_mail("The second.", message_id="<same@customer.test>"))
    other = hear(box, raw_mail("The first.", message_id="<same@customer.test>", sender="bob@customer.test"))

    assert [second.state, other.state] == ["filed", "filed"]


def test_bytes_that_are_delivered_twice_are_one_row():
    box = make_mailbox()
    raw = raw_mail()

    assert hear(box, raw) == hear(box, raw)
    assert (InboundMessage.objects.count(), Ticket.objects.count()) == (1, 1)


# -- ourselves -------------------------------------------------------------------------------------------------------


def test_our_own_letter_that_comes_back_to_us_is_ignored():
    box = make_mailbox()
    letter = answer(ticket_of(hear(box)))

    inbound = hear(box, raw_mail("Please send a photo.", sender="x@y.test", message_id=letter.message_id))

    assert (inbound.state, inbound.outcome) == ("ignored", "own_mail")


@pytest.mark.parametrize("sender", ["Support@komorebi.test", "care@komorebi.test", "support+abc@komorebi.test"])
def test_what_an_address_of_ours_sends_is_ignored(sender: str):
    inbound = hear(make_mailbox(), raw_mail("Copy.", sender=sender))

    assert (inbound.state, inbound.outcome) == ("ignored", "own_address")


def test_a_contact_form_elsewhere_that_writes_in_our_name_speaks_for_whoever_it_names():
    inbound = hear(make_mailbox(), raw_mail("Broken.", sender="support@komorebi.test", Reply_To=ADA))

    assert ticket_of(inbound).customer_email == "ada@customer.test"


def statements_of(box: ChannelAccount, raw: bytes) -> int:
    """How many statements a mail takes from its bytes to its conversation, savepoints left out."""
    inbound = channels.take_in(box, raw, at=NOON)
    with CaptureQueriesContext(connection) as captured:
        intake.read_and_file(inbound.pk, attempts=1)
    return sum("SAVEPOINT" not in one["sql"] for one in captured.captured_queries)


def test_a_mail_is_filed_with_few_statements_so_that_one_worker_files_many():
    box = make_mailbox()
    letter = answer(ticket_of(hear(box)))

    assert statements_of(box, raw_mail(sender="new@customer.test", message_id="<first@customer.test>")) == 20
    assert statements_of(box, raw_mail("Here it is.", In_Reply_To=letter.message_id)) == 23


# -- machines --------------------------------------------------------------------------------------------------------


def test_an_out_of_office_answer_is_attached_and_neither_reopens_nor_stops_anything():
    box = make_mailbox()
    ticket = ticket_of(hear(box))
    letter = answer(ticket)
    before = Ticket.objects.get(pk=ticket.pk)

    inbound = hear(
        box,
        raw_mail("I am away until Monday.", In_Reply_To=letter.message_id, Auto_Submitted="auto-replied"),
    )

    message, after = message_of(inbound), Ticket.objects.get(pk=ticket.pk)
    assert (inbound.outcome, inbound.kind) == ("auto:token", "auto_reply")
    assert (message.is_automatic, message.kind) == (True, MessageKind.CUSTOMER)
    assert (after.state, after.unread, after.due_at, after.last_message_at) == (
        TicketState.PENDING,
        False,
        before.due_at,
        before.last_message_at,
    )


def test_a_machine_may_still_be_heard_in_a_closed_conversation_without_opening_another():
    box = make_mailbox()
    ticket = ticket_of(hear(box))
    letter = answer(ticket)
    Ticket.objects.filter(pk=ticket.pk).update(state=TicketState.CLOSED)

    inbound = hear(box, raw_mail("Away.", In_Reply_To=letter.message_id, Auto_Submitted="auto-replied"))

    assert (ticket_of(inbound), ticket_of(inbound).state) == (ticket, TicketState.CLOSED)


def test_what_a_machine_writes_opens_no_conversation():
    inbound = hear(make_mailbox(), raw_mail("Backup done.", Auto_Submitted="auto-generated"))

    assert (inbound.state, inbound.outcome) == ("ignored", "auto_reply")
    assert not Ticket.objects.exists()


# -- nothing is lost -------------------------------------------------------------------------------------------------


def test_a_mail_that_breaks_the_reader_stays_with_its_bytes_and_can_be_tried_again(monkeypatch: pytest.MonkeyPatch):
    box, raw = make_mailbox(), raw_mail()

    def explode(*_args: Any, **_kwargs: Any) -> None:
        raise RecursionError("deep")

    with monkeypatch.context() as patch:
        patch.setattr(intake_mails, "read", explode)
        failed = hear(box, raw)

    assert (failed.state, failed.outcome, failed.error) == (
        "failed",
        "crashed",
        "This mail could not be understood (RecursionError).",
    )
    assert failed.raw is not None
    assert files.content_of(failed.raw) == raw
    assert Job.objects.get(kind="channels.read").state == JobState.DONE

    channels.try_again(box.shop, failed.pk, at=NOON)
    hear(box, raw)

    failed.refresh_from_db()
    assert (failed.state, failed.error, Ticket.objects.count()) == ("filed", "", 1)


def test_a_mail_that_kills_its_workers_waits_for_a_person():
    box = make_mailbox()
    inbound = channels.take_in(box, raw_mail(), at=NOON)

    intake.read_and_file(inbound.pk, attempts=6)

    inbound.refresh_from_db()
    assert (inbound.state, inbound.error) == (
        "failed",
        "Reading this mail ended the worker several times.",
    )
    assert not Ticket.objects.exists()


def test_only_what_failed_is_tried_again_and_only_by_its_own_shop():
    inbound = hear(make_mailbox())

    with pytest.raises(Conflict):
        channels.try_again(inbound.shop, inbound.pk, at=NOON)
    with pytest.raises(NotFound):
        channels.try_again(make_shop(), inbound.pk, at=NOON)


def test_what_came_by_a_messenger_is_tried_again_by_its_own_reader():
    shop = make_shop()
    line = ChannelAccount.objects.create(shop=shop, kind=ChannelKind.LINE, name="LINE", created_at=NOON)
    raw = files.store(shop, name="e.json", content_type="application/json", data=b"{}", at=NOON)
    event = InboundMessage.objects.create(
        shop=shop, account=line, digest="d", raw=raw, state=InboundState.FAILED, received_at=NOON
    )

    channels.try_again(shop, event.pk, at=NOON)

    assert list(Job.objects.values_list("kind", "key")) == [("channels.read_messenger", f"messenger:{line.pk}")]


def test_raw_mails_go_after_the_shops_time_of_keeping_and_those_that_failed_stay():
    box = make_mailbox(make_shop(settings={"raw_mail_days": 30}))
    for_ever = make_mailbox(make_shop(settings={"raw_mail_days": 0}))
    old, failed, kept = hear(box, raw_mail("Old.")), hear(box, raw_mail("Failed.")), hear(for_ever)
    InboundMessage.objects.filter(pk=failed.pk).update(state=InboundState.FAILED)
    late = channels.take_in(box, raw_mail("New."), at=NOON + 2 * DAY)
    InboundMessage.objects.filter(pk=late.pk).update(state=InboundState.FILED)

    assert channels.prune(at=NOON + 31 * DAY) == 1

    for row in (old, failed, kept, late):
        row.refresh_from_db()
    assert [row.raw is None for row in (old, failed, kept, late)] == [True, False, False, False]
    assert StoredFile.objects.filter(content_type=channels.MAIL_TYPE).count() == 3
    assert message_of(old).body == "Old."
