"""The promises of ``Mailbox``, kept by IMAP; with IMAP_URL in the environment a real server is asked besides."""

from __future__ import annotations

import imaplib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import pytest

from saleor_aftercare.core.errors import ProviderError, ProviderUnavailable
from saleor_aftercare.providers import registry
from saleor_aftercare.providers.credentials import CredentialsRejected
from saleor_aftercare.providers.mailboxes import imap
from saleor_aftercare.providers.mailboxes.base import Batch, Cursor, Mailbox
from tests.providers.imap_server import PASSWORD, TOKEN, USER, Post, imap_server

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    settings.OUTBOUND_PRIVATE_ADDRESSES = True
    with imap_server() as server:
        yield server
    while _opened:
        _opened.pop().close()


def values(post: Post, **changes: str) -> dict[str, str]:
    return {
        "host": "127.0.0.1",
        "port": str(post.port),
        "security": "none",
        "username": USER,
        "password": PASSWORD,
        **changes,
    }


_opened: list[Mailbox] = []


def mailbox(post: Post, **changes: str) -> Mailbox:
    """A mailbox that is closed after the test."""
    _opened.append(registry.mailbox("imap", values(post, **changes)))
    return _opened[-1]


def read(box: Mailbox, cursor: Cursor, *, since: datetime = NOON) -> tuple[list[bytes], Cursor]:
    """Everything that is new, finished, and the cursor behind it."""
    mails: list[bytes] = []
    for batch in box.batches(cursor, since=since):
        mails += batch.mails
        cursor = batch.cursor
        box.finish(batch)
    box.close()
    return mails, cursor


def raw(text: str = "Hello") -> bytes:
    return f"From: ada@customer.test\r\nSubject: {text}\r\n\r\n{text}\r\n".encode()


def test_an_adapter_is_a_mailbox(post):
    assert isinstance(mailbox(post), Mailbox)


def test_mails_come_once_and_oldest_first(post):
    for text in ("one", "two"):
        post.deliver(raw(text), at=NOON + HOUR)
    mails, cursor = read(mailbox(post), {})
    post.deliver(raw("three"), at=NOON + HOUR)

    assert mails == [raw("one"), raw("two")]
    assert read(mailbox(post), cursor)[0] == [raw("three")]


def test_what_was_there_before_the_account_stays_where_it_is(post):
    post.deliver(raw("old"), at=NOON - HOUR)
    post.deliver(raw("of last week"), at=NOON - timedelta(days=7))
    post.deliver(raw("new"), at=NOON + HOUR)

    assert read(mailbox(post), {})[0] == [raw("new")]
    assert read(mailbox(post, history_days="1"), {})[0] == [raw("old"), raw("new")]


def test_a_mail_with_an_old_date_that_arrives_later_is_new(post):
    _mails, cursor = read(mailbox(post), {})
    post.deliver(raw("moved here from the junk"), at=NOON - timedelta(days=30))

    assert read(mailbox(post), cursor)[0] == [raw("moved here from the junk")]


def test_nothing_new_moves_nothing(post):
    post.deliver(raw(), at=NOON + HOUR)
    _mails, cursor = read(mailbox(post), {})

    assert list(mailbox(post).batches(cursor, since=NOON)) == []


def test_the_bytes_are_those_that_were_sent(post):
    odd = b"Subject: \xff\xfe\r\n\r\n\x00\x1b$B8\xe0\r\nlast line without end"
    post.deliver(odd, at=NOON + HOUR)
    post.deliver(b"", at=NOON + HOUR)

    assert read(mailbox(post), {})[0] == [odd, b""]


def test_when_the_server_counts_anew_mails_may_come_twice_but_none_is_lost(post):
    post.deliver(raw("one"), at=NOON + HOUR)
    _mails, cursor = read(mailbox(post), {})
    post.validity, post.next_uid = 8, 1
    post.folders["INBOX"] = {}
    for text in ("one", "two"):
        post.deliver(raw(text), at=NOON + HOUR)

    mails, cursor = read(mailbox(post), cursor)

    assert mails == [raw("one"), raw("two")]
    assert cursor["validity"] == 8
    assert read(mailbox(post), cursor)[0] == []


def test_a_server_that_names_no_validity_is_read_by_date_every_time(post):
    post.validity = None
    post.deliver(raw("one"), at=NOON + HOUR)
    mails, cursor = read(mailbox(post), {})

    assert mails == [raw("one")]
    assert read(mailbox(post), cursor)[0] == [raw("one")]


def test_another_folder_is_read_from_its_own_beginning(post):
    post.deliver(raw("one"), at=NOON + HOUR)
    _mails, cursor = read(mailbox(post), {})
    post.deliver(raw("返品"), at=NOON + HOUR, folder="返品")

    assert read(mailbox(post, folder="返品"), cursor)[0] == [raw("返品")]


def test_many_mails_come_in_batches_and_each_cursor_is_good_for_what_follows(post):
    for number in range(120):
        post.deliver(raw(str(number)), at=NOON + HOUR)
    box = mailbox(post)

    first, *_rest = box.batches({}, since=NOON)

    assert len(first.mails) == 50
    assert read(mailbox(post), first.cursor)[0] == [raw(str(number)) for number in range(50, 120)]
    box.close()


def test_large_mails_come_one_by_one_and_an_endless_one_is_cut_off(post, monkeypatch):
    monkeypatch.setattr(imap, "_BATCH_BYTES", 300)
    monkeypatch.setattr(imap, "MAX_MAIL_BYTES", 1000)
    post.deliver(raw("x" * 200), at=NOON + HOUR)
    post.deliver(raw("y" * 5000), at=NOON + HOUR)
    post.deliver(raw("small"), at=NOON + HOUR)

    batches = list(mailbox(post).batches({}, since=NOON))

    assert [len(one.mails) for one in batches] == [1, 1, 1]
    assert batches[1].mails == (raw("y" * 5000)[:1000],)


def test_a_mail_that_the_server_cannot_give_holds_up_no_other_and_is_asked_for_again(post):
    uids = [post.deliver(raw(text), at=NOON + HOUR) for text in ("one", "broken", "three")]
    post.broken = {uids[1]}

    mails, cursor = read(mailbox(post), {})
    assert mails == [raw("one"), raw("three")]
    assert cursor["late"] == [uids[1]]
    post.broken = set()
    post.deliver(raw("four"), at=NOON + HOUR)

    mails, cursor = read(mailbox(post), cursor)
    assert mails == [raw("broken"), raw("four")]
    assert cursor["late"] == []


def test_a_mailbox_that_gives_nothing_at_all_is_a_problem_and_no_pile_of_broken_mails(post):
    post.broken = {post.deliver(raw(text), at=NOON + HOUR) for text in ("one", "two")}

    with pytest.raises(ProviderUnavailable):
        read(mailbox(post), {})


def test_a_mail_that_is_deleted_meanwhile_is_no_problem(post):
    uid = post.deliver(raw("one"), at=NOON + HOUR)
    post.deliver(raw("two"), at=NOON + HOUR)
    batches = mailbox(post).batches({}, since=NOON)
    post.folders["INBOX"].pop(uid)

    assert next(one.mails for one in batches) == (raw("two"),)


@pytest.mark.parametrize(
    ("after", "flags", "left", "done"),
    [("keep", set(), 1, 0), ("seen", {"\\Seen"}, 1, 0), ("move", {"\\Seen"}, 0, 1)],
)
def test_what_becomes_of_a_mail_in_the_mailbox_is_the_shops_choice(post, after, flags, left, done):
    uid = post.deliver(raw(), at=NOON + HOUR)
    mail = post.folders["INBOX"][uid]

    read(mailbox(post, after=after, move_to="Done"), {})

    assert mail.flags == flags
    assert (len(post.folders["INBOX"]), len(post.folders["Done"])) == (left, done)


def test_until_a_batch_is_finished_nothing_changes_in_the_mailbox(post):
    uid = post.deliver(raw(), at=NOON + HOUR)
    box = mailbox(post, after="move", move_to="Done")

    assert next(len(one.mails) for one in box.batches({}, since=NOON)) == 1
    assert post.folders["INBOX"][uid].flags == set()
    box.close()


def test_finishing_a_batch_twice_does_no_harm(post):
    post.deliver(raw(), at=NOON + HOUR)
    box = mailbox(post, after="seen")
    (batch, *_end) = box.batches({}, since=NOON)

    box.finish(batch)
    box.finish(batch)
    box.finish(Batch(mails=(), cursor={}))
    box.close()


def test_a_look_changes_nothing_and_says_what_there_is(post):
    post.deliver(raw(), at=NOON + HOUR)

    found = mailbox(post, after="seen").verify()

    assert (found.folders, found.messages) == (("INBOX", "Done", "返品"), 1)
    assert not [one for one in post.commands if one.startswith("UID STORE")]


@pytest.mark.parametrize(
    ("changes", "mood", "field", "words"),
    [
        ({"password": "wrong"}, {}, "password", "user name or the password"),
        ({"folder": "Nowhere"}, {}, "folder", "no such folder"),
        ({"after": "move", "move_to": "Nowhere"}, {}, "move_to", "no such folder"),
        ({"security": "starttls"}, {}, "security", "no STARTTLS"),
        ({"security": "tls"}, {}, "security", "does not speak TLS"),
        ({"port": "1"}, {}, "port", "Nobody answers at port 1"),
        ({}, {"hangs_up_at": "LIST"}, "port", "hung up"),
        ({}, {"refuses": {"LOGIN": "[UNAVAILABLE] later"}}, None, "at present"),
        ({}, {"refuses": {"LIST": "[SERVERBUG] oops"}}, None, "SERVERBUG"),
    ],
)
def test_what_goes_wrong_is_said_in_words_that_name_the_field(post, changes, mood, field, words):
    for name, value in mood.items():
        setattr(post, name, value)

    with pytest.raises(ProviderError) as raised:
        mailbox(post, **changes).verify()

    assert raised.value.field == field
    assert words in raised.value.message
    assert PASSWORD not in raised.value.message


def test_what_staff_must_mend_is_told_from_what_may_pass(post):
    with pytest.raises(CredentialsRejected):
        mailbox(post, password="wrong").verify()
    with pytest.raises(ProviderUnavailable):
        mailbox(post, port="1").verify()


def test_a_token_takes_the_place_of_the_password(post):
    post.deliver(raw(), at=NOON + HOUR)
    login = values(post, auth="google", password="")

    assert registry.mailbox("imap", login, access_token=TOKEN).verify().messages == 1
    with pytest.raises(CredentialsRejected, match="connect the mailbox again") as raised:
        registry.mailbox("imap", login, access_token="stale").verify()
    assert raised.value.field == "auth"


def test_merchants_do_not_get_into_our_own_network(post, settings):
    settings.OUTBOUND_PRIVATE_ADDRESSES = False

    with pytest.raises(CredentialsRejected, match="private network") as raised:
        mailbox(post, security="tls").verify()

    assert raised.value.field == "host"
    assert post.commands == []


# -- a real server -----------------------------------------------------------------------------------------------------


@dataclass
class Real:
    values: dict[str, str]

    def deliver(self, data: bytes) -> None:
        """Put a mail into the folder, as the server's own delivery would."""
        client = imaplib.IMAP4_SSL(self.values["host"], int(self.values["port"]))
        client.login(self.values["username"], self.values["password"])
        client.append(self.values["folder"], None, None, data)
        client.logout()


@pytest.fixture
def real(settings: Any) -> Iterator[Real]:
    """A folder of its own at the server of IMAP_URL (``imaps://user:password@host:port``)."""
    url = os.environ.get("IMAP_URL", "")
    if not url:
        pytest.skip("IMAP_URL names no server")
    settings.OUTBOUND_PRIVATE_ADDRESSES = True
    parts = urlsplit(url)
    login = (unquote(parts.username or ""), unquote(parts.password or ""))
    folder = f"contract-{uuid4().hex[:8]}"
    client = imaplib.IMAP4_SSL(parts.hostname or "", parts.port or 993)
    client.login(*login)
    client.create(folder)
    yield Real(
        {
            "host": parts.hostname or "",
            "port": str(parts.port or 993),
            "security": "tls",
            "username": login[0],
            "password": login[1],
            "folder": folder,
        }
    )
    client.delete(folder)
    client.logout()


@pytest.mark.mailservers
def test_a_real_server_keeps_the_same_promises(real):
    now = datetime.now(UTC)
    real.deliver(raw("one"))
    mails, cursor = read(registry.mailbox("imap", real.values), {}, since=now - HOUR)
    real.deliver(raw("two"))
    time.sleep(0.1)
    again, cursor = read(registry.mailbox("imap", {**real.values, "after": "seen"}), cursor, since=now - HOUR)

    assert (mails, again) == ([raw("one")], [raw("two")])
    assert read(registry.mailbox("imap", real.values), cursor, since=now)[0] == []
    assert real.values["folder"] in registry.mailbox("imap", real.values).verify().folders
