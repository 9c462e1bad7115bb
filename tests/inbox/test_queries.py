"""What the inbox shows: views, badges, pages and search."""

from __future__ import annotations

from typing import Any

import pytest

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.errors import NotFound
from saleor_aftercare.core.models import Shop
from saleor_aftercare.inbox import queries
from saleor_aftercare.inbox.filters.conditions import Asker
from saleor_aftercare.inbox.list_statements import Key
from saleor_aftercare.inbox.lists import COUNT_CAP, UNCOUNTED_VIEWS, TicketView, view_counts, view_list
from saleor_aftercare.inbox.models import CaseKind, MessageKind, Ticket, TicketState
from saleor_aftercare.inbox.search import entries
from tests.make import DAY, HOUR, NOON, make_message, make_order, make_shop, make_staff, make_ticket

from .copying import copies

pytestmark = pytest.mark.django_db

AT = NOON + 2 * HOUR


def page(
    shop: Shop,
    view: TicketView = TicketView.ALL,
    *,
    me: StaffMember | None = None,
    search: str = "",
    limit: int = 50,
    after: Ticket | None = None,
) -> list[Ticket]:
    wanted = view_list(view, Asker(shop, AT, me or make_staff(shop)), search=search)
    key = Key(0, after.last_message_at, after.pk) if after is not None else None
    return [ticket for ticket, _key in wanted.page(limit=limit, after=key)]


def found(shop: Shop, search: str) -> set[str]:
    entries.refresh(Ticket.objects.filter(shop=shop).values_list("pk", flat=True))
    return {ticket.subject for ticket in page(shop, search=search)}


@pytest.fixture
def desk() -> Any:
    """One ticket per kind of standing, named by its subject."""
    shop = make_shop()
    me, ken = make_staff(shop), make_staff(shop)
    late, soon = NOON, NOON + DAY

    def put(subject: str, state: str, **values: Any) -> None:
        make_ticket(shop=shop, subject=subject, state=TicketState(state), **values)

    put("mine late", "new", assignee=me, due_at=late)
    put("kens open", "open", assignee=ken, due_at=soon)
    put("free pending", "pending", due_at=None)
    put("pending with a date", "pending", assignee=ken, due_at=late)
    put("return", "open", due_at=soon, about=(CaseKind.RETURN, 1))
    put("repair", "new", due_at=late, about=(CaseKind.REPAIR, 1))
    put("part", "pending", due_at=None, about=(CaseKind.SPARE_PART, 1))
    put("follow-up", "new", due_at=soon, about=(CaseKind.FOLLOW_UP, 1))
    put("solved return", "solved", assignee=me, about=(CaseKind.RETURN, 2))
    put("closed", "closed")
    for subject, channel in (("by mail", "email"), ("by chat", "chat"), ("by phone", "phone"), ("by LINE", "line")):
        put(subject, "open", assignee=ken, due_at=soon, channel=channel)
    put("waiting", "waiting", assignee=ken, due_at=None)
    put("snoozed", "on_hold", assignee=ken, due_at=None, wake_at=soon)
    make_message(Ticket.objects.get(subject="return"), kind=MessageKind.NOTE, body="@me", mentions=[me.pk])
    put("spam", "spam", assignee=me, about=(CaseKind.RETURN, 3))
    make_ticket(subject="elsewhere", about=(CaseKind.RETURN, 1))
    return shop, me


@pytest.mark.parametrize(
    ("view", "members"),
    [
        (TicketView.ASSIGNED_TO_ME, {"mine late"}),
        (TicketView.UNASSIGNED, {"free pending", "return", "repair", "part", "follow-up"}),
        (
            TicketView.OPEN,
            {
                *{"mine late", "kens open", "free pending", "pending with a date", "return", "repair", "part"},
                *{"follow-up", "by mail", "by chat", "by phone", "by LINE", "waiting", "snoozed"},
            },
        ),
        (TicketView.OVERDUE, {"mine late", "repair"}),
        (TicketView.NEW, {"mine late", "repair", "follow-up"}),
        (TicketView.WAITING, {"waiting"}),
        (TicketView.SNOOZED, {"snoozed"}),
        (TicketView.MENTIONED, {"return"}),
        (TicketView.EMAIL, {"by mail"}),
        (TicketView.CHAT, {"by chat"}),
        (TicketView.PHONE, {"by phone"}),
        (TicketView.LINE, {"by LINE"}),
        (TicketView.RETURNS, {"return"}),
        (TicketView.REPAIRS, {"repair"}),
        (TicketView.PARTS, {"part"}),
        (TicketView.PENDING, {"free pending", "pending with a date", "part"}),
        (TicketView.SOLVED, {"solved return", "closed"}),
        (TicketView.SPAM, {"spam"}),
        (
            TicketView.ALL,
            {
                *{"mine late", "kens open", "free pending", "pending with a date", "return", "repair", "part"},
                *{"follow-up", "solved return", "closed"},
                *{"by mail", "by chat", "by phone", "by LINE", "waiting", "snoozed"},
            },
        ),
    ],
)
def test_every_view_holds_exactly_what_belongs_there(desk, view, members):
    shop, me = desk

    assert {ticket.subject for ticket in page(shop, view, me=me)} == members


def test_every_view_is_tested_above():
    marks = test_every_view_holds_exactly_what_belongs_there.pytestmark
    assert {view for view, _members in marks[0].args[1]} == set(TicketView)


def test_badges_count_what_the_views_hold_in_one_query(desk, django_assert_num_queries):
    shop, me = desk

    with django_assert_num_queries(1):
        counts = view_counts(Asker(shop, AT, me))

    assert counts == {view: len(page(shop, view, me=me)) for view in counts}
    assert set(counts) == set(TicketView) - UNCOUNTED_VIEWS


def test_a_badge_counts_to_a_hundred_and_no_further():
    shop = make_shop()
    one = make_ticket(shop=shop, messages=())
    Ticket.objects.bulk_create(copies(one, COUNT_CAP + 20))

    counts = view_counts(Asker(shop, AT, make_staff(shop)))

    assert counts[TicketView.OPEN] == counts[TicketView.UNASSIGNED] == COUNT_CAP == 100
    assert counts[TicketView.SPAM] == 0


# -- pages -----------------------------------------------------------------------------------------------------------


def test_pages_hold_every_ticket_once_although_moments_repeat():
    shop = make_shop()
    one = make_ticket(shop=shop, messages=())
    for hours in range(3):
        rows = copies(one, 7, last_message_at=NOON - hours * HOUR)
        for row in rows:
            row.number += 100 * hours
        Ticket.objects.bulk_create(rows)

    seen: list[Ticket] = []
    while rows := page(shop, limit=4, after=seen[-1] if seen else None)[:4]:
        seen += rows

    assert len(seen) == len(set(seen)) == 22
    assert seen == sorted(seen, key=lambda t: (t.last_message_at, t.pk), reverse=True)


def test_a_page_shows_that_there_is_more():
    shop = make_shop()
    for _ in range(3):
        make_ticket(shop=shop)

    assert len(page(shop, limit=2)) == 3
    assert len(page(shop, limit=3)) == 3


# -- search ----------------------------------------------------------------------------------------------------------


def test_tickets_are_found_by_number_order_address_and_words():
    shop = make_shop()
    order = make_order(shop, number="7070")
    make_ticket(order, number=501, subject="Broken lid", customer_name="花子 山田", customer_email="hanako@x.test")
    make_ticket(
        shop=shop, number=7070, subject="Grinder is 100% stuck", customer_name="Jo_hn", customer_email="j@x.test"
    )
    make_ticket(shop=shop, number=502, subject="Grinder rattles", customer_name="Ada", customer_email="ada@x.test")
    make_ticket(subject="Broken elsewhere", number=501, customer_email="hanako@x.test")

    assert found(shop, "501") == found(shop, " #501 ") == {"Broken lid"}
    assert found(shop, "#7070") == {"Broken lid", "Grinder is 100% stuck"}
    assert found(shop, "Hanako@X.test") == {"Broken lid"}
    assert found(shop, "山田") == {"Broken lid"}
    assert found(shop, "LID") == {"Broken lid"}
    assert found(shop, "ada grinder") == {"Grinder rattles"}
    assert found(shop, "") == found(shop, "  ") == {"Broken lid", "Grinder is 100% stuck", "Grinder rattles"}


@pytest.mark.parametrize(
    ("search", "members"),
    [
        ("100%", {"100% stuck"}),
        ("%", set()),
        ("_", set()),
        ("'; DROP TABLE", set()),
        ("999999999999999999999999999", set()),
        ("١٢٣", set()),
        ("#", set()),
        ("a\0b", set()),
        ("\ud83d", {"100% stuck"}),
        ("w " * 5000, set()),
        ("@", set()),
    ],
)
def test_whatever_is_typed_is_only_words(search, members):
    shop = make_shop()
    make_ticket(shop=shop, subject="100% stuck", customer_name="Ada")

    assert found(shop, search) == members


# -- within a shop ---------------------------------------------------------------------------------------------------


def test_another_shops_ticket_does_not_exist():
    order = make_order()
    ticket = make_ticket(order, about=(CaseKind.RETURN, 7))
    other = make_shop()
    clerk = make_staff(other)

    for how in ({"pk": ticket.pk}, {"number": ticket.number}, {}, {"pk": 2**70}, {"number": 2**70}):
        with pytest.raises(NotFound):
            queries.get_ticket(other, **how)
    assert queries.ticket_of_case(other, CaseKind.RETURN, 7) is None
    assert list(queries.public_messages_of_case(other, CaseKind.RETURN, 7)) == []
    assert queries.tickets_of_customer(other, ticket.customer_email, limit=10) == []
    for view in TicketView:
        assert page(other, view, me=clerk) == []
    assert set(view_counts(Asker(other, AT, clerk)).values()) == {0}
    assert queries.changes_since(other, "0").tickets == []
    assert queries.staff_of(ticket.shop) == []
    assert (
        queries.get_ticket(order.shop, pk=ticket.pk) == queries.get_ticket(order.shop, number=ticket.number) == ticket
    )


def test_what_was_said_openly_is_the_customers_to_read():
    order = make_order()
    ticket = make_ticket(order, messages=["Hello"], about=(CaseKind.RETURN, 7))
    answer = make_message(ticket, kind=MessageKind.STAFF, body="Hi")
    make_message(ticket, kind=MessageKind.NOTE, body="secret")
    make_message(ticket, kind=MessageKind.SYSTEM, body="", event="return.approved")
    make_ticket(order, state=TicketState.SPAM, messages=["Buy!"])

    for said in (
        queries.public_messages_about([order.pk]),
        queries.public_messages_of_case(order.shop, CaseKind.RETURN, 7),
    ):
        assert [m.body for m in said] == ["Hello", "Hi"]
        assert said[1] == answer
    assert [m.kind for m in queries.messages_of(ticket)] == ["customer", "staff", "note", "system"]


def test_a_customers_conversations_come_newest_first_whatever_the_case_of_the_address():
    shop = make_shop()
    old = make_ticket(shop=shop, customer_email="ada@x.test", messages=())
    new = make_ticket(shop=shop, customer_email="ada@x.test", last_message_at=NOON + DAY, messages=())

    assert queries.tickets_of_customer(shop, "Ada@X.test", limit=10) == [new, old]
    assert queries.tickets_of_customer(shop, "Ada@X.test", limit=1) == [new]


@pytest.mark.parametrize(
    ("state", "waits"), [("new", True), ("open", True), ("pending", True), ("solved", False), ("spam", False)]
)
def test_whether_an_order_is_being_talked_about(state, waits):
    order = make_order()
    make_ticket(order, state=TicketState(state))

    assert queries.open_ticket_exists(order.pk) is waits


def test_threads_are_read_by_key_from_both_ends(django_assert_num_queries):
    shop = make_shop()
    long, short = make_ticket(shop=shop, messages="abcde"), make_ticket(shop=shop, messages="x")
    keys = list(long.messages.order_by("pk").values_list("pk", flat=True))
    make_message(long, kind=MessageKind.NOTE)
    asked = {"kinds": [MessageKind.CUSTOMER], "limit": 2, "held": True}

    with django_assert_num_queries(1):
        first = queries.message_keys([long.pk, short.pk], newest=False, **asked)
    newest = queries.message_keys([long.pk], newest=True, **asked)
    between = queries.message_keys([long.pk], newest=False, after=keys[1], before=keys[3], **asked)

    assert first == {long.pk: keys[:2], short.pk: [short.messages.get().pk]}
    assert newest == {long.pk: keys[3:]}
    assert between == {long.pk: [keys[2]]}
    assert queries.message_keys([], newest=True, **asked) == {}
