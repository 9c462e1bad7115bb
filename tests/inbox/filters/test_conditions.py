from __future__ import annotations

from datetime import UTC, datetime

import pytest

from saleor_aftercare.channels.models import ChannelAccount
from saleor_aftercare.connection.shop import settings_of
from saleor_aftercare.inbox.filters import parse
from saleor_aftercare.inbox.filters.conditions import Asker, moment
from saleor_aftercare.inbox.filters.operators import OPERATORS
from saleor_aftercare.inbox.list_statements import Key, TicketOrder
from saleor_aftercare.inbox.lists import COUNT_CAP, TicketList, count_filters
from saleor_aftercare.inbox.models import (
    CaseKind,
    MessageKind,
    Priority,
    ReplyDraft,
    Tag,
    Ticket,
    TicketChannel,
    TicketState,
    TicketTag,
)
from saleor_aftercare.inbox.search import entries
from saleor_aftercare.people.models import Identity, Person
from saleor_aftercare.team.access import Access
from saleor_aftercare.team.models import Membership, Role, Team
from tests.make import DAY, HOUR, NOON, make_file, make_message, make_order, make_shop, make_staff, make_ticket

pytestmark = pytest.mark.django_db
AT = NOON + 10 * HOUR


@pytest.fixture
def world():
    """A shop with conversations of every kind, by their subjects."""
    shop = make_shop()
    me, ada = make_staff(shop, name="Me"), make_staff(shop, name="Ada Lovelace", email="ada@shop.test")
    team = Team.objects.create(shop=shop, name="Returns")
    Membership.objects.create(team=team, member=me)
    person = Person.objects.create(shop=shop, name="Jade Guerrero", is_vip=True, created_at=NOON)
    Identity.objects.create(shop=shop, person=person, kind="phone", value="+819012345678", created_at=NOON)
    Identity.objects.create(shop=shop, person=person, kind="email", value="jade@zoo.test", created_at=NOON)
    account = ChannelAccount.objects.create(
        shop=shop, kind="email", name="Help", address="help@shop.test", created_at=NOON
    )

    def ticket(subject, order=None, **values):
        name = order.customer_name if order else ""
        values = {"unread": False, "due_at": None, "customer_name": name, "messages": ("Hello.",)} | values
        return make_ticket(order, shop=shop, subject=subject, **values)

    late = ticket("late", state=TicketState.OPEN, due_at=AT - HOUR, assignee=me, unread=True)
    breached = ticket("breached", state=TicketState.PENDING, breach_at=AT - HOUR, priority=Priority.URGENT)
    vip = ticket("vip", state=TicketState.OPEN, person=person, assignee=ada, team=team, channel=TicketChannel.LINE)
    bought = ticket("bought", make_order(shop, number="4711", customer_name="山田 花子"), state=TicketState.NEW)
    returned = ticket("returned", state=TicketState.NEW, about=(CaseKind.RETURN, 7), account=account, language="ja")
    ticket("held", state=TicketState.ON_HOLD, wake_at=AT + DAY)
    ticket("elsewhere", state=TicketState.WAITING)
    ticket("solved", state=TicketState.SOLVED, last_message_at=NOON - 40 * DAY, messages=())
    ticket("closed", state=TicketState.CLOSED)
    ticket("spam", state=TicketState.SPAM, messages=("zipper",))
    ticket("merged", state=TicketState.MERGED)
    tag = Tag.objects.create(shop=shop, name="Big Order", key="big order")
    TicketTag.objects.create(ticket=late, tag=tag)
    make_message(bought, body="Asked 倉庫", kind=MessageKind.NOTE, mentions=[me.pk])
    make_message(returned, body="The zipper broke").attachments.add(make_file(shop))
    ReplyDraft.objects.create(shop=shop, ticket=vip, member=me, is_note=False, body="…", updated_at=NOON)
    entries.refresh(Ticket.objects.filter(shop=shop).values_list("pk", flat=True))
    make_ticket(shop=make_shop(), subject="another shop's")
    assert breached.pk
    return shop, me


ACTIVE = {"late", "breached", "vip", "bought", "returned", "held", "elsewhere"}
USUAL = ACTIVE | {"solved", "closed"}


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("", USUAL),
        ("is:open", ACTIVE),
        ("is:new", {"bought", "returned"}),
        ("is:pending", {"breached"}),
        ("is:waiting", {"elsewhere"}),
        ("is:snoozed", {"held"}),
        ("is:solved", {"solved", "closed"}),
        ("is:closed", {"closed"}),
        ("is:spam", {"spam"}),
        ("is:merged", {"merged"}),
        ("is:overdue", {"late", "breached"}),
        ("is:unread", {"late"}),
        ("is:read -is:solved", ACTIVE - {"late"}),
        ("is:mine", {"late"}),
        ("is:assigned", {"late", "vip"}),
        ("is:unassigned is:open", ACTIVE - {"late", "vip"}),
        ("is:mentioned", {"bought"}),
        ("is:vip", {"vip"}),
        ("is:vip,mine", {"vip", "late"}),
        ("state:spam,merged", {"spam", "merged"}),
        ("state:solved", {"solved"}),
        ("assignee:me", {"late"}),
        ("assignee:ada@shop.test", {"vip"}),
        ('assignee:"ada lovelace"', {"vip"}),
        ("assignee:ada", {"vip"}),
        ("assignee:none is:new", {"bought", "returned"}),
        ("team:returns", {"vip"}),
        ("team:mine", {"vip"}),
        ("team:none is:snoozed", {"held"}),
        ('tag:"BIG order"', {"late"}),
        ("tag:unknown", set()),
        ("-tag:unknown", USUAL),
        ("priority:urgent", {"breached"}),
        ("channel:line", {"vip"}),
        ("from:花子", {"bought"}),
        ("to:help@shop.test", {"returned"}),
        ("to:help", {"returned"}),
        ("customer:jade@zoo.test", {"vip"}),
        ("customer:090-1234-5678", {"vip"}),
        ("customer:guerrero", {"vip"}),
        ("order:4711", {"bought"}),
        ("order:none", USUAL - {"bought"}),
        ("#4711", {"bought"}),
        ("has:order", {"bought"}),
        ("has:return", {"returned"}),
        ("has:repair", set()),
        ("has:part", set()),
        ("has:withdrawal", set()),
        ("has:attachment", {"returned"}),
        ("has:note", {"bought"}),
        ("has:call", set()),
        ("has:tag", {"late"}),
        ("has:draft", {"vip"}),
        ("before:30d", {"solved"}),
        ("after:30d is:solved", {"closed"}),
        ("language:ja", {"returned"}),
        ("zipper", {"returned"}),
        ("zipper is:spam", {"spam"}),
        ("倉庫", {"bought"}),
        ("-zipper is:new", {"bought"}),
        ("hello -is:open", {"closed"}),
        ("…", set()),
    ],
)
def test_what_each_operator_finds(world, text, subjects):
    shop, me = world
    asked = parse(text)
    assert asked.problems == ()

    listed = TicketList(asked, Asker(shop, AT, me)).page(limit=50)

    assert {ticket.subject for ticket, _key in listed} == subjects
    everybody = Access(me.pk, Role.AGENT)
    assert set(Ticket.objects.filter(asked.q(me, everybody, AT)).values_list("subject", flat=True)) == (
        subjects if text != "…" else USUAL
    )


def test_every_operator_is_tried(world):
    (mark,) = [one for one in test_what_each_operator_finds.pytestmark if one.name == "parametrize"]
    tried = " ".join(text for text, _subjects in mark.args[1])

    assert [name for name in OPERATORS if f"{name}:" not in tried and name != "number"] == []
    for name in ("is", "has"):
        assert [value for value in OPERATORS[name].choices if value not in tried] == []


def test_a_machine_has_nothing_of_its_own(world):
    shop, _me = world

    for text in ("is:mine", "is:mentioned", "assignee:me", "team:mine", "has:draft"):
        assert not Ticket.objects.filter(parse(text).matches(shop, AT)).exists()
    assert Ticket.objects.get(parse("has:return zipper").matches(shop, AT)).subject == "returned"


def test_outsourced_people_find_their_own_queue_only(world):
    shop, me = world
    mine = Access(me.pk, Role.OUTSOURCED, frozenset(Team.objects.values_list("pk", flat=True)))

    listed = TicketList(parse("hello"), Asker(shop, AT, me), mine.ticket_filter).page(limit=50)

    assert {ticket.subject for ticket, _key in listed} == {"late", "vip"}


@pytest.mark.parametrize(
    ("value", "begins"),
    [
        ("2026", datetime(2025, 12, 31, 15, tzinfo=UTC)),
        ("2026-03", datetime(2026, 2, 28, 15, tzinfo=UTC)),
        ("2026-03-05", datetime(2026, 3, 4, 15, tzinfo=UTC)),
        ("today", datetime(2026, 3, 30, 15, tzinfo=UTC)),
        ("yesterday", datetime(2026, 3, 29, 15, tzinfo=UTC)),
        ("3h", datetime(2026, 3, 31, 9, tzinfo=UTC)),
        ("1m", datetime(2026, 2, 27, 15, tzinfo=UTC)),
        ("1y", datetime(2025, 3, 30, 15, tzinfo=UTC)),
    ],
)
def test_days_begin_where_the_shop_is(value, begins):
    shop = make_shop()
    settings = settings_of(shop)
    settings.time_zone = "Asia/Tokyo"
    settings.save()

    assert moment(value, Asker(shop, datetime(2026, 3, 31, 12, tzinfo=UTC))) == begins


@pytest.mark.parametrize("order", list(TicketOrder))
def test_pages_give_every_conversation_once_in_its_order(world, order):
    shop, me = world
    wanted = TicketList(parse("state:new,open,pending,waiting,on_hold,solved,spam"), Asker(shop, AT, me), order=order)
    seen: list[Ticket] = []
    after: Key | None = None
    while True:
        rows = wanted.page(limit=2, after=after)
        seen += [ticket for ticket, _key in rows[:2]]
        if len(rows) <= 2:
            break
        after = rows[1][1]

    assert [ticket.pk for ticket in seen] == wanted.keys(limit=50)
    assert len(seen) == len({ticket.pk for ticket in seen}) == 9
    first = {"newest": "spam", "oldest": "solved", "breach": "breached", "priority": "breached"}
    assert seen[0].subject == first[order.value]


def test_badges_are_counted_in_one_query_up_to_their_cap(world, django_assert_num_queries):
    shop, me = world
    one = Ticket.objects.filter(shop=shop, subject="held").get()
    Ticket.objects.bulk_create(
        Ticket(
            shop=shop,
            number=90_000 + n,
            subject="more",
            state=TicketState.PENDING,
            state_since=NOON,
            channel="api",
            language="en",
            customer_email="x@y.test",
            created_at=NOON,
            updated_at=NOON,
            last_message_at=NOON,
            last_message_kind=one.last_message_kind,
        )
        for n in range(COUNT_CAP + 5)
    )
    filters = {"mine": "is:mine", "pending": "is:pending", "words": "zipper", "line": "channel:line", "none": "tag:no"}
    asker = Asker(shop, AT, me)

    with django_assert_num_queries(1):
        counts = count_filters(filters, asker)

    assert counts == {"mine": 1, "pending": 100, "words": None, "line": 1, "none": 0}


def test_a_common_word_with_a_rare_condition_is_still_found(world, monkeypatch):
    shop, me = world
    monkeypatch.setattr("saleor_aftercare.inbox.search.finding.MAX_HITS", 1)

    listed = TicketList(parse("is:mine hello"), Asker(shop, AT, me)).page(limit=50)

    assert [ticket.subject for ticket, _key in listed] == ["late"]
