"""Letters rendered and sent over one SMTP connection, beside smtplib with bytes that were built before.

The server is aiosmtpd in a process of its own; it reads every mail whole and throws it away. Every letter is another
one: other customer, number and language. The last line is the whole way with its rows: written, claimed, sent and
noted as sent by the job runner, in an embedded PostgreSQL.
"""

from __future__ import annotations

import os
import shutil
import smtplib
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.test.utils import override_settings

from bench._report import Result, report
from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.core import clock, jobs
from saleor_aftercare.core.models import Shop
from saleor_aftercare.mail import letters, mime, tasks, transport  # noqa: F401  the handler registers itself
from saleor_aftercare.mail.headers import mailbox, new_message_id
from saleor_aftercare.mail.models import OutboundMessage, Purpose
from saleor_aftercare.service.embedded import Postgres
from tests import settings as test_settings

ROUNDS, LETTERS = 8, 150
ROWS = 600
SENDER = "care@komorebi.test"
SINK = """
import asyncio, sys
from aiosmtpd.smtp import SMTP

class Sink:
    async def handle_DATA(self, server, session, envelope):
        return "250 OK"

async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Sink(), hostname="sink"), "127.0.0.1", int(sys.argv[1]))
    print("ready", flush=True)
    await server.serve_forever()

asyncio.run(main())
"""


@contextmanager
def sink() -> Iterator[int]:
    """The port of a mail server that takes everything."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    with subprocess.Popen([sys.executable, "-c", SINK, str(port)], stdout=subprocess.PIPE) as server:
        try:
            assert server.stdout is not None
            server.stdout.readline()
            yield port
        finally:
            server.terminate()


def context(n: int) -> dict[str, object]:
    """Another return every time."""
    return {
        "number": f"RMA-{n}",
        "order_number": str(2000 + n),
        "status_url": f"https://aftercare.test/portal/komorebi/returns/RMA-{n}/?t={n}",
        "items": [{"name": "Hand grinder Black", "quantity": 1 + n % 3}, {"name": "珈琲豆 200g", "quantity": 1}],
    }


def letter(shop: Shop, settings: ShopSettings, n: int) -> OutboundMessage:
    """A letter rendered now and kept in memory."""
    language = ("en", "ja")[n % 2]
    mail = letters.render(
        shop,
        settings,
        kind="returns/requested",
        language=language,
        context=context(n) | {"customer_name": f"山田 {n}", "unsubscribe_url": "", "automatic": True},
    )
    return OutboundMessage(
        to_email=f"c{n}@customer.test",
        to_name=f"山田 {n}",
        from_email=mailbox("Komorebi Coffee", SENDER),
        subject=mail.subject,
        text=mail.body,
        html=mail.html,
        headers={"Auto-Submitted": "auto-generated"},
        message_id=new_message_id(shop, SENDER),
        created_at=clock.now(),
    )


def rate(work: Callable[[int], object], first: int) -> float:
    """Letters a second over one round."""
    begin = time.perf_counter()
    for n in range(first, first + LETTERS):
        work(n)
    return LETTERS / (time.perf_counter() - begin)


def rates(port: int) -> tuple[float, float]:
    """The medians of the floor and of ours, taking turns on one connection each."""
    shop = Shop(pk=1, handle="komorebi", name="Komorebi Coffee")
    settings = ShopSettings(shop=shop, sender_name="Komorebi Coffee", sender_email=SENDER)
    built = {n: mime.build(letter(shop, settings, n)) for n in range(LETTERS)}
    floors, ours = [], []
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        for turn in range(ROUNDS + 1):
            floors.append(
                rate(lambda n: smtp.sendmail(SENDER, [f"c{n}@customer.test"], built[n % LETTERS]), turn * LETTERS)
            )
            ours.append(rate(lambda n: transport.hand_over(letter(shop, settings, n)), turn * LETTERS))
    transport.hang_up()
    return statistics.median(floors[1:]), statistics.median(ours[1:])


def rate_with_rows() -> float:
    """Letters a second written as rows, claimed, sent and noted, one after the other in one worker."""
    at = clock.now()
    shop = Shop.objects.create(
        saleor_api_url="https://bench.test/graphql/", handle="bench", app_id="A", app_token="t", connected_at=at
    )
    ShopSettings.objects.create(shop=shop, sender_name="Komorebi Coffee", sender_email=SENDER)
    begin = time.perf_counter()
    for n in range(ROWS):
        letters.write(
            shop=shop,
            kind="returns/requested",
            key=f"bench:{n}",
            to_email=f"c{n}@customer.test",
            to_name=f"山田 {n}",
            language=("en", "ja")[n % 2],
            context=context(n),
            subject=("return", n),
            purpose=Purpose.TRANSACTIONAL,
            at=at,
        )
    jobs.run_due()
    elapsed = time.perf_counter() - begin
    transport.hang_up()
    assert OutboundMessage.objects.filter(state="sent").count() == ROWS
    return ROWS / elapsed


def run() -> Sequence[Result]:
    """Measure, print, and hand back the results."""
    scratch = test_settings.SCRATCH
    scratch.mkdir(exist_ok=True)
    server = Postgres(scratch / "postgres", log=scratch / "postgres.log", durable=False)
    server.start()
    try:
        server.create_database()
        call_command("migrate", verbosity=0)
        with (
            sink() as port,
            override_settings(
                EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=port
            ),
        ):
            floor, ours = rates(port)
            whole = rate_with_rows()
    finally:
        connection.close()
        server.stop()
        shutil.rmtree(scratch)
    return report(
        (
            Result(
                name="letters rendered and sent over one connection",
                figure=ours,
                floor=floor,
                unit="/s",
                target=0.45,
                lower_is_better=False,
                floor_name="smtplib, prebuilt bytes",
            ),
            Result(
                name="letters written, claimed, sent and noted",
                figure=whole,
                floor=floor,
                unit="/s",
                target=None,
                lower_is_better=False,
                floor_name="smtplib, prebuilt bytes",
                note="Two rows and eighteen statements a letter, all by one worker, on a PostgreSQL without fsync.",
            ),
        )
    )


if __name__ == "__main__":
    run()
