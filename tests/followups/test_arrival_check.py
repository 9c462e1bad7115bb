"""The arrival check from the parcel to the answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail

from saleor_aftercare.connection.models import DeliverySource, Fulfillment, ShopSettings
from saleor_aftercare.core import jobs, tokens
from saleor_aftercare.core.errors import Conflict, InvalidInput, NotFound
from saleor_aftercare.core.models import Event, Job
from saleor_aftercare.followups import actions, queries
from saleor_aftercare.followups.models import FOLLOW_UP_WORKFLOW, FollowUp, FollowUpAnswer, FollowUpState
from saleor_aftercare.mail.models import OutboundMessage
from saleor_aftercare.mail.suppression import SuppressionReason, suppress
from tests.crash import dies_at_statement
from tests.machines import assert_one_winner, illegal_pairs, legal_moves, unreachable
from tests.make import DAY, NOON, make_file, make_followup, make_fulfillment, make_order, make_shop

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("elsewhere")]

WELL, WRONG = FollowUpAnswer.ALL_WELL, FollowUpAnswer.SOMETHING_WRONG


def parcel(**values: Any) -> Fulfillment:
    """A parcel delivered at NOON unless said otherwise."""
    return make_order(**({"delivered": NOON} | values)).fulfillments.get()


def run_at(moment: datetime) -> None:
    with time_machine.travel(moment, tick=False):
        jobs.run_due()


# -- planning ------------------------------------------------------------------------------------------------------


def test_it_is_planned_three_days_after_delivery():
    followup = actions.schedule_arrival_check(parcel(), at=NOON)

    assert followup is not None
    assert followup.due_at == NOON + 3 * DAY
    assert Job.objects.get(kind="followups.send").due_at == NOON + 3 * DAY


def test_however_often_the_event_comes_there_is_one():
    fulfillment = parcel()

    first = actions.schedule_arrival_check(fulfillment, at=NOON)
    second = actions.schedule_arrival_check(fulfillment, at=NOON + DAY)

    assert first == second
    assert Job.objects.filter(kind="followups.send").count() == 1


def test_without_any_word_of_arrival_the_shops_estimate_counts():
    fulfillment = parcel(delivered=None)

    followup = actions.schedule_arrival_check(fulfillment, at=NOON)

    assert followup is not None
    assert followup.due_at == fulfillment.shipped_at + 4 * DAY + 3 * DAY


def test_when_arrival_is_known_better_it_moves_there_and_back(mailoutbox):
    fulfillment = parcel(delivered=NOON + 2 * DAY, delivered_source=DeliverySource.ESTIMATE)
    followup = actions.schedule_arrival_check(fulfillment, at=NOON)
    assert followup is not None
    for days, at in ((0, NOON + DAY), (2, NOON + 2 * DAY), (0, NOON + 2 * DAY)):
        Fulfillment.objects.update(delivered_at=NOON + days * DAY)
        actions.schedule_arrival_check(fulfillment, at=at)

    run_at(NOON + 3 * DAY)
    run_at(NOON + 9 * DAY)

    followup.refresh_from_db()
    assert followup.due_at == NOON + 3 * DAY
    assert followup.state_since == NOON + 3 * DAY
    assert len(mailoutbox) == 1


def test_a_later_arrival_delays_a_planned_question(mailoutbox):
    fulfillment = parcel(delivered_source=DeliverySource.ESTIMATE)
    actions.schedule_arrival_check(fulfillment, at=NOON)
    Fulfillment.objects.update(delivered_at=NOON + 5 * DAY)
    actions.schedule_arrival_check(fulfillment, at=NOON + DAY)

    run_at(NOON + 3 * DAY)
    assert mailoutbox == []

    run_at(NOON + 8 * DAY)
    assert len(mailoutbox) == 1


def test_nothing_is_planned_while_switched_off_or_for_orders_of_years_ago():
    off = make_order(make_shop(settings={"arrival_check_enabled": False}), delivered=NOON)
    old = parcel(delivered=NOON - 400 * DAY)

    assert actions.schedule_arrival_check(off.fulfillments.get(), at=NOON) is None
    assert actions.schedule_arrival_check(old, at=NOON) is None
    assert not FollowUp.objects.exists()
    assert not Job.objects.exists()


def test_every_parcel_of_an_order_has_its_own():
    order = make_order(delivered=NOON)
    second = make_fulfillment(order, delivered=NOON + DAY)

    for fulfillment in (order.fulfillments.get(number=1), second):
        actions.schedule_arrival_check(fulfillment, at=NOON)

    assert [f.due_at for f in queries.followups_of_order(order)] == [NOON + 3 * DAY, NOON + 4 * DAY]


# -- sending -------------------------------------------------------------------------------------------------------


def test_it_is_sent_once_in_the_customers_language():
    fulfillment = parcel(language="ja", customer_name="山田 花子")
    followup = actions.schedule_arrival_check(fulfillment, at=NOON)
    assert followup is not None

    run_at(NOON + 3 * DAY)
    run_at(NOON + 4 * DAY)

    (sent,) = mail.outbox
    assert sent.subject == f"ご注文 {fulfillment.order.number} は無事に届きましたか"
    assert "- Hand grinder Black × 2" in sent.body
    assert "/portal/" in sent.body
    assert "?answer=something_wrong" in sent.body
    followup.refresh_from_db()
    assert (followup.state, followup.state_since) == (FollowUpState.SENT, NOON + 3 * DAY)


def cancel_order(followup: FollowUp, elsewhere: Any) -> None:
    followup.order.status = "CANCELED"
    followup.order.save()


def cancel_parcel(followup: FollowUp, elsewhere: Any) -> None:
    Fulfillment.objects.update(status="CANCELED")


def open_return(followup: FollowUp, elsewhere: Any) -> None:
    elsewhere.return_open = True


def open_ticket(followup: FollowUp, elsewhere: Any) -> None:
    elsewhere.ticket_open = True


def switch_off(followup: FollowUp, elsewhere: Any) -> None:
    ShopSettings.objects.update(arrival_check_enabled=False)


def disconnect(followup: FollowUp, elsewhere: Any) -> None:
    followup.shop.disconnected_at = NOON
    followup.shop.save()


def opt_out(followup: FollowUp, elsewhere: Any) -> None:
    suppress(followup.shop, followup.order.email, reason=SuppressionReason.OPTED_OUT, at=NOON)


def lose_address(followup: FollowUp, elsewhere: Any) -> None:
    followup.order.email = ""
    followup.order.save()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (cancel_order, "order_canceled"),
        (cancel_parcel, "fulfillment_canceled"),
        (open_return, "return_open"),
        (open_ticket, "ticket_open"),
        (switch_off, "disabled"),
        (disconnect, "shop_disconnected"),
        (opt_out, "suppressed"),
        (lose_address, "no_address"),
    ],
)
def test_everything_is_looked_up_again_at_the_moment_of_sending(elsewhere, change, reason):
    followup = actions.schedule_arrival_check(parcel(), at=NOON)
    assert followup is not None
    change(followup, elsewhere)

    run_at(NOON + 3 * DAY)

    followup.refresh_from_db()
    assert (followup.state, followup.skip_reason) == (FollowUpState.SKIPPED, reason)
    assert mail.outbox == []
    assert not OutboundMessage.objects.exists()


def test_workers_that_slept_for_weeks_do_not_ask_any_more():
    followup = actions.schedule_arrival_check(parcel(), at=NOON)
    assert followup is not None

    run_at(NOON + 30 * DAY)

    followup.refresh_from_db()
    assert followup.skip_reason == "too_old"
    assert mail.outbox == []


def test_workers_that_wake_up_at_night_ask_in_the_morning():
    followup = actions.schedule_arrival_check(
        make_order(
            make_shop(settings={"time_zone": "Asia/Tokyo"}), delivered=NOON - timedelta(hours=8)
        ).fulfillments.get(),
        at=NOON,
    )
    assert followup is not None

    run_at(datetime(2025, 6, 5, 14, 0, tzinfo=UTC))  # 23:00 in Tokyo
    assert mail.outbox == []

    run_at(datetime(2025, 6, 6, 0, 0, tzinfo=UTC))  # 9:00 in Tokyo
    assert len(mail.outbox) == 1


def test_a_canceled_order_drops_what_is_planned():
    order = make_order(delivered=NOON)
    followup = actions.schedule_arrival_check(order.fulfillments.get(), at=NOON)
    assert followup is not None

    assert actions.cancel_arrival_checks(order, reason="order_canceled", at=NOON + DAY) == 1
    assert actions.cancel_arrival_checks(order, reason="order_canceled", at=NOON + DAY) == 0
    run_at(NOON + 3 * DAY)

    followup.refresh_from_db()
    assert (followup.state, followup.skip_reason) == (FollowUpState.SKIPPED, "order_canceled")
    assert mail.outbox == []


def test_a_worker_that_dies_at_any_statement_neither_doubles_nor_loses_the_question():
    for n in range(1, 60):
        followup = actions.schedule_arrival_check(parcel(), at=NOON)
        assert followup is not None
        before = OutboundMessage.objects.count()
        with time_machine.travel(NOON + 3 * DAY, tick=False) as travel:
            if not dies_at_statement(n, jobs.run_due):
                break
            travel.shift(timedelta(minutes=6))
            jobs.take_back_expired_leases()
            jobs.run_due()
        followup.refresh_from_db()
        assert followup.state == FollowUpState.SENT, n
        assert OutboundMessage.objects.count() == before + 1, n
    assert n > 10


# -- answering -----------------------------------------------------------------------------------------------------


def answers() -> list[dict[str, Any]]:
    return list(Event.objects.filter(kind="followup.answered").order_by("pk").values_list("data", flat=True))


def test_an_answer_is_kept_and_told():
    followup = make_followup(state=FollowUpState.SENT)

    actions.answer(followup, answer=WRONG, comment=" The lid is <b>broken</b>. ", at=NOON)

    followup.refresh_from_db()
    assert (followup.state, followup.answer, followup.answered_at) == (FollowUpState.ANSWERED, WRONG, NOON)
    assert answers() == [{"answer": "something_wrong", "comment": "The lid is <b>broken</b>.", "photos": []}]


def test_photos_travel_with_the_answer_and_those_of_another_shop_do_not():
    followup = make_followup(state=FollowUpState.SENT)
    photo = make_file(followup.shop)

    with pytest.raises(InvalidInput) as error:
        actions.answer(followup, answer=WRONG, comment="", photos=[make_file()], at=NOON)
    actions.answer(followup, answer=WRONG, comment="", photos=[photo], at=NOON)

    assert error.value.field == "photos"
    assert [told["photos"] for told in answers()] == [[photo.pk]]


def test_the_same_answer_again_changes_nothing_and_the_last_one_counts():
    followup = make_followup(state=FollowUpState.SENT)

    for answer, comment in ((WELL, ""), (WELL, ""), (WRONG, "lid"), (WRONG, "lid"), (WRONG, "and cup")):
        actions.answer(followup, answer=answer, comment=comment, at=NOON)

    followup.refresh_from_db()
    assert followup.answer == WRONG
    assert [told["comment"] for told in answers()] == ["", "lid", "and cup"]


@pytest.mark.parametrize("state", [FollowUpState.SCHEDULED, FollowUpState.SKIPPED])
def test_what_was_never_asked_cannot_be_answered(state):
    followup = make_followup(state=state)

    with pytest.raises(Conflict):
        actions.answer(followup, answer=WELL, comment="", at=NOON)

    assert answers() == []


@pytest.mark.parametrize(("answer", "comment", "field"), [("maybe", "", "answer"), (WRONG, "x" * 5001, "comment")])
def test_an_answer_that_is_none_is_refused(answer, comment, field):
    followup = make_followup(state=FollowUpState.SENT)

    with pytest.raises(InvalidInput) as caught:
        actions.answer(followup, answer=answer, comment=comment, at=NOON)

    assert caught.value.field == field
    assert answers() == []


def test_the_link_in_the_mail_opens_this_question_in_this_shop_only():
    followup, other = make_followup(), make_shop()
    token = queries.answer_token(followup)

    assert queries.followup_by_token(followup.shop, token) == followup
    with pytest.raises(NotFound):
        queries.followup_by_token(other, token)
    for forged in ("x", tokens.sign("return-status", followup.pk)):
        with pytest.raises(InvalidInput):
            queries.followup_by_token(followup.shop, forged)


# -- the machine ---------------------------------------------------------------------------------------------------

CHANGES = {"skip": {"skip_reason": "disabled"}, "answer": {"answer": WELL}}


@pytest.mark.parametrize(("state", "action", "target"), legal_moves(FOLLOW_UP_WORKFLOW))
def test_every_legal_move(state, action, target):
    followup = make_followup(state=state)

    followup.move(action, at=NOON, **CHANGES.get(action, {}))

    followup.refresh_from_db()
    assert followup.state == target


@pytest.mark.parametrize(("state", "action"), illegal_pairs(FOLLOW_UP_WORKFLOW))
def test_every_other_move_is_a_conflict(state, action):
    followup = make_followup(state=state)

    with pytest.raises(Conflict):
        followup.move(action, at=NOON, **CHANGES.get(action, {}))

    followup.refresh_from_db()
    assert followup.state == state


def test_two_workers_cannot_both_send():
    assert_one_winner(make_followup, "send")


def test_all_states_are_reachable():
    assert FOLLOW_UP_WORKFLOW.states() == frozenset(FollowUpState.values)
    assert unreachable(FOLLOW_UP_WORKFLOW, first=FollowUpState.SCHEDULED) == set()
