"""Gifts: who comes in by the link sees no price, gets no money, and nobody tells the payer (C1.19)."""

import re
from typing import Any

import pytest

from saleor_aftercare.access import gifts
from saleor_aftercare.access.models import CustomerSession, Draft, GiftLink, GuestChallenge
from saleor_aftercare.connection.models import Order
from saleor_aftercare.core import jobs
from saleor_aftercare.inbox.models import Ticket
from saleor_aftercare.mail.models import OutboundMessage
from saleor_aftercare.policies.models import Resolution
from saleor_aftercare.returns.models import Return, ReturnState
from tests.make import DAY, NOON, make_order, make_policy, make_return, make_session, make_shop, serial
from tests.portal.conftest import Browser, browse, sign_in, text_of
from tests.portal.filling import Form

pytestmark = pytest.mark.django_db

ALL = (Resolution.REFUND, Resolution.EXCHANGE, Resolution.STORE_CREDIT, Resolution.REPAIR)
PRICE = re.compile(r"[€￥]|EUR|\d+\.\d\d\b")


@pytest.fixture
def order() -> Order:
    shop = make_shop(permissions=["MANAGE_ORDERS", "HANDLE_PAYMENTS", "MANAGE_GIFT_CARD"])
    shop.settings.store_credit_enabled = True
    shop.settings.save()
    make_policy(shop, resolutions=ALL, withdrawal_enabled=True, withdrawal_countries=frozenset({"FR"}))
    return make_order(shop, delivered=NOON - DAY)


def recipient(order: Order, *, email: str = "rin@gift.test") -> Browser:
    """Somebody who came in by the order's gift link."""
    link = gifts.share(order, at=NOON)
    token = f"acg_{serial()}"
    make_session(order, token=token, email=email, gift=link, name="Rin", language="en")
    return browse(order.shop, token=token)


def asked_by(order: Order, *, email: str = "rin@gift.test", **values: Any) -> Return:
    return make_return(order, gift_recipient_email=email, gift_recipient_name="Rin", **values)


def test_the_payer_makes_a_link_that_stays_the_same_until_it_is_closed(order):
    payer = sign_in(order)

    payer.post(f"orders/{order.number}/gift/")
    payer.post(f"orders/{order.number}/gift/")
    shown = text_of(payer.get(f"orders/{order.number}/gift/"))
    payer.post(f"orders/{order.number}/gift/", {"revoke": "1"})

    link = GiftLink.objects.get()
    assert f"https://aftercare.test/portal/{order.shop.handle}/gift/" in shown
    assert link.revoked_at == NOON


def test_the_way_in_proves_an_address_of_the_recipients_own(order):
    link = gifts.share(order, at=NOON)
    visitor = browse(order.shop)
    door = visitor.url(f"gift/{gifts.token_of(link)}/")

    sent = visitor.client.post(door, {"name": "Rin", "email": "Rin@Gift.test"})
    jobs.run_due()
    letter = OutboundMessage.objects.get(kind="access/guest_code")
    code = re.search(r"\b\d{6}\b", letter.words().text)[0]
    answer = visitor.client.post(sent["Location"], {"code": code})

    assert (letter.to_email, letter.to_name) == ("rin@gift.test", "Rin")
    assert answer["Location"] == visitor.url("gift/")
    session = CustomerSession.objects.get()
    assert (session.gift, session.name, session.email) == (link, "Rin", "rin@gift.test")
    assert "Exchange or return items" in text_of(visitor.get("gift/"))


@pytest.mark.parametrize("token", ["x", "WzFd:1abc:forged", "../orders", "%00", "a" * 900])
def test_a_forged_link_opens_nothing(order, token):
    gifts.share(order, at=NOON)

    assert browse(order.shop).get(f"gift/{token}/").status_code in {303, 400, 404}
    assert not GuestChallenge.objects.exists()


def test_order_number_and_postcode_open_nothing(order):
    """C1.19: both can be guessed."""
    answer = browse(order.shop).post("gift/", {"link": f"{order.number} 75002"})

    assert answer.status_code == 422
    assert not CustomerSession.objects.exists()


def test_a_link_of_another_shop_does_not_exist(order):
    token = gifts.token_of(gifts.share(order, at=NOON))

    assert browse(make_shop()).get(f"gift/{token}/").status_code == 404


def test_closing_the_link_closes_the_door_and_signs_everybody_out(order):
    visitor = recipient(order)
    token = gifts.token_of(gifts.link_of(order))

    gifts.revoke(order, at=NOON)

    assert visitor.get(f"orders/{order.number}/return/").status_code == 303
    assert browse(order.shop).get(f"gift/{token}/").status_code == 404


def test_a_code_asked_for_before_the_link_was_closed_opens_nothing(order):
    link = gifts.share(order, at=NOON)
    visitor = browse(order.shop)
    sent = visitor.client.post(visitor.url(f"gift/{gifts.token_of(link)}/"), {"name": "Rin", "email": "r@gift.test"})
    gifts.revoke(order, at=NOON)
    jobs.run_due()

    assert visitor.client.post(sent["Location"], {"code": "000000"}).status_code == 404
    assert not OutboundMessage.objects.exists()


@pytest.mark.parametrize("path", ["", "message/", "repair/", "part/", "gift/"])
def test_the_recipient_sees_nothing_of_the_order_but_its_return_form(order, path):
    assert recipient(order).get(f"orders/{order.number}/{path}").status_code == 404


def test_the_recipients_session_is_no_key_to_the_api(order):
    link = gifts.share(order, at=NOON)
    make_session(order, token="acg_gift", gift=link)

    answer = browse(order.shop).client.post(
        "/graphql/",
        '{"query": "{ me { email } }"}',
        content_type="application/json",
        headers={"Authorization": "Bearer acg_gift"},
    )

    assert "recipient of a gift" in text_of(answer) or answer.status_code == 401


def test_no_step_shows_a_price_or_offers_money(order, shelf):
    shelf.put("V-42", "Hand grinder White", due="5.00")
    shelf.put("V-43", "Hand grinder Red", rest="2.50")
    form = Form(order, recipient(order))

    pages = [text_of(form.visitor.get(form.path))]
    form.pick(1)
    form.explain("defective")
    pages += [form.page("reasons/"), form.page("resolution/")]
    refund = text_of(form.wish("refund"))
    form.wish("store_credit")
    pages.append(form.page("check/"))
    form.send()
    ret = Return.objects.get()
    pages.append(text_of(form.visitor.get(f"returns/{ret.number}/")))

    for html in pages:
        assert PRICE.search(html.partition("<main")[2]) is None
        assert order.email not in html
        assert order.customer_name not in html
    assert 'value="refund"' not in pages[2]
    assert 'value="repair"' not in pages[2]
    assert "Hand grinder White" not in pages[2]
    assert "Hand grinder Red" in pages[2]
    assert "Please choose what you would like." in refund
    assert "withdraw/?order" not in pages[3]


def test_the_return_is_the_recipients_and_its_letters_go_to_them(order):
    form = Form(order, recipient(order))
    form.fill_in("changed_mind", wish="store_credit")
    form.send()
    jobs.run_due()
    jobs.run_due()

    ret = Return.objects.get()
    assert (ret.gift_recipient_email, ret.gift_recipient_name) == ("rin@gift.test", "Rin")
    assert set(OutboundMessage.objects.values_list("to_email", flat=True)) == {"rin@gift.test"}


def test_the_payer_is_told_nothing(order):
    ret = asked_by(order)
    payer = sign_in(order)

    assert ret.number not in text_of(payer.get(f"orders/{order.number}/"))
    assert payer.get(f"returns/{ret.number}/").status_code == 404
    assert payer.post(f"returns/{ret.number}/cancel/").status_code == 404


def test_another_recipient_of_the_same_gift_sees_only_their_own(order):
    ret = asked_by(order)

    assert recipient(order, email="other@gift.test").get(f"returns/{ret.number}/").status_code == 404
    mine = recipient(order)
    assert mine.get(f"returns/{ret.number}/").status_code == 200
    assert ret.number in text_of(mine.get("gift/"))


def test_the_recipient_does_not_see_the_payers_returns(order):
    ret = make_return(order)

    assert recipient(order).get(f"returns/{ret.number}/").status_code == 404


def test_drafts_of_payer_and_recipient_do_not_know_each_other(order):
    gift, own = Form(order, recipient(order)), Form(order)
    gift.pick(1)
    own.pick(1)

    assert sign_in(order).get(f"{gift.path}{gift.key}/reasons/").status_code == 404
    assert gift.visitor.get(f"{own.path}{own.key}/reasons/").status_code == 404
    assert sorted(Draft.objects.values_list("kind", flat=True)) == ["gift_return", "return"]


def test_the_recipient_may_cancel(order):
    ret = asked_by(order, state=ReturnState.REQUESTED)

    recipient(order).post(f"returns/{ret.number}/cancel/")

    ret.refresh_from_db()
    assert ret.state == ReturnState.CANCELED


def test_what_the_recipient_writes_is_nothing_for_the_payer(order):
    ret = asked_by(order)
    visitor, payer = recipient(order), sign_in(order)

    visitor.post(f"returns/{ret.number}/message/", {"key": "k" * 32, "body": "It was a surprise"})
    payer.post(f"orders/{order.number}/message/", {"key": "p" * 32, "body": "Where is my order"})

    theirs, mine = text_of(visitor.get(f"returns/{ret.number}/")), text_of(payer.get(f"orders/{order.number}/"))
    assert "It was a surprise" not in mine
    assert "Where is my order" not in theirs
    assert "Where is my order" in mine
    assert set(Ticket.objects.values_list("customer_email", flat=True)) == {"rin@gift.test", order.email}
