"""Reading a raw mail whole (words, new words, files, kind, threading) beside parsing it into parts and no more.

The floor is what the standard library pays for ``email.message_from_bytes`` and one walk that decodes every part: no
charset is judged, no quote cut, nothing classified. Ordinary mails: plain text, an alternative with a quoted thread,
ISO-2022-JP, a picture of 300 kB, a delivery report. Intake has to take 100 a second in one worker, so that a reading
may cost 2 ms; a second target is that figure.
"""

from __future__ import annotations

import base64
import email
import email.policy
from collections.abc import Sequence

from bench._report import Result, report, side_by_side
from saleor_aftercare.mail.reading.message import read

ROUNDS = 200
#: Milliseconds of processor time for one ordinary mail.
BUDGET = 2.0

HOPS = "".join(
    f"Received: from mx{hop}.example.com by mx{hop + 1}.example.com; Sun, 22 Nov 2026\r\n" for hop in range(5)
)
HEAD = f"""Return-Path: <ada@example.com>\r
Delivered-To: support@shop.example\r
{HOPS}DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=x;\r
 b={"A" * 300}\r
From: =?utf-8?B?5bGx55Sw?= <ada@example.com>\r
To: Shop <support@shop.example>\r
Subject: =?utf-8?B?6L+U5ZOB44Gr44Gk44GE44Gm?=\r
Date: Sun, 22 Nov 2026 10:00:00 +0900\r
Message-ID: <m1@example.com>\r
In-Reply-To: <p@shop.example>\r
References: <o@shop.example> <p@shop.example>\r
MIME-Version: 1.0\r
"""
WORDS = "The kettle that you sent leaks at its handle, and I should like another one.\r\n" * 12
ATTRIBUTION = "\r\nOn Sun, Nov 22, 2026 at 10:00 AM Shop <support@shop.example> wrote:\r\n"
QUOTE = ATTRIBUTION + "> an older line of the talk\r\n" * 40
JAPANESE = "お世話になっております。注文した鍋が届きましたが、蓋が割れていました。\r\n" * 12
PLAIN = "Content-Type: text/plain; charset=utf-8\r\n\r\n"
HTML = f"<div>{WORDS}</div><div class='gmail_quote'><blockquote>{QUOTE}</blockquote></div>"
BOTH = f"""Content-Type: multipart/alternative; boundary="b"\r
\r
--b\r
{PLAIN}{WORDS}{QUOTE}\r
--b\r
Content-Type: text/html; charset=utf-8\r
\r
{HTML}\r
--b--\r
"""
PICTURE = f"""Content-Type: multipart/mixed; boundary="b"\r
\r
--b\r
{PLAIN}{WORDS}\r
--b\r
Content-Type: image/jpeg; name="p.jpg"\r
Content-Transfer-Encoding: base64\r
\r
{base64.encodebytes(bytes(range(256)) * 1200).decode()}--b--\r
"""
BOUNCE = """Return-Path: <>\r
From: MAILER-DAEMON@example.com\r
Subject: Undelivered Mail Returned to Sender\r
Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r
\r
--b\r
\r
It failed.\r
--b\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; mx.example.com\r
\r
Final-Recipient: rfc822; ada@example.com\r
Action: failed\r
Status: 5.1.1\r
\r
--b\r
Content-Type: text/rfc822-headers\r
\r
Message-ID: <p@shop.example>\r
Subject: Your return\r
--b--\r
"""


def mails() -> list[bytes]:
    """The five ordinary mails."""
    japanese = f"{HEAD}Content-Type: text/plain; charset=ISO-2022-JP\r\n\r\n".encode() + JAPANESE.encode("iso2022_jp")
    texts = (HEAD + PLAIN + WORDS, HEAD + BOTH, HEAD + PICTURE, BOUNCE)
    return [japanese, *(text.encode() for text in texts)]


def run() -> Sequence[Result]:
    """Milliseconds for one mail, the five in turn."""
    raw = mails()

    def fresh(turn: int) -> list[bytes]:
        return [f"X-Turn: {turn}\r\n".encode() + one for one in raw]

    def whole(turn: int) -> None:
        for one in fresh(turn):
            read(one)

    def floor(turn: int) -> None:
        for one in fresh(turn):
            for part in email.message_from_bytes(one).walk():
                part.get_payload(decode=True)

    times = side_by_side({"whole": whole, "floor": floor}, rounds=ROUNDS)
    mean, bare = times["whole"] / len(raw), times["floor"] / len(raw)
    return report(
        (
            Result(
                name="a mail read whole", figure=mean, floor=bare, unit="ms", target=None,
                floor_name="message_from_bytes and a walk", note=f"{1000 / mean:,.0f} mails a second in one process",
            ),
            Result(name="a mail read whole", figure=mean, floor=BUDGET, unit="ms", target=1.0, floor_name="its budget"),
        )
    )  # fmt: skip
