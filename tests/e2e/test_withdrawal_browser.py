"""The withdrawal function in a real Chromium: by keyboard, on a phone, without script, accessible."""

from __future__ import annotations

from typing import Any

import pytest

from saleor_aftercare.connection.models import Order
from saleor_aftercare.core import clock
from saleor_aftercare.withdrawals import queries
from saleor_aftercare.withdrawals.models import Withdrawal, WithdrawalState
from saleor_aftercare.withdrawals.words import labels_of
from tests.make import DAY, Line, make_eu_policy, make_order, make_return, make_shop, make_withdrawal

from .test_portal_browser import DESK, PHONE, Visitor, context_for, signed_in, site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

__all__ = ["site"]


@pytest.fixture
def order(site: str) -> Order:
    """Two things from a shop that sells to the Union, delivered two days ago."""
    now = clock.now()
    shop = make_shop(name="Komorebi Coffee", saleor_api_url=f"{site}/graphql/", settings={"time_zone": "Europe/Berlin"})
    make_eu_policy(shop)
    return make_order(
        shop,
        lines=[Line(quantity=2), Line(product_name="Paper filters", variant_name="100", sku="F")],
        delivered=now - 2 * DAY,
        placed_at=now - 6 * DAY,
    )


@pytest.mark.parametrize("language", ["en", "ja", "de"])
def test_a_guest_withdraws_on_a_phone_by_keyboard_alone(chromium, site, order, language):
    visitor = Visitor(context_for(chromium, site, locale=language), order, site)
    page = visitor.page

    visitor.go("withdraw/")
    assert page.locator("html").get_attribute("lang") == language
    visitor.look()
    visitor.press("form.card .button")  # nothing filled in: the summary has the focus, and leads to the field
    assert page.locator(":focus").get_attribute("id") == "problems"
    visitor.look()
    visitor.tab_to("#problems a")
    page.keyboard.press("Enter")
    page.keyboard.insert_text("Ada Example")
    visitor.type_into("[name=contract]", order.number)
    visitor.type_into("[name=email]", order.email)
    visitor.press("form.card .button")

    visitor.look()
    confirm = page.locator("form .button--primary")
    assert confirm.inner_text() == labels_of(language).confirm
    assert Withdrawal.objects.count() == 0
    visitor.press("form .button--primary")

    visitor.look()
    withdrawal = Withdrawal.objects.get()
    assert (withdrawal.language, withdrawal.contract) == (language, order.number)
    assert withdrawal.number in page.inner_text("main")


def test_it_works_without_script_for_some_of_the_goods(chromium, site, order):
    visitor = signed_in(context_for(chromium, site, java_script_enabled=False), order, site)
    page = visitor.page

    visitor.go(f"withdraw/?order={order.number}")
    page.check("[name=scope][value=some]")
    page.fill("[name^=units-] >> nth=0", "1")
    page.click("form.card .button")
    page.click("[name=change]")
    assert page.locator("[name^=units-] >> nth=0").input_value() == "1"
    page.click("form.card .button")
    page.click("form .button--primary")

    withdrawal = Withdrawal.objects.get()
    assert [one.quantity for one in withdrawal.lines.all()] == [1]
    assert withdrawal.number in page.inner_text("main")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("viewport", "language"), [(PHONE, "ja"), (DESK, "en"), (PHONE, "fr")])
def test_every_page_of_it_is_accessible(chromium, site, order, scheme, viewport, language):
    context = context_for(chromium, site, viewport=viewport, locale=language, color_scheme=scheme)
    visitor = signed_in(context, order, site)
    now = clock.now()
    in_force = make_withdrawal(
        order, ret=make_return(order, state="approved", requested_at=now, state_since=now), declared_at=now
    )
    unmatched = make_withdrawal(shop=order.shop, state=WithdrawalState.UNMATCHED, declared_at=now)
    out = make_withdrawal(order, state=WithdrawalState.OUT_OF_SCOPE, declared_at=now)

    paths: list[Any] = ["withdraw/?other=1", f"withdraw/?order={order.number}"]
    paths += [f"withdrawals/{row.number}/?t={queries.status_token(row)}" for row in (in_force, unmatched, out)]
    paths.append(f"withdraw/done/?r={queries.receipt_token(in_force)}")
    for path in paths:
        visitor.go(f"{path}&lang={language}")
        visitor.look()
        assert visitor.page.locator("html").get_attribute("lang") == language
