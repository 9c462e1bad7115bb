"""How often somebody sends goods back, and what does not fit."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from saleor_aftercare.connection.models import FulfillmentLine, Order
from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.models import Shop
from saleor_aftercare.core.money import Money
from saleor_aftercare.parcels.models import ParcelState
from saleor_aftercare.policies.models import LegalBasis
from saleor_aftercare.returns.listing import ReturnFilter, View, counts, matching
from saleor_aftercare.returns.models import Return, ReturnState
from saleor_aftercare.returns.signals import address_key_of, signals_of
from saleor_aftercare.returns.warnings import warnings_of
from tests.make import DAY, NOON, Line, make_order, make_return, make_return_label, make_shop

pytestmark = pytest.mark.django_db


# -- signals -----------------------------------------------------------------------------------------------------------


def test_velocity_counts_by_account_and_by_mail_and_shares_by_value():
    """C1.21: velocity per person, with rights told apart."""
    order = make_order(lines=[Line(quantity=2, total=Decimal("60.00"))], shipping=Decimal(0))
    ret = make_return(order)
    forty = [Line(quantity=1, total=Decimal("40.00"))]
    same_mail = make_order(order.shop, email=order.email, user_id="", lines=forty, shipping=Decimal(0))
    make_return(same_mail, requested_at=NOON - 29 * DAY)
    make_return(order, requested_at=NOON - 100 * DAY, legal_basis=LegalBasis.WITHDRAWAL)
    make_return(order, requested_at=NOON - 400 * DAY)
    make_return(order, requested_at=NOON, state=ReturnState.CANCELED)
    make_return(make_order(order.shop))

    month, half, year = signals_of(ret, at=NOON).person

    assert [(one.days, one.returns, one.statutory) for one in (month, half, year)] == [
        (30, 1, 0),
        (180, 2, 1),
        (365, 2, 1),
    ]
    assert (month.value, half.value) == (Money(Decimal("40.00"), "EUR"), Money(Decimal("70.00"), "EUR"))
    assert (month.orders, month.bought, half.share_percent) == (2, Money(Decimal("100.00"), "EUR"), 70)


def test_an_address_is_the_same_however_it_is_written_and_says_nothing_by_itself():
    shop = make_shop()
    plain = PostalAddress(name="Ada", street1="5 Rue de la Paix", city="Paris", postal_code="75002", country="FR")
    shouted = PostalAddress(name="Bob", street1="5, RUE DE LA PAIX ", city="paris", postal_code="75 002", country="FR")
    first, second = (make_order(shop, shipping_address=one.to_json()) for one in (plain, shouted))
    elsewhere = make_order(shipping_address=plain.to_json())
    nowhere = make_order(shop, shipping_address={}, billing_address={})

    keys = [address_key_of(one) for one in (first, second, elsewhere, nowhere)]

    assert keys[0] == keys[1] != keys[2]
    assert keys[3] == ""
    assert "paix" not in keys[0]


def test_two_people_at_one_address_are_seen():
    order = make_order()
    ret = make_return(order, address_key="k")
    make_return(make_order(order.shop), address_key="k")
    make_return(make_order(order.shop), address_key="k")
    make_return(make_order(), address_key="k")

    found = signals_of(ret, at=NOON)

    assert (found.people_at_address, [one.returns for one in found.address]) == (2, [2, 2, 2])
    assert [one.returns for one in found.person] == [0, 0, 0]


def test_wrong_and_missing_goods_of_a_year_are_remembered():
    ret = make_return()
    earlier = make_return(ret.order, units={ret.order.lines.get(): 2}, state=ReturnState.RESOLVED)
    earlier.lines.update(quantity=4, quantity_received=2, quantity_wrong=1, quantity_rejected=1)

    found = signals_of(ret, at=NOON)

    assert (found.wrong_items, found.missing_units, found.rejected_units) == (1, 1, 1)


def test_a_gifts_recipient_has_a_history_of_their_own(django_assert_max_num_queries):
    order = make_order()
    make_return(order)
    gift = make_return(order, gift_recipient_email="friend@example.com")
    make_return(make_order(order.shop), gift_recipient_email="friend@example.com")

    with django_assert_max_num_queries(5):
        found = signals_of(Return.objects.select_related("order", "shop").get(pk=gift.pk), at=NOON)

    assert [one.returns for one in found.person] == [1, 1, 1]


# -- what does not fit -------------------------------------------------------------------------------------------------


def codes(ret: Return) -> list[str]:
    return [one.code for one in warnings_of([Return.objects.get(pk=ret.pk)])[ret.pk]]


def test_an_order_that_changed_in_saleor_is_told_on_the_case():
    """C1.16: cancelled, edited, or returned in the Dashboard while our case is open."""
    ret = make_return(state=ReturnState.APPROVED)
    assert codes(ret) == []

    Order.objects.update(status="CANCELED")
    assert codes(ret) == ["order_canceled"]
    FulfillmentLine.objects.update(quantity=0)
    assert codes(ret) == ["order_canceled", "units_gone"]
    ret.order.lines.update(quantity=0)
    assert codes(ret) == ["order_canceled", "order_edited", "units_gone"]
    Return.objects.update(state=ReturnState.RESOLVED)
    assert codes(ret) == []


def test_a_promotion_that_what_stays_did_not_earn_is_shown_and_nothing_is_deducted():
    """C1.9: return of a part; promo "buy 2 get 1" no longer satisfied."""
    order = make_order(
        lines=(Line(quantity=2), Line(sku="GIFT", quantity=1, total=Decimal(0))),
        discounts=[{"kind": "ORDER_PROMOTION", "name": "Buy 2 get 1"}],
    )
    grinders, gift = order.lines.all()
    gift.is_gift = True
    gift.save()
    part = make_return(order, units={grinders: 1})
    whole = make_return(order, units={grinders: 2, gift: 1})

    found = {one.code: one.message for one in warnings_of([Return.objects.get(pk=part.pk)])[part.pk]}

    assert set(found) == {"promotion", "gift_stays", "units_gone"}
    assert "Buy 2 get 1" in found["promotion"]
    assert not {"promotion", "gift_stays"} & set(codes(whole))


def test_a_parcel_that_comes_though_nothing_is_expected_is_told():
    ret = make_return(state=ReturnState.APPROVED)
    parcel = make_return_label(ret)
    parcel.move("ship", at=NOON)
    ret.move("cancel", at=NOON)

    assert codes(ret) == ["parcel_moved"]
    assert parcel.state == ParcelState.IN_TRANSIT


def test_warnings_cost_the_same_for_one_return_and_for_many(django_assert_num_queries):
    shop = make_shop()
    for _ in range(4):
        make_return(make_order(shop), state=ReturnState.APPROVED)
    rets = list(Return.objects.order_by("pk"))

    with django_assert_num_queries(8):
        warnings_of(rets[:1])
    with django_assert_num_queries(8):
        warnings_of(rets[1:])


# -- lists -------------------------------------------------------------------------------------------------------------


def listed(shop: Shop, **wanted: Any) -> list[str]:
    rows = matching(Return.objects.filter(shop=shop), ReturnFilter(**wanted), shop=shop, today=NOON.date())
    return list(rows.order_by("pk").values_list("number", flat=True))


def test_each_view_shows_what_it_is_for():
    shop = make_shop()
    by_state = {state: make_return(make_order(shop), state=state).number for state in ReturnState}
    late = make_return(make_order(shop), state=ReturnState.APPROVED, refund_due_on=(NOON - DAY).date()).number
    make_return(make_order(shop), state=ReturnState.RESOLVED, refund_due_on=(NOON - DAY).date())

    assert listed(shop, view=View.TO_DECIDE) == [by_state[ReturnState.REQUESTED]]
    assert listed(shop, view=View.WAITING_FOR_PARCEL) == [
        by_state[ReturnState.APPROVED], by_state[ReturnState.IN_TRANSIT], by_state[ReturnState.LOST], late,
    ]  # fmt: skip
    assert listed(shop, view=View.TO_RECEIVE) == [by_state[ReturnState.ARRIVED]]
    assert listed(shop, view=View.REFUND_OVERDUE) == [late]
    assert len(listed(shop, view=View.ALL)) == 13
    assert counts(shop, today=NOON.date())[View.WAITING_FOR_PARCEL] == 4
    assert listed(make_shop(), view=View.ALL) == []


def test_returns_are_found_by_whatever_stands_on_paper():
    order = make_order(lines=[Line(sku="KETTLE-9")])
    ret = make_return(order, gift_recipient_email="friend@example.com")
    parcel = make_return_label(ret)
    parcel.tracking_number = "JJD0001"
    parcel.save()
    make_return(make_order(order.shop))
    shop = order.shop

    for text in (
        ret.number.lower(),
        f"#{order.number}",
        order.email.upper(),
        "Friend@example.com",
        "JJD0001",
        "KETTLE-9",
    ):
        assert listed(shop, search=text) == [ret.number], text
    assert listed(shop, search="%") == listed(make_shop(), search="KETTLE-9") == []


def test_filters_narrow_each_other():
    shop = make_shop()
    ret = make_return(make_order(shop, channel="jp"), legal_basis=LegalBasis.GUARANTEE, requested_at=NOON)
    make_return(make_order(shop), requested_at=NOON - DAY)

    assert listed(shop, bases=["guarantee"], channels=["jp"], reasons=["defective"], requested_from=NOON) == [
        ret.number
    ]
    assert listed(shop, bases=["guarantee"], requested_to=NOON) == []
    assert listed(shop, reasons=["too_small"]) == listed(shop, states=[]) == []
