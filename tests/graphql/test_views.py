"""Views and the search field's help, through the API."""

from __future__ import annotations

import pytest

from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.desk.models import SavedView
from saleor_aftercare.inbox.models import Tag
from saleor_aftercare.inbox.search import entries
from tests.graphql.api import as_staff, shop_with_key
from tests.make import make_ticket

pytestmark = pytest.mark.django_db

VIEWS = "{ inboxViews { id name standard query order isShared isMineToChange version count } }"
SAVE = """mutation ($id: ID, $version: Int, $input: InboxViewInput!) {
  inboxViewSave(id: $id, version: $version, input: $input) {
    view { id name query order isShared version count } errors { field code } } }"""
LIST = """query ($viewId: ID, $search: String, $order: TicketOrder, $thorough: Boolean) {
  tickets(viewId: $viewId, search: $search, order: $order, thorough: $thorough) {
    totalCount edges { node { number } } } }"""


@pytest.fixture
def shop():
    return shop_with_key()


@pytest.fixture
def staff(shop):
    return as_staff(shop)


def numbers(answer):
    return [edge["node"]["number"] for edge in answer.data["tickets"]["edges"]]


def test_a_search_is_saved_as_a_view_and_the_view_lists_what_it_finds(shop, staff):
    tag = Tag.objects.create(shop=shop, name="VIP", key="vip")
    ticket, _other = make_ticket(shop=shop), make_ticket(shop=shop)
    ticket.tags.add(tag)

    saved = staff.ask(SAVE, input={"name": "Important", "query": "タグ:VIP", "order": "PRIORITY"}).data["inboxViewSave"]
    views = staff.ask(VIEWS).data["inboxViews"]

    assert saved["errors"] == []
    assert saved["view"] == {
        "id": to_global_id("SavedView", SavedView.objects.get().pk),
        "name": "Important",
        "query": "tag:vip",
        "order": "PRIORITY",
        "isShared": False,
        "version": 1,
        "count": 1,
    }
    assert views[-1]["id"] == saved["view"]["id"]
    assert next(one for one in views if one["standard"] == "OPEN")["count"] == 2
    assert numbers(staff.ask(LIST, viewId=saved["view"]["id"])) == [ticket.number]


def test_columns_are_saved_in_their_order_and_two_alike_are_refused(staff):
    save = """mutation ($input: InboxViewInput!) { inboxViewSave(input: $input) {
      view { columns } errors { field code } } }"""

    saved = staff.ask(save, input={"name": "a", "query": "", "columns": ["DUE", "CUSTOMER"]}).data["inboxViewSave"]
    twice = staff.ask(save, input={"name": "b", "query": "", "columns": ["DUE", "DUE"]}).data["inboxViewSave"]

    assert saved == {"view": {"columns": ["DUE", "CUSTOMER"]}, "errors": []}
    assert twice["errors"] == [{"field": "columns", "code": "INVALID"}]
    assert staff.ask("{ inboxViews { columns } }").data["inboxViews"][0]["columns"] == []


def test_a_stale_version_and_a_filter_that_means_nothing_are_named(staff):
    view = staff.ask(SAVE, input={"name": "Mine", "query": "is:mine"}).data["inboxViewSave"]["view"]

    stale = staff.ask(SAVE, id=view["id"], version=9, input={"name": "Mine", "query": ""}).data["inboxViewSave"]
    wrong = staff.ask(SAVE, input={"name": "Other", "query": "is:lost"}).data["inboxViewSave"]

    assert stale["errors"] == [{"field": "version", "code": "CONFLICT"}]
    assert wrong["errors"] == [{"field": "query", "code": "INVALID"}]


def test_views_are_sorted_and_deleted(staff):
    ids = [
        staff.ask(SAVE, input={"name": name, "query": ""}).data["inboxViewSave"]["view"]["id"] for name in ("a", "b")
    ]

    sort = "mutation ($ids: [ID!]!) { inboxViewsSort(ids: $ids) { views { id } errors { code } } }"
    sorted_views = staff.ask(sort, ids=ids[::-1]).data["inboxViewsSort"]["views"]
    gone = staff.ask("mutation ($id: ID!) { inboxViewDelete(id: $id) { errors { code } } }", id=ids[0])

    assert [one["id"] for one in sorted_views][-2:] == ids[::-1]
    assert gone.data["inboxViewDelete"]["errors"] == []
    assert SavedView.objects.get().name == "b"


def test_the_search_field_is_helped_with_places_as_browsers_count_them(shop, staff):
    Tag.objects.create(shop=shop, name="Big order", key="big order")
    ask = """query ($text: String!, $caret: Int) { searchHelp(text: $text, caret: $caret) {
      query problems { start end code } offers { insert start end value alias } } }"""

    text = "😀 is:lost tag:bi"
    told = staff.ask(ask, text=text, caret=len(text.encode("utf-16-le")) // 2).data["searchHelp"]
    ja = staff.ask(ask, text="担", caret=1).data["searchHelp"]
    values = staff.ask(ask, text="-is:u", caret=5).data["searchHelp"]

    assert told["problems"] == [{"start": 6, "end": 10, "code": "UNKNOWN_VALUE"}]
    assert told["offers"] == [{"insert": '"Big order"', "start": 15, "end": 17, "value": "Big order", "alias": None}]
    assert ja["offers"][0] == {"insert": "担当:", "start": 0, "end": 1, "value": None, "alias": "担当"}
    assert [one["value"] for one in values["offers"]] == ["unread", "unassigned"]


def test_an_order_and_a_search_of_everything_are_passed_on(shop, staff):
    first, second = (make_ticket(shop=shop) for _ in range(2))
    entries.refresh([first.pk, second.pk])

    assert numbers(staff.ask(LIST, order="OLDEST")) == [first.number, second.number]
    found = staff.ask(LIST, search="grind", thorough=True)
    assert (numbers(found), found.data["tickets"]["totalCount"]) == ([second.number, first.number], 2)
