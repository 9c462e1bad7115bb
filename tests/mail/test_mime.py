"""The bytes of a letter, read back by the standard library."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from saleor_aftercare.mail import headers as head
from saleor_aftercare.mail.mime import Attached, ascii_address, build
from saleor_aftercare.mail.models import OutboundMessage
from tests.make import NOON


def a_letter(**values: Any) -> OutboundMessage:
    return OutboundMessage(
        **{
            "to_email": "ada@customer.test",
            "to_name": "Ada Example",
            "from_email": '"Komorebi Coffee" <care@komorebi.test>',
            "language": "en",
            "subject": "Hello",
            "text": "Hello\n",
            "html": "<p>Hello</p>",
            "headers": {},
            "message_id": "<1.2@komorebi.test>",
            "created_at": NOON,
        }
        | values
    )


def read(letter: OutboundMessage, files: list[Attached] | None = None) -> EmailMessage:
    raw = build(letter, files or [])
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    message = message_from_bytes(raw, policy=default)
    assert not message.defects
    assert isinstance(message, EmailMessage)
    return message


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_a_letter_has_two_parts_the_better_one_last():
    message = read(a_letter())

    assert message.get_content_type() == "multipart/alternative"
    assert [p.get_content_type() for p in message.iter_parts()] == ["text/plain", "text/html"]
    assert part(message, "plain") == "Hello\n"
    assert part(message, "html").strip() == "<p>Hello</p>"
    assert message["Date"].datetime == NOON
    assert message["Message-ID"] == "<1.2@komorebi.test>"


def test_a_letter_without_html_is_plain():
    message = read(a_letter(html=""))

    assert message.get_content_type() == "text/plain"
    assert message.get_content().replace("\r\n", "\n") == "Hello\n"


def test_attachments_come_after_the_words():
    files = [
        Attached("label.pdf", "application/pdf", bytes(range(256)) * 50),
        Attached("返品ラベル.pdf", "application/pdf", b"%PDF-1.7"),
        Attached('a "quoted\\" name.txt', "text/plain", "日本語".encode()),
    ]

    message = read(a_letter(), files)

    assert message.get_content_type() == "multipart/mixed"
    found = [(f.get_filename(), f.get_content_type()) for f in message.iter_attachments()]
    assert found == [
        ("label.pdf", "application/pdf"),
        ("返品ラベル.pdf", "application/pdf"),
        ("a _quoted__ name.txt", "text/plain"),
    ]
    first, second, third = message.iter_attachments()
    assert first.get_content() == files[0].data
    assert second.get_content() == files[1].data
    assert third.get_content() == "日本語"
    assert part(message, "plain") == "Hello\n"


def test_japanese_names_and_subjects():
    letter = a_letter(
        subject="【木漏れ日珈琲】" + "返品申請を受け付けました" * 12,
        to_name="山田 花子",
        from_email=head.mailbox('木漏れ日 "珈琲"', "care@bücher.test"),
        reply_to="answer@komorebi.test",
    )

    message = read(letter)

    assert message["Subject"] == letter.subject
    (to,), (sender,) = message["To"].addresses, message["From"].addresses
    assert (to.display_name, to.addr_spec) == ("山田 花子", "ada@customer.test")
    assert sender.display_name == '木漏れ日 "珈琲"'
    assert sender.addr_spec == "care@xn--bcher-kva.test"
    assert message["Reply-To"] == "answer@komorebi.test"


def test_a_long_thread_is_folded():
    references = " ".join(f"<{n:032}.abcdef0123456789@komorebi.test>" for n in range(30))

    raw = build(a_letter(headers={"References": references}))

    head_lines = raw.partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert max(map(len, head_lines)) <= 78
    assert message_from_bytes(raw)["References"].replace("\r\n", "") == references


def test_a_body_cannot_end_its_part():
    letter = a_letter(text="--=_alternative_x\n.\n\n--=_mixed\n", html="<p>=_alternative</p>")

    message = read(letter)

    assert part(message, "plain") == letter.text
    assert len(list(message.iter_parts())) == 2


def test_every_try_is_the_same():
    letter = a_letter()

    assert build(letter) == build(letter)


def test_an_address_with_a_domain_of_ones_own_letters():
    assert ascii_address("care@bücher.test") == "care@xn--bcher-kva.test"


#: What the letters module lets through: a line, and a text, of whatever people type.
LINES = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), max_size=2000)


@settings(max_examples=60, deadline=None)
@given(subject=LINES, name=LINES, sender=LINES, text=TEXTS, html=TEXTS)
def test_whatever_people_type_arrives_as_it_was(subject, name, sender, text, html):
    subject, name, sender = head.one_line(subject, 200), head.one_line(name, 80), head.one_line(sender, 80)
    letter = a_letter(
        subject=subject, to_name=name, from_email=head.mailbox(sender, "care@komorebi.test"), text=text, html=html
    )

    raw = build(letter)

    message = message_from_bytes(raw, policy=default)
    plain = message.get_payload(0) if html else message
    assert " ".join(message["Subject"].split()) == " ".join(subject.split())
    assert message["To"].addresses[0].addr_spec == "ada@customer.test"
    # This parser leaves a space between two encoded words in a name (RFC 2047 §6.2 says that there is none).
    assert message["To"].addresses[0].display_name.replace(" ", "") == name.replace(" ", "")
    assert message["From"].addresses[0].display_name.replace(" ", "") == sender.replace(" ", "")
    assert plain.get_payload(decode=True).decode().replace("\r\n", "\n") == text
    assert {key.lower() for key in message} <= {
        "subject", "from", "to", "date", "message-id", "mime-version", "content-type", "content-transfer-encoding"
    }  # fmt: skip
