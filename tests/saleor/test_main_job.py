"""The main job against a running Saleor: what was bought there comes back, and the money with it."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from PIL import Image

from .conftest import Service, text_of
from .driver import GraphQL, Saleor, wait_for

pytestmark = pytest.mark.saleor

GUEST = "guest.e2e@example.com"
CUSTOMER, PASSWORD = "ashley.cook@example.com", "password"

ORDER = """query($id:ID!){order(id:$id){id number lines{id quantity returnableQuantity
  eligibility{verdict reasons}} fulfillments{id deliveredAt deliveredSource}}}"""
RETURN_FIELDS = """id number state recordedInSaleor actions label{a6Url a4Url}
  lines{id quantity amount{amount}} refund{id state amount{amount} failure steps{kind state}}
  ticket{id number state messages(first:50){edges{node{kind event}}}}"""
RETURN = f"query($id:ID!){{return(id:$id){{{RETURN_FIELDS}}}}}"
PREVIEW = """query($id:ID!,$o:SettlementOptionsInput){return(id:$id){settlementPreview(options:$o){fingerprint possible
  items{kind amount{amount}} refund{amount} parts{method} notices{code}}}}"""
SETTLE = """mutation($id:ID!,$f:String!,$k:String!,$o:SettlementOptionsInput){returnSettle(id:$id,
  input:{fingerprint:$f,idempotencyKey:$k,options:$o}){settlement{id state} errors{field message code}}}"""


def photo() -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "firebrick").save(out, "PNG")
    return out.getvalue()


def bought(saleor: Saleor, staff: GraphQL, order: dict[str, Any]) -> dict[str, Any]:
    """The order as Aftercare knows it, once it heard that it was shipped."""

    def shipped() -> dict[str, Any] | None:
        known = staff.post(json={"query": ORDER, "variables": {"id": order["id"]}}).json()
        found = (known.get("data") or {}).get("order")
        return found if found and found["fulfillments"] else None

    return wait_for("hearing of the parcel", shipped)


def as_guest(saleor: Saleor, service: Service, number: str) -> GraphQL:
    """The API for a guest who has read the mailed code."""
    door = GraphQL(f"{service.url}/graphql/", **{"Saleor-Api-Url": saleor.url})
    asked = door(
        'mutation($n:String!,$e:String!){guestAccessRequest(orderNumber:$n,email:$e,language:"en")'
        "{challenge errors{field message}}}",
        n=number,
        e=GUEST.upper(),
    )["guestAccessRequest"]
    before = len(service.letters(GUEST, "code"))
    letter = wait_for("the code", lambda: (service.letters(GUEST)[-1:] or [None])[0] if before >= 0 else None)

    def fresh_code() -> str | None:
        for mail in reversed(service.letters(GUEST)):
            found = re.search(r"\b(\d{6})\b", text_of(mail))
            if found and number in text_of(mail):
                return found[1]
        return None

    assert letter is not None
    code = wait_for("the code", fresh_code)
    confirmed = door(
        "mutation($c:String!,$k:String!){guestAccessConfirm(challenge:$c,code:$k){token errors{field message}}}",
        c=asked["challenge"],
        k=code,
    )["guestAccessConfirm"]
    return GraphQL(f"{service.url}/graphql/", confirmed["token"], **{"Saleor-Api-Url": saleor.url})


def test_a_guest_returns_a_unit_and_gets_the_money_through_the_payment_app(
    saleor: Saleor, service: Service, staff: GraphQL, payments: GraphQL
) -> None:
    with_return_address(staff)
    placed = saleor.place_order(quantity=3, email=GUEST)
    saleor.pay_by_card(placed, payments)
    saleor.fulfill(placed)
    order = bought(saleor, staff, placed)
    assert order["lines"][0]["returnableQuantity"] == 3

    guest = as_guest(saleor, service, placed["number"])
    made = guest.upload(
        "mutation($i:ReturnRequestCreateInput!){returnRequestCreate(input:$i){return{id number state}"
        " errors{field message code}}}",
        paths={"variables.i.lines.0.photos.0": ("broken.png", photo(), "image/png")},
        i={
            "orderId": placed["id"],
            "note": "One of the three is broken.",
            "lines": [{"orderLineId": order["lines"][0]["id"], "quantity": 1, "reason": "defective", "photos": [None]}],
        },
    )["returnRequestCreate"]["return"]
    assert made["state"] == "REQUESTED"

    staff("mutation($id:ID!){returnApprove(id:$id){return{state} errors{field message}}}", id=made["id"])
    label = service.letter(GUEST, f"{made['number']}.*label")
    assert sorted(part.get_content_type() for part in label.iter_attachments()) == ["application/pdf"] * 2

    staff("mutation($id:ID!){returnReceive(id:$id){return{state} errors{field message}}}", id=made["id"])
    wait_for("the record in Saleor", lambda: staff(RETURN, id=made["id"])["return"]["recordedInSaleor"])
    after = saleor.order(placed["id"])
    returned = [f for f in after["fulfillments"] if f["status"] == "RETURNED"]
    assert [(f["reason"], f["lines"][0]["quantity"]) for f in returned] == [(made["number"], 1)]
    assert after["totalRefunded"]["amount"] == 0

    preview = staff(PREVIEW, id=made["id"])["return"]["settlementPreview"]
    third = after["lines"][0]["totalPrice"]["gross"]["amount"] / 3
    assert [item["kind"] for item in preview["items"]] == ["GOODS"]
    assert float(preview["refund"]["amount"]) == pytest.approx(third, abs=0.01)
    assert [part["method"] for part in preview["parts"]] == ["PAYMENT_APP"]
    amount = preview["refund"]["amount"]
    press = {"id": made["id"], "f": preview["fingerprint"], "k": f"press-1-{made['number']}"}
    first = staff(SETTLE, **press)["returnSettle"]["settlement"]
    second = staff(SETTLE, **press)["returnSettle"]["settlement"]
    assert first["id"] == second["id"]

    def settled() -> dict[str, Any] | None:
        ret = staff(RETURN, id=made["id"])["return"]
        return ret if ret["state"] == "RESOLVED" else None

    ret = wait_for("the refund", settled)
    assert ret["refund"]["state"] == "SUCCEEDED"
    after = saleor.order(placed["id"])
    assert after["totalRefunded"]["amount"] == pytest.approx(float(amount))
    assert [(g["status"], g["amount"]["amount"]) for g in after["grantedRefunds"]] == [
        ("SUCCESS", pytest.approx(float(amount)))
    ]
    told = [e["node"]["event"] for e in ret["ticket"]["messages"]["edges"] if e["node"]["kind"] == "SYSTEM"]
    assert told[-1] == "return.resolved"
    assert service.letter(GUEST, f"refund.*{made['number']}")


def test_a_customer_order_marked_as_paid_is_refunded_by_hand_and_saleor_is_told(
    saleor: Saleor, service: Service, staff: GraphQL
) -> None:
    with_return_address(staff)
    user = saleor.staff("query($e:String){user(email:$e){id}}", e=CUSTOMER)["user"]["id"]
    placed = saleor.place_order(quantity=2, user=user)
    saleor.mark_as_paid(placed)
    saleor.fulfill(placed)
    order = bought(saleor, staff, placed)
    customer = GraphQL(f"{service.url}/graphql/", saleor.sign_in(CUSTOMER, PASSWORD), **{"Saleor-Api-Url": saleor.url})
    made = customer(
        "mutation($i:ReturnRequestCreateInput!){returnRequestCreate(input:$i)"
        "{return{id number} errors{field message}}}",
        i={
            "orderId": placed["id"],
            "lines": [{"orderLineId": order["lines"][0]["id"], "quantity": 2, "reason": "changed_mind"}],
        },
    )["returnRequestCreate"]["return"]

    staff("mutation($id:ID!){returnApprove(id:$id){return{state} errors{field message}}}", id=made["id"])
    staff("mutation($id:ID!){returnReceive(id:$id){return{state} errors{field message}}}", id=made["id"])
    wait_for("the record in Saleor", lambda: staff(RETURN, id=made["id"])["return"]["recordedInSaleor"])
    blocked = staff(PREVIEW, id=made["id"])["return"]["settlementPreview"]
    assert ({"no_payment_app"}, False) == ({n["code"] for n in blocked["notices"]}, blocked["possible"])
    # Under the rules that an American shop starts with, outbound shipping goes back out of goodwill alone.
    by_hand = {"route": "MANUAL", "goodwillShipping": True}
    preview = staff(PREVIEW, id=made["id"], o=by_hand)["return"]["settlementPreview"]
    shipping = next(item for item in preview["items"] if item["kind"] == "SHIPPING")
    assert float(shipping["amount"]["amount"]) == placed["shippingPrice"]["gross"]["amount"]
    staff(SETTLE, id=made["id"], f=preview["fingerprint"], k=made["number"], o=by_hand)

    wait_for("the refund", lambda: staff(RETURN, id=made["id"])["return"]["state"] == "RESOLVED")
    after = saleor.order(placed["id"])
    assert after["status"] == "RETURNED"
    assert after["totalRefunded"]["amount"] == pytest.approx(placed["total"]["gross"]["amount"])
    manual = [t for t in after["transactions"] if t["name"] == "Manual refund"]
    assert [t["refundedAmount"]["amount"] for t in manual] == [pytest.approx(placed["total"]["gross"]["amount"])]


def test_a_customer_asks_for_a_repair_and_a_part_and_staff_answer_by_mail(
    saleor: Saleor, service: Service, staff: GraphQL
) -> None:
    with_return_address(staff)
    user = saleor.staff("query($e:String){user(email:$e){id}}", e=CUSTOMER)["user"]["id"]
    placed = saleor.place_order(quantity=1, user=user, language="JA")
    saleor.mark_as_paid(placed)
    saleor.fulfill(placed)
    order = bought(saleor, staff, placed)
    customer = GraphQL(f"{service.url}/graphql/", saleor.sign_in(CUSTOMER, PASSWORD), **{"Saleor-Api-Url": saleor.url})
    line = order["lines"][0]["id"]
    repair = customer(
        "mutation($i:RepairRequestCreateInput!){repairRequestCreate(input:$i){repairRequest{id number}"
        " errors{field message}}}",
        i={"orderId": placed["id"], "orderLineId": line, "serialNumber": "K-1", "description": "It leaks."},
    )["repairRequestCreate"]["repairRequest"]
    part = customer(
        "mutation($i:SparePartRequestCreateInput!){sparePartRequestCreate(input:$i){sparePartRequest{id number}"
        " errors{field message}}}",
        i={"orderId": placed["id"], "orderLineId": line, "partDescription": "The lid", "quantity": 1},
    )["sparePartRequestCreate"]["sparePartRequest"]

    staff("mutation($id:ID!){repairRequestAccept(id:$id){repairRequest{state} errors{field message}}}", id=repair["id"])
    staff(
        "mutation($id:ID!){sparePartRequestAccept(id:$id){sparePartRequest{state} errors{field message}}}",
        id=part["id"],
    )
    slip = service.letter(CUSTOMER, repair["number"])
    wait_for(
        "the intake slip",
        lambda: any(list(mail.iter_attachments()) for mail in service.letters(CUSTOMER, repair["number"])),
    )
    assert slip["Content-Language"] == "ja"

    customer(
        "mutation($i:MessageSendInput!){messageSend(input:$i){message{id} errors{field message}}}",
        i={"orderId": placed["id"], "body": "When will the lid arrive?"},
    )
    ticket = staff("query{tickets(view:ALL,first:5){edges{node{id number lastMessageId lastMessagePreview}}}}")[
        "tickets"
    ]["edges"][0]["node"]
    assert ticket["lastMessagePreview"] == "When will the lid arrive?"
    staff(
        "mutation($id:ID!,$b:String!,$l:ID!){ticketReply(id:$id,input:{body:$b,lastSeenMessageId:$l})"
        "{message{id} errors{field message code}}}",
        id=ticket["id"],
        b="It ships **tomorrow**.",
        l=ticket["lastMessageId"],
    )
    answer = service.letter(CUSTOMER, rf"\[#{ticket['number']}\]")
    assert "It ships **tomorrow**." in text_of(answer)


def test_the_arrival_check_goes_out_days_later_and_its_answer_opens_a_ticket(
    saleor: Saleor, service: Service, staff: GraphQL
) -> None:
    placed = saleor.place_order(quantity=1, email=GUEST)
    saleor.mark_as_paid(placed)
    saleor.fulfill(placed)
    bought(saleor, staff, placed)
    assert not [m for m in service.letters(GUEST) if "/arrival/" in text_of(m) and placed["number"] in text_of(m)]

    # Nine days later at noon: nobody is asked at night.
    noon = datetime.now(UTC).replace(hour=12, minute=0)
    service.move_clock(int((noon - datetime.now(UTC) + timedelta(days=9)).total_seconds()))
    try:

        def asked() -> str | None:
            for mail in service.letters(GUEST):
                if placed["number"] in text_of(mail):
                    found = re.search(r"\S+/arrival/\S+answer=something_wrong\S*", text_of(mail))
                    if found:
                        return found[0]
            return None

        link = wait_for("the arrival check", asked, seconds=90)
        with httpx.Client(follow_redirects=True, timeout=30) as browser:
            page = browser.get(link)
            assert page.status_code == 200
            hidden = dict(re.findall(r'name="(csrfmiddlewaretoken|key)" value="([^"]+)"', page.text))
            assert set(hidden) == {"csrfmiddlewaretoken", "key"}
            form = hidden | {"answer": "something_wrong", "comment": "The lid is missing."}
            done = browser.post(link.partition("?")[0], data=form, headers={"Referer": link})
            assert done.status_code == 200

        def told() -> bool:
            newest = staff("query{tickets(view:ALL,first:3){edges{node{lastMessagePreview}}}}")["tickets"]["edges"]
            return any("The lid is missing." in e["node"]["lastMessagePreview"] for e in newest)

        wait_for("the ticket", told)
    finally:
        service.move_clock(0)


def with_return_address(staff: GraphQL) -> None:
    settings = staff("{settings{version returnAddress{street1}}}")["settings"]
    if settings["returnAddress"]["street1"]:
        return
    address = {
        "name": "",
        "company": "Aftercare Test Shop",
        "street1": "2 Return Road",
        "street2": "",
        "city": "New York",
        "postalCode": "10002",
        "countryArea": "NY",
        "country": "US",
        "phone": "",
    }
    staff(
        "mutation($i:ShopSettingsInput!){settingsUpdate(input:$i){settings{version} errors{field message code}}}",
        i={"version": settings["version"], "returnAddress": address},
    )
