"""Everything that staff do with returns, inside the real Dashboard: ``make e2e … DASHBOARD_URL=…``.

With ``E2E_PICTURES`` a picture is kept of every stop, for people to look at.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, expect

from .conftest import Service
from .driver import GraphQL, Saleor, wait_for
from .screens import DESKTOP, PHONE, Screen
from .test_main_job import CUSTOMER, PASSWORD, bought, photo, with_return_address

pytestmark = pytest.mark.saleor

PAGES = (
    "/returns",
    "/withdrawals",
    "/receiving",
    "/packing",
    "/settings",
    "/settings/policies",
    "/settings/reasons",
    "/settings/labels",
    "/settings/words",
)
STATE = "query($id:ID!){return(id:$id){state recordedInSaleor refund{state amount{amount}}}}"
NOTED = "query($id:ID!){order(id:$id){events{type message}}}"


def asked_for(saleor: Saleor, service: Service, staff: GraphQL, payments: GraphQL) -> tuple[dict[str, Any], Any]:
    """A customer of the shop wants one of two units back, and shows why; returns the order and the return."""
    with_return_address(staff)
    user = saleor.staff("query($e:String){user(email:$e){id}}", e=CUSTOMER)["user"]["id"]
    placed = saleor.place_order(quantity=2, user=user, counted=True)
    saleor.pay_by_card(placed, payments)
    saleor.fulfill(placed)
    line = bought(saleor, staff, placed)["lines"][0]["id"]
    customer = GraphQL(f"{service.url}/graphql/", saleor.sign_in(CUSTOMER, PASSWORD), **{"Saleor-Api-Url": saleor.url})
    made = customer.upload(
        "mutation($i:ReturnRequestCreateInput!){returnRequestCreate(input:$i){return{id number state}"
        " errors{field message code}}}",
        paths={"variables.i.lines.0.photos.0": ("sole.png", photo(), "image/png")},
        i={
            "orderId": placed["id"],
            "note": "The sole came off. 靴底が剥がれました。",
            "lines": [{"orderLineId": line, "quantity": 1, "reason": "defective", "photos": [None]}],
        },
    )["returnRequestCreate"]["return"]
    assert made["state"] == "REQUESTED"
    return placed, made


def press(frame: FrameLocator, name: str) -> None:
    """The button of this name: the dialog's, while one is open."""
    dialog = frame.get_by_role("dialog")
    (dialog if dialog.count() else frame).get_by_role("button", name=re.compile(name)).first.click()


def test_a_return_goes_from_request_to_refund_without_leaving_the_dashboard(
    screen: Screen, saleor: Saleor, service: Service, staff: GraphQL, payments: GraphQL
) -> None:
    placed, made = asked_for(saleor, service, staff, payments)
    number = made["number"]

    listed = screen.open("/returns")
    listed.get_by_role("textbox").first.fill(number)
    row = listed.get_by_role("link", name=number)
    expect(listed.locator("tbody tr")).to_have_count(1)
    screen.shot("walk-1-list")
    row.click()
    case = screen.frame()
    expect(case.get_by_role("heading", name=f"Return {number}")).to_be_visible()
    expect(case.get_by_text("靴底が剥がれました")).to_be_visible()
    expect(case.get_by_role("button", name="sole.jpg")).to_be_visible()
    screen.shot("walk-2-requested")

    press(case, "^Approve$")
    opens = case.get_by_role("button", name="Open label (A4)")
    expect(opens).to_be_visible()
    screen.shot("walk-3-approved")
    with screen.page.context.expect_page() as opened:
        opens.click()
    sheet = screen.page.context.request.get(opened.value.url)
    assert (sheet.status, sheet.body()[:5]) == (200, b"%PDF-")
    opened.value.close()

    desk = screen.open("/receiving")
    desk.get_by_placeholder("Scan a label").fill(number)
    desk.get_by_placeholder("Scan a label").press("Enter")
    expect(desk.get_by_text("What is in the parcel?")).to_be_visible()
    screen.shot("walk-4-receive")
    press(desk, "^Receive one unit$")
    press(desk, "^Inspect one unit$")
    desk.get_by_label("State").select_option("A")
    desk.get_by_label("Where it goes").select_option("RESTOCK")
    expect(desk.get_by_label("Warehouse")).not_to_have_value("")
    screen.shot("walk-5-inspect")
    press(desk, "^Save for one unit$")
    expect(desk.get_by_text("In stock")).to_be_visible()
    screen.shot("walk-6-in-stock")
    wait_for("the record in Saleor", lambda: staff(STATE, id=made["id"])["return"]["recordedInSaleor"])

    case = screen.open(f"/returns/{number}")
    press(case, "^Settle…$")
    expect(case.get_by_role("button", name="Check and confirm")).to_be_enabled()
    screen.shot("walk-7-settle")
    press(case, "^Check and confirm$")
    expect(case.get_by_text("Once confirmed this cannot be taken back.")).to_be_visible()
    screen.shot("walk-8-confirm")
    press(case, "^Give ")
    expect(case.get_by_text("Resolved", exact=True).first).to_be_visible()
    screen.shot("walk-9-resolved")

    settled = staff(STATE, id=made["id"])["return"]
    assert (settled["state"], settled["refund"]["state"]) == ("RESOLVED", "SUCCEEDED")
    saleor.renew()
    refunded = saleor.order(placed["id"])["totalRefunded"]["amount"]
    assert refunded == pytest.approx(float(settled["refund"]["amount"]["amount"]))
    assert refunded == pytest.approx(placed["lines"][0]["totalPrice"]["gross"]["amount"] / 2, abs=0.01)
    events = saleor.staff(NOTED, id=placed["id"])["order"]["events"]
    assert [one["message"] for one in events if one["type"] == "NOTE_ADDED" and number in one["message"]]
    assert not screen.complaints


def test_staff_start_a_return_from_the_orders_own_page(
    screen: Screen, saleor: Saleor, staff: GraphQL, payments: GraphQL
) -> None:
    with_return_address(staff)
    placed = saleor.place_order(quantity=2, email="popup.e2e@example.com")
    saleor.pay_by_card(placed, payments)
    saleor.fulfill(placed)
    bought(saleor, staff, placed)

    screen.page.goto(f"/orders/{placed['id'].replace('=', '%3D')}")
    screen.frame("/widgets/order").get_by_role("button", name="Start return").click()
    popup = screen.frame("/popup/return")
    popup.get_by_role("button", name="One more").first.click()
    popup.get_by_label("Reason").first.select_option("changed_mind")
    screen.shot("popup-1-units")
    press(popup, "^Request return of 1 unit$")
    expect(popup.get_by_role("heading", name=re.compile("is requested"))).to_be_visible()
    expect(screen.frame("/widgets/order").get_by_text(re.compile("RMA-")).first).to_be_visible()
    screen.shot("popup-2-requested")
    # The Dashboard gives every frame of an app the height that one of them asks for.
    assert popup.locator("body").evaluate("() => innerHeight") > 600

    (made,) = staff("query($id:ID!){order(id:$id){returns{number state}}}", id=placed["id"])["order"]["returns"]
    press(popup, "^Done$")
    expect(screen.page.locator("iframe[src*='/popup/return']")).to_have_count(0)
    expect(screen.frame("/widgets/order").get_by_text(made["number"]).first).to_be_visible()
    screen.shot("popup-3-widget")
    assert made["state"] == "REQUESTED"


@pytest.mark.parametrize(
    ("theme", "locale", "size"), [("light", "en", DESKTOP), ("dark", "ja", DESKTOP), ("light", "ja", PHONE)]
)
def test_every_page_fits_into_the_dashboard(
    screen: Screen, staff: GraphQL, theme: str, locale: str, size: dict[str, int]
) -> None:
    newest = staff("{returns(first:1){edges{node{number}}}}")["returns"]["edges"][0]["node"]["number"]
    screen.dress(theme=theme, locale=locale)
    screen.size(size)
    found = {}
    try:
        for path in (*PAGES, f"/returns/{newest}", f"/receiving/{newest}"):
            shown = screen.open(path)
            expect(shown.get_by_role("heading", level=1)).to_be_visible()
            expect(shown.locator("[class*=skeleton]")).to_have_count(0)
            screen.shot(f"page-{theme}-{locale}-{size['width']}{path.replace('/', '-')}")
            if faults := screen.faults(shown):
                found[path] = faults
    finally:
        screen.dress()
        screen.size(DESKTOP)
    assert found == {}


def test_papers_that_are_made_at_the_press_of_a_button_open_in_a_tab_of_their_own(screen: Screen) -> None:
    """The frame is sandboxed and may open nothing itself; the Dashboard does, also some time after the press."""
    table = screen.open("/packing")
    every = table.get_by_role("checkbox", name="All")
    every.uncheck()
    table.get_by_role("checkbox").nth(1).check()

    with screen.page.context.expect_page() as opened:
        press(table, "^Print 1 form$")

    paper = screen.page.context.request.get(opened.value.url)
    assert (paper.status, paper.body()[:5]) == (200, b"%PDF-")
    opened.value.close()
