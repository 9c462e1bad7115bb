"""Writing letters: once, in the right language, with nothing in the head that a customer typed."""

from __future__ import annotations

from email import message_from_bytes
from email.utils import parseaddr
from typing import Any

import pytest
from django.db import connection

from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.models import Job
from saleor_aftercare.mail import headers as head
from saleor_aftercare.mail import kinds, letters, mime, suppression, transport
from saleor_aftercare.mail.models import OutboundMessage, Purpose, Suppression, SuppressionReason
from tests.make import NOON, make_file, make_shop

pytestmark = pytest.mark.django_db

EVIL = "x\r\nBcc: all@customer.test"


def write(shop: Any, **values: Any) -> OutboundMessage:
    return letters.write(
        **{
            "shop": shop,
            "kind": "returns/declined",
            "key": "return:1:declined",
            "to_email": "ada@customer.test",
            "to_name": "Ada Example",
            "language": "en",
            "context": {
                "number": "RMA-1001",
                "order_number": "17",
                "status_url": "https://aftercare.test/x/",
                "reason": "It was <b>used</b> & dirty.",
            },
            "subject": ("return", 1),
            "purpose": Purpose.TRANSACTIONAL,
            "at": NOON,
        }
        | values
    )


def test_a_letter_is_written_once_however_often_it_is_asked_for():
    shop = make_shop()

    first, second = write(shop), write(shop, to_email="other@customer.test")

    assert first.pk == second.pk
    assert second.to_email == "ada@customer.test"
    assert Job.objects.filter(kind="mail.send").count() == 1


def test_the_same_key_is_another_letter_in_another_shop():
    assert write(make_shop()).pk != write(make_shop()).pk


def test_text_is_plain_and_html_escaped():
    letter = write(make_shop())

    assert "It was <b>used</b> & dirty." in letter.text
    assert "It was &lt;b&gt;used&lt;/b&gt; &amp; dirty." in letter.html
    assert "<b>" not in letter.html


@pytest.mark.parametrize(
    ("asked", "default", "expected"),
    [
        ("ja", "en", "ja"),
        ("ja-JP", "en", "ja"),
        ("JA_JP", "en", "ja"),
        ("EN", "ja", "en"),
        ("de", "ja", "ja"),
        ("", "ja", "ja"),
        ("tlh", "xx", "en"),
    ],
)
def test_it_speaks_the_customers_language_else_the_shops(asked, default, expected):
    letter = write(make_shop(settings={"default_language": default}), language=asked)

    assert letter.language == expected
    assert f'<html lang="{expected}">' in letter.html
    assert letter.headers["Content-Language"] == expected


def test_a_japanese_letter_is_japanese():
    letter = write(make_shop(), language="ja", to_name="山田 花子")

    assert "山田 花子 様" in letter.text
    assert "山田 花子 様" in letter.html
    assert letter.subject == "返品申請 RMA-1001 について"
    assert "Hello" not in letter.text + letter.html


def test_it_comes_from_the_shop():
    shop = make_shop(settings={"reply_to_email": "answers@komorebi.test"})

    letter = write(shop)

    assert letter.from_email == '"Komorebi Coffee" <care@komorebi.test>'
    assert letter.reply_to == "answers@komorebi.test"
    assert letter.message_id.endswith("@komorebi.test>")
    assert head.is_ours(shop, letter.message_id)


def test_without_a_sender_of_its_own_it_comes_from_the_service_in_the_shops_name():
    letter = write(make_shop(settings={"sender_email": "", "sender_name": ""}))

    assert letter.from_email == '"Komorebi Coffee" <care@shop.test>'


def test_nothing_typed_adds_a_header():
    shop = make_shop(name=EVIL, settings={"sender_name": EVIL, "reply_to_email": "a@b.test"})
    letter = write(
        shop,
        kind="inbox/reply",
        context={
            "ticket_number": 1,
            "subject": EVIL,
            "body": EVIL,
            "author_name": EVIL,
            "signature": EVIL,
            "history": [],
        },
        to_name=EVIL,
        reply_to="a@b.test\r\nBcc: all@customer.test",
        headers={"References": f"<a@b>{EVIL}"},
        purpose=Purpose.CONVERSATION,
    )

    for message in (transport.message_of(letter).message(), message_from_bytes(mime.build(letter))):
        assert "Bcc" not in message
        assert message["Subject"] == "[#1] x Bcc: all@customer.test"
        assert parseaddr(message["To"])[1] == "ada@customer.test"


def test_a_long_japanese_name_and_subject_survive_the_head():
    name, subject = "山田" * 200, "手挽きミル" * 100
    letter = write(
        make_shop(settings={"sender_name": "木漏れ日珈琲"}),
        kind="inbox/reply",
        context={
            "ticket_number": 1,
            "subject": subject,
            "body": "x",
            "author_name": "M",
            "signature": "",
            "history": [],
        },
        to_name=name,
    )

    raw = mime.build(letter)

    assert max(map(len, raw.split(b"\r\n\r\n")[0].split(b"\r\n"))) <= 78
    assert letter.subject.startswith("[#1] 手挽きミル")
    assert len(letter.subject) == 200


@pytest.mark.parametrize("address", ["", "ada", "ada@", "a@b.test\nBcc: c@d.test", "a b@c.test", "a" * 250 + "@b.test"])
def test_an_address_that_is_none_is_refused_before_anything_is_written(address):
    with pytest.raises(InvalidInput) as caught:
        write(make_shop(), to_email=address)

    assert caught.value.field == "to_email"
    assert not OutboundMessage.objects.exists()


def test_a_machines_letter_says_so_and_a_persons_does_not():
    shop = make_shop()
    reply = {"ticket_number": 1, "subject": "S", "body": "B", "author_name": "M", "signature": "", "history": []}

    automatic = write(shop)
    personal = write(shop, key="r", kind="inbox/reply", context=reply, purpose=Purpose.CONVERSATION)
    answered = write(shop, key="a", headers={"Auto-Submitted": "auto-replied"})

    assert automatic.headers["Auto-Submitted"] == "auto-generated"
    assert "Auto-Submitted" not in personal.headers
    assert answered.headers["Auto-Submitted"] == "auto-replied"
    assert "List-Unsubscribe" not in automatic.headers | personal.headers


def test_a_letter_nobody_asked_for_can_be_stopped_with_one_click():
    shop = make_shop()
    letter = write(
        shop,
        kind="followups/arrival_check",
        context={"order_number": "1", "items": [], "url_all_well": "https://a/", "url_something_wrong": "https://b/"},
        purpose=Purpose.SERVICE,
    )
    url = letter.headers["List-Unsubscribe"].strip("<>")

    assert letter.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert url in letter.text
    assert url in letter.html
    assert "ada" not in url
    token = url.rstrip("/").rpartition("/")[2]
    suppression.opt_out(token, at=NOON)
    suppression.opt_out(token, at=NOON)

    assert list(Suppression.objects.values_list("shop", "email", "reason")) == [
        (shop.pk, "ada@customer.test", "opted_out")
    ]


def test_a_forged_unsubscribe_link_stops_nothing():
    with pytest.raises(InvalidInput):
        suppression.opt_out("forged", at=NOON)

    assert not Suppression.objects.exists()


@pytest.mark.parametrize(
    ("reason", "stopped"),
    [
        (SuppressionReason.BOUNCED, set(Purpose)),
        (SuppressionReason.COMPLAINED, {Purpose.SERVICE, Purpose.MARKETING}),
        (SuppressionReason.OPTED_OUT, {Purpose.SERVICE, Purpose.MARKETING}),
    ],
)
def test_which_letters_a_suppression_stops(reason, stopped):
    shop, other = make_shop(), make_shop()
    suppression.suppress(shop, "Ada@Customer.test", reason=reason, at=NOON)

    assert {p for p in Purpose if suppression.blocking_reason(shop, "ada@customer.test", p)} == stopped
    assert suppression.blocking_reason(other, "ada@customer.test", Purpose.MARKETING) is None


def test_a_letter_that_does_not_exist_is_our_bug():
    with pytest.raises(LookupError, match="no letter of kind 'returns/nothing'"):
        kinds.template_of("returns/nothing")


def test_attachments_travel_with_the_letter():
    shop = make_shop()
    letter = write(shop, attachments=[make_file(shop, name="ラベル.pdf", data=b"%PDF-1.7 label")])

    text, pdf = transport.message_of(letter, transport.files_of(letter)).message().get_payload()

    assert [part.get_content_type() for part in text.get_payload()] == ["text/plain", "text/html"]
    assert pdf.get_content_type() == "application/pdf"
    assert pdf.get_filename() == "ラベル.pdf"
    assert pdf.get_payload(decode=True) == b"%PDF-1.7 label"


@pytest.mark.parametrize(
    ("kind", "context", "message"),
    [
        ("access/guest_code", {"code": "1"}, "was not told: minutes, order_number"),
        ("returns/canceled", {"number": "1", "order_number": "1", "status_url": "x", "typo": 1}, "does not know: typo"),
    ],
)
def test_a_context_that_does_not_fit_is_our_bug(kind, context, message):
    shop = make_shop()

    with pytest.raises(LookupError, match=message):
        write(shop, kind=kind, context=context)

    assert not OutboundMessage.objects.exists()


def test_a_gift_cards_code_is_read_by_the_customer_and_stands_nowhere_in_the_database():
    letter = write(
        make_shop(),
        kind="returns/store_credit",
        context={
            "number": "RMA-1001",
            "order_number": "17",
            "status_url": "https://aftercare.test/x/",
            "amount": "¥1,200",
            "bonus": "",
            "restores": False,
            "code": "CARE-7K2M-<9>",
            "valid_until": "",
            "instead_of": "",
        },
    )

    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(m)::text FROM aftercare_outboundmessage m WHERE id = %s", [letter.pk])
        stored = cursor.fetchone()[0]
    assert "7K2M" not in stored
    again = OutboundMessage.objects.get(pk=letter.pk)
    assert "\nCARE-7K2M-<9>\n" in again.words().text
    assert ">CARE-7K2M-&lt;9&gt;</div>" in again.words().html
    sent = message_from_bytes(mime.build(again))
    plain, html = (part.get_payload(decode=True).decode() for part in sent.get_payload())
    assert ("CARE-7K2M-<9>" in plain, "CARE-7K2M-&lt;9&gt;" in html) == (True, True)
    assert transport.message_of(again).body == again.words().text


def test_a_one_time_code_stands_in_the_subject_that_is_sent_but_not_in_the_stored_one():
    context = {"code": "402917", "order_number": "17", "minutes": 10}

    letter = write(make_shop(), kind="access/guest_code", context=context)

    assert "402917" not in letter.subject + letter.text + letter.html
    assert letter.words().subject == "Your code: 402917"
    assert message_from_bytes(mime.build(letter))["Subject"] == "Your code: 402917"


def test_what_a_customer_types_is_not_taken_for_the_mark_of_a_secret():
    """The marks are drawn anew for each letter."""
    letter = write(
        make_shop(),
        kind="access/guest_code",
        to_name="[code]",
        context={"code": "402917", "order_number": "[code:00000000]", "minutes": 10},
    )

    assert "order [code:00000000]" in letter.words().text
