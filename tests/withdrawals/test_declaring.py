"""From the confirmation to the return: what a declaration does by itself."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from saleor_aftercare.connection.models import DeliverySource, Order
from saleor_aftercare.core import jobs
from saleor_aftercare.core.errors import ProviderUnavailable, RateLimited
from saleor_aftercare.core.events import Actor
from saleor_aftercare.core.models import ActorKind, Event, Job, JobState, Shop
from saleor_aftercare.mail.models import OutboundMessage
from saleor_aftercare.policies.models import Exclusion, LegalBasis, ReturnShippingPayer
from saleor_aftercare.policies.rules import Rule
from saleor_aftercare.returns.models import Return, ReturnState
from saleor_aftercare.withdrawals import actions, tasks
from saleor_aftercare.withdrawals.models import Flag, Withdrawal, WithdrawalState
from tests.make import DAY, NOON, Line, make_eu_policy, make_fulfillment, make_order, make_return, make_shop

from .conftest import declare

pytestmark = pytest.mark.django_db

MEI = Actor(ActorKind.STAFF, "Mei Tanaka", 1)


def settle(withdrawal: Withdrawal) -> Withdrawal:
    """Let happen what follows from a declaration; deliveries and mails stay where they are."""
    for kind in ("withdrawals.look_up", "withdrawals.make_return"):
        for job in Job.objects.filter(kind=kind, state=JobState.PENDING):
            jobs._handlers[kind](job)
            Job.objects.filter(pk=job.pk).update(state=JobState.DONE)
    return Withdrawal.objects.select_related("ret", "order").get(pk=withdrawal.pk)


@pytest.fixture
def saleor_knows(monkeypatch: Any) -> dict[tuple[str, str], Order]:
    """Orders that are found by number and e-mail; everything else is not there."""
    known: dict[tuple[str, str], Order] = {}

    def look_up(shop: Shop, *, number: str, email: str, at: Any) -> Order | None:
        return Order.objects.filter(shop=shop, number=number, email=email).first()

    monkeypatch.setattr(tasks, "look_up_order", look_up)
    return known


def sold(shop: Shop, **values: Any) -> Order:
    return make_order(shop, **({"delivered": NOON - DAY} | values))


def acknowledgement() -> OutboundMessage:
    return OutboundMessage.objects.get(kind="withdrawals/acknowledged")


def test_it_is_acknowledged_with_content_date_time_and_time_zone(shop):
    """C2: received (ack mailed with content + timestamp); art. 11a(4)."""
    order = sold(shop)

    withdrawal = declare(shop, order)

    letter = acknowledgement()
    assert letter.to_email == order.email
    assert letter.subject == f"Acknowledgement of receipt: your withdrawal {withdrawal.number}"
    assert "2 June 2025, 14:00:00 (UTC+02:00, Europe/Berlin)" in letter.text
    assert withdrawal.statement in letter.text
    assert f"order number {order.number}" in letter.text
    assert "by 16 June 2025 at the latest" in letter.text  # to send back, and for the refund
    assert "You bear the direct cost" in letter.text
    assert "1-2-3 Minamiaoyama" in letter.text
    assert f"/portal/{shop.handle}/policy/#withdrawal" in letter.text
    assert letter.repeat_if_lost is True
    assert withdrawal.acknowledged_at == withdrawal.declared_at == NOON


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("de", "Eingangsbestätigung: Ihr Widerruf {number}"),
        ("fr", "Accusé de réception : votre rétractation {number}"),
        ("it", "Avviso di ricevimento: il Suo recesso {number}"),
        ("es", "Acuse de recibo: su desistimiento {number}"),
        ("nl", "Ontvangstbevestiging: uw ontbinding {number}"),
        ("ja", "受領のお知らせ：撤回 {number}"),
    ],
)
def test_it_is_acknowledged_in_the_language_of_the_pages(shop, language, subject):
    withdrawal = declare(shop, language=language)

    letter = acknowledgement()
    assert letter.subject == subject.format(number=withdrawal.number)
    assert letter.language == language
    assert f'<html lang="{language}">' in letter.html
    for english in ("Hello", "sent you this message", "Your orders", "What happens next", "Address"):
        assert english not in letter.text


def test_the_same_form_twice_declares_and_acknowledges_once(shop):
    """Never twice: reload, back button, a button pressed twice."""
    first = declare(shop, key="form-a")

    second = declare(shop, key="form-a")

    assert first.pk == second.pk
    assert OutboundMessage.objects.count() == 1
    assert Event.objects.filter(kind="withdrawal.declared").count() == 1


def test_nothing_tells_a_hit_from_a_miss(shop):
    """C2: guest flow: generic answers, no order enumeration."""
    order = sold(shop)
    shapes = []
    for values in ({"order": order}, {"contract": order.number}, {"contract": "88888"}):
        with CaptureQueriesContext(connection) as queries:
            withdrawal = declare(shop, **values)
        assert (withdrawal.state, withdrawal.order) == (WithdrawalState.UNMATCHED, None)
        shapes.append([q["sql"].split()[:2] for q in queries if "SAVEPOINT" not in q["sql"]])

    assert shapes[0] == shapes[1] == shapes[2]


def test_a_guests_order_is_found_by_number_and_address_and_comes_back_by_law(shop, saleor_knows):
    order = sold(shop)
    withdrawal = declare(shop, order)

    withdrawal = settle(withdrawal)

    ret = withdrawal.ret
    assert (withdrawal.state, withdrawal.order, withdrawal.flags) == (WithdrawalState.OPEN, order, [])
    assert (ret.state, ret.source, ret.legal_basis) == (ReturnState.APPROVED, "withdrawal", LegalBasis.WITHDRAWAL)
    assert [(row.quantity, row.unsent, row.legal_basis, row.reason) for row in ret.lines.all()] == [
        (2, 0, LegalBasis.WITHDRAWAL, "")
    ]
    assert ret.refund_due_on == withdrawal.refund_due_on == date(2025, 6, 16)
    assert withdrawal.send_back_by == date(2025, 6, 16)
    assert (withdrawal.period_ends_on, withdrawal.period_estimated) == (date(2025, 6, 16), False)


def test_without_a_match_staff_look_and_the_acknowledgement_went_out_all_the_same(shop, saleor_knows):
    """C2: sent even when nothing matched."""
    sold(shop)

    withdrawal = settle(declare(shop, contract="77777"))

    assert (withdrawal.state, withdrawal.order) == (WithdrawalState.UNMATCHED, None)
    assert acknowledgement().to_email == "ada@customer.test"
    assert Event.objects.filter(kind="withdrawal.unmatched").count() == 1
    assert not Return.objects.exists()


def test_a_saleor_that_is_away_delays_the_match_and_staff_hear_of_it(shop, monkeypatch):
    def away(*_args: Any, **_values: Any) -> None:
        raise ProviderUnavailable("The shop does not answer.")

    monkeypatch.setattr(tasks, "look_up_order", away)
    withdrawal = declare(shop, contract="1042")
    job = Job.objects.get(kind="withdrawals.look_up")

    for attempt in (1, 2, 3, 4):
        job.attempts = attempt
        with pytest.raises(ProviderUnavailable):
            tasks.look_up(job)

    assert Event.objects.filter(kind="withdrawal.unmatched").count() == 1
    assert Withdrawal.objects.get(pk=withdrawal.pk).state == WithdrawalState.UNMATCHED


def test_before_delivery_nothing_has_to_be_sent_back_and_the_money_is_due(shop):
    """C2: before delivery: open, no deadline. Unsent units are put right without a parcel."""
    order = make_order(shop, fulfilled=False)

    withdrawal = settle(declare(shop, order, as_guest=False))

    ret = withdrawal.ret
    assert (withdrawal.period_ends_on, withdrawal.flags) == (None, [])
    assert (ret.state, [(row.quantity, row.unsent) for row in ret.lines.all()]) == (ReturnState.RECEIVED, [(2, 2)])
    letter = OutboundMessage.objects.get(kind="withdrawals/in_force")
    assert "Whatever we have not sent yet, we do not send any more." in letter.text
    assert "Send back" not in letter.text


def test_of_a_half_sent_order_only_the_sent_half_travels(shop):
    order = make_order(shop, fulfilled=False)
    make_fulfillment(order, units={order.lines.get(): 1}, delivered=NOON - DAY)

    ret = settle(declare(shop, order, as_guest=False)).ret

    assert [(row.quantity, row.unsent) for row in ret.lines.all()] == [(2, 1)]
    assert ret.state == ReturnState.APPROVED


def test_only_the_chosen_units_come_back(shop):
    order = sold(shop, lines=[Line(quantity=3), Line(product_name="Filters", variant_name="", sku="F")])
    line = order.lines.get(sku="GRINDER-1")

    withdrawal = settle(declare(shop, order, as_guest=False, lines=[(line, 2)]))

    assert "- 2 × Hand grinder (Black)" in withdrawal.statement
    assert [(row.order_line, row.quantity) for row in withdrawal.ret.lines.all()] == [(line, 2)]


def test_goods_named_in_words_wait_for_staff_to_say_which_lines_they_are(shop, saleor_knows):
    order = sold(shop)
    withdrawal = settle(declare(shop, order, goods="one of the grinders"))
    assert (withdrawal.flags, withdrawal.ret) == ([Flag.GOODS_IN_WORDS], None)

    actions.carry_out(withdrawal, chosen=[(order.lines.get(), 1)], at=NOON, actor=MEI)
    withdrawal = settle(withdrawal)

    assert [row.quantity for row in withdrawal.ret.lines.all()] == [1]


def test_a_late_declaration_is_recorded_acknowledged_and_left_to_staff(shop):
    """C2: after the period: still recorded and acknowledged, flagged, and no return without a person."""
    order = sold(shop, delivered=NOON - 30 * DAY)

    withdrawal = settle(declare(shop, order, as_guest=False))

    assert (withdrawal.state, withdrawal.flags, withdrawal.ret) == (WithdrawalState.OPEN, [Flag.LATE], None)
    assert withdrawal.period_ends_on == date(2025, 5, 19)  # 17 May is a Saturday
    assert acknowledgement()


def test_an_estimated_delivery_never_closes_the_period(shop):
    """C2 (mageme#10): carried out, and staff see that it may have been late."""
    order = sold(shop, delivered=NOON - 60 * DAY, delivered_source=DeliverySource.ESTIMATE)

    withdrawal = settle(declare(shop, order, as_guest=False))

    assert (withdrawal.flags, withdrawal.period_estimated) == ([Flag.PERHAPS_LATE], True)
    assert withdrawal.ret.state == ReturnState.APPROVED


def test_a_canceled_order_is_closed_but_the_acknowledgement_goes_out(shop):
    """C2: canceled order: closed (but the acknowledgement goes out)."""
    order = sold(shop, status="CANCELED")

    withdrawal = settle(declare(shop, order, as_guest=False))

    assert Flag.ORDER_CANCELED in withdrawal.flags
    assert withdrawal.ret is None
    assert acknowledgement()


def test_where_the_law_gives_no_right_a_person_decides(shop):
    order = sold(shop, shipping_address={"name": "花子", "country": "JP"})

    withdrawal = settle(declare(shop, order, as_guest=False))

    assert (withdrawal.flags, withdrawal.ret) == ([Flag.NO_RIGHT], None)


def test_exceptions_stay_out_and_are_named_with_their_reason():
    """C1.22: digital, hygiene, custom-made, perishable lines: per line with the reason, not per order."""
    shop = make_shop()
    make_eu_policy(
        shop,
        rules=[
            Rule(position=0, skus=frozenset({"ENGRAVED"}), exclusion=Exclusion.CUSTOM_MADE),
            Rule(position=1, skus=frozenset({"SOAP"}), exclusion=Exclusion.HYGIENE),
            Rule(position=2, skus=frozenset({"SALE"}), exclusion=Exclusion.FINAL_SALE),
            Rule(position=3),
        ],
    )
    order = sold(
        shop,
        lines=[
            Line(quantity=1, sku="ENGRAVED", product_name="Engraved mug", variant_name=""),
            Line(quantity=1, sku="SOAP", product_name="Soap"),
            Line(quantity=1, sku="SALE", product_name="Last kettle"),
            Line(quantity=1),
        ],
    )

    withdrawal = settle(declare(shop, order, as_guest=False))

    assert [row.order_line.sku for row in withdrawal.ret.lines.order_by("pk")] == ["SOAP", "SALE", "GRINDER-1"]
    engraved = order.lines.get(sku="ENGRAVED")
    assert withdrawal.exceptions == [{"line": engraved.pk, "exclusion": "custom_made"}]
    letter = OutboundMessage.objects.get(kind="withdrawals/in_force")
    assert "- Engraved mug: This was made to your specifications or clearly personalised." in letter.text


def test_the_return_costs_no_fee_whatever_the_policy_says_and_the_policy_says_who_pays_the_way():
    shop = make_shop()
    make_eu_policy(
        shop,
        who_pays=ReturnShippingPayer.MERCHANT,
        return_fee={"EUR": Decimal("5.00")},
        restocking_percent=Decimal(20),
    )
    order = sold(shop)

    withdrawal = settle(declare(shop, order, as_guest=False))

    assert withdrawal.ret.payer == ReturnShippingPayer.MERCHANT
    assert "We bear the cost of sending the goods back." in acknowledgement().text


def test_units_that_came_back_already_are_not_asked_back_again(shop):
    order = sold(shop)
    make_return(order, state=ReturnState.APPROVED, units={order.lines.get(): 1})

    ret = settle(declare(shop, order, as_guest=False)).ret

    assert [row.quantity for row in ret.lines.all()] == [1]


def test_declared_again_for_the_same_contract_it_counts_once(shop):
    order = sold(shop)
    first = settle(declare(shop, order, as_guest=False))

    second = settle(declare(shop, order, as_guest=False))

    assert (second.flags, second.repeats, second.ret) == ([Flag.REPEATED], first, None)
    assert OutboundMessage.objects.filter(kind="withdrawals/acknowledged").count() == 2
    assert Return.objects.count() == 1


def test_unsent_units_are_withdrawn_from_once(shop):
    order = make_order(shop, fulfilled=False)
    first = settle(declare(shop, order, as_guest=False, lines=[(order.lines.get(), 1)]))

    second = settle(declare(shop, order, as_guest=False))

    assert [row.unsent for row in first.ret.lines.all()] == [1]
    assert [(row.quantity, row.unsent) for row in second.ret.lines.all()] == [(1, 1)]


def test_the_deadline_counts_from_the_declaration_however_late_its_order_is_found(shop, saleor_knows):
    withdrawal = settle(declare(shop, contract="77777"))
    order = sold(shop)

    actions.match(withdrawal, order=order, at=NOON + 6 * DAY, actor=MEI)
    withdrawal = settle(withdrawal)

    assert withdrawal.ret.refund_due_on == date(2025, 6, 16)
    assert withdrawal.decided_by == "Mei Tanaka"


def test_so_many_declarations_from_one_sender_have_to_wait(shop):
    for _ in range(10):
        actions.count_declaration(shop, ip="", email="ada@customer.test", contract="")

    with pytest.raises(RateLimited):
        actions.count_declaration(shop, ip="", email="ada@customer.test", contract="")
    actions.count_declaration(shop, ip="", email="eve@customer.test", contract="")


def test_another_shops_order_of_the_same_number_is_not_found(shop, saleor_knows):
    other = make_order(delivered=NOON - DAY)

    withdrawal = settle(declare(shop, contract=other.number, email=other.email))

    assert withdrawal.state == WithdrawalState.UNMATCHED


def test_the_law_gives_two_weeks_and_nobody_shortens_them(shop):
    withdrawal = declare(shop)

    assert withdrawal.refund_due_on - NOON.date() == timedelta(days=14)
