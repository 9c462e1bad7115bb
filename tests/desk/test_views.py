from __future__ import annotations

import pytest

from saleor_aftercare.core.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from saleor_aftercare.desk.models import SavedView
from saleor_aftercare.desk.views import (
    MAX_VIEWS,
    Column,
    Draft,
    View,
    counts_of,
    delete_view,
    get_saved_view,
    list_of,
    save_view,
    saved_views,
    sort_views,
    views_of,
)
from saleor_aftercare.inbox.filters.conditions import Asker
from saleor_aftercare.inbox.list_statements import TicketOrder
from saleor_aftercare.inbox.lists import TicketView
from saleor_aftercare.team.access import Access
from saleor_aftercare.team.models import Membership, Role, Team
from tests.make import NOON, make_shop, make_staff, make_ticket

pytestmark = pytest.mark.django_db
AGENT, OUTSOURCED = Access(0, Role.AGENT), Access(0, Role.OUTSOURCED)


@pytest.fixture
def people():
    shop = make_shop()
    return shop, make_staff(shop), make_staff(shop)


def save(shop, me, name="Angry", query="tag:angry", *, access=AGENT, view=None, version=None, **values):
    draft = Draft(name=name, query=query, **values)
    return save_view(shop, draft, me=me, access=access, view=view, version=version)


def test_a_view_keeps_its_filter_in_the_common_spelling(people):
    shop, me, _other = people

    row = save(shop, me, " Angry  ones ", "タグ:Angry 優先度:緊急", order=TicketOrder.PRIORITY)

    assert (row.name, row.query, row.order) == ("Angry ones", "tag:angry priority:urgent", "priority")
    assert View(saved=row).order == TicketOrder.PRIORITY


def test_ones_own_views_are_seen_by_nobody_else_and_shared_ones_by_those_they_are_for(people):
    shop, me, other = people
    team = Team.objects.create(shop=shop, name="Returns")
    Membership.objects.create(team=team, member=other)
    mine = save(shop, me, "Mine")
    ours = save(shop, me, "Ours", is_shared=True)
    theirs = save(shop, me, "Theirs", is_shared=True, team=team)

    assert saved_views(shop, me, AGENT) == [mine, ours]
    assert saved_views(shop, other, AGENT) == [ours, theirs]
    assert saved_views(make_shop(), me, AGENT) == [mine, ours][:0]
    with pytest.raises(NotFound):
        get_saved_view(shop, other, AGENT, mine.pk)
    assert len(views_of(shop, me, AGENT)) == len(TicketView) + 2


@pytest.mark.parametrize(
    ("name", "query", "field"),
    [
        ("", "is:open", "name"),
        ("x" * 61, "is:open", "name"),
        ("Fine", "is:lost", "query"),
        ("Fine", "tag:", "query"),
        ("Fine", "x" * 501, "query"),
        ("TAKEN", "is:open", "name"),
    ],
)
def test_what_cannot_be_saved_names_its_field(people, name, query, field):
    shop, me, _other = people
    save(shop, me, "Taken")

    with pytest.raises(InvalidInput) as refused:
        save(shop, me, name, query)

    assert refused.value.field == field
    assert SavedView.objects.count() == 1


def test_the_slower_of_two_editors_is_told(people):
    shop, me, other = people
    row = save(shop, me, is_shared=True)
    save(shop, other, "Calm", view=row, version=1, is_shared=True)

    with pytest.raises(Conflict):
        save(shop, me, "Furious", view=row, version=1, is_shared=True)

    assert SavedView.objects.get().name == "Calm"


def test_outsourced_people_save_for_themselves_only(people):
    shop, me, other = people
    shared = save(shop, me, is_shared=True)

    own = save(shop, other, access=OUTSOURCED)

    assert own.owner == other
    with pytest.raises(PermissionDenied):
        save(shop, other, "More", access=OUTSOURCED, is_shared=True)
    for attempt in (
        lambda: delete_view(shared, me=other, access=OUTSOURCED),
        lambda: save(shop, other, access=OUTSOURCED, view=shared, version=1),
    ):
        with pytest.raises(PermissionDenied):
            attempt()


def test_outsourced_people_see_their_own_views_and_their_teams_and_none_of_the_shops(people):
    shop, me, other = people
    team, elsewhere = (Team.objects.create(shop=shop, name=name) for name in ("Night", "Day"))
    Membership.objects.create(team=team, member=other)
    everybodys = save(shop, me, "Everybody's", is_shared=True)
    theirs = save(shop, me, "Theirs", is_shared=True, team=team)
    save(shop, me, "Another team's", is_shared=True, team=elsewhere)
    own = save(shop, other, "Own", access=OUTSOURCED)

    assert saved_views(shop, other, OUTSOURCED) == [theirs, own]
    assert {view.saved.name for view in views_of(shop, other, OUTSOURCED) if view.saved} == {"Own", "Theirs"}
    with pytest.raises(NotFound):
        get_saved_view(shop, other, OUTSOURCED, everybodys.pk)
    sort_views(shop, [everybodys.pk, theirs.pk, own.pk], me=other, access=OUTSOURCED)
    assert SavedView.objects.get(pk=everybodys.pk).position == everybodys.position


def test_administrators_see_the_views_of_every_team_that_there_is(people):
    shop, me, other = people
    admin = Access(0, Role.ADMINISTRATOR)
    team, past = Team.objects.create(shop=shop, name="Night"), Team.objects.create(shop=shop, name="Past")
    rows = [save(shop, other, name, is_shared=True, team=one) for name, one in (("a", team), ("b", None), ("c", past))]
    save(shop, other, "own")
    Team.objects.filter(pk=past.pk).update(archived_at=NOON)

    assert set(saved_views(shop, me, admin)) == set(rows[:2])


def test_a_view_keeps_its_columns_in_their_order_each_once(people):
    shop, me, _other = people

    row = save(shop, me, columns=(Column.TAGS, Column.SUBJECT, Column.DUE))

    assert View(saved=SavedView.objects.get()).columns == (Column.TAGS, Column.SUBJECT, Column.DUE)
    assert View(standard=TicketView.OPEN).columns == ()
    with pytest.raises(InvalidInput) as refused:
        save(shop, me, view=row, version=1, columns=(Column.TAGS, Column.TAGS))
    assert refused.value.field == "columns"
    assert save(shop, me, view=row, version=1).columns == []


def test_there_are_only_so_many(people):
    shop, me, _other = people
    SavedView.objects.bulk_create(SavedView(shop=shop, owner=me, name=f"v{n}", query="") for n in range(MAX_VIEWS))

    with pytest.raises(InvalidInput):
        save(shop, me)


def test_views_are_put_in_order_and_deleted(people):
    shop, me, _other = people
    rows = [save(shop, me, name) for name in "abc"]

    assert sort_views(shop, [rows[2].pk, 10**9, rows[0].pk], me=me, access=AGENT) == [rows[2], rows[0], rows[1]]
    delete_view(rows[0], me=me, access=AGENT)
    assert [row.name for row in saved_views(shop, me, AGENT)] == ["c", "b"]


def test_numbers_of_all_views_come_in_one_query(people, django_assert_num_queries):
    shop, me, _other = people
    make_ticket(shop=shop, assignee=me)
    save(shop, me, "Mine twice", "is:mine")
    save(shop, me, "Words", "grinder")
    views = views_of(shop, me, AGENT)

    with django_assert_num_queries(1):
        counts = counts_of(views, Asker(shop, NOON, me), visible=AGENT.ticket_filter)

    named = {view.saved.name: counts[view.key] for view in views if view.saved}
    assert named == {"Mine twice": 1, "Words": None}
    assert counts["assigned_to_me"] == 1
    assert counts["unassigned"] == 0
    assert "solved" not in counts


def test_a_view_is_narrowed_by_a_search(people):
    shop, me, _other = people
    mine, _free = make_ticket(shop=shop, assignee=me), make_ticket(shop=shop)
    row = save(shop, me, "Mine", "is:mine")
    asker = Asker(shop, NOON, me)

    assert list_of(View(saved=row), asker).keys(limit=5) == [mine.pk]
    assert list_of(View(saved=row), asker, search="is:solved").keys(limit=5) == []
