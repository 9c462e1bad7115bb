"""The inbox's lists over the API: views, pages, search, badges and what changed."""

from __future__ import annotations

from typing import Any

import pytest

from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.inbox.models import TicketState
from saleor_aftercare.inbox.search import entries
from tests.graphql.api import as_staff, shop_with_key
from tests.make import (
    HOUR,
    NOON,
    make_shop,
    make_staff,
    make_ticket,
)

pytestmark = pytest.mark.django_db

LIST = """query ($view: TicketView, $search: String, $first: Int, $after: String) {
  tickets(view: $view, search: $search, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { number } }
  }
}"""


def numbers(answer: Any) -> list[int]:
    return [edge["node"]["number"] for edge in answer.data["tickets"]["edges"]]


# -- lists -------------------------------------------------------------------------------------------------------------


def test_the_newest_message_comes_first_and_other_shops_do_not():
    shop = shop_with_key()
    old = make_ticket(shop=shop)
    new = make_ticket(shop=shop, messages=("one", "two"))
    make_ticket(shop=make_shop())

    answer = as_staff(shop).ask(LIST)

    assert numbers(answer) == [new.number, old.number]
    assert answer.data["tickets"]["totalCount"] == 2


def test_pages_follow_each_other_without_gaps_although_moments_repeat():
    shop = shop_with_key()
    made = [make_ticket(shop=shop).number for _ in range(5)]
    staff = as_staff(shop)

    seen: list[int] = []
    after = None
    for _page in range(3):
        answer = staff.ask(LIST, first=2, after=after)
        seen += numbers(answer)
        info = answer.data["tickets"]["pageInfo"]
        assert info["hasPreviousPage"] is (after is not None)
        after = info["endCursor"]

    assert seen == made[::-1]
    assert info["hasNextPage"] is False


def test_a_row_that_arrives_meanwhile_moves_no_page():
    shop = shop_with_key()
    first, second = make_ticket(shop=shop), make_ticket(shop=shop)
    staff = as_staff(shop)
    after = staff.ask(LIST, first=1).data["tickets"]["pageInfo"]["endCursor"]
    make_ticket(shop=shop, messages=("one", "two", "three"))

    assert numbers(staff.ask(LIST, first=1, after=after)) == [first.number]
    assert second.number not in numbers(staff.ask(LIST, first=5, after=after))


@pytest.mark.parametrize("first", [0, -1, 101])
def test_page_sizes_are_bounded(first: int):
    answer = as_staff(shop_with_key()).ask(LIST, first=first)

    assert (answer.code, answer.body["errors"][0]["extensions"]["field"]) == ("INVALID", "first")


@pytest.mark.parametrize("after", ["", "x", "W10", "WzFd", "bnVsbA", "Wzk5OTk5OTk5OTk5OTk5OTk5OTk5XQ", "x" * 500])
def test_foreign_cursors_are_named(after: str):
    answer = as_staff(shop_with_key()).ask(LIST, after=after)

    assert (answer.code, answer.body["errors"][0]["extensions"]["field"]) == ("INVALID", "after")


def test_views_and_counts_agree():
    shop = shop_with_key()
    me = make_staff(shop)
    mine = make_ticket(shop=shop, assignee=me)
    overdue = make_ticket(shop=shop, due_at=NOON - HOUR)
    spam = make_ticket(shop=shop, state=TicketState.SPAM)
    staff = as_staff(shop, member=me)

    counts = {one["view"]: one["count"] for one in staff.ask("{ ticketCounts { view count } }").data["ticketCounts"]}

    assert numbers(staff.ask(LIST, view="ASSIGNED_TO_ME")) == [mine.number]
    assert numbers(staff.ask(LIST, view="OVERDUE")) == [overdue.number]
    assert numbers(staff.ask(LIST, view="SPAM")) == [spam.number]
    assert (counts["ASSIGNED_TO_ME"], counts["UNASSIGNED"], counts["OPEN"], counts["OVERDUE"]) == (1, 1, 2, 1)


def test_tickets_are_found_by_number_and_by_words():
    shop = shop_with_key()
    wanted = make_ticket(shop=shop, subject="Broken handle")
    make_ticket(shop=shop)
    entries.refresh([wanted.pk])
    staff = as_staff(shop)

    assert numbers(staff.ask(LIST, view="ALL", search=f"#{wanted.number}")) == [wanted.number]
    assert numbers(staff.ask(LIST, view="ALL", search="broken")) == [wanted.number]
    assert numbers(staff.ask(LIST, view="ALL", search="%")) == []


def test_changes_are_told_once_known():
    shop = shop_with_key()
    ticket = make_ticket(shop=shop)
    staff = as_staff(shop)
    query = "query ($c: String) { changesSince(cursor: $c) { cursor truncated tickets { number } counts { view } } }"
    start = staff.ask(query).data["changesSince"]

    staff.ask(
        "mutation ($id: ID!) { ticketAssign(id: $id, toMe: true) { errors { code } } }",
        id=to_global_id("Ticket", ticket.pk),
    )
    after = staff.ask(query, c=start["cursor"]).data["changesSince"]

    assert (start["tickets"], start["counts"]) == ([], None)
    assert [one["number"] for one in after["tickets"]] == [ticket.number]
    assert after["counts"]
    assert after["truncated"] is False
