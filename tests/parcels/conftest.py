"""A shop that buys its labels from the fake carrier."""

from collections.abc import Iterator

import pytest

from saleor_aftercare.connection.models import Order, ShopSettings
from saleor_aftercare.core.models import Shop
from tests.fakes import FakeLabelProvider, fake_labels
from tests.make import DAY, NOON, make_order, make_shop
from tests.make.parcels import WAREHOUSE_ADDRESS, make_account


@pytest.fixture
def fake() -> Iterator[FakeLabelProvider]:
    with fake_labels() as carrier:
        yield carrier


@pytest.fixture
def shop(db: None) -> Shop:
    shop = make_shop()
    ShopSettings.objects.filter(shop=shop).update(label_provider="fake", return_address=WAREHOUSE_ADDRESS.to_json())
    make_account(shop)
    return shop


@pytest.fixture
def order(shop: Shop) -> Order:
    return make_order(shop, delivered=NOON - DAY)
