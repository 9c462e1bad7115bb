"""When parcels arrive, and whose word counts for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saleor_aftercare.connection import orders
from saleor_aftercare.connection.models import DeliverySource
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.models import Shop
from tests.connection.test_orders import kinds, parcel, remember
from tests.make import DAY, HOUR, NOON, make_fulfillment, make_order, make_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return make_shop(settings={"estimated_delivery_days": 4})


def test_until_somebody_knows_better_a_parcel_arrives_when_the_shop_thinks(shop):
    order = remember(shop, parcels=[parcel(1, {1: 2})])

    fulfillment = order.fulfillments.get()
    assert (fulfillment.delivered_at, fulfillment.delivered_source) == (NOON + 4 * DAY, DeliverySource.ESTIMATE)
    assert fulfillment.delivered_confidence == 30
    assert "fulfillment.delivered" not in kinds()


BY_TRUST = [DeliverySource.ESTIMATE, DeliverySource.CUSTOMER, DeliverySource.STAFF, DeliverySource.CARRIER]


@pytest.mark.parametrize("known", BY_TRUST)
@pytest.mark.parametrize("news", BY_TRUST)
def test_only_a_better_source_overrules_what_is_known(known, news):
    fulfillment = make_fulfillment(make_order(fulfilled=False), delivered=NOON, delivered_source=known)
    better = BY_TRUST.index(news) > BY_TRUST.index(known)

    orders.confirm_delivery(fulfillment, source=news, delivered_at=NOON + HOUR, at=NOON + DAY)

    fulfillment.refresh_from_db()
    assert fulfillment.delivered_source == (news if better else known)
    assert fulfillment.delivered_at == (NOON + HOUR if better else NOON)
    assert kinds() == (["fulfillment.delivered"] if better else [])


def test_a_confirmation_that_comes_twice_is_told_once():
    fulfillment = make_fulfillment(make_order(fulfilled=False))

    for _ in range(2):
        orders.confirm_delivery(fulfillment, source=DeliverySource.CARRIER, delivered_at=NOON, at=NOON)

    assert kinds() == ["fulfillment.delivered"]


@pytest.mark.parametrize("when", [timedelta(minutes=6), -4 * DAY])
def test_nothing_arrives_tomorrow_or_before_it_was_sent(when):
    fulfillment = make_fulfillment(make_order(fulfilled=False))

    with pytest.raises(InvalidInput) as refused:
        orders.confirm_delivery(fulfillment, source=DeliverySource.CARRIER, delivered_at=NOON + when, at=NOON)

    assert refused.value.field == "at"
    fulfillment.refresh_from_db()
    assert fulfillment.delivered_at is None


def test_newer_news_of_an_order_does_not_forget_when_its_parcel_arrived(shop):
    order = remember(shop, parcels=[parcel(1, {1: 2})])
    orders.confirm_delivery(
        order.fulfillments.get(), source=DeliverySource.CARRIER, delivered_at=NOON + DAY, at=NOON + DAY
    )

    remember(shop, updated=NOON + 2 * DAY, parcels=[parcel(1, {1: 2})])

    assert order.fulfillments.get().delivered_at == NOON + DAY
