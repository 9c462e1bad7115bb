"""Actions on many conversations, through the API: chosen, planned, confirmed, done and taken back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from saleor_aftercare.compensation.models import Settlement
from saleor_aftercare.core import clock
from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.core.jobs import run_due
from saleor_aftercare.core.models import Shop
from saleor_aftercare.desk import macros
from saleor_aftercare.desk.macro_steps import Step
from saleor_aftercare.desk.models import BulkAction
from saleor_aftercare.inbox.models import CaseKind, Ticket, TicketLink
from saleor_aftercare.mail.models import OutboundMessage
from tests.compensation.scenes import received
from tests.graphql.api import as_staff, shop_with_key
from tests.graphql.test_main_job import staff_of
from tests.house import House
from tests.make import NOON, make_ticket

pytestmark = pytest.mark.django_db

VIEWS = "{ inboxViews { id standard } }"
START = """mutation ($selection: BulkSelectionInput!, $input: BulkActionInput!) {
  bulkActionStart(selection: $selection, input: $input) {
    bulkAction { id state total done changed mayStop mayUndo } errors { field code } } }"""
HOW_FAR = "query ($id: ID) { bulkAction(id: $id) { state done total changed failed problems { number } mayUndo } }"
PLAN = """query ($id: ID) { bulkAction(id: $id) { state mayStop plan {
  macroName possible refused letters movesMoney totals { amount currency } undo
  lines { number customer steps amounts { amount } problem } } } }"""
CONFIRM = "mutation ($id: ID!) { bulkActionConfirm(id: $id) { bulkAction { state } errors { field code } } }"


@pytest.fixture
def shop() -> Shop:
    return shop_with_key()


@pytest.fixture
def staff(shop: Shop) -> Any:
    return as_staff(shop)


def started(staff: Any, tickets: list[Ticket], **order: Any) -> Any:
    selection = {"ids": [to_global_id("Ticket", one.pk) for one in tickets]}
    return staff.ask(START, selection=selection, input=order).data["bulkActionStart"]


def test_a_whole_view_but_one_is_changed_and_taken_back(shop: Shop, staff: Any):
    tickets = [make_ticket(shop=shop) for _ in range(3)]
    view = next(one["id"] for one in staff.ask(VIEWS).data["inboxViews"] if one["standard"] == "OPEN")
    selection = {"viewId": view, "exceptIds": [to_global_id("Ticket", tickets[0].pk)]}

    started = staff.ask(START, selection=selection, input={"kind": "PRIORITY", "priority": 3}).data["bulkActionStart"]
    running = staff.ask(HOW_FAR).data["bulkAction"]
    run_due()
    done = staff.ask(HOW_FAR, id=started["bulkAction"]["id"]).data["bulkAction"]

    assert started["errors"] == []
    assert (running["state"], running["done"], running["total"]) == ("RUNNING", 0, 2)
    assert (done["state"], done["done"], done["changed"], done["failed"], done["mayUndo"]) == ("DONE", 2, 2, 0, True)
    assert Ticket.objects.filter(priority=3).count() == 2
    undo = "mutation ($id: ID!) { bulkActionUndo(id: $id) { bulkAction { state } errors { code } } }"
    assert staff.ask(undo, id=started["bulkAction"]["id"]).data["bulkActionUndo"]["errors"] == []
    run_due()
    assert not Ticket.objects.filter(priority=3).exists()
    assert staff.ask(HOW_FAR).data["bulkAction"] is None


def test_what_is_chosen_must_be_said_in_one_way(staff: Any):
    for selection in ({}, {"ids": [], "viewId": "x"}, {"ids": []}):
        answer = staff.ask(START, selection=selection, input={"kind": "READ"}).data["bulkActionStart"]
        assert answer["errors"] == [{"field": "ids", "code": "INVALID"}]


def test_the_chosen_become_one_and_who_is_kept_may_be_said(shop: Shop, staff: Any):
    tickets = [make_ticket(shop=shop, customer_email="ada@customer.test") for _ in range(3)]
    stranger = make_ticket(shop=shop)

    begun = started(staff, [*tickets, stranger], kind="MERGE", keepId=to_global_id("Ticket", tickets[1].pk))
    run_due()
    done = staff.ask(HOW_FAR, id=begun["bulkAction"]["id"]).data["bulkAction"]

    assert (done["total"], done["changed"], done["problems"], done["mayUndo"]) == (
        3,
        2,
        [{"number": stranger.number}],
        True,
    )
    assert set(Ticket.objects.filter(merged_into=tickets[1])) == {tickets[0], tickets[2]}
    wrong = started(staff, tickets, kind="MERGE", keepId=to_global_id("Ticket", 10**9))
    assert wrong["errors"] == [{"field": "keepId", "code": "NOT_FOUND"}]


def test_a_macro_is_shown_as_one_summary_and_done_when_that_is_confirmed(shop: Shop, staff: Any):
    tickets = [make_ticket(shop=shop) for _ in range(2)]
    make_ticket(shop=shop)
    steps = [Step("reply", texts={"en": "Dear {{ customer.name }}"}), Step("tag", ("Recall",))]
    macro = macros.save_macro(shop, name="Recall", steps=steps, at=NOON)

    begun = started(staff, tickets, kind="MACRO", macroId=to_global_id("Macro", macro.pk))
    key = begun["bulkAction"]["id"]
    early = staff.ask(CONFIRM, id=key).data["bulkActionConfirm"]
    planning = staff.ask(PLAN).data["bulkAction"]
    run_due()
    shown = staff.ask(PLAN).data["bulkAction"]
    letters_before = OutboundMessage.objects.count()
    confirmed = staff.ask(CONFIRM, id=key).data["bulkActionConfirm"]
    run_due()
    done = staff.ask(HOW_FAR, id=key).data["bulkAction"]

    assert (begun["bulkAction"]["state"], early["errors"]) == ("PLANNING", [{"field": None, "code": "CONFLICT"}])
    assert planning == {"state": "PLANNING", "mayStop": True, "plan": None}
    assert (shown["state"], shown["mayStop"], letters_before) == ("PLANNED", True, 0)
    line = {
        "number": tickets[0].number,
        "customer": "Ada Example",
        "steps": ["Answer Ada Example", "Mark it with Recall"],
        "amounts": [],
        "problem": "",
    }
    assert shown["plan"] == {
        "macroName": "Recall",
        "possible": 2,
        "refused": 0,
        "letters": 2,
        "movesMoney": False,
        "totals": [],
        "undo": "PART",
        "lines": [line, line | {"number": tickets[1].number}],
    }
    assert confirmed == {"bulkAction": {"state": "RUNNING"}, "errors": []}
    assert (done["state"], done["changed"], done["failed"], done["mayUndo"]) == ("DONE", 2, 0, True)
    assert OutboundMessage.objects.count() == 2


def test_a_plan_costs_as_many_statements_for_many_as_for_few(
    shop: Shop, staff: Any, django_assert_max_num_queries: Any
):
    macro = macros.save_macro(shop, name="Recall", steps=[Step("tag", ("Recall",))], at=NOON)
    started(staff, [make_ticket(shop=shop) for _ in range(8)], kind="MACRO", macroId=to_global_id("Macro", macro.pk))
    run_due()

    with django_assert_max_num_queries(10):
        assert len(staff.ask(PLAN).data["bulkAction"]["plan"]["lines"]) == 8


def test_a_macro_that_there_is_not_is_named(shop: Shop, staff: Any):
    gone = started(staff, [make_ticket(shop=shop)], kind="MACRO", macroId=to_global_id("Macro", 10**9))
    none = started(staff, [make_ticket(shop=shop)], kind="MACRO")

    assert gone["errors"] == [{"field": "macroId", "code": "NOT_FOUND"}]
    assert none["errors"] == [{"field": "macroId", "code": "INVALID"}]
    assert not BulkAction.objects.exists()


def test_returns_of_two_conversations_are_settled_as_shown_each_once(house: House):
    returns = [received(house)[1] for _ in range(2)]
    links = TicketLink.objects.filter(kind=CaseKind.RETURN, case_id__in=[ret.pk for ret in returns])
    tickets = [link.ticket for link in links.order_by("case_id")]
    macro = macros.save_macro(house.shop, name="Settle", steps=[Step("settle_return")], at=clock.now())
    staff = staff_of(house)

    begun = started(staff, tickets, kind="MACRO", macroId=to_global_id("Macro", macro.pk))
    house.settle()
    plan = staff.ask(PLAN).data["bulkAction"]["plan"]
    assert not Settlement.objects.exists()
    staff.ask(CONFIRM, id=begun["bulkAction"]["id"])
    again = staff.ask(CONFIRM, id=begun["bulkAction"]["id"]).data["bulkActionConfirm"]
    house.settle()
    done = staff.ask(HOW_FAR, id=begun["bulkAction"]["id"]).data["bulkAction"]

    due = [Decimal(str(line["amounts"][0]["amount"])) for line in plan["lines"]]
    assert (plan["possible"], plan["movesMoney"], plan["undo"]) == (2, True, "NOTHING")
    assert Decimal(str(plan["totals"][0]["amount"])) == sum(due) > 0
    assert again["errors"] == [{"field": None, "code": "CONFLICT"}]
    assert (done["changed"], done["failed"], done["mayUndo"]) == (2, 0, False)
    assert sorted(Settlement.objects.values_list("subject_id", flat=True)) == sorted(ret.pk for ret in returns)
