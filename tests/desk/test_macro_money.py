"""Macros that give money: shown first, given once, within one's limit, all steps together."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from saleor_aftercare.compensation.models import Refund, Settlement, StoreCredit
from saleor_aftercare.connection.models import Order, ShopCommand, StaffMember
from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import Conflict, InvalidInput
from saleor_aftercare.core.money import Money
from saleor_aftercare.desk import macros
from saleor_aftercare.desk.macro_steps import Scene, Step
from saleor_aftercare.desk.models import Macro, MacroRun
from saleor_aftercare.inbox.models import MessageKind, Ticket
from saleor_aftercare.mail.models import OutboundMessage
from saleor_aftercare.sandbox import settle_refunds
from saleor_aftercare.team.access import Access
from saleor_aftercare.team.models import Role
from tests.compensation.scenes import paid_back
from tests.house import House
from tests.make import make_order, make_staff, make_ticket

from .test_macros import make_macro, make_scene, results, run

pytestmark = pytest.mark.django_db


def credit(amount: str = "10.00", unit: str = "EUR") -> Step:
    return Step("give_credit", (amount, unit))


def refund(amount: str = "5.00", unit: str = "EUR") -> Step:
    return Step("give_refund", (amount, unit))


def sold(house: House, *, quantity: int = 1) -> tuple[Any, Order]:
    placed = house.sell([(house.saleor.state.variants[0].sku, quantity)], channel="europe")
    return placed, house.order(placed)


def scene_at(order: Order, *, limits: dict[str, Decimal] | None = None, **values: Any) -> Scene:
    ticket = values.pop("ticket", None) or make_ticket(order)
    staff: StaffMember = values.pop("staff", None) or make_staff(order.shop)
    role = values.pop("role", Role.AGENT)
    return make_scene(ticket, staff=staff, access=Access(staff.pk, role, limits=limits), **{"at": clock.now()} | values)


def problems(macro: Macro, scene: Scene) -> list[str]:
    return [one.problem for one in macros.plan(macro, scene).steps]


# -- what may be said ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        (("10", "eur"), ("10.00", "EUR")),
        (("１０", "ＥＵＲ"), ("10.00", "EUR")),
        (("1e2", "JPY"), ("100", "JPY")),
        (("10.50", "%"), ("10.5", "%")),
        (("100", "％"), ("100", "%")),
    ],
)
def test_an_amount_is_kept_in_one_spelling(values: tuple[str, str], kept: tuple[str, str]):
    macro = make_macro(make_order().shop, Step("give_credit", values))

    assert macros.steps_of(macro)[0].values == kept


@pytest.mark.parametrize(
    "values",
    [
        ("10",),
        ("", "EUR"),
        ("0", "EUR"),
        ("-1", "EUR"),
        ("NaN", "EUR"),
        ("Infinity", "%"),
        ("10.001", "EUR"),
        ("10.5", "JPY"),
        ("10", "XXQ"),
        ("1000000000", "EUR"),
        ("0", "%"),
        ("100.01", "%"),
        ("1.001", "%"),
        ("many", "%"),
    ],
)
def test_an_amount_that_nobody_can_give_is_refused_and_named(values: tuple[str, ...]):
    with pytest.raises(InvalidInput) as refused:
        make_macro(make_order().shop, Step("give_refund", values))

    assert refused.value.field == "steps.0.values"
    assert not Macro.objects.exists()


def test_a_macro_gives_each_kind_once_at_most():
    with pytest.raises(InvalidInput) as refused:
        make_macro(make_order().shop, credit(), refund(), credit("20.00"))

    assert refused.value.field == "steps.2.do"


# -- giving --------------------------------------------------------------------------------------------------------


def test_store_credit_is_shown_given_as_a_card_mailed_and_told(house: House):
    _placed, order = sold(house)
    scene = scene_at(order)
    macro = make_macro(order.shop, credit())

    plan = macros.plan(macro, scene)
    row = run(macro, scene)
    house.settle()

    assert plan.moves_money
    assert plan.steps[0].summary == f"Give 10.00 EUR of store credit; the code goes to {order.email}"
    assert plan.steps[0].amount == Money(Decimal("10.00"), "EUR")
    assert results(row) == [("done", "")]
    given = StoreCredit.objects.get()
    assert (given.state, given.money, given.bonus_money) == ("issued", plan.steps[0].amount, plan.steps[0].amount)
    assert (given.to_email, given.subject, given.subject_id) == (order.email, "ticket", scene.ticket.pk)
    assert [card.code for card in house.saleor.state.gift_cards] == [given.code]
    letter = OutboundMessage.objects.get(kind="inbox/store_credit")
    assert letter.to_email == order.email
    assert given.code in letter.words().text
    assert given.code not in letter.text
    told = scene.ticket.messages.get(kind=MessageKind.SYSTEM, event="store_credit.issued")
    assert (told.event_data["amount"], told.event_data["currency"]) == ("10.00", "EUR")
    note = ShopCommand.objects.get(kind="order_note").request["input"]["message"]
    assert note == f"Conversation {scene.ticket.number}: Store credit 10.00 EUR ({given.masked})"
    assert house.failed_jobs() == []


def test_a_part_of_the_price_goes_back_the_way_it_was_paid_and_the_customer_is_told(house: House):
    placed, order = sold(house)
    scene = scene_at(order)
    macro = make_macro(order.shop, refund())

    summary = macros.plan(macro, scene).steps[0].summary
    row = run(macro, scene)
    house.settle()
    settle_refunds(house.saleor)
    house.settle()

    assert summary == f"Refund 5.00 EUR of order {order.number}; nothing has to come back"
    assert results(row) == [("done", "")]
    assert Refund.objects.get().state == "succeeded"
    assert paid_back(house, placed) == Decimal("5.00")
    letter = OutboundMessage.objects.get(kind="inbox/refunded")
    assert (letter.to_email, "€5.00" in letter.text) == (order.email, True)
    events = scene.ticket.messages.filter(kind=MessageKind.SYSTEM).order_by("pk").values_list("event", flat=True)
    assert list(events) == ["refund.started", "refund.settled"]


def test_a_share_is_one_of_what_the_order_cost_rounded_half_up(house: House):
    _placed, order = sold(house)
    Order.objects.filter(pk=order.pk).update(total=Decimal("33.25"))
    scene = scene_at(Order.objects.get(pk=order.pk))
    macro = make_macro(order.shop, credit("10", "%"))

    (step,) = macros.plan(macro, scene).steps

    assert step.amount == Money(Decimal("3.33"), "EUR")


def test_credit_takes_nothing_of_what_the_order_can_still_give_back(house: House):
    placed, order = sold(house)
    scene = scene_at(order)
    macro = make_macro(order.shop, credit("500.00"), refund(str(order.total)))

    row = run(macro, scene)
    house.settle()
    settle_refunds(house.saleor)
    house.settle()

    assert results(row) == [("done", "")] * 2
    assert StoreCredit.objects.get().state == "issued"
    assert paid_back(house, placed) == order.total


def test_what_stands_in_the_way_is_said_before(house: House):
    _placed, order = sold(house)
    scene = scene_at(order)
    more = order.total + 1

    def problem(step: Step, at: Scene = scene) -> str:
        return problems(make_macro(order.shop, step, name=f"{Macro.objects.count()}"), at)[0]

    assert problem(refund(str(more))) == f"Only {order.total:.2f} EUR can still be refunded."
    assert problem(credit("1000", "JPY")) == "The order is in EUR, and this step gives JPY."
    lonely = scene_at(order, ticket=make_ticket(shop=order.shop))
    assert problem(credit(), lonely) == "This conversation is about no order; link one first."
    Order.objects.filter(pk=order.pk).update(total=Decimal("40.00"))
    cheap = replace(scene, ticket=Ticket.objects.select_related("shop", "order").get(pk=scene.ticket.pk))
    assert problem(credit("0.01", "%"), cheap) == "There is nothing to give."
    order.shop.settings.store_credit_enabled = False
    order.shop.settings.save()
    fresh = replace(scene, ticket=Ticket.objects.select_related("shop", "order").get(pk=scene.ticket.pk))
    assert problem(credit(), fresh) == "Store credit is switched off in the settings."
    assert not Settlement.objects.exists()


# -- once ----------------------------------------------------------------------------------------------------------


def test_two_people_who_press_after_looking_at_the_same_time_give_once(house: House):
    _placed, order = sold(house)
    ticket = make_ticket(order)
    mei, ken = (scene_at(order, ticket=ticket, staff=make_staff(order.shop, name=one)) for one in ("Mei", "Ken"))
    macro = make_macro(order.shop, credit())
    shown = macros.plan(macro, ken).fingerprint

    first = run(macro, mei, key="a")
    with pytest.raises(Conflict, match="look at it again"):
        macros.run(macro, ken, key="a", fingerprint=shown)
    house.settle()

    assert results(first) == [("done", "")]
    assert StoreCredit.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("people", [1, 2])
def test_two_presses_at_the_same_moment_give_once(at_once, people: int):
    order = make_order(email="ada@customer.test")
    order.shop.permissions = ["MANAGE_GIFT_CARD"]
    order.shop.save()
    ticket = make_ticket(order)
    staff = [make_staff(order.shop, name=f"P{n}") for n in range(people)]
    scenes = [scene_at(order, ticket=ticket, staff=staff[n % people]) for n in range(4)]
    macro = make_macro(order.shop, credit())
    shown = macros.plan(macro, scenes[0]).fingerprint

    at_once([lambda one=one: macros.run(macro, one, key="k", fingerprint=shown).pk for one in scenes])

    assert StoreCredit.objects.count() == Settlement.objects.count() == 1
    states = [step["state"] for row in MacroRun.objects.all() for step in row.steps]
    assert states.count("done") == 1
    assert set(states) <= {"done", "failed"}


def test_a_press_that_is_repeated_and_a_worker_that_died_give_once(house: House):
    _placed, order = sold(house)
    scene = scene_at(order)
    macro = make_macro(order.shop, credit(), refund())
    shown = macros.plan(macro, scene).fingerprint

    row = macros.run(macro, scene, key="k", fingerprint=shown)
    house.settle()
    again = macros.run(macro, scene, key="k", fingerprint=shown)
    row.steps[0]["state"] = row.steps[1]["state"] = "running"
    row.save()
    retried = macros.retry(row, replace(scene, at=scene.at + macros.LOST_AFTER))
    house.settle()

    assert again == row
    assert results(retried) == [("done", "")] * 2
    assert (StoreCredit.objects.count(), Refund.objects.count()) == (1, 1)


def test_given_again_on_purpose_it_is_given_again(house: House):
    _placed, order = sold(house)
    scene = scene_at(order)
    macro = make_macro(order.shop, credit())

    run(macro, scene, key="a")
    run(macro, scene, key="b")

    assert StoreCredit.objects.count() == 2


def test_what_saleor_refuses_afterwards_calls_for_a_person(house: House):
    _placed, order = sold(house)
    scene = scene_at(order)
    macro = make_macro(order.shop, credit(), Step("state", ("solve",)))
    run(macro, scene)
    house.shop.settings.__class__.objects.filter(shop=order.shop).update(store_credit_enabled=False)

    house.settle()

    ticket = Ticket.objects.get(pk=scene.ticket.pk)
    assert StoreCredit.objects.get().state == "failed"
    assert (ticket.state, ticket.unread) == ("open", True)
    assert ticket.messages.filter(event="store_credit.failed").count() == 1
    assert not OutboundMessage.objects.filter(kind="inbox/store_credit").exists()


# -- limits --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limits", "refused"),
    [
        (None, [False, False]),
        ({"EUR": Decimal("15.00")}, [False, False]),
        ({"EUR": Decimal("14.99")}, [False, True]),
        ({"EUR": Decimal("10.00")}, [False, True]),
        ({"EUR": Decimal("9.99")}, [True, True]),
        ({"JPY": Decimal(100000)}, [True, True]),
    ],
)
@pytest.mark.parametrize("role", [Role.AGENT, Role.OUTSOURCED])
def test_the_limit_is_for_all_steps_together(
    house: House, limits: dict[str, Decimal] | None, refused: list[bool], role: Role
):
    _placed, order = sold(house)
    scene = scene_at(order, limits=limits, role=role)
    macro = make_macro(order.shop, credit("10.00"), refund("5.00"))

    plan = macros.plan(macro, scene)

    assert ["above your limit" in one.problem for one in plan.steps] == refused
    assert plan.possible is not any(refused)
    if any(refused):
        with pytest.raises(InvalidInput, match="above your limit"):
            macros.run(macro, scene, key="k", fingerprint=plan.fingerprint)
        assert not MacroRun.objects.exists()
        assert not Settlement.objects.exists()


def test_what_was_given_for_the_conversation_before_counts(house: House):
    _placed, order = sold(house)
    ticket = make_ticket(order)
    macro = make_macro(order.shop, credit("10.00"))
    run(macro, scene_at(order, ticket=ticket))

    exactly = scene_at(order, ticket=ticket, limits={"EUR": Decimal("20.00")})
    above = scene_at(order, ticket=ticket, limits={"EUR": Decimal("19.99")})

    assert problems(macro, exactly) == [""]
    assert "above your limit of 19.99 EUR" in problems(macro, above)[0]
    assert problems(macro, scene_at(order, limits={"EUR": Decimal("10.00")})) == [""]


def test_without_the_permission_for_payments_the_plan_refuses(house: House):
    _placed, order = sold(house)
    scene = scene_at(order, role=Role.OUTSOURCED, may_pay=False)
    macro = make_macro(order.shop, credit(), refund())

    plan = macros.plan(macro, scene)

    assert [one.problem for one in plan.steps] == ["You need the permission HANDLE_PAYMENTS."] * 2
    assert all(one.amount is not None for one in plan.steps)
    with pytest.raises(InvalidInput, match="HANDLE_PAYMENTS"):
        macros.run(macro, scene, key="k", fingerprint=plan.fingerprint)


def test_who_lost_the_right_before_trying_again_gives_nothing(house: House):
    _placed, order = sold(house)
    scene = scene_at(order)
    macro = make_macro(order.shop, credit("10.00"), refund("5.00"))
    row = run(macro, scene)
    Refund.objects.all().delete()
    Settlement.objects.filter(refund__gt=0).delete()
    row.steps[1] |= {"state": "failed", "error": "Saleor did not answer."}
    row.save()
    staff = scene.staff

    limited = macros.retry(row, scene_at(order, ticket=scene.ticket, staff=staff, limits={"EUR": Decimal("14.99")}))
    assert "above your limit" in limited.steps[1]["error"]
    unpermitted = macros.retry(row, scene_at(order, ticket=scene.ticket, staff=staff, may_pay=False))
    assert "HANDLE_PAYMENTS" in unpermitted.steps[1]["error"]
    assert not Refund.objects.exists()
    enough = macros.retry(row, scene_at(order, ticket=scene.ticket, staff=staff, limits={"EUR": Decimal("15.00")}))
    assert results(enough) == [("done", "")] * 2
