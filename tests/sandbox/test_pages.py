"""The practice shop's pages: they open, say what they are, speak both languages, and their buttons work."""

from __future__ import annotations

import re
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import parse_qs, quote

import httpx
import pytest
from django.test import Client, override_settings

from saleor_aftercare.sandbox import current, fulfill, pay_by_card, place_order, settings
from saleor_aftercare.sandbox.words import JAPANESE

SANDBOX = Path(settings.HERE)
AFTERCARE = "https://aftercare.test"


class FakeAftercare:
    """Aftercare's doors, as far as the practice shop knocks at them."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.hand_over = httpx.Response(200, json={"url": f"{AFTERCARE}/portal/enter/once/?order=1"})

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.url.path == "/saleor/manifest.json":
            return httpx.Response(200, json=MANIFEST)
        if request.url.path == "/portal/session":
            return self.hand_over
        if request.url.path == "/graphql/":
            data = {
                "settings": {"version": 1, "allowedOrigins": [], "carrierSecret": "acc_1"},
                "shop": {"handle": "kaze"},
                "channelAccounts": [
                    {"address": "care@shop.example", "doors": [{"door": "inbound", "url": f"{AFTERCARE}/inbound/"}]}
                ],
            }
            return httpx.Response(200, json={"data": data})
        return httpx.Response(200, json={})

    def sent_to(self, path: str) -> list[httpx.Request]:
        """Requests to one door."""
        return [r for r in self.requests if r.url.path == path]


MANIFEST = {
    "id": "saleor.aftercare",
    "name": "Saleor Aftercare",
    "version": "0.1.0",
    "appUrl": AFTERCARE,
    "tokenTargetUrl": f"{AFTERCARE}/saleor/register",
    "permissions": ["MANAGE_ORDERS", "MANAGE_USERS"],
    "extensions": [
        {
            "label": "Aftercare",
            "mount": "NAVIGATION_ORDERS",
            "target": "APP_PAGE",
            "url": "/inbox",
            "permissions": ["MANAGE_ORDERS"],
        },
        {
            "label": "Order help",
            "mount": "ORDER_DETAILS_WIDGETS",
            "target": "WIDGET",
            "url": f"{AFTERCARE}/widgets/order",
            "permissions": ["MANAGE_ORDERS"],
            "options": {"widgetTarget": {"method": "GET"}},
        },
        {
            "label": "Posted",
            "mount": "CUSTOMER_DETAILS_WIDGETS",
            "target": "WIDGET",
            "url": f"{AFTERCARE}/widgets/customer",
            "permissions": ["MANAGE_ORDERS"],
        },
        {
            "label": "Start return…",
            "mount": "ORDER_DETAILS_MORE_ACTIONS",
            "target": "POPUP",
            "url": "/popup/return",
            "identifier": "start-return",
            "permissions": ["MANAGE_ORDERS"],
        },
    ],
}


@pytest.fixture
def fake():
    return FakeAftercare()


@pytest.fixture
def practice(tmp_path, fake):
    made = current.build(
        practice_url="http://127.0.0.1:8687",
        aftercare_url=AFTERCARE,
        data_dir=tmp_path,
        clock_file=tmp_path / "clock",
        http=httpx.Client(transport=httpx.MockTransport(fake)),
    )
    current.serve(made)
    yield made
    current.serve(None)


@pytest.fixture
def browser(practice):
    with override_settings(
        ROOT_URLCONF=settings.ROOT_URLCONF,
        MIDDLEWARE=settings.MIDDLEWARE,
        TEMPLATES=settings.TEMPLATES,
        ALLOWED_HOSTS=["testserver"],
        SECURE_REFERRER_POLICY=settings.SECURE_REFERRER_POLICY,
        SECURE_SSL_REDIRECT=False,
        USE_I18N=False,
    ):
        yield Client()


@pytest.fixture
def installed(practice, browser):
    answer = browser.post("/control/install")
    assert answer.status_code == 200
    return practice.aftercare.app


PAGES = [
    "/",
    "/shop/",
    "/control/",
    "/mailbox/",
    "/mailbox/write/",
    "/dashboard/",
    "/dashboard/orders/",
    "/dashboard/customers/",
]


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("path", PAGES)
def test_each_page_opens_in_both_languages_and_says_what_it_is(browser, installed, path, language):
    browser.cookies["practice_language"] = language

    page = browser.get(path)

    assert page.status_code == 200
    text = page.content.decode()
    assert f'lang="{language}"' in text
    assert ("stand-in" in text or "stands in" in text) if language == "en" else "代わり" in text


def test_every_text_of_the_pages_has_a_translation():
    used: set[str] = set()
    for template in (SANDBOX / "templates").rglob("*.html"):
        found = re.findall(r"{%\s*say\s+(?:\"([^\"]*)\"|'([^']*)')", template.read_text(encoding="utf-8"))
        used |= {one or other for one, other in found}
    for view in (SANDBOX / "views").glob("*.py"):
        used |= set(re.findall(r'words\(\s*request,\s*"([^"]*)"', view.read_text(encoding="utf-8")))
    used |= {"Aftercare is switched on.", "Aftercare is switched off."}

    assert used - JAPANESE.keys() == set()
    assert JAPANESE.keys() - used == set()


def test_installing_twice_is_installing_once(practice, browser, installed, fake):
    browser.post("/control/install")

    assert len(fake.sent_to("/saleor/register")) == 1
    assert practice.aftercare.app is installed


def test_a_customer_signs_in_and_is_handed_over_without_a_token_in_the_address(practice, browser, fake):
    browser.post("/shop/sign-in/", {"email": "hanako.yamada@example.com"})
    account = browser.get("/shop/account/")
    order = practice.shop.order_by_number(18)

    answer = browser.post(f"/shop/orders/{quote(order.id, safe='')}/help/")

    assert "ご注文履歴" in account.content.decode()
    assert (answer.status_code, answer["Location"]) == (303, f"{AFTERCARE}/portal/enter/once/?order=1")
    asked = fake.sent_to("/portal/session")[0]
    assert asked.headers["Authorization"].startswith("Bearer ey")
    assert order.id in asked.content.decode()
    assert '"locale":"ja"' in asked.content.decode().replace(" ", "")


def test_another_customers_order_is_not_handed_over(practice, browser, fake):
    browser.post("/shop/sign-in/", {"email": "hanako.yamada@example.com"})
    order = practice.shop.order_by_number(1)

    answer = browser.post(f"/shop/orders/{quote(order.id, safe='')}/help/")

    assert answer["Location"] == "/shop/"
    assert fake.requests == []


def test_a_refused_hand_over_is_explained(practice, browser, fake):
    fake.hand_over = httpx.Response(401, json={"errors": [{"message": "Not today", "field": None}]})
    browser.post("/shop/sign-in/", {"email": "jade.guerrero@example.com"})
    order = practice.shop.order_by_number(15)

    page = browser.post(f"/shop/orders/{quote(order.id, safe='')}/help/", follow=True)

    assert "Not today" in page.content.decode()


def test_a_widget_stands_on_the_order_page_with_saleors_query(practice, browser, installed):
    order = practice.shop.order_by_number(18)

    page = browser.get(f"/dashboard/orders/{quote(order.id, safe='')}")

    text = page.content.decode()
    src = re.search(r'data-src="(https://aftercare\.test/widgets/order[^"]*)"', text)[1].replace("&amp;", "&")
    query = dict(httpx.URL(src).params)
    assert query == {
        "domain": "127.0.0.1:8687",
        "saleorApiUrl": "http://127.0.0.1:8687/graphql/",
        "id": installed.id,
        "theme": "light",
        "orderId": order.id,
    }
    assert 'sandbox="allow-same-origin allow-forms allow-scripts allow-downloads allow-popups"' in text
    assert '"identifier": "start-return"' in text
    assert page["Referrer-Policy"] == "origin-when-cross-origin"


def test_a_widget_without_a_method_is_filled_by_post(practice, browser, installed):
    person = practice.shop.user(email="hanako.yamada@example.com")

    text = browser.get(f"/dashboard/customers/{quote(person.id, safe='')}").content.decode()

    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', text.split("data-fills")[1]))
    assert set(fields) >= {"saleorApiUrl", "accessToken", "appId", "customerId"}
    assert fields["customerId"] == person.id


def test_deep_links_keep_the_apps_path_and_query(practice, browser, installed):
    path = f"/dashboard/extensions/app/{quote(installed.id, safe='')}/inbox/tickets/7?view=mine"

    text = browser.get(path).content.decode()

    assert f'data-src="{AFTERCARE}/inbox/tickets/7?view=mine&amp;domain=' in text


def test_an_address_of_an_earlier_installation_leads_to_the_present_one(practice, browser, installed):
    browser.post("/control/reinstall/")
    newer = practice.aftercare.app

    answer = browser.get(f"/dashboard/extensions/app/{installed.id}/inbox")

    assert newer.id != installed.id
    assert answer["Location"] == f"/dashboard/extensions/app/{quote(newer.id, safe='')}/inbox"


def test_staff_see_what_their_permissions_allow(practice, browser, installed):
    browser.post("/dashboard/sign-in/", {"email": "ben@kaze-kettle.example"})

    home = browser.get("/dashboard/").content.decode()
    orders = browser.get("/dashboard/orders/").content.decode()

    assert "/dashboard/orders/" not in home
    assert "Open its address anyway" in home
    assert "You do not have the permission" in orders


def test_tokens_come_fresh_for_the_page_and_its_extensions(practice, browser, installed):
    widget = next(e for e in installed.extensions if e.mount == "ORDER_DETAILS_WIDGETS")

    page = browser.get("/dashboard/token/", {"app": installed.id})
    part = browser.get("/dashboard/token/", {"app": installed.id, "extension": widget.id})
    gone = browser.get("/dashboard/token/", {"app": "nothing"})

    assert page.json()["token"].count(".") == part.json()["token"].count(".") == 2
    assert gone.status_code == 404


def test_orders_are_placed_paid_sent_delivered_and_cancelled_by_buttons(practice, browser, installed, fake):
    shop = practice.shop
    wish = {
        "customer": "naoki.takahashi@example.com",
        "sku": ["KETTLE-NAMI", "TEA-HOJICHA-80"],
        "quantity": ["1", "2"],
        "shipping": shop.state.shipping_methods[1].id,
        "voucher": "WELCOME10",
    }
    browser.post("/control/place/", wish)
    order = shop.order_by_number(23)
    assert [(x.sku, x.quantity) for x in order.lines] == [("KETTLE-NAMI", 1), ("TEA-HOJICHA-80", 2)]
    assert order.transactions == []

    browser.post("/control/pay/", {"order": order.id})
    browser.post("/control/fulfil/", {"order": order.id, "part": "first"})
    assert order.status == "PARTIALLY_FULFILLED"
    parcel = order.fulfillments[0]
    browser.post("/control/deliver/", {"order": order.id, "parcel": parcel.id})
    event = fake.sent_to("/carriers/kaze/events/")[0]
    assert event.headers["Authorization"] == "Bearer acc_1"
    assert parcel.tracking_number in event.content.decode()

    browser.post("/control/cancel-parcel/", {"order": order.id, "parcel": parcel.id})
    browser.post("/control/cancel/", {"order": order.id})
    assert order.status == "CANCELED"


def test_what_cannot_be_done_is_explained(practice, browser):
    order = practice.shop.order_by_number(1)

    page = browser.post("/control/cancel/", {"order": order.id}, follow=True)

    assert "be canceled" in page.content.decode()
    assert order.status == "FULFILLED"
    assert browser.post("/control/nonsense/").status_code == 404


def test_the_clock_goes_forward_for_everybody(practice, browser, tmp_path):
    browser.post("/control/clock/", {"move": "day"})
    browser.post("/control/clock/", {"move": "hour"})

    assert (tmp_path / "clock").read_text() == "90000"


def test_trouble_is_made_and_mended(practice, browser):
    browser.post("/control/break/", {"how": "500", "times": "3"})
    browser.post("/control/disorder/", {"shuffle": "on", "lose": "order_updated, "})

    assert [(f.how, f.left) for f in practice.shop.faults.waiting] == [("500", 3)]
    assert practice.hooks.disorder.shuffle
    assert not practice.hooks.disorder.deferred
    assert practice.hooks.disorder.lose == {"ORDER_UPDATED"}
    browser.post("/control/break/", {"how": "mend"})
    assert practice.shop.faults.waiting == []


def test_the_api_and_its_keys_are_served_over_http(practice, browser):
    answer = browser.post("/graphql/", {"query": "{ shop { name version } }"}, content_type="application/json")
    broken = browser.post("/graphql/", "nonsense", content_type="application/json")

    assert answer.json() == {"data": {"shop": {"name": "Kaze & Kettle", "version": "3.23.28"}}}
    assert broken.status_code == 400
    assert browser.get("/.well-known/jwks.json").json()["keys"][0]["kid"] == practice.shop.keys.kid


def test_pictures_are_drawn_for_all_goods_and_nothing_else(practice, browser):
    for product in practice.shop.state.products:
        picture = browser.get(f"/pictures/{product.slug}.png", {"size": "64"})
        assert picture.content.startswith(b"\x89PNG")
    assert browser.get("/pictures/unknown.png").status_code == 404
    assert browser.get("/assets/..%2Fsettings.py").status_code == 404


def write_mail(folder: Path, number: int, to: str, subject: str) -> str:
    """A mail as the demo's mail server leaves it."""
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = subject, "Shop <care@shop.example>", to
    mail["Date"] = "Sun, 22 Nov 2026 12:00:00 +0000"
    mail.set_content("こんにちは。\nhttps://aftercare.test/portal/")
    mail.add_alternative("<p>こんにちは <img src='cid:logo'></p><script>alert(1)</script>", subtype="html")
    mail.get_payload()[1].add_related(b"\x89PNG", "image", "png", cid="<logo>")
    mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="返品ラベル.pdf")
    name = f"{number:020d}-{number:08x}"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.eml").write_bytes(bytes(mail))
    return name


def test_the_mailbox_shows_mails_with_their_attachments(practice, browser):
    name = write_mail(practice.mail_folder, 1, "山田 花子 <Hanako.Yamada@example.com>", "返品を受け付けました")
    write_mail(practice.mail_folder, 2, "jade.guerrero@example.com", "Your return")

    everything = browser.get("/mailbox/").content.decode()
    hers = browser.get("/mailbox/", {"to": "hanako.yamada@example.com"}).content.decode()
    opened = browser.get(f"/mailbox/{name}/").content.decode()
    label = browser.get(f"/mailbox/{name}/0/")

    assert "返品を受け付けました" in everything
    assert "Your return" in everything
    assert "Your return" not in hers
    assert "data:image/png;base64," in opened
    assert "<script>alert" not in opened
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox allow-same-origin"' in opened
    assert "返品ラベル.pdf" in opened
    assert (label.content, label["Content-Type"]) == (b"%PDF-1.7", "application/pdf")
    assert browser.get("/mailbox/..%2f..%2fkeys/").status_code == 404


def test_a_customer_answers_a_mail_in_the_mailbox(practice, browser, fake):
    name = write_mail(practice.mail_folder, 1, "jade.guerrero@example.com", "Your return")

    browser.post("/control/install")
    sheet = browser.get("/mailbox/write/", {"to": name}).content.decode()
    sent = browser.post(
        "/mailbox/send/",
        {"answers": name, "sender": "jade.guerrero@example.com", "subject": "Re: Your return", "text": "Yes."},
    )
    stranger = browser.post("/mailbox/send/", {"sender": "nobody", "text": "Hello"})

    assert 'value="Re: Your return"' in sheet
    assert 'value="jade.guerrero@example.com"' in sheet
    assert sent["Location"] == f"/mailbox/{name}/?notice=The+mail+is+on+its+way+to+the+shop."
    assert stranger.status_code == 404
    (brought,) = fake.sent_to("/inbound/")
    form = parse_qs(brought.content.decode())
    assert form["sender"] == ["jade.guerrero@example.com"]
    assert "Subject: Re: Your return" in form["body-mime"][0]


def test_an_order_sent_while_the_page_is_open_shows_its_parcel(practice, browser):
    user = practice.shop.user(email="zofia.kowalska@example.com")
    order = place_order(practice.shop, user=user, lines=[("KETTLE-NAMI", 1)])
    pay_by_card(practice.shop, order)
    fulfill(practice.shop, order, tracking_number="KK-NEW-1")

    page = browser.get(f"/dashboard/orders/{quote(order.id, safe='')}")

    assert "KK-NEW-1" in page.content.decode()
