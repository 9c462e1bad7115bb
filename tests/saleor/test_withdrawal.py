"""The withdrawal function against a running Saleor: declared by a guest, carried out, and all of the money back."""

from __future__ import annotations

import html
import re
from typing import Any

import httpx
import pytest

from .conftest import Service, text_of
from .driver import GraphQL, Saleor, wait_for
from .test_main_job import with_return_address

pytestmark = pytest.mark.saleor

#: Addresses that no other test reads mail of.
ADA, BO = "ada.withdraws@example.com", "bo.withdraws@example.com"

RULE = """name channels countries productTypes collections products skus metadata{key value} digital exclusion
  windowDays windowFrom graceDays whoPays returnFee{amount currency} restockingPercent resolutions
  storeCreditBonusPercent"""
POLICY = f"""preset rules{{{RULE}}} autoApprove autoApproveLimit{{amount currency}} autoApproveReasons
  autoApproveMaxReturns keepItemLimit{{amount currency}} evidence{{reason photos}} refundOriginalShipping shipWithinDays
  advanceExchangeDays tenderOrder withdrawalEnabled withdrawalCountries withdrawalDays"""
WITHDRAWAL = """query($s:String){withdrawals(view:ALL,search:$s){edges{node{id number state flags notices refundDueOn
  refundDuty acknowledgement{state} order{number} return{id number state lines{quantity}}}}}}"""
PREVIEW = """query($id:ID!,$o:SettlementOptionsInput){return(id:$id){state settlementPreview(options:$o){fingerprint
  possible refund{amount} items{kind label
  amount{amount}} notices{code message}}}}"""
SETTLE = """mutation($id:ID!,$f:String!,$k:String!,$o:SettlementOptionsInput){returnSettle(id:$id,input:{fingerprint:$f,
  idempotencyKey:$k,options:$o}){settlement{state} errors{field message code}}}"""


def give_the_right(staff: GraphQL) -> None:
    """Let the law of where this Saleor delivers be that of the Union."""
    policy = staff(f"{{returnPolicy{{version {POLICY}}}}}")["returnPolicy"]
    version = policy.pop("version")
    if "US" in policy["withdrawalCountries"] and policy["withdrawalEnabled"]:
        return
    policy |= {"withdrawalEnabled": True, "withdrawalCountries": ["DE", "FR", "US"], "withdrawalDays": 14}
    document = policy | {"returnAddresses": [], "statement": []}
    staff(
        "mutation($v:Int!,$d:ReturnPolicyInput!){returnPolicyUpdate(version:$v,document:$d)"
        "{errors{field message code}}}",
        v=version,
        d=document,
    )


def declare(service: Service, handle: str, *, number: str, email: str, language: str) -> httpx.Response:
    """Both steps as a guest's browser does them: no session, no cookie."""
    with httpx.Client(base_url=f"{service.url}/portal/{handle}/withdraw/", timeout=30) as site:
        statement = site.post(
            f"?lang={language}",
            data={"name": "Ada Example", "contract": number, "email": email, "scope": "whole", "goods": ""},
        )
        field = re.search(r'name="d" value="([^"]+)"', statement.text)
        assert field is not None, statement.text
        site.cookies.clear()
        confirmed = site.post(f"confirm/?lang={language}", data={"d": html.unescape(field[1])})
        assert confirmed.status_code == 303
    return httpx.get(f"{service.url}{confirmed.headers['Location']}", timeout=30)


def carried_out(staff: GraphQL, number: str) -> dict[str, Any]:
    """The declaration about that order, once its return was made."""

    def found() -> dict[str, Any] | None:
        edges = staff(WITHDRAWAL, s=number)["withdrawals"]["edges"]
        node = edges[0]["node"] if edges else None
        return node if node and node["return"] else None

    found_one = wait_for("the return of the withdrawal", found)
    assert found_one is not None
    return found_one


def standard_delivery(saleor: Saleor, placed: dict[str, Any]) -> float:
    """What the cheapest delivery of the order would have cost: more need not be paid back (art. 13(2))."""
    query = "query($id:ID!){order(id:$id){shippingMethods{price{amount}}}}"
    methods = saleor.staff(query, id=placed["id"])["order"]["shippingMethods"]
    return min(float(method["price"]["amount"]) for method in methods)


def settle(
    staff: GraphQL, saleor: Saleor, placed: dict[str, Any], withdrawal: dict[str, Any], *, express_too: bool
) -> float:
    """Give back what the preview says, and wait until Saleor has paid it; returns what it paid."""
    ret, options = withdrawal["return"]["id"], {"goodwillShipping": express_too}
    preview = staff(PREVIEW, id=ret, o=options)["return"]["settlementPreview"]
    assert preview["possible"], preview
    saleor.renew()
    shipping = placed["shippingPrice"]["gross"]["amount"]
    due = placed["total"]["gross"]["amount"] - (0 if express_too else shipping - standard_delivery(saleor, placed))
    assert float(preview["refund"]["amount"]) == pytest.approx(due)
    settled = staff(SETTLE, id=ret, f=preview["fingerprint"], k=f"withdrawal-{withdrawal['number']}", o=options)
    assert settled["returnSettle"]["errors"] == []

    def done() -> dict[str, Any] | None:
        node = staff(WITHDRAWAL, s=withdrawal["number"])["withdrawals"]["edges"][0]["node"]
        return node if node["state"] == "SETTLED" else None

    wait_for("the settled withdrawal", done)
    saleor.renew()
    paid = float(saleor.order(placed["id"])["totalRefunded"]["amount"])
    assert paid == pytest.approx(due)
    return paid


def test_a_guest_withdraws_in_german_and_gets_everything_back_with_the_shipping(
    saleor: Saleor, service: Service, staff: GraphQL, payments: GraphQL
) -> None:
    with_return_address(staff)
    give_the_right(staff)
    placed = saleor.place_order(quantity=2, email=ADA)
    saleor.pay_by_card(placed, payments)
    saleor.fulfill(placed)
    shop = staff("{shop{handle}}")["shop"]["handle"]

    done = declare(service, shop, number=f"#{placed['number']}", email=ADA.upper(), language="de")

    assert "Ihr Widerruf ist eingegangen" in done.text
    letter = service.letter(ADA, "Eingangsbestätigung")
    assert "Hiermit widerrufe ich den gesamten Vertrag" in text_of(letter)
    assert letter["Content-Language"] == "de"
    withdrawal = carried_out(staff, placed["number"])
    assert (withdrawal["state"], withdrawal["acknowledgement"]["state"]) == ("OPEN", "sent")
    assert withdrawal["return"]["state"] == "APPROVED"
    assert [line["quantity"] for line in withdrawal["return"]["lines"]] == [2]
    assert service.letter(ADA, "Ihr Widerruf .* wie es weitergeht")
    assert service.letter(ADA, withdrawal["return"]["number"])

    staff(
        "mutation($id:ID!){returnReceive(id:$id){return{state} errors{field message code}}}",
        id=withdrawal["return"]["id"],
    )
    # What Saleor records of the return changes the order, and with it what a preview stands for.
    recorded = "query($id:ID!){return(id:$id){recordedInSaleor}}"
    wait_for("the record", lambda: staff(recorded, id=withdrawal["return"]["id"])["return"]["recordedInSaleor"])
    paid = settle(staff, saleor, placed, withdrawal, express_too=True)

    assert placed["shippingPrice"]["gross"]["amount"] > 0
    assert paid == pytest.approx(placed["total"]["gross"]["amount"])


def test_before_anything_was_sent_the_money_comes_back_without_a_parcel(
    saleor: Saleor, service: Service, staff: GraphQL, payments: GraphQL
) -> None:
    with_return_address(staff)
    give_the_right(staff)
    placed = saleor.place_order(quantity=1, email=BO)
    saleor.pay_by_card(placed, payments)
    shop = staff("{shop{handle}}")["shop"]["handle"]

    done = declare(service, shop, number=placed["number"], email=BO, language="fr")

    assert "Nous avons reçu votre rétractation" in done.text
    withdrawal = carried_out(staff, placed["number"])
    assert (withdrawal["return"]["state"], withdrawal["flags"]) == ("RECEIVED", [])
    settle(staff, saleor, placed, withdrawal, express_too=False)


def test_what_nobody_ordered_is_acknowledged_all_the_same_and_waits_for_staff(
    saleor: Saleor, service: Service, staff: GraphQL
) -> None:
    with_return_address(staff)
    give_the_right(staff)
    shop = staff("{shop{handle}}")["shop"]["handle"]

    declare(service, shop, number="999999999", email="nobody.withdraws@example.com", language="it")

    assert service.letter("nobody.withdraws@example.com", "Avviso di ricevimento")

    def waiting() -> bool:
        query = "{withdrawals(view:UNMATCHED){edges{node{contract ticket{number}}}}}"
        nodes = [edge["node"] for edge in staff(query)["withdrawals"]["edges"]]
        return any(one["contract"] == "999999999" and one["ticket"] for one in nodes)

    wait_for("the ticket", waiting)
