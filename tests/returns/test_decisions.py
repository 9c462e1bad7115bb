"""Deciding: in part, with a question, against the rules, and two at once."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from saleor_aftercare.connection.models import FulfillmentLine
from saleor_aftercare.core.errors import AftercareError, Conflict, InvalidInput, Refused
from saleor_aftercare.core.events import CUSTOMER, Actor
from saleor_aftercare.core.models import ActorKind, Event, Job, JobState
from saleor_aftercare.parcels.models import Parcel, ParcelState
from saleor_aftercare.policies.models import LegalBasis, Resolution
from saleor_aftercare.returns import actions
from saleor_aftercare.returns.models import Return, ReturnState
from tests.make import DAY, NOON, Line, make_file, make_order, make_policy, make_return

pytestmark = pytest.mark.django_db

MEI = Actor(ActorKind.STAFF, "Mei Tanaka", 1)
KEN = Actor(ActorKind.STAFF, "Ken Sato", 2)


def two_lines(**values: Any) -> Return:
    order = make_order(delivered=NOON - DAY, lines=(Line(quantity=2), Line(sku="LID-1", quantity=3)))
    kettle, lid = order.lines.all()
    return make_return(order, units={kettle: 2, lid: 3}, payer="customer", **values)


def test_a_return_is_approved_in_part_and_the_rest_may_be_asked_back_again():
    ret = two_lines()
    kettle, lid = ret.lines.order_by("pk")

    actions.approve_return(ret, quantities={kettle.pk: 1}, reason="The lids were used.", at=NOON, actor=MEI)

    assert list(ret.lines.order_by("pk").values_list("quantity_approved", flat=True)) == [1, 0]
    assert (ret.state, ret.decline_reason) == (ReturnState.APPROVED, "The lids were used.")
    assert Event.objects.get(kind="return.approved").data == {"partial": True}
    assert [one["quantity"] for one in Parcel.objects.get().contents] == [1]
    held = {line.order_line.sku: line.facts.returnable for line in actions.request.eligibility(ret.order, at=NOON)}
    assert held == {"GRINDER-1": 1, "LID-1": 3}
    assert lid.quantity == 3


@pytest.mark.parametrize("units", [{"own": 3}, {"own": -1}, {"own": 0}, {"other": 1}])
def test_units_that_nobody_asked_for_cannot_be_approved(units):
    ret, other = make_return(), make_return()
    keys = {"own": ret.lines.get().pk, "other": other.lines.get().pk}

    with pytest.raises(InvalidInput) as wrong:
        actions.approve_return(ret, quantities={keys[k]: n for k, n in units.items()}, at=NOON, actor=MEI)

    assert wrong.value.field == "lines"
    assert Return.objects.get(pk=ret.pk).state == ReturnState.REQUESTED


def test_an_order_that_was_returned_in_saleors_dashboard_meanwhile_is_noticed():
    """C1.16: order edited, cancelled or refunded in the Dashboard while our case is open."""
    ret = two_lines()
    FulfillmentLine.objects.filter(order_line=ret.lines.order_by("pk")[1].order_line).update(quantity=1)

    with pytest.raises(Conflict, match="Only 1 of “Hand grinder Black”"):
        actions.approve_return(ret, at=NOON, actor=MEI)

    kettle, lid = ret.lines.order_by("pk")
    actions.approve_return(ret, quantities={kettle.pk: 2, lid.pk: 1}, at=NOON, actor=MEI)
    assert Return.objects.get(pk=ret.pk).state == ReturnState.APPROVED


def test_a_question_goes_back_and_forth_until_somebody_decides():
    ret = make_return()
    photo = make_file(ret.shop, name="lid.jpg", content_type="image/jpeg")

    actions.ask_customer(ret, question=" Which lid? ", at=NOON, actor=MEI)
    assert (ret.state, ret.question) == (ReturnState.MORE_INFO, "Which lid?")
    actions.answer_question(ret, text="The red one.", photos=[photo], at=NOON)
    assert (ret.state, ret.answer) == (ReturnState.REQUESTED, "The red one.")
    assert list(ret.lines.get().photos.all()) == [photo]
    actions.ask_customer(ret, question="Sure?", at=NOON, actor=MEI)
    assert (ret.answer, ret.question) == ("", "Sure?")
    actions.approve_return(ret, at=NOON, actor=MEI)

    assert (Return.objects.get(pk=ret.pk).state, ret.question) == (ReturnState.APPROVED, "")
    with pytest.raises(Conflict):
        actions.answer_question(ret, text="Yes.", at=NOON)


@pytest.mark.parametrize("words", ["", "  \n ", "x" * 5001])
def test_questions_and_answers_are_words(words):
    ret = make_return()

    with pytest.raises(InvalidInput) as question:
        actions.ask_customer(ret, question=words, at=NOON, actor=MEI)
    actions.ask_customer(ret, question="Which?", at=NOON, actor=MEI)
    with pytest.raises(InvalidInput) as answer:
        actions.answer_question(ret, text=words, at=NOON)

    assert (question.value.field, answer.value.field) == ("question", "text")


def test_a_declared_withdrawal_cannot_be_declined():
    ret = make_return(state=ReturnState.APPROVED, legal_basis=LegalBasis.WITHDRAWAL)

    with pytest.raises(Refused, match="out of scope"):
        actions.decline_return(ret, reason="No.", at=NOON, actor=MEI)

    assert Return.objects.get(pk=ret.pk).state == ReturnState.APPROVED


def test_going_beyond_the_rules_is_goodwill_and_never_takes_a_right_away():
    ret = two_lines(legal_basis=LegalBasis.VOLUNTARY)
    first = ret.lines.order_by("pk")[0]
    first.legal_basis = LegalBasis.GUARANTEE
    first.save()

    actions.override_policy(ret, reason=" A loyal\ncustomer ", payer="merchant", at=NOON, actor=MEI)

    fresh = Return.objects.get(pk=ret.pk)
    assert (fresh.override_reason, fresh.overridden_by, fresh.payer) == ("A loyal customer", "Mei Tanaka", "merchant")
    assert (fresh.legal_basis, fresh.state) == (LegalBasis.GOODWILL, ReturnState.REQUESTED)
    assert [line.legal_basis for line in fresh.lines.order_by("pk")] == ["guarantee", "goodwill"]
    assert Event.objects.get().data == {"reason": "A loyal customer"}


def test_the_customer_cannot_be_made_to_pay_for_sending_faulty_goods_back():
    ret = make_return(legal_basis=LegalBasis.GUARANTEE, payer="merchant")

    with pytest.raises(Refused) as refused:
        actions.override_policy(ret, reason="Cheaper", payer="customer", at=NOON, actor=MEI)
    with pytest.raises(InvalidInput):
        actions.override_policy(ret, reason=" ", at=NOON, actor=MEI)
    with pytest.raises(Conflict):
        actions.override_policy(make_return(state=ReturnState.RESOLVED), reason="Late", at=NOON, actor=MEI)

    assert refused.value.field == "payer"
    assert not Event.objects.exists()


def test_what_is_given_may_change_until_it_is_given():
    ret = make_return(state=ReturnState.RECEIVED)
    line = ret.lines.get()

    actions.change_resolution(
        ret, line=line, resolution="exchange", exchange_variant_id="UHJvZHVjdFZhcmlhbnQ6MQ==", exchange_name="Red",
        at=NOON, actor=MEI,
    )  # fmt: skip

    line.refresh_from_db()
    assert (line.resolution, line.exchange_name) == (Resolution.EXCHANGE, "Red")
    assert Event.objects.get().data == {"line": line.pk, "before": "refund", "after": "exchange"}
    ret.move("resolve", at=NOON)
    with pytest.raises(Conflict):
        actions.change_resolution(ret, line=line, resolution="refund", at=NOON, actor=MEI)


def test_the_money_that_the_law_promises_is_replaced_with_consent_alone():
    ret = make_return(state=ReturnState.RECEIVED, legal_basis=LegalBasis.WITHDRAWAL)
    line = ret.lines.get()
    line.legal_basis = LegalBasis.WITHDRAWAL
    line.save()

    with pytest.raises(Refused) as refused:
        actions.change_resolution(ret, line=line, resolution="store_credit", at=NOON, actor=MEI)
    actions.change_resolution(ret, line=line, resolution="store_credit", agreed=True, at=NOON, actor=MEI)

    assert refused.value.field == "agreed"
    line.refresh_from_db()
    assert line.resolution == Resolution.STORE_CREDIT


def test_a_line_that_is_repaired_is_not_waited_for_and_does_not_count_as_returned():
    ret = two_lines()
    ret.lines.filter(order_line__sku="LID-1").update(resolution=Resolution.REPAIR)

    actions.approve_return(ret, at=NOON, actor=MEI)
    actions.take_over(ret.lines.get(order_line__sku="LID-1"), repair_number="REP-1001")

    assert Event.objects.filter(kind="return.handed_to_repair").count() == 1
    assert [one["quantity"] for one in Parcel.objects.get().contents] == [2]
    free = {one.order_line.sku: one.facts.returnable for one in actions.request.eligibility(ret.order, at=NOON)}
    assert free == {"GRINDER-1": 0, "LID-1": 3}


def test_a_return_of_nothing_but_repairs_is_done_once_it_is_handed_over():
    ret = make_return()
    ret.lines.update(resolution=Resolution.REPAIR)

    actions.approve_return(ret, at=NOON, actor=MEI)

    assert Return.objects.get(pk=ret.pk).state == ReturnState.RESOLVED
    assert not Parcel.objects.exists()


def test_declining_gives_the_label_up():
    ret = make_return(payer="customer")
    actions.approve_return(ret, at=NOON, actor=MEI)

    actions.decline_return(ret, reason="It was used.", at=NOON, actor=MEI)

    assert Parcel.objects.get().state == ParcelState.VOID


# -- two at once ---------------------------------------------------------------------------------------------------


def race(*presses: Any) -> list[str]:
    """Press several buttons at the same moment; returns what each one got, sorted."""
    start, outcomes = threading.Barrier(len(presses)), []

    def run(press: Any) -> None:
        try:
            start.wait(10)
            outcomes.append(press().state)
        except AftercareError as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    people = [threading.Thread(target=run, args=(press,)) for press in presses]
    for person in people:
        person.start()
    for person in people:
        person.join(30)
    return sorted(outcomes)


@pytest.mark.django_db(transaction=True)
def test_the_shop_approves_and_the_customer_cancels_at_the_same_moment():
    order = make_order(delivered=NOON - DAY)
    make_policy(order.shop)
    ret = make_return(order, payer="customer")

    outcomes = race(
        lambda: actions.approve_return(Return.objects.get(pk=ret.pk), at=NOON, actor=MEI),
        lambda: actions.cancel_return(Return.objects.get(pk=ret.pk), at=NOON, actor=CUSTOMER),
    )

    state = Return.objects.get(pk=ret.pk).state
    # Either one was too late, or the cancellation came after the approval, which is allowed.
    assert outcomes in (["CONFLICT", "canceled"], ["CONFLICT", "approved"], ["approved", "canceled"])
    assert state in {ReturnState.CANCELED, ReturnState.APPROVED}
    waiting = Job.objects.filter(kind="parcels.make_label", state=JobState.PENDING).count()
    assert waiting == (state == ReturnState.APPROVED)


@pytest.mark.django_db(transaction=True)
def test_two_members_of_staff_decide_at_the_same_moment_and_one_of_them_learns_of_it():
    order = make_order(delivered=NOON - DAY)
    make_policy(order.shop)
    ret = make_return(order, payer="customer")

    outcomes = race(
        lambda: actions.approve_return(Return.objects.get(pk=ret.pk), at=NOON, actor=MEI),
        lambda: actions.approve_return(Return.objects.get(pk=ret.pk), at=NOON, actor=KEN),
    )

    assert outcomes == ["CONFLICT", "approved"]
    assert Event.objects.filter(kind="return.approved").count() == 1
    assert Parcel.objects.count() == 1
