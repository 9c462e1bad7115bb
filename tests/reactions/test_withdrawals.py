"""From the declaration to the settled refund, with the practice shop answering."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from saleor_aftercare.connection.models import DeliverySource, Order
from saleor_aftercare.connection.orders import confirm_delivery
from saleor_aftercare.core import clock
from saleor_aftercare.core.events import Actor
from saleor_aftercare.core.models import ActorKind, Event, Job
from saleor_aftercare.inbox.models import CaseKind, Ticket, TicketLink, TicketState
from saleor_aftercare.mail.models import OutboundMessage
from saleor_aftercare.policies.law import EEA_COUNTRIES
from saleor_aftercare.policies.models import ReturnPolicy
from saleor_aftercare.policies.queries import policy_of
from saleor_aftercare.returns import actions as returns
from saleor_aftercare.returns.models import Return, ReturnState
from saleor_aftercare.returns.reception import receive_return
from saleor_aftercare.withdrawals import actions, queries
from saleor_aftercare.withdrawals.models import Flag, Withdrawal, WithdrawalState
from saleor_aftercare.withdrawals.policy import Duty
from saleor_aftercare.withdrawals.statements import draw_up
from tests.house import House
from tests.make import serial

from .tale import sell, story

pytestmark = pytest.mark.django_db

MEI = Actor(ActorKind.STAFF, "Mei Tanaka", 1)


@pytest.fixture(autouse=True)
def _the_right(house: House) -> None:
    """The law of the Union, wherever the practice shop delivers."""
    policy = policy_of(house.shop)
    ReturnPolicy.objects.filter(pk=policy.pk).update(
        withdrawal_enabled=True, withdrawal_countries=[*EEA_COUNTRIES, "US", "JP"], withdrawal_days=14
    )


def declare(house: House, *, number: str, email: str, order: Order | None = None, **values: Any) -> Withdrawal:
    statement = draw_up(
        house.shop,
        shop_name="Kaze & Kettle",
        name="Jade Guerrero",
        email=email,
        contract=number,
        whole="goods" not in values,
        language="en",
        **values,
    )
    row = actions.declare(
        house.shop, key=f"form-{serial()}", statement=statement, order=order, source="portal", at=clock.now()
    )
    house.settle()
    return Withdrawal.objects.select_related("ret", "order").get(pk=row.pk)


def ticket_of(withdrawal: Withdrawal) -> Ticket:
    return TicketLink.objects.select_related("ticket").get(kind=CaseKind.WITHDRAWAL, case_id=withdrawal.pk).ticket


def test_a_guests_declaration_finds_its_order_in_saleor_and_comes_back_by_law(house):
    _placed, order = sell(house)

    withdrawal = declare(house, number=f"#{order.number}", email=order.email.upper())

    ret = withdrawal.ret
    assert (withdrawal.state, withdrawal.order, ret.state) == (WithdrawalState.OPEN, order, ReturnState.APPROVED)
    assert story(ticket_of(withdrawal))[:2] == ["withdrawal.matched", "withdrawal.return_made"]
    assert ticket_of(withdrawal).order == order
    kinds = set(OutboundMessage.objects.filter(to_email=order.email).values_list("kind", flat=True))
    assert {"withdrawals/acknowledged", "withdrawals/in_force"} <= kinds


def test_an_unknown_contract_becomes_an_urgent_ticket(house):
    withdrawal = declare(house, number="4711000", email="stranger@example.com")

    ticket = ticket_of(withdrawal)
    assert (ticket.order, ticket.unread, story(ticket)) == (None, True, ["withdrawal.unmatched"])
    assert ticket.customer_email == "stranger@example.com"


def test_the_reminders_come_and_stop_when_there_is_nothing_to_remind_of(house, days_later):
    _placed, order = sell(house)
    withdrawal = declare(house, number=order.number, email=order.email, order=order)
    actions.note_proof_of_sending(withdrawal, tracking_number="440015", files=(), at=clock.now(), actor=MEI)
    house.settle()
    ticket = ticket_of(withdrawal)
    Ticket.objects.filter(pk=ticket.pk).update(state=TicketState.SOLVED, unread=False, due_at=None)

    days_later(house, 10)
    assert story(ticket).count("withdrawal.refund_due") == 1
    ticket.refresh_from_db()
    assert (ticket.state, ticket.unread) == (TicketState.OPEN, True)
    days_later(house, 14)
    assert story(ticket).count("withdrawal.refund_due") == 2
    days_later(house, 16)
    assert story(ticket).count("withdrawal.refund_due") == 3
    last = Event.objects.filter(kind="withdrawal.refund_due").latest("pk")
    assert last.data["overdue"] is True


def test_nobody_is_reminded_while_the_refund_may_wait_for_the_goods(house, days_later):
    """C2: goods received or proof of sending; art. 13(3)."""
    _placed, order = sell(house)
    withdrawal = declare(house, number=order.number, email=order.email, order=order)
    duty = queries.duty_of(queries.get_withdrawal(house.shop, withdrawal.pk), today=withdrawal.refund_due_on)

    days_later(house, 16)

    assert duty == Duty.WITHHELD
    assert "withdrawal.refund_due" not in story(ticket_of(withdrawal))


def test_goods_that_arrive_late_start_the_reminders_again(house, days_later):
    _placed, order = sell(house)
    withdrawal = declare(house, number=order.number, email=order.email, order=order)
    days_later(house, 20)

    returns.mark_sent(Return.objects.get(pk=withdrawal.ret_id), at=clock.now())
    house.settle()

    assert "withdrawal.refund_due" in story(ticket_of(withdrawal))


def test_a_settled_return_settles_the_withdrawal_and_its_repetition(house):
    _placed, order = sell(house)
    first = declare(house, number=order.number, email=order.email, order=order)
    again = declare(house, number=order.number, email=order.email, order=order)
    assert again.flags == [Flag.REPEATED]

    ret = Return.objects.get(pk=first.ret_id)
    returns.mark_arrived(ret, at=clock.now())
    receive_return(ret, lines=None, at=clock.now(), actor=MEI)
    returns.resolve_return(ret, note="Paid back at the counter.", at=clock.now(), actor=MEI)
    house.settle()

    states = set(Withdrawal.objects.values_list("state", flat=True))
    assert states == {WithdrawalState.SETTLED}
    assert story(ticket_of(first))[-1] == "withdrawal.settled"


def test_a_confirmed_arrival_counts_the_period_anew(house):
    """C2: delivery-confidence: an estimate is replaced, and what was begun goes on."""
    _placed, order = sell(house)
    parcel = order.fulfillments.get()
    withdrawal = declare(house, number=order.number, email=order.email, order=order)
    assert withdrawal.period_estimated is True

    confirm_delivery(
        parcel, source=DeliverySource.CARRIER, delivered_at=parcel.shipped_at + timedelta(seconds=1), at=clock.now()
    )
    house.settle()

    withdrawal.refresh_from_db()
    assert withdrawal.period_estimated is False
    assert withdrawal.ret.state == ReturnState.APPROVED


def test_a_shop_without_a_return_address_still_takes_declarations(house):
    house.shop.settings.__class__.objects.filter(shop=house.shop).update(return_address={})
    _placed, order = sell(house)

    withdrawal = declare(house, number=order.number, email=order.email, order=order)

    assert withdrawal.state == WithdrawalState.OPEN
    assert OutboundMessage.objects.filter(kind="withdrawals/acknowledged").count() == 1
    assert not Job.objects.filter(kind__startswith="withdrawals.", error__startswith="crashed").exists()


def test_out_of_scope_is_mailed_with_the_reason_and_told_in_the_ticket(house):
    _placed, order = sell(house)
    withdrawal = declare(house, number=order.number, email=order.email, order=order)

    actions.mark_out_of_scope(withdrawal, reason="Bought for a business.", at=clock.now(), actor=MEI)
    house.settle()

    letter = OutboundMessage.objects.get(kind="withdrawals/out_of_scope")
    assert "Bought for a business." in letter.text
    assert "withdrawal.out_of_scope" in story(ticket_of(withdrawal))
    actions.reopen(Withdrawal.objects.get(pk=withdrawal.pk), at=clock.now(), actor=MEI)
    house.settle()
    withdrawal.refresh_from_db()
    assert withdrawal.ret.state == ReturnState.APPROVED
