"""Statements that are kept find what the querysets find that they were made of, whoever asks and for whatever."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saleor_aftercare.inbox import list_statements, lists
from saleor_aftercare.inbox.filters import parse
from saleor_aftercare.inbox.filters.conditions import Asker
from saleor_aftercare.inbox.list_statements import Key, TicketOrder, cases_by_ticket
from saleor_aftercare.inbox.lists import VIEW_FILTERS, TicketList, count_filters
from saleor_aftercare.inbox.models import CaseKind, MessageKind, Priority, Tag, Ticket, TicketState, TicketTag
from saleor_aftercare.team.models import Membership, Team
from tests.make import DAY, HOUR, NOON, make_message, make_shop, make_staff, make_ticket

pytestmark = pytest.mark.django_db

CONDITIONS = (
    *("is:open", "is:new", "is:pending", "is:waiting", "is:snoozed", "is:solved", "is:spam", "is:overdue"),
    *("is:mine", "is:mentioned", "is:unassigned", "is:unread", "is:vip", "is:mine,unread", "-is:mentioned"),
    *("assignee:me", "assignee:none", "assignee:ada", "-assignee:me", "team:mine", "team:none", "team:Returns"),
    *("tag:big", "-tag:big", "priority:urgent", "channel:portal", "has:return", "has:draft", "-has:return"),
    *("language:ja", "order:none", "number:3", "state:open,pending", "state:merged"),
    # Kept by none: they ask for the shop's time zone, or for words.
    *("before:2d", "after:1h", "from:c1@x.test", "customer:nobody", "zipper"),
)
COLUMNS = ("pk", "number", "assignee__name", "due_at")


@pytest.fixture
def desks() -> list[Asker]:
    """Two shops with conversations of many kinds, and those who ask: two of one shop, one of the other, and nobody."""
    askers = []
    for language in ("en", "ja"):
        shop = make_shop()
        me, ada = make_staff(shop, name="Me"), make_staff(shop, name="Ada", email="ada@shop.test")
        team = Team.objects.create(shop=shop, name="Returns")
        Membership.objects.create(team=team, member=me)
        tag = Tag.objects.create(shop=shop, name="Big", key="big")
        for n, state in enumerate((*TicketState, *TicketState)):
            ticket = make_ticket(
                shop=shop,
                state=state,
                language=language,
                subject=f"{n}",
                assignee=(None, me, ada)[n % 3],
                team=(team, None)[n % 2],
                priority=tuple(Priority)[n % len(Priority)],
                unread=n % 4 == 0,
                due_at=NOON + (n - 6) * HOUR if n % 5 else None,
                breach_at=NOON + (n - 5) * HOUR if n % 3 else None,
                # Several of one moment, so that the key decides.
                last_message_at=NOON - n // 3 * DAY,
                wake_at=NOON + DAY if state == TicketState.ON_HOLD else None,
                about=(CaseKind.RETURN, n + 1) if n % 4 == 1 else None,
            )
            if n % 4 == 2:
                TicketTag.objects.create(ticket=ticket, tag=tag)
                make_message(ticket, kind=MessageKind.NOTE, mentions=[me.pk])
        askers += [Asker(shop, NOON, me), Asker(shop, NOON + 3 * HOUR, ada), Asker(shop, NOON)]
    return askers


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    texts=st.lists(st.sampled_from(CONDITIONS), max_size=3),
    who=st.integers(0, 5),
    order=st.sampled_from(TicketOrder),
    limit=st.integers(1, 12),
)
def test_kept_statements_page_and_count_as_querysets_do(
    desks: list[Asker], texts: list[str], who: int, order: TicketOrder, limit: int
) -> None:
    asked = TicketList(parse(" ".join(texts)), desks[who], order=order)
    pages: list[list[int]] = []
    after: Key | None = None
    while True:
        kept = asked.page_of_columns(COLUMNS, limit=limit, after=after)
        fresh = asked.page(limit=limit, after=after)
        expected = [(row.pk, row.number, row.assignee and row.assignee.name, row.due_at) for row, _key in fresh]
        assert [row[:4] for row, _key in kept] == expected
        assert [key for _row, key in kept] == [key for _row, key in fresh]
        pages.append([row[0] for row, _key in kept[:limit]])
        if len(kept) <= limit:
            break
        after = kept[limit - 1][1]
    rows, complete = asked.rows()
    found = [pk for page in pages for pk in page]
    assert sorted(found) == sorted(rows.values_list("pk", flat=True))
    assert asked.count(limit=100) == (len(found) if complete else None)


def test_badges_of_kept_statements_are_those_of_querysets(desks: list[Asker], monkeypatch: pytest.MonkeyPatch) -> None:
    filters = {view.value: text for view, text in VIEW_FILTERS.items()}
    kept = [count_filters(filters, asker) for asker in desks]
    monkeypatch.setattr(list_statements, "_is_fixed", lambda _filter: False)
    assert kept == [count_filters(filters, asker) for asker in desks]
    assert kept[0]["assigned_to_me"] != kept[1]["assigned_to_me"]
    assert {counts["mentioned"] for counts in kept[2::3]} == {0}


def test_a_view_is_written_once_however_often_and_by_whomever_it_is_asked_for(
    desks: list[Asker], monkeypatch: pytest.MonkeyPatch
) -> None:
    list_statements._written_part.cache_clear()
    list_statements._written_keys.cache_clear()
    written: list[object] = []
    write = list_statements.statements.written

    def noted(*args: Any) -> Any:
        written.append(args)
        return write(*args)

    monkeypatch.setattr(list_statements.statements, "written", noted)
    for asker in (desks[0], desks[1], desks[3], desks[4]):
        asked = TicketList(parse("is:open assignee:me"), asker)
        for _ in range(2):
            assert asked.page_of_columns(COLUMNS, limit=3)
            assert asked.count(limit=10)
    assert len(written) == 2


@pytest.mark.parametrize("text", ["before:2d", "is:open zipper", "from:ada@x.test", "-zipper"])
def test_what_reads_settings_or_words_is_never_kept(
    desks: list[Asker], monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr(list_statements, "_written_part", pytest.fail)
    monkeypatch.setattr(list_statements, "_written_keys", pytest.fail)
    asked = TicketList(parse(text), desks[0])
    asked.page_of_columns(COLUMNS, limit=3)
    asked.count(limit=10)


def test_who_sees_a_part_only_is_asked_for_anew(desks: list[Asker]) -> None:
    from django.db.models import Q

    mine = Q(assignee=desks[0].me)
    asked = TicketList(lists.read_filter("is:open"), desks[0], mine)
    rows = [row[0] for row, _key in asked.page_of_columns(COLUMNS, limit=50)]
    assert sorted(rows) == sorted(asked.rows()[0].values_list("pk", flat=True))
    assert asked.count(limit=50) == len(rows) == Ticket.objects.filter(pk__in=rows, assignee=desks[0].me).count() > 0


def test_cases_stand_by_their_conversation_and_kind_in_the_order_in_which_they_came(desks: list[Asker]) -> None:
    one, other = make_ticket(about=(CaseKind.RETURN, 9)), make_ticket(about=(CaseKind.REPAIR, 2))
    assert cases_by_ticket(one.shop, [one.pk, other.pk]) == {one.pk: {"return": [9]}}
    assert cases_by_ticket(one.shop, []) == {}


def test_the_clock_of_the_asker_moves_what_is_late(desks: list[Asker]) -> None:
    shop, me = desks[0].shop, desks[0].me
    before, after = (
        TicketList(parse("is:overdue"), Asker(shop, NOON + hours, me)).count(limit=99)
        for hours in (timedelta(hours=-20), timedelta(hours=20))
    )
    assert before == 0
    assert after is not None
    assert after > 3
