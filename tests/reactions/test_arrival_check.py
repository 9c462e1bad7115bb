"""The question whether a parcel arrived: asked once, and never when it would hurt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from saleor_aftercare.connection.models import Order
from saleor_aftercare.core import clock
from saleor_aftercare.core.events import CUSTOMER
from saleor_aftercare.followups import actions as followups
from saleor_aftercare.followups.models import FollowUp, FollowUpAnswer, FollowUpState
from saleor_aftercare.inbox import actions as inbox
from saleor_aftercare.inbox.models import Ticket, TicketChannel, TicketMessage, TicketState
from saleor_aftercare.returns import actions as returns
from saleor_aftercare.sandbox import (
    cancel_fulfillment,
    cancel_order,
    fulfill,
    pay_by_card,
    place_order,
    uninstall,
    update_tracking,
)
from tests.house import House
from tests.make import make_file

from .tale import (
    ARRIVED,
    EMAILS,
    ask_back,
    said,
    sell,
    subjects,
)

pytestmark = pytest.mark.django_db


def test_however_disorderly_saleors_events_come_there_is_one_letter(house, mailoutbox, days_later):
    house.hooks.disorder.shuffle = house.hooks.disorder.duplicate = True
    user = house.saleor.user(email=EMAILS["ja"])
    placed = place_order(house.saleor, user=user, lines=[(house.saleor.state.variants[0].sku, 2)])
    pay_by_card(house.saleor, placed)
    parcel = fulfill(house.saleor, placed)
    for number in ("1234-5678", "1234-5679"):
        update_tracking(house.saleor, placed, parcel, number)
    house.settle()
    update_tracking(house.saleor, placed, parcel, "1234-5670")

    days_later(house, 8)
    update_tracking(house.saleor, placed, parcel, "1234-5671")
    days_later(house, 9)

    assert FollowUp.objects.count() == 1
    assert subjects(mailoutbox) == [ARRIVED["ja"].format(order=placed.number)]


def called_off(house: House, placed: Any, order: Order) -> None:
    cancel_fulfillment(house.saleor, placed, placed.fulfillments[0])
    cancel_order(house.saleor, placed)


def parcel_called_off(house: House, placed: Any, order: Order) -> None:
    cancel_fulfillment(house.saleor, placed, placed.fulfillments[0])


def return_asked(house: House, placed: Any, order: Order) -> None:
    ask_back(order)
    house.settle()
    Ticket.objects.update(state=TicketState.SOLVED)


def message_written(house: House, placed: Any, order: Order) -> None:
    inbox.message_about_order(order, body="Where is it?", attachments=(), channel=TicketChannel.API, at=clock.now())


def account_deleted(house: House, placed: Any, order: Order) -> None:
    with house.saleor.changing():
        house.saleor.announce("CUSTOMER_DELETED", house.saleor.user(placed.user))


def removed(house: House, placed: Any, order: Order) -> None:
    uninstall(house.saleor, house.saleor.installed("saleor.aftercare"))


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (called_off, "order_canceled"),
        (parcel_called_off, "fulfillment_canceled"),
        (return_asked, "return_open"),
        (message_written, "ticket_open"),
        (account_deleted, "customer_deleted"),
        (removed, "shop_disconnected"),
    ],
)
def test_nobody_is_asked_when_it_would_hurt(house, mailoutbox, days_later, happens, reason):
    placed, order = sell(house)
    happens(house, placed, order)
    house.settle()
    mailoutbox.clear()

    days_later(house, 8)

    followup = FollowUp.objects.get()
    assert (followup.state, followup.skip_reason) == (FollowUpState.SKIPPED, reason)
    assert subjects(mailoutbox) == []


def test_a_settled_return_and_a_solved_ticket_of_the_order_do_not_keep_us_from_asking(house, mailoutbox, days_later):
    _placed, order = sell(house)
    returns.cancel_return(ask_back(order), at=clock.now(), actor=CUSTOMER)
    house.settle()
    Ticket.objects.update(state=TicketState.SOLVED)
    mailoutbox.clear()

    days_later(house, 8)

    assert subjects(mailoutbox) == [ARRIVED["en"].format(order=order.number)]


def asked(house: House, days_later: Callable[[House, int], None], language: str = "en") -> FollowUp:
    sell(house, language)
    days_later(house, 8)
    return FollowUp.objects.get(state=FollowUpState.SENT)


def test_all_well_opens_nothing(house, days_later):
    followup = asked(house, days_later)

    followups.answer(followup, answer=FollowUpAnswer.ALL_WELL, comment="Thanks!", at=clock.now())
    house.settle()

    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Something is wrong with my delivery."), ("ja", "届いた荷物に問題があります。")]
)
def test_a_button_pressed_without_words_speaks_the_customers_language(house, days_later, language, words):
    followup = asked(house, days_later, language)

    for _press in range(2):
        followups.answer(followup, answer=FollowUpAnswer.SOMETHING_WRONG, comment="", at=clock.now())
    house.settle()

    assert said(Ticket.objects.get()) == [words]


@pytest.mark.parametrize("state", [TicketState.SOLVED, TicketState.CLOSED])
def test_a_second_answer_is_heard_even_when_the_first_one_is_done_with(house, days_later, state):
    followup = asked(house, days_later)
    photo = make_file(house.shop, name="lid.jpg", content_type="image/jpeg")
    followups.answer(followup, answer=FollowUpAnswer.SOMETHING_WRONG, comment="The lid", at=clock.now())
    house.settle()
    Ticket.objects.update(state=state)

    followups.answer(
        followup, answer=FollowUpAnswer.SOMETHING_WRONG, comment="And the cup", photos=[photo], at=clock.now()
    )
    house.settle()

    message = TicketMessage.objects.get(body="And the cup")
    assert message.ticket.state in {TicketState.NEW, TicketState.OPEN}
    assert list(message.attachments.all()) == [photo]
    assert Ticket.objects.count() == (1 if state == TicketState.SOLVED else 2)
    assert house.failed_jobs() == []
