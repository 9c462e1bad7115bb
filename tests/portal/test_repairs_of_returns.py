"""What customers see of units of a return that are repaired: their own, and nothing of the shop's."""

from __future__ import annotations

import pytest

from saleor_aftercare.connection.models import Order
from saleor_aftercare.policies.models import Resolution
from saleor_aftercare.repairs.models import RepairFor, RepairState
from saleor_aftercare.repairs.queries import status_token
from saleor_aftercare.returns.goods import Inspection
from saleor_aftercare.returns.models import ReturnLine, ReturnState
from tests.make import DAY, NOON, make_order, make_repair, make_return
from tests.portal.conftest import browse, sign_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def order() -> Order:
    return make_order(delivered=NOON - DAY)


def test_the_page_of_a_return_leads_to_the_repair_and_says_how_far_it_is(order):
    repair = make_repair(order, state=RepairState.CHECKED_IN, return_number="RMA-1")
    ret = make_return(order, state=ReturnState.RECEIVED, received_at=NOON)
    ReturnLine.objects.filter(ret=ret).update(resolution=Resolution.REPAIR, repair_number=repair.number)

    html = text_of(sign_in(order).get(f"returns/{ret.number}/"))

    assert f"Repair {repair.number}" in html
    assert "With us, being repaired" in html
    assert f"repairs/{repair.number}/?t=" in html


def test_the_page_of_a_repair_says_that_the_product_is_here_and_where_it_came_from(order):
    repair = make_repair(order, state=RepairState.CHECKED_IN, return_number="RMA-7", findings="Water damage?")

    html = text_of(browse(order.shop).get(f"repairs/{repair.number}/?t={status_token(repair)}"))

    assert "Your product is with us and is being repaired." in html
    assert "RMA-7" in html
    assert "Arrived with us" in html
    assert "Cancel the request" not in html
    assert "Water damage?" not in html  # what the warehouse found is for staff


def test_what_the_shop_repairs_for_itself_does_not_exist_for_the_customer(order):
    repair = make_repair(
        order, state=RepairState.CHECKED_IN, for_whom=RepairFor.SHOP, customer_email="", customer_name=""
    )
    ret = make_return(order, state=ReturnState.RECEIVED, received_at=NOON)
    line = ret.lines.get()
    Inspection.objects.create(
        shop=order.shop, line=line, key="k", quantity=1, grade="C", disposition="repair", inspected_at=NOON,
        repair_number=repair.number,
    )  # fmt: skip
    customer = sign_in(order)

    assert repair.number not in text_of(customer.get(f"returns/{ret.number}/"))
    assert repair.number not in text_of(customer.get(f"orders/{order.number}/"))
    assert customer.get(f"repairs/{repair.number}/").status_code == 404
    assert customer.post(f"repairs/{repair.number}/cancel/").status_code == 404


def test_the_payer_of_a_gift_sees_nothing_of_its_recipients_repair(order):
    """C1.19: gift recipient."""
    repair = make_repair(order, for_whom=RepairFor.RECIPIENT, customer_email="friend@example.com")
    payer = sign_in(order)

    assert repair.number not in text_of(payer.get(f"orders/{order.number}/"))
    assert payer.get(f"repairs/{repair.number}/").status_code == 404
    by_link = browse(order.shop).get(f"repairs/{repair.number}/?t={status_token(repair)}")
    assert by_link.status_code == 200
