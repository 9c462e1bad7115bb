"""The practice shop's mailbox: what customers got, and what they write back."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path
from urllib.parse import parse_qs


def write_mail(folder: Path, number: int, to: str, subject: str) -> str:
    """A mail as the demo's mail server leaves it."""
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = subject, "Shop <care@shop.example>", to
    mail["Date"] = "Sun, 22 Nov 2026 12:00:00 +0000"
    mail.set_content("こんにちは。\nhttps://aftercare.test/portal/")
    mail.add_alternative("<p>こんにちは <img src='cid:logo'></p><script>alert(1)</script>", subtype="html")
    mail.get_payload()[1].add_related(b"\x89PNG", "image", "png", cid="<logo>")
    mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="返品ラベル.pdf")
    name = f"{number:020d}-{number:08x}"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.eml").write_bytes(bytes(mail))
    return name


def test_the_mailbox_shows_mails_with_their_attachments(practice, browser):
    name = write_mail(practice.mail_folder, 1, "山田 花子 <Hanako.Yamada@example.com>", "返品を受け付けました")
    write_mail(practice.mail_folder, 2, "jade.guerrero@example.com", "Your return")

    everything = browser.get("/mailbox/").content.decode()
    hers = browser.get("/mailbox/", {"to": "hanako.yamada@example.com"}).content.decode()
    opened = browser.get(f"/mailbox/{name}/").content.decode()
    label = browser.get(f"/mailbox/{name}/0/")

    assert "返品を受け付けました" in everything
    assert "Your return" in everything
    assert "Your return" not in hers
    assert "data:image/png;base64," in opened
    assert "<script>alert" not in opened
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox allow-same-origin"' in opened
    assert "返品ラベル.pdf" in opened
    assert (label.content, label["Content-Type"]) == (b"%PDF-1.7", "application/pdf")
    assert browser.get("/mailbox/..%2f..%2fkeys/").status_code == 404


def test_a_customer_answers_a_mail_in_the_mailbox(practice, browser, fake):
    name = write_mail(practice.mail_folder, 1, "jade.guerrero@example.com", "Your return")

    browser.post("/control/install")
    sheet = browser.get("/mailbox/write/", {"to": name}).content.decode()
    sent = browser.post(
        "/mailbox/send/",
        {"answers": name, "sender": "jade.guerrero@example.com", "subject": "Re: Your return", "text": "Yes."},
    )
    stranger = browser.post("/mailbox/send/", {"sender": "nobody", "text": "Hello"})

    assert 'value="Re: Your return"' in sheet
    assert 'value="jade.guerrero@example.com"' in sheet
    assert sent["Location"] == f"/mailbox/{name}/?notice=The+mail+is+on+its+way+to+the+shop."
    assert stranger.status_code == 404
    (brought,) = fake.sent_to("/inbound/")
    form = parse_qs(brought.content.decode())
    assert form["sender"] == ["jade.guerrero@example.com"]
    assert "Subject: Re: Your return" in form["body-mime"][0]
