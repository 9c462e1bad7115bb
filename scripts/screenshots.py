"""The README's pictures, taken from the running product by walking through it: ``make screenshots``.

Starts a demo of its own in an empty folder, does what the README's first walk tells people to do, and takes a picture
at each stop. What does not work makes the walk fail.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, Frame, Page, sync_playwright

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PORT = 8950
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
DESKTOP = {"viewport": {"width": 1440, "height": 900}}


@contextmanager
def demo(folder: Path, port: int = PORT, *, code: Path | None = None) -> Iterator[str]:
    """The demo, ready; yields the practice shop's address. ``code`` is where the package lies, if not here."""
    command = [sys.executable, "-m", "saleor_aftercare.service", "demo", "--port", str(port), "--data", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=code) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        if "is ready" not in first:
            raise SystemExit(f"The demo did not start: {first}")
        try:
            yield f"http://127.0.0.1:{port + 1}"
        finally:
            process.terminate()


def keep(page: Page, name: str) -> None:
    """Write the page's picture, small enough for a repository."""
    picture = Image.open(io.BytesIO(page.screenshot()))
    if picture.width > 1440:
        picture.thumbnail((1440, 4000))
    picture.convert("RGB").quantize(192, dither=Image.Dither.NONE).save(IMAGES / f"{name}.png", optimize=True)
    print(f"docs/images/{name}.png")


def photo() -> dict[str, object]:
    """A photo of something broken."""
    picture = Image.new("RGB", (640, 480), "#d9d4c8")
    pen = ImageDraw.Draw(picture)
    pen.ellipse((170, 120, 470, 400), fill="#3a4440")
    pen.line((300, 130, 340, 260, 310, 390), fill="#e8e2d6", width=7)
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return {"name": "crack.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def sign_in(context: BrowserContext, shop: str, person: str) -> Page:
    """Somebody of the practice shop, at their first page."""
    page = context.new_page()
    page.goto(shop)
    page.locator("button.person", has_text=person).click()
    page.wait_for_load_state()
    return page


def ask_for_a_return(page: Page, *, japanese: bool, pictures: bool) -> None:
    """From the account page to the status page of a new return."""
    names = {
        "help": "返品・お問い合わせ" if japanese else "Return or get help",
        "return": "商品を返品" if japanese else "Return items",
    }
    page.get_by_text(names["help"]).first.click()
    page.wait_for_load_state()
    if pictures:
        keep(page, "portal-order-phone")
    page.locator("a[href$='/return/']").first.click()
    page.wait_for_load_state()
    page.locator(".quantity button").nth(1).click()
    if pictures:
        keep(page, "portal-return-phone")
    page.locator("form .button--primary").last.click()
    page.wait_for_load_state()
    page.locator("select").first.select_option("defective")
    note = "注ぎ口にひびが入っています。" if japanese else "The body has a crack, and it leaks."
    page.locator("textarea").first.fill(note)
    page.locator("input[type=file]").first.set_input_files([photo()])
    if pictures:
        keep(page, "portal-reason-phone")
    page.locator("form .button--primary").last.click()
    page.wait_for_load_state()
    page.locator("input[value=refund]").first.check()
    time.sleep(1)  # the sum follows the choice
    if pictures:
        keep(page, "portal-resolution-phone")
    page.locator("form .button--primary").last.click()
    page.wait_for_load_state()
    if pictures:
        keep(page, "portal-check-phone")
    page.locator("form .button--primary").last.click()
    page.wait_for_load_state()
    page.wait_for_url(re.compile(r"/returns/RMA-\d+/"))


def inbox(page: Page) -> Frame:
    """Aftercare's page inside the Dashboard frame, once it is there."""
    page.get_by_role("link", name=re.compile("Aftercare")).first.click()
    for _try in range(60):
        for frame in page.frames:
            if "/inbox" in frame.url and frame.locator("[role=option]").count():
                return frame
        time.sleep(0.5)
    raise SystemExit("The inbox did not appear in the Dashboard frame")


def walk(browser: Browser, shop: str, folder: Path) -> None:
    """The README's first walk."""
    phone = browser.new_context(**PHONE)
    customer = sign_in(phone, shop, "Jade")
    ask_for_a_return(customer, japanese=False, pictures=True)
    keep(customer, "portal-status-phone")
    japanese = sign_in(browser.new_context(**PHONE, locale="ja-JP"), shop, "山田")
    ask_for_a_return(japanese, japanese=True, pictures=False)
    keep(japanese, "portal-status-ja-phone")

    desk = browser.new_context(**DESKTOP)
    staff = sign_in(desk, shop, "Emma")
    time.sleep(6)  # the jobs that open the tickets
    frame = inbox(staff)
    frame.locator("[role=option]", has_text="Jade").first.click()
    frame.get_by_role("button", name=re.compile("Approve")).first.wait_for()
    time.sleep(1.5)
    keep(staff, "inbox-light")
    look_at_a_macro(staff, frame)
    frame.get_by_role("button", name=re.compile("Approve")).first.click()
    frame.get_by_role("button", name=re.compile("received", re.IGNORECASE)).first.wait_for()
    letters = folder / "mail"
    label = wait_for_label(letters, "jade.guerrero")
    with pypdfium2.PdfDocument(label) as pdf:
        pdf[0].render(scale=1.6).to_pil().save(IMAGES / "label-a4.png", optimize=True)
        print("docs/images/label-a4.png")
    give_the_money_back(staff, frame)

    for switch in ("Dark", "日本語"):
        staff.get_by_role("button", name=switch, exact=True).first.click()
        staff.wait_for_load_state()
    frame = inbox(staff)
    frame.locator("[role=option]", has_text="山田").first.click()
    frame.get_by_text("注ぎ口にひびが入っています。").first.wait_for()
    time.sleep(1.5)
    keep(staff, "inbox-ja-dark")


def look_at_a_macro(staff: Page, frame: Frame) -> None:
    """What a macro would do to the return that is open."""
    frame.locator("#thread").focus()
    staff.keyboard.press(".")
    frame.get_by_text("Approve the return and answer").first.click()
    frame.get_by_text("Return approved").first.wait_for()
    time.sleep(1)
    keep(staff, "macro-plan")
    staff.keyboard.press("Escape")


def talk(browser: Browser, shop: str) -> None:
    """Customers write and call by every way; staff look at a mail."""
    customer = browser.new_context(**DESKTOP).new_page()
    write(customer, shop, "lukas.brandt@example.com", "The kettle smells", "Hello,\n\nhow do I descale it?\n\nLukas")
    write(
        customer,
        shop,
        "kenichi.sato@example.com",
        "ふたについて",
        "ふたが閉まりません。どうすればよいでしょうか。",
        "japanese",
    )
    customer.goto(f"{shop}/line/")
    customer.locator("a.person").first.click()
    customer.locator("textarea").fill("こんにちは。取っ手の修理はできますか?")
    customer.locator("form .button.primary").last.click()
    customer.goto(f"{shop}/control/")
    customer.locator("#telephone button").last.click()

    phone = sign_in(browser.new_context(**PHONE), shop, "Zofia")
    chat = chat_window(phone)
    chat.get_by_role("textbox").first.wait_for()
    time.sleep(1)
    keep(phone, "chat-phone")

    staff = sign_in(browser.new_context(**DESKTOP), shop, "Emma")
    time.sleep(4)
    frame = inbox(staff)
    frame.locator("[role=option]", has_text="The kettle smells").first.click()
    frame.get_by_text("how do I descale it?").first.wait_for()
    field = frame.get_by_role("textbox", name=re.compile("Reply")).first
    field.fill("/desc")
    time.sleep(2)
    keep(staff, "inbox-mail")


def write(page: Page, shop: str, sender: str, subject: str, text: str, style: str = "plain") -> None:
    """A mail to the shop."""
    page.goto(f"{shop}/mailbox/write/")
    page.locator("input[name=sender]").fill(sender)
    page.locator("input[name=subject]").fill(subject)
    page.locator("textarea").fill(text)
    page.locator("select[name=style]").select_option(style)
    page.locator("main form .button.primary").click()
    page.wait_for_load_state()


def chat_window(page: Page) -> Frame:
    """The chat of the storefront, opened."""
    page.get_by_role("button", name=re.compile("chat", re.IGNORECASE)).first.click()
    for _try in range(40):
        for frame in page.frames:
            if "/chat/" in frame.url:
                return frame
        page.wait_for_timeout(500)
    raise SystemExit("The chat did not open")


def give_the_money_back(staff: Page, frame: Frame) -> None:
    """The parcel is here: count it, look at the server's figures, confirm."""
    frame.get_by_role("button", name=re.compile("received", re.IGNORECASE)).first.click()
    frame.get_by_role("button", name=re.compile("received", re.IGNORECASE)).last.click()
    frame.get_by_role("button", name=re.compile("^Settle")).first.click()
    frame.get_by_role("button", name=re.compile("Check and confirm")).wait_for()
    time.sleep(1)
    keep(staff, "settle-light")
    frame.get_by_role("button", name=re.compile("Check and confirm")).click()
    time.sleep(1)
    frame.get_by_role("button", name=re.compile("^Give")).last.click()
    frame.get_by_text("Resolved", exact=True).first.wait_for(timeout=60_000)


def wait_for_label(letters: Path, to: str) -> bytes:
    """The A4 label in the newest mail to somebody."""
    import email
    import email.policy

    for _try in range(60):
        for path in letters.glob("*.eml"):
            letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            for part in letter.iter_attachments() if to in str(letter["To"]) else ():
                if part.get_content_type() == "application/pdf" and "A4" in str(part.get_filename()):
                    return bytes(part.get_content())
        time.sleep(0.5)
    raise SystemExit("The label did not arrive by mail")


def main() -> None:
    """Take them all."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="aftercare-pictures-") as name, sync_playwright() as playwright:
        folder = Path(name)
        with demo(folder) as shop:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            walk(browser, shop, folder)
            talk(browser, shop)
            browser.close()


if __name__ == "__main__":
    main()
