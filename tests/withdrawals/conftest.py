"""Declaring, at a noon that stands still."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from saleor_aftercare.connection.models import Order, OrderLine
from saleor_aftercare.core.models import Shop
from saleor_aftercare.withdrawals import actions
from saleor_aftercare.withdrawals.models import Withdrawal
from saleor_aftercare.withdrawals.statements import Statement, draw_up
from tests.make import NOON, make_eu_policy, make_shop, serial


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def shop() -> Shop:
    """A shop that sells to the Union, and counts its days in Berlin."""
    shop = make_shop(settings={"time_zone": "Europe/Berlin"})
    make_eu_policy(shop)
    return shop


def statement_of(
    shop: Shop,
    order: Order | None = None,
    *,
    lines: list[tuple[OrderLine, int]] | None = None,
    **values: Any,
) -> Statement:
    """What the order's customer declares, for the whole contract unless lines or goods are named."""
    given = {
        "shop_name": "Komorebi Coffee",
        "name": "Ada Example",
        "email": order.email if order else "ada@customer.test",
        "contract": order.number if order else "99999",
        "chosen": lines or (),
        "whole": not lines and "goods" not in values,
        "language": "en",
    }
    return draw_up(shop, **(given | values))


def declare(shop: Shop, order: Order | None = None, *, as_guest: bool = True, **values: Any) -> Withdrawal:
    """Declare at noon; as a guest nobody says which order it is."""
    at = values.pop("at", NOON)
    return actions.declare(
        shop,
        key=values.pop("key", f"form-{serial()}"),
        statement=statement_of(shop, order, **values),
        order=None if as_guest else order,
        source="portal",
        at=at,
    )
