"""People over the API: staff, and all about one customer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saleor_aftercare.core.ids import to_global_id
from tests.graphql.api import as_staff, shop_with_key
from tests.make import (
    DAY,
    NOON,
    make_order,
    make_repair,
    make_return,
    make_shop,
    make_spare_part,
    make_staff,
    make_ticket,
)

pytestmark = pytest.mark.django_db


def test_staff_members_are_listed_by_name_for_their_own_shop():
    shop = shop_with_key()
    me = make_staff(shop, name="Zoe")
    make_staff(shop, name="Ann", email="ann@komorebi.test")
    make_staff()

    found = as_staff(shop, member=me).ask("{ staffMembers { name isMe } }").data["staffMembers"]

    assert found == [{"name": "Ann", "isMe": False}, {"name": "Zoe", "isMe": True}]


CUSTOMER = """query ($email: String, $user: ID) { customer(email: $email, userId: $user) {
  email name userId orders { number } tickets(first: 1) { number } returns { number }
  repairRequests { number } sparePartRequests { number }
} }"""


def test_all_about_a_customer_by_address_or_by_account():
    shop = shop_with_key()
    order = make_order(shop, delivered=NOON - DAY)
    ret, repair, part = make_return(order), make_repair(order), make_spare_part(order)
    make_ticket(order)
    newest = make_ticket(order, messages=("1", "2"))
    make_order(make_shop(), email=order.email, user_id=order.user_id)
    staff = as_staff(shop)

    by_address = staff.ask(CUSTOMER, email=order.email.upper()).data["customer"]
    by_account = staff.ask(CUSTOMER, user=order.user_id).data["customer"]

    assert by_address == by_account
    assert by_address == {
        "email": order.email,
        "name": "Ada Example",
        "userId": order.user_id,
        "orders": [{"number": order.number}],
        "tickets": [{"number": newest.number}],
        "returns": [{"number": ret.number}],
        "repairRequests": [{"number": repair.number}],
        "sparePartRequests": [{"number": part.number}],
    }


def test_nothing_known_of_somebody_is_null():
    shop = shop_with_key()
    order = make_order(make_shop())
    staff = as_staff(shop)

    assert staff.ask(CUSTOMER, email=order.email).data == {"customer": None}
    assert staff.ask(CUSTOMER, user=order.user_id).data == {"customer": None}
    assert staff.ask(CUSTOMER).code == "INVALID"


def test_a_repair_alone_makes_somebody_known():
    repair = make_repair(shop=shop_with_key())

    found = as_staff(repair.shop).ask(CUSTOMER, email=repair.customer_email).data["customer"]

    assert (found["name"], found["repairRequests"]) == ("Ada Example", [{"number": repair.number}])


def test_a_reply_due_later_is_not_overdue():
    ticket = make_ticket(shop=shop_with_key(), due_at=NOON + timedelta(seconds=1))

    answer = as_staff(ticket.shop).ask(
        "query ($id: ID!) { ticket(id: $id) { overdue } }", id=to_global_id("Ticket", ticket.pk)
    )

    assert answer.data["ticket"] == {"overdue": False}
