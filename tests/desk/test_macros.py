"""Macros: what is shown is what is done, once; money within one's limit; failed steps are tried again."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.errors import Conflict, InvalidInput
from saleor_aftercare.core.events import Actor
from saleor_aftercare.core.models import ActorKind, Shop
from saleor_aftercare.core.money import Money
from saleor_aftercare.desk import macro_cases, macros
from saleor_aftercare.desk.macro_cases import CASES, Seen
from saleor_aftercare.desk.macro_steps import SHAPES, Scene, Step
from saleor_aftercare.desk.models import Macro, MacroRun
from saleor_aftercare.inbox.models import CaseKind, FieldDefinition, MessageKind, Ticket, TicketState
from saleor_aftercare.mail.models import OutboundMessage
from saleor_aftercare.repairs.models import RepairRequest, RepairState
from saleor_aftercare.team.access import Access
from saleor_aftercare.team.models import Role
from tests.make import (
    NOON,
    make_message,
    make_order,
    make_repair,
    make_return,
    make_shop,
    make_spare_part,
    make_staff,
    make_ticket,
)
from tests.make.team import make_team

pytestmark = pytest.mark.django_db


def make_macro(shop: Shop, *steps: Step, **values: Any) -> Macro:
    return macros.save_macro(shop, **{"name": "Macro", "steps": steps, "at": NOON} | values)


def make_scene(ticket: Ticket, *, staff: StaffMember | None = None, **values: Any) -> Scene:
    member = staff or make_staff(ticket.shop)
    return Scene(
        **{
            "ticket": ticket,
            "staff": member,
            "actor": Actor(ActorKind.STAFF, member.display_name, member.pk),
            "access": Access(member.pk, Role.AGENT),
            "may_pay": True,
            "at": NOON,
        }
        | values
    )


def run(macro: Macro, scene: Scene, *, key: str = "k") -> MacroRun:
    return macros.run(macro, scene, key=key, fingerprint=macros.plan(macro, scene).fingerprint)


def results(row: MacroRun) -> list[tuple[str, str]]:
    return [(one["state"], one["error"]) for one in row.steps]


def words(text: str) -> dict[str, str]:
    return {"en": text}


# -- the list --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "field"),
    [
        (Step("dance"), "steps.0.do"),
        (Step("reply"), "steps.0.texts"),
        (Step("reply", texts={"fr": "Bonjour"}), "steps.0.texts.fr"),
        (Step("note", texts={"en": "{{ x"}), "steps.0.texts.en"),
        (Step("state", ("explode",)), "steps.0.values"),
        (Step("state"), "steps.0.values"),
        (Step("snooze", ("0",)), "steps.0.values"),
        (Step("snooze", ("soon",)), "steps.0.values"),
        (Step("priority", ("9",)), "steps.0.values"),
        (Step("assign", ("999999",)), "steps.0.values"),
        (Step("team", ("999999",)), "steps.0.values"),
        (Step("field", ("nothing", "x")), "steps.0.values"),
        (Step("tag", ()), "steps.0.values"),
        (Step("tag", ("x" * 201,)), "steps.0.values"),
        (Step("decline_return"), "steps.0.texts"),
    ],
)
def test_a_step_that_makes_no_sense_is_named(step: Step, field: str):
    with pytest.raises(InvalidInput) as refused:
        make_macro(make_shop(), step)

    assert refused.value.field == field
    assert not Macro.objects.exists()


def test_a_macro_has_a_name_of_its_own_and_one_to_ten_steps():
    shop = make_shop()
    step = Step("state", ("solve",))
    make_macro(shop, step)

    for values, field in (({}, "name"), ({"name": " "}, "name"), ({"name": "B", "steps": ()}, "steps")):
        with pytest.raises(InvalidInput) as refused:
            make_macro(shop, step, **values)
        assert refused.value.field == field
    with pytest.raises(InvalidInput):
        make_macro(shop, *([step] * 11), name="C")


def test_who_edits_an_old_version_is_told_and_a_removed_name_is_free():
    shop = make_shop()
    step = Step("state", ("solve",))
    macro = make_macro(shop, step)
    changed = make_macro(shop, step, macro=macro, version=1, name="Better")

    with pytest.raises(Conflict):
        make_macro(shop, step, macro=macro, version=1)
    macros.remove_macro(changed, version=2, at=NOON)

    assert make_macro(shop, step, name="Better").pk != macro.pk


# -- plain steps -----------------------------------------------------------------------------------------------------


def test_every_plain_step_does_what_its_line_says():
    shop = make_shop()
    mei = make_staff(shop, name="Mei")
    team = make_team(shop, name="Returns")
    FieldDefinition.objects.create(shop=shop, key="floor", kind="text", labels={"en": "Floor"})
    ticket = make_ticket(shop=shop)
    macro = make_macro(
        shop,
        Step("reply", texts=words("Dear {{ customer.name }}")),
        Step("note", texts=words("Called back.")),
        Step("tag", ("Urgent", "VIP")),
        Step("untag", ("VIP",)),
        Step("assign", ("me",)),
        Step("team", (str(team.pk),)),
        Step("priority", ("2",)),
        Step("field", ("floor", "3")),
        Step("state", ("wait_for_others",)),
        Step("snooze", ("24",)),
    )
    scene = make_scene(ticket, staff=mei)

    plan = macros.plan(macro, scene)
    row = run(macro, scene)

    assert [one.summary for one in plan.steps] == [
        "Answer Ada Example",
        "Add a note",
        "Mark it with Urgent, VIP",
        "Take off the marks VIP",
        "Give it to Mei",
        "Put it into the queue of Returns",
        "Make it more urgent: high",
        "Set Floor to “3”",
        "Wait for somebody else",
        "Put it off for 24 hours",
    ]
    assert (plan.steps[0].detail, plan.possible, plan.moves_money) == ("Dear Ada Example", True, False)
    assert results(row) == [("done", "")] * 10
    now = Ticket.objects.get()
    assert (now.state, now.priority, now.assignee, now.team, now.fields) == (
        TicketState.ON_HOLD,
        2,
        mei,
        team,
        {"floor": "3"},
    )
    assert [tag.name for tag in now.tags.all()] == ["Urgent"]
    assert OutboundMessage.objects.count() == 1
    assert Macro.objects.get().used == 1


def test_the_words_are_those_of_the_customers_language():
    shop = make_shop()
    macro = make_macro(shop, Step("reply", texts={"en": "Hello", "ja": "こんにちは"}))

    assert macros.plan(macro, make_scene(make_ticket(shop=shop, language="ja"))).steps[0].detail == "こんにちは"
    assert macros.plan(macro, make_scene(make_ticket(shop=shop, language="fr"))).steps[0].detail == "Hello"


def test_a_variable_without_a_value_is_a_problem_and_nothing_is_done():
    shop = make_shop()
    ticket = make_ticket(shop=shop)
    macro = make_macro(shop, Step("state", ("solve",)), Step("reply", texts=words("Order {{ order.number }}")))
    scene = make_scene(ticket)

    plan = macros.plan(macro, scene)

    assert [one.problem for one in plan.steps] == ["", "Nothing to fill in for order.number."]
    with pytest.raises(InvalidInput, match=r"order\.number"):
        macros.run(macro, scene, key="k", fingerprint=plan.fingerprint)
    assert Ticket.objects.get().state == TicketState.NEW
    assert not MacroRun.objects.exists()


# -- as shown, once --------------------------------------------------------------------------------------------------


def test_it_runs_once_per_key_and_counts_once():
    shop = make_shop()
    macro = make_macro(shop, Step("note", texts=words("x")))
    scene = make_scene(make_ticket(shop=shop))

    first, again = run(macro, scene), run(macro, scene)

    assert first == again
    assert scene.ticket.messages.filter(kind=MessageKind.NOTE).count() == 1
    assert Macro.objects.get().used == 1


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_moment_run_it_once(at_once):
    shop = make_shop()
    macro = make_macro(shop, Step("note", texts=words("x")))
    scene = make_scene(make_ticket(shop=shop))
    shown = macros.plan(macro, scene).fingerprint

    outcomes = at_once([lambda: macros.run(macro, scene, key="k", fingerprint=shown).pk for _ in range(3)])

    assert len(set(outcomes)) == 1
    assert scene.ticket.messages.filter(kind=MessageKind.NOTE).count() == 1


@pytest.mark.parametrize(
    "what", ["the customer writes", "the macro is edited", "the state changes", "the name changes"]
)
def test_what_is_no_longer_as_shown_is_not_done(what: str):
    shop = make_shop()
    ticket = make_ticket(shop=shop)
    macro = make_macro(shop, Step("reply", texts=words("Dear {{ customer.name }}")))
    scene = make_scene(ticket)
    shown = macros.plan(macro, scene).fingerprint
    if what == "the customer writes":
        make_message(ticket, body="Wait!")
    elif what == "the macro is edited":
        macro = make_macro(shop, Step("reply", texts=words("Other")), macro=macro, version=1)
    elif what == "the state changes":
        Ticket.objects.update(state=TicketState.SOLVED)
    else:
        Ticket.objects.update(customer_name="Eve")
    scene = replace(scene, ticket=Ticket.objects.select_related("shop").get())

    with pytest.raises(Conflict, match="look at it again"):
        macros.run(macro, scene, key="k", fingerprint=shown)

    assert not OutboundMessage.objects.exists()


def test_a_step_that_fails_stops_those_behind_it_and_is_tried_again():
    shop = make_shop()
    ticket = make_ticket(shop=shop)
    FieldDefinition.objects.create(shop=shop, key="why", kind="text", labels={"en": "Why"}, required_to_solve=True)
    macro = make_macro(shop, Step("priority", ("3",)), Step("state", ("solve",)), Step("note", texts=words("Done.")))
    scene = make_scene(ticket)

    row = run(macro, scene)

    assert [state for state, _error in results(row)] == ["done", "failed", "pending"]
    assert row.steps[1]["error"]
    assert not ticket.messages.filter(kind=MessageKind.NOTE).exists()
    Ticket.objects.update(fields={"why": "broken"})
    again = macros.retry(row, scene)
    assert results(again) == [("done", "")] * 3
    assert Ticket.objects.get().state == TicketState.SOLVED
    with pytest.raises(Conflict):
        macros.retry(again, scene)


def test_who_answers_and_then_waits_for_the_customer_is_there_already():
    shop = make_shop()
    macro = make_macro(shop, Step("reply", texts=words("Please look.")), Step("state", ("wait",)))

    row = run(macro, make_scene(make_ticket(shop=shop)))

    assert results(row) == [("done", "")] * 2
    assert Ticket.objects.get().state == TicketState.PENDING


def test_a_step_whose_worker_died_is_tried_again_after_a_while_and_its_answer_sent_once():
    shop = make_shop()
    macro = make_macro(shop, Step("reply", texts=words("Hello")))
    scene = make_scene(make_ticket(shop=shop))
    row = run(macro, scene)
    row.steps[0]["state"] = "running"
    row.save()

    with pytest.raises(Conflict):
        macros.retry(row, scene)
    again = macros.retry(row, replace(scene, at=NOON + macros.LOST_AFTER))

    assert results(again) == [("done", "")]
    assert OutboundMessage.objects.count() == 1


# -- cases -----------------------------------------------------------------------------------------------------------


def test_repairs_and_parts_are_accepted_and_declined_by_their_own_verbs():
    order = make_order()
    repair, part = make_repair(order), make_spare_part(order)
    ticket = make_ticket(order, about=(CaseKind.REPAIR, repair.pk))
    ticket.links.create(shop=order.shop, kind=CaseKind.SPARE_PART, case_id=part.pk)
    macro = make_macro(
        order.shop, Step("accept_repair"), Step("decline_part", texts=words("Sold out, {{ customer.name }}."))
    )
    scene = make_scene(ticket)

    plan = macros.plan(macro, scene)
    row = run(macro, scene)

    assert plan.steps[0].summary == f"Accept {repair.number}; the customer is told where to send it"
    assert plan.steps[1].detail == f"Sold out, {order.customer_name}."
    assert results(row) == [("done", "")] * 2
    assert RepairRequest.objects.get().state == RepairState.ACCEPTED
    part.refresh_from_db()
    assert part.state == "declined"


def test_a_step_whose_worker_died_behind_its_case_takes_no_other_case():
    order = make_order()
    older, newer = make_repair(order), make_repair(order)
    ticket = make_ticket(order, about=(CaseKind.REPAIR, older.pk))
    ticket.links.create(shop=order.shop, kind=CaseKind.REPAIR, case_id=newer.pk)
    scene = make_scene(ticket)
    row = run(make_macro(order.shop, Step("accept_repair")), scene)
    row.steps[0]["state"] = "running"
    row.save()

    again = macros.retry(row, replace(scene, at=NOON + macros.LOST_AFTER))

    assert again.steps[0]["state"] == "failed"
    assert [one.state for one in RepairRequest.objects.order_by("pk")] == [RepairState.REQUESTED, RepairState.ACCEPTED]


def test_without_a_case_that_is_ready_a_step_says_so():
    order = make_order()
    ret = make_return(order, state="received")
    ticket = make_ticket(order, about=(CaseKind.RETURN, ret.pk))
    scene = make_scene(ticket)
    given = {"texts": words("x")}

    for do in CASES:
        if do == "settle_return":
            continue
        step = Step(do, **(given if SHAPES[do][2] else {}))
        (planned,) = macros.plan(make_macro(order.shop, step, name=do), scene).steps
        assert "ready for it" in planned.problem


@pytest.mark.parametrize(
    ("may_pay", "limit", "problem"),
    [
        (True, None, ""),
        (True, Decimal("90.00"), ""),
        (True, Decimal("89.99"), "above your limit"),
        (False, None, "HANDLE_PAYMENTS"),
    ],
)
def test_money_is_shown_and_needs_the_permission_and_the_limit(
    may_pay: bool, limit: Decimal | None, problem: str, monkeypatch: pytest.MonkeyPatch
):
    order = make_order()
    ticket = make_ticket(order)
    given: list[dict[str, Any]] = []
    step = replace(
        CASES["settle_return"],
        find=lambda _ticket, _only: order,
        look=lambda _case, _at: Seen("Settle RMA-1: give 90.00 EUR", Money(Decimal("90.00"), "EUR"), "", "fp"),
        act=lambda _case, **values: given.append(values),
    )
    monkeypatch.setitem(macro_cases.CASES, "settle_return", step)  # type: ignore[misc]
    macro = make_macro(order.shop, Step("settle_return"))
    member = make_staff(order.shop)
    limits = {"EUR": limit} if limit is not None else None
    scene = make_scene(ticket, staff=member, access=Access(member.pk, Role.AGENT, limits=limits), may_pay=may_pay)

    plan = macros.plan(macro, scene)

    assert plan.moves_money
    (planned,) = plan.steps
    assert problem in planned.problem
    assert bool(planned.problem) == bool(problem)
    if not problem:
        row = macros.run(macro, scene, key="k", fingerprint=plan.fingerprint)
        assert results(row) == [("done", "")]
        assert (given[0]["fingerprint"], given[0]["key"]) == ("fp", f"macro-{row.pk}-0")
    else:
        with pytest.raises(InvalidInput):
            macros.run(macro, scene, key="k", fingerprint=plan.fingerprint)
        assert given == []
