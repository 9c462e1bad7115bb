"""Mailboxes are asked for what came: nothing is lost, nothing comes twice, and what is wrong stands on the account."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from saleor_aftercare.channels import accounts, polling
from saleor_aftercare.channels.health import broken
from saleor_aftercare.channels.models import ChannelAccount, InboundMessage
from saleor_aftercare.core import clock, jobs
from saleor_aftercare.core.models import Job
from tests.make import DAY, NOON, make_shop
from tests.make.channels import make_channel_account
from tests.providers.imap_server import PASSWORD, USER, Post, imap_server

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    settings.OUTBOUND_PRIVATE_ADDRESSES = True
    with imap_server() as server:
        yield server


def account_at(post: Post, **values: Any) -> ChannelAccount:
    login = {"host": "127.0.0.1", "port": str(post.port), "security": "none", "username": USER}
    return make_channel_account(
        make_shop(),
        **{
            "outgoing": "",
            "config": {"imap": {**login, **values.pop("imap", {})}},
            "hidden": {"imap": {"password": values.pop("password", PASSWORD)}},
            **values,
        },
    )


def raw(text: str) -> bytes:
    return f"From: ada@customer.test\r\nSubject: {text}\r\n\r\n{text}\r\n".encode()


def poll(account: ChannelAccount) -> Job:
    """Run the account's job as it is."""
    polling.poll_soon(account, at=NOON)
    rows = Job.objects.filter(kind="channels.poll", payload__account=account.pk)
    rows.update(state="running", lease=uuid4(), lease_until=clock.real_now() + HOUR)
    jobs.run(rows.get())
    job = rows.get()
    account.refresh_from_db()
    return job


def taken_in(account: ChannelAccount) -> list[bytes]:
    rows = InboundMessage.objects.filter(account=account).select_related("raw__content").order_by("pk")
    return [bytes(one.raw.content.data) for one in rows if one.raw]


def test_what_came_is_taken_in_once_and_read_by_jobs_of_its_own(post):
    account = account_at(post)
    post.deliver(raw("one"), at=NOON + HOUR)
    poll(account)
    post.deliver(raw("two"), at=NOON + HOUR)
    job = poll(account)

    assert taken_in(account) == [raw("one"), raw("two")]
    assert Job.objects.filter(kind="channels.read").count() == 2
    assert (account.heard_at, account.problem, account.failures) == (job.due_at - polling.EVERY, "", 0)
    assert job.state == "pending"


def test_a_worker_that_dies_before_its_batch_is_kept_has_lost_nothing(post, monkeypatch):
    account = account_at(post)
    post.deliver(raw("one"), at=NOON + HOUR)
    post.deliver(raw("two"), at=NOON + HOUR)
    real = polling.take_in

    def dies(account: ChannelAccount, data: bytes, *, at: Any) -> Any:
        if data == raw("two"):
            raise KeyboardInterrupt
        return real(account, data, at=at)

    monkeypatch.setattr(polling, "take_in", dies)
    with pytest.raises(KeyboardInterrupt):
        poll(account)
    account.refresh_from_db()
    assert (taken_in(account), account.cursor) == ([], {})
    monkeypatch.setattr(polling, "take_in", real)

    poll(account)

    assert taken_in(account) == [raw("one"), raw("two")]


def test_a_worker_that_dies_before_it_has_marked_the_mails_takes_none_in_again(post):
    account = account_at(post, imap={"after": "seen"})
    uid = post.deliver(raw("one"), at=NOON + HOUR)
    post.hangs_up_at = "UID STORE"
    poll(account)
    assert "hung up" in account.problem
    post.hangs_up_at = ""

    poll(account)

    assert taken_in(account) == [raw("one")]
    assert post.folders["INBOX"][uid].flags == set()
    assert account.problem == ""


def test_when_the_server_counts_anew_the_same_mail_is_no_new_one(post):
    account = account_at(post)
    post.deliver(raw("one"), at=NOON + HOUR)
    poll(account)
    ChannelAccount.objects.filter(pk=account.pk).update(heard_at=NOON)
    account.refresh_from_db()
    post.validity = 8
    post.deliver(raw("two"), at=NOON + HOUR)

    poll(account)

    assert taken_in(account) == [raw("one"), raw("two")]


def test_of_two_pollers_the_slower_one_stops(post, monkeypatch):
    account = account_at(post)
    for text in ("one", "two"):
        post.deliver(raw(text), at=NOON + HOUR)
    real = polling.take_in

    def meanwhile(row: ChannelAccount, data: bytes, *, at: Any) -> Any:
        ChannelAccount.objects.filter(pk=row.pk).update(cursor={"box": "another was faster"})
        return real(row, data, at=at)

    monkeypatch.setattr(polling, "take_in", meanwhile)
    poll(account)

    assert account.cursor == {"box": "another was faster"}


def test_a_mailbox_that_does_not_work_says_why_and_is_asked_less_and_less_often(post):
    account = account_at(post, password="forgotten")

    waits = []
    for _try in range(3):
        job = poll(account)
        waits.append(round((job.due_at - clock.now()).total_seconds() / 60))

    assert account.problem == "The server does not accept the user name or the password (AUTHENTICATIONFAILED)."
    assert (account.failures, account.heard_at) == (3, None)
    assert waits == [1, 2, 4]
    assert broken(at=NOON) == broken(at=NOON + DAY)
    assert (broken(at=NOON).all, broken(at=NOON).deaf) == (1, 1)


def test_the_problem_is_told_in_the_shops_language(post):
    account = account_at(post, password="forgotten")
    account.shop.settings.default_language = "ja"
    account.shop.settings.save()

    poll(account)

    assert account.problem == "ユーザー名またはパスワードがサーバーに受け付けられませんでした（AUTHENTICATIONFAILED）。"


def test_only_mailboxes_that_are_switched_on_are_asked(post):
    off, archived, hook = (
        account_at(post, enabled=False),
        account_at(post, archived_at=NOON),
        account_at(post, incoming="postmark"),
    )
    on = account_at(post)

    polling.schedule_all(at=NOON)
    for account in (off, archived, hook):
        polling.poll_soon(account, at=NOON)

    assert [job.payload for job in Job.objects.filter(kind="channels.poll")] == [{"account": on.pk}]


def test_a_mailbox_whose_job_was_lost_gets_a_new_one_and_one_that_waits_is_left_alone(post):
    lost, waiting = account_at(post), account_at(post)
    polling.schedule_all(at=NOON)
    Job.objects.filter(payload__account=lost.pk).update(state="failed")
    Job.objects.filter(payload__account=waiting.pk).update(due_at=NOON + DAY)

    polling.schedule_all(at=NOON)

    assert Job.objects.get(payload__account=lost.pk).state == "pending"
    assert Job.objects.get(payload__account=waiting.pk).due_at == NOON + DAY


def test_an_account_that_is_given_up_is_not_asked_again(post):
    account = account_at(post)
    polling.poll_soon(account, at=NOON)
    accounts.give_up_account(account, version=1, at=NOON)

    jobs.run_due()

    assert post.commands == []
    assert not Job.objects.filter(kind="channels.poll", state="pending").exists()


def test_a_visit_that_takes_too_long_comes_back_at_once(post, monkeypatch):
    account = account_at(post)
    for number in range(60):
        post.deliver(raw(str(number)), at=NOON + HOUR)
    monkeypatch.setattr(polling, "_VISIT_S", 0.0)

    first = poll(account)
    assert (len(taken_in(account)), first.due_at) == (50, account.heard_at)
    poll(account)

    assert taken_in(account) == [raw(str(number)) for number in range(60)]
