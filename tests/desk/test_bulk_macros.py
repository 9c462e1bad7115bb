"""A macro on many conversations: planned, shown, done as shown and once, and taken back as far as that goes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import Conflict, InvalidInput
from saleor_aftercare.core.jobs import run_due
from saleor_aftercare.core.money import Money
from saleor_aftercare.desk import bulk, bulk_macros, macros
from saleor_aftercare.desk.bulk import BulkKind, Order
from saleor_aftercare.desk.bulk_macros import plan_of
from saleor_aftercare.desk.bulk_orders import Undo
from saleor_aftercare.desk.macro_steps import Step
from saleor_aftercare.desk.models import BulkAction, BulkState, MacroRun
from saleor_aftercare.inbox import actions
from saleor_aftercare.inbox.models import Ticket, TicketTag
from saleor_aftercare.mail.models import OutboundMessage
from saleor_aftercare.team.access import Access
from saleor_aftercare.team.models import Role
from tests.make import NOON, make_message

from .many import REPLY, SOLVE, TAG, Desk, Till, confirmed, finished, limit, problems

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk()


# -- planned, then done ----------------------------------------------------------------------------------------------


def test_nothing_is_done_before_somebody_has_seen_the_plan(desk: Desk):
    tickets = desk.tickets()

    row = desk.planned(desk.macro(REPLY, TAG), tickets)

    plan = plan_of(row)
    assert (row.done, plan.possible, plan.letters, plan.moves_money, plan.undo) == (3, 3, 3, False, Undo.PART)
    assert [line.ticket for line in plan.lines] == tickets
    assert plan.lines[0].steps == ("Answer Ada Example", "Mark it with Recall")
    assert not MacroRun.objects.exists()
    assert not OutboundMessage.objects.exists()
    assert not TicketTag.objects.exists()


def test_each_conversation_gets_what_was_shown_once(desk: Desk):
    tickets = desk.tickets()
    macro = desk.macro(REPLY, SOLVE)

    row = desk.done(macro, tickets)

    assert (row.done, problems(row)) == (3, {})
    assert OutboundMessage.objects.count() == 3
    assert set(Ticket.objects.values_list("state", flat=True)) == {"solved"}
    assert sorted(MacroRun.objects.values_list("key", flat=True)) == sorted(
        f"{desk.me.pk}:bulk-{row.pk}-{ticket.pk}" for ticket in tickets
    )
    macro.refresh_from_db()
    assert macro.used == 3
    with pytest.raises(Conflict):
        confirmed(row)


def test_where_it_cannot_be_done_nothing_is_and_the_reason_is_named(desk: Desk):
    fine, nameless = desk.tickets(1) + desk.tickets(1)
    macro = desk.macro(TAG, Step("reply", texts={"en": "Order {{ order.number }}"}))
    row = desk.planned(macro, [fine, nameless])

    assert plan_of(row).possible == 0
    assert problems(row)[fine.pk] == "Answer the customer: Nothing to fill in for order.number."
    with pytest.raises(Conflict, match="Nothing of this"):
        confirmed(row)
    assert not TicketTag.objects.exists()


def test_what_is_no_longer_as_it_was_shown_is_left_alone(desk: Desk):
    tickets = desk.tickets()
    row = desk.planned(desk.macro(REPLY), tickets)
    make_message(tickets[1], body="Never mind!")

    row = finished(confirmed(row))

    assert row.state == BulkState.DONE
    assert list(problems(row)) == [tickets[1].pk]
    assert "look at it again" in problems(row)[tickets[1].pk]
    assert OutboundMessage.objects.count() == 2


def test_an_edited_macro_does_nothing_that_was_not_shown(desk: Desk):
    macro = desk.macro(TAG)
    row = desk.planned(macro, desk.tickets(2))
    macros.save_macro(desk.shop, name="Macro", steps=[SOLVE], macro=macro, version=1, at=NOON)

    row = finished(confirmed(row))

    assert len(problems(row)) == 2
    assert not TicketTag.objects.exists()
    assert not Ticket.objects.filter(state="solved").exists()


def test_a_macro_that_is_removed_stops_the_action(desk: Desk):
    macro = desk.macro(TAG)
    row = confirmed(desk.planned(macro, desk.tickets(2)))
    macros.remove_macro(macro, version=1, at=NOON)

    assert finished(row).state == BulkState.STOPPED
    assert not TicketTag.objects.exists()


def test_a_step_that_fails_is_named_with_its_conversation_and_those_behind_it_wait(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    tickets = desk.tickets(2)
    row = desk.planned(desk.macro(TAG, SOLVE, Step("priority", ("3",))), tickets)
    move, stuck = actions.move_ticket, tickets[0].pk

    def refuses(ticket: Ticket, *given: Any, **values: Any) -> Ticket:
        if ticket.pk == stuck:
            raise InvalidInput("Something has to be filled in first.", "fields.why")
        return move(ticket, *given, **values)

    monkeypatch.setattr(actions, "move_ticket", refuses)
    row = finished(confirmed(row))

    assert problems(row) == {stuck: "Mark it as solved: Something has to be filled in first."}
    held = {ticket.pk: (ticket.state, ticket.priority) for ticket in Ticket.objects.all()}
    assert held == {stuck: ("open", 1), tickets[1].pk: ("solved", 3)}
    assert TicketTag.objects.count() == 2
    bulk.undo(row, at=clock.now())
    row = finished(row)
    assert (row.state, problems(row), TicketTag.objects.count()) == (BulkState.UNDONE, {}, 0)


def test_stopped_while_planning_or_instead_of_confirming_nothing_was_done(desk: Desk):
    macro, tickets = desk.macro(TAG), desk.tickets(2)
    first = bulk.stop(desk.start(macro, tickets), at=NOON)
    run_due()
    second = desk.planned(macro, tickets)
    third = desk.planned(macro, tickets)

    second.refresh_from_db()
    assert (first.state, second.state) == (BulkState.STOPPED, BulkState.STOPPED)
    assert bulk.under_way(desk.shop, desk.me) == third
    bulk.stop(third, at=NOON)
    with pytest.raises(Conflict):
        confirmed(third)
    assert bulk.under_way(desk.shop, desk.me) is None
    assert not TicketTag.objects.exists()


def test_stopped_half_way_the_rest_stays_as_it_was(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bulk_macros, "PER_JOB", 2)
    tickets = desk.tickets(5)
    row = desk.planned(desk.macro(TAG), tickets)
    confirmed(row)
    bulk_macros.work(row.pk)

    bulk.stop(BulkAction.objects.get(pk=row.pk), at=NOON)
    row = finished(row)

    assert (row.state, row.done, TicketTag.objects.count()) == (BulkState.STOPPED, 2, 2)


def test_a_macro_goes_to_so_many_and_no_more(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bulk_macros, "MAX_MACRO_TICKETS", 2)

    with pytest.raises(InvalidInput) as refused:
        desk.start(desk.macro(TAG), desk.tickets(3))

    assert refused.value.field == "ids"
    with pytest.raises(InvalidInput) as refused:
        bulk.start(desk.shop, Order(BulkKind.MACRO), [1], me=desk.me, access=Access(desk.me.pk, Role.AGENT), at=NOON)
    assert refused.value.field == "macroId"


# -- money -----------------------------------------------------------------------------------------------------------


def test_money_is_summed_up_before_and_given_once_for_each(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    till, tickets = Till(monkeypatch), desk.tickets(3)
    row = desk.planned(desk.macro(Step("settle_return")), tickets)

    plan = plan_of(row)
    assert (plan.moves_money, plan.totals, plan.undo) == (True, [Money(Decimal(270), "EUR")], Undo.NOTHING)
    assert till.given == []
    row = finished(confirmed(row))

    assert [ticket for ticket, _key in till.given] == [ticket.pk for ticket in tickets]
    assert len({key for _ticket, key in till.given}) == 3
    with pytest.raises(Conflict, match="taken back"):
        bulk.undo(row, at=NOON)


def test_the_limit_of_a_role_holds_for_each_conversation_in_the_plan_and_when_it_is_done(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    till, macro = Till(monkeypatch), desk.macro(Step("settle_return"))
    limit(desk, "89.99")
    above = plan_of(desk.planned(macro, desk.tickets(2)))
    limit(desk, "90.00")
    row = desk.planned(macro, desk.tickets(2))

    assert (above.possible, above.totals, above.moves_money) == (0, [], False)
    assert all("above your limit" in line.problem for line in above.lines)
    assert plan_of(row).possible == 2
    limit(desk, "50.00")
    row = finished(confirmed(row))
    assert till.given == []
    assert len(problems(row)) == 2


def test_without_the_permission_for_payments_no_money_is_given(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    till = Till(monkeypatch)
    row = desk.planned(desk.macro(Step("settle_return")), desk.tickets(1))

    row = finished(bulk.confirm(row, permissions={"MANAGE_ORDERS"}, at=clock.now()))

    assert till.given == []
    assert len(problems(row)) == 1


# -- taking back -----------------------------------------------------------------------------------------------------


def snapshot(ticket: Ticket) -> dict[str, Any]:
    columns = ("assignee_id", "team_id", "priority", "state", "state_since", "unread")
    row: dict[str, Any] = Ticket.objects.filter(pk=ticket.pk).values(*columns).get()
    return row | {"tags": sorted(TicketTag.objects.filter(ticket=ticket).values_list("tag__key", flat=True))}


def test_marks_state_and_who_is_in_charge_are_taken_back_exactly(desk: Desk):
    tickets = desk.tickets(2)
    kept = actions.find_or_create_tag(desk.shop, "Kept")
    actions.change_tags(tickets[0], add=[kept], at=NOON, staff=None)
    before = [snapshot(ticket) for ticket in tickets]
    steps = (TAG, Step("untag", ("Kept",)), Step("assign", ("me",)), Step("priority", ("3",)), SOLVE)

    row = desk.done(desk.macro(*steps), tickets)
    assert plan_of(row).undo == Undo.ALL
    assert [snapshot(ticket) for ticket in tickets] != before
    bulk.undo(row, at=clock.now())
    row = finished(row)

    assert (row.state, problems(row)) == (BulkState.UNDONE, {})
    assert [snapshot(ticket) for ticket in tickets] == before


def test_behind_an_answer_marks_are_taken_back_and_the_answer_and_where_it_stands_are_not(desk: Desk):
    (ticket,) = desk.tickets(1)
    row = desk.done(desk.macro(REPLY, TAG, SOLVE), [ticket])

    bulk.undo(row, at=clock.now())
    row = finished(row)

    assert (row.state, problems(row)) == (BulkState.UNDONE, {})
    now = snapshot(ticket)
    assert (now["state"], now["tags"]) == ("solved", [])
    assert OutboundMessage.objects.count() == 1


def test_what_people_changed_since_is_left_as_it_is(desk: Desk):
    first, second = desk.tickets(2)
    row = desk.done(desk.macro(Step("priority", ("3",))), [first, second])
    actions.set_priority(second, 0, at=clock.now(), staff=None)

    bulk.undo(row, at=clock.now())
    row = finished(row)

    assert [Ticket.objects.get(pk=one.pk).priority for one in (first, second)] == [1, 0]
    assert problems(row) == {second.pk: "Somebody changed it since."}
