"""Aftercare inside the real Saleor Dashboard, in a real browser: ``make e2e … DASHBOARD_URL=…``."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from .conftest import Service
from .driver import GraphQL, Saleor
from .screens import Screen
from .test_main_job import CUSTOMER, PASSWORD, RETURN, bought, with_return_address

pytestmark = pytest.mark.saleor


def test_staff_work_through_a_return_inside_the_dashboard(
    screen: Screen, saleor: Saleor, service: Service, staff: GraphQL
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
            "note": "Too small after all.",
            "lines": [{"orderLineId": order["lines"][0]["id"], "quantity": 1, "reason": "too_small"}],
        },
    )["returnRequestCreate"]["return"]

    inbox = screen.open(f"/inbox?view=all&q={placed['number']}")
    inbox.locator("[role=option]", has_text=made["number"]).click()
    expect(inbox.get_by_text("Too small after all.").first).to_be_visible()
    screen.shot("inbox-light")
    inbox.get_by_role("button", name=re.compile("^Approve")).first.click()
    expect(inbox.get_by_role("button", name=re.compile("received", re.IGNORECASE)).first).to_be_visible()
    assert staff(RETURN, id=made["id"])["return"]["state"] == "APPROVED"
    service.letter(CUSTOMER, f"{made['number']}.*label")


def test_the_order_page_shows_the_return(screen: Screen, staff: GraphQL) -> None:
    newest = staff("{returns(first:1){edges{node{number order{id}}}}}")["returns"]["edges"][0]["node"]

    screen.page.goto(f"/orders/{newest['order']['id'].replace('=', '%3D')}")
    widget = screen.frame("/widgets/order")
    expect(widget.get_by_text(newest["number"]).first).to_be_visible()
    screen.shot("order-widget")


def test_the_inbox_follows_the_dashboard_into_the_dark(screen: Screen) -> None:
    screen.dress(theme="dark")
    inbox = screen.open("/inbox")
    inbox.locator("[role=option]").first.click()
    background = inbox.locator("body").evaluate("node => getComputedStyle(node).backgroundColor")
    screen.shot("inbox-dark")

    numbers = [int(n) for n in re.findall(r"\d+", background)[:3]]
    assert sum(numbers) < 200, background
