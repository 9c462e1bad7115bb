"""Complaints: somebody pressed "this is spam" on a letter of ours, and their provider tells us."""

import pytest

from saleor_aftercare.mail.reading.message import read

OURS = "Message-ID: <our@shop.example>\nFrom: s@shop.example\nTo: bob@x.example\nSubject: Your order\n\nHello\n"
FIELDS = "Feedback-Type: abuse\nUser-Agent: Feedback/1.0\nVersion: 0.1\nOriginal-Rcpt-To: <bob@x.example>\n"


def report(fields: str = FIELDS, *, kind: str = "multipart/report; report-type=feedback-report") -> str:
    """A feedback report (RFC 5965) with our letter."""
    return (
        f'From: feedback@arf.example\nSubject: FW: x\nMIME-Version: 1.0\nContent-Type: {kind}; boundary="b"\n\n'
        "--b\n\nThis is an email abuse report.\n--b\nContent-Type: message/feedback-report\n\n"
        f"{fields}\n--b\nContent-Type: message/rfc822\n\n{OURS}\n--b--\n"
    )


HOTMAIL = (
    "From: staff@hotmail.com\nSubject: complaint about message from 192.0.2.1\nMIME-Version: 1.0\n"
    'X-HmXmrOriginalRecipient: bob@x.example\nContent-Type: multipart/mixed; boundary="b"\n\n'
    f"--b\nContent-Type: message/rfc822\n\n{OURS.replace('bob@x.example', 'undisclosed:;')}\n--b--\n"
)


@pytest.mark.parametrize(
    ("raw", "feedback_type"),
    [
        (report(), "abuse"),
        (report(kind="multipart/mixed"), "abuse"),
        (report(FIELDS.replace("abuse", "Fraud")), "fraud"),
        (report("Feedback-Type: opt-out\nRemoval-Recipient: bob@x.example\n"), "opt-out"),
        (HOTMAIL, "abuse"),
    ],
    ids=["abuse", "without its type", "fraud", "opt-out", "Outlook.com"],
)
def test_complaints_tell_who_and_about_which_letter(raw: str, feedback_type: str):
    reading = read(raw.encode())

    assert reading.kind == "complaint"
    found = reading.complaint
    assert (found.recipient, found.feedback_type, found.original_message_id) == (
        "bob@x.example",
        feedback_type,
        "our@shop.example",
    )


@pytest.mark.parametrize("kind", ["not-spam", "auth-failure"])
def test_reports_that_complain_about_nothing_are_machines_answers(kind: str):
    assert read(report(FIELDS.replace("abuse", kind)).encode()).kind == "auto_reply"


@pytest.mark.parametrize("subject", ["Complaint about your service", "complaint about message from your shop"])
def test_customers_who_complain_are_people(subject: str):
    assert read(f"From: ada@x.example\nSubject: {subject}\n\nThis is spam and abuse.\n".encode()).kind == "message"
