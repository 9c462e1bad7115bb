"""Bounces told in words or by odd reports: who did not get the letter, is it for good, and is anybody there."""

import json
from pathlib import Path

import pytest

from saleor_aftercare.mail.reading.inspect import as_json
from saleor_aftercare.mail.reading.message import Reading, read

PUBLIC = Path(__file__).resolve().parents[2] / "files" / "mails" / "public" / "flufl-bounce"
#: What flufl.bounce's own tests find in its mails; ``temporary`` means a warning of delay there.
EXPECTED = json.loads((PUBLIC / "expected.json").read_text(encoding="utf-8"))
#: Mails in which nothing marks a machine as the sender: a customer's words could be these.
FROM_PEOPLE = {"microsoft_03.eml", "simple_20.eml", "simple_35.eml"}
#: Where we find fewer or others: a name without a host, one address expanded to another, a part without its header.
OTHERS = {"aol_01.eml", "microsoft_02.eml", "sendmail_01.eml", "yale_01.eml"}


def bounce(words: str, *, subject: str = "Mail delivery failed", extra: str = "") -> Reading:
    """What is read of a mail server's letter in words of its own."""
    head = f"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nTo: ada@shop.example\nSubject: {subject}\n{extra}\n"
    return read((head + words).replace("\n", "\r\n").encode())


def report(fields: str, words: str = "It failed.", *, head: str = "") -> bytes:
    """A delivery report (RFC 3464)."""
    return f"""\
Return-Path: <>
From: MAILER-DAEMON@mx.example
To: ada@shop.example
Subject: Undelivered Mail Returned to Sender
{head}MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b

{words}
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

{fields}
--b--
""".encode()


@pytest.mark.parametrize("name", sorted(set(EXPECTED) - FROM_PEOPLE - OTHERS))
def test_bounces_of_another_project_name_whom_its_own_tests_name(name: str):
    expected = EXPECTED[name]

    reading = read((PUBLIC / name).read_bytes())

    if expected["failed"]:
        assert reading.bounce is not None, reading.kind_reason
        assert sorted({one.address.lower() for one in reading.bounce.recipients}) == expected["failed"]
        assert reading.bounce.is_delay == expected["temporary"]


@pytest.mark.parametrize(
    "words",
    [
        (
            "Your message\n\n  To: list@shop.example\n  Subject: x\n\ndid not reach the following recipient(s):\n\n"
            "bob@x.example on Fri, 18 Oct 2002\n    The recipient name is not recognized\n"
        ),
        (
            "Your message cannot be delivered to the following recipients:\n\n  Recipient address: bob@x.example\n"
            "  Reason: Remote SMTP server has rejected address\n"
        ),
        "Hello,\n\nYour message to bob@x.example has reached us, but this address is wrong or no longer valid.\n",
        (
            "   ----- Transcript of session follows -----\n>>> MAIL From:<ada@shop.example>\n"
            "<<< 550 You cannot send E-Mail to yourself (ada@shop.example).\n550 <bob@x.example>... User unknown\n"
        ),
        "次のあて先へのメッセージはエラーのため送信できませんでした。\n\n<bob@x.example>\n",
        "Delivery failed 20 attempts: bob@x.example\n\nOriginal message follows.\n\nTo: carol@x.example\n",
        (
            "A message sent by\n\n  <ada@shop.example>\n\ncould not be delivered. The following address(es) failed:\n\n"
            "  bob@x.example\n    all hosts have been failing for a long time\n"
        ),
    ],
)
def test_who_did_not_get_a_letter_is_neither_its_sender_nor_somebody_else_in_the_explanation(words: str):
    reading = bounce(words)

    assert (reading.kind, [one.address for one in reading.bounce.recipients]) == ("bounce", ["bob@x.example"])


def test_a_line_that_begins_with_your_message_does_not_end_the_explanation():
    words = (
        "This is the server of x.example.\n\nYour message was not delivered to:\n\nbob@x.example\n\n550 User unknown\n"
    )

    reading = bounce(words)

    assert (reading.bounce.recipient, reading.bounce.diagnostic) == ("bob@x.example", "550 User unknown")


@pytest.mark.parametrize(
    ("words", "permanent", "gone"),
    [
        ("<bob@x.example>: 550 5.1.1 User unknown", True, True),
        ("<bob@x.example>: 550 No such user here", True, True),
        ("<bob@x.example>: 554 5.7.1 Message rejected as spam", True, False),
        ("<bob@x.example>: 552 5.2.3 Message size exceeds the limit", True, False),
        ("<bob@x.example>: the message was rejected", True, False),
        ("<bob@x.example>: The user's mailbox is full", False, False),
        ("<bob@x.example>: 452 4.2.2 Over quota", False, False),
        ("<bob@x.example>: Remote host is not responding", False, False),
        ("<bob@x.example>\nユーザが存在しません。", True, True),
        ("<bob@x.example>\nメールボックスの容量が一杯です。", False, False),
    ],
)
def test_whether_another_try_helps_and_whether_anybody_is_there(words: str, permanent: bool, gone: bool):
    """A letter that was refused as spam came back for good, and yet the customer is there and may be written to."""
    found = bounce(f"The following address failed:\n\n{words}\n").bounce

    assert (found.recipient, found.permanent, found.gone) == ("bob@x.example", permanent, gone)


def test_of_every_recipient_is_told_whether_for_good():
    found = as_json(bounce("The following addresses failed:\n\n<a@x.example>\n<b@x.example>\n"))["bounce"]

    assert [(one["address"], one["permanent"]) for one in found["recipients"]] == [
        ("a@x.example", True),
        ("b@x.example", True),
    ]


def test_what_is_only_delayed_is_a_bounce_that_is_not_permanent_and_nothing_came_back():
    reading = read(report("Final-Recipient: rfc822; bob@x.example\nAction: delayed\nStatus: 5.4.7\n"))

    assert (reading.kind, reading.bounce.recipient, reading.bounce.permanent) == ("bounce", "bob@x.example", False)
    assert reading.bounce.is_delay


def test_a_delay_told_in_words_is_one_as_well():
    words = "Delivery to bob@x.example is delayed.\n\nThe server will keep trying; you do not need to resend it.\n"

    reading = bounce(words, subject="Warning: message delayed 24 hours")

    assert (reading.kind, reading.bounce.permanent, reading.bounce.is_delay) == ("bounce", False, True)


def test_a_report_of_one_failure_and_one_delay_is_about_the_failure():
    fields = (
        "Final-Recipient: rfc822; a@x.example\nAction: delayed\nStatus: 4.4.1\n\n"
        "Final-Recipient: rfc822; b@x.example\nAction: failed\nStatus: 5.1.1\n"
    )

    found = read(report(fields)).bounce

    assert ([one.address for one in found.recipients], found.is_delay) == (["b@x.example"], False)


def test_a_report_about_a_file_or_a_host_is_about_the_address_in_its_words():
    """exim names the file that it could not write, sendmail the host of an address without one."""
    full = report(
        "Final-Recipient: rfc822;/var/spool/mail/x/bob\nAction: failed\nStatus: 5.0.0\n",
        head="X-Failed-Recipients: bob@x.example\n",
    )
    hostless = report(
        "Final-Recipient: RFC822; @mx.x.example\nAction: failed\nStatus: 5.1.2\n",
        "----- The following addresses had permanent fatal errors -----\n<bob@x.example>\n    (Host unknown)",
    )

    assert [read(raw).bounce.recipient for raw in (full, hostless)] == ["bob@x.example", "bob@x.example"]


def test_a_report_that_a_gateway_passed_on_in_a_mail_of_its_own_is_read():
    inner = report("Final-Recipient: rfc822; bob@x.example\nAction: failed\nStatus: 5.1.1\n").decode()
    outer = (
        "From: postmaster@gateway.example\nSubject: Delivery Status Notification (Failure)\nMIME-Version: 1.0\n"
        f'Content-Type: multipart/mixed; boundary="o"\n\n--o\nContent-Type: message/rfc822\n\n{inner}\n--o--\n'
    )

    found = read(outer.encode()).bounce

    assert (found.recipient, found.status, found.gone) == ("bob@x.example", "5.1.1", True)


def test_a_receipt_by_which_a_server_rejects_a_letter_is_a_bounce():
    """RFC 5429: dovecot's sieve answers with a receipt."""
    raw = (
        "Return-Path: <>\nFrom: Mail Delivery Subsystem <admin@x.example>\nSubject: Automatically rejected mail\n"
        "Auto-Submitted: auto-replied (rejected)\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=disposition-notification; boundary="b"\n\n--b\n\n'
        "Your message to <bob@x.example> was automatically rejected:\nQuota exceeded\n--b\n"
        "Content-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; bob@x.example\n"
        "Original-Message-ID: <our@shop.example>\n"
        "Disposition: automatic-action/MDN-sent-automatically; deleted\n--b--\n"
    )

    reading = read(raw.encode())

    assert (reading.kind, reading.bounce.recipient, reading.bounce.permanent) == ("bounce", "bob@x.example", False)
    assert reading.bounce.original_message_id == "our@shop.example"


def test_a_receipt_of_a_reader_is_none():
    raw = (
        "From: Bob <bob@x.example>\nSubject: Read: your letter\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=disposition-notification; boundary="b"\n\n--b\n\nI have read it.\n'
        "--b\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; bob@x.example\n"
        "Disposition: manual-action/MDN-sent-manually; displayed\n--b--\n"
    )

    assert (read(raw.encode()).kind, read(raw.encode()).bounce) == ("auto_reply", None)
