from __future__ import annotations

import pytest
from django.db import connection

from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import AftercareError, Conflict, InvalidInput, NotFound
from saleor_aftercare.core.jobs import run_due
from saleor_aftercare.core.models import Job
from saleor_aftercare.desk import bulk
from saleor_aftercare.desk.bulk import BulkKind, Order
from saleor_aftercare.desk.models import BulkAction, BulkItem, BulkState
from saleor_aftercare.inbox import actions
from saleor_aftercare.inbox.models import Priority, Tag, Ticket, TicketState, TicketTag
from saleor_aftercare.team.access import Access
from saleor_aftercare.team.models import Role, Team
from tests.crash import dies_at_statement
from tests.machines import assert_one_winner, illegal_pairs, legal_moves, unreachable
from tests.make import DAY, HOUR, NOON, make_shop, make_staff, make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    shop = make_shop()
    return shop, make_staff(shop), Access(0, Role.AGENT)


def begin(desk, order, tickets, **values):
    shop, me, access = desk
    keys = [ticket.pk for ticket in tickets]
    return bulk.start(shop, order, keys, **{"me": me, "access": access, "at": NOON} | values)


def finished(row):
    run_due()
    return BulkAction.objects.get(pk=row.pk)


def test_many_are_changed_with_progress_and_each_as_if_by_hand(desk):
    shop, me, _access = desk
    tickets = [make_ticket(shop=shop, state=TicketState.OPEN) for _ in range(30)]

    row = finished(begin(desk, Order(BulkKind.ASSIGN, assignee=me), tickets))

    assert (row.state, row.done, row.items.count()) == (BulkState.DONE, 30, 30)
    assert Ticket.objects.filter(assignee=me).count() == 30
    assert tickets[0].messages.filter(event="ticket.assigned").count() == 1


def test_what_is_so_already_is_not_counted_as_changed_and_refusals_say_why(desk):
    shop, _me, _access = desk
    fresh, done, spam = (
        make_ticket(shop=shop, state=state) for state in (TicketState.NEW, TicketState.SOLVED, TicketState.SPAM)
    )

    row = finished(begin(desk, Order(BulkKind.MOVE, move="solve"), [fresh, done, spam]))

    assert set(row.items.filter(problem="").values_list("ticket", flat=True)) == {fresh.pk}
    assert set(row.items.exclude(problem="").values_list("ticket", flat=True)) == {done.pk, spam.pk}
    priority = finished(begin(desk, Order(BulkKind.PRIORITY, priority=Priority.NORMAL), [fresh]))
    assert priority.items.count() == 0


def every_kind(shop, me):
    team = Team.objects.create(shop=shop, name="Returns")
    new, old = (Tag.objects.create(shop=shop, name=name, key=name) for name in ("new", "old"))
    return [
        Order(BulkKind.ASSIGN, assignee=me),
        Order(BulkKind.TEAM, team=team),
        Order(BulkKind.PRIORITY, priority=Priority.URGENT),
        Order(BulkKind.TAG, add_tags=(new,), remove_tags=(old,)),
        Order(BulkKind.MOVE, move="solve"),
        Order(BulkKind.MOVE, move="spam"),
        Order(BulkKind.SNOOZE, until=clock.now() + DAY),
        Order(BulkKind.READ),
    ], old


def snapshot(ticket):
    columns = ("assignee_id", "team_id", "priority", "state", "state_since", "wake_at", "unread")
    row = Ticket.objects.filter(pk=ticket.pk).values(*columns).get()
    return row | {"tags": sorted(TicketTag.objects.filter(ticket=ticket).values_list("tag__key", flat=True))}


@pytest.mark.parametrize("number", range(8))
def test_taking_back_restores_exactly_what_was_changed(desk, number):
    shop, me, _access = desk
    orders, old = every_kind(shop, me)
    assert len(orders) == 8
    assert {one.kind for one in orders} == set(BulkKind) - {BulkKind.MERGE, BulkKind.MACRO}
    tickets = [make_ticket(shop=shop, state=state) for state in (TicketState.NEW, TicketState.PENDING)]
    TicketTag.objects.create(ticket=tickets[0], tag=old)
    before = [snapshot(ticket) for ticket in tickets]

    row = finished(begin(desk, orders[number], tickets))
    assert [snapshot(ticket) for ticket in tickets] != before
    bulk.undo(row, at=clock.now())
    row = finished(row)

    assert (row.state, row.undone) == (BulkState.UNDONE, 2)
    assert [snapshot(ticket) for ticket in tickets] == before


def test_taking_back_leaves_alone_what_people_changed_since(desk):
    shop, me, _access = desk
    other = make_staff(shop)
    first, second = (make_ticket(shop=shop) for _ in range(2))
    row = finished(begin(desk, Order(BulkKind.ASSIGN, assignee=me), [first, second]))
    actions.assign(second, assignee=other, at=NOON + HOUR, staff=other)

    bulk.undo(row, at=NOON)
    row = finished(row)

    assert Ticket.objects.get(pk=first.pk).assignee is None
    assert Ticket.objects.get(pk=second.pk).assignee == other
    assert row.items.exclude(problem="").get().ticket == second


def test_a_ticket_that_was_answered_since_keeps_its_state(desk):
    shop, _me, _access = desk
    ticket = make_ticket(shop=shop, state=TicketState.OPEN)
    row = finished(begin(desk, Order(BulkKind.MOVE, move="solve"), [ticket]))
    actions.move_ticket(ticket, "reopen", at=clock.now(), staff=None)

    bulk.undo(row, at=NOON)
    finished(row)

    assert Ticket.objects.get(pk=ticket.pk).state == TicketState.OPEN
    assert BulkItem.objects.get(bulk=row).problem == "Somebody changed it since."


def test_somebody_reading_it_does_not_stand_in_the_way(desk):
    shop, _me, _access = desk
    ticket = make_ticket(shop=shop, state=TicketState.OPEN, unread=True)
    row = finished(begin(desk, Order(BulkKind.MOVE, move="solve"), [ticket]))
    actions.mark_read(ticket, at=NOON)

    bulk.undo(row, at=NOON)
    finished(row)

    now = Ticket.objects.get(pk=ticket.pk)
    assert (now.state, now.unread) == (TicketState.OPEN, False)


def test_stopped_half_way_the_rest_stays_as_it_was(desk):
    shop, me, _access = desk
    tickets = [make_ticket(shop=shop) for _ in range(bulk.CHUNK + 5)]
    row = begin(desk, Order(BulkKind.ASSIGN, assignee=me), tickets)
    bulk._chunk(row.pk, NOON)

    bulk.stop(BulkAction.objects.get(pk=row.pk), at=NOON)
    row = finished(row)

    assert (row.state, row.done) == (BulkState.STOPPED, bulk.CHUNK)
    assert Ticket.objects.filter(assignee=me).count() == bulk.CHUNK
    bulk.undo(row, at=NOON)
    assert finished(row).state == BulkState.UNDONE
    assert not Ticket.objects.filter(assignee=me).exists()
    with pytest.raises(Conflict):
        bulk.undo(BulkAction.objects.get(pk=row.pk), at=NOON)


def test_only_what_one_may_see_is_changed(desk):
    shop, me, _access = desk
    mine, others, foreign = make_ticket(shop=shop, assignee=me), make_ticket(shop=shop), make_ticket()
    outsourced = Access(me.pk, Role.OUTSOURCED)
    order = Order(BulkKind.PRIORITY, priority=Priority.HIGH)

    row = begin(desk, order, [mine, others, foreign], access=outsourced)

    assert row.keys == [mine.pk]
    with pytest.raises(NotFound):
        begin(desk, order, [foreign])


@pytest.mark.parametrize(
    ("order", "field"),
    [
        (Order(BulkKind.SNOOZE), "until"),
        (Order(BulkKind.SNOOZE, until=NOON), "until"),
        (Order(BulkKind.MOVE, move="merge"), "move"),
        (Order(BulkKind.PRIORITY, priority=9), "priority"),
        (Order(BulkKind.TAG), "addTags"),
    ],
)
def test_what_makes_no_sense_names_its_field(desk, order, field):
    with pytest.raises(InvalidInput) as refused:
        begin(desk, order, [make_ticket(shop=desk[0])])

    assert refused.value.field == field
    assert BulkAction.objects.count() == Job.objects.count() == 0


def test_no_conversation_too_many_and_too_many_at_once_are_refused(desk, monkeypatch):
    monkeypatch.setattr(bulk, "MAX_TICKETS", 2)
    ticket = make_ticket(shop=desk[0])
    order = Order(BulkKind.READ)

    for tickets in ([], [ticket] * 3):
        with pytest.raises(InvalidInput):
            begin(desk, order, tickets)
    for _ in range(bulk.MAX_RUNNING):
        begin(desk, order, [ticket])
    with pytest.raises(Conflict):
        begin(desk, order, [ticket])


def test_a_tag_that_is_gone_stops_the_action(desk):
    shop, _me, _access = desk
    tag = Tag.objects.create(shop=shop, name="new", key="new")
    row = begin(desk, Order(BulkKind.TAG, add_tags=(tag,)), [make_ticket(shop=shop)])
    tag.delete()

    assert finished(row).state == BulkState.STOPPED


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_anywhere_leaves_nothing_done_twice_or_not_at_all():
    shop = make_shop()
    me = make_staff(shop)
    tickets = [make_ticket(shop=shop) for _ in range(3)]
    statement = 0
    while True:
        statement += 5
        Ticket.objects.filter(shop=shop).update(assignee=None)
        for ticket in tickets:
            ticket.messages.filter(kind="system").delete()
        row = bulk.start(
            shop,
            Order(BulkKind.ASSIGN, assignee=me),
            [ticket.pk for ticket in tickets],
            me=me,
            access=Access(0, Role.AGENT),
            at=NOON,
        )
        job = Job.objects.get(key=f"bulk:{row.pk}:running:0")
        died = dies_at_statement(statement, lambda job=job: bulk.work(job))
        connection.close()
        bulk.work(job)

        row.refresh_from_db()
        assert (row.state, row.done, row.items.count()) == (BulkState.DONE, 3, 3)
        assert [ticket.messages.filter(event="ticket.assigned").count() for ticket in tickets] == [1, 1, 1]
        if not died:
            break


@pytest.mark.django_db(transaction=True)
def test_two_people_who_take_back_the_same_action_take_it_back_once(at_once):
    shop = make_shop()
    me = make_staff(shop)
    row = bulk.start(
        shop, Order(BulkKind.READ), [make_ticket(shop=shop).pk], me=me, access=Access(0, Role.AGENT), at=NOON
    )
    run_due()

    outcomes = at_once([lambda: bulk.undo(BulkAction.objects.get(pk=row.pk), at=NOON).state] * 2)

    assert sorted(outcomes) == sorted([BulkState.UNDOING, Conflict.code])
    assert issubclass(Conflict, AftercareError)


@pytest.mark.parametrize(("state", "action", "target"), legal_moves(BulkAction.workflow))
def test_every_legal_move_is_made(desk, state, action, target):
    row = a_bulk(desk, state)

    row.move(action, at=NOON)

    assert BulkAction.objects.get(pk=row.pk).state == target


@pytest.mark.parametrize(("state", "action"), illegal_pairs(BulkAction.workflow))
def test_every_other_move_is_refused(desk, state, action):
    row = a_bulk(desk, state)

    with pytest.raises(Conflict):
        row.move(action, at=NOON)

    assert BulkAction.objects.get(pk=row.pk).state == state


def test_one_move_wins_and_every_state_is_reached(desk):
    assert_one_winner(lambda: a_bulk(desk, BulkState.RUNNING), "stop")
    assert unreachable(BulkAction.workflow, first=BulkState.PLANNING) == set()


def a_bulk(desk, state):
    shop, me, _access = desk
    return BulkAction.objects.create(
        shop=shop, member=me, action="read", keys=[], state=state, state_since=NOON, created_at=NOON
    )
