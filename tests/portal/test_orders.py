"""A customer's orders."""

from decimal import Decimal

import pytest

from saleor_aftercare.connection.models import DeliverySource, Order
from saleor_aftercare.core.models import Event
from saleor_aftercare.inbox.models import CaseKind, MessageKind
from tests.make import (
    DAY,
    NOON,
    Line,
    make_fulfillment,
    make_message,
    make_order,
    make_policy,
    make_repair,
    make_return,
    make_shop,
    make_spare_part,
    make_ticket,
)
from tests.portal.conftest import browse, sign_in, text_of

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert('x')</script>"


@pytest.fixture
def order() -> Order:
    order = make_order(lines=[Line(), Line(product_name="Gift card", is_gift_card=True)], delivered=NOON - DAY)
    make_policy(order.shop)
    return order


def test_the_page_says_what_may_come_back_and_until_when(order):
    html = text_of(sign_in(order).get(f"orders/{order.number}/"))

    assert "Returnable until 1 July 2025" in html
    assert "Gift cards cannot be returned." in html
    assert "€59.80" in html
    assert "Hand grinder" in html


def test_a_passed_window_is_named(order):
    make_policy(order.shop, window_days=0)

    assert "The return period has passed" in text_of(sign_in(order).get(f"orders/{order.number}/"))


def test_where_nothing_can_be_returned_there_is_no_button(order):
    order.status = "CANCELED"
    order.save()

    html = text_of(sign_in(order).get(f"orders/{order.number}/"))

    assert "This order was cancelled." in html
    assert f"orders/{order.number}/return/" not in html


def test_dates_and_money_are_the_readers(order):
    japanese = make_order(order.shop, currency="JPY", lines=[Line(total=Decimal(12800))], delivered=NOON, language="ja")

    html = text_of(sign_in(japanese).get(f"orders/{japanese.number}/"))

    assert '<html lang="ja">' in html
    assert "￥12,800" in html
    assert "2025年7月2日" in html


def test_days_are_those_of_the_shops_time_zone():
    shop = make_shop(settings={"time_zone": "Asia/Tokyo"})
    make_policy(shop)
    late_evening_in_utc = make_order(shop, delivered=NOON - DAY + 8 * DAY / 24)

    html = text_of(sign_in(late_evening_in_utc).get(f"orders/{late_evening_in_utc.number}/"))

    assert "2 July 2025" in html


def test_everything_asked_about_the_order_is_listed_with_its_state(order):
    ret, repair, part = make_return(order), make_repair(order), make_spare_part(order)

    html = text_of(sign_in(order).get(f"orders/{order.number}/"))

    for case, path in ((ret, "returns"), (repair, "repairs"), (part, "parts")):
        assert f'href="/portal/{order.shop.handle}/{path}/{case.number}/"' in html
    assert html.count("We are looking at it") == 3


def test_the_conversation_shows_what_was_said_openly_and_nothing_else(order):
    ticket = make_ticket(order, messages=("Where is it?",))
    make_message(ticket, kind=MessageKind.STAFF, body="It is **on its way**.")
    make_message(ticket, kind=MessageKind.NOTE, body="A difficult customer.")
    make_ticket(make_order(order.shop), messages=("Somebody else's words",))

    html = text_of(sign_in(order).get(f"orders/{order.number}/"))

    assert "Where is it?" in html
    assert "It is <strong>on its way</strong>." in html
    assert "A difficult customer." not in html
    assert "Somebody else's words" not in html


def test_a_guest_sees_one_order_and_a_customer_all_of_theirs(order):
    other = make_order(order.shop, user_id=order.user_id)
    stranger = make_order(order.shop)

    assert sign_in(order).get("orders/")["Location"].endswith(f"/orders/{order.number}/")
    html = text_of(sign_in(order, guest=False).get("orders/"))

    assert f"Order {order.number}" in html
    assert f"Order {other.number}" in html
    assert f"Order {stranger.number}" not in html


@pytest.mark.parametrize("guest", [True, False])
def test_another_customers_order_is_as_missing_as_none(order, guest):
    visitor = sign_in(order, guest=guest)
    theirs = make_order(order.shop)
    elsewhere = make_order(user_id=order.user_id, email=order.email)

    answers = [visitor.get(f"orders/{number}/") for number in (theirs.number, elsewhere.number, "0")]

    assert [a.status_code for a in answers] == [404] * 3
    pages = {text_of(a).split("<main")[1] for a in answers}
    assert len(pages) == 1


def test_without_a_session_an_order_and_no_order_look_alike(order):
    visitor = browse(order.shop)

    assert visitor.get(f"orders/{order.number}/").status_code == visitor.get("orders/0/").status_code == 303


def test_the_customer_can_say_that_a_parcel_arrived():
    order = make_order(delivered=NOON + DAY, delivered_source=DeliverySource.ESTIMATE)
    guest = sign_in(order)
    assert "Did it arrive?" in text_of(guest.get(f"orders/{order.number}/"))

    response = guest.post(f"orders/{order.number}/parcels/1/arrived/")
    guest.post(f"orders/{order.number}/parcels/1/arrived/")

    assert response["Location"] == guest.url(f"orders/{order.number}/")
    parcel = order.fulfillments.get()
    assert (parcel.delivered_at, parcel.delivered_source) == (NOON, DeliverySource.CUSTOMER)
    assert Event.objects.filter(kind="fulfillment.delivered").count() == 1
    assert "Did it arrive?" not in text_of(guest.get(f"orders/{order.number}/"))


def test_the_carrier_knows_better_than_the_customer(order):
    guest = sign_in(order)

    guest.post(f"orders/{order.number}/parcels/1/arrived/")

    assert order.fulfillments.get().delivered_source == DeliverySource.CARRIER


def test_a_parcel_of_somebody_else_or_none_cannot_be_confirmed(order):
    guest = sign_in(order)
    theirs = make_order(order.shop, delivered=NOON + DAY, delivered_source=DeliverySource.ESTIMATE)

    assert guest.post(f"orders/{theirs.number}/parcels/1/arrived/").status_code == 404
    assert guest.post(f"orders/{order.number}/parcels/7/arrived/").status_code == 404
    assert guest.get(f"orders/{order.number}/parcels/1/arrived/").status_code == 405
    assert theirs.fulfillments.get().delivered_source == DeliverySource.ESTIMATE


def test_html_in_any_field_is_text():
    order = make_order(
        lines=[Line(product_name=SCRIPT, variant_name=SCRIPT, sku=SCRIPT)], customer_name=SCRIPT, fulfilled=False
    )
    make_fulfillment(order, tracking_number=SCRIPT)
    ticket = make_ticket(order, messages=(SCRIPT,))
    make_message(ticket, kind=MessageKind.STAFF, author_name=SCRIPT, body=f"{SCRIPT} [x](javascript:alert(1))")

    html = text_of(sign_in(order).get(f"orders/{order.number}/"))

    assert "<script>alert" not in html
    assert "javascript:" not in html.replace("](javascript:alert(1))", "")
    assert html.count("&lt;script&gt;alert") >= 5


@pytest.mark.parametrize("guest", [True, False])
def test_an_order_page_takes_few_queries_however_much_is_on_it(order, guest, django_assert_num_queries):
    visitor = sign_in(order, guest=guest)
    for _ in range(3):
        make_return(order)
        make_repair(order)
        make_spare_part(order)
        make_ticket(order, messages=("One", "Two"), about=(CaseKind.RETURN, make_return(order).pk))

    with django_assert_num_queries(11 if guest else 12):
        assert visitor.get(f"orders/{order.number}/").status_code == 200


def test_a_list_of_orders_takes_three_queries(order, django_assert_num_queries):
    visitor = sign_in(order, guest=False)
    for _ in range(3):
        make_order(order.shop, user_id=order.user_id)

    with django_assert_num_queries(3):
        visitor.get("orders/")
