"""Repairs and spare parts over the API, and a guest's way in."""

from __future__ import annotations

from typing import Any

import pytest

from saleor_aftercare.access.actions import issue_code
from saleor_aftercare.access.models import GuestChallenge
from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.core.models import Job
from saleor_aftercare.inbox.models import CaseKind
from saleor_aftercare.parts.models import SparePartRequest
from saleor_aftercare.repairs.models import RepairRequest, RepairState
from tests.graphql.api import Asker, as_customer, as_guest, as_staff, nobody, shop_with_key
from tests.make import make_file, make_order, make_repair, make_shop, make_spare_part, make_ticket

pytestmark = pytest.mark.django_db

REPAIR = """mutation ($i: RepairRequestCreateInput!) { repairRequestCreate(input: $i) {
  repairRequest { number state productName serialNumber description customerName customerEmail
                  order { id } orderLine { id } actions photos { name } intakeSlipUrl declineReason ticket { id } }
  errors { code field message }
} }"""
PART = """mutation ($i: SparePartRequestCreateInput!) { sparePartRequestCreate(input: $i) {
  sparePartRequest { number productName partDescription quantity customerEmail order { id } } errors { code field }
} }"""


def test_a_customer_asks_for_a_repair_of_what_was_bought():
    order = make_order(shop_with_key())
    line = order.lines.get()

    made = (
        as_customer(order)
        .ask(
            REPAIR,
            i={
                "orderId": order.saleor_id,
                "orderLineId": line.saleor_id,
                "serialNumber": "SN-1",
                "description": "It does not grind.",
            },
        )
        .payload("repairRequestCreate")
    )

    row = RepairRequest.objects.get()
    assert made["repairRequest"] == {
        "number": row.number,
        "state": "REQUESTED",
        "productName": "Hand grinder Black",
        "serialNumber": "SN-1",
        "description": "It does not grind.",
        "customerName": "Ada Example",
        "customerEmail": order.email,
        "order": {"id": order.saleor_id},
        "orderLine": {"id": line.saleor_id},
        "actions": [],
        "photos": [],
        "intakeSlipUrl": None,
        "declineReason": None,
        "ticket": None,
    }


def test_a_customer_asks_for_a_repair_of_what_was_bought_elsewhere():
    order = make_order(shop_with_key())

    made = as_customer(order).ask(REPAIR, i={"productName": "Old kettle", "description": "It leaks."})

    found = made.payload("repairRequestCreate")["repairRequest"]
    assert (found["productName"], found["customerEmail"], found["order"]) == ("Old kettle", order.email, None)


def test_a_guest_means_the_order_that_the_code_opened():
    order = make_order(shop_with_key())

    made = as_guest(order).ask(PART, i={"productName": "Grinder", "partDescription": "The spring", "quantity": 2})

    assert made.payload("sparePartRequestCreate")["sparePartRequest"] == {
        "number": SparePartRequest.objects.get().number,
        "productName": "Grinder",
        "partDescription": "The spring",
        "quantity": 2,
        "customerEmail": order.email,
        "order": {"id": order.saleor_id},
    }


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"description": " "}, ("INVALID", "description")),
        ({"description": "x" * 20_001}, ("INVALID", "description")),
        ({"productName": "x" * 401}, ("INVALID", "productName")),
        ({"serialNumber": "x" * 101}, ("INVALID", "serialNumber")),
        ({"orderLineId": "x"}, ("NOT_FOUND", "orderLineId")),
    ],
)
def test_what_is_wrong_with_a_repair_request_is_named(change: dict[str, Any], error: tuple[str, str]):
    order = make_order(shop_with_key())

    answer = as_customer(order).ask(
        REPAIR, i={"orderId": order.saleor_id, "productName": "Grinder", "description": "Broken"} | change
    )

    assert answer.refusal("repairRequestCreate") == error
    assert not RepairRequest.objects.exists()


def test_staff_must_say_whose_product_it_is():
    order = make_order(shop_with_key())
    staff = as_staff(order.shop)
    asked = {"productName": "Kettle", "description": "It leaks."}

    assert staff.ask(REPAIR, i=asked).refusal("repairRequestCreate") == ("INVALID", "orderId")
    assert staff.ask(REPAIR, i=asked | {"orderId": order.saleor_id}).payload("repairRequestCreate")


@pytest.mark.parametrize("quantity", [0, -1])
def test_a_quantity_below_one_is_named(quantity: int):
    order = make_order(shop_with_key())

    answer = as_customer(order).ask(
        PART,
        i={"orderId": order.saleor_id, "productName": "G", "partDescription": "The spring", "quantity": quantity},
    )

    assert answer.refusal("sparePartRequestCreate") == ("INVALID", "quantity")


def test_staff_accept_and_decline():
    order = make_order(shop_with_key())
    repair, part = make_repair(order), make_spare_part(order)
    staff = as_staff(order.shop)

    accepted = staff.ask(
        "mutation ($id: ID!) { repairRequestAccept(id: $id) { repairRequest { state actions } errors { code } } }",
        id=to_global_id("RepairRequest", repair.pk),
    ).payload("repairRequestAccept")
    declined = staff.ask(
        """mutation ($id: ID!) { sparePartRequestDecline(id: $id, reason: "Not made any more.") {
          sparePartRequest { state declineReason actions } errors { code }
        } }""",
        id=to_global_id("SparePartRequest", part.pk),
    ).payload("sparePartRequestDecline")

    assert accepted["repairRequest"] == {"state": "ACCEPTED", "actions": ["check_in"]}
    assert declined["sparePartRequest"] == {
        "state": "DECLINED",
        "declineReason": "Not made any more.",
        "actions": [],
    }


@pytest.mark.parametrize("name", ["repairRequestDecline", "sparePartRequestDecline"])
def test_declining_needs_a_reason(name: str):
    order = make_order(shop_with_key())
    row = make_repair(order) if name.startswith("repair") else make_spare_part(order)
    id = to_global_id(type(row).__name__, row.pk)  # noqa: A001

    answer = as_staff(order.shop).ask(f'mutation {{ {name}(id: "{id}", reason: " ") {{ errors {{ code field }} }} }}')

    assert answer.refusal(name) == ("INVALID", "reason")


def test_cases_are_read_with_their_order_photos_slip_and_conversation():
    order = make_order(shop_with_key())
    slip = make_file(order.shop, name="slip.pdf")
    repair = make_repair(order, state=RepairState.ACCEPTED, intake_slip=slip)
    repair.photos.add(make_file(order.shop, name="a.jpg", content_type="image/jpeg"))
    ticket = make_ticket(order, about=(CaseKind.REPAIR, repair.pk))
    query = """query ($n: String) { repairRequest(number: $n) {
      orderLine { productName unitPrice { amount } } photos { name } intakeSlipUrl ticket { number } actions
    } }"""

    for asker, may in ((as_staff(order.shop), ["check_in"]), (as_customer(order), [])):
        seen = asker.ask(query, n=repair.number).data["repairRequest"]
        assert seen["intakeSlipUrl"].startswith("https://aftercare.test/files/")
        assert seen | {"intakeSlipUrl": ""} == {
            "orderLine": {"productName": "Hand grinder", "unitPrice": {"amount": "29.90"}},
            "photos": [{"name": "a.jpg"}],
            "intakeSlipUrl": "",
            "ticket": {"number": ticket.number},
            "actions": may,
        }


def test_cases_are_listed_by_state():
    shop = shop_with_key()
    wanted = make_repair(shop=shop)
    make_repair(shop=shop, state=RepairState.DECLINED)

    found = as_staff(shop).ask("{ repairRequests(state: [REQUESTED]) { edges { node { number actions } } } }")

    assert found.data["repairRequests"]["edges"] == [
        {"node": {"number": wanted.number, "actions": ["accept", "decline", "check_in"]}}
    ]


# -- guests ------------------------------------------------------------------------------------------------------------

REQUEST = """mutation ($n: String!, $e: String!) { guestAccessRequest(orderNumber: $n, email: $e, language: "ja") {
  challenge errors { code field } } }"""
CONFIRM = """mutation ($c: String!, $code: String!) { guestAccessConfirm(challenge: $c, code: $code) {
  token expiresAt order { number customerEmail lines { returnableQuantity } } errors { code field } } }"""


def test_a_guest_gets_in_with_the_mailed_code():
    order = make_order()
    guest = nobody(order.shop)
    challenge = guest.ask(REQUEST, n=f"#{order.number}", e=order.email.upper()).payload("guestAccessRequest")[
        "challenge"
    ]
    row = GuestChallenge.objects.get()
    code = issue_code(row, order)

    made = guest.ask(CONFIRM, c=challenge, code=f" {code[:3]} {code[3:]} ").payload("guestAccessConfirm")

    assert row.language == "ja"
    assert made["order"] == {
        "number": order.number,
        "customerEmail": order.email,
        "lines": [{"returnableQuantity": 2}],
    }
    assert made["expiresAt"] == "2025-06-02T12:30:00+00:00"
    seen = Asker(made["token"]).ask("{ orders { edges { node { number } } } }").data["orders"]["edges"]
    assert seen == [{"node": {"number": order.number}}]


def test_a_miss_answers_like_a_hit():
    order = make_order()
    guest = nobody(order.shop)

    hit = guest.ask(REQUEST, n=order.number, e=order.email)
    miss = guest.ask(REQUEST, n="999999", e="nobody@customer.test")

    assert set(hit.payload("guestAccessRequest")) == set(miss.payload("guestAccessRequest"))
    assert len(hit.data["guestAccessRequest"]["challenge"]) == len(miss.data["guestAccessRequest"]["challenge"])
    assert Job.objects.filter(kind="access.send_code").count() == 2


@pytest.mark.parametrize(("number", "email", "field"), [("", "a@b.test", "orderNumber"), ("1", "nobody", "email")])
def test_what_cannot_be_an_order_or_an_address_is_named(number: str, email: str, field: str):
    answer = nobody(make_shop()).ask(REQUEST, n=number, e=email)

    assert answer.refusal("guestAccessRequest") == ("INVALID", field)
    assert answer.data["guestAccessRequest"]["challenge"] == ""


def test_a_wrong_code_says_nothing_and_tries_end():
    order = make_order()
    guest = nobody(order.shop)
    challenge = guest.ask(REQUEST, n=order.number, e=order.email).payload("guestAccessRequest")["challenge"]
    code = issue_code(GuestChallenge.objects.get(), order)
    wrong = "000000" if code != "000000" else "000001"

    for _try in range(5):
        assert guest.ask(CONFIRM, c=challenge, code=wrong).refusal("guestAccessConfirm") == ("INVALID", "code")

    assert guest.ask(CONFIRM, c=challenge, code=code).refusal("guestAccessConfirm") == ("INVALID", "code")


def test_claims_are_limited_per_order():
    order = make_order()
    guest = nobody(order.shop)
    for n in range(10):
        guest.ask(REQUEST, n=order.number, e=f"a{n}@b.test").payload("guestAccessRequest")

    answer = guest.ask(REQUEST, n=order.number, e="b@b.test")

    assert answer.refusal("guestAccessRequest") == ("RATE_LIMITED", None)


def test_a_challenge_of_another_shop_opens_nothing():
    order = make_order()
    challenge = (
        nobody(order.shop).ask(REQUEST, n=order.number, e=order.email).payload("guestAccessRequest")["challenge"]
    )
    code = issue_code(GuestChallenge.objects.get(), order)

    answer = nobody(make_shop()).ask(CONFIRM, c=challenge, code=code)

    assert answer.refusal("guestAccessConfirm") == ("INVALID", "code")
