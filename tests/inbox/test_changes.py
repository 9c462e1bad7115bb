"""What changed since the inbox was looked at last: nothing is missed, and nothing told twice."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection, transaction

from saleor_aftercare.inbox import actions, queries
from saleor_aftercare.inbox.models import CaseKind, Ticket
from saleor_aftercare.inbox.queries import MAX_CHANGES
from tests.make import NOON, make_shop, make_staff, make_ticket

from .copying import copies

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_a_quiet_poll_returns_nothing_and_a_change_is_told_once():
    ticket = make_ticket()
    make_ticket()  # another shop's
    start = queries.changes_since(ticket.shop, None)
    assert (start.tickets, start.truncated) == ([], False)

    actions.mark_read(ticket, at=NOON)
    after = queries.changes_since(ticket.shop, start.cursor)
    quiet = queries.changes_since(ticket.shop, after.cursor)

    assert after.tickets == [ticket]
    assert quiet.tickets == []
    assert queries.changes_since(make_shop(), start.cursor).tickets == []


@pytest.mark.django_db(transaction=True)
def test_a_change_that_commits_after_later_ones_is_not_missed():
    shop = make_shop()
    slow, quick = make_ticket(shop=shop), make_ticket(shop=shop)
    start = queries.changes_since(shop, None)
    changed, may_commit = threading.Event(), threading.Event()

    def change_slowly() -> None:
        try:
            with transaction.atomic():
                actions.mark_read(slow, at=NOON)
                changed.set()
                assert may_commit.wait(20)
        finally:
            connection.close()

    worker = threading.Thread(target=change_slowly)
    worker.start()
    assert changed.wait(20)
    actions.mark_read(quick, at=NOON)
    during = queries.changes_since(shop, start.cursor)
    may_commit.set()
    worker.join(20)
    after = queries.changes_since(shop, during.cursor)
    quiet = queries.changes_since(shop, after.cursor)

    assert during.tickets == [quick]
    assert slow in after.tickets
    assert quiet.tickets == []


@pytest.mark.django_db(transaction=True)
def test_everything_that_happens_to_a_ticket_is_told():
    shop = make_shop()
    mei = make_staff(shop)
    ticket = make_ticket(shop=shop, about=(CaseKind.RETURN, 7))
    cursor = queries.changes_since(shop, None).cursor

    def hear() -> Any:
        return actions.receive_message(
            ticket, body="Hi", author_name="", author_email="", attachments=(), source=None, at=NOON
        )

    def answer() -> Any:
        return actions.reply(ticket, body="Hi", last_seen_message_id=0, force=True, attachments=(), at=NOON, staff=mei)

    for act in (
        hear,
        answer,
        lambda: actions.add_note(ticket, body="Hm", at=NOON, staff=mei),
        lambda: actions.assign(ticket, assignee=None, at=NOON, staff=mei),
        lambda: actions.update(ticket, action="solve", subject=None, at=NOON, staff=mei),
        lambda: actions.update(ticket, action=None, subject="Other", at=NOON, staff=mei),
        lambda: actions.add_line(ticket, event="mail.failed", data={}, source="event:1", at=NOON),
        lambda: actions.add_system_line(
            shop, CaseKind.RETURN, 7, event="return.approved", data={}, source="event:2", at=NOON
        ),
        lambda: actions.note_case_changed(shop, CaseKind.RETURN, 7, at=NOON),
    ):
        act()
        told = queries.changes_since(shop, cursor)
        assert told.tickets == [ticket]
        cursor = told.cursor


@pytest.mark.django_db(transaction=True)
def test_after_a_long_absence_the_poll_says_that_there_is_more():
    shop = make_shop()
    cursor = queries.changes_since(shop, None).cursor
    Ticket.objects.bulk_create(copies(make_ticket(shop=shop, messages=()), MAX_CHANGES, revision=int(cursor) + 5))

    told = queries.changes_since(shop, cursor)
    assert (len(told.tickets), told.truncated) == (MAX_CHANGES, False)

    Ticket.objects.update(revision=int(cursor) + 5)
    told = queries.changes_since(shop, cursor)
    assert (len(told.tickets), told.truncated) == (MAX_CHANGES, True)


@pytest.mark.parametrize("cursor", ["", "x", "-1", "9" * 30, "１２", "1; DROP TABLE"])
def test_an_unreadable_cursor_counts_as_very_old(cursor):
    ticket = make_ticket()

    assert queries.changes_since(ticket.shop, cursor).tickets == [ticket]
