"""Aftercare inside the real Saleor Dashboard, in a real browser: ``make e2e … DASHBOARD_URL=…``."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Page, expect, sync_playwright

from .conftest import Service
from .driver import GraphQL, Saleor
from .test_main_job import CUSTOMER, PASSWORD, RETURN, bought, with_return_address

pytestmark = pytest.mark.saleor

# The Dashboard mounts widgets when it has asked for its extensions: seconds, or half a minute on a busy machine.
expect.set_options(timeout=60_000)

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def dashboard(saleor: Saleor) -> Iterator[Page]:
    """The Dashboard with somebody signed in."""
    url = os.environ.get("DASHBOARD_URL")
    if not url:
        pytest.skip("DASHBOARD_URL names no running Dashboard; see `make e2e`")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        page = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=url).new_page()
        page.set_default_timeout(60_000)
        page.goto("/")
        page.locator("input[name=email]").fill(saleor.email)
        page.locator("input[name=password]").fill(saleor.password)
        page.locator("button[type=submit]").click()
        page.wait_for_url(lambda url: "login" not in url)
        yield page
        browser.close()


@pytest.fixture
def settings_of_dashboard(service: Service, staff: GraphQL) -> None:
    """Let the Dashboard that is running frame our pages."""
    version = staff("{settings{version}}")["settings"]["version"]
    staff(
        "mutation($i:ShopSettingsInput!){settingsUpdate(input:$i){settings{version} errors{field message code}}}",
        i={"version": version, "dashboardUrl": os.environ["DASHBOARD_URL"]},
    )


def shot(page: Page, name: str) -> None:
    """Keep a picture where the environment says, for people to look at."""
    if folder := os.environ.get("E2E_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png")


def test_staff_work_through_a_return_inside_the_dashboard(
    dashboard: Page, settings_of_dashboard: None, saleor: Saleor, service: Service, staff: GraphQL, app_id: str
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

    dashboard.goto(f"/extensions/app/{app_id.replace('=', '%3D')}/inbox")
    inbox = app_frame(dashboard)
    inbox.locator("[role=option]").first.click()
    expect(inbox.get_by_text("Too small after all.").first).to_be_visible()
    shot(dashboard, "inbox-light")
    inbox.get_by_role("button", name=re.compile("^Approve")).first.click()
    expect(inbox.get_by_role("button", name=re.compile("received", re.IGNORECASE)).first).to_be_visible()
    assert staff(RETURN, id=made["id"])["return"]["state"] == "APPROVED"
    service.letter(CUSTOMER, f"{made['number']}.*label")


def test_the_order_page_shows_the_return(dashboard: Page, saleor: Saleor, staff: GraphQL) -> None:
    newest = staff("{returns(first:1){edges{node{number order{id}}}}}")["returns"]["edges"][0]["node"]

    dashboard.goto(f"/orders/{newest['order']['id'].replace('=', '%3D')}")
    widget = app_frame(dashboard, "/widgets/order")
    expect(widget.get_by_text(newest["number"]).first).to_be_visible()
    shot(dashboard, "order-widget")


def test_the_inbox_follows_the_dashboard_into_the_dark(dashboard: Page, app_id: str) -> None:
    dashboard.evaluate("localStorage.setItem('activeMacawUITheme', 'defaultDark')")
    dashboard.goto(f"/extensions/app/{app_id.replace('=', '%3D')}/inbox")
    inbox = app_frame(dashboard)
    inbox.locator("[role=option]").first.click()
    background = inbox.locator("body").evaluate("node => getComputedStyle(node).backgroundColor")
    shot(dashboard, "inbox-dark")

    numbers = [int(n) for n in re.findall(r"\d+", background)[:3]]
    assert sum(numbers) < 200, background


def app_frame(page: Page, path: str = "/inbox") -> FrameLocator:
    """Our iframe, once the Dashboard has mounted it."""
    return page.frame_locator(f"iframe[src*='{path}']")
