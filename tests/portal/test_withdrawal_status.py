"""Where the withdrawal function is reached from, and the page of a declaration."""

from __future__ import annotations

import re

import pytest

from saleor_aftercare.core.models import Shop
from saleor_aftercare.withdrawals import queries
from saleor_aftercare.withdrawals.models import Withdrawal
from saleor_aftercare.withdrawals.words import words_of
from tests.make import DAY, NOON, make_eu_policy, make_order, make_shop, make_withdrawal
from tests.portal.conftest import Browser, browse, photo, sign_in, text_of
from tests.portal.withdrawing import confirm, seen, shop, state
from tests.withdrawals.test_declaring import settle

pytestmark = pytest.mark.django_db

__all__ = ["shop"]


# -- where it leads from and to --------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "no/such/page/", "orders/", "returns/RMA-1/", "unsubscribe/x/", "withdraw/"])
def test_every_page_leads_there_for_guests_and_on_errors_too(shop, path):
    browser = browse(shop)
    response = browser.get(path)
    if response.status_code == 303:
        response = browser.client.get(response["Location"])

    assert f'href="/portal/{shop.handle}/withdraw/' in text_of(response)
    assert "Withdraw from contract here" in seen(response)


def test_pages_of_somebody_signed_in_lead_there(shop):
    order = make_order(shop, delivered=NOON - DAY)

    response = sign_in(order).get(f"orders/{order.number}/")

    assert f'href="/portal/{shop.handle}/withdraw/"' in text_of(response)


def test_where_no_country_knows_the_right_the_page_says_so_and_points_to_returns():
    """Japan: nothing to withdraw by law for mail order."""
    shop = make_shop()
    make_eu_policy(shop, withdrawal_countries=frozenset())
    browser = browse(shop)

    english, japanese = browser.get("withdraw/"), browser.get("withdraw/", lang="ja")

    assert "No statutory right to withdraw" in seen(english)
    assert "クーリング・オフ制度はありません" in seen(japanese)
    assert "<form" not in text_of(english)
    assert f'href="/portal/{shop.handle}/"' in text_of(english)
    assert "/withdraw/" not in text_of(browser.get()).replace("/withdraw/?", "")
    assert state(browser).status_code == 200
    assert Withdrawal.objects.count() == 0


# -- the status page -------------------------------------------------------------------------------------------------


def test_the_link_of_the_letter_opens_the_page_for_reading_only(shop):
    withdrawal = make_withdrawal(make_order(shop, delivered=NOON - DAY))
    browser = browse(shop)

    page = browser.get(f"withdrawals/{withdrawal.number}/", t=queries.status_token(withdrawal))

    assert withdrawal.statement.split("\n")[0] in seen(page)
    assert "Confirm that it is me" in seen(page)
    assert 'name="tracking"' not in text_of(page)


@pytest.mark.parametrize("token", ["", "x", "forged:token:here"])
def test_without_the_link_or_a_session_nobody_reads_it(shop, token):
    withdrawal = make_withdrawal(make_order(shop))

    response = browse(shop).get(f"withdrawals/{withdrawal.number}/", t=token)

    assert response.status_code == 303
    assert "next=" in response["Location"]


def test_the_link_of_one_declaration_does_not_open_another(shop):
    one, two = make_withdrawal(make_order(shop)), make_withdrawal(make_order(shop))

    assert browse(shop).get(f"withdrawals/{two.number}/", t=queries.status_token(one)).status_code == 303


def carried_out(shop: Shop) -> tuple[Withdrawal, Browser]:
    """A declaration with its return, whose customer is signed in."""
    order = make_order(shop, delivered=NOON - DAY)
    browser = sign_in(order)
    confirm(browser, browser.post(f"withdraw/?order={order.number}", {"scope": "whole"}))
    return settle(Withdrawal.objects.get()), browser


def test_a_tracking_number_or_a_receipt_starts_the_duty_to_pay_back(shop):
    """C2: goods received or proof of sending."""
    withdrawal, browser = carried_out(shop)
    page = browser.get(f"withdrawals/{withdrawal.number}/")
    key = re.search(r'name="key" value="([^"]+)"', text_of(page))[1]
    assert queries.goods_out(withdrawal, withdrawal.ret)

    response = browser.post(
        f"withdrawals/{withdrawal.number}/proof/", {"key": key, "tracking": "4400150461", "files": [photo()]}
    )

    withdrawal = Withdrawal.objects.select_related("ret").get()
    assert response.status_code == 303
    assert (withdrawal.sent_proof_at, withdrawal.proof_tracking) == (NOON, "4400150461")
    assert withdrawal.proofs.count() == 1
    assert not queries.goods_out(withdrawal, withdrawal.ret)
    assert withdrawal.ret.state == "in_transit"
    assert "We have noted that the goods are on their way." in seen(browser.get(f"withdrawals/{withdrawal.number}/"))


def test_an_empty_proof_proves_nothing(shop):
    withdrawal, browser = carried_out(shop)
    page = browser.get(f"withdrawals/{withdrawal.number}/")
    key = re.search(r'name="key" value="([^"]+)"', text_of(page))[1]

    response = browser.post(f"withdrawals/{withdrawal.number}/proof/", {"key": key, "tracking": " "})

    assert response.status_code == 422
    assert words_of("en").proof_missing in seen(response)
    assert Withdrawal.objects.get().sent_proof_at is None


def test_the_link_alone_cannot_prove_anything(shop):
    withdrawal, _browser = carried_out(shop)

    response = browse(shop).post(f"withdrawals/{withdrawal.number}/proof/", {"key": "x" * 24, "tracking": "1"})

    assert response.status_code == 303
    assert Withdrawal.objects.get().sent_proof_at is None
