"""The camera of the phone page, in a real Chromium that films papers of ours: found, read, received."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserType, expect

from saleor_aftercare.core.models import Shop
from saleor_aftercare.printing.packing_slip import HandIn, PackingSlip, render_packing_slip
from saleor_aftercare.printing.return_label import PaperSize, ReturnLabelSheet, render_return_label
from saleor_aftercare.returns.goods import Reception
from tests.printing.papers import ENGLISH, JAPANESE

from .camera import film, paper
from .test_scanner_browser import Phone, expected, link, pytestmark, shop, site

__all__ = ["pytestmark", "shop", "site"]


@pytest.fixture
def filming(chromium: Browser, site: str, tmp_path: Path) -> Iterator[Any]:
    """Make a phone whose camera sees this paper, or its upper part; None: nothing but the table."""
    kind: BrowserType = chromium.browser_type
    opened: list[Browser] = []

    def make(pdf: bytes | None, *, upper: float = 1, allowed: bool = True) -> Phone:
        picture = film(tmp_path / f"{len(opened)}.y4m", paper(pdf, upper=upper) if pdf is not None else None)
        answer = ["--use-fake-ui-for-media-stream"] if allowed else []
        browser = kind.launch(
            executable_path="/usr/bin/chromium",
            args=["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={picture}", *answer],
        )
        opened.append(browser)
        return Phone(browser, site, "en")

    yield make
    for browser in opened:
        browser.close()


def label_of(number: str, sheet: ReturnLabelSheet) -> bytes:
    values = {one.name: getattr(sheet, one.name) for one in fields(sheet)}
    return render_return_label(ReturnLabelSheet(**{**values, "number": number}), size=PaperSize.ROLL)


def slip_of(number: str, sheet: ReturnLabelSheet) -> bytes:
    values = {one.name: getattr(sheet, one.name) for one in fields(sheet)}
    return render_packing_slip(PackingSlip(**{**values, "number": number}, hand_in=HandIn.LABEL))


@pytest.mark.parametrize(("make", "upper"), [(label_of, 1), (slip_of, 0.5)], ids=["label", "slip"])
@pytest.mark.parametrize("sheet", [ENGLISH, JAPANESE], ids=["en", "ja"])
def test_the_camera_reads_a_paper_in_a_shaking_hand_and_the_parcel_is_received(
    filming: Any, shop: Shop, make: Any, upper: float, sheet: ReturnLabelSheet
) -> None:
    ret = expected(shop, "Kettle")
    phone = filming(make(ret.number, sheet), upper=upper)
    page = phone.page

    phone.open(link(shop))
    page.get_by_role("button", name="Scan with the camera").click()
    expect(page.get_by_text("Kettle · Black")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Receive 2 units").click()
    expect(page.get_by_role("button", name="Inspect 2 units")).to_be_visible()

    assert Reception.objects.get().ret == ret
    assert phone.trouble == []


def test_a_camera_that_sees_no_code_shows_its_picture_and_can_be_stopped(filming: Any, shop: Shop) -> None:
    phone = filming(None)
    page = phone.page
    phone.open(link(shop))

    page.get_by_role("button", name="Scan with the camera").click()

    video = page.locator("video")
    expect(video).to_be_visible()
    expect(video).to_have_js_property("videoWidth", 1280)
    assert phone.fits()
    page.get_by_role("button", name="Stop").click()
    expect(video).to_have_count(0)
    expect(page.get_by_role("button", name="Scan with the camera")).to_be_visible()
    assert phone.trouble == []


def test_without_permission_the_page_says_what_helps_and_typing_works(filming: Any, shop: Shop) -> None:
    ret = expected(shop, "Kettle")
    phone = filming(None, allowed=False)
    page = phone.page
    phone.open(link(shop))

    page.get_by_role("button", name="Scan with the camera").click()

    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Scan or type a code").fill(ret.number)
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_text("Kettle · Black")).to_be_visible()
