"""A mailbox at real servers: the customer writes, staff answer, the customer writes again, all in one conversation."""

from __future__ import annotations

import email
import imaplib
import os
import smtplib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage, Message
from email.policy import default
from email.utils import make_msgid
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit
from uuid import uuid4

import pytest

from saleor_aftercare.channels import accounts, polling, posting, trying
from saleor_aftercare.channels.account_values import read_secrets, write_secrets
from saleor_aftercare.channels.models import ChannelAccount
from saleor_aftercare.core import jobs
from saleor_aftercare.inbox.models import MessageKind, Ticket
from saleor_aftercare.mail import letters, transport
from saleor_aftercare.mail.models import DeliveryState, OutboundMessage, Purpose
from tests.make import make_shop

pytestmark = [pytest.mark.mailservers, pytest.mark.django_db]
NEEDED = ("IMAP_URL", "SMTP_URL", "CUSTOMER_IMAP_URL", "MX_URL")
PATIENCE_S = 20.0


@dataclass
class World:
    """The shop's mailbox as an account of ours, and the customer's."""

    account: ChannelAccount
    customer: SplitResult
    mx: SplitResult

    @property
    def customer_address(self) -> str:
        return unquote(self.customer.username or "")

    def write(self, message: EmailMessage) -> None:
        """The customer's own program hands a mail to the world."""
        with smtplib.SMTP(self.mx.hostname or "", self.mx.port or 25) as smtp:
            smtp.send_message(message, from_addr=self.customer_address)

    def received(self, text: str) -> Message:
        """The customer's mail whose subject holds ``text``."""
        return _wait(lambda: self._find(text))

    def _find(self, text: str) -> Message | None:
        client = imaplib.IMAP4_SSL(self.customer.hostname or "", self.customer.port or 993)
        client.login(self.customer_address, unquote(self.customer.password or ""))
        try:
            client.select("INBOX", readonly=True)
            _ok, found = client.search(None, "ALL")
            for number in reversed(found[0].split()[-20:]):
                _ok, parts = client.fetch(number.decode(), "(RFC822)")
                message = email.message_from_bytes(parts[0][1], policy=default)
                if text in str(message["Subject"]):
                    return message
            return None
        finally:
            client.logout()


def _wait(look: Any) -> Any:
    ends = time.monotonic() + PATIENCE_S
    while not (found := look()):
        assert time.monotonic() < ends, "nothing arrived"
        time.sleep(0.3)
    return found


@pytest.fixture
def world(settings: Any) -> Iterator[World]:
    missing = [name for name in NEEDED if not os.environ.get(name)]
    if missing:
        pytest.skip(f"{', '.join(missing)} not given; see tests/mailservers/README.md")
    settings.OUTBOUND_PRIVATE_ADDRESSES = True
    imap, smtp = urlsplit(os.environ["IMAP_URL"]), urlsplit(os.environ["SMTP_URL"])
    account = accounts.create_account(
        make_shop(name="Komorebi"),
        kind="email",
        changes={
            "name": "Support",
            "address": unquote(imap.username or ""),
            "incoming": "imap",
            "outgoing": "smtp",
            "sender_name": "木漏れ日サポート",
            "auto_reply": False,
        },
        fields={**_fields("imap", imap, "tls"), **_fields("smtp", smtp, "starttls"), ("mail", "plus"): "yes"},
        at=datetime.now(UTC) - timedelta(minutes=1),
    )
    yield World(account, urlsplit(os.environ["CUSTOMER_IMAP_URL"]), urlsplit(os.environ["MX_URL"]))
    transport.hang_up()


def _fields(section: str, url: SplitResult, security: str) -> dict[tuple[str, str], str]:
    return {
        (section, "host"): url.hostname or "",
        (section, "port"): str(url.port),
        (section, "security"): security,
        (section, "username"): unquote(url.username or ""),
        (section, "password"): unquote(url.password or ""),
    }


def ticket_about(world: World, mark: str) -> Ticket:
    """The conversation that the mail with ``mark`` in its subject became."""

    def look() -> Ticket | None:
        polling.poll_soon(world.account, at=datetime.now(UTC))
        jobs.run_due()
        return Ticket.objects.filter(shop=world.account.shop, subject__contains=mark).first()

    found: Ticket = _wait(look)
    return found


def mail_from(world: World, subject: str, text: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = f"山田 花 <{world.customer_address}>"
    message["To"] = world.account.address
    message["Subject"] = subject
    message["Message-ID"] = make_msgid(domain="customer.test")
    message.set_content(text)
    return message


def answer(world: World, ticket: Ticket, text: str) -> OutboundMessage:
    """Staff's answer by the mailbox that was written to."""
    letterhead = posting.letterhead_of(world.account)
    letter = letters.write(
        shop=ticket.shop,
        kind="inbox/received",
        key=f"round-trip:{uuid4()}",
        to_email=ticket.customer_email,
        to_name=ticket.customer_name,
        language="ja",
        context={
            "ticket_number": ticket.number,
            "subject": ticket.subject,
            "body": text,
            "answer_within_hours": 24,
        },
        subject=("ticket", ticket.pk),
        purpose=Purpose.CONVERSATION,
        letterhead=letterhead,
        at=datetime.now(UTC),
    )
    jobs.run_due()
    letter.refresh_from_db()
    return letter


def test_both_ways_can_be_tried(world):
    report = trying.try_account(world.account, at=datetime.now(UTC))

    assert (report.incoming.problem, report.outgoing.problem) == ("", "")
    assert "INBOX" in report.incoming.folders


def test_a_conversation_goes_from_the_customer_to_staff_and_back_and_stays_one(world):
    mark = uuid4().hex[:10]
    first = mail_from(world, f"やかんの取っ手 {mark}", "取っ手が壊れました。")
    world.write(first)
    ticket = ticket_about(world, mark)
    assert (ticket.customer_email, ticket.account_id) == (world.customer_address, world.account.pk)

    letter = answer(world, ticket, "申し訳ございません。")
    assert (letter.state, letter.error) == (DeliveryState.SENT, "")
    arrived = world.received(mark)
    assert str(arrived["From"]) == f"木漏れ日サポート <{world.account.address}>"
    assert arrived["Message-ID"] == letter.message_id
    token = letter.message_id.strip("<>").partition("@")[0]
    assert str(arrived["Reply-To"]) == world.account.address.replace("@", f"+{token}@")

    # As a program that keeps no References: only the address says which conversation it is.
    bare = mail_from(world, "別の件名", f"ありがとうございます。{mark}")
    bare.replace_header("To", str(arrived["Reply-To"]))
    world.write(bare)
    proper = mail_from(world, f"Re: やかんの取っ手 {mark}", f"写真を送ります。{mark}")
    proper["In-Reply-To"] = proper["References"] = letter.message_id
    world.write(proper)

    def all_there() -> bool:
        ticket_about(world, mark)
        return ticket.messages.filter(kind=MessageKind.CUSTOMER).count() == 3

    _wait(all_there)
    assert Ticket.objects.filter(shop=world.account.shop).count() == 1


def test_a_letter_to_nobody_is_refused_or_comes_back_and_is_never_sent_twice(world):
    mark = uuid4().hex[:10]
    world.write(mail_from(world, f"Kettle {mark}", "Hello"))
    ticket = ticket_about(world, mark)
    Ticket.objects.filter(pk=ticket.pk).update(customer_email=f"nobody-{mark}@customer.test")
    ticket.refresh_from_db()

    letter = answer(world, ticket, "Sorry.")

    assert letter.state == DeliveryState.FAILED
    assert letter.error.startswith("The mail server said 550")


def test_a_token_opens_both_ways_in_place_of_a_password(world):
    token = os.environ.get("OAUTH_TOKEN", "")
    if not token:
        pytest.skip("OAUTH_TOKEN not given; see tests/mailservers/README.md")
    account = accounts.change_account(
        world.account,
        version=world.account.version,
        changes={},
        fields={("imap", "auth"): "google", ("smtp", "auth"): "google", ("imap", "password"): ""},
        at=datetime.now(UTC),
    )
    kept = {
        "authority": "google",
        "access": token,
        "refresh": "none",
        "expires_at": (datetime.now(UTC) + timedelta(hours=1)).isoformat(),
    }
    account.secrets = write_secrets(read_secrets(account) | {"tokens": kept})
    account.save()

    report = trying.try_account(account, at=datetime.now(UTC))

    assert (report.incoming.problem, report.outgoing.problem) == ("", "")

    account.secrets = write_secrets(read_secrets(account) | {"tokens": kept | {"access": f"{token}x"}})
    account.save()
    report = trying.try_account(account, at=datetime.now(UTC))
    assert (report.incoming.field, report.outgoing.field) == ("imap.auth", "smtp.auth")
