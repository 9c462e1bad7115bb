"""The main job through the API alone, with the practice shop as Saleor: from the account page to the money."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest
import time_machine

from saleor_aftercare.connection.models import Order, StaffMember
from saleor_aftercare.core import clock
from saleor_aftercare.sandbox import settle_refunds
from saleor_aftercare.sandbox.tokens import access_token, app_user_token
from saleor_aftercare.service.wsgi import application
from tests.graphql.api import Answer, Asker, read
from tests.house import House


@pytest.fixture(autouse=True)
def _noon() -> None:
    """The practice shop lives in the present, and so does this test."""


class Caller(Asker):
    """Asks over the same wire as the practice shop delivers."""

    def post(self, body: Any) -> Answer:
        transport = httpx.WSGITransport(app=application)
        with httpx.Client(transport=transport, base_url="https://aftercare.test") as wire:
            return read(wire.post("/graphql/", json=body, headers=self._headers()))


def staff_of(house: House) -> Asker:
    boss = next(one for one in house.saleor.state.users if one.is_staff and "HANDLE_PAYMENTS" in one.permissions)
    app = next(one for one in house.saleor.state.apps if not one.is_deleted)
    return Caller(app_user_token(house.saleor, boss, app))


def customer_of(house: House, placed: Any) -> Asker:
    buyer = next(one for one in house.saleor.state.users if one.id == placed.user)
    return Caller(access_token(house.saleor, buyer))


def test_from_the_account_page_to_the_money(house: House):
    placed = house.sell([("KETTLE-KAZE-BLK", 2)])
    customer, staff = customer_of(house, placed), staff_of(house)
    order = Order.objects.get()

    (line,) = customer.ask(
        "query ($id: ID!) { order(id: $id) { lines { id returnableQuantity eligibility { verdict } } } }", id=placed.id
    ).data["order"]["lines"]
    asked = customer.ask(
        """mutation ($i: ReturnRequestCreateInput!) { returnRequestCreate(input: $i) {
          return { id number state } errors { code field message } } }""",
        i={"orderId": placed.id, "lines": [{"orderLineId": line["id"], "quantity": 1, "reason": "defective"}]},
    ).payload("returnRequestCreate")["return"]
    house.settle()
    inbox = staff.ask("{ tickets(view: RETURNS) { edges { node { id returns { id number } } } } }").data["tickets"]
    staff.ask("mutation ($id: ID!) { returnApprove(id: $id) { errors { code message } } }", id=asked["id"]).payload(
        "returnApprove"
    )
    house.settle()
    seen = customer.ask("query ($id: ID!) { return(id: $id) { state label { a4Url } } }", id=asked["id"])
    label = seen.data["return"]
    staff.ask("mutation ($id: ID!) { returnReceive(id: $id) { errors { code message } } }", id=asked["id"]).payload(
        "returnReceive"
    )
    house.settle()
    preview = staff.ask(
        """query ($id: ID!) { return(id: $id) { recordedInSaleor settlementPreview {
          items { kind units amount { amount } } refund { amount } total { amount } fingerprint possible
          parts { method } notices { code } } } }""",
        id=asked["id"],
    ).data["return"]
    settlement = staff.ask(
        """mutation ($id: ID!, $f: String!) {
          returnSettle(id: $id, input: {fingerprint: $f, idempotencyKey: "press"}) {
            settlement { id state refund { amount } } errors { code field message } } }""",
        id=asked["id"],
        f=preview["settlementPreview"]["fingerprint"],
    ).payload("returnSettle")["settlement"]
    house.settle()
    # The payment app answers a little later.
    settle_refunds(house.saleor)
    with time_machine.travel(clock.real_now() + timedelta(minutes=3)):
        house.settle()
    done = staff.ask(
        """query ($id: ID!) { return(id: $id) { state actions refund { state steps { kind state } }
          timeline { event } ticket { messages { edges { node { event body } } } } } }""",
        id=asked["id"],
    ).data["return"]

    assert (line["returnableQuantity"], line["eligibility"]["verdict"]) == (2, "ASK_STAFF")
    assert asked["state"] == "REQUESTED"
    assert inbox["edges"][0]["node"]["returns"] == [{"id": asked["id"], "number": asked["number"]}]
    assert label["state"] == "APPROVED"
    assert label["label"]["a4Url"].startswith("https://aftercare.test/files/")
    assert preview["recordedInSaleor"] is True
    shown = preview["settlementPreview"]
    assert [(item["kind"], item["units"]) for item in shown["items"]] == [("GOODS", 1)]
    assert (shown["total"], shown["possible"], shown["notices"]) == (shown["refund"], True, [])
    assert [part["method"] for part in shown["parts"]] == ["PAYMENT_APP"]
    assert (settlement["state"], settlement["refund"]) == ("RUNNING", shown["refund"])
    assert (done["state"], done["actions"]) == ("RESOLVED", [])
    assert done["refund"] == {
        "state": "SUCCEEDED",
        "steps": [{"kind": "grant_refund", "state": "SENT"}, {"kind": "request_refund", "state": "SENT"}],
    }
    lines = [edge["node"] for edge in done["ticket"]["messages"]["edges"]]
    assert all(one["body"] and one["body"] != one["event"] for one in lines)
    assert {"return.approved", "return.received", "refund.settled"} <= {one["event"] for one in done["timeline"]}
    assert house.failed_jobs() == []
    assert (order.shop, StaffMember.objects.count()) == (house.shop, 1)
