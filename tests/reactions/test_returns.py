"""From the order to the refund: letters to the customer, lines in the ticket."""

from __future__ import annotations

import pytest

from saleor_aftercare.compensation.models import RefundState
from saleor_aftercare.core import clock
from saleor_aftercare.core.events import CUSTOMER
from saleor_aftercare.followups import actions as followups
from saleor_aftercare.followups.models import FollowUp, FollowUpAnswer, FollowUpState
from saleor_aftercare.inbox import actions as inbox
from saleor_aftercare.inbox import queries
from saleor_aftercare.inbox.models import CaseKind, MessageKind, Ticket, TicketChannel
from saleor_aftercare.returns import actions as returns
from saleor_aftercare.returns.models import ReturnReason, ReturnState
from saleor_aftercare.returns.queries import get_return
from tests.make import make_file, make_policy

from .tale import (
    APPROVED,
    ARRIVED,
    EMAILS,
    MEI,
    REQUESTED,
    ask_back,
    both_languages,
    pay_back,
    said,
    sell,
    story,
    subjects,
)

pytestmark = pytest.mark.django_db


WRONG = {"en": "Something is wrong with order {order}", "ja": "ご注文 {order} の問題について"}
RECEIVED = {"en": "Your return {number} was checked", "ja": "返品 {number} の確認が終わりました"}
REFUNDED = {"en": "Your refund for return {number}: {amount}", "ja": "返品 {number} のご返金：{amount}"}
DECLINED = {"en": "About your return request {number}", "ja": "返品申請 {number} について"}
CANCELED = {"en": "Your return {number} is cancelled", "ja": "返品 {number} を取り消しました"}


@both_languages
def test_from_the_order_to_the_refund_it_is_one_conversation(house, mailoutbox, days_later, language):
    _placed, order = sell(house, language)
    followup = FollowUp.objects.get()
    assert (followup.order, followup.state) == (order, FollowUpState.SCHEDULED)
    days_later(house, 6)
    assert subjects(mailoutbox) == []

    days_later(house, 8)
    days_later(house, 9)
    assert subjects(mailoutbox) == [ARRIVED[language].format(order=order.number)]
    assert mailoutbox == []

    followup.refresh_from_db()
    followups.answer(followup, answer=FollowUpAnswer.SOMETHING_WRONG, comment="<b>蓋</b> is broken", at=clock.now())
    house.settle()
    ticket = Ticket.objects.get()
    assert (ticket.subject, ticket.channel) == (WRONG[language].format(order=order.number), TicketChannel.FOLLOW_UP)
    assert (ticket.language, ticket.customer_email, ticket.order) == (language, EMAILS[language], order)
    assert said(ticket) == ["<b>蓋</b> is broken"]

    ret = ask_back(order)
    house.settle()
    assert subjects(mailoutbox) == [REQUESTED[language].format(number=ret.number)]

    returns.approve_return(get_return(house.shop, ret.pk), at=clock.now(), actor=MEI)
    house.settle()
    (letter,) = mailoutbox
    assert sorted((name, kind) for name, _data, kind in letter.attachments) == [
        (f"{ret.number}-label-A4.pdf", "application/pdf"),
        (f"{ret.number}-label.pdf", "application/pdf"),
    ]
    assert all(bytes(data).startswith(b"%PDF-") for _name, data, _kind in letter.attachments)
    assert subjects(mailoutbox) == [APPROVED[language].format(number=ret.number)]

    returns.receive_return(get_return(house.shop, ret.pk), lines=None, at=clock.now(), actor=MEI)
    house.settle()
    assert subjects(mailoutbox) == [RECEIVED[language].format(number=ret.number)]

    refund = pay_back(house, get_return(house.shop, ret.pk))
    amount = refund.money.format(language)
    assert subjects(mailoutbox) == [REFUNDED[language].format(number=ret.number, amount=amount)]

    assert get_return(house.shop, ret.pk).state == ReturnState.RESOLVED
    assert Ticket.objects.get() == queries.ticket_of_case(house.shop, CaseKind.RETURN, ret.pk) == ticket
    assert said(ticket) == ["<b>蓋</b> is broken", "One is broken."]
    assert story(ticket) == [
        "return.requested",
        "return.approved",
        "parcel.ready",
        "return.received",
        "return.recorded",
        "refund.started",
        "refund.settled",
        "return.resolved",
    ]
    by = {m.event: m.event_data["by"] for m in ticket.messages.filter(kind=MessageKind.SYSTEM)}
    assert (by["return.requested"], by["return.approved"], by["refund.settled"]) == ("", "Mei Tanaka", "")
    assert house.failed_jobs() == []


@both_languages
def test_a_declined_and_a_cancelled_return_are_explained(house, mailoutbox, language):
    _placed, order = sell(house, language)
    declined, canceled = ask_back(order), ask_back(order)
    house.settle()
    mailoutbox.clear()

    returns.decline_return(declined, reason="It was used.", at=clock.now(), actor=MEI)
    house.settle()
    returns.cancel_return(canceled, at=clock.now(), actor=CUSTOMER)
    house.settle()

    assert "It was used." in mailoutbox[0].body
    assert subjects(mailoutbox) == [
        DECLINED[language].format(number=declined.number),
        CANCELED[language].format(number=canceled.number),
    ]
    ticket = Ticket.objects.get()
    assert story(ticket) == ["return.requested", "return.requested", "return.declined", "return.canceled"]


def test_a_return_that_is_approved_at_once_gets_the_label_instead_of_a_receipt(house, mailoutbox):
    make_policy(house.shop, auto_approve=True, version=50)
    _placed, order = sell(house)

    ret = ask_back(order)
    house.settle()

    assert subjects(mailoutbox) == [APPROVED["en"].format(number=ret.number)]
    assert story(Ticket.objects.get()) == ["return.requested", "return.approved", "parcel.ready"]


def test_what_the_customer_wrote_with_a_return_and_the_photos_stand_in_its_ticket(house):
    _placed, order = sell(house)
    photo = make_file(house.shop, name="lid.jpg", content_type="image/jpeg")

    ask_back(order, note="The parcel was wet.", photos=(photo,))
    house.settle()
    ask_back(order, note="", actor=MEI)
    house.settle()

    ticket = Ticket.objects.get()
    assert said(ticket) == ["The parcel was wet."]
    assert list(ticket.messages.get(kind=MessageKind.CUSTOMER).attachments.all()) == [photo]
    assert ticket.channel == TicketChannel.PORTAL


def test_a_return_that_staff_write_down_says_nothing_in_the_customers_name(house):
    _placed, order = sell(house)

    ask_back(order, note="Called us.", actor=MEI)
    house.settle()

    ticket = Ticket.objects.get()
    assert (ticket.channel, said(ticket)) == (TicketChannel.STAFF, [])
    assert story(ticket) == ["return.requested"]


def test_a_return_with_more_words_than_a_message_holds_has_its_ticket(house):
    placed = house.sell([(v.sku, 1) for v in house.saleor.state.variants[:12]], email=EMAILS["en"])
    order = house.order(placed)
    units = [returns.UnitsAsked(line, 1, ReturnReason.OTHER, note="x" * 5000) for line in order.lines.all()]

    returns.request_return(order, units=units, note="", at=clock.now(), actor=CUSTOMER)
    house.settle()

    assert len(said(Ticket.objects.get())[0]) == inbox.MAX_BODY
    assert house.failed_jobs() == []


def test_money_that_does_not_come_through_is_told_in_the_ticket_and_to_no_customer(house, mailoutbox, days_later):
    _placed, order = sell(house)
    ret = ask_back(order)
    returns.approve_return(ret, at=clock.now(), actor=MEI)
    returns.receive_return(ret, lines=None, at=clock.now(), actor=MEI)
    house.settle()
    mailoutbox.clear()

    refund = pay_back(house, get_return(house.shop, ret.pk), "failure")
    days_later(house, 1)

    refund.refresh_from_db()
    assert refund.state == RefundState.FAILED
    assert story(Ticket.objects.get())[-2:] == ["refund.started", "refund.failed"]
    assert subjects(mailoutbox) == []
    assert get_return(house.shop, ret.pk).state == ReturnState.RECEIVED
