"""The inbox in the demo's Dashboard frame when things go wrong around it, and everything in it that opens."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from scripts.screenshots import DESKTOP, inbox, sign_in

from .conftest import Deployment
from .test_demo_access import LOOKS, SETTLED, complaints, framed, tell, ticket_of

pytestmark = pytest.mark.browser

OVERLAY = "dialog[open], [role=menu], [role=listbox][data-overlay]"


@pytest.fixture
def staff(chromium: Browser, staffed: str) -> Iterator[Page]:
    """Emma at her desk."""
    context = chromium.new_context(**DESKTOP)
    page = sign_in(context, staffed, "Emma")
    yield page
    context.close()


def conversation(page: Page) -> Frame:
    """Our frame, with Jade's conversation open."""
    frame = inbox(page)
    ticket_of(frame, "Jade")
    frame.locator("form textarea").wait_for()
    page.wait_for_url("**/inbox/tickets/**")  # the Dashboard is told of a place once it was rested on
    return frame


def test_an_answer_written_without_a_connection_leaves_once_when_there_is_one_again(staff: Page):
    frame = conversation(staff)
    words = "Written in a tunnel."
    staff.context.set_offline(True)
    frame.locator("form textarea").fill(words)
    frame.get_by_role("button", name="Send", exact=True).click()
    expect(frame.get_by_text("No connection: the answer leaves by itself")).to_be_visible()
    expect(frame.get_by_text("One answer or change will be sent")).to_be_visible()
    expect(frame.locator("form textarea")).not_to_be_editable()

    staff.context.set_offline(False)

    expect(frame.locator("#thread article", has_text=words)).to_have_count(1, timeout=20_000)
    expect(frame.locator("form textarea")).to_have_value("")
    expect(frame.get_by_text("will be sent as soon as")).to_have_count(0)
    staff.reload()
    expect(framed(staff).locator("#thread article", has_text=words)).to_have_count(1)


# -- what opens --------------------------------------------------------------------------------------------------------

#: By keys, from the thread: what they open, and whether it stands over everything else.
KEYS = {"palette": "Control+k", "keys": "?", "macros": ".", "snooze": "h", "merge": "Shift+M"}
RESTING = """() => document.querySelector("[role=status][aria-label], [aria-busy=true]") === null"""
WITHIN = """() => {
    const box = document.querySelector("dialog[open]");
    return box.contains(document.activeElement) || document.activeElement === document.body;
}"""


@pytest.mark.parametrize("name", KEYS)
def test_a_dialog_keeps_the_focus_and_gives_it_back(desk: tuple[Page, Frame], name: str):
    page, frame = desk
    frame.locator("#thread").focus()
    page.keyboard.press(KEYS[name])
    frame.locator("dialog[open]").wait_for()
    for _step in range(12):
        page.keyboard.press("Tab")
        assert frame.evaluate(WITHIN), f"{name}: the focus left the dialog"

    frame.locator("dialog[open]").locator("button, input").first.focus()
    page.keyboard.press("Escape")

    expect(frame.locator("dialog[open]")).to_have_count(0)
    assert frame.evaluate("document.activeElement.id") == "thread"


@pytest.fixture(scope="module")
def desk(chromium: Browser, staffed: str) -> Iterator[tuple[Page, Frame]]:
    """Emma with Jade's conversation open, for tests that leave everything as it was."""
    context = chromium.new_context(**DESKTOP)
    page = sign_in(context, staffed, "Emma")
    yield page, conversation(page)
    context.close()


def by_keys(page: Page, frame: Frame) -> Iterator[tuple[str, Callable[[], None]]]:
    """What a key opens in a conversation."""
    for name, key in KEYS.items():

        def press(key: str = key) -> None:
            frame.locator("#thread").focus()
            page.keyboard.press(key)

        yield name, press


def by_buttons(frame: Frame) -> Iterator[tuple[str, Callable[[], None]]]:
    """What buttons in sight open, by their own account."""
    for button in frame.locator("button[aria-haspopup]:visible:enabled").all():
        yield button.get_attribute("aria-label") or button.inner_text() or "a menu", button.click


def opened(page: Page, frame: Frame, where: str, ways: Iterator[tuple[str, Callable[[], None]]]) -> list[str]:
    """What axe finds in each thing that opens, and what does not open or does not go on Escape."""
    found: list[str] = []
    for name, way in ways:
        way()
        box = frame.locator(OVERLAY).first
        try:
            box.wait_for(timeout=5_000)
        except Exception as error:
            error.add_note(f"{where}: {name} does not open")
            raise
        frame.wait_for_function(RESTING)
        found += complaints(frame, f"{where}: {name}", OVERLAY)
        page.keyboard.press("Escape")
        expect(frame.locator(OVERLAY), f"{where}: {name} goes on Escape").to_have_count(0)
    return found


def test_nothing_that_opens_has_a_grave_fault_of_accessibility(desk: tuple[Page, Frame]):
    page, frame = desk
    found: list[str] = []
    for look in LOOKS:
        where = f"{look.theme} {look.language} {look.width}"
        tell(page, look)
        frame.wait_for_function(SETTLED, arg=[look.theme, look.language])
        found += opened(page, frame, where, by_keys(page, frame))
        found += opened(page, frame, where, by_buttons(frame))
    tell(page, LOOKS[0])

    assert found == [], "\n".join(found)


def test_what_stands_beside_the_words_has_no_grave_fault_of_accessibility(desk: tuple[Page, Frame]):
    page, frame = desk
    found: list[str] = []
    for look in LOOKS:
        where = f"{look.theme} {look.language} {look.width}"
        tell(page, look)
        frame.wait_for_function(SETTLED, arg=[look.theme, look.language])
        found += ready_made(frame, where)
        if look.width > 1000:
            found += chosen(frame, where)
            found += view_editor(page, frame, where)
    tell(page, LOOKS[0])

    assert found == [], "\n".join(found)


def ready_made(frame: Frame, where: str) -> list[str]:
    """What axe finds in the list that opens while somebody types a shortcut."""
    field = frame.locator("form textarea")
    field.fill("/")
    frame.locator("form [role=listbox] [role=option]").first.wait_for()
    found = complaints(frame, f"{where}: ready-made words", "form")
    field.fill("")
    expect(frame.locator("form [role=listbox]")).to_have_count(0)
    return found


def chosen(frame: Frame, where: str) -> list[str]:
    """What axe finds in the list of conversations while some are chosen."""
    frame.locator("#ticket-list").press("x")
    frame.locator("[role=option] [data-check] svg").first.wait_for()
    found = complaints(frame, f"{where}: chosen conversations")
    frame.locator("#ticket-list").press("x")
    return found


def view_editor(page: Page, frame: Frame, where: str) -> list[str]:
    """What axe finds in the dialog that saves a list as a view."""
    frame.locator("svg.lucide-bookmark-plus").first.click()
    frame.locator("dialog[open]").wait_for()
    frame.wait_for_function(RESTING)
    found = complaints(frame, f"{where}: a view's dialog", "dialog[open]")
    page.keyboard.press("Escape")
    expect(frame.locator("dialog[open]")).to_have_count(0)
    return found


# -- last: from here on another build is served ------------------------------------------------------------------------


def test_a_new_version_is_loaded_inside_the_frame_and_what_was_written_is_still_there(
    staff: Page, deployment: Deployment
):
    # The screens are fetched before they are needed; this one could not be.
    staff.route("**/settings-shell-*.js", lambda route: route.abort())
    frame = conversation(staff)
    frame.locator("form textarea").fill("Half a sen")
    deployment.deploy()
    staff.unroute_all()

    frame.get_by_role("link", name="Settings").first.click()
    expect(frame.get_by_text("A new version has taken this one’s place")).to_be_visible(timeout=15_000)
    frame.get_by_role("button", name="Load it now").first.click()

    expect(frame.locator(f"script[src$='{deployment.entry}']")).to_have_count(1)
    expect(frame.get_by_role("link", name="Rules")).to_be_visible(timeout=15_000)
    staff.go_back()
    again = conversation(staff)
    expect(again.locator("form textarea")).to_have_value("Half a sen")
