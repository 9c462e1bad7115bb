"""Mails from raw bytes to messages in their conversations, in one worker, beside the bare inserts of the same rows.

Half of the mails open a conversation, half answer a letter of ours; every fifth has HTML beside its text, every tenth a
file. The figure is what one worker does of ``channels.read``: claiming, reading, finding the conversation, filing with
events, clocks and search entries, and noting the jobs as done, in goes as large as a worker of Celery makes them. What
follows from it in jobs of its own (rules, notices, acknowledgements) is told beside it. The floor inserts raw mail,
ticket and message with the driver, a commit each.
"""

from __future__ import annotations

import base64
import os
import shutil
import time
from collections import defaultdict
from collections.abc import Sequence

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.core.management import call_command
from django.db import connection, transaction

import saleor_aftercare.tasks  # noqa: F401  for the handlers and reactions that it registers
from bench._report import Result, report
from saleor_aftercare.channels import actions as channels
from saleor_aftercare.channels.models import ChannelAccount, ChannelKind, InboundMessage
from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.core import clock, jobs
from saleor_aftercare.core.models import Job, Shop
from saleor_aftercare.inbox.actions.hearing import Said, Sender, hear
from saleor_aftercare.inbox.actions.thread import change
from saleor_aftercare.inbox.models import TicketChannel
from saleor_aftercare.inbox.tasks import TOGETHER
from saleor_aftercare.mail.headers import new_message_id
from saleor_aftercare.mail.models import OutboundMessage
from saleor_aftercare.people.models import IdentityKind
from saleor_aftercare.service.embedded import Postgres
from tests import settings as test_settings

MAILS = 1_000
WARM = 100
WORDS = (
    "I have turned the handle for an hour now, both ways, and the beans are as whole as before. What shall I do?\r\n"
)
FILE = base64.encodebytes(bytes(range(256)) * 120).replace(b"\n", b"\r\n").decode()


def raw_mail(n: int, answers: str) -> bytes:
    """Another mail every time."""
    head = (
        f"From: Customer {n} <c{n}@customer.test>\r\nTo: support@bench.test\r\nMessage-ID: <m{n}@customer.test>\r\n"
        f"Date: Mon, 02 Jun 2025 12:00:00 +0000\r\nMIME-Version: 1.0\r\n"
    )
    if answers:
        head += f"Subject: Re: [#{n}] Grinder\r\nIn-Reply-To: {answers}\r\nReferences: {answers}\r\n"
    else:
        head += f"Subject: Grinder {n}\r\n"
    text = f"{WORDS * 4}\r\nOn Monday the shop wrote:\r\n> {WORDS}"
    if n % 10 == 9:
        return (
            f'{head}Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n{text}'
            "--b\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            f"{FILE}\r\n--b--"
        ).encode()
    if n % 5 == 4:
        html = f"<div style='color:#333'><p>{WORDS}</p><img src='https://x.test/a.png'></div>" * 4
        return (
            f'{head}Content-Type: multipart/alternative; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n'
            f"{text}--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n--b--\r\n"
        ).encode()
    return f"{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}".encode()


def make_shop() -> ChannelAccount:
    """A shop with a mailbox."""
    at = clock.now()
    shop = Shop.objects.create(
        saleor_api_url="https://bench.test/graphql/", handle="bench", app_id="A", app_token="t", connected_at=at
    )
    ShopSettings.objects.create(shop=shop, sender_email="care@bench.test")
    return ChannelAccount.objects.create(
        shop=shop, kind=ChannelKind.EMAIL, name="Support", address="support@bench.test", created_at=at
    )


def conversations(account: ChannelAccount, numbers: Sequence[int]) -> dict[int, str]:
    """Conversations that were answered, and the Message-ID of each answer."""
    at, shop = clock.now(), account.shop
    letters: dict[int, str] = {}
    for n in numbers:
        address = f"c{n}@customer.test"
        ticket = hear(
            shop,
            Said(
                source=f"bench:{n}",
                channel=TicketChannel.EMAIL,
                sender=Sender(IdentityKind.EMAIL, address, name=f"Customer {n}"),
                email=address,
                subject="Grinder",
                body=WORDS,
                language="en",
                account=account,
                at=at,
            ),
        ).ticket
        change(ticket, at=at, **ticket.moved("wait", at=at))
        letters[n] = new_message_id(shop, "care@bench.test")
        OutboundMessage.objects.create(
            shop=shop,
            key=f"reply:{n}",
            kind="inbox/reply",
            to_email=ticket.customer_email,
            from_email="care@bench.test",
            language="en",
            subject="Re",
            text="x",
            state="sent",
            state_since=at,
            message_id=letters[n],
            subject_type="ticket",
            subject_id=ticket.pk,
        )
    Job.objects.all().delete()
    return letters


def work() -> dict[str, tuple[float, int, float]]:
    """Run everything that is due in this one worker: seconds, number and CPU seconds of this process by kind of job.

    Claiming is shared evenly among what was claimed, of which each kind runs for itself.
    """
    spent: dict[str, float] = defaultdict(float)
    busy: dict[str, float] = defaultdict(float)
    ran: dict[str, int] = defaultdict(int)
    while True:
        begin = time.perf_counter()
        claimed = jobs.claim()
        if not claimed:
            break
        share = (time.perf_counter() - begin) / len(claimed)
        for kind in dict.fromkeys(job.kind for job in claimed):
            own = [job for job in claimed if job.kind == kind]
            begin, cpu = time.perf_counter(), time.process_time()
            jobs.run_claimed(own)
            spent[kind] += time.perf_counter() - begin + share * len(own)
            busy[kind] += time.process_time() - cpu
            ran[kind] += len(own)
    return {kind: (seconds, ran[kind], busy[kind]) for kind, seconds in spent.items()}


def floor(mails: Sequence[bytes], shop: int, account: int) -> float:
    """Mails a second as bare rows."""
    begin = time.perf_counter()
    for n, raw in enumerate(mails):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO aftercare_storedfile (shop_id, name, content_type, size_bytes, sha256, created_at)"
                " VALUES (%s, 'm.eml', 'message/rfc822', %s, '', now()) RETURNING id",
                [shop, len(raw)],
            )
            file = cursor.fetchone()[0]
            cursor.execute("INSERT INTO aftercare_storedfilecontent (file_id, data) VALUES (%s, %s)", [file, raw])
            cursor.execute(
                "INSERT INTO aftercare_inboundmessage (shop_id, account_id, digest, raw_id, message_id, kind, state,"
                " outcome, guesses, error, received_at) VALUES (%s, %s, %s, %s, '', '', 'filed', '', '[]', '', now())"
                " RETURNING id",
                [shop, account, f"floor{n}", file],
            )
            inbound = cursor.fetchone()[0]
            cursor.execute(TICKET, [shop, 2_000_000 + n, account])
            ticket = cursor.fetchone()[0]
            cursor.execute(MESSAGE, [shop, ticket, inbound, WORDS * 4, f"floor:{n}"])
    return len(mails) / (time.perf_counter() - begin)


TICKET = """
INSERT INTO aftercare_ticket (shop_id, number, subject, state, state_since, channel, account_id, priority, fields,
  language, customer_name, customer_email, customer_user_id, created_at, updated_at, revision, last_message_at,
  last_message_preview, last_message_kind, last_message_id, unread)
VALUES (%s, %s, 'Grinder', 'new', now(), 'email', %s, 1, '{}', 'en', '', 'c@customer.test', '', now(), now(), 0,
  now(), '', 'customer', 0, true) RETURNING id"""
MESSAGE = """
INSERT INTO aftercare_ticketmessage (shop_id, ticket_id, inbound_id, body, source, kind, author_name, author_email,
  language, event, event_data, channel, is_automatic, quoted, has_remote_content, mentions, leaving, created_at)
VALUES (%s, %s, %s, %s, %s, 'customer', '', '', 'en', '', '{}', 'email', false, '', false, '{}', '{}', now())"""


def run() -> Sequence[Result]:
    """Measure, print, and hand back the results."""
    scratch = test_settings.SCRATCH
    scratch.mkdir(exist_ok=True)
    server = Postgres(scratch / "postgres", log=scratch / "postgres.log", durable=False)
    server.start()
    try:
        server.create_database()
        call_command("migrate", verbosity=0)
        account = make_shop()
        numbers = range(WARM + MAILS)
        letters = conversations(account, [n for n in numbers if n % 2])
        mails = [raw_mail(n, letters.get(n, "")) for n in numbers]
        for raw in mails[:WARM]:
            channels.take_in(account, raw, at=clock.now())
        work()
        begin = time.perf_counter()
        for raw in mails[WARM:]:
            channels.take_in(account, raw, at=clock.now())
        taken = MAILS / (time.perf_counter() - begin)
        spent = work()
        assert InboundMessage.objects.filter(state="filed").count() == WARM + MAILS
        seconds, number, cpu = spent.pop("channels.read")
        assert number == MAILS
        bare = floor(mails[WARM:], account.shop_id, account.pk)
    finally:
        connection.close()
        server.stop()
        shutil.rmtree(scratch)
    others = ", ".join(f"{kind}: {n} in {s:.2f} s" for kind, (s, n, _cpu) in sorted(spent.items()))
    return report(
        (
            Result(
                name="mails read and filed by one worker",
                figure=MAILS / seconds,
                floor=100,
                unit="/s",
                target=1,
                lower_is_better=False,
                floor_name="asked for",
                note=f"{cpu / MAILS * 1000:.1f} ms of Python's CPU each, {TOGETHER} at once. Half begin a conversation."
                f" What follows runs in jobs of its own: {others or 'nothing'}.",
            ),
            Result(
                name="mails taken in by whoever fetches them",
                figure=taken,
                floor=bare,
                unit="/s",
                target=None,
                lower_is_better=False,
                floor_name="raw mail, ticket and message as bare rows",
            ),
            Result(
                name="mails read and filed by one worker",
                figure=MAILS / seconds,
                floor=bare,
                unit="/s",
                target=None,
                lower_is_better=False,
                floor_name="raw mail, ticket and message as bare rows",
            ),
        )
    )
