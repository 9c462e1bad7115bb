"""Many conversations become one, in the background, and part again."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.jobs import run_due
from saleor_aftercare.core.models import Job
from saleor_aftercare.desk import bulk
from saleor_aftercare.desk.bulk import BulkKind, Order
from saleor_aftercare.desk.models import BulkAction, BulkState
from saleor_aftercare.inbox import actions
from saleor_aftercare.inbox.models import MessageKind, Ticket, TicketMerge, TicketState
from saleor_aftercare.team.access import Access
from saleor_aftercare.team.models import Role
from tests.crash import dies_at_statement
from tests.make import NOON, make_shop, make_staff, make_ticket

pytestmark = pytest.mark.django_db

Desk = tuple[Any, Any]


@pytest.fixture
def desk() -> Desk:
    shop = make_shop()
    return shop, make_staff(shop)


def of_one_customer(shop: Any, count: int) -> list[Ticket]:
    return [make_ticket(shop=shop, customer_email="ada@customer.test", state=TicketState.OPEN) for _ in range(count)]


def begin(desk: Desk, tickets: list[Ticket], *, access: Access | None = None, **values: Any) -> BulkAction:
    shop, me = desk
    keys = [ticket.pk for ticket in tickets]
    order = Order(BulkKind.MERGE, **values)
    return bulk.start(shop, order, keys, me=me, access=access or Access(me.pk, Role.AGENT), at=NOON)


def finished(row: BulkAction) -> BulkAction:
    run_due()
    return BulkAction.objects.get(pk=row.pk)


def spoken(ticket: Ticket) -> int:
    return ticket.messages.exclude(kind=MessageKind.SYSTEM).count()


def states(tickets: list[Ticket]) -> list[str]:
    held = {ticket.pk: str(ticket.state) for ticket in Ticket.objects.all()}
    return [held[ticket.pk] for ticket in tickets]


def test_the_chosen_go_on_in_the_oldest_of_them_and_part_again(desk: Desk):
    tickets = of_one_customer(desk[0], 4)

    row = finished(begin(desk, [tickets[2], tickets[0], tickets[3], tickets[1]]))

    assert (row.state, row.done, row.keys) == (BulkState.DONE, 3, [tickets[2].pk, tickets[3].pk, tickets[1].pk])
    assert states(tickets) == ["open", "merged", "merged", "merged"]
    assert set(Ticket.objects.filter(state="merged").values_list("merged_into", flat=True)) == {tickets[0].pk}
    assert spoken(tickets[0]) == 4

    bulk.undo(row, at=clock.now())
    row = finished(row)

    assert (row.state, row.undone) == (BulkState.UNDONE, 3)
    assert states(tickets) == ["open"] * 4
    assert [spoken(ticket) for ticket in tickets] == [1, 1, 1, 1]
    assert not row.items.exclude(problem="").exists()


def test_the_one_that_somebody_chose_is_kept(desk: Desk):
    tickets = of_one_customer(desk[0], 3)

    finished(begin(desk, tickets, keep=tickets[1]))

    assert states(tickets) == ["merged", "open", "merged"]


def test_of_different_customers_nothing_becomes_one_unless_that_is_meant(desk: Desk):
    mine = of_one_customer(desk[0], 2)
    stranger = make_ticket(shop=desk[0], state=TicketState.OPEN)

    row = finished(begin(desk, [*mine, stranger]))

    assert states([*mine, stranger]) == ["open", "merged", "open"]
    refused = row.items.exclude(problem="").get()
    assert refused.ticket == stranger
    assert "different customers" in refused.problem
    finished(begin(desk, [mine[0], stranger], across_customers=True))
    assert states([*mine, stranger]) == ["open", "merged", "merged"]


def test_one_that_was_parted_by_hand_stays_where_it_is_when_all_is_taken_back(desk: Desk):
    tickets = of_one_customer(desk[0], 3)
    row = finished(begin(desk, tickets))
    actions.undo_merge(TicketMerge.objects.get(other=tickets[1]), at=clock.now(), staff=None)

    bulk.undo(row, at=clock.now())
    row = finished(row)

    assert states(tickets) == ["open"] * 3
    assert row.items.exclude(problem="").get().problem == "This was taken back already."


def test_one_alone_too_many_and_one_that_was_not_chosen_are_named(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bulk, "MAX_MERGED", 2)
    tickets = of_one_customer(desk[0], 3)

    for chosen, keep, field in (
        (tickets[:1], None, "ids"),
        (tickets, None, "ids"),
        (tickets[:2], tickets[2], "keepId"),
    ):
        with pytest.raises(InvalidInput) as refused:
            begin(desk, chosen, keep=keep)
        assert refused.value.field == field
    assert not BulkAction.objects.exists()


def test_what_one_may_not_see_is_neither_merged_nor_kept(desk: Desk):
    shop, me = desk
    mine, other = of_one_customer(shop, 2)
    actions.assign(mine, assignee=me, at=NOON, staff=me)

    with pytest.raises(InvalidInput, match="at least two"):
        begin(desk, [mine, other], access=Access(me.pk, Role.OUTSOURCED))


# A cursor of the worker that died is thrown away unclosed.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_anywhere_merges_each_once():
    shop = make_shop()
    me = make_staff(shop)
    statement = 0
    while True:
        statement += 23
        tickets = of_one_customer(shop, 3)
        row = begin((shop, me), tickets)
        job = Job.objects.get(key=f"bulk:{row.pk}:running:0")
        died = dies_at_statement(statement, lambda job=job: bulk.work(job))  # type: ignore[misc]
        connection.close()
        bulk.work(job)

        row.refresh_from_db()
        assert (row.state, row.done, row.items.filter(problem="").count()) == (BulkState.DONE, 2, 2)
        assert TicketMerge.objects.filter(kept=tickets[0]).count() == 2
        assert spoken(tickets[0]) == 3
        if not died:
            break
