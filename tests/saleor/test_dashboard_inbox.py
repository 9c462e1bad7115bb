"""The inbox inside the real Dashboard: a customer writes, staff find, answer and note, and the answer's answer joins.

With ``E2E_PICTURES`` a picture is kept of every stop, for people to look at.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import time
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import FrameLocator, Route, expect

from saleor_aftercare.core import clock
from saleor_aftercare.sandbox.mailbox import Mail, read_mail
from saleor_aftercare.sandbox.post import Letter, compose

from .conftest import Service
from .driver import GraphQL, wait_for
from .screens import DESKTOP, PHONE, Screen

pytestmark = pytest.mark.saleor

KEY = secrets.token_hex(16)
WRITER = f"mei-{secrets.token_hex(3)}@customer.example"
PAGES = (
    "/inbox",
    "/inbox/calls",
    "/inbox/mails",
    "/notices",
    "/settings/channels",
    "/settings/service-levels",
    "/settings/satisfaction",
    "/settings/contacts",
    "/settings/replies",
    "/settings/macros",
    "/settings/writing",
    "/settings/team",
    "/settings/rules",
    "/settings/notices",
    "/settings/marks",
)
CREATE = """mutation($input: ChannelAccountInput!) { channelAccountCreate(kind: "email", input: $input) {
  account { doors { door url } } errors { field message } } }"""
MACRO = "mutation($input: MacroInput!) { macroSave(input: $input) { errors { field message } } }"
REPLY = """mutation($input: CannedReplyInput!) { cannedReplySave(input: $input) { errors { field message } } }"""


FOUND = "query($s:String){tickets(view:ALL,search:$s){edges{node{number state messages{edges{node{kind}}}}}}}"


@pytest.fixture
def mailbox(staff: GraphQL) -> str:
    """Where a mail service brings mails to; made once."""
    document = '{ channelAccounts(kind: "email") { address doors { door url } } }'
    for account in staff(document)["channelAccounts"]:
        if account["address"] == "care@shop.example":
            return next(str(one["url"]) for one in account["doors"] if one["door"] == "inbound")
    values = [{"section": "mailgun", "name": "webhook_signing_key", "value": KEY}]
    made: dict[str, Any] = staff(
        CREATE,
        input={"name": "Support", "address": "care@shop.example", "incoming": "mailgun", "values": values},
    )["channelAccountCreate"]
    assert made["errors"] == []
    return next(str(one["url"]) for one in made["account"]["doors"] if one["door"] == "inbound")


def bring(door: str, letter: Letter) -> None:
    """A mail service brings a mail."""
    stamp, token = str(int(time.time())), secrets.token_hex(25)
    signature = hmac.new(KEY.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    raw = compose(letter, at=format_datetime(clock.real_now())).as_bytes(policy=SMTP).decode("ascii")
    form = {"sender": letter.address, "recipient": "care@shop.example", "body-mime": raw}
    answer = httpx.post(door, data=form | {"timestamp": stamp, "token": token, "signature": signature}, timeout=30)
    assert answer.status_code == 200, answer.text


def answer_in(folder: Path) -> Mail | None:
    """The letter that holds the answer, once it has left."""
    mails = (mail for path in folder.glob("*.eml") if (mail := read_mail(folder, path.stem)) is not None)
    return next((mail for mail in mails if WRITER in mail.recipients and "press the ring" in mail.text), None)


def found(staff: GraphQL) -> list[dict[str, Any]]:
    """The conversations of our writer."""
    return [one["node"] for one in staff(FOUND, s=f"from:{WRITER}")["tickets"]["edges"]]


def test_a_mail_is_answered_inside_the_dashboard_and_its_answer_joins(
    screen: Screen, service: Service, staff: GraphQL, mailbox: str
) -> None:
    texts = [{"language": "en", "text": "Hello {{ customer.first_name }},\n\nplease press the ring back in."}]
    saved = staff(REPLY, input={"shortcut": "ring", "title": "The ring of the lid", "texts": texts})
    assert saved["cannedReplySave"]["errors"] == []
    bring(mailbox, Letter("Mei Tanaka", WRITER, "The lid is loose", "What can I do?"))
    wait_for("a conversation", lambda: found(staff))

    inbox = screen.open(f"/inbox?view=all&q=from:{WRITER}")
    inbox.locator("[role=option]", has_text="The lid is loose").click()
    expect(inbox.get_by_text("What can I do?").first).to_be_visible()
    screen.shot("inbox-1-mail")
    field = inbox.get_by_role("textbox", name=re.compile("Reply")).first
    field.fill("/ring")
    inbox.get_by_text("The ring of the lid").first.click()
    expect(field).to_have_value(re.compile("press the ring back in"))
    screen.shot("inbox-2-ready-made")
    field.press("Control+Enter")
    expect(inbox.get_by_role("button", name=re.compile("Undo")).first).to_be_visible()
    screen.shot("inbox-3-undo")

    answered = wait_for("the answer by mail", lambda: answer_in(service.folder / "mail"))
    bring(mailbox, Letter("Mei Tanaka", WRITER, "Re: The lid is loose", "It holds. Thank you!", answered))

    expect(inbox.get_by_text("It holds. Thank you!").first).to_be_visible()
    screen.shot("inbox-4-answered")
    (ticket,) = found(staff)
    kinds = [one["node"]["kind"] for one in ticket["messages"]["edges"]]
    assert [kind for kind in kinds if kind in {"CUSTOMER", "STAFF"}] == ["CUSTOMER", "STAFF", "CUSTOMER"]


def test_keys_and_the_palette_work_inside_the_dashboard(screen: Screen, mailbox: str) -> None:
    inbox = screen.open(f"/inbox?view=all&q=from:{WRITER}")
    inbox.locator("[role=option]", has_text="The lid is loose").click()
    expect(inbox.locator("#thread")).to_be_visible()

    inbox.locator("#thread").press("?")
    expect(inbox.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    screen.shot("inbox-5-keys")
    screen.page.keyboard.press("Escape")
    inbox.locator("#thread").press("Control+k")
    expect(inbox.get_by_role("combobox", name="Commands")).to_be_visible()
    screen.shot("inbox-6-palette")
    screen.page.keyboard.type("service lev")
    screen.page.keyboard.press("Enter")
    expect(inbox.get_by_role("heading", name="Service levels").first).to_be_visible()


def test_a_macro_answers_two_customers_once_its_plan_was_seen(screen: Screen, staff: GraphQL, mailbox: str) -> None:
    both = f"Recall {secrets.token_hex(3)}"
    steps = [
        {"do": "REPLY", "texts": [{"language": "en", "text": "Dear {{ customer.name }},\n\nplease send it back."}]}
    ]
    steps += [{"do": "STATE", "values": ["wait"]}]
    assert staff(MACRO, input={"name": both, "steps": steps})["macroSave"]["errors"] == []
    for name in ("Ann Lee", "Bo Chen"):
        address = f"{name[:2].lower()}-{secrets.token_hex(3)}@customer.example"
        bring(mailbox, Letter(name, address, both, "Mine too?"))
    wait_for("two conversations", lambda: len(staff(FOUND, s=f'"{both}"')["tickets"]["edges"]) == 2)

    inbox = screen.open(f"/inbox?view=all&q={both}")
    expect(inbox.locator("[role=option]")).to_have_count(2)
    for key in ("j", "x", "j", "x"):
        inbox.locator("#ticket-list").press(key)
    inbox.get_by_role("button", name="Run a macro").click()
    inbox.locator("dialog[open]").get_by_text(both).click()
    expect(inbox.locator("dialog[open]").get_by_text("Answer Ann Lee")).to_be_visible()
    screen.shot("inbox-7-plan")
    inbox.get_by_role("button", name="Run on 2 conversations").click()
    expect(inbox.get_by_text("2 conversations changed.")).to_be_visible()
    screen.shot("inbox-8-done")

    found = [one["node"] for one in staff(FOUND, s=f'"{both}"')["tickets"]["edges"]]
    assert [one["state"] for one in found] == ["PENDING"] * 2
    assert [sum(m["node"]["kind"] == "STAFF" for m in one["messages"]["edges"]) for one in found] == [1, 1]


def test_a_new_version_is_loaded_inside_the_dashboard_and_what_was_written_stays(
    screen: Screen, staff: GraphQL, mailbox: str
) -> None:
    inbox = screen.open(f"/inbox?view=all&q=from:{WRITER}")
    inbox.locator("[role=option]", has_text="The lid is loose").click()
    inbox.get_by_role("textbox", name=re.compile("Reply")).first.fill("Half a sen")

    def say_another(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, headers={**answer.headers, "aftercare-build": "index-of-tomorrow.js"})

    ours = re.compile(rf"^{re.escape(screen.origin)}/graphql/")
    screen.page.route(ours, say_another)
    for key in ("k", "j", "k", "j"):
        inbox.locator("#ticket-list").press(key)
        screen.page.wait_for_timeout(1_000)
    expect(inbox.get_by_text("A new version is ready.")).to_be_visible()
    screen.shot("inbox-9-version")
    screen.page.unroute(ours)
    inbox.get_by_role("button", name="Load it now").click()

    expect(inbox.get_by_text("A new version is ready.")).to_have_count(0)
    expect(inbox.get_by_role("textbox", name=re.compile("Reply")).first).to_have_value("Half a sen")
    screen.shot("inbox-10-loaded")


def settled(frame: FrameLocator) -> None:
    """The page has what it asked for."""
    expect(frame.locator("h1:visible, h2:visible").first).to_be_visible()
    expect(frame.locator("[aria-busy=true]")).to_have_count(0)


@pytest.mark.parametrize(
    ("theme", "locale", "size"),
    [("light", "en", DESKTOP), ("dark", "ja", DESKTOP), ("light", "ja", PHONE)],
    ids=["light-en-1440", "dark-ja-1440", "light-ja-390"],
)
def test_every_page_of_the_inbox_is_whole_in_every_dress(
    screen: Screen, mailbox: str, theme: str, locale: str, size: dict[str, int]
) -> None:
    screen.dress(theme=theme, locale=locale)
    screen.size(size)
    wrong: dict[str, list[str]] = {}
    for path in PAGES:
        frame = screen.open(path)
        settled(frame)
        screen.page.wait_for_timeout(500)
        screen.shot(f"page-{theme}-{locale}-{size['width']}{path.replace('/', '-')}")
        if faults := screen.faults(frame):
            wrong[path] = faults
    screen.size(DESKTOP)
    screen.dress()
    assert wrong == {}
