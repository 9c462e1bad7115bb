"""No bytes make the reader raise, and none take it more time than their number deserves."""

import random
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saleor_aftercare.mail.reading.inspect import as_json
from saleor_aftercare.mail.reading.message import read

MAILS = sorted((Path(__file__).resolve().parents[2] / "files" / "mails").glob("*.eml"))
SPICES = (
    b"\r",
    b"\n",
    b"\0",
    b"\x1b$B",
    b'"',
    b"<",
    b"=?utf-8?q?",
    b"--",
    b"\n\n",
    b"%",
    b"*0*=",
    b";",
    b"\xff",
    b"> ",
    b"begin 644 a\n",
)
PLAIN = b"From: a@b.example\nSubject: x\nContent-Type: text/plain\n\n"
HTML = PLAIN.replace(b"plain", b"html")
DAEMON = b"Return-Path: <>\nFrom: mailer-daemon@x.example\nSubject: failure notice\n\n"
MIXED = b"Content-Type: multipart/mixed; boundary=x\n\n"


def nested(depth: int) -> bytes:
    head = b"From: a@b.example\n"
    for level in range(depth):
        opening = b"" if level == 0 else b"--b%d\n" % (level - 1)
        head += opening + b"Content-Type: multipart/mixed; boundary=b%d\n\n" % level
    return head + b"--b%d\n\nhello\n" % (depth - 1)


#: Half a megabyte or so each, of what makes careless readers take quadratic time or recurse.
LONG = {
    "empty": b"",
    "nested multiparts": nested(10_000),
    "nested mails": b"Content-Type: message/rfc822\n\n" * 10_000 + b"Subject: deep\n\nhi",
    "headers": b"X-A: b\n" * 80_000,
    "one header": b"Subject: " + b"a" * 600_000 + b"\n\nx",
    "folds": b"Subject: a\n" + b" b\n" * 150_000 + b"\n\nx",
    "rubbish between headers": b"From: a@b\n" + b"garbage\nX-Y: z\n" * 40_000,
    "zero bytes": b"\0" * 500_000,
    "carriage returns": b"\r" * 500_000,
    "line feeds": b"\n" * 500_000,
    "encoded words": b"Subject: " + b"=?utf-8?q?a?= " * 40_000,
    "open words": b"Subject: " + b"=?utf-8?q?" * 50_000,
    "Japanese words": b"Subject: " + b"=?iso-2022-jp?q?=1B$B?= " * 20_000,
    "addresses": b"From: " + b"a@b," * 100_000,
    "parentheses": b"From: " + b"(" * 400_000,
    "quotes": b"From: " + b'"' * 400_000,
    "angles": b"From: " + b"<" * 400_000,
    "backslashes": b'From: "' + b"\\" * 400_000,
    "ids": b"References: " + b"<" * 90_000,
    "parameters": b"Content-Type: text/plain" + b";" * 90_000,
    "sections": b"Content-Type: text/plain; " + b"name*0*=" * 10_000,
    "boundaries": MIXED + b"--x\n" * 150_000,
    "closing boundaries": MIXED + b"--x--\n" * 100_000,
    "guessed boundaries": b"Content-Type: multipart/mixed\n\n" + b"--a\n" * 150_000,
    "quote marks": PLAIN + b">" * 500_000,
    "attributions": PLAIN + b"On a 2020 \n" * 50_000,
    "header blocks": PLAIN + b"From: a\n" * 60_000,
    "rules": PLAIN + b"-----\n" * 80_000,
    "dashes": PLAIN + b"-" * 500_000,
    "signatures": PLAIN + b"-- \n" * 120_000,
    "armour": PLAIN + b"-----BEGIN PGP SIGNED MESSAGE-----\n" * 15_000,
    "uuencode": PLAIN + b"begin 644 a\n" * 40_000,
    "flowed": PLAIN.replace(b"plain", b"plain; format=flowed") + b">a \n>>b \n" * 50_000,
    "half characters": PLAIN + b"\xe3\x81" * 250_000,
    "every byte": PLAIN + bytes(range(128, 256)) * 4000,
    "padding": PLAIN.replace(b"\n\n", b"\nContent-Transfer-Encoding: base64\n\n") + b"====a" * 100_000,
    "soft breaks": PLAIN.replace(b"\n\n", b"\nContent-Transfer-Encoding: quoted-printable\n\n") + b"= \t" * 150_000,
    "lost escapes": PLAIN.replace(b"plain", b"plain; charset=iso-2022-jp") + b"$B" * 250_000,
    "elements": HTML + b"<div>" * 80_000,
    "comments": HTML + b"<!--" * 120_000,
    "attributes": HTML + b"<a x='" * 80_000,
    "blockquotes": HTML + b"<blockquote>a" * 30_000,
    "numbers": HTML + b"&#" + b"9" * 500_000 + b";",
    "explanations": DAEMON + b"user unknown a@b " * 30_000,
    "one word": DAEMON + b"a" * 500_000,
    "recipients": MIXED.replace(b"mixed", b"report")
    + b"--x\nContent-Type: message/delivery-status\n\n"
    + b"Status: 5\n\n" * 40_000,
    "date": b"Date: " + b"(" * 90_000,
    "prefixes": b"Subject: " + b"re:" * 30_000,
    "daemon": b"From: " + b"a.-" * 30_000 + b"@x",
}


@pytest.mark.parametrize("name", LONG)
def test_long_mails_of_one_kind_are_read_in_proportion(name: str):
    begin = time.process_time()

    read(LONG[name])

    # Ordinary: below a second. Quadratic: minutes.
    assert time.process_time() - begin < 8


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=3000))
def test_random_bytes_are_read(raw: bytes):
    as_json(read(raw))


@settings(max_examples=100, deadline=None)
@given(
    st.text(max_size=400),
    st.text(max_size=400),
    st.sampled_from(["utf-8", "utf-16", "x", "cp932", "iso-2022-jp", "utf-7"]),
)
def test_any_text_is_read_under_any_name(header: str, body: str, charset: str):
    raw = f"From: {header}\nSubject: {header}\nContent-Type: text/html; charset={charset}; name={header}\n\n{body}"

    as_json(read(raw.encode("utf-8", "surrogatepass")))


@pytest.mark.parametrize("seed", range(8))
def test_damaged_mails_are_read(seed: int):
    chance = random.Random(seed)
    for path in MAILS:
        raw = bytearray(path.read_bytes())
        for _damage in range(chance.choice((1, 4, 20))):
            at = chance.randrange(len(raw) + 1)
            match chance.randrange(4):
                case 0:
                    raw[at : at + 1] = bytes((chance.randrange(256),))
                case 1:
                    del raw[at : at + chance.randrange(100)]
                case 2:
                    raw[at:at] = chance.choice(SPICES)
                case _:
                    raw[at:at] = raw[chance.randrange(len(raw) + 1) :][: chance.randrange(200)]
        as_json(read(bytes(raw)))


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_mails_that_break_off_are_read(path: Path):
    raw = path.read_bytes()

    for end in range(0, len(raw), max(1, len(raw) // 25)):
        as_json(read(raw[:end]))


def test_what_is_left_out_is_said():
    assert [guess.why for guess in read(nested(60)).guesses][-1] == "Parts nested deeper than 25 were not opened."
    assert "The header section is too long; the rest of it was left out." in [
        guess.why for guess in read(b"X-A: b\n" * 3000 + b"\nhi").guesses
    ]
    many = MIXED + b"--x\nContent-Type: application/pdf\n\na\n" * 1200 + b"--x--"
    whys = {guess.why for guess in read(many).guesses}
    assert {"Only the first 1000 parts were opened.", "Only the first 500 files were taken."} <= whys
